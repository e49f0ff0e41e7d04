"""What `plan --scenarios` prints."""

from __future__ import annotations

import re
from dataclasses import replace
from pathlib import Path

from tests.results.scenarios.branching import planned

from dronedeal.terminal_scenarios import scenarios_text


def test_the_text_says_what_to_sign_and_how_it_may_turn_out() -> None:
    text = scenarios_text(planned(), Path("out"))
    assert "The first deal" in text
    assert "Scenarios 4 scenarios, 5 nodes; grown from 4 rows of uncertainty, all 4" in text
    assert "To sign in 2027" in text
    assert "kestrel from home for patrol" in text
    assert "Over the scenarios" in text
    assert "Knowing the scenario at once would be worth" in text
    assert "passed" in text
    assert "proven to be the best possible" in scenarios_text(replace(planned(), gap=0.0), Path("out"))
    seller = next(line for line in text.splitlines() if line.startswith("seller "))
    assert re.search(r"\d\.\d [km] ", seller)
    assert max(len(line) for line in text.splitlines()) <= 80


def test_a_plan_without_worth_or_decisions_says_so_shortly() -> None:
    tables = {**planned().tables, "policy": ()}
    text = scenarios_text(replace(planned(), worth=None, tables=tables, distance=0.25), Path("out"))
    assert "To sign in 2027: nothing." in text
    assert "Kantorovich distance to the whole tree 0.25" in text
    assert "Knowing the scenario" not in text
    warned = scenarios_text(replace(planned(), warnings=("a", "b"), notes=("mind this",)), Path("out"))
    assert "note: mind this\nnote: 2 warnings on the deal; list them with dronedeal check" in warned

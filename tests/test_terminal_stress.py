"""What `stress` prints."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from tests.results.stress.stressed import stressed

from dronedeal.terminal_stress import stress_text


def test_the_text_says_how_surely_what_fails_and_where_the_rest_is() -> None:
    text = stress_text(stressed(), Path("out"))
    assert "Futures   60 drawn of 4 combinations, seed 3" in text
    assert "thresholds covered" in text
    assert "What fails first" in text
    assert "home makes 50% of its output from 2028 on (struck)" in text
    worst = stressed().tables["paths"][0]["path"]
    assert f"Worst     path {worst}, 3 promises broken" in text
    assert "note: The rows of uncertainty allow only 4 futures" in text
    assert text.endswith("with stress.json, stress.xlsx and stress-tables/ beside it")
    assert max(len(line) for line in text.splitlines()) <= 80


def test_a_plan_that_keeps_everything_has_no_worst_path() -> None:
    paths = tuple({**row, "broken": 0} for row in stressed().tables["paths"])
    tables = {**stressed().tables, "paths": paths, "first_failures": (), "causes": ()}
    text = stress_text(replace(stressed(), tables=tables), Path("out"))
    assert "Worst     path" not in text
    assert "What fails first" not in text

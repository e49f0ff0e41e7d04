"""What `negotiate` prints."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from tests.negotiation.record_case import full_negotiation, negotiation_without_zone

from dronedeal.solving import Progress
from dronedeal.terminal_negotiation import negotiation_text, step_line


def test_every_line_fits_the_terminal_and_names_unit_and_basis() -> None:
    text = negotiation_text(full_negotiation(), Path("out"))
    assert all(len(line) <= 100 for line in text.splitlines())
    record = full_negotiation()
    assert f"{record.currency} at prices of {record.price_base_year}, discounted" in text
    assert "no agreement" in text
    assert "Nash" in text
    assert "out/negotiation.html" in text


def test_a_deal_without_a_zone_has_no_fair_points_to_show() -> None:
    text = negotiation_text(negotiation_without_zone(), Path("out"))
    assert "Nash" not in text.split("Clauses")[0]
    assert "no agreement" in text


def test_a_step_says_when_and_what() -> None:
    assert step_line(Progress("zone", 3.0, None, None)) == "   3.0 s  zone"


def test_a_negotiation_that_was_stopped_says_how_to_go_on() -> None:
    record = full_negotiation()
    assert "--resume" not in negotiation_text(record, Path("out"))
    unmade = tuple(replace(point, plan=None) for point in record.frontier[2:])
    stopped = negotiation_text(
        replace(record, was_stopped=True, frontier=(*record.frontier[:2], *unmade)), Path("out")
    )
    assert "the plans of 2 are made and checked" in stopped
    assert stopped.endswith("Go on with the same command and --resume.")

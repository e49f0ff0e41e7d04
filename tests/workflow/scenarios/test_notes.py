"""What a reader must know of the scenarios of a plan."""

from __future__ import annotations

from tests.planning.scenarios.uncertain import with_uncertainty
from tests.results.scenarios.branching import FIRST_DEAL

from dronedeal import plan_scenarios, read


def test_first_year_outcomes_are_planned_as_stated_and_named() -> None:
    deal = with_uncertainty(read(FIRST_DEAL), ("budget", "*", 2027, {"cut": (0.5, 0.5), "kept": (0.5, 1.0)}))
    found = plan_scenarios(deal, scenarios=2, worth=False)
    assert found.sizes["scenarios"] == 2
    assert found.notes == (
        "The first fiscal year is planned for the figures as stated; outcomes of 2027 hold from 2028 on: "
        "budget of all.",
    )


def test_a_deal_without_uncertainty_says_why_there_is_one_scenario() -> None:
    (note,) = plan_scenarios(with_uncertainty(read(FIRST_DEAL)), scenarios=9, worth=False).notes
    assert note.startswith("There is one scenario, the figures as stated")
    assert "table uncertainty" in note


def test_drawn_chances_far_from_the_stated_ones_are_said() -> None:
    """Two branches of a year with three outcomes have chances of a half."""
    rows = ("budget", "*", 2028, {"cut": (0.1, 0.5), "kept": (0.8, 1.0), "more": (0.1, 1.2)})
    deal = with_uncertainty(read(FIRST_DEAL), rows)
    few = plan_scenarios(deal, scenarios=2, worth=False)
    (note,) = few.notes
    assert "at another chance than is stated" in note
    assert "in place of" in note
    assert plan_scenarios(deal, scenarios=3, worth=False).notes == ()

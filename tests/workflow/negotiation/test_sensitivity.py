"""What becomes of recommended terms under moves: judged by plans and bounds, kept, and said in words."""

from __future__ import annotations

import re

import pytest

import dronedeal
from dronedeal.deal import Deal
from dronedeal.errors import StoppedError
from dronedeal.negotiation.evaluator import Outcome
from dronedeal.negotiation.fair_point import FairPoint
from dronedeal.negotiation.frontier_points import Frontier, FrontierPoint
from dronedeal.solving import SolveOptions
from dronedeal.workflow.checkpoint import Checkpoint
from dronedeal.workflow.negotiation import sensitivity
from dronedeal.workflow.negotiation.evaluator import Point
from dronedeal.workflow.negotiation.inputs import main_inputs
from dronedeal.workflow.negotiation.sensitivity import Moving, moved_inputs

TERMS = {"price": 1050.0, "royalty": 0.0, "own_needs": 1.0}


@pytest.fixture(scope="module")
def deal() -> Deal:
    return dronedeal.read("deals/first-deal")


def point(terms: dict[str, float], utilities: tuple[float, float]) -> Outcome:
    return Outcome(utilities, plan=Point(terms, None, None))  # type: ignore[arg-type]  # only terms are asked of it


def moving(
    deal: Deal, *, price: float = 1050.0, rivals: tuple[Outcome, ...] = (), most: int | None = 30
) -> Moving:
    nash = FairPoint("nash", point(TERMS | {"price": price}, (2e5, 2e5)), (0.0, 0.0), 4e10, 4e10, 0.0, "", 0)
    front = Frontier(tuple(FrontierPoint(each, 0.0, True) for each in rivals))
    return Moving(deal, {"nash": nash}, front, SolveOptions(0.001, is_proven=False), most)


def judged(asked: Moving, name: str, move: float) -> sensitivity.Verdict:
    figures = next(each for each in main_inputs(asked.deal) if each.name == name)
    return sensitivity._Judge(asked, lambda: False).under(figures, move)


def test_terms_fall_out_of_the_zone_where_making_costs_more_than_they_pay(deal: Deal) -> None:
    """At 1,050 a Kestrel and without a royalty the seller loses on every one that costs 1,140 to make."""
    stands, falls = judged(moving(deal), "unit_costs", 0.1), judged(moving(deal), "unit_costs", 0.9)
    assert (stands.holds, stands.is_proven) == (True, True)
    assert (falls.holds, falls.is_proven) == (False, True)
    assert falls.words == "no plan under these terms leaves both sides better off than no agreement"


def test_terms_of_a_neighbour_take_over_where_they_serve_both_better(deal: Deal) -> None:
    """Dearer to make, the same product of gains needs a higher price."""
    rival = point(TERMS | {"price": 1390.0}, (1e5, 3e5))
    asked = moving(deal, price=760.0, rivals=(rival,))
    verdict = judged(asked, "unit_costs", 0.15)
    assert not verdict.holds
    more = re.fullmatch(
        r"the terms of point p01 of the frontier bring a (\S+) % greater product of gains, "
        "as far as plans were found",
        verdict.words,
    )
    assert more is not None
    assert float(more[1]) > 1.0


def test_without_a_move_the_recommended_terms_stand_whatever_a_neighbour_is_worth(deal: Deal) -> None:
    rival = point(TERMS | {"price": 1390.0}, (1e5, 3e5))
    assert judged(moving(deal, price=760.0, rivals=(rival,)), "values", 0.0).holds


def found(
    asked: Moving, checkpoint: Checkpoint, *, columns: int = 100
) -> tuple[sensitivity.InputMargin, ...]:
    return moved_inputs(
        asked, columns=columns, checkpoint=checkpoint, on_step=lambda _: None, should_stop=lambda: False
    )


def test_what_was_judged_is_not_judged_again_in_a_run_that_is_taken_up(
    deal: Deal, monkeypatch: pytest.MonkeyPatch
) -> None:
    checkpoint = Checkpoint()
    first = found(moving(deal, most=2), checkpoint)
    monkeypatch.setattr(sensitivity._Judge, "under", lambda *_: pytest.fail("judged again"))
    assert found(moving(deal, most=2), checkpoint) == first


def test_words_say_what_stands_what_changes_and_what_was_not_tried(
    deal: Deal, monkeypatch: pytest.MonkeyPatch
) -> None:
    def under(_: object, figures: sensitivity.MainInput, move: float) -> sensitivity.Verdict:
        if figures.name == "budgets":
            return sensitivity.Verdict(abs(move) < 0.15, "the terms of p02 are better")
        return sensitivity.Verdict(figures.name == "values", "nothing is left", is_proven=True)

    monkeypatch.setattr(sensitivity._Judge, "under", under)
    every = found(moving(deal, most=60), Checkpoint())
    words = {(each.input, each.way): each.words for each in every}
    assert words["what the needs are worth", "down"] == (
        "The recommendation stands at −40 %, the furthest move tried; plans prove that both sides gain under "
        "its terms, and no other terms were found that serve them better."
    )
    assert words["the buyer's budgets", "up"] == (
        "At least +12.5 % before it changes; at +15 % the terms of p02 are better."
    )
    assert words["the cost of making a unit", "up"] == (
        "At +2.5 %, the smallest move tried, nothing is left, which is proven."
    )
    # The first deal does not discount, so that no rate can fall.
    assert ("the buyer's discount rate", "down") not in words
    few = {(each.input, each.way): each.words for each in found(moving(deal, most=4), Checkpoint())}
    assert few["the buyer's budgets", "up"] == (
        "At +40 %, the only move tried, the terms of p02 are better. Smaller moves were not tried."
    )
    assert found(moving(deal, most=1), Checkpoint())[-1].words == "Not tried within the limit of work."


def test_large_problems_are_left_alone_unless_moves_are_asked_for(deal: Deal) -> None:
    assert found(moving(deal, most=None), Checkpoint(), columns=30_000) == ()
    assert moving(deal, most=None).moves(100) == 24
    assert moving(deal, most=3).moves(30_000) == 3


def test_a_stop_is_heard(deal: Deal) -> None:
    with pytest.raises(StoppedError):
        moved_inputs(
            moving(deal), columns=1, checkpoint=Checkpoint(), on_step=lambda _: None, should_stop=lambda: True
        )

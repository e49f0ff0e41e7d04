"""The search for a change that helps both, as in a large deal: from the plan of the offer, step by step."""

from __future__ import annotations

import sys
from functools import cache

import pytest
from tests.workflow.negotiation.offered import Offered

import dronedeal
from dronedeal.deal import Deal
from dronedeal.deal.term_sheet import TermSheet, deal_at
from dronedeal.exchange import PlanRun
from dronedeal.negotiation.offer_record import Offer
from dronedeal.solving import SolveOptions, never_stop, no_progress
from dronedeal.workflow.negotiation import evaluator, offered_plans
from dronedeal.workflow.negotiation.offer import OfferRun, offer, run_offer
from dronedeal.workflow.negotiation.offered_plans import Asking

TERMS = {"price": 1100.0, "own_needs": 0.8}


@cache
def first_deal() -> Deal:
    return dronedeal.read("deals/first-deal")


@pytest.fixture
def small(offered: Offered) -> Offer:
    """The offer as in a small deal, where every sheet is planned and proven."""
    return offered.run.record


@pytest.fixture(scope="module")
def large() -> OfferRun:
    """The same offer as in a large deal."""
    with pytest.MonkeyPatch.context() as patch:
        as_large(patch)
        return offer(first_deal(), TERMS)


def as_large(patch: pytest.MonkeyPatch) -> None:
    patch.setattr(evaluator, "LARGE", 0)
    patch.setattr(offered_plans, "LARGE", 0)


def test_no_sheet_is_worth_more_to_both_than_when_it_is_planned_and_proven(
    small: Offer, large: OfferRun
) -> None:
    """Whole-number decisions of the offer are held, which can only make another sheet worth less."""
    record = large.record
    assert record.utilities == small.utilities
    both = small.utilities.buyer + small.utilities.seller
    room = 2e-3 * both
    assert record.as_it_stands is not None
    assert small.as_it_stands is not None
    now = record.as_it_stands.buyer + record.as_it_stands.seller
    assert now <= small.as_it_stands.buyer + small.as_it_stands.seller + room
    planned = {clause.id: clause.within for clause in small.clauses}
    for clause in record.clauses:
        wanted = planned[clause.id]
        assert (clause.within is None) == (wanted is None)
        if clause.within is not None and wanted is not None:
            # The offer less the sheet without the clause: where the latter is worth less, this is more.
            assert clause.within.buyer + clause.within.seller >= wanted.buyer + wanted.seller - room


def test_a_price_alone_moves_money_between_the_two_sides(large: OfferRun) -> None:
    """With the whole-number decisions of the offer held, the same units cost 100 more each."""
    (price,) = (clause for clause in large.record.clauses if clause.id == "price")
    assert price.within is not None
    assert price.within.seller > 0
    assert price.within.buyer == pytest.approx(-price.within.seller, abs=1.0)


def test_the_change_is_a_verified_plan_that_helps_both_because_of_its_terms(large: OfferRun) -> None:
    record, better = large.record, large.record.improvement
    assert better is not None
    run = large.plans["improvement"]
    assert run.verification.is_passed
    assert run.plan.digest == deal_at(first_deal(), dict(better.terms)).digest
    assert min(better.change.buyer, better.change.seller) > 0
    assert record.improvement_bound is not None
    assert min(better.change.buyer, better.change.seller) <= record.improvement_bound * (1 + 1e-6) + 5
    assert "the plan of the change brings nothing more." in record.improvement_words
    assert "Changes that were valued: " in record.improvement_words


def test_the_smallest_change_is_as_small_as_where_every_sheet_is_planned(
    small: Offer, large: OfferRun
) -> None:
    assert small.improvement is not None
    assert large.record.improvement is not None
    assert len(large.record.improvement.moves) == len(small.improvement.moves) == 1


def test_what_a_sheet_says_at_least_is_kept_and_improved_on(monkeypatch: pytest.MonkeyPatch) -> None:
    as_large(monkeypatch)
    record = offer(first_deal(), TermSheet(dict(TERMS), least={"seller": 1_095_000.0})).record
    assert record.utilities.seller >= 1_095_000.0 * (1 - 1e-6)
    assert record.plan_words.startswith("Of the plans that leave each side what the sheet says")
    assert record.improvement is not None
    assert record.improvement.utilities.buyer > record.utilities.buyer
    assert record.improvement.utilities.seller > record.utilities.seller


def test_where_no_plan_near_the_joint_one_leaves_what_was_agreed_the_joint_plan_is_shown(
    monkeypatch: pytest.MonkeyPatch, small: Offer
) -> None:
    as_large(monkeypatch)
    # The package gives the function under the name of its module.
    offering = sys.modules["dronedeal.workflow.negotiation.offer"]
    monkeypatch.setattr(offering, "near_keeping", lambda *_, **__: None)
    monkeypatch.setattr(offering, "best_keeping", lambda *_, **__: pytest.fail("searched from scratch"))
    sheet = TermSheet(dict(TERMS), least={"seller": 1_095_000.0})
    record = offer(first_deal(), sheet, improve=False).record
    assert record.utilities == small.utilities
    (fault,) = record.faults
    assert fault.kind == "least"
    assert fault.words.startswith("the seller has USD 9,000 less than the sheet says at least")


def test_where_nothing_helps_both_what_was_tried_is_said(monkeypatch: pytest.MonkeyPatch) -> None:
    as_large(monkeypatch)
    record = offer(first_deal(), {"price": 1100.0, "royalty": 0.0, "own_needs": 0.5}).record
    assert record.improvement is None
    # The relaxation knows nothing of whole numbers, so that its bound need not be 0.
    assert record.improvement_bound is not None
    assert 0.0 <= record.improvement_bound < 1e5
    assert "Changes that were valued: " in record.improvement_words


def test_a_stop_keeps_the_change_that_was_planned_before(
    monkeypatch: pytest.MonkeyPatch, large: OfferRun
) -> None:
    as_large(monkeypatch)
    kept: dict[str, PlanRun] = {}
    asking = Asking(SolveOptions(0.001, None, is_proven=False), no_progress, lambda: "improvement" in kept)
    run = run_offer(first_deal(), TERMS, asking, improve=True, on_plan=kept.__setitem__)
    assert run.record.improvement is not None
    assert run.plans.keys() == kept.keys() == large.plans.keys()
    assert any("was stopped" in warning for warning in run.record.warnings)
    assert run.record.as_it_stands is None


def test_a_stop_before_any_change_is_planned_names_the_one_that_promises_most(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    as_large(monkeypatch)
    told: list[str] = []
    record = offer(
        first_deal(),
        TERMS,
        on_progress=lambda progress: told.append(progress.step),
        should_stop=lambda: any(step.startswith("plan under the change of") for step in told),
    ).record
    assert record.improvement is None
    words = record.improvement_words
    assert words.startswith("The search for a change that helps both was stopped before it ended.")
    assert "Of these own needs 0.5 would bring the buyer USD " in words
    assert "more as far as was seen; no plan was made of it." in words


def test_every_plan_is_handed_on_as_soon_as_the_offer_is_valued() -> None:
    told: list[str] = []
    asking = Asking(
        SolveOptions(0.001, None, is_proven=False), lambda progress: told.append(progress.step), never_stop
    )
    run_offer(first_deal(), TERMS, asking, improve=False, on_plan=lambda name, _: told.append(name))
    assert [each for each in told if each in ("buyer-alone", "seller-alone", "offer")] == [
        "buyer-alone",
        "seller-alone",
        "offer",
    ]
    (valued,) = (step for step in told if step.startswith("valued: "))
    assert told.index("offer") < told.index(valued) < told.index("what the clauses move")
    assert "the buyer gains USD" in valued
    assert valued.endswith("no rule is broken")

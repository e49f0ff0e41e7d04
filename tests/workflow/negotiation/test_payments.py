"""What can be paid for each system, and what closes or opens the zone, against plans made another way."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

import numpy as np
import pytest

import dronedeal
from dronedeal.deal.change import apply_changes
from dronedeal.deal.term_sheet import deal_at
from dronedeal.negotiation.clauses import ClausePrice
from dronedeal.negotiation.evaluator import Question, Utilities, lesser_gain, weighted
from dronedeal.planning.by_system import deliveries_by_system
from dronedeal.planning.tree import IntArray
from dronedeal.workflow.negotiation import DealEvaluator, Point, negotiate
from dronedeal.workflow.negotiation.payments import Reference, system_zones, what_closes, what_opens

WITHOUT = (600_000.0, 288_000.0)


@pytest.fixture(scope="module")
def evaluator() -> DealEvaluator:
    return DealEvaluator(dronedeal.read("deals/first-deal"))


@pytest.fixture(scope="module")
def reference(evaluator: DealEvaluator) -> Reference:
    outcome = evaluator.under({"price": 1100.0}, Question(weighted(1.0, 1.0), WITHOUT)).outcome
    assert outcome is not None
    point = outcome.plan
    assert isinstance(point, Point)
    return Reference(point.terms, point.values, outcome.utilities, WITHOUT)


class Asker:
    """Re-plans, and keeps what it was asked."""

    def __init__(self, evaluator: DealEvaluator) -> None:
        self.evaluator = evaluator
        self.asked: dict[str, Utilities | None] = {}

    def __call__(
        self,
        name: str,
        terms: Mapping[str, float],
        question: Question,
        /,
        *,
        closed: IntArray | None = None,
    ) -> Utilities | None:
        outcome = self.evaluator.under(terms, question, closed=closed).outcome
        if outcome is not None and closed is not None:
            assert not outcome.plan.values[closed].any()
        self.asked[name] = None if outcome is None else outcome.utilities
        return self.asked[name]


def test_a_side_that_pays_or_gets_the_end_of_a_range_is_as_well_off_as_without(
    evaluator: DealEvaluator, reference: Reference
) -> None:
    ask = Asker(evaluator)
    total, *systems = system_zones(evaluator.deal, evaluator, reference, ask)
    assert [each.system for each in systems] == ["kestrel", "courier"]
    # In this deal nobody discounts, so that a payment is worth the same to both sides.
    plan = dronedeal.plan(deal_at(evaluator.deal, reference.terms))
    paid = sum(row["amount"] for row in plan.tables["utility_items"] if row["item"] == "receipts")
    royalties = sum(
        row["amount"]
        for row in plan.tables["utility_items"]
        if (row["party"], row["item"]) == ("seller", "royalties")
    )
    assert total.lowest_payment == pytest.approx(paid + royalties - reference.gains[1], rel=1e-3)
    assert total.highest_payment == pytest.approx(paid + royalties + reference.gains[0], rel=1e-3)
    for each in systems:
        closed = ask.asked[f"payments for {each.name}"]
        assert closed is not None
        assert each.lowest_payment is not None
        assert each.highest_payment is not None
        lost = reference.utilities[0] - closed[0] + reference.utilities[1] - closed[1]
        assert each.highest_payment - each.lowest_payment == pytest.approx(lost)
        assert each.lowest_unit_price == pytest.approx(each.lowest_payment / each.quantity)
    assert [each.price_now for each in systems] == pytest.approx([1000.0, 3000.0], rel=0.5)
    assert systems[1].price_now == pytest.approx(3000.0)


def test_a_plan_without_a_system_that_is_better_than_the_one_with_it_tells_no_range(
    evaluator: DealEvaluator, reference: Reference
) -> None:
    better = (reference.utilities[0] + 1e5, reference.utilities[1] + 1e5)
    assert reference.lost(better) is None
    assert reference.lost(None) is None
    assert reference.lost(WITHOUT) == reference.gains
    total, *systems = system_zones(
        evaluator.deal, evaluator, reference, lambda *_, closed=None: better if closed is not None else None
    )
    assert total.is_there
    assert [each.lowest_payment for each in systems] == [None, None]


def test_a_system_that_both_together_do_as_well_without_has_no_range(
    evaluator: DealEvaluator, reference: Reference
) -> None:
    # The buyer would lose, the seller would win more: no payment is right for both.
    other = (reference.utilities[0] - 1e4, reference.utilities[1] + 2e4)
    assert reference.lost(other) is not None
    _, *systems = system_zones(
        evaluator.deal, evaluator, reference, lambda *_, closed=None: other if closed is not None else None
    )
    assert [(each.lowest_payment, each.highest_payment) for each in systems] == [(None, None)] * 2


def test_what_a_solver_leaves_of_no_units_is_no_system(
    evaluator: DealEvaluator, reference: Reference
) -> None:
    model = evaluator.built(reference.terms)
    values = reference.values.copy()
    for each in deliveries_by_system(model, reference.values):
        if each.system == "courier":
            values[each.columns] *= 1e-9
    _, *systems = system_zones(evaluator.deal, evaluator, replace(reference, values=values), Asker(evaluator))
    assert [each.system for each in systems] == ["kestrel"]


def test_dividing_as_at_the_reference_finds_the_reference_again(
    evaluator: DealEvaluator, reference: Reference
) -> None:
    found = evaluator.under(reference.terms, reference.question).outcome
    assert found is not None
    gains = np.subtract(found.utilities, WITHOUT) / reference.gains
    assert gains.min() >= 1.0 - 1e-3


def test_a_clause_that_closes_the_zone_alone_is_named_with_the_value_from_which_on(
    evaluator: DealEvaluator, reference: Reference
) -> None:
    def ask(
        name: str,
        terms: Mapping[str, float],
        question: Question,
        /,
        *,
        closed: IntArray | None = None,
    ) -> Utilities | None:
        assert closed is None
        assert question == Question(lesser_gain(WITHOUT))
        gain = 1150.0 - terms["price"]
        return WITHOUT[0] + gain, WITHOUT[1] + 1.0

    shut = ClausePrice("price", (1.0, -1.0), None, None, None)
    zones = system_zones(evaluator.deal, evaluator, reference, Asker(evaluator))
    words = what_closes(evaluator.deal, evaluator, reference, zones=zones, prices=[shut], ask=ask)
    assert words[0].startswith("All payments together, USD")
    assert (
        "towards the seller's position, price alone closes the zone; at the Nash point it is 1,100"
        in words[1]
    )
    at = float(words[1].split()[1].replace(",", ""))
    assert 1150.0 <= at <= 1150.0 + 100.0 / 2**6 + 1.0
    open_still = ClausePrice("price", (1.0, -1.0), (-1.0, 1.0), None, None)
    words = what_closes(evaluator.deal, evaluator, reference, zones=[], prices=[open_still], ask=ask)
    assert words == (
        "No clause closes the zone by going alone from the Nash point to the position of either side, "
        "all else staying.",
    )


def test_without_a_zone_it_is_said_which_payment_and_which_clause_would_open_one() -> None:
    licensed = DealEvaluator(dronedeal.read("deals/licensed-line"))

    def ask(
        name: str,
        terms: Mapping[str, float],
        question: Question,
        /,
        *,
        closed: IntArray | None = None,
    ) -> Utilities | None:
        return (1.0, 1.0) if terms["investor"] == 1.0 else None

    asked = {"terms": dict(licensed.as_it_is), "without": (0.0, 0.0), "ask": ask}
    words = what_opens(licensed.deal, licensed, richest=(7e6, -2e6), **asked)  # type: ignore[arg-type]
    assert "a payment of GBP\xa02.00\xa0million from United Kingdom to Ukraine opens one" in words[0]
    assert "could pay up to GBP\xa07.00\xa0million" in words[0]
    assert words[1:] == ("With investor at the position of the buyer there is one.",) or words[1:] == (
        "With investor at the position of the seller there is one.",
    )
    words = what_opens(licensed.deal, licensed, richest=(1e6, -2e6), **asked)  # type: ignore[arg-type]
    assert words[0].startswith("No payment opens one: even the terms that are worth most")


# A price that the buyer is bound to pay for a hundred units, and at which it wants none.
TOO_DEAR = [
    "prices[courier].unit_price=7000",
    "prices[kestrel].unit_price=8000",
    "prices[kestrel//2027].firm_minimum=100",
    *(f"clauses[price].{end}=7500" for end in ("lower", "buyer_position")),
    *(f"clauses[price].{end}=9000" for end in ("upper", "seller_position")),
]


def test_a_deal_without_a_zone_says_by_how_much_it_is_missed_and_what_would_open_one() -> None:
    deal = apply_changes(dronedeal.read("deals/first-deal"), TOO_DEAR)
    record = negotiate(deal, points=2, pairs=0).record
    assert not record.zone.is_there
    assert record.zone.greatest_lesser_gain == pytest.approx(record.zone.bound, rel=1e-3)
    # A hundred units at the lowest price cost the buyer so much more than they are worth to it.
    assert record.zone.greatest_lesser_gain == pytest.approx(-375_000.0)
    assert record.zone.changes[0].endswith("Riverland could pay up to USD\xa01.69\xa0million.")
    assert "a payment of USD\xa0612,000 from Riverland to Northland opens one" in record.zone.changes[0]
    assert record.frontier == ()
    assert any(clause.tension is not None for clause in record.clauses)


def test_where_the_rules_allow_no_plan_at_all_clauses_have_no_price() -> None:
    deal = apply_changes(
        dronedeal.read("deals/first-deal"), [*TOO_DEAR, "prices[kestrel//2027].firm_minimum=400"]
    )
    record = negotiate(deal, points=2, pairs=0).record
    assert (record.zone.is_there, record.zone.greatest_lesser_gain) == (False, None)
    assert [clause.tension for clause in record.clauses] == [None] * len(record.clauses)

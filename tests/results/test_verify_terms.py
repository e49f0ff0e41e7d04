"""Plans with terms of payment pass their check, and every way of bending the terms is found."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest
from tests.planning.small_deal import small_deal
from tests.results.hand_worked import row_of, values_of

import dronedeal
from dronedeal.deal import Deal
from dronedeal.deal.settings import PaymentTerms
from dronedeal.results.plan import Plan
from dronedeal.results.verify import verify

Values = dict[str, Any]


def _deal() -> Deal:
    deal = small_deal()
    terms = PaymentTerms(
        ceiling=900_000, advance_share=0.3, retention_share=0.2, retention_months=2, cancellation_share=0.4
    )
    return replace(deal, settings=deal.settings.model_copy(update={"terms": terms}))


DEAL = _deal()
PLAN = dronedeal.plan(DEAL, gap=0.0)


def found_by(values: Values) -> set[str]:
    return {failure.check for failure in verify(Plan(**values), DEAL).failures}


def _item(party: str, item: str, factor: float) -> Callable[[Values], None]:
    def spoil(values: Values) -> None:
        row_of(values["tables"], "utility_items", party=party, item=item)["amount"] *= factor

    return spoil


def _year(column: str, year: int, change: float) -> Callable[[Values], None]:
    def spoil(values: Values) -> None:
        row_of(values["tables"], "commitments", fiscal_year=year)[column] += change

    return spoil


def _pay_all_in_its_year(values: Values) -> None:
    """What was kept back of the first year is paid in it after all."""
    kept_back = row_of(values["tables"], "commitments", fiscal_year=2027)["to_seller"] * 0.2
    rows = values["tables"]["payments"]
    max((row for row in rows if row["fiscal_year"] == 2027), key=lambda row: row["amount"]).update(
        amount_then_year=kept_back
    )


CORRUPTIONS: dict[str, tuple[str, Callable[[Values], None]]] = {
    "receipts as if all were paid at delivery": ("utility_items", _item("seller", "receipts", 0.99)),
    "payments as if all were paid at delivery": ("utility_items", _item("buyer", "payments", 1.01)),
    "advance overstated": ("commitments", _year("paid_in_advance", 2027, 1_000.0)),
    "retention paid a year early": ("commitments", _year("paid_after_retention", 2027, 1_000.0)),
    "cancellation ceiling hidden": ("commitments", _year("cancellation", 2027, -100.0)),
    "retention paid with the delivery": ("payments", _pay_all_in_its_year),
}


def test_plan_with_terms_passes_every_check() -> None:
    assert verify(PLAN, DEAL).failures == ()
    before, after = PLAN.tables["commitments"]
    assert before["paid_after_retention"] == 0.0
    assert after["paid_after_retention"] == pytest.approx(
        0.2 * (before["paid_in_advance"] + after["paid_in_advance"]) / 0.3
    )
    assert before["cancellation"] == pytest.approx(0.4 * 40 * 950 * 1.05)


@pytest.mark.parametrize("name", CORRUPTIONS)
def test_bent_terms_are_found(name: str) -> None:
    check, spoil = CORRUPTIONS[name]
    values = values_of(PLAN)
    spoil(values)
    assert check in found_by(values)


def _without_time_value(terms: PaymentTerms) -> Deal:
    """No discount, no inflation, and so much money that its year does not matter."""
    deal = small_deal()
    parties = tuple(
        party.model_copy(update={"discount_rate": 0.0, "escalation_index": None})
        for party in deal.settings.parties
    )
    budgets = tuple(row.model_copy(update={"amount": 1e9, "years_valid": 3.0}) for row in deal.budgets)
    settings = deal.settings.model_copy(update={"parties": parties, "terms": terms})
    return replace(deal, settings=settings, budgets=budgets)


def test_when_it_is_paid_is_worth_something_for_its_time_value_only() -> None:
    terms = PaymentTerms(advance_share=0.3, retention_share=0.2, retention_months=1)
    plans = [dronedeal.plan(_without_time_value(each), gap=0.0) for each in (PaymentTerms(), terms)]
    assert plans[1].objective == pytest.approx(plans[0].objective, rel=1e-9)
    discounted = replace(small_deal(), budgets=_without_time_value(terms).budgets)
    later = replace(
        discounted,
        settings=discounted.settings.model_copy(update={"terms": PaymentTerms(retention_share=1.0)}),
    )
    # the seller discounts more than the buyer: what it waits for is lost to both together
    assert dronedeal.plan(later, gap=0.0).objective < dronedeal.plan(discounted, gap=0.0).objective

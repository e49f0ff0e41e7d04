"""Plans with terms of payment pass their check, and every way of bending the terms is found."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest
from tests.planning.small_deal import small_deal
from tests.results.hand_worked import row_of, values_of
from tests.results.tiered_deal import INCREMENTAL, deal_with

import dronedeal
from dronedeal.deal import Deal
from dronedeal.deal.settings import CashAccount, PaymentTerms
from dronedeal.deal.terms import Bundle
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


def _rebate(column: str, change: float) -> Callable[[Values], None]:
    def spoil(values: Values) -> None:
        values["tables"]["rebates"][0][column] += change

    return spoil


def _keep_the_rebates(values: Values) -> None:
    values["tables"]["rebates"] = []


CORRUPTIONS: dict[str, tuple[str, Callable[[Values], None]]] = {
    "receipts as if all were paid at delivery": ("utility_items", _item("seller", "receipts", 0.99)),
    "payments as if all were paid at delivery": ("utility_items", _item("buyer", "payments", 1.01)),
    "advance overstated": ("commitments", _year("paid_in_advance", 2027, 1_000.0)),
    "retention paid a year early": ("commitments", _year("paid_after_retention", 2027, 1_000.0)),
    "cancellation ceiling hidden": ("commitments", _year("cancellation", 2027, -100.0)),
    "retention paid with the delivery": ("payments", _pay_all_in_its_year),
}


REBATED_DEAL = deal_with(
    INCREMENTAL,
    bundle=Bundle(id="flock", fiscal_year=2027, systems=("gull", "tern"), quantities=(3, 1), rebate=5),
)
REBATED = dronedeal.plan(REBATED_DEAL, gap=0.0)
REBATE_CORRUPTIONS: dict[str, tuple[str, Callable[[Values], None]]] = {
    "rebates kept by the seller": ("rebates", _keep_the_rebates),
    "rebate on too few units": ("rebates", _rebate("quantity", -1.0)),
    "rebate too small": ("rebates", _rebate("amount", -50.0)),
    "rebate in base-year money": ("rebates", _rebate("amount_then_year", -10.0)),
    "rebate paid to nobody": ("payments", _keep_the_rebates),
    "rebates forgotten in what is owed": ("commitments", _year("to_seller", 2027, 40.0)),
    "rebates forgotten in the utility": ("utility_items", _item("seller", "rebates", 0.0)),
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


def test_rebates_lower_the_receipts_of_the_sellers_account() -> None:
    """100 gulls and 9 terns at 10, less 20 times 2 for the tier and 9 times 5 for the sets."""
    cash = CashAccount(opening=0, floor=-1000)
    deal = replace(REBATED_DEAL, settings=REBATED_DEAL.settings.model_copy(update={"cash": cash}))
    plan = dronedeal.plan(deal, gap=0.0)
    (year,) = plan.tables["cash"]
    assert year["receipts"] == pytest.approx(1090 - 40 - 45)


@pytest.mark.parametrize("name", REBATE_CORRUPTIONS)
def test_bent_rebates_are_found(name: str) -> None:
    check, spoil = REBATE_CORRUPTIONS[name]
    values = values_of(REBATED)
    spoil(values)
    assert check in {failure.check for failure in verify(Plan(**values), REBATED_DEAL).failures}


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

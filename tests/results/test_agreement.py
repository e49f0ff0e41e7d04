"""What the agreement with the seller comes to, on a deal worked out by hand."""

from __future__ import annotations

from dataclasses import replace

import pytest
from tests.planning.small_deal import small_deal

import dronedeal
from dronedeal.deal import Deal
from dronedeal.deal.settings import PaymentTerms
from dronedeal.results.plan import Plan


def planned(ceiling: float | None) -> tuple[Plan, Deal]:
    deal = small_deal()
    settings = deal.settings.model_copy(update={"terms": PaymentTerms(ceiling=ceiling)})
    deal = replace(deal, settings=settings)
    return dronedeal.plan(deal, gap=0.0), deal


def test_ceiling_holds_payments_back_and_says_what_more_would_be_worth() -> None:
    free, _ = planned(None)
    owed = free.tables["commitments"][-1]["to_seller_so_far"]
    held, _ = planned(0.75 * owed)
    assert held.tables["commitments"][-1]["to_seller_so_far"] == pytest.approx(0.75 * owed)
    assert held.objective < free.objective
    (binding,) = (row for row in held.tables["binding"] if row["kind"] == "ceiling")
    assert binding["subject"] == "river"
    assert binding["dual"] > 0
    assert "one more USD (then-year) adds" in binding["words"]


def test_firm_quantity_is_priced_in_money_of_its_year() -> None:
    """240 a year for two of twelve months at 950, 5 % dearer in 2028."""
    plan, _ = planned(None)
    before, after = plan.tables["commitments"]
    assert (before["firm"], before["firm_later"]) == (0.0, pytest.approx(40 * 950 * 1.05))
    assert (after["firm"], after["firm_later"]) == (pytest.approx(40 * 950 * 1.05), 0.0)


def test_ceiling_below_what_is_firm_is_passed_and_named() -> None:
    """The royalty alone on 40 firm units made by the buyer is a tenth of 39,900; no plan keeps to 2,000."""
    plan, deal = planned(2_000)
    assert plan.status == "relaxed"
    (violation,) = plan.tables["violations"]
    assert violation["kind"] == "ceiling"
    assert violation["quantity"] >= 1_990 * (1 - 1e-6)
    owed = plan.tables["commitments"][-1]["to_seller_so_far"]
    assert violation["quantity"] == pytest.approx(owed - 2_000)
    assert "above the ceiling of USD 2,000" in violation["words"]
    assert dronedeal.verify(plan, deal).is_passed

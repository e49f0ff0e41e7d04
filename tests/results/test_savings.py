"""Where the difference of two plans comes from: the parts add up, and each has its own cause."""

from __future__ import annotations

from typing import Any

import pytest
from tests.results.hand_worked import hand_deal, hand_plan, hand_values, row_of

from dronedeal.deal import Deal
from dronedeal.results.plan import Plan
from dronedeal.results.savings import SOURCES, Saving, savings


def changed(values: dict[str, Any], *items: tuple[str, str, float]) -> Plan:
    for party, item, change in items:
        row_of(values["tables"], "utility_items", party=party, item=item)["amount"] += change
    return Plan(**values)


def parts(annual: Plan, deal: Deal | None = None) -> dict[str, Saving]:
    found = savings(hand_plan(), annual, deal or hand_deal())
    assert [saving.source for saving in found] == list(SOURCES)
    for side in ("buyer", "seller"):
        items = [
            sum(row["amount"] for row in plan.tables["utility_items"] if row["party"] == side)
            for plan in (hand_plan(), annual)
        ]
        assert sum(getattr(saving, side) for saving in found) == pytest.approx(items[0] - items[1], abs=1e-6)
    return {saving.source: saving for saving in found}


def test_equal_plans_have_nothing_to_explain() -> None:
    found = parts(hand_plan())
    assert {(saving.buyer, saving.seller) for saving in found.values()} == {(0.0, 0.0)}


def test_a_higher_unit_cost_is_learning() -> None:
    """Hawks at 1,100 in place of 1,000 from the first month on, paid by the seller at 10 % a year."""
    values = hand_values()
    for row in values["tables"]["production"]:
        if row["system"] == "hawk":
            row["amount"] *= 1.1
    more = sum(1.1 ** (-month / 12) * 5 * 100 for month in range(12))
    found = parts(changed(values, ("seller", "production", -more)))
    assert found["learning"].seller == pytest.approx(more)
    assert found["more_bought"].seller == pytest.approx(0.0, abs=1e-6)
    assert found["time_value"].seller == pytest.approx(0.0, abs=1e-6)


def test_units_that_a_dearer_line_makes_are_not_learnt() -> None:
    """In annual buying half of the hawks come from another line of the seller at twice the cost."""
    values, deal = hand_values(), hand_deal()
    second = next(line for line in deal.lines if line.id == "kyiv").model_copy(update={"id": "lviv"})
    hawks = [row for row in values["tables"]["production"] if row["system"] == "hawk"]
    for row in hawks:
        half = {"quantity": row["quantity"] / 2, "amount": row["amount"] / 2}
        values["tables"]["production"].append({**row, **half, "line": "lviv", "amount": row["amount"]})
        row.update(half)
    more = sum(1.1 ** (-month / 12) * 5 * 500 for month in range(12))
    annual = changed(values, ("seller", "production", -more))
    found = parts(annual, deal.with_table("lines", [*deal.lines, second]))
    assert found["learning"].seller == pytest.approx(0.0, abs=1e-6)
    assert found["more_bought"].seller == pytest.approx(more)


def test_a_dearer_price_is_a_price() -> None:
    """Eight hawks of December at 2,000 in place of 1,600 cost 3,200 more, discounted by each side."""
    values = hand_values()
    row = row_of(values["tables"], "shipments", month="2027-12", requirement="recon")
    row["amount"] += 3200.0
    paid = [1.21 ** (-t / 12) * n * 1600 for t, n in ((3, 6), (8, 12), (11, 8))]
    after = sum(paid) + 1.21 ** (-11 / 12) * 3200
    found = parts(changed(values, ("buyer", "payments", sum(paid) - after)))
    assert found["prices"].buyer > 0
    assert found["prices"].buyer + found["time_value"].buyer == pytest.approx(after - sum(paid))


def test_a_line_that_only_one_plan_opens_is_its_investment() -> None:
    values = hand_values()
    values["tables"]["openings"] = [row for row in values["tables"]["openings"] if row["line"] != "ohio"]
    found = parts(changed(values, ("seller", "investment", 500_000.0)))
    assert found["investment_made"].seller == pytest.approx(-500_000.0)
    assert found["investment_not_made"].seller == 0.0


def test_money_at_another_time_is_time_value() -> None:
    """The step of 100,000 a year later is worth 100,000 · (1 − 1/1.1) to the seller."""
    values = hand_values()
    row_of(values["tables"], "openings", line="kyiv")["decided"] = "2028-01"
    later = 100_000 * (1 - 1 / 1.1)
    found = parts(changed(values, ("seller", "investment", later)))
    assert found["time_value"].seller == pytest.approx(-later)

"""Violations in the words of the contract, worst first."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from tests.planning.small_deal import small_deal
from tests.results.solved import read_solution

from dronedeal.deal import Deal
from dronedeal.results.explain import violations


def broken(deal: Deal) -> list[dict[str, Any]]:
    return violations(read_solution(deal)[0])


def test_a_deal_that_can_be_kept_has_none() -> None:
    assert broken(small_deal()) == []


def test_own_needs_beyond_capacity_say_how_far_behind_they_are() -> None:
    deal = small_deal()
    needs = [row.model_copy(update={"quantity": 7000.0, "required_share": 1.0}) for row in deal.home_needs]
    rows = broken(deal.with_table("home_needs", needs))
    needs_broken = [row for row in rows if row["kind"] == "home_need"]
    assert [row["subject"] for row in needs_broken] == ["own", "own"]
    assert all("units behind its monthly pace at worst; 100% of" in row["words"] for row in needs_broken)
    assert all(0 < row["quantity"] <= 7000 for row in needs_broken)
    # Own needs weigh most: output that may serve them a month later gives way, and the money for them.
    assert {row["kind"] for row in rows} <= {"home_need", "return_share", "cash_floor"}


def test_a_firm_minimum_beyond_the_money_is_named_or_the_money_is() -> None:
    deal = small_deal()
    prices = [
        row.model_copy(update={"firm_minimum": 9000.0}) if row.firm_minimum else row for row in deal.prices
    ]
    rows = broken(deal.with_table("prices", prices))
    assert [row["kind"] for row in rows] == ["firm_minimum"]
    assert rows[0]["subject"] == "kite"
    assert rows[0]["unit"] == "units"


def test_output_that_cannot_return_or_a_firm_minimum_gives_way() -> None:
    deal = small_deal()
    needs = [row.model_copy(update={"quantity": 4.0, "required_share": 0.0}) for row in deal.home_needs]
    lines = [
        row.model_copy(update={"status": "existing"}) if row.id == "allied" else row for row in deal.lines
    ]
    prices = [
        row.model_copy(update={"firm_minimum": 60.0 if row.line == "allied" else None}) for row in deal.prices
    ]
    changed = deal.with_table("home_needs", needs).with_table("lines", lines).with_table("prices", prices)
    rows = broken(changed)
    # Ten firm units mean ten that return, and the own needs take no more than two.
    assert len(rows) == 1
    assert rows[0]["kind"] in {"firm_minimum", "return_share"}


def test_a_floor_that_no_money_reaches_is_named_with_what_is_missing() -> None:
    deal = small_deal()
    account = deal.settings.cash.model_copy(update={"floor": 900_000.0, "reinvestment_share": 0.0})
    settings = deal.settings.model_copy(update={"cash": account})
    rows = broken(replace(deal, settings=settings))
    assert {row["kind"] for row in rows} == {"cash_floor"}
    assert {row["unit"] for row in rows} == {"USD"}
    assert all("below its floor of USD 900,000 at the end of fiscal year" in row["words"] for row in rows)
    assert all(0 < row["quantity"] <= 830_000 for row in rows)

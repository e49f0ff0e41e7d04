"""The table of the seller's cash account, its words, and the worth of its floor."""

from __future__ import annotations

from itertools import pairwise

import pytest
from tests.planning.deals_with_cash import with_account
from tests.planning.learning_deal import learning_deal
from tests.planning.small_deal import small_deal
from tests.results.solved import held_optimum, plan_of, read_solution

from dronedeal.results.explain import binding
from dronedeal.results.verify import verify
from dronedeal.results.vocabulary import CASH_COSTS, CASH_RECEIPTS


def test_a_year_closes_at_its_opening_and_what_moved_and_the_next_opens_there() -> None:
    rows = plan_of(small_deal()).tables["cash"]
    assert [row["fiscal_year"] for row in rows] == [2027, 2028]
    assert rows[0]["opening"] == 100_000.0
    for row in rows:
        moved = sum(row[name] for name in CASH_RECEIPTS) - sum(row[name] for name in CASH_COSTS)
        assert row["closing"] == pytest.approx(row["opening"] + moved, rel=1e-12)
        assert row["closing"] >= row["floor"] - 1e-6
        proceeds = row["receipts"] + row["royalties"] + row["licence_fees"]
        assert row["reinvested"] >= 0.1 * proceeds - 1e-6
    assert all(later["opening"] == earlier["closing"] for earlier, later in pairwise(rows))


def test_no_account_no_table() -> None:
    assert plan_of(with_account(small_deal())).tables["cash"] == ()


def test_with_learning_the_floor_holds_before_anything_is_learnt() -> None:
    deal = with_account(learning_deal(), opening=400_000, floor=100_000, reinvestment_share=0.2)
    plan = plan_of(deal)
    rows = plan.tables["cash"]
    assert all(row["planned_closing"] >= row["floor"] - 1e-6 for row in rows)
    assert all(row["closing"] > row["planned_closing"] for row in rows)
    assert [str(failure) for failure in verify(plan, deal).failures] == []


def test_the_dual_of_the_floor_is_what_a_little_more_of_it_costs() -> None:
    tight = {"opening": 40_000.0, "home_receipt_share": 0.8, "fund_value": 1.2}
    deal = with_account(small_deal(), floor=30_000.0, **tight)
    reading, _ = read_solution(deal)
    rows = [row for row in binding(reading) if row["kind"] == "cash_floor"]
    assert rows
    assert all("down to its floor at the end of fiscal year" in row["words"] for row in rows)
    more = held_optimum(with_account(small_deal(), floor=30_100.0, **tight), reading)
    less = held_optimum(with_account(small_deal(), floor=29_900.0, **tight), reading)
    here = held_optimum(deal, reading)
    # The floor of every year moves together; at a kink any slope between the two sides is a dual.
    dual = sum(row["dual"] for row in rows)
    assert (more - here) / 100.0 - 1e-6 <= dual <= (here - less) / 100.0 + 1e-6
    assert more < here


def test_the_share_put_back_costs_what_the_fund_does_not_return() -> None:
    deal = with_account(small_deal(), opening=10**6, reinvestment_share=0.5, fund_value=0.4)
    reading, _ = read_solution(deal)
    rows = [row for row in binding(reading) if row["kind"] == "reinvestment"]
    assert {row["fiscal_year"] for row in rows} == {2027, 2028}
    # One more amount loses six tenths of itself at the end of its year.
    expected = {2027: -0.6 * 1.12 ** (-1 / 12), 2028: -0.6 * 1.12 ** (-3 / 12)}
    for row in rows:
        assert row["dual"] == pytest.approx(expected[row["fiscal_year"]], rel=1e-9)
        assert row["words"].startswith("river puts 50% of the proceeds of fiscal year")

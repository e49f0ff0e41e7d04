"""Joint production against all made by one side."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from tests.planning.small_deal import small_deal

import dronedeal
from dronedeal.assessment import assess
from dronedeal.deal import Deal
from dronedeal.planning import BASELINES, BaselineKind, baseline_model, build

FIRST = Path(__file__).parents[2] / "deals" / "first-deal"


def closed(deal: Deal, kind: BaselineKind) -> set[str]:
    model = build(deal, assess(deal))
    held = baseline_model(model, kind).problem
    numbers = np.flatnonzero(held.upper < model.problem.upper)
    return {model.problem.column_name(int(number)) for number in numbers}


def test_all_by_the_seller_closes_the_lines_of_others_for_its_designs() -> None:
    names = closed(small_deal(), "all_seller")
    assert {"make[kite@joint,2027-11]", "make[kite@allied,2027-11]", "open[joint,2027-11]"} <= names
    assert {"open[allied,2027-11]", "step[joint,2027-11]"} <= names
    assert not [name for name in names if "@home" in name or name.startswith(("ship", "pool", "assign"))]


def test_all_by_the_buyers_side_takes_nothing_from_lines_of_the_seller() -> None:
    names = closed(small_deal(), "all_buyer")
    assert {"pool[kite@home,2027-11]", "ship[mule@home:hauling,2027-12]"} <= names
    assert "assign[kite@home:scouting,2027]" in names
    # The seller's own needs and other buyers are served as before.
    assert not [name for name in names if name.startswith(("make", "home", "sale", "open", "step"))]
    assert not [name for name in names if "@joint" in name or "@allied" in name or "@market" in name]


def test_a_line_that_also_makes_something_else_may_still_open() -> None:
    deal = small_deal()
    hawks = deal.line_systems[2].model_copy(update={"system": "hawk"})
    names = closed(deal.with_table("line_systems", [*deal.line_systems, hawks]), "all_seller")
    assert "make[kite@joint,2027-11]" in names
    assert "open[joint,2027-11]" not in names


@pytest.mark.parametrize("kind", BASELINES)
def test_a_firm_minimum_binds_nobody_where_nothing_is_left_to_serve_it(kind: BaselineKind) -> None:
    deal = small_deal()
    prices = [
        row.model_copy(update={"line": "home" if kind == "all_buyer" else "joint"})
        if row.firm_minimum
        else row
        for row in deal.prices
    ]
    deal = deal.with_table("prices", prices)
    model = build(deal, assess(deal))
    before, after = model.problem, baseline_model(model, kind).problem
    firm = before.columns["firm_minimum_violation"].slice
    assert before.is_violation[firm].all()
    assert not after.is_violation[firm].any()
    other = "all_seller" if kind == "all_buyer" else "all_buyer"
    assert baseline_model(model, other).problem.is_violation[firm].all()


def test_the_first_deal_by_hand() -> None:
    """Worth of each year, with 144,000 for the own needs, which are the same in all.

    All by the seller: of 1,200 a year 480 stay at home and 150 Couriers (1,050,000 − 300,000) take 300, so
    that 420 Kestrels add 2,400 each and Falcons 1,000 each up to the threshold: 180 in 2027, 280 in 2028.
    All by the buyer's side: 300 Falcons in 2027; 720 Kestrels of the second line in 2028, 700 at 3,000 − 660
    and 20 at 1,500 − 660, less 420,000 for the line.
    """
    plan = dronedeal.plan(dronedeal.read(FIRST), gap=1e-9, baselines=True)
    rows = {row["kind"]: row for row in plan.tables["baselines"]}
    assert list(rows) == list(BASELINES)
    for row in rows.values():
        assert row["objective"] == pytest.approx(row["buyer"] + row["seller"], rel=1e-12)
        assert row["difference"] == pytest.approx(plan.objective - row["objective"], rel=1e-12)
        assert row["difference"] > 0
        assert (row["status"], row["broken"]) == ("optimal", 0)
    assert rows["all_seller"]["objective"] == pytest.approx(2_082_000.0 + 2_182_000.0, rel=1e-9)
    assert rows["all_buyer"]["objective"] == pytest.approx(444_000.0 + 1_378_800.0, rel=1e-9)


def test_nobody_who_did_not_ask_gets_baselines() -> None:
    plan = dronedeal.plan(dronedeal.read(FIRST), gap=0.01)
    assert plan.tables["baselines"] == ()

"""Plans on learning curves: what they cost, what the tables say, and what the check finds."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from tests.planning import plain_learning
from tests.planning.learning_deal import MONTHS, learning_deal
from tests.results.hand_worked import values_of

import dronedeal
from dronedeal.deal import Deal
from dronedeal.results.plan import Plan
from dronedeal.results.verify import verify

DEAL = learning_deal(forgetting_rate=0.3)
Values = dict[str, Any]


@pytest.fixture(scope="module")
def plan() -> Plan:
    return dronedeal.plan(DEAL)


def output_of(plan: Plan, deal: Deal) -> dict[tuple[str, str], list[float]]:
    months = [f"2027-{month}" for month in (10, 11, 12)] + [f"2028-0{month}" for month in (1, 2, 3)]
    output = {(row.line, row.system): [0.0] * MONTHS for row in deal.line_systems}
    for row in plan.tables["production"]:
        output[row["line"], row["system"]][months.index(row["month"])] += row["quantity"]
    return output


def test_production_costs_what_the_naive_loop_says(plan: Plan) -> None:
    expected = plain_learning.cost(DEAL.line_systems, output_of(plan, DEAL), months=MONTHS)
    for (line, system), costs in expected.items():
        stated = [
            row["amount"]
            for row in plan.tables["production"]
            if (row["line"], row["system"]) == (line, system)
        ]
        assert sum(stated) == pytest.approx(sum(costs), rel=1e-6)


def test_experience_follows_the_naive_loop_and_unit_costs_fall_with_it(plan: Plan) -> None:
    output = output_of(plan, DEAL)
    levels = plain_learning.experience(DEAL.line_systems, output, months=MONTHS)
    rows = {(row["line"], row["system"]): row for row in plan.tables["learning"]}
    # The line `far` has a start-up premium and no slope.
    assert set(rows) == {("home", "kite"), ("home", "lark"), ("joint", "kite")}
    for product, row in rows.items():
        end = levels[product][MONTHS - 1] + output[product][MONTHS - 1]
        assert row["experience_end"] == pytest.approx(end, rel=1e-9)
        assert row["made"] == pytest.approx(sum(output[product]))
    home = rows["home", "kite"]
    assert home["unit_cost_start"] == pytest.approx(800)
    assert home["unit_cost_end"] == pytest.approx(800 * 0.8 ** _doublings(home["experience_end"] / 100))


def _doublings(ratio: float) -> float:
    count = 0.0
    while ratio >= 2:
        ratio, count = ratio / 2, count + 1
    # A Newton step or two for the rest of the way.
    part = ratio - 1
    for _ in range(30):
        part -= (2**part - ratio) / (2**part * 0.6931471805599453)
    return count + part


def test_own_cost_is_the_measure_of_the_second_gap(plan: Plan) -> None:
    items = {(row["party"], row["item"]): row["amount"] for row in plan.tables["utility_items"]}
    own = -sum(
        amount for (_, item), amount in items.items() if item in ("production", "fixed_cost", "investment")
    )
    assert plan.bound is not None
    assert plan.gap_of_cost == pytest.approx((plan.bound - plan.objective) / own)


def _row(values: Values, table: str, **key: Any) -> dict[str, Any]:
    found: dict[str, Any] = next(
        row for row in values["tables"][table] if all(row[name] == value for name, value in key.items())
    )
    return found


def _set(table: str, column: str, factor: float, **key: Any) -> Callable[[Values], None]:
    def spoil(values: Values) -> None:
        _row(values, table, **key)[column] *= factor

    return spoil


def _without_learning(values: Values) -> None:
    for row in values["tables"]["production"]:
        if (row["line"], row["system"]) == ("home", "kite"):
            row.update(unit_cost=800.0, amount=800.0 * row["quantity"])


def _forget_a_row(values: Values) -> None:
    values["tables"]["learning"].pop()


def _leave_stock(values: Values) -> None:
    values["tables"]["stock"].append({"month": "2028-03", "line": "home", "system": "kite", "quantity": 50.0})


KITE = {"line": "home", "system": "kite"}


@pytest.mark.parametrize(
    ("check", "spoil"),
    [
        ("production_cost", _without_learning),
        ("production_cost", _set("production", "amount", 1.001, **KITE)),
        ("production_cost", _set("production", "unit_cost", 0.999, **KITE)),
        ("utility_items", _set("utility_items", "amount", 0.99, party="seller", item="production")),
        ("learning", _forget_a_row),
        ("learning", _leave_stock),
        *(
            ("learning", _set("learning", column, 1.0001, **KITE))
            for column in (
                "experience_start",
                "experience_end",
                "made",
                "learnt",
                "forgotten",
                "unit_cost_start",
                "unit_cost_end",
                "unit_cost",
            )
        ),
        ("gap_of_cost", lambda values: values.update(gap_of_cost=values["gap_of_cost"] + 0.001)),
    ],
)
def test_the_check_finds_what_is_wrong(plan: Plan, check: str, spoil: Callable[[Values], None]) -> None:
    values = values_of(plan) | {"verification": None}
    spoil(values)
    assert check in {failure.check for failure in verify(Plan(**values), DEAL).failures}


def test_the_plan_as_it_is_passes_with_small_residuals(plan: Plan) -> None:
    found = verify(plan, DEAL)
    assert found.failures == ()
    cost = next(result for result in found.checks if result.name == "production_cost")
    assert cost.largest_residual < 1e-7


def test_slope_one_is_the_plan_without_learning() -> None:
    rows = [
        row.model_copy(
            update={
                "startup_premium": 0.0,
                "startup_units": 0.0,
                "forgetting_rate": 0.0,
                "units_already_made": 10.0,
            }
        )
        for row in DEAL.line_systems
    ]
    flat = DEAL.with_table("line_systems", [row.model_copy(update={"learning_slope": 1.0}) for row in rows])
    none = DEAL.with_table("line_systems", [row.model_copy(update={"learning_slope": None}) for row in rows])
    first, second = dronedeal.plan(flat), dronedeal.plan(none)
    assert first.tables == second.tables
    assert (first.objective, first.bound) == (second.objective, second.bound)
    assert first.tables["learning"] == ()


def test_the_same_deal_gives_the_same_plan_byte_for_byte(plan: Plan) -> None:
    assert dronedeal.plan(DEAL).to_json() == plan.to_json()


def test_learning_lets_the_lines_make_what_would_not_be_worth_its_first_cost() -> None:
    """Below its first unit cost a kite is not worth making; on its curve it is."""
    rows = {
        "requirements": [
            row.model_copy(update={"value_threshold": 780, "value_objective": 780})
            for row in DEAL.requirements
        ],
        "line_systems": [learning_deal().line_systems[0].model_copy(update={"learning_group": None})],
        "lines": [DEAL.lines[0]],
        "prices": [row for row in DEAL.prices if row.system == "kite"],
        "systems": [DEAL.systems[0]],
        "home_needs": [],
    }
    deal = DEAL
    for table, content in rows.items():
        deal = deal.with_table(table, content)
    with_curve = dronedeal.plan(deal)
    flat = deal.with_table(
        "line_systems", [rows["line_systems"][0].model_copy(update={"learning_slope": None})]
    )
    assert dronedeal.plan(flat).objective == 0.0
    # Sixty a month are all that the line can make, and all are worth making.
    assert sum(row["quantity"] for row in with_curve.tables["production"]) == pytest.approx(360)

"""What must become of a plan when its deal is changed in a way whose effect is known."""

from __future__ import annotations

import pytest
from tests.oracles.changed import (
    permuted,
    renamed,
    scaled,
    with_factor,
    with_halved_line,
    without_steps,
)

import dronedeal
from dronedeal.deal import Deal
from dronedeal.deal.synthetic import synthetic_deal
from dronedeal.results.plan import Plan

SEEDS = (1, 2)
GAP = 1e-6


def fluid_deal(seed: int) -> Deal:
    """A made-up deal without learning and in fractions of units, so that its optimum is found and proved."""
    deal = synthetic_deal(systems=5, lines=4, requirements=4, seed=seed, months=24)
    rows = [row.model_copy(update={"learning_slope": None}) for row in deal.line_systems]
    return deal.with_table("line_systems", rows)


def best(deal: Deal) -> Plan:
    plan = dronedeal.plan(deal, gap=GAP)
    assert plan.status == "optimal"
    return plan


@pytest.fixture(scope="module", params=SEEDS)
def base(request: pytest.FixtureRequest) -> tuple[Deal, Plan]:
    deal = fluid_deal(request.param)
    return deal, best(deal)


def is_same(plan: Plan, other: Plan, *, factor: float = 1.0) -> bool:
    """Whether what is proved of both allows one optimum: each objective is at most the other's bound."""
    assert plan.bound is not None
    assert other.bound is not None
    slack = 1e-9 * abs(other.objective)
    return plan.objective / factor <= other.bound + slack and other.objective <= plan.bound / factor + slack


@pytest.mark.parametrize("power", [-2, 3])
def test_another_unit_of_money_changes_nothing_but_the_unit(base: tuple[Deal, Plan], power: int) -> None:
    deal, plan = base
    assert is_same(best(scaled(deal, 10.0**power)), plan, factor=10.0**power)


def test_the_order_of_rows_does_not_matter(base: tuple[Deal, Plan]) -> None:
    deal, plan = base
    assert is_same(best(permuted(deal, 5)), plan)


def test_names_do_not_matter(base: tuple[Deal, Plan]) -> None:
    deal, plan = base
    assert is_same(best(renamed(deal)), plan)


def test_two_halves_of_a_line_are_as_good_as_the_line(base: tuple[Deal, Plan]) -> None:
    deal, _ = base
    own_terms = {row.line for table in ("prices", "system_components") for row in deal.table(table)}
    line = next(row.id for row in deal.lines if row.status == "existing" and row.id not in own_terms)
    fixed = without_steps(deal, line)
    assert is_same(best(with_halved_line(fixed, line)), best(fixed))


@pytest.mark.parametrize(
    ("table", "column"),
    [
        ("budgets", "amount"),
        ("lines", "initial_capacity"),
        ("component_supply", "limit"),
        ("prices", "maximum"),
        ("other_buyers", "maximum"),
    ],
)
def test_more_room_is_never_worse_and_less_never_better(
    base: tuple[Deal, Plan], table: str, column: str
) -> None:
    deal, plan = base
    wider = best(with_factor(deal, table, column, factor=1.25))
    tighter = dronedeal.plan(with_factor(deal, table, column, factor=0.9), gap=GAP)
    assert plan.bound is not None
    assert wider.bound is not None
    assert wider.bound >= plan.objective * (1 - 1e-9)
    assert tighter.objective <= plan.bound * (1 + 1e-9) or tighter.status == "relaxed"


@pytest.mark.parametrize(("table", "column"), [("line_systems", "unit_cost"), ("lines", "open_cost")])
def test_dearer_is_never_better(base: tuple[Deal, Plan], table: str, column: str) -> None:
    deal, plan = base
    assert plan.bound is not None
    assert best(with_factor(deal, table, column, factor=1.2)).objective <= plan.bound * (1 + 1e-9)

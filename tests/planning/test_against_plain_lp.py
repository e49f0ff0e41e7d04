"""The plan against the same model written naively and solved by scipy: all three objectives, ten deals."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest
from tests.planning.deals_with_cash import with_cash
from tests.planning.deals_with_projects import with_projects
from tests.planning.deals_with_terms import with_currencies, with_terms, with_tiers
from tests.planning.plain_model import PlainModel
from tests.planning.ruled_deal import ruled_deal

import dronedeal
from dronedeal.deal import Deal
from dronedeal.deal.synthetic import synthetic_deal

DEALS = Path(__file__).parents[2] / "deals"
GAP = 1e-8
NAMES = [
    "first-deal",
    "first-deal-terms",
    "licensed-line-terms",
    "first-deal-cash",
    "licensed-line-cash",
    "first-deal-cash-terms",
    "first-deal-all_units",
    "first-deal-incremental",
    "first-deal-currencies",
    "licensed-line",
    *(f"synthetic-{seed}" for seed in range(1, 9)),
    *(f"ruled-{seed}" for seed in (1, 2, 3)),
    *(f"projects-{cost}" for cost in (10, 1500, 4000)),
]


def without_learning(deal: Deal) -> Deal:
    """The same deal with unit costs that stay as they are; learning is no part of the naive model."""
    rows = [row.model_copy(update={"learning_slope": None}) for row in deal.line_systems]
    return deal.with_table("line_systems", rows)


def with_units(deal: Deal, **options: object) -> Deal:
    """The same deal with other options."""
    chosen = deal.settings.options.model_copy(update=options)
    return replace(deal, settings=deal.settings.model_copy(update={"options": chosen}))


def with_shared_work(deal: Deal) -> Deal:
    """The same deal with one standard for all branches, which is one work a system."""
    first = {row.system: row for row in reversed(deal.integrations)}
    same = ("cost", "months", "payer")
    rows = [
        row.model_copy(
            update={"standard": "Approval"} | {name: getattr(first[row.system], name) for name in same}
        )
        for row in deal.integrations
    ]
    return deal.with_table("integrations", rows)


@pytest.fixture(scope="module", params=NAMES)
def deal(request: pytest.FixtureRequest) -> Deal:
    name, _, seed = request.param.rpartition("-")
    if seed == "currencies":
        read = dronedeal.read(DEALS / name)
        return with_currencies(without_learning(with_units(read, whole_units=False)))
    if seed in ("all_units", "incremental"):
        read = dronedeal.read(DEALS / name)
        return with_tiers(without_learning(with_units(read, whole_units=False)), seed)
    if "-cash" in request.param:
        base = request.param.partition("-cash")[0]
        read = with_units(without_learning(dronedeal.read(DEALS / base)), whole_units=False)
        return with_cash(with_terms(read) if request.param.endswith("-terms") else read, base)
    if request.param.endswith("-terms"):
        return with_terms(without_learning(dronedeal.read(DEALS / name)))
    if name == "projects":
        return with_projects(float(seed))
    if name == "ruled":
        return without_learning(with_units(ruled_deal(int(seed)), whole_units=False))
    if name != "synthetic":
        read = dronedeal.read(DEALS / request.param)
        return without_learning(with_units(read, whole_units=False))
    number = int(seed)
    deal = synthetic_deal(
        systems=4 + number % 3,
        lines=2 + number % 2,
        requirements=2 + number % 2,
        seed=number,
        months=12 + 3 * (number % 4),
    )
    deal = with_units(deal, whole_units=False)
    return without_learning(with_shared_work(deal) if number % 2 else deal)


@pytest.mark.parametrize("objective", ["joint", "buyer", "seller"])
def test_plan_reaches_the_optimum_of_the_naive_model(deal: Deal, objective: str) -> None:
    plan = dronedeal.plan(deal, objective=objective, gap=GAP)
    expected = PlainModel(deal, dronedeal.match(deal)).best(objective)
    assert plan.status == "optimal"
    assert plan.objective == pytest.approx(expected, rel=1e-6)
    assert plan.frame("violations").height == 0


@pytest.mark.parametrize("seed", range(11, 17))
def test_whole_units_reach_the_optimum_of_the_naive_model(seed: int) -> None:
    """Every contract quantity an integer of the search, in a deal of few and dear units."""
    made = synthetic_deal(systems=3, lines=1, requirements=2, seed=seed, months=12)
    deal = without_learning(with_units(of_few_units(made), whole_units=True, whole_units_up_to=10**6))
    plan = dronedeal.plan(deal, gap=GAP)
    free = dronedeal.plan(with_units(deal, whole_units=False), gap=GAP)
    expected = PlainModel(deal, dronedeal.match(deal)).best("joint")
    assert plan.objective == pytest.approx(expected, rel=1e-6)
    assert plan.objective <= free.objective + 1e-6 * abs(free.objective)
    assert all(row["quantity"] == int(row["quantity"]) for row in plan.tables["purchases"])


def of_few_units(deal: Deal) -> Deal:
    """The same deal with money for a hundredth of the units."""
    poor = [row.model_copy(update={"amount": row.amount / 100.0}) for row in deal.budgets]
    prices = [row.model_copy(update={"firm_minimum": None}) for row in deal.prices]
    return deal.with_table("budgets", poor).with_table("prices", prices)

"""The order of solves behind one plan: alternatives, colliding rules, stops."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np
import pytest
from tests.planning.small_deal import small_deal

from dronedeal.assessment import assess
from dronedeal.deal import Deal
from dronedeal.errors import SolverError, StoppedError
from dronedeal.planning import Model, build, no_deal_columns, optional_columns
from dronedeal.solving import (
    FakeSolver,
    MatrixForm,
    ObjectiveKind,
    Outcome,
    Solution,
    SolveOptions,
    Status,
    Termination,
    highs_run,
    solve_plan,
)
from dronedeal.solving import outcome as outcome_of
from dronedeal.solving.forms import form_of
from dronedeal.solving.highs import HighsSolver
from dronedeal.solving.interface import never_stop, no_progress
from dronedeal.solving.work import Work


def model_of(deal: Deal) -> Model:
    return build(deal, assess(deal))


def solved(deal: Deal, kind: ObjectiveKind = "joint") -> tuple[Model, Outcome]:
    model = model_of(deal)
    outcome = solve_plan(
        model.problem,
        HighsSolver(),
        kind=kind,
        no_deal=no_deal_columns(model),
        options=SolveOptions(gap=1e-9),
    )
    return model, outcome


def utilities(model: Model, outcome: Outcome) -> tuple[float, float]:
    values = outcome.solution.values
    assert values is not None
    buyer, seller = model.problem.utility @ values + model.problem.utility_constant
    return float(buyer), float(seller)


def test_one_sided_plans_trade_places_around_the_joint_one() -> None:
    found = {kind: utilities(*solved(small_deal(), kind)) for kind in ("joint", "buyer", "seller")}
    assert found["buyer"][0] >= found["joint"][0] - 1e-9
    assert found["seller"][1] >= found["joint"][1] - 1e-9
    for kind in ("buyer", "seller"):
        assert sum(found[kind]) <= sum(found["joint"]) + 1e-9


@pytest.mark.parametrize(("kind", "other"), [("buyer", 1), ("seller", 0)])
def test_the_other_side_keeps_at_least_its_alternative(kind: ObjectiveKind, other: int) -> None:
    model, outcome = solved(small_deal(), kind)
    assert outcome.alternative is not None
    assert utilities(model, outcome)[other] >= outcome.alternative - 1e-6


def test_the_buyers_alternative_is_what_the_market_alone_can_do() -> None:
    _, outcome = solved(small_deal(), "seller")
    market_only = small_deal()
    owned = {system.id for system in market_only.systems if system.supplier == "river"}
    market_only = market_only.with_table("prices", [r for r in market_only.prices if r.system not in owned])
    # Only the buyer's own item remains: its best plan with nothing of the seller's on sale.
    model = model_of(market_only)
    alone = solve_plan(
        model.problem,
        HighsSolver(),
        kind="buyer",
        no_deal=no_deal_columns(model),
        options=SolveOptions(gap=1e-9),
    )
    assert outcome.alternative == pytest.approx(utilities(model, alone)[0], rel=1e-6)


def with_too_much_asked() -> Deal:
    """Own needs and a firm minimum that the lines cannot both serve, and little money."""
    deal = small_deal()
    needs = [row.model_copy(update={"quantity": 700.0, "required_share": 1.0}) for row in deal.home_needs]
    prices = [
        row.model_copy(update={"firm_minimum": 2700.0 if row.firm_minimum else None}) for row in deal.prices
    ]
    return deal.with_table("home_needs", needs).with_table("prices", prices)


def test_rules_that_collide_are_relaxed_and_the_fewest_terms_named() -> None:
    model, outcome = solved(with_too_much_asked())
    problem = model.problem
    assert outcome.is_relaxed
    values = outcome.solution.values
    assert values is not None
    broken = [problem.column_name(n) for n in np.flatnonzero(problem.is_violation & (values > 1e-6))]
    # 175 units of own need in three months come first; the firm minimum of 450 in two months gives way.
    assert broken == ["firm_minimum_violation[kite.any.2028.0,2028]"]


class Unsure(HighsSolver):
    """Cannot tell that a problem has no answer: it gives up, or goes round until its limit."""

    termination = Termination.UNKNOWN

    def solve(self, form: MatrixForm, **given: Any) -> Solution:
        found = super().solve(form, **given)
        if found.termination is Termination.INFEASIBLE:
            return replace(found, termination=self.termination, status=Status.UNKNOWN)
        return found


@pytest.mark.parametrize("termination", [Termination.UNKNOWN, Termination.ITERATION_LIMIT])
def test_rules_are_relaxed_too_where_the_solver_cannot_tell_whether_they_collide(
    termination: Termination, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(Unsure, "termination", termination)
    model = model_of(with_too_much_asked())
    options = SolveOptions(gap=1e-9)
    sure, unsure = (
        solve_plan(model.problem, solver, no_deal=no_deal_columns(model), options=options)
        for solver in (HighsSolver(), Unsure())
    )
    assert unsure.is_relaxed
    assert unsure.solution.objective == pytest.approx(sure.solution.objective, rel=1e-6)


def test_where_whole_numbers_are_many_the_least_violation_is_found_without_a_search(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    model = model_of(with_too_much_asked())
    price, options = model.problem.violation_price, SolveOptions(gap=1e-9)

    def broken() -> float:
        outcome = solve_plan(model.problem, HighsSolver(), no_deal=no_deal_columns(model), options=options)
        assert outcome.is_relaxed
        assert outcome.solution.values is not None
        return float(price[model.problem.is_violation] @ outcome.solution.values[model.problem.is_violation])

    searched = broken()
    monkeypatch.setattr(outcome_of, "_MANY_INTEGERS", -1)
    monkeypatch.setattr(outcome_of, "_fewest_terms", None)
    # A hundredth more is left open, so that whole numbers are soon found.
    assert 0 < broken() <= searched * (1.01 + 1e-6)


def test_a_relaxation_that_goes_round_is_ended(monkeypatch: pytest.MonkeyPatch) -> None:
    """With a limit of no iterations at all every relaxation ends like that, and says so without a bound."""
    monkeypatch.setattr(highs_run, "_ITERATIONS", 0)
    monkeypatch.setattr(highs_run, "_LEAST_ITERATIONS", 0)
    problem, options = model_of(small_deal()).problem, SolveOptions()
    work = Work(problem, HighsSolver(), options=options, on_progress=no_progress, should_stop=never_stop)
    found = work.solve(form_of(problem, "joint", problem.upper, None), step="test")
    assert found.termination is Termination.ITERATION_LIMIT
    assert found.values is None
    assert found.bound == np.inf


def test_own_needs_beyond_all_capacity_give_way_and_are_named() -> None:
    deal = small_deal()
    needs = [row.model_copy(update={"quantity": 7000.0, "required_share": 1.0}) for row in deal.home_needs]
    model, outcome = solved(deal.with_table("home_needs", needs))
    values = outcome.solution.values
    assert values is not None
    broken = [
        model.problem.column_name(n) for n in np.flatnonzero(model.problem.is_violation & (values > 1e-6))
    ]
    assert outcome.is_relaxed
    assert "home_need_violation[own.2028,2028]" in broken


def test_a_deal_without_collisions_has_no_violations() -> None:
    model, outcome = solved(small_deal())
    assert not outcome.is_relaxed
    assert outcome.solution.values is not None
    assert outcome.solution.values[model.problem.is_violation].max() == 0


def answer(termination: Termination, values: np.ndarray | None = None) -> Solution:
    return Solution(Status.OK, termination, values, 1.0, 1.0, None, 0.0)


def stopped(termination: Termination) -> Solution:
    return Solution(Status.ABORTED, termination, None, float("-inf"), float("inf"), None, 0.0)


class HastySolver(HighsSolver):
    """Is interrupted at the first solve."""

    calls = 0

    def solve(self, form: Any, **arguments: Any) -> Solution:
        self.calls += 1
        return stopped(Termination.INTERRUPTED) if self.calls == 1 else super().solve(form, **arguments)


def test_a_stop_before_any_plan_leaves_the_plan_of_what_must_be_done() -> None:
    model = model_of(small_deal())
    problem = model.problem
    outcome = solve_plan(problem, HastySolver(), no_deal=no_deal_columns(model))
    values = outcome.solution.values
    assert values is not None
    assert outcome.solution.status is Status.WARNING
    assert outcome.solution.termination is Termination.INTERRUPTED
    assert outcome.solution.bound == float("inf")
    assert values[optional_columns(problem)].max() == 0
    assert values[problem.columns["home"].slice].sum() > 0
    assert values[problem.columns["assign"].slice].sum() >= 40  # the firm minimum
    assert values[problem.is_violation].max(initial=0.0) == 0


def test_a_stop_before_any_plan_names_what_collides() -> None:
    """Own needs beyond all capacity: what must be done falls short of them, and says by how much."""
    deal = small_deal()
    needs = [row.model_copy(update={"quantity": 7000.0, "required_share": 1.0}) for row in deal.home_needs]
    model = model_of(deal.with_table("home_needs", needs))
    problem = model.problem
    early = solve_plan(problem, HastySolver(), no_deal=no_deal_columns(model))
    full = solve_plan(problem, HighsSolver(), no_deal=no_deal_columns(model))
    values = early.solution.values
    assert early.is_relaxed
    assert values is not None
    broken = [problem.column_name(n) for n in np.flatnonzero(problem.is_violation & (values > 1e-6))]
    assert broken
    assert all(name.startswith("home_need_violation") for name in broken)
    assert early.solution.objective <= full.solution.objective + 1e-6


@pytest.mark.parametrize(
    ("termination", "words"),
    [
        (Termination.TIME_LIMIT, "out of time before any plan was found"),
        (Termination.INTERRUPTED, "stopped before any plan was found"),
    ],
)
def test_a_stop_says_so_where_even_that_is_impossible(termination: Termination, words: str) -> None:
    model = model_of(small_deal())
    fake = FakeSolver([stopped(termination), *[stopped(Termination.INFEASIBLE)] * 3])
    with pytest.raises(StoppedError, match=words):
        solve_plan(model.problem, fake, no_deal=no_deal_columns(model))


def test_an_unexpected_end_is_a_fault_of_the_program() -> None:
    model = model_of(small_deal())
    fake = FakeSolver([answer(Termination.UNBOUNDED)])
    with pytest.raises(SolverError, match="ended with unbounded where a plan always exists"):
        solve_plan(model.problem, fake, no_deal=no_deal_columns(model))


def test_the_order_of_solves_of_a_one_sided_plan() -> None:
    model = model_of(small_deal())
    values = np.zeros(model.problem.n_columns)
    fake = FakeSolver([replace(answer(Termination.OPTIMAL, values)) for _ in range(2)])
    outcome = solve_plan(model.problem, fake, kind="buyer", no_deal=no_deal_columns(model))
    assert [step for step, _ in fake.asked] == ["alternative of the seller", "buyer plan"]
    alone, plan = (form for _, form in fake.asked)
    assert alone.upper[no_deal_columns(model)].max() == 0
    assert len(plan.row_lower) == len(alone.row_lower) + 1
    assert outcome.alternative == 1.0


def test_without_the_deal_rules_that_collide_are_broken_as_little_as_possible() -> None:
    deal = small_deal()
    # Own needs that only the deal's own firm lines could serve: the buyer pays for every step of them.
    lines = [row.model_copy(update={"investor": "north", "initial_capacity": 10.0}) for row in deal.lines]
    model = model_of(deal.with_table("lines", lines))
    steps: list[str] = []
    outcome = solve_plan(
        model.problem,
        HighsSolver(),
        kind="buyer",
        no_deal=no_deal_columns(model),
        options=SolveOptions(gap=1e-9),
        on_progress=lambda progress: steps.append(progress.step),
    )
    assert "alternative of the seller, rules relaxed" in steps
    assert not outcome.is_relaxed
    assert outcome.alternative is not None
    assert utilities(model, outcome)[1] >= outcome.alternative - 1e-6


def test_capacity_that_exists_goes_on_without_the_deal_whoever_paid_for_it() -> None:
    deal = small_deal()
    paid = [row.model_copy(update={"investor": "north"}) if row.id == "home" else row for row in deal.lines]
    _, as_it_was = solved(deal, "buyer")
    _, outcome = solved(deal.with_table("lines", paid), "buyer")
    assert outcome.alternative is not None
    assert as_it_was.alternative is not None
    # Without the steps that the buyer would pay for the seller can do a little less, but not nothing.
    assert 0 < outcome.alternative <= as_it_was.alternative + 1e-9

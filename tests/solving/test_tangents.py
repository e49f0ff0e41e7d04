"""Climbing along tangents: the plan found, its bound, the other side, a stop."""

from __future__ import annotations

import itertools
from dataclasses import replace

import numpy as np
import pytest
from tests.planning.learning_deal import learning_deal
from tests.planning.test_model import fork_last_year

from dronedeal.assessment import assess
from dronedeal.deal import Deal
from dronedeal.planning import Model, build, build_problem, no_deal_columns
from dronedeal.planning.arrange import arrange
from dronedeal.solving import ObjectiveKind, Outcome, Progress, SolveOptions, Termination, solve_plan
from dronedeal.solving.highs import HighsSolver


def solved(deal: Deal, kind: ObjectiveKind = "joint", gap: float = 1e-3) -> tuple[Model, Outcome]:
    model = build(deal, assess(deal))
    outcome = solve_plan(
        model.problem, HighsSolver(), kind=kind, no_deal=no_deal_columns(model), options=SolveOptions(gap=gap)
    )
    return model, outcome


def test_the_objective_is_the_true_one_and_below_the_bound() -> None:
    model, outcome = solved(learning_deal())
    values = outcome.solution.values
    assert values is not None
    assert outcome.solution.objective == pytest.approx(
        float(model.problem.utilities(values).sum()), rel=1e-12
    )
    assert outcome.solution.objective <= outcome.solution.bound
    # The chords think that the same plan is worth more: that is what the bound is made of.
    chords = model.problem.chords()
    assert float(chords.utilities(values).sum()) >= outcome.solution.objective


def test_the_plan_is_no_worse_than_any_tried_at_random_along_the_tangents() -> None:
    """From random slopes the linear problem gives other plans of the same rules; none is worth more."""
    model, outcome = solved(learning_deal())
    problem = model.problem
    assert problem.curves is not None
    for seed in range(25):
        draw = np.random.default_rng(seed)
        made = problem.curves.most * draw.random(problem.curves.most.shape)
        values = np.zeros(problem.n_columns)
        exists = problem.curves.make >= 0
        values[problem.curves.make[exists]] = made[exists]
        linear = problem.tangent(values)
        tried = solve_plan(linear, HighsSolver(), no_deal=np.array([], dtype=int)).solution.values
        assert tried is not None
        worth = float(problem.utilities(tried).sum())
        assert worth <= outcome.solution.bound
        assert worth <= outcome.solution.objective * (1 + 1e-3)


def test_where_nothing_can_be_learnt_from_others_the_bound_is_that_of_every_vertex() -> None:
    """One line, one product, one use for it: cost is concave, so the best plan makes all or nothing."""
    deal = learning_deal(learning_group=None, transfer_share=0.0)
    deal = deal.with_table("line_systems", deal.line_systems[:1]).with_table("lines", deal.lines[:1])
    deal = deal.with_table("systems", deal.systems[:1])
    deal = deal.with_table("prices", [row for row in deal.prices if row.system == "kite"])
    for value in (500.0, 650.0, 700.0, 800.0):
        rows = [
            row.model_copy(update={"value_threshold": value, "value_objective": value})
            for row in deal.requirements
        ]
        _, outcome = solved(deal.with_table("requirements", rows))
        best = 0.0
        for stop in itertools.product((0.0, 60.0), repeat=6):
            best = max(best, _worth(np.array(stop), value))
        assert outcome.solution.objective == pytest.approx(best, rel=1e-9, abs=1e-9)
        assert outcome.solution.bound >= best - 1e-9


def _worth(made: np.ndarray, value: float) -> float:
    """What making and delivering at once is worth to both: the price moves from one to the other."""
    b = -np.log2(0.8)
    worth, experience = 0.0, 100.0
    for month, units in enumerate(made):
        buyer, seller = 1.06 ** (-month / 12), 1.12 ** (-month / 12)
        last = 1.06 ** (-(2 if month < 3 else 5) / 12)
        cost = 800 * 100**b * ((experience + units) ** (1 - b) - experience ** (1 - b)) / (1 - b)
        experience += units
        worth += units * (last * value + (seller - buyer) * 1000) - seller * cost
    return worth / 1e6


@pytest.mark.parametrize(("kind", "other"), [("buyer", 1), ("seller", 0)])
def test_the_other_side_keeps_its_alternative_at_true_cost(kind: ObjectiveKind, other: int) -> None:
    model, outcome = solved(learning_deal(), kind)
    values = outcome.solution.values
    assert values is not None
    assert outcome.alternative is not None
    utilities = model.problem.utilities(values)
    assert utilities[other] >= outcome.alternative - 1e-7
    joint = solved(learning_deal())[1].solution
    own = utilities[1 - other]
    assert own <= outcome.solution.bound + 1e-9
    assert float(utilities.sum()) <= joint.bound + 1e-9


def test_a_gap_that_is_not_closed_is_stated() -> None:
    _, outcome = solved(learning_deal(), gap=1e-9)
    assert outcome.solution.termination in (Termination.ITERATION_LIMIT, Termination.OPTIMAL)
    if outcome.solution.termination is Termination.OPTIMAL:
        assert outcome.solution.gap <= 1e-9
    else:
        assert outcome.solution.gap > 1e-9


def test_progress_tells_the_true_best_and_the_proven_bound() -> None:
    deal = learning_deal()
    model = build(deal, assess(deal))
    seen: list[Progress] = []
    outcome = solve_plan(
        model.problem, HighsSolver(), no_deal=no_deal_columns(model), on_progress=seen.append
    )
    last = seen[-1]
    assert last.best == pytest.approx(outcome.solution.objective)
    assert last.bound == pytest.approx(outcome.solution.bound)


@pytest.mark.parametrize("kind", ["joint", "buyer"])
def test_the_first_plan_is_told_once_whole_at_its_true_cost_and_bounded(kind: ObjectiveKind) -> None:
    model = build(learning_deal(), assess(learning_deal()))
    told: list[Outcome] = []
    last = solve_plan(
        model.problem, HighsSolver(), kind=kind, no_deal=no_deal_columns(model), on_first=told.append
    )
    (first,) = told
    values = first.solution.values
    assert values is not None
    worth = model.problem.utilities(values)
    own = float(worth.sum() if kind == "joint" else worth[0])
    assert first.solution.objective == pytest.approx(own, rel=1e-9)
    assert values[model.problem.is_whole] == pytest.approx(np.round(values[model.problem.is_whole]))
    assert first.alternative == last.alternative
    assert first.solution.objective <= last.solution.objective + 1e-9
    assert first.solution.bound >= last.solution.bound - 1e-9


def test_progress_never_shows_what_the_chords_think_a_plan_is_worth() -> None:
    model = build(learning_deal(), assess(learning_deal()))
    seen: list[Progress] = []
    outcome = solve_plan(
        model.problem, HighsSolver(), no_deal=no_deal_columns(model), on_progress=seen.append
    )
    best = [progress.best for progress in seen if progress.best is not None]
    assert all(worth <= outcome.unrounded + 1e-9 for worth in best)
    assert seen[0].best is None
    assert all(progress.bound is None or progress.bound >= outcome.unrounded for progress in seen)


def test_a_hot_solver_starts_from_the_last_plan_and_finds_one_as_good() -> None:
    deal = learning_deal()
    hot = HighsSolver(is_hot=True)
    for share in (1.0, 0.97, 1.05, 0.5):
        rows = [row.model_copy(update={"unit_cost": row.unit_cost * share}) for row in deal.line_systems]
        model = build(deal.with_table("line_systems", rows), assess(deal))
        found = [
            solve_plan(model.problem, solver, no_deal=no_deal_columns(model))
            for solver in (hot, HighsSolver())
        ]
        warm, cold = (outcome.solution for outcome in found)
        assert warm.values is not None
        assert warm.objective == pytest.approx(float(model.problem.utilities(warm.values).sum()), rel=1e-9)
        assert warm.objective == pytest.approx(cold.objective, rel=1e-3)
        assert warm.objective <= cold.bound + 1e-9
        assert cold.objective <= warm.bound + 1e-9


def test_a_known_plan_whose_integers_are_no_longer_possible_is_left_aside() -> None:
    hot, deal = HighsSolver(is_hot=True), learning_deal()
    smaller = [row.model_copy(update={"initial_capacity": 1.0}) for row in deal.lines]
    for changed in (deal, deal.with_table("lines", smaller), deal):
        model = build(changed, assess(changed))
        warm, cold = (
            solve_plan(model.problem, solver, no_deal=no_deal_columns(model)).solution.objective
            for solver in (hot, HighsSolver())
        )
        assert warm == pytest.approx(cold, rel=1e-3)


def test_splitting_the_future_into_two_alike_changes_neither_plan_nor_bound() -> None:
    data = arrange(learning_deal(), assess(learning_deal()))
    found = []
    for tree in (data.tree, fork_last_year(data.tree, 0.3)):
        problem = build_problem(replace(data, tree=tree))
        found.append(solve_plan(problem, HighsSolver(), no_deal=np.array([], dtype=int)).solution)
    assert found[1].objective == pytest.approx(found[0].objective, rel=1e-6)
    assert found[1].bound == pytest.approx(found[0].bound, rel=1e-9)


@pytest.mark.parametrize("kind", ["joint", "buyer"])
def test_a_stop_keeps_what_is_found_with_its_true_worth_and_a_valid_bound(kind: ObjectiveKind) -> None:
    model = build(learning_deal(), assess(learning_deal()))
    best = solved(learning_deal(), kind)[1].solution.objective
    reasons = set()
    for asked in (0, 4, 10, 30):
        calls = itertools.count()
        outcome = solve_plan(
            model.problem,
            HighsSolver(),
            kind=kind,
            no_deal=no_deal_columns(model),
            should_stop=lambda calls=calls, asked=asked: next(calls) >= asked,  # type: ignore[misc]
        )
        values = outcome.solution.values
        assert values is not None
        worth = model.problem.utilities(values)
        own = float(worth.sum() if kind == "joint" else worth[0])
        assert outcome.solution.objective == pytest.approx(own, rel=1e-9)
        assert outcome.solution.objective <= outcome.solution.bound
        assert outcome.solution.bound >= best - 1e-9
        reasons.add(outcome.solution.termination)
    assert Termination.INTERRUPTED in reasons

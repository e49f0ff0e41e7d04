"""HiGHS behind the seam: known answers, duals, stopping, progress."""

from __future__ import annotations

import itertools
import threading
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.solving.small_forms import form

from dronedeal.errors import SolverError
from dronedeal.solving import MatrixForm, Progress, Solution, SolveOptions, Status, Termination, never_stop
from dronedeal.solving.dives import nearest, upwards
from dronedeal.solving.highs import HighsSolver
from dronedeal.solving.highs_calls import Watch, carried_basis, run_watched, set_option
from dronedeal.solving.highs_dives import dive, dive_once
from dronedeal.solving.highs_run import Run
from dronedeal.solving.interface import ShouldStop, no_progress

PRIMAL = 4  # as HiGHS numbers its strategies


def solve(problem: MatrixForm, **changes: object) -> Solution:
    arguments: dict[str, object] = {
        "options": SolveOptions(gap=1e-9),
        "step": "test",
        "start": None,
        "on_progress": lambda progress: None,
        "should_stop": never_stop,
    }
    return HighsSolver().solve(problem, **(arguments | changes))  # type: ignore[arg-type]


def test_duals_are_the_change_of_the_maximum_for_one_more_unit() -> None:
    # max 3a + 2b, a + b <= 4, a + 3b <= 6, a <= 3: a = 3, b = 1
    solution = solve(form([3, 2], [[1, 1], [1, 3]], [4, 6], upper=[3, 9], constant=10))
    assert solution.status is Status.OK
    assert solution.objective == pytest.approx(21)
    assert solution.bound == pytest.approx(21)
    assert solution.values == pytest.approx([3, 1])
    assert solution.row_duals is not None
    more = solve(form([3, 2], [[1, 1], [1, 3]], [4.25, 6], upper=[3, 9], constant=10))
    # b may only grow to 1 before the second row stops it: nothing is gained
    assert (more.objective - solution.objective) / 0.25 == pytest.approx(solution.row_duals[0], abs=2.0)


def test_dual_of_a_binding_row_is_positive_when_maximising() -> None:
    solution = solve(form([5], [[2]], [8], upper=[100]))
    assert solution.row_duals == pytest.approx([2.5])


def test_infeasible_and_unbounded_problems_are_named() -> None:
    problem = replace(form([1], [[1]], [1], upper=[5]), row_lower=np.array([3.0]), row_upper=np.array([4.0]))
    impossible = replace(problem, upper=np.array([2.0]))
    assert solve(impossible).termination is Termination.INFEASIBLE
    endless = form([1], [[-1]], [1], upper=[np.inf])
    assert solve(endless).termination in (Termination.UNBOUNDED, Termination.INFEASIBLE_OR_UNBOUNDED)


@settings(max_examples=60, deadline=None, derandomize=True)
@given(
    values=st.lists(st.integers(1, 30), min_size=2, max_size=7),
    data=st.data(),
)
def test_integer_problems_reach_the_enumerated_optimum(values: list[int], data: st.DataObject) -> None:
    weights = [data.draw(st.integers(1, 12)) for _ in values]
    room = data.draw(st.integers(1, 40))
    problem = form(values, [weights], [room], upper=[2] * len(values), integers=tuple(range(len(values))))
    best = max(
        sum(v * n for v, n in zip(values, counts, strict=True))
        for counts in itertools.product(range(3), repeat=len(values))
        if sum(w * n for w, n in zip(weights, counts, strict=True)) <= room
    )
    solution = solve(problem)
    assert solution.objective == pytest.approx(best)
    assert solution.objective - 1e-6 <= solution.bound
    assert solution.gap <= 1e-6


def hard_problem(size: int = 60) -> MatrixForm:
    """A multi-row knapsack that branch and bound does not finish in a second."""
    generator = np.random.default_rng(7)
    rows = generator.integers(10, 100, size=(12, size)).tolist()
    values = generator.integers(10, 100, size=size).tolist()
    limits = [sum(row) / 3 for row in rows]
    return form(values, rows, limits, upper=[1] * size, integers=tuple(range(size)))


def test_a_stop_returns_the_best_plan_with_a_valid_bound() -> None:
    stop = threading.Event()

    def stop_at_a_plan(progress: Progress) -> None:
        if progress.best is not None:
            stop.set()

    problem = hard_problem(200)
    solution = solve(
        problem, options=SolveOptions(gap=1e-9), should_stop=stop.is_set, on_progress=stop_at_a_plan
    )
    assert solution.termination is Termination.INTERRUPTED
    assert solution.status is Status.WARNING
    assert solution.has_values
    assert solution.bound >= solution.objective


def test_a_time_limit_returns_the_best_plan_with_a_valid_bound() -> None:
    problem = hard_problem(200)
    solution = solve(problem, options=SolveOptions(gap=1e-9, time_limit=2.0))
    assert solution.termination is Termination.TIME_LIMIT
    assert solution.has_values
    assert solution.values is not None
    assert (problem.matrix.times(solution.values) <= problem.row_upper + 1e-6).all()
    assert solution.bound >= solution.objective


def test_a_limit_of_nodes_ends_the_search_with_a_valid_bound() -> None:
    draw = np.random.default_rng(3)
    worth, weight = draw.integers(20, 60, 40), draw.integers(20, 60, (6, 40))
    problem = form(worth.tolist(), weight.tolist(), (weight.sum(axis=1) // 3).tolist(), upper=[1.0] * 40)
    problem = replace(problem, is_integer=np.ones(40, dtype=bool))
    best, short = solve(problem), solve(problem, options=SolveOptions(gap=1e-9, nodes=1))
    assert best.termination is Termination.OPTIMAL
    assert short.termination is Termination.ITERATION_LIMIT
    assert short.objective <= best.objective + 1e-9
    assert short.bound >= best.objective - 1e-9
    assert short.bound > best.bound + 1e-9  # it ended before the proof


def test_progress_is_reported_while_it_works() -> None:
    seen: list[Progress] = []
    solve(hard_problem(200), options=SolveOptions(gap=1e-9, time_limit=2.6), on_progress=seen.append)
    assert len(seen) >= 2
    assert all(later.elapsed >= earlier.elapsed for earlier, later in itertools.pairwise(seen))
    assert seen[-1].best is not None
    assert seen[-1].bound is not None
    bounds = [progress.bound for progress in seen if progress.bound is not None]
    assert all(later <= earlier + 1e-9 for earlier, later in itertools.pairwise(bounds))


def test_same_problem_and_seed_give_the_same_plan_to_the_last_bit() -> None:
    first, second = (solve(hard_problem(30), options=SolveOptions(gap=0.02)) for _ in range(2))
    assert first.values is not None
    assert second.values is not None
    assert (first.values == second.values).all()
    assert first.bound == second.bound


def test_an_option_that_the_solver_does_not_know_is_a_fault_of_the_program() -> None:
    from dronedeal.solving.highs_calls import new_solver, set_option

    with pytest.raises(SolverError, match="setting option no_such_option to 3"):
        set_option(new_solver(), "no_such_option", 3)


def test_name_carries_the_version() -> None:
    assert HighsSolver().name.startswith("HiGHS 1.")


def test_a_hot_solver_restarts_from_the_basis_of_a_like_problem() -> None:
    generator = np.random.default_rng(3)
    rows = generator.integers(1, 20, size=(30, 40)).astype(float).tolist()
    values = generator.integers(1, 50, size=40).astype(float).tolist()
    first = form(values, rows, [200.0] * 30, upper=[10.0] * 40)
    changed = replace(first, row_upper=first.row_upper * 1.05)
    arguments: dict[str, object] = {
        "options": SolveOptions(),
        "step": "test",
        "start": None,
        "on_progress": lambda progress: None,
        "should_stop": never_stop,
    }
    hot = HighsSolver(is_hot=True)
    hot.solve(first, **arguments)  # type: ignore[arg-type]
    again = hot.solve(changed, **arguments)  # type: ignore[arg-type]
    assert again.objective == pytest.approx(solve(changed).objective, rel=1e-9)
    other_size = hot.solve(form([1.0], [[1.0]], [4.0], upper=[9.0]), **arguments)  # type: ignore[arg-type]
    assert other_size.objective == pytest.approx(4.0)


def test_a_problem_without_columns_has_one_plan_or_none() -> None:
    empty = form([], [], [], upper=[], constant=3.0)
    solution = solve(empty)
    assert solution.termination is Termination.OPTIMAL
    assert (solution.objective, solution.bound) == (3.0, 3.0)
    asked = replace(form([], [[]], [4.0], upper=[]), row_lower=np.array([2.0]))
    assert solve(asked).termination is Termination.INFEASIBLE


def test_a_stop_in_the_dive_keeps_the_bound_of_the_relaxation() -> None:
    stop = threading.Event()
    run = Run(
        hard_problem(),
        SolveOptions(),
        step="test",
        on_progress=lambda progress: None,
        should_stop=stop.is_set,
    )
    relaxed = run.relax(None)
    stop.set()
    solution = dive(run, relaxed.objective)
    assert not solution.has_values
    assert solution.termination is Termination.INTERRUPTED
    assert solution.bound == relaxed.objective


def paired_stores() -> MatrixForm:
    """Four pairs of stores, one of each pair at most; one opened halfway would hold all worth selling."""
    count = 8
    same = np.eye(count)
    sell_limits = np.hstack([same, -10.0 * same]).tolist()
    pairs = [[0.0] * count + [float(j // 2 == pair) for j in range(count)] for pair in range(4)]
    return form(
        [1.0] * count + [-1.0] * count,
        [*sell_limits, *pairs],
        [0.0] * count + [1.0] * 4,
        upper=[5.0] * count + [1.0] * count,
        integers=tuple(range(count, 2 * count)),
    )


def test_a_dive_whose_batch_contradicts_itself_rounds_fewer_at_once() -> None:
    run = Run(paired_stores(), SolveOptions(), step="", on_progress=no_progress, should_stop=never_stop)
    bound = run.relax(None).objective
    assert bound == pytest.approx(8 * 5 - 8 * 0.5)
    assert dive_once(run, bound, upwards).objective == pytest.approx(4 * 5 - 4 * 1)


def test_a_dive_that_falls_to_a_known_plan_is_given_up() -> None:
    run = Run(hard_problem(), SolveOptions(), step="", on_progress=no_progress, should_stop=never_stop)
    bound = run.relax(None).objective
    found = dive_once(run, bound, nearest)
    assert found.has_values
    assert dive_once(run, bound, nearest, beaten=found.objective - 1e-6).objective == found.objective
    assert not dive_once(run, bound, nearest, beaten=found.objective).has_values


def test_the_next_solve_starts_from_the_best_dive_and_not_from_the_last() -> None:
    run = Run(paired_stores(), SolveOptions(), step="", on_progress=no_progress, should_stop=never_stop)
    bound = run.relax(None).objective
    # to the nearest, all stores stay closed
    assert dive_once(run, bound, nearest).objective == pytest.approx(0.0)
    best = dive(run, bound)
    assert best.values is not None
    assert best.objective == pytest.approx(16.0)
    assert run.hold_again(best.values[run.integers]).objective == pytest.approx(16.0)
    assert run.highs.getInfo().simplex_iteration_count == 0


def test_a_linear_problem_ends_while_a_stop_is_asked_for_and_goes_on_after_it() -> None:
    run = Run(hard_problem(), SolveOptions(), step="", on_progress=no_progress, should_stop=never_stop)
    run.watch.stop.set()
    assert run.relax(None).termination is Termination.INTERRUPTED
    run.watch.stop.clear()
    assert run.relax(None).termination is Termination.OPTIMAL


def test_a_problem_begins_where_a_like_one_ended() -> None:
    draw = np.random.default_rng(3)
    worth, rows = draw.uniform(1.0, 2.0, 40), draw.uniform(0.1, 1.0, (20, 40))
    old = form(worth.tolist(), rows.tolist(), [5.0] * 20, upper=[1.0] * 40)
    first = Run(old, SolveOptions(), step="", on_progress=no_progress, should_stop=never_stop)
    best = first.relax(None)
    # The other lacks a column that the plan does without and a row that limits nothing, and has one more.
    assert best.values is not None
    without = int(np.flatnonzero(best.values == 0.0)[0])
    slack = int(np.flatnonzero(rows @ best.values < 5.0 - 1e-6)[-1])
    columns, kept = np.delete(np.arange(40), without), np.delete(np.arange(20), slack)
    more = np.append(columns, -1)
    numbers = np.hstack([rows[np.ix_(kept, columns)], np.full((19, 1), 9.0)])
    new = form([*worth[columns], 1e-3], numbers.tolist(), [5.0] * 19, upper=[1.0] * 40)
    other = Run(new, SolveOptions(), step="", on_progress=no_progress, should_stop=never_stop)
    found = other.relax(carried_basis(first.basis(), more, kept))
    assert found.objective == pytest.approx(best.objective)
    assert other.highs.getInfo().simplex_iteration_count == 0
    anew = Run(new, SolveOptions(), step="", on_progress=no_progress, should_stop=never_stop)
    set_option(anew.highs, "presolve", "off")
    assert anew.relax(None).objective == pytest.approx(best.objective)
    assert anew.highs.getInfo().simplex_iteration_count > 0


@pytest.fixture
def told(monkeypatch: pytest.MonkeyPatch) -> list[tuple[str, int]]:
    """How each linear problem was solved: `presolve` and `simplex_strategy`."""
    told: list[tuple[str, int]] = []

    def noted(highs: object, *, watch: Watch, report: object, should_stop: ShouldStop) -> None:
        names = ("presolve", "simplex_strategy")
        presolve, strategy = (highs.getOptionValue(name)[1] for name in names)  # type: ignore[attr-defined]
        told.append((presolve, strategy))
        run_watched(highs, watch=watch, report=report, should_stop=should_stop)

    monkeypatch.setattr("dronedeal.solving.highs_run.run_watched", noted)
    return told


def test_the_first_plan_with_integers_held_is_begun_with_presolve_and_later_ones_go_on(
    told: list[tuple[str, int]],
) -> None:
    """From nothing, without presolve, the primal simplex takes minutes in a large problem."""
    first = form(
        [3.0, 2.0, 1.0], [[1.0, 1.0, 1.0], [1.0, 0.0, 2.0]], [4.5, 3.5], upper=[3.0] * 3, integers=(0,)
    )
    loaded = HighsSolver().load(
        first, options=SolveOptions(), step="", on_progress=no_progress, should_stop=never_stop
    )
    held = np.array([2.0])
    assert loaded.maximise(first, held=held).objective == pytest.approx(2 * 3.0 + 2.5 * 2.0)
    other = replace(first, objective=np.array([3.0, 1.0, 2.0]))
    again = loaded.maximise(other, held=held)
    assert again.objective == pytest.approx(2 * 3.0 + 0.75 * 2.0 + 1.75 * 1.0)
    assert told[0][0] == "choose"
    assert told[1] == ("off", PRIMAL)
    assert solve(
        replace(other, lower=np.array([2.0, 0.0, 0.0]), upper=np.array([2.0, 3.0, 3.0]))
    ).objective == (pytest.approx(again.objective))


def test_a_plan_that_is_too_far_to_go_on_from_is_left_for_a_new_beginning(
    told: list[tuple[str, int]], monkeypatch: pytest.MonkeyPatch
) -> None:
    draw = np.random.default_rng(5)
    rows, limits = draw.uniform(0.1, 1.0, (30, 60)).tolist(), [4.0] * 30
    worths = [draw.uniform(1.0, 2.0, 60).tolist() for _ in range(2)]
    first, other = (form(worth, rows, limits, upper=[1.0] * 60, integers=(0,)) for worth in worths)
    found = []
    for steps in (10_000, 1):
        monkeypatch.setattr("dronedeal.solving.highs_run._FAR", steps)
        loaded = HighsSolver().load(
            first, options=SolveOptions(), step="", on_progress=no_progress, should_stop=never_stop
        )
        held = np.array([1.0])
        assert loaded.maximise(first, held=held).termination is Termination.OPTIMAL
        told.clear()
        found.append(loaded.maximise(other, held=held))
        assert [presolve for presolve, _ in told] == (["off"] if steps > 1 else ["off", "choose"])
        # And on from there.
        assert loaded.maximise(other, held=held).objective == pytest.approx(found[-1].objective)
    assert [each.termination for each in found] == [Termination.OPTIMAL] * 2
    assert found[1].objective == pytest.approx(found[0].objective)

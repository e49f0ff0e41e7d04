"""Whole units: rounding down, up where it must be, and branch and bound where rounding runs into a wall."""

from __future__ import annotations

import itertools
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.solving.small_forms import form

from dronedeal.solving import MatrixForm, Solution, SolveOptions, Termination, never_stop, no_progress
from dronedeal.solving.highs import HighsSolver
from dronedeal.solving.highs_run import Hot, Run
from dronedeal.solving.rounding import ROUNDS, fractional, make_whole

EXACT = SolveOptions(gap=1e-9)


def whole_form(problem: MatrixForm, **changes: object) -> MatrixForm:
    return replace(problem, is_whole=np.ones(len(problem.lower), dtype=bool), **changes)  # type: ignore[arg-type]


def rounded(problem: MatrixForm, options: SolveOptions = EXACT) -> tuple[Solution, Solution]:
    solver = HighsSolver()
    free = solver.solve(
        problem, options=options, step="test", start=None, on_progress=no_progress, should_stop=never_stop
    )
    return free, solver.make_whole(problem, free, options=options, step="test", on_progress=no_progress)


def test_quantities_are_rounded_down_and_what_is_left_goes_to_the_next_best() -> None:
    # max 5a + 2b, 2a + b <= 9, a <= 3.5: a = 3.5, b = 2; whole: a = 3, and b takes the 3 that are left
    free, whole = rounded(whole_form(form([5, 2], [[2, 1]], [9], upper=[3.5, 99])))
    assert free.values == pytest.approx([3.5, 2])
    assert whole.values is not None
    assert whole.values.tolist() == [3, 3]
    assert (free.objective, whole.objective) == pytest.approx((21.5, 21))
    assert whole.bound == pytest.approx(21.5)
    assert whole.termination is Termination.OPTIMAL


@pytest.mark.parametrize(("gap", "expected"), [(0.9, [1, 0, 0]), (1e-3, [0, 1, 1])])
def test_few_quantities_are_searched_where_rounding_costs_more_than_the_gap(
    gap: float, expected: list[int]
) -> None:
    # max 5a + 4b + 3c, 6a + 5b + 4c <= 9.9: a = 1.65 is rounded to 1, which leaves too little for b or c
    problem = whole_form(form([5, 4, 3], [[6, 5, 4]], [9.9], upper=[9, 9, 9]))
    _, whole = rounded(problem, SolveOptions(gap=gap))
    assert whole.values is not None
    assert whole.values.tolist() == expected


def test_duals_are_those_of_free_quantities() -> None:
    free, whole = rounded(whole_form(form([5, 2], [[2, 1]], [9], upper=[3.5, 99])))
    assert whole.row_duals == pytest.approx([2])
    assert free.row_duals == pytest.approx([2])


def test_a_lower_limit_is_met_by_rounding_up() -> None:
    # max -3a - b with a + b >= 2.5 and b <= 1: a = 1.5, b = 1
    problem = replace(form([-3, -1], [[1, 1]], [99], upper=[99, 1]), row_lower=np.array([2.5]))
    free, whole = rounded(whole_form(problem))
    assert free.values == pytest.approx([1.5, 1])
    assert whole.values is not None
    assert whole.values.tolist() == [2, 1]


def test_branch_and_bound_finds_what_rounding_one_by_one_does_not() -> None:
    # 3a + 5b = 14 with a worth most: a = 14/3; neither a = 4 nor a = 5 leaves a whole b
    problem = replace(form([3.1, 5], [[3, 5]], [14], upper=[99, 99]), row_lower=np.array([14.0]))
    free, whole = rounded(whole_form(problem))
    assert free.values == pytest.approx([14 / 3, 0])
    assert whole.values is not None
    assert whole.values.tolist() == [3, 1]


def test_where_nothing_whole_is_possible_it_says_so() -> None:
    problem = replace(form([1], [[2]], [3], upper=[99]), row_lower=np.array([3.0]))
    _, whole = rounded(whole_form(problem))
    assert not whole.has_values
    assert whole.termination is Termination.INFEASIBLE


def test_integers_of_the_search_stay_as_they_were_found() -> None:
    # a lot of 4 is an integer of the search, b is rounded: max 3 lots + b, 4 lots + b <= 9.7
    problem = whole_form(form([5, 1], [[4, 1]], [9.7], upper=[9, 99], integers=(0,)))
    problem = replace(problem, is_whole=np.array([False, True]))
    free, whole = rounded(problem)
    assert free.values == pytest.approx([2, 1.7])
    assert whole.values is not None
    assert whole.values.tolist() == [2, 1]


def test_small_quantities_of_the_search_reach_the_optimum() -> None:
    # The best is not the one rounded down: a = 1, b = 2 beats a = 2, b = 0
    problem = whole_form(form([10, 6.5], [[3, 2]], [7.9], upper=[9, 9], integers=(0, 1)))
    free, whole = rounded(problem)
    best = max(10 * a + 6.5 * b for a in range(4) for b in range(5) if 3 * a + 2 * b <= 7.9)
    assert free.objective == pytest.approx(best)
    assert whole.objective == pytest.approx(best)


@settings(max_examples=60, deadline=None, derandomize=True)
@given(data=st.data(), size=st.integers(2, 5))
def test_rounding_keeps_every_rule(data: st.DataObject, size: int) -> None:
    numbers = st.integers(1, 9)
    gains = [data.draw(st.integers(-5, 9)) for _ in range(size)]
    weights = [[data.draw(numbers) for _ in range(size)] for _ in range(2)]
    room = [data.draw(st.integers(5, 40)) + 0.5 for _ in range(2)]
    least = np.array([data.draw(st.integers(0, 5)) + 0.25, -np.inf])
    problem = replace(form(gains, weights, room, upper=[4.5] * size), row_lower=least)
    free, whole = rounded(whole_form(problem))
    points = [np.array(point) for point in itertools.product(range(5), repeat=size)]
    possible = [
        point
        for point in points
        if all(least <= np.array(weights) @ point) and all(np.array(weights) @ point <= room)
    ]
    if not possible:
        assert not whole.has_values
        return
    assert whole.values is not None
    assert any((whole.values == point).all() for point in possible)
    assert whole.objective <= free.objective + 1e-9
    assert whole.objective == pytest.approx(float(np.array(gains) @ whole.values))


def test_the_same_problem_gives_the_same_plan() -> None:
    generator = np.random.default_rng(3)
    weights = generator.integers(1, 30, size=(6, 20)).tolist()
    problem = whole_form(form(generator.integers(1, 50, 20).tolist(), weights, [333.3] * 6, upper=[9.9] * 20))
    first, second = (rounded(problem)[1] for _ in range(2))
    assert first.values is not None
    assert second.values is not None
    assert first.values.tolist() == second.values.tolist()


def test_after_its_rounds_all_quantities_are_held_together() -> None:
    """Of those that came out whole nothing is left free that a later round would make fractional."""
    draw = np.random.default_rng(7)
    problem = whole_form(
        form(
            draw.uniform(1.0, 5.0, 20).tolist(),
            draw.uniform(0.5, 2.0, (10, 20)).tolist(),
            [13.3] * 10,
            upper=[4.5] * 20,
        )
    )
    worths = []
    for rounds in (0, ROUNDS):
        run = Run(problem, SolveOptions(), step="test", on_progress=no_progress, should_stop=never_stop)
        found = make_whole(Hot(run), np.arange(20), run.relax(None), rounds=rounds)
        assert found is not None
        assert found.values is not None
        assert not len(fractional(found.values, np.arange(20)))
        worths.append(found.objective)
    assert worths[1] > worths[0]

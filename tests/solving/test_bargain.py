"""Questions about both utilities at once, against another solver interface and against other plans."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from scipy.optimize import Bounds, LinearConstraint, milp
from tests.planning.learning_deal import learning_deal
from tests.planning.negotiated import built, dense

from dronedeal import assessment, planning
from dronedeal.errors import StoppedError
from dronedeal.planning.problem import Problem, SparseRows
from dronedeal.solving import SolveOptions
from dronedeal.solving.aim import Aim
from dronedeal.solving.bargain import Bargain
from dronedeal.solving.highs import HighsSolver

FREE = (-np.inf, -np.inf)
NO_ROWS = np.zeros((0, 2)), np.zeros(0)


def weighted(buyer: float, seller: float, floors: tuple[float, float] = FREE) -> Aim:
    return Aim(np.array([buyer, seller]), 0.0, *NO_ROWS, np.array(floors))


def lesser_gain(buyer: float, seller: float) -> Aim:
    rows = np.array([[1.0, 0.0, -1.0], [0.0, 1.0, -1.0]])
    return Aim(np.array([0.0, 0.0, 1.0]), 0.0, rows, np.array([buyer, seller]), np.array(FREE))


def without_violations(problem: Problem) -> np.ndarray:
    return np.where(problem.is_violation, 0.0, problem.upper)


def best(problem: Problem, aim: Aim) -> float:
    """The optimum with utilities and parts as columns, by scipy."""
    n, extra = problem.n_columns, len(aim.objective)
    rows = np.zeros((problem.n_rows + 2 + len(aim.lower), n + extra))
    rows[: problem.n_rows, :n] = dense(problem)
    rows[problem.n_rows : problem.n_rows + 2, :n] = problem.utility
    rows[problem.n_rows : problem.n_rows + 2, n : n + 2] = -np.eye(2)
    rows[problem.n_rows + 2 :, n:] = aim.rows
    lower = np.concatenate([problem.row_lower, -problem.utility_constant, aim.lower])
    upper = np.concatenate([problem.row_upper, -problem.utility_constant, np.full(len(aim.lower), np.inf)])
    objective = np.concatenate([np.zeros(n), aim.objective])
    found = milp(
        -objective,
        integrality=np.concatenate([problem.is_integer.astype(int), np.zeros(extra)]),
        bounds=Bounds(
            np.concatenate([problem.lower, aim.floors, np.full(extra - 2, -np.inf)]),
            np.concatenate([without_violations(problem), np.full(extra, np.inf)]),
        ),
        constraints=LinearConstraint(rows, lower, upper),
        options={"mip_rel_gap": 0.0},
    )
    return -np.inf if found.x is None else float(objective @ found.x + aim.constant)


AIMS = [
    weighted(1.0, 1.0),
    weighted(1.0, 0.001, (-np.inf, 0.22)),
    weighted(0.001, 1.0, (0.66, -np.inf)),
    lesser_gain(0.0, 0.2),
    weighted(1.0, 0.0, (-np.inf, 9.0)),
]


def test_a_hot_row_of_questions_is_answered_as_each_would_be_alone() -> None:
    problem = built({})
    bargain = Bargain(problem, HighsSolver(), without_violations(problem), is_whole=False)
    start = None
    for aim in AIMS:
        found, expected = bargain.ask(aim, start=start), best(problem, aim)
        assert found.bound >= expected - 1e-6
        if found.values is None:
            assert expected == found.bound == -np.inf
            continue
        start = found.values
        np.testing.assert_allclose(found.utilities, problem.utilities(found.values), atol=1e-9)
        assert aim.admits(found.utilities)
        # Integers are rounded in dives, so that the plan may be a little short of the best.
        assert expected - 0.02 * abs(expected) <= aim.worth(found.utilities) <= expected + 1e-6


def test_the_plan_keeps_every_rule() -> None:
    problem = built({})
    found = Bargain(problem, HighsSolver(), without_violations(problem), is_whole=False).ask(AIMS[1])
    assert found.values is not None
    rows = problem.matrix.times(found.values)
    assert (rows >= problem.row_lower - 1e-6).all()
    assert (rows <= problem.row_upper + 1e-6).all()
    whole = found.values[problem.is_integer]
    np.testing.assert_allclose(whole, np.round(whole), atol=1e-6)


@pytest.mark.parametrize(
    "aim", [weighted(1.0, 1.0), weighted(1.0, 0.01, (-np.inf, 0.0)), lesser_gain(0.0, 0.0)]
)
def test_with_learning_the_bound_holds_and_utilities_are_true(aim: Aim) -> None:
    deal = learning_deal()
    problem = planning.build(deal, assessment.assess(deal)).problem
    assert problem.curves is not None
    bargain = Bargain(problem, HighsSolver(), without_violations(problem), is_whole=True)
    found = bargain.ask(aim)
    assert found.values is not None
    worth = aim.worth(problem.utilities(found.values))
    assert worth <= found.bound
    assert aim.admits(found.utilities)
    for seed in range(20):
        # No other aim leads to a plan that is worth more than the bound of this one.
        draw = np.random.default_rng(seed).uniform(0.1, 1.0, 2)
        other = bargain.ask(weighted(float(draw[0]), float(draw[1])))
        if other.values is not None and aim.admits(other.utilities):
            assert aim.worth(other.utilities) <= found.bound + 1e-9


def test_a_stop_ends_the_question() -> None:
    problem = built({})
    bargain = Bargain(
        problem,
        HighsSolver(),
        without_violations(problem),
        is_whole=False,
        options=SolveOptions(),
        should_stop=lambda: True,
    )
    with pytest.raises(StoppedError, match="stopped before"):
        bargain.ask(AIMS[0])


def test_a_stop_while_quantities_are_made_whole_leaves_no_plan() -> None:
    deal, stop = learning_deal(), list[bool]()
    problem = planning.build(deal, assessment.assess(deal)).problem
    bargain = Bargain(
        problem,
        HighsSolver(),
        without_violations(problem),
        is_whole=True,
        should_stop=lambda: bool(stop),
    )
    found = bargain.ask(AIMS[0])
    assert found.values is not None
    assert bargain.made_whole(AIMS[0], found.values, "whole") is not None
    stop.append(True)
    with pytest.raises(StoppedError, match="stopped before"):
        bargain.made_whole(AIMS[0], found.values, "whole")


def test_an_aim_is_worth_what_its_parts_allow() -> None:
    aim = lesser_gain(1.0, 2.0)
    assert aim.worth(np.array([4.0, 3.0])) == pytest.approx(1.0)
    assert weighted(1.0, 0.5).worth(np.array([10.0, 4.0])) == pytest.approx(12.0)
    assert not weighted(1.0, 0.0, (0.0, 5.0)).admits(np.array([9.0, 4.9]))


def test_terms_are_tried_from_a_plan_whose_integers_cannot_be_held() -> None:
    problem = built({})
    start = np.where(problem.is_integer, 1e6, 0.0)
    found = Bargain(problem, HighsSolver(), without_violations(problem), is_whole=False).tried(AIMS[0], start)
    assert found.values is not None
    expected = best(problem, AIMS[0])
    assert expected - 0.02 * abs(expected) <= AIMS[0].worth(found.utilities) <= expected + 1e-6
    assert found.bound == np.inf


def whole_quantities(seed: int) -> Problem:
    """Eight quantities to be whole under two budgets, worth something else to each side."""
    draw, count = np.random.default_rng(seed), 8
    cost = draw.uniform(1.0, 3.0, (2, count))
    none, is_none = np.zeros(count), np.zeros(count, dtype=bool)
    return replace(
        built({}),
        columns={},
        rows={},
        lower=none,
        upper=np.full(count, 4.0),
        is_integer=is_none,
        is_whole=~is_none,
        node=np.zeros(count, dtype=np.int64),
        row_lower=np.full(2, -np.inf),
        row_upper=2.3 * cost.sum(axis=1),
        matrix=SparseRows(count * np.arange(3), np.tile(np.arange(count), 2), cost.ravel()),
        utility=np.stack([draw.uniform(1.0, 2.0, count), draw.uniform(-2.0, 1.0, count)]),
        utility_constant=np.zeros(2),
        violation_price=none,
        curves=None,
        flows=(),
        constant_flows=(),
    )


@pytest.mark.parametrize("seed", [0, 5, 15, 19])
def test_many_quantities_are_made_whole_close_to_the_end_of_the_frontier(
    seed: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("dronedeal.solving.bargain._MANY_QUANTITIES", 0)
    monkeypatch.setattr("dronedeal.solving.bargain._NODES", 0)
    problem = whole_quantities(seed)
    bargain = Bargain(problem, HighsSolver(), problem.upper, is_whole=False)
    most = bargain.ask(weighted(1.0, 0.0)).utilities[0]
    aim = weighted(1e-4, 1.0, (0.97 * most, -np.inf))
    free = bargain.ask(aim)
    assert free.values is not None
    whole = bargain.made_whole(aim, free.values, "whole")
    # Rounding that must keep the floor at each step runs into a wall, and nothing is searched for here.
    assert bargain._rounded(aim, free.values, "whole") is None
    assert whole is not None
    np.testing.assert_array_equal(whole, np.round(whole))
    assert aim.admits(problem.utilities(whole))
    assert (problem.matrix.times(whole) <= problem.row_upper + 1e-6).all()
    assert aim.worth(problem.utilities(whole)) <= free.bound + 1e-9

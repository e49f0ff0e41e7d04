"""Plans mixed of those for weighted sums."""

from __future__ import annotations

from functools import cache

import numpy as np
import pytest
from scipy.optimize import linprog
from tests.solving.test_worst import learning

from dronedeal.planning.tree import FloatArray
from dronedeal.solving.aim import SIDES, Aim
from dronedeal.solving.bargain import Bargain
from dronedeal.solving.highs import HighsSolver
from dronedeal.solving.mixing import best_mix

NO_FLOORS = np.full(SIDES, -np.inf)
NO_ROWS = np.zeros((0, SIDES)), np.zeros(0)


def sum_with_floors(floors: FloatArray, weights: tuple[float, float] = (1.0, 1.0)) -> Aim:
    return Aim(np.array(weights), 0.0, *NO_ROWS, floors)


def lesser(units: FloatArray, floors: FloatArray = NO_FLOORS) -> Aim:
    """The lesser of both utilities, each in units of its own."""
    rows = np.hstack([np.diag(1.0 / units), -np.ones((SIDES, 1))])
    return Aim(np.array([0.0, 0.0, 1.0]), 0.0, rows, np.zeros(SIDES), floors)


class Polytope:
    """Plans `x ≥ 0` with random rows and two random utilities."""

    def __init__(self, seed: int) -> None:
        draw = np.random.default_rng(seed)
        self.utility = draw.uniform(0.0, 2.0, (SIDES, 12))
        self.rows, self.limits = draw.uniform(0.0, 1.0, (8, 12)), draw.uniform(1.0, 3.0, 8)
        self.asked = 0

    def best_by(self, weights: FloatArray) -> FloatArray | None:
        self.asked += 1
        found = linprog(-weights @ self.utility, A_ub=self.rows, b_ub=self.limits)
        return None if found.x is None else np.asarray(found.x)

    def best(self, aim: Aim) -> float:
        """The aim over all plans in one linear problem."""
        extra = len(aim.objective)
        # u − U x ≤ 0, and the rows of the aim.
        below = np.hstack([-self.utility, np.eye(SIDES, extra)])
        kept = np.hstack([np.zeros((len(aim.lower), 12)), -aim.rows])
        rows = np.vstack([np.hstack([self.rows, np.zeros((8, extra))]), below, kept])
        limits = np.concatenate([self.limits, np.zeros(SIDES), -aim.lower])
        floors = [(None if low == -np.inf else low, None) for low in aim.floors]
        bounds = [(0, None)] * 12 + floors + [(None, None)] * aim.parts
        found = linprog(np.concatenate([np.zeros(12), -aim.objective]), rows, limits, bounds=bounds)
        return float(-found.fun)


@pytest.mark.parametrize("seed", range(6))
def test_the_best_mix_is_the_best_plan_for_any_aim(seed: int) -> None:
    polytope, draw = Polytope(seed), np.random.default_rng(100 + seed)
    ends = [polytope.utility @ polytope.best_by(np.array(w)) for w in ((1.0, 1e-6), (1e-6, 1.0))]
    share = draw.uniform(0.1, 0.9)
    between = share * np.minimum(*ends) + (1 - share) * (ends[0] + ends[1]) / 2
    plans: list[FloatArray] = []
    for aim in (
        sum_with_floors(NO_FLOORS),
        sum_with_floors(np.array([-np.inf, between[1]]), (1.0, 1e-4)),
        sum_with_floors(np.array([between[0], -np.inf]), (1e-4, 1.0)),
        lesser(np.array([1.0, draw.uniform(0.5, 2.0)])),
        lesser(np.ones(SIDES), np.array([between[0], -np.inf])),
    ):
        found = best_mix(
            aim,
            plans,
            ask=polytope.best_by,
            utilities=lambda plan: polytope.utility @ plan,
            solver=HighsSolver(),
        )
        assert found is not None
        assert (polytope.rows @ found <= polytope.limits + 1e-9).all()
        assert not aim.missing(polytope.utility @ found).any()
        assert aim.worth(polytope.utility @ found) == pytest.approx(polytope.best(aim), rel=1e-6)


def test_floors_that_no_plan_keeps_are_missed_by_as_little_as_can_be() -> None:
    polytope = Polytope(1)
    most = polytope.utility[0] @ polytope.best_by(np.array([1.0, 0.0]))
    aim = sum_with_floors(np.array([most + 1.0, -np.inf]), (0.0, 1.0))
    found = best_mix(
        aim, [], ask=polytope.best_by, utilities=lambda plan: polytope.utility @ plan, solver=HighsSolver()
    )
    assert found is not None
    assert polytope.utility[0] @ found == pytest.approx(most, rel=1e-6)


def test_without_any_plan_there_is_no_mix() -> None:
    found = best_mix(
        sum_with_floors(NO_FLOORS), [], ask=lambda _: None, utilities=lambda plan: plan, solver=HighsSolver()
    )
    assert found is None


@cache
def bargains() -> list[Bargain]:
    """Questions about one problem with learning on a tree, asked whole and by mixing."""
    case = learning()
    problem = case.model.problem
    upper = np.where(problem.is_violation, 0.0, problem.upper)
    found = [Bargain(problem, HighsSolver(), upper, is_whole=True, options=case.options) for _ in range(2)]
    found[1].is_mixed = True
    return found


def test_a_bargain_that_mixes_finds_plans_as_good() -> None:
    case = learning()
    assert case.first.solution.values is not None
    start = case.first.solution.values[: case.model.problem.n_columns]
    at = case.model.problem.utilities(start)
    for aim in (
        sum_with_floors(at - np.array([np.inf, 0.02 * abs(at[1])]), (1.0, 1e-4)),
        sum_with_floors(at - np.array([0.02 * abs(at[0]), np.inf]), (1e-4, 1.0)),
    ):
        whole, mixed = (each.climbed(aim, start, is_plan=True, step="test") for each in bargains())
        assert whole is not None
        assert mixed is not None
        one, other = (case.model.problem.utilities(each) for each in (whole, mixed))
        assert aim.admits(other)
        assert aim.worth(other) == pytest.approx(aim.worth(one), rel=1e-5)

"""Half-planes that hold every plan, against the question asked of the whole problem."""

from __future__ import annotations

import numpy as np
import pytest
from tests.planning.negotiated import built

from dronedeal.solving.aim import Aim
from dronedeal.solving.bargain import Bargain
from dronedeal.solving.highs import HighsSolver
from dronedeal.solving.supports import Supports

NO_ROWS = np.zeros((0, 2)), np.zeros(0)


def sum_of(buyer: float, seller: float, floors: tuple[float, float]) -> Aim:
    return Aim(np.array([buyer, seller]), 0.0, *NO_ROWS, np.array(floors))


def test_the_bound_is_the_best_point_of_all_half_planes() -> None:
    supports = Supports(HighsSolver())
    assert supports.bound(sum_of(1.0, 1.0, (0.0, 0.0))) == np.inf
    supports.limit(np.array([2.0, 2.0]), 20.0)
    supports.limit(np.array([1.0, 0.0]), 6.0)
    supports.limit(np.array([1.0, 1.0]), 12.0)
    assert supports.bound(sum_of(1.0, 1.0, (0.0, 0.0))) == pytest.approx(10.0)
    assert supports.bound(sum_of(2.0, 1.0, (-np.inf, 0.0))) == pytest.approx(16.0)
    assert supports.bound(sum_of(1.0, 0.0, (-np.inf, 7.0))) == pytest.approx(3.0)
    assert supports.bound(sum_of(1.0, 0.0, (7.0, 0.0))) == -np.inf
    lesser = Aim(
        np.array([0.0, 0.0, 1.0]),
        0.0,
        np.array([[1.0, 0.0, -1.0], [0.0, 1.0, -1.0]]),
        np.array([1.0, 2.0]),
        np.array([-np.inf, -np.inf]),
    )
    assert supports.bound(lesser) == pytest.approx(3.5)


def test_what_questions_leave_behind_bounds_every_other_question() -> None:
    problem = built({})
    upper = np.where(problem.is_violation, 0.0, problem.upper)
    bargain = Bargain(problem, HighsSolver(), upper, is_whole=False)
    asked = [sum_of(1.0, 0.01, (-np.inf, 0.22)), sum_of(0.01, 1.0, (0.66, -np.inf)), sum_of(1.0, 1.0, (0, 0))]
    bounds = [bargain.relaxed(aim)[0] for aim in asked]
    for aim, bound in zip(asked, bounds, strict=True):
        assert bargain.supports.bound(aim) == pytest.approx(bound, rel=1e-7)
        assert bargain.supports.reached(aim) == pytest.approx(bound, rel=1e-7)
    other = sum_of(0.7, 1.0, (0.3, 0.2))
    known, reached = bargain.supports.bound(other), bargain.supports.reached(other)
    assert reached - 1e-7 <= bargain.relaxed(other)[0] <= known + 1e-7
    assert bargain.supports.bound(other) == pytest.approx(bargain.relaxed(other)[0], rel=1e-7)

"""What is read from HiGHS after a run."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

import highspy
import pytest

from dronedeal.solving.highs_calls import read_solution
from dronedeal.solving.interface import Termination


def ended(status: Any, missed: float) -> Any:
    """A solver whose run ended so, and whose point misses a limit by so much at most."""
    info = SimpleNamespace(
        primal_solution_status=1 if missed else 2,
        max_primal_infeasibility=missed,
        objective_function_value=3.0,
        mip_dual_bound=4.0,
    )
    point = SimpleNamespace(value_valid=True, col_value=[1.0], dual_valid=True, row_dual=[2.0])
    return SimpleNamespace(
        getModelStatus=lambda: status,
        getInfo=lambda: info,
        getSolution=lambda: point,
        getBasis=lambda: "basis",
    )


OPTIMAL = highspy.HighsModelStatus.kOptimal


@pytest.mark.parametrize("missed", [0.0, 2e-7])
def test_an_optimum_that_misses_a_limit_by_a_last_digit_is_read_with_its_values(missed: float) -> None:
    found = read_solution(ended(OPTIMAL, missed), is_mip=False)
    assert found.termination is Termination.OPTIMAL
    assert found.values is not None
    assert found.values.tolist() == [1.0]
    assert found.objective == found.bound == 3.0


@pytest.mark.parametrize(("status", "missed"), [(OPTIMAL, 1e-3), (highspy.HighsModelStatus.kTimeLimit, 2e-7)])
def test_a_point_that_misses_more_or_is_no_optimum_is_none(status: Any, missed: float) -> None:
    assert read_solution(ended(status, missed), is_mip=False).values is None

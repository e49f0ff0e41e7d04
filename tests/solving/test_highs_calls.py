"""What is read from HiGHS after a run."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

import highspy
import pytest

from dronedeal.errors import SolverError
from dronedeal.solving.highs_calls import read_solution, run_through
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


class Losing:
    """A solver whose first runs end with an error."""

    def __init__(self, lost: int) -> None:
        self.lost, self.done = lost, list[str]()

    def run(self) -> Any:
        self.done.append("run")
        self.lost -= 1
        return highspy.HighsStatus.kError if self.lost >= 0 else highspy.HighsStatus.kOk

    def clearSolver(self) -> Any:  # noqa: N802 -- as HiGHS names it
        self.done.append("clear")
        return highspy.HighsStatus.kOk

    def setOptionValue(self, name: str, value: object) -> Any:  # noqa: N802 -- as HiGHS names it
        self.done.append(f"{name} {value}")
        return highspy.HighsStatus.kOk


def test_a_solver_that_loses_its_way_is_run_once_more_without_presolve() -> None:
    sound, lost = Losing(0), Losing(1)
    run_through(sound)
    run_through(lost)
    assert sound.done == ["run"]
    assert lost.done == ["run", "clear", "presolve off", "run"]


def test_a_solver_that_loses_its_way_again_has_failed() -> None:
    with pytest.raises(SolverError, match="HiGHS failed while solving"):
        run_through(Losing(2))

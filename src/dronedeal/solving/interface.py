"""The seam between a Problem and any solver: what goes in, what comes out, what is reported on the way."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from enum import Enum
from typing import Protocol

import numpy as np
import numpy.typing as npt

from dronedeal.errors import StoppedError
from dronedeal.planning.problem import SparseRows
from dronedeal.planning.tree import FloatArray

# One unit of the currency in millions: what an objective of nothing is measured by.
_ONE_UNIT = 1e-6


class Status(Enum):
    """Coarse outcome of a solve: `ok` has values, `warning` has values but stopped early."""

    OK = "ok"
    WARNING = "warning"
    ERROR = "error"
    ABORTED = "aborted"
    UNKNOWN = "unknown"


class Termination(Enum):
    """Why a solver stopped; a closed set that every adapter maps to."""

    OPTIMAL = "optimal"
    INFEASIBLE = "infeasible"
    UNBOUNDED = "unbounded"
    INFEASIBLE_OR_UNBOUNDED = "infeasible_or_unbounded"
    TIME_LIMIT = "time_limit"
    ITERATION_LIMIT = "iteration_limit"
    INTERRUPTED = "interrupted"
    NEAR_BEST = "near_best"
    AGREED_POINT = "agreed_point"
    SOLVER_ERROR = "solver_error"
    UNKNOWN = "unknown"


# A solve that was ended from outside: by a stop or by the time limit.
STOPPED = (Termination.INTERRUPTED, Termination.TIME_LIMIT)


def require_going(termination: Termination, before: str) -> None:
    """Raise StoppedError where a solve was ended from outside before something.

    Examples
    --------
    >>> require_going(Termination.OPTIMAL, "any plan was found")
    """
    if termination in STOPPED:
        reason = "stopped" if termination is Termination.INTERRUPTED else "out of time"
        raise StoppedError(f"{reason} before {before}")


def never_stop() -> bool:
    """The default of `should_stop`."""
    return False


@dataclass(frozen=True)
class MatrixForm:
    """A mixed-integer linear problem to be maximised.

    Parameters
    ----------
    objective : (n,) coefficient of each column
    constant : added to the objective
    lower, upper, is_integer : (n,)
    row_lower, row_upper : (m,)
    matrix : rows × columns
    is_whole : (n,) contract quantities: those that are integers are rounded down first in a search, the
        others are made whole after it (`Solver.make_whole`); None where there are none
    """

    objective: FloatArray
    constant: float
    lower: FloatArray
    upper: FloatArray
    is_integer: npt.NDArray[np.bool_]
    row_lower: FloatArray
    row_upper: FloatArray
    matrix: SparseRows
    is_whole: npt.NDArray[np.bool_] | None = None

    @property
    def whole(self) -> npt.NDArray[np.bool_]:
        """(n,) contract quantities."""
        return np.zeros(len(self.lower), dtype=bool) if self.is_whole is None else self.is_whole


@dataclass(frozen=True)
class SolveOptions:
    """What the user may choose of a solve.

    Parameters
    ----------
    gap : relative distance of incumbent and bound at which to stop
    time_limit : seconds of wall clock for the whole of the work; None for no limit
    threads : threads that the solver may use
    seed : seed of the solver's own random choices
    feasibility_tolerance : allowed violation of a row or bound
    is_proven : lower the bound as far as the work allows where costs fall with experience; without it the
        first bound stands, which is farther from the plan and comes at once
    nodes : of branch and bound that are visited at most; None: no limit
    is_climbed : where costs fall with experience, look for whole numbers again along tangents of the curves;
        without it those of the first dive stand, for a third of the time and plans that are a little worse
    """

    gap: float = 1e-3
    time_limit: float | None = None
    threads: int = 1
    seed: int = 0
    feasibility_tolerance: float = 1e-7
    is_proven: bool = True
    nodes: int | None = None
    is_climbed: bool = True


@dataclass(frozen=True)
class Progress:
    """How far a solve is.

    Parameters
    ----------
    step : what is being solved, in words
    elapsed : seconds since the work began
    best : objective of the incumbent; None before the first
    bound : proven limit; None before the first
    """

    step: str
    elapsed: float
    best: float | None
    bound: float | None

    @property
    def gap(self) -> float | None:
        """Relative distance of best and bound; None while either is missing."""
        if self.best is None or self.bound is None:
            return None
        return relative_gap(self.best, self.bound)


@dataclass(frozen=True)
class Solution:
    """What a solver found.

    Parameters
    ----------
    values : (n,) column values of the incumbent; None where there is none
    objective : of the incumbent
    bound : proven upper limit of the objective
    row_duals : (m,) change of the objective per unit of each row's limit, integers held at the incumbent
    seconds : the solver's own time
    basis : where the solver can start again from this solution, which only the solver reads; None: nowhere
    """

    status: Status
    termination: Termination
    values: FloatArray | None
    objective: float
    bound: float
    row_duals: FloatArray | None
    seconds: float
    basis: object | None = field(default=None, repr=False, compare=False)

    @property
    def has_values(self) -> bool:
        """Whether there is an incumbent."""
        return self.values is not None

    @property
    def gap(self) -> float:
        """Relative distance of objective and bound; infinite without an incumbent."""
        return relative_gap(self.objective, self.bound) if self.has_values else float("inf")


OnProgress = Callable[[Progress], None]
ShouldStop = Callable[[], bool]


class LoadedProblem(Protocol):
    """A problem that stays in the solver, so that another objective starts from what is known."""

    def begin(self, *, is_searched: bool = True) -> Solution:
        """The best plan that is found at once as it was loaded, and the bound of its relaxation.

        Parameters
        ----------
        is_searched : whether whole numbers are looked for; without, the relaxation itself is the answer
        """
        ...

    def maximise(
        self, form: MatrixForm, *, held: FloatArray | None, start: Solution | None = None
    ) -> Solution:
        """The best plan that is found at once for another objective; its bound proves nothing.

        Parameters
        ----------
        form : the problem as loaded but for its objective and its last row
        held : (n_integers,) whole numbers at which the integers are held; None: they are looked for
        start : whose basis to begin with where integers are held; None: the last one
        """
        ...

    def relax(self, form: MatrixForm) -> Solution:
        """The optimum of the relaxation for another objective and other limits of rows, from the last basis.

        Parameters
        ----------
        form : the problem as loaded but for its objective, the limits of its rows and its last row
        """
        ...

    def keep(self) -> None:
        """Let problems of this size that are loaded later begin where this one ended."""
        ...


class Solver(Protocol):
    """Anything that maximises a MatrixForm."""

    @property
    def name(self) -> str:
        """Name and version, for the certificate."""
        ...

    def solve(
        self,
        form: MatrixForm,
        *,
        options: SolveOptions,
        step: str,
        start: FloatArray | None,
        on_progress: OnProgress,
        should_stop: ShouldStop,
    ) -> Solution:
        """Maximise; return the best found when stopped, with a valid bound in every case.

        Parameters
        ----------
        start : (n,) values to begin with; NaN where nothing is proposed
        """
        ...

    def load(
        self,
        form: MatrixForm,
        *,
        options: SolveOptions,
        step: str,
        on_progress: OnProgress,
        should_stop: ShouldStop,
    ) -> LoadedProblem:
        """Keep a problem in the solver; the time limit counts from now on."""
        ...

    def keep(self, form: MatrixForm, solution: Solution) -> None:
        """Remember the best plan of a problem, where this solver is to start the next like it from there."""
        ...

    def recall(self, form: MatrixForm) -> Solution | None:
        """The best plan kept of a problem of the same size; None where there is none."""
        ...

    def make_whole(
        self,
        form: MatrixForm,
        solution: Solution,
        *,
        options: SolveOptions,
        step: str,
        on_progress: OnProgress,
        should_stop: ShouldStop = never_stop,
    ) -> Solution:
        """Round the contract quantities of a solution and re-solve the rest around them.

        The time limit does not end it; the work is bounded. Status, termination and bound stay
        those of the solution; its duals come from the problem in which the contract quantities are free
        and every other integer is held, for held quantities would leave every rule without a price.

        Parameters
        ----------
        form : that was solved
        solution : with values
        should_stop : for who has no use for a plan any more; what comes back after a stop is none

        Returns
        -------
        a solution with every contract quantity whole; infeasible, without values, where there is none
        """
        ...


def relative_gap(best: float, bound: float) -> float:
    """`(bound − best) / max(1, |best|)` in units of the currency, never below 0.

    Parameters
    ----------
    best, bound : in millions, as all money of a problem

    Examples
    --------
    >>> relative_gap(200.0, 201.0), relative_gap(0.5, 0.75)
    (0.005, 0.5)
    """
    return max(0.0, bound - best) / max(_ONE_UNIT, abs(best))


def no_progress(progress: Progress) -> None:
    """The default of `on_progress`."""

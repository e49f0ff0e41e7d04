"""The calls to HiGHS; the only module that names it (rule R2)."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

import highspy
import numpy as np

from dronedeal.errors import SolverError
from dronedeal.planning.tree import FloatArray, IntArray
from dronedeal.solving.interface import (
    MatrixForm,
    ShouldStop,
    Solution,
    SolveOptions,
    Status,
    Termination,
)

_POLL_SECONDS = 0.02
_REPORT_SECONDS = 1.0
# What HiGHS calls a feasible point, and by how much an optimum may miss its limits to count as one.
_FEASIBLE, _LAST_DIGITS = 2, 1e-6

_TERMINATIONS = {
    highspy.HighsModelStatus.kOptimal: Termination.OPTIMAL,
    highspy.HighsModelStatus.kInfeasible: Termination.INFEASIBLE,
    highspy.HighsModelStatus.kUnbounded: Termination.UNBOUNDED,
    highspy.HighsModelStatus.kUnboundedOrInfeasible: Termination.INFEASIBLE_OR_UNBOUNDED,
    highspy.HighsModelStatus.kTimeLimit: Termination.TIME_LIMIT,
    highspy.HighsModelStatus.kIterationLimit: Termination.ITERATION_LIMIT,
    highspy.HighsModelStatus.kSolutionLimit: Termination.ITERATION_LIMIT,
    highspy.HighsModelStatus.kInterrupt: Termination.INTERRUPTED,
    highspy.HighsModelStatus.kModelEmpty: Termination.OPTIMAL,
}
_STATUSES = {int(status): status for status in highspy.HighsBasisStatus.__members__.values()}
LOWER, BASIC = int(highspy.HighsBasisStatus.kLower), int(highspy.HighsBasisStatus.kBasic)
STOPPED_EARLY = (Termination.TIME_LIMIT, Termination.ITERATION_LIMIT, Termination.INTERRUPTED)


@dataclass
class Watch:
    """What the callbacks saw last, shared between the solving thread and the one that waits."""

    best: float | None = None
    bound: float | None = None
    stop: threading.Event = field(default_factory=threading.Event)


def new_solver() -> Any:
    """An empty HiGHS."""
    return highspy.Highs()  # type: ignore[no-untyped-call] # the package has no annotations


def is_optimal(highs: Any) -> bool:
    """Whether the last run ended at an optimum."""
    return bool(highs.getModelStatus() == highspy.HighsModelStatus.kOptimal)


def prepared(form: MatrixForm, options: SolveOptions) -> Any:
    """HiGHS with a problem and its options, ready to run."""
    highs = new_solver()
    set_option(highs, "output_flag", False)
    set_option(highs, "threads", options.threads)
    set_option(highs, "random_seed", options.seed)
    set_option(highs, "mip_rel_gap", options.gap)
    set_option(highs, "mip_abs_gap", 1e-9)
    set_option(highs, "primal_feasibility_tolerance", options.feasibility_tolerance)
    set_option(highs, "mip_feasibility_tolerance", max(options.feasibility_tolerance, 1e-7))
    if options.time_limit is not None:
        set_option(highs, "time_limit", max(options.time_limit, 0.05))
    if options.nodes is not None:
        set_option(highs, "mip_max_nodes", options.nodes)
    check_status(highs.passModel(_lp(form)), "passing the problem")
    return highs


def _lp(form: MatrixForm) -> Any:
    lp = highspy.HighsLp()
    lp.num_col_, lp.num_row_ = len(form.lower), len(form.row_lower)
    lp.col_cost_, lp.offset_ = form.objective, form.constant
    lp.sense_ = highspy.ObjSense.kMaximize
    lp.col_lower_, lp.col_upper_ = form.lower, form.upper
    lp.row_lower_, lp.row_upper_ = form.row_lower, form.row_upper
    lp.a_matrix_.format_ = highspy.MatrixFormat.kRowwise
    lp.a_matrix_.num_col_, lp.a_matrix_.num_row_ = lp.num_col_, lp.num_row_
    lp.a_matrix_.start_ = form.matrix.start.astype(np.int32)
    lp.a_matrix_.index_ = form.matrix.column.astype(np.int32)
    lp.a_matrix_.value_ = form.matrix.value
    if form.is_integer.any():
        kinds = (highspy.HighsVarType.kContinuous, highspy.HighsVarType.kInteger)
        lp.integrality_ = [kinds[int(flag)] for flag in form.is_integer]
    return lp


def set_option(highs: Any, option: str, value: Any) -> None:
    """Set an option by its name."""
    # An unknown option is only reported through the status, and a solve would silently go on without it.
    check_status(highs.setOptionValue(option, value), f"setting option {option} to {value!r}")


def check_status(status: Any, what: str) -> None:
    """Raise SolverError where a call failed."""
    if status == highspy.HighsStatus.kError:
        raise SolverError(f"HiGHS failed while {what}; please report this with the deal that caused it")


def fits(highs: Any, basis: Any) -> bool:
    """Whether a basis belongs to a problem of the same size."""
    size = len(basis.col_status), len(basis.row_status)
    return size == (highs.getNumCol(), highs.getNumRow())


def basis_codes(basis: Any) -> tuple[IntArray, IntArray]:
    """(n,) and (m,) status of each column and row of a basis, as numbers."""
    columns, rows = ([int(status) for status in part] for part in (basis.col_status, basis.row_status))
    return np.array(columns, dtype=np.int64), np.array(rows, dtype=np.int64)


def basis_of(columns: IntArray, rows: IntArray, *, is_alien: bool) -> Any:
    """The basis behind `basis_codes`.

    Parameters
    ----------
    is_alien : whether HiGHS must make a basis of it first
    """
    found = highspy.HighsBasis()
    found.col_status, found.row_status = (
        [_STATUSES[code] for code in codes.tolist()] for codes in (columns, rows)
    )
    found.valid, found.alien = True, is_alien
    return found


def carried_basis(basis: Any, columns: IntArray, rows: IntArray) -> Any:
    """The basis of one problem in another that shares most of its columns and rows.

    What the other problem lacks is left out, and what it has more stands at its bound. That need not be a
    basis: HiGHS makes one of it.

    Parameters
    ----------
    columns : (n,) number of each column in the old problem, −1 for a new one; rows : (m,) likewise
    """
    kinds, found = highspy.HighsBasisStatus, highspy.HighsBasis()
    found.col_status = _carried_status(list(basis.col_status), columns, kinds.kLower)
    found.row_status = _carried_status(list(basis.row_status), rows, kinds.kBasic)
    found.valid = found.alien = True
    return found


def _carried_status(known: list[Any], places: IntArray, new: Any) -> list[Any]:
    return [new if place < 0 else known[place] for place in places.tolist()]


def propose(highs: Any, form: MatrixForm, start: FloatArray) -> None:
    """Propose values of the integer columns; HiGHS completes the rest."""
    chosen = np.flatnonzero(form.is_integer & np.isfinite(start)).astype(np.int32)
    if len(chosen):
        highs.setSolution(len(chosen), chosen, start[chosen])


def attach(highs: Any, watch: Watch) -> None:
    """Let branch and bound tell the watch what it sees, and stop once the watch says so."""

    def on_mip(event: Any) -> None:
        # Branch and bound starts anew: what the dive and the relaxation gave holds until it has better.
        watch.best = _better(max, watch.best, finite(event.data_out.mip_primal_bound))
        watch.bound = _better(min, watch.bound, finite(event.data_out.mip_dual_bound))
        if watch.stop.is_set():
            event.data_in.user_interrupt = True

    highs.cbMipInterrupt += on_mip


def _interrupt(highs: Any, watch: Watch) -> None:
    """End the linear problem that is being solved, and any later one while the watch says so.

    HiGHS asks before every step whether it shall go on. It is heard only now: a question to the interpreter
    at each of some thousand steps would make solvers in several threads wait for one another.
    """

    def on_lp(event: Any) -> None:
        event.data_in.user_interrupt = watch.stop.is_set()

    highs.cbSimplexInterrupt += on_lp
    highs.cbIpmInterrupt += on_lp


def finite(value: float) -> float | None:
    """The value; None for what HiGHS takes for infinite."""
    return float(value) if abs(value) < 1e30 else None


def _better(choose: Callable[[float, float], float], old: float | None, new: float | None) -> float | None:
    return choose(old, new) if old is not None and new is not None else (old if new is None else new)


def run_through(highs: Any) -> None:
    """Solve; where the solver loses its way, once more afresh and without presolve.

    What presolve leaves of a problem that has no plan can be so ill-conditioned that the simplex method ends
    without an answer, where the problem itself is shown to have none in a second.
    """
    status = highs.run()
    if status == highspy.HighsStatus.kError:
        highs.clearSolver()
        set_option(highs, "presolve", "off")
        status = highs.run()
    check_status(status, "solving")


def run_watched(highs: Any, *, watch: Watch, report: Any, should_stop: ShouldStop) -> None:
    """Solve in a thread; the calling thread reports, listens for a stop, and stays open to signals."""
    failure: list[BaseException] = []

    def work() -> None:
        try:
            run_through(highs)
        except BaseException as error:
            failure.append(error)

    is_told = watch.stop.is_set()
    if is_told:
        _interrupt(highs, watch)
    thread = threading.Thread(target=work, name="highs", daemon=True)
    thread.start()
    last_report = time.perf_counter()
    while thread.is_alive():
        thread.join(_POLL_SECONDS)
        if not is_told and should_stop():
            is_told = True
            watch.stop.set()
            _interrupt(highs, watch)
        if time.perf_counter() - last_report >= _REPORT_SECONDS:
            report()
            last_report = time.perf_counter()
    if failure:
        raise failure[0]


def read_solution(highs: Any, *, is_mip: bool) -> Solution:
    """Incumbent, bound and reason to stop, read before anything in the solver is changed."""
    termination = _TERMINATIONS.get(highs.getModelStatus(), Termination.UNKNOWN)
    info = highs.getInfo()
    found = highs.getSolution()
    is_kept = info.primal_solution_status == _FEASIBLE or (
        # Presolve undone, an optimum may miss a limit by a last digit more than was allowed.
        termination is Termination.OPTIMAL and info.max_primal_infeasibility <= _LAST_DIGITS
    )
    has_values = bool(found.value_valid) and is_kept
    values = np.array(found.col_value, dtype=float) if has_values else None
    objective = float(info.objective_function_value) if has_values else -np.inf
    if is_mip:
        bound = float(info.mip_dual_bound)
    else:
        bound = objective if termination is Termination.OPTIMAL else np.inf
    duals = np.array(found.row_dual, dtype=float) if found.dual_valid and not is_mip else None
    basis = highs.getBasis() if has_values and not is_mip else None
    status = status_of(termination, has_values)
    return Solution(status, termination, values, objective, bound, duals, 0.0, basis)


def status_of(termination: Termination, has_values: bool) -> Status:
    """The coarse outcome behind a termination."""
    if termination is Termination.OPTIMAL:
        return Status.OK
    if termination in STOPPED_EARLY:
        return Status.WARNING if has_values else Status.ABORTED
    if termination in (Termination.SOLVER_ERROR, Termination.UNKNOWN):
        return Status.UNKNOWN
    return Status.ERROR


def solved_from(form: MatrixForm, basis: Any, *, options: SolveOptions) -> Solution:
    """A linear problem solved at once, from a basis if there is one; the same input gives the same numbers.

    Parameters
    ----------
    form : without integers
    basis : of a problem of this size, perhaps not quite a basis here; None: none is known
    """
    highs = prepared(form, options)
    if basis is not None:
        set_option(highs, "presolve", "off")
        check_status(highs.setBasis(basis), "starting from a basis")
    check_status(highs.run(), "solving")
    return read_solution(highs, is_mip=False)

"""What a subtree costs from a given state: one template in the solver, stamped and restarted hot."""

from __future__ import annotations

import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

import numpy as np
from scipy import sparse

from dronedeal.errors import SolverError
from dronedeal.planning.tree import FloatArray, IntArray
from dronedeal.solving.highs import HighsSolver
from dronedeal.solving.highs_calls import check_status, is_optimal, prepared, read_solution, set_option
from dronedeal.solving.interface import (
    MatrixForm,
    ShouldStop,
    SolveOptions,
    Termination,
    never_stop,
    no_progress,
)
from dronedeal.solving.stochastic.assembly import sparse_rows
from dronedeal.solving.stochastic.split import Shape


@dataclass(frozen=True, eq=False)
class Answer:
    """What one subtree costs from one state.

    Parameters
    ----------
    member : number of the subtree in its shape
    is_feasible : whether it has a plan at all
    cost : of its best plan; the least sum of row violations where it has none
    multipliers : (m,) change of that per unit of each row's limit
    values : (n,) columns of the plan; None where they were not asked for
    """

    member: int
    is_feasible: bool
    cost: float
    multipliers: FloatArray
    values: FloatArray | None = None


@dataclass(frozen=True, eq=False)
class Task:
    """Subtrees of one shape to be evaluated one after the other by one worker.

    Parameters
    ----------
    shape : number of the shape
    members : (k,) numbers of the subtrees in their shape
    states : (k, d) state that each starts from
    has_values : whether the columns of the plans are wanted
    whole_gap : gap to which plans with whole numbers are searched; None: whole numbers are left aside
    time_limit : seconds for each such search
    """

    shape: int
    members: IntArray
    states: FloatArray
    has_values: bool
    whole_gap: float | None = None
    time_limit: float | None = None


class Recourse:
    """Evaluates tasks; travels to other processes with its shapes, where each loads its own templates.

    Parameters
    ----------
    should_stop : asked between two subtrees; it does not travel
    """

    def __init__(self, shapes: Sequence[Shape], *, should_stop: ShouldStop = never_stop) -> None:
        self.shapes = tuple(shapes)
        self._should_stop = should_stop
        self._lock = threading.Lock()
        self._free: dict[tuple[int, bool], list[Template]] = {}
        self._bases: dict[tuple[int, bool], dict[int, Any]] = {}

    def __getstate__(self) -> dict[str, Any]:
        return {"shapes": self.shapes}

    def __setstate__(self, state: dict[str, Any]) -> None:
        self.__init__(state["shapes"])  # type: ignore[misc] # locks and solvers do not travel

    def evaluate(self, task: Task) -> list[Answer]:
        """The answers of a task, in its order; fewer where the work was stopped."""
        answers = []
        with self._template(task.shape, is_elastic=False) as plain:
            for member, state in zip(task.members.tolist(), task.states, strict=True):
                # Those who asked see that answers are missing.
                if self._should_stop():
                    break
                answers.append(self._answer(task, plain, member, state))
        return answers

    def _answer(self, task: Task, plain: Template, member: int, state: FloatArray) -> Answer:
        if task.whole_gap is not None:
            return self._whole(task, member, state)
        found = plain.solve(member, state, has_values=task.has_values)
        return found or self._violated(task, member, state)

    def _whole(self, task: Task, member: int, state: FloatArray) -> Answer:
        """A plan with whole numbers, as good as the search finds; its multipliers are empty."""
        found = HighsSolver().solve(
            _stamped(self.shapes[task.shape], member, state),
            options=SolveOptions(gap=task.whole_gap or 0.0, time_limit=task.time_limit),
            step="a subtree in whole numbers",
            start=None,
            on_progress=no_progress,
            should_stop=self._should_stop,
        )
        cost = -found.objective if found.has_values else np.inf
        return Answer(member, found.has_values, cost, np.zeros(0), found.values)

    def _violated(self, task: Task, member: int, state: FloatArray) -> Answer:
        """By how little the rows of a subtree must be violated where it has no plan."""
        with self._template(task.shape, is_elastic=True) as elastic:
            found = elastic.solve(member, state, has_values=False)
        if found is None:
            raise SolverError(
                f"the solver found no end for the subtree of node {self.shapes[task.shape].roots[member]}, "
                "not even for its least violation; please report this with the problem that caused it"
            )
        return found

    @contextmanager
    def _template(self, shape: int, *, is_elastic: bool) -> Iterator[Template]:
        """A template that nobody else uses meanwhile, still hot from its last subtree."""
        with self._lock:
            free = self._free.setdefault((shape, is_elastic), [])
            bases = self._bases.setdefault((shape, is_elastic), {})
            template = free.pop() if free else None
        if template is None:
            template = Template(self.shapes[shape], bases, is_elastic=is_elastic)
        try:
            yield template
        finally:
            with self._lock:
                free.append(template)


class Template:
    """One shape in the solver. The solver maximises, so costs and multipliers change their sign on the way.

    A subtree starts from its own last basis, from which it is a fraction of the pivots away that separate
    it from its neighbour; only the first time it starts from the one solved before.

    Parameters
    ----------
    bases : last basis of each member, shared with the other templates of the shape
    """

    def __init__(self, shape: Shape, bases: dict[int, Any], *, is_elastic: bool) -> None:
        self.shape = shape
        self._bases = bases
        self._last = -1
        self.is_elastic = is_elastic
        self.n = len(shape.cost.base)
        template = shape.template
        touched = np.zeros(len(template.row_lower), dtype=bool)
        touched[np.flatnonzero(np.diff(template.state.indptr))] = True
        touched[shape.row_lower.varying] = True
        touched[shape.row_upper.varying] = True
        rows = np.flatnonzero(touched)
        self._rows = rows.astype(np.int32)
        self._state = template.state[rows]
        self._low, self._high = shape.row_lower.at(rows), shape.row_upper.at(rows)
        bounded = np.union1d(shape.lower.varying, shape.upper.varying)
        self._bounded = bounded.astype(np.int32)
        self._lower, self._upper = shape.lower.at(bounded), shape.upper.at(bounded)
        self._priced = shape.cost.varying.astype(np.int32)
        self._highs = prepared(_form(shape, is_elastic=is_elastic), SolveOptions())
        self._is_hot = False

    def solve(self, member: int, state: FloatArray, *, has_values: bool) -> Answer | None:
        """The answer of one subtree; None where it is infeasible."""
        highs = self._highs
        self._stamp(member, state)
        if member != self._last and member in self._bases:
            check_status(highs.setBasis(self._bases[member]), "starting from a basis")
        self._last = member
        check_status(highs.run(), "solving a subtree")
        if not is_optimal(highs):
            # What was hot may have led astray: only a fresh solve is believed.
            highs.clearSolver()
            check_status(highs.run(), "solving a subtree afresh")
        if not is_optimal(highs):
            self._check_end()
            return None
        if not self._is_hot:
            set_option(highs, "presolve", "off")
            self._is_hot = True
        self._bases[member] = highs.getBasis()
        found = highs.getSolution()
        values = np.array(found.col_value, dtype=float)[: self.n] if has_values else None
        return Answer(
            member=member,
            is_feasible=not self.is_elastic,
            cost=-float(highs.getInfo().objective_function_value),
            multipliers=-np.array(found.row_dual, dtype=float),
            values=values,
        )

    def _check_end(self) -> None:
        """Raise SolverError where a solve ended for any reason but that there is no plan."""
        termination = read_solution(self._highs, is_mip=False).termination
        infeasible = (Termination.INFEASIBLE, Termination.INFEASIBLE_OR_UNBOUNDED, Termination.UNBOUNDED)
        if termination not in infeasible:
            raise SolverError(
                f"HiGHS ended a subtree with {termination.value}; "
                "please report this with the problem that caused it"
            )

    def _stamp(self, member: int, state: FloatArray) -> None:
        highs = self._highs
        if len(self._rows):
            shift = self._state @ state
            low, high = self._low[member] - shift, self._high[member] - shift
            check_status(highs.changeRowsBounds(len(self._rows), self._rows, low, high), "stamping rows")
        if len(self._bounded):
            bounds = self._lower[member], self._upper[member]
            check_status(
                highs.changeColsBounds(len(self._bounded), self._bounded, *bounds), "stamping bounds"
            )
        if len(self._priced) and not self.is_elastic:
            prices = -self.shape.cost.values[member]
            check_status(highs.changeColsCost(len(self._priced), self._priced, prices), "stamping costs")


def _stamped(shape: Shape, member: int, state: FloatArray) -> MatrixForm:
    """One subtree with its whole numbers from one state."""
    shift = shape.template.state @ state
    return MatrixForm(
        objective=-shape.cost.full(member),
        constant=0.0,
        lower=shape.lower.full(member),
        upper=shape.upper.full(member),
        is_integer=shape.template.is_integer,
        row_lower=shape.row_lower.full(member) - shift,
        row_upper=shape.row_upper.full(member) - shift,
        matrix=sparse_rows(shape.template.matrix),
    )


def _form(shape: Shape, *, is_elastic: bool) -> MatrixForm:
    """The template as a problem to be maximised; elastic, the least sum of row violations."""
    template = shape.template
    n, m = len(shape.cost.base), len(shape.row_lower.base)
    cost, lower, upper, matrix = shape.cost.base, shape.lower.base, shape.upper.base, template.matrix
    if is_elastic:
        below = np.flatnonzero(np.isfinite(shape.row_lower.base))
        above = np.flatnonzero(np.isfinite(shape.row_upper.base))
        rows, signs = np.concatenate([below, above]), np.repeat([1.0, -1.0], [len(below), len(above)])
        k = len(rows)
        slack = sparse.csr_array((signs, (rows, np.arange(k))), shape=(m, k))
        matrix = sparse.hstack([matrix, slack], format="csr")
        cost = np.concatenate([np.zeros(n), np.ones(k)])
        lower, upper = np.append(lower, np.zeros(k)), np.append(upper, np.full(k, np.inf))
    return MatrixForm(
        objective=-cost,
        constant=0.0,
        lower=lower,
        upper=upper,
        is_integer=np.zeros(len(cost), dtype=bool),
        row_lower=shape.row_lower.base,
        row_upper=shape.row_upper.base,
        matrix=sparse_rows(matrix),
    )

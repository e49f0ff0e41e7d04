"""The top of a split tree: its own columns and rows, one column for what each subtree costs, and the cuts."""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np
from scipy import sparse

from dronedeal.errors import SolverError
from dronedeal.planning.tree import FloatArray, IntArray
from dronedeal.solving.highs import HighsSolver
from dronedeal.solving.highs_calls import (
    Watch,
    attach,
    check_status,
    prepared,
    read_solution,
    run_watched,
    set_option,
)
from dronedeal.solving.interface import (
    MatrixForm,
    ShouldStop,
    Solution,
    SolveOptions,
    Termination,
    no_progress,
)
from dronedeal.solving.stochastic.assembly import Assembly, sparse_rows
from dronedeal.solving.stochastic.staged import Matrix

# A top that nothing bounds yet is kept inside a box, which grows as long as it is felt.
_FIRST_BOX, _GROWTH, _LARGEST_BOX = 1e4, 1e3, 1e13
_REACH = 1e3
# As it is, afresh, and where an optimum misses its limits without presolve.
_TRIES = 3
_STOPPED = (Termination.INTERRUPTED, Termination.TIME_LIMIT)


@dataclass(frozen=True, eq=False)
class TopAnswer:
    """A plan of the top.

    Parameters
    ----------
    termination : optimal, or why there is no plan
    values : (n,) columns of the top; None without a plan
    estimates : (k,) what the cuts say that each subtree costs
    bound : proven lower limit of the cost of the whole tree; −∞ as long as something is not bounded
    """

    termination: Termination
    values: FloatArray | None
    estimates: FloatArray
    bound: float


@dataclass
class Rows:
    """Cut rows of the top, in the order in which they were added: `θ − slope · x ≥ intercept`.

    subtree : −1 for a row that only keeps the state feasible, `−slope · x ≥ intercept`
    """

    subtree: list[int] = field(default_factory=list)
    columns: list[IntArray] = field(default_factory=list)
    slopes: list[FloatArray] = field(default_factory=list)
    intercepts: list[float] = field(default_factory=list)

    def __len__(self) -> int:
        return len(self.subtree)


class Top:
    """The top in the solver, hot from one round to the next.

    Parameters
    ----------
    part : columns and rows of the top, costs times probability
    weight : (k,) probability of each subtree
    constant : added to the cost
    """

    def __init__(self, part: Assembly, weight: FloatArray, *, constant: float, seed: int = 0) -> None:
        self.part = part
        self.weight = weight
        self.n, self.k = len(part.cost), len(weight)
        self.constant = constant
        self.rows = Rows()
        self.is_bounded = np.zeros(self.k, dtype=bool)
        self.lowest = np.full(self.k, -np.inf)
        self._box = _FIRST_BOX * max(
            1.0, *(_largest(part, limits) for limits in ("lower", "upper", "row_lower", "row_upper"))
        )
        self._is_boxed = False
        self._seed = seed
        self._watch = Watch()
        self._highs = prepared(self._form(relaxed=True), SolveOptions(seed=seed))
        attach(self._highs, self._watch)

    def bound_below(self, subtree: IntArray, lowest: FloatArray) -> None:
        """Let subtrees never cost less than something proven."""
        chosen = subtree[np.isfinite(lowest)]
        if not len(chosen):
            return
        self.lowest[chosen] = np.maximum(self.lowest[chosen], lowest[np.isfinite(lowest)])
        self._open(chosen)

    def add(self, subtree: int, columns: IntArray, slope: FloatArray, intercept: float) -> None:
        """Put one cut aside for the next `flush`; subtree −1 for one of feasibility."""
        self.rows.subtree.append(subtree)
        self.rows.columns.append(columns)
        self.rows.slopes.append(slope)
        self.rows.intercepts.append(intercept)

    def flush(self, first: int) -> None:
        """Give the cuts from a number on to the solver."""
        count = len(self.rows) - first
        if not count:
            return
        matrix = self._cut_matrix(first)
        lower = np.array(self.rows.intercepts[first:])
        check_status(
            self._highs.addRows(
                count,
                lower,
                np.full(count, np.inf),
                matrix.nnz,
                matrix.indptr[:-1].astype(np.int32),
                matrix.indices.astype(np.int32),
                matrix.data,
            ),
            "adding cuts",
        )
        subtree = np.array(self.rows.subtree[first:], dtype=np.int64)
        self._open(np.unique(subtree[subtree >= 0]))

    def solve(self, *, should_stop: ShouldStop) -> TopAnswer:
        """The best plan of the top, whole numbers left aside, and the bound that it proves."""
        for _ in range(8):
            found = self._run(should_stop)
            if _is_plan(found):
                assert found.values is not None
                if not self._feels_box(found.values):
                    answer = self._answer(found, is_proof=True)
                    if self.is_bounded.all():
                        self._leave_box()
                    return answer
                if self._box >= _LARGEST_BOX:
                    return self._answer(found, is_proof=False)
                if self.is_bounded.all():
                    self._put_in_box(self._box * _GROWTH)
                    continue
                return self._answer(found, is_proof=False)
            if found.termination in _STOPPED or found.termination is Termination.INFEASIBLE:
                return self._nothing(found.termination)
            if self._is_boxed or found.termination is Termination.OPTIMAL:
                raise SolverError(
                    f"HiGHS ended the top of the tree with {found.termination.value}; "
                    "please report this with the problem that caused it"
                )
            self._put_in_box(self._box)
        return self._answer(found, is_proof=False)

    def solve_whole(self, *, options: SolveOptions, should_stop: ShouldStop) -> TopAnswer:
        """The best plan of the top with its whole numbers; its bound is that of branch and bound."""
        found = HighsSolver().solve(
            self._form(relaxed=False),
            options=options,
            step="top of the tree, whole numbers",
            start=None,
            on_progress=no_progress,
            should_stop=should_stop,
        )
        if found.values is None:
            return self._nothing(found.termination)
        answer = self._answer(found, is_proof=False)
        return TopAnswer(found.termination, answer.values, answer.estimates, -found.bound)

    def cost(self, values: FloatArray) -> float:
        """Cost of the top's own columns, the constant included."""
        return float(self.part.cost @ values) + self.constant

    def _run(self, should_stop: ShouldStop) -> Solution:
        highs = self._highs
        self._watch.stop.clear()
        for _ in range(_TRIES):
            run_watched(highs, watch=self._watch, report=lambda: None, should_stop=should_stop)
            found = read_solution(highs, is_mip=False)
            if _is_plan(found) or self._watch.stop.is_set():
                break
            if found.termination is Termination.OPTIMAL:
                # An optimum that misses its limits once presolve is undone.
                set_option(highs, "presolve", "off")
            # What was hot may have led astray: only a fresh solve is believed.
            highs.clearSolver()
        set_option(highs, "presolve", "off")
        if self._watch.stop.is_set() and found.termination is not Termination.OPTIMAL:
            return Solution(found.status, Termination.INTERRUPTED, None, -np.inf, np.inf, None, 0.0)
        return found

    def _answer(self, found: Solution, *, is_proof: bool) -> TopAnswer:
        assert found.values is not None
        values, estimates = found.values[: self.n], found.values[self.n :]
        is_proof = is_proof and bool(self.is_bounded.all())
        bound = self._safe_bound(found) if is_proof else -np.inf
        return TopAnswer(Termination.OPTIMAL, values, np.where(self.is_bounded, estimates, -np.inf), bound)

    def _nothing(self, termination: Termination) -> TopAnswer:
        bound = np.inf if termination is Termination.INFEASIBLE else -np.inf
        return TopAnswer(termination, None, np.full(self.k, -np.inf), bound)

    def _safe_bound(self, found: Solution) -> float:
        """The bound that the duals prove by weak duality, whatever the solver's rounding; see `cuts`."""
        assert found.row_duals is not None
        form = self._form(relaxed=True)
        pi = -found.row_duals
        pi = np.where(np.isfinite(form.row_lower), np.maximum(pi, 0), 0) + np.where(
            np.isfinite(form.row_upper), np.minimum(pi, 0), 0
        )
        matrix = sparse.csr_array(
            (form.matrix.value, form.matrix.column, form.matrix.start), shape=(len(pi), self.n + self.k)
        )
        reduced = -form.objective - matrix.T @ pi
        assert found.values is not None
        # A column without a bound is taken to stay within a multiple of what it is.
        reach = _REACH * (1 + np.abs(found.values))
        lower = np.append(self.part.lower, self.lowest)
        upper = np.append(self.part.upper, np.full(self.k, np.inf))
        lower = np.where(np.isfinite(lower), lower, -reach)
        upper = np.where(np.isfinite(upper), upper, reach)
        low = np.where(np.isfinite(form.row_lower), form.row_lower, 0.0)
        high = np.where(np.isfinite(form.row_upper), form.row_upper, 0.0)
        value = np.maximum(pi, 0) @ low + np.minimum(pi, 0) @ high
        value += np.maximum(reduced, 0) @ lower + np.minimum(reduced, 0) @ upper
        return float(value) + self.constant

    def _open(self, subtrees: IntArray) -> None:
        """Let the estimates of subtrees count from now on."""
        chosen = subtrees[~self.is_bounded[subtrees]]
        self.is_bounded[subtrees] = True
        if len(subtrees):
            columns = (self.n + subtrees).astype(np.int32)
            check_status(
                self._highs.changeColsBounds(
                    len(columns), columns, self.lowest[subtrees], np.full(len(columns), np.inf)
                ),
                "opening estimates",
            )
        if len(chosen):
            columns = (self.n + chosen).astype(np.int32)
            check_status(
                self._highs.changeColsCost(len(columns), columns, -self.weight[chosen]), "pricing estimates"
            )

    def _put_in_box(self, box: float) -> None:
        self._box, self._is_boxed = box, True
        endless = self._endless()
        lower, upper = self._limits()
        check_status(
            self._highs.changeColsBounds(len(endless), endless, lower[endless], upper[endless]),
            "putting the top in a box",
        )

    def _leave_box(self) -> None:
        if not self._is_boxed:
            return
        self._is_boxed = False
        endless = self._endless()
        bounds = self.part.lower[endless], self.part.upper[endless]
        check_status(self._highs.changeColsBounds(len(endless), endless, *bounds), "opening the box")

    def _endless(self) -> IntArray:
        part = self.part
        return np.flatnonzero(~(np.isfinite(part.lower) & np.isfinite(part.upper))).astype(np.int32)

    def _feels_box(self, values: FloatArray) -> bool:
        if not self._is_boxed:
            return False
        endless = self._endless()
        at_end = np.abs(values[endless]) >= self._box * (1 - 1e-6)
        part = self.part
        is_open = np.where(
            values[endless] > 0, ~np.isfinite(part.upper[endless]), ~np.isfinite(part.lower[endless])
        )
        return bool((at_end & is_open).any())

    def _limits(self) -> tuple[FloatArray, FloatArray]:
        """Bounds of the top's own columns, inside the box where there is one."""
        part = self.part
        if not self._is_boxed:
            return part.lower, part.upper
        return np.maximum(part.lower, -self._box), np.minimum(part.upper, self._box)

    def _cut_matrix(self, first: int) -> Matrix:
        rows = self.rows
        count = len(rows) - first
        if not count:
            return sparse.csr_array((0, self.n + self.k))
        lengths = [len(columns) for columns in rows.columns[first:]]
        row = np.repeat(np.arange(count), lengths)
        column = np.concatenate(rows.columns[first:])
        value = -np.concatenate(rows.slopes[first:])
        subtree = np.array(rows.subtree[first:], dtype=np.int64)
        has = np.flatnonzero(subtree >= 0)
        matrix = sparse.csr_array(
            (
                np.concatenate([value, np.ones(len(has))]),
                (np.concatenate([row, has]), np.concatenate([column, self.n + subtree[has]])),
            ),
            shape=(count, self.n + self.k),
        )
        matrix.sum_duplicates()
        return matrix

    def _form(self, *, relaxed: bool) -> MatrixForm:
        """The top with all cuts as a problem to be maximised."""
        part = self.part
        own = sparse.csr_array(
            (part.matrix.data, part.matrix.indices, part.matrix.indptr),
            shape=(part.matrix.shape[0], self.n + self.k),
        )
        matrix = sparse.vstack([own, self._cut_matrix(0)], format="csr")
        lower, upper = self._limits()
        count = len(self.rows)
        return MatrixForm(
            objective=-np.concatenate([part.cost, np.where(self.is_bounded, self.weight, 0.0)]),
            constant=-self.constant,
            lower=np.concatenate([lower, np.where(self.is_bounded, self.lowest, 0.0)]),
            upper=np.concatenate([upper, np.where(self.is_bounded, np.inf, 0.0)]),
            is_integer=np.concatenate([part.is_integer & (not relaxed), np.zeros(self.k, dtype=bool)]),
            row_lower=np.concatenate([part.row_lower, np.array(self.rows.intercepts, dtype=float)]),
            row_upper=np.concatenate([part.row_upper, np.full(count, np.inf)]),
            matrix=sparse_rows(matrix),
        )


def _is_plan(found: Solution) -> bool:
    return found.termination is Termination.OPTIMAL and found.values is not None


def _largest(part: Assembly, limits: str) -> float:
    numbers = getattr(part, limits)
    return float(np.abs(numbers[np.isfinite(numbers)]).max(initial=1.0))

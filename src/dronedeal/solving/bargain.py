"""The best plan for an aim in both utilities at once: floors, weighted sums, lesser gains, logs from above.

An aim is a concave function of the two utilities, which are rows of the problem here:

    max  Σ_i a_i · u_i + Σ_k t_k      u_i ≤ U_i · x + c_i      t_k ≤ b_r · u + d_r      u_i ≥ floor_i

Two copies stay in the solver. One has chords in place of costs that fall with experience: no plan is worth
more than its relaxation, which is the bound. The other touches the true costs at the best plan so far and is
solved again there until nothing gets better. A question starts from the last basis of each, and from a plan
that answers a question like it.
"""

from __future__ import annotations

import copy
from collections.abc import Callable
from dataclasses import dataclass, replace

import numpy as np

from dronedeal.planning.carried import Places, places
from dronedeal.planning.problem import Problem, SparseRows
from dronedeal.planning.tree import FloatArray, IntArray
from dronedeal.solving.aim import SIDES, Aim
from dronedeal.solving.interface import (
    LoadedProblem,
    MatrixForm,
    OnProgress,
    ShouldStop,
    Solution,
    SolveOptions,
    Solver,
    Status,
    Termination,
    never_stop,
    no_progress,
    require_going,
)
from dronedeal.solving.learning_bound import LearningBound
from dronedeal.solving.mixing import best_mix
from dronedeal.solving.supports import Supports
from dronedeal.solving.weighed import WeighedProblem
from dronedeal.solving.work import Work

# Lesser gains and logs of an aim, and rows that bound them; more rows are loaded in steps of so many.
_MOST_PARTS = 2
_ROWS = 24
# Tangents with the integers of the plan held, after each that looks for them anew.
_ROUNDS = 6
# Linear problems with fewer columns are searched to the gap that was asked for instead of rounded in dives.
_SMALL = 4000
CUTS = (60, 100)
"""Parts cut in two by each round of the proof of a half-plane; twice as many bring little more."""
# Where so many quantities are to be whole, rounding may miss a floor, at this price for each unit of the aim,
# and the floor is then raised by so much more than what was missed.
_MANY_QUANTITIES, _PRICE, _MORE = 200, 1e3, 1.1
# Branch and bound over that many quantities ends after so many nodes.
_NODES = 200
# A plan counts as better by this share of its worth.
_RISE = 1e-7
# A rule is kept up to this share of what it limits, as the solver keeps it.
_ALLOWED = 1e-7


@dataclass(frozen=True)
class Bargained:
    """The best plan found for an aim.

    values : (n,) columns of the problem; None where none was found; utilities : (2,) million, at true cost;
    bound : of the aim, minus infinity where it is proven that no plan keeps the floors
    """

    values: FloatArray | None
    utilities: FloatArray
    bound: float


class Bargain:
    """Questions about one problem, each asked from where the last one ended.

    Parameters
    ----------
    problem : with its two utilities
    upper : (n,) upper bounds of the columns, of violations as a rule 0
    is_whole : whether the contract quantities of a plan are made whole

    Attributes
    ----------
    n_rows : room for so many rows of an aim; one that has more is begun afresh
    supports : half-planes that hold every plan of the problem, left by the questions so far
    is_mixed : whether plans with held integers are mixed of those for weighted sums; see `mixing`
    """

    def __init__(
        self,
        problem: Problem,
        solver: Solver,
        upper: FloatArray,
        *,
        is_whole: bool,
        options: SolveOptions | None = None,
        on_progress: OnProgress = no_progress,
        should_stop: ShouldStop = never_stop,
    ) -> None:
        options = options or SolveOptions()
        self.work = Work(problem, solver, options=options, on_progress=on_progress, should_stop=should_stop)
        self.problem = problem
        self.upper = upper
        self.is_whole = is_whole
        self.n_rows = _ROWS
        self.columns = _columns_of_utilities(problem)
        self.integers = np.flatnonzero(problem.is_integer & ~problem.is_whole)
        self.is_small = problem.n_columns < _SMALL and problem.curves is None
        self.is_mixed = False
        self._plans: tuple[FloatArray, list[FloatArray]] = np.zeros(0), []
        self.supports = Supports(solver)
        self._basis: object | None = None
        self._loaded: dict[str, LoadedProblem] = {}

    @property
    def size(self) -> tuple[int, int]:
        """Columns and rows with which the problem is loaded."""
        problem = self.problem
        return problem.n_columns + SIDES + _MOST_PARTS, problem.n_rows + 2 * SIDES + self.n_rows

    def begin_like(
        self,
        other: Bargain,
        carry: Callable[[tuple[int, int], IntArray, IntArray], None],
        *,
        at: Places | None = None,
    ) -> None:
        """Begin at the basis at which another problem of the deal ended, as far as both are the same.

        Parameters
        ----------
        carry : tells the solver; see `HighsSolver.carry`
        at : where columns and rows stand in the other problem; None: by their names
        """
        at, (n_columns, n_rows) = at or places(other.problem, self.problem), other.size
        columns = np.append(at.columns, np.arange(other.problem.n_columns, n_columns))
        rows = np.append(at.rows, np.arange(other.problem.n_rows, n_rows))
        carry((n_columns, n_rows), columns, rows)

    def move_to(self, problem: Problem) -> None:
        """Go on with other numbers in the same places, as under other terms; what the solver knows stays.

        Parameters
        ----------
        problem : with the same columns, rows and places of entries
        """
        matrix, old = problem.matrix, self.problem.matrix
        is_same = (
            problem.n_columns == self.problem.n_columns
            and np.array_equal(matrix.start, old.start)
            and np.array_equal(matrix.column, old.column)
        )
        columns = _columns_of_utilities(problem)
        fits = all(np.isin(new, known).all() for new, known in zip(columns, self.columns, strict=True))
        if not (is_same and fits):
            self._loaded.clear()
            self.columns = columns
        self.problem, self.supports = problem, Supports(self.work.solver)
        # What was a plan under other terms need not be one under these.
        self._plans = np.zeros(0), []
        self.work.problem, self.work.linear = problem, problem.chords()
        self.upper = np.where(problem.is_violation, self.upper, problem.upper)

    def ask(self, aim: Aim, *, start: FloatArray | None = None, step: str = "bargaining") -> Bargained:
        """The best plan found for an aim, with a bound that no plan beats.

        Parameters
        ----------
        start : (n,) of a plan that may be near the answer
        step : what is asked, for the progress

        Raises
        ------
        StoppedError : where a stop was asked for or the time is used up
        """
        self._make_room(aim)
        bound, relaxed = self._bound(aim, step) if self.is_small else self.relaxed(aim, step=step)
        if relaxed is None:
            return Bargained(None, np.full(SIDES, -np.inf), bound)
        best: FloatArray | None = None
        for begin in (relaxed, start):
            if begin is not None:
                best = self._better(aim, best, self.climbed(aim, begin, is_plan=begin is start, step=step))
        if best is not None and self.is_whole:
            best = self.made_whole(aim, best, step)
        if best is None:
            return Bargained(None, np.full(SIDES, -np.inf), bound)
        utilities = self.problem.utilities(best)
        return Bargained(best, utilities, max(bound, aim.worth(utilities)))

    def tried(self, aim: Aim, start: FloatArray | None, *, step: str = "bargaining") -> Bargained:
        """The best plan found from one under other terms; nothing is proven, no quantity made whole.

        Parameters
        ----------
        start : (n,) of that plan: its integers are held where they can be; None: they are looked for

        Raises
        ------
        StoppedError : where a stop was asked for or the time is used up
        """
        best = None if start is None else self.climbed(aim, start, is_plan=True, step=step)
        if best is None and start is not None:
            best = self.climbed(aim, start, is_plan=False, step=step)
        if best is None:
            begin = self.relaxed(aim, step=step)[1]
            best = None if begin is None else self.climbed(aim, begin, is_plan=False, step=step)
        if best is None:
            return Bargained(None, np.full(SIDES, -np.inf), np.inf)
        return Bargained(best, self.problem.utilities(best), np.inf)

    def prove(
        self,
        values: FloatArray,
        weights: FloatArray,
        *,
        step: str = "bargaining",
        cuts: tuple[int, ...] = CUTS,
    ) -> None:
        """Lower the half-plane of some weights around a plan, where costs fall with experience.

        Where the worst scenarios are weighed, it is proven for the mean by those chances that say most of
        them at the plan, in which no plan is worth less.

        Parameters
        ----------
        values : (n,) of the plan; weights : (2,) of both utilities, not below 0
        cuts : see `LearningBound`
        """
        if self.problem.curves is None:
            return
        aim = Aim(weights, 0.0, np.zeros((0, SIDES)), np.zeros(0), np.full(SIDES, -np.inf))
        known, work = self.supports.bound(aim), self.work
        if isinstance(self.problem, WeighedProblem):
            work = copy.copy(work)
            work.problem = self._mean_above(self.problem, values, aim, step)
            work.linear = work.problem.chords()
        worth = float(weights @ work.problem.utilities(values))
        best = Solution(Status.OK, Termination.OPTIMAL, values, worth, np.inf, None, 0.0)
        proof = LearningBound(
            work,
            "joint",
            self.upper,
            None,
            step=step,
            bound=known,
            best=best,
            weights=weights,
            cuts=cuts,
        )
        self.supports.limit(weights, proof.prove())

    def _mean_above(self, problem: WeighedProblem, values: FloatArray, aim: Aim, step: str) -> Problem:
        """The mean by other chances that is nearest to the weighed utilities at a plan; see `by_chances`."""
        self._make_room(aim)
        form = self._form(problem.tangent(values), aim)
        form = replace(form, is_integer=np.zeros_like(form.is_integer), is_whole=None)
        found = self.work.solve(form, step=step, is_true=False)
        self._require_going(found)
        duals = np.zeros(problem.n_rows) if found.row_duals is None else found.row_duals
        return problem.by_chances(problem.worst_chances(duals))

    def keep_basis(self) -> None:
        """Let problems of this size that the solver loads later begin where the last tangent ended."""
        if "tangent" in self._loaded:
            self._loaded["tangent"].keep()

    def _bound(self, aim: Aim, step: str) -> tuple[float, FloatArray | None]:
        """What no plan beats, and the plan that is best on chords; None where nothing keeps the floors."""
        form = self._form(self.work.linear, aim)
        found = self.work.solve(replace(form, is_whole=None), step=step)
        self._require_going(found)
        values = None if found.values is None else found.values[: self.problem.n_columns]
        return (-np.inf if found.termination is Termination.INFEASIBLE else found.bound), values

    def relaxed(self, aim: Aim, *, step: str = "bargaining") -> tuple[float, FloatArray | None]:
        """What no plan beats, and the best plan of the relaxation; None where nothing keeps the floors.

        The half-plane that the duals prove is kept in `supports`.

        Raises
        ------
        StoppedError : where a stop was asked for or the time is used up
        """
        self._make_room(aim)
        form = self._form(self.work.linear, aim)
        form = replace(form, is_integer=np.zeros_like(form.is_integer), is_whole=None)
        if "chords" not in self._loaded:
            self._loaded["chords"] = self.work.load(form, step=step)
            self.work.counted(self._loaded["chords"].begin(is_searched=False))
        found = self.work.counted(self._loaded["chords"].relax(form))
        self._require_going(found)
        if found.termination is not Termination.OPTIMAL or found.values is None:
            return (-np.inf if found.termination is Termination.INFEASIBLE else np.inf), None
        values = found.values[: self.problem.n_columns]
        if found.row_duals is not None:
            defining = found.row_duals[self.problem.n_rows :][:SIDES]
            weights = np.maximum(aim.objective[:SIDES] - defining, 0.0)
            if weights.any():
                self.supports.add(weights, self.work.linear.utilities(values))
        return found.objective, values

    def _make_room(self, aim: Aim) -> None:
        """Load the problem anew where an aim has more rows than any before."""
        if len(aim.lower) > self.n_rows:
            self.n_rows = -(-len(aim.lower) // _ROWS) * _ROWS
            self._loaded.clear()

    def climbed(self, aim: Aim, values: FloatArray, *, is_plan: bool, step: str) -> FloatArray | None:
        """The best plan on the way up from values along tangents; None where none keeps the floors.

        Parameters
        ----------
        values : (n,) columns
        is_plan : whether the values are those of a plan, whose integers are a good start
        """
        self._make_room(aim)
        is_kept = is_plan and self._keeps_rules(values) and aim.admits(self.problem.utilities(values))
        best = values if is_kept else None
        asked, at, is_held = aim, values, is_plan
        for _ in range(_ROUNDS):
            held = np.round(at[self.integers]) if is_held else None
            found = self._tangent(asked, at, held=held, step=step)
            is_held = True
            if found is None:
                break
            utilities = self.problem.utilities(found)
            missing = aim.missing(utilities)
            if missing.any():
                asked = replace(asked, floors=asked.floors + missing)
                at = found
                continue
            better = self._better(aim, best, found)
            if better is best:
                break
            best = at = found
        return best

    def _keeps_rules(self, values: FloatArray) -> bool:
        """Whether values are a plan of this problem: what was one under other terms need not be."""
        problem = self.problem
        activity, whole = problem.matrix.times(values), values[self.integers]
        low = np.concatenate([problem.row_lower, activity, problem.lower, values])
        high = np.concatenate([activity, problem.row_upper, values, self.upper])
        room = _ALLOWED * np.maximum(1.0, np.abs(np.concatenate([activity, activity, values, values])))
        is_whole = (np.abs(whole - np.round(whole)) <= _ALLOWED).all()
        return bool((low <= high + room).all() and is_whole)

    def _tangent(
        self, aim: Aim, values: FloatArray, *, held: FloatArray | None, step: str
    ) -> FloatArray | None:
        tangent = self.problem.tangent(values)
        if held is not None and self.is_mixed:
            return self._mixed(aim, tangent, held, step=step)
        form = self._form(tangent, aim)
        if self.is_small and held is None:
            found = self.work.solve(form, step=step)
            self._require_going(found)
            return None if found.values is None else found.values[: self.problem.n_columns]
        form = replace(form, is_integer=form.is_integer & ~form.whole)
        if "tangent" not in self._loaded:
            self._loaded["tangent"] = self.work.load(form, step=step)
            if held is None:
                self.work.counted(self._loaded["tangent"].begin(is_searched=False))
        found = self.work.counted(self._loaded["tangent"].maximise(form, held=held))
        self._require_going(found)
        self._basis = found.basis
        return None if found.values is None else found.values[: self.problem.n_columns]

    def _mixed(self, aim: Aim, tangent: Problem, held: FloatArray, *, step: str) -> FloatArray | None:
        """The best plan by a tangent with integers held, mixed of plans for weighted sums."""

        def ask(weights: FloatArray) -> FloatArray | None:
            linear = Aim(weights, 0.0, np.zeros((0, SIDES)), np.zeros(0), np.full(SIDES, -np.inf))
            form = self._form(tangent, linear)
            form = replace(form, is_integer=form.is_integer & ~form.whole)
            if "tangent" not in self._loaded:
                self._loaded["tangent"] = self.work.load(form, step=step)
            found = self.work.counted(self._loaded["tangent"].maximise(form, held=held))
            self._require_going(found)
            self._basis = found.basis
            return None if found.values is None else found.values[: tangent.n_columns]

        if not np.array_equal(self._plans[0], held):
            self._plans = held, []
        return best_mix(aim, self._plans[1], ask=ask, utilities=tangent.utilities, solver=self.work.solver)

    def _better(self, aim: Aim, first: FloatArray | None, second: FloatArray | None) -> FloatArray | None:
        if first is None or second is None:
            return first if second is None else second
        one, other = (aim.worth(self.problem.utilities(each)) for each in (first, second))
        return second if other > one + _RISE * max(1.0, abs(one)) else first

    def made_whole(self, aim: Aim, values: FloatArray, step: str) -> FloatArray | None:
        """The plan with whole contract quantities, floors kept at true cost; None where there is none.

        Rounding gives away a little of what a floor asks for, and close to the end of the frontier nothing is
        left to make up for it: of many quantities the last ones are then whole in no way, and a search takes
        minutes. So floors may be missed while many quantities are rounded, and are raised by what was missed
        before they are rounded again.
        """
        is_soft = np.isfinite(aim.floors).any() and aim.softened(1.0).parts <= _MOST_PARTS
        if is_soft and self.problem.is_whole.sum() > _MANY_QUANTITIES:
            whole = self._rounded(
                aim, values, step, price=_PRICE * float(np.abs(aim.objective[:SIDES]).max())
            )
            if whole is not None:
                return whole
        return self._rounded(aim, values, step)

    def _rounded(
        self, aim: Aim, values: FloatArray, step: str, *, price: float | None = None
    ) -> FloatArray | None:
        """See `made_whole`; floors are raised until the plan keeps them at true cost.

        Parameters
        ----------
        price : of floors that may be missed while quantities are rounded, which are then not searched for;
            None: floors are kept
        """
        tangent, asked = self.problem.tangent(values), aim
        is_many = self.problem.is_whole.sum() > _MANY_QUANTITIES
        nodes = 0 if price is not None else _NODES if is_many else None
        for _ in range(_ROUNDS):
            whole = self._whole(
                tangent, asked if price is None else asked.softened(price), values, step, nodes=nodes
            )
            if whole is None:
                return None
            missing = aim.missing(self.problem.utilities(whole))
            if not missing.any():
                return whole
            asked = replace(asked, floors=asked.floors + (missing if price is None else _MORE * missing))
        return None

    def _whole(
        self, tangent: Problem, aim: Aim, values: FloatArray, step: str, *, nodes: int | None
    ) -> FloatArray | None:
        """The plan with whole contract quantities by a tangent; None where there is none."""
        form = self._form(tangent, aim)
        full = self._with_utilities(values, aim)
        worth = aim.worth(self.problem.utilities(values))
        solution = Solution(Status.OK, Termination.OPTIMAL, full, worth, worth, None, 0.0, self._basis)
        stop = self.work.should_stop
        found = self.work.make_whole(form, solution, step=step, should_stop=stop, nodes=nodes)
        if stop():
            self._require_going(replace(found, termination=Termination.INTERRUPTED))
        return None if found.values is None else found.values[: self.problem.n_columns]

    def _with_utilities(self, values: FloatArray, aim: Aim) -> FloatArray:
        utilities = self.problem.utilities(values)
        parts = np.zeros(_MOST_PARTS)
        parts[: aim.parts] = aim.parts_at(utilities)
        return np.concatenate([values, utilities, parts])

    def _require_going(self, found: Solution) -> None:
        require_going(found.termination, "the question was answered")

    def _form(self, linear: Problem, aim: Aim) -> MatrixForm:
        """The problem with utilities and parts as further columns, the same pattern for every aim."""
        n, extra = linear.n_columns, SIDES + _MOST_PARTS
        on_sides = np.zeros(extra)
        on_sides[SIDES : len(aim.objective)] = aim.objective[SIDES:]
        objective = np.concatenate([aim.objective[:SIDES] @ linear.utility, on_sides])
        m = len(aim.lower)
        row_lower = np.concatenate(
            [
                linear.row_lower,
                -linear.utility_constant,
                aim.floors,
                aim.lower,
                np.full(self.n_rows - m, -np.inf),
            ]
        )
        nothing = np.zeros(extra, dtype=bool)
        return MatrixForm(
            objective=objective,
            constant=float(aim.objective[:SIDES] @ linear.utility_constant) + aim.constant,
            lower=np.concatenate([linear.lower, np.full(extra, -np.inf)]),
            upper=np.concatenate([self.upper, np.full(extra, np.inf)]),
            is_integer=np.concatenate([linear.is_integer, nothing]),
            row_lower=row_lower,
            row_upper=np.concatenate([linear.row_upper, np.full(2 * SIDES + self.n_rows, np.inf)]),
            matrix=_stacked(linear, self.columns, self._rows_of(aim, n)),
            is_whole=np.concatenate([linear.is_whole, nothing]),
        )

    def _rows_of(self, aim: Aim, n: int) -> SparseRows:
        """Floors and the rows of an aim, in utilities and parts."""
        extra = SIDES + _MOST_PARTS
        rows = np.zeros((self.n_rows, extra))
        rows[: len(aim.lower), : len(aim.objective)] = aim.rows
        start = np.concatenate([np.arange(SIDES), SIDES + extra * np.arange(self.n_rows + 1)])
        column = np.concatenate([n + np.arange(SIDES), np.tile(n + np.arange(extra), self.n_rows)])
        return SparseRows(start, column, np.concatenate([np.ones(SIDES), rows.ravel()]))


def _columns_of_utilities(problem: Problem) -> tuple[IntArray, ...]:
    """Columns that can be worth something to each side, on any tangent."""
    found = []
    for side in range(SIDES):
        is_worth = problem.utility[side] != 0
        if problem.curves is not None:
            make = problem.curves.make[problem.curves.data.party == side]
            is_worth[make[make >= 0]] = True
        found.append(np.flatnonzero(is_worth))
    return tuple(found)


def _stacked(linear: Problem, columns: tuple[IntArray, ...], below: SparseRows) -> SparseRows:
    """The rows of a problem, what its utilities are at most, and further rows."""
    n = linear.n_columns
    starts, column, value = [linear.matrix.start], [linear.matrix.column], [linear.matrix.value]
    for side, chosen in enumerate(columns):
        column.append(np.append(chosen, n + side))
        value.append(np.append(linear.utility[side][chosen], -1.0))
        starts.append(starts[-1][-1:] + len(chosen) + 1)
    starts.append(starts[-1][-1:] + below.start[1:])
    return SparseRows(
        np.concatenate(starts), np.concatenate([*column, below.column]), np.concatenate([*value, below.value])
    )

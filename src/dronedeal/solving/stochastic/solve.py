"""The public function: any problem on a scenario tree, solved with a proven bound."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

from dronedeal.engine import Engine
from dronedeal.errors import InputError
from dronedeal.planning.problem import Problem
from dronedeal.planning.tree import FloatArray
from dronedeal.solving.forms import ObjectiveKind
from dronedeal.solving.interface import OnProgress, ShouldStop, SolveOptions, never_stop, no_progress
from dronedeal.solving.stochastic.decomposition import DecompositionOptions, decompose
from dronedeal.solving.stochastic.extensive import solve_extensive
from dronedeal.solving.stochastic.reading import read_problem
from dronedeal.solving.stochastic.solution import METHODS, Method, TreeSolution
from dronedeal.solving.stochastic.staged import StagedProblem
from dronedeal.solving.stochastic.tail import check_tail, with_tail, without_tail

# Below about so many scenarios and columns the dual simplex on all of them at once is as fast.
_MANY_LEAVES, _MANY_COLUMNS, _MANY_WHOLE_COLUMNS = 100, 100_000, 300_000


def solve_tree(  # noqa: PLR0913 -- all but the problem are keywords with defaults
    problem: Problem | StagedProblem,
    *,
    objective: ObjectiveKind = "joint",
    method: Method = "auto",
    gap: float = 1e-3,
    time_limit: float | None = None,
    tail: float | None = None,
    tail_weight: float = 1.0,
    depth: int | None = None,
    engine: Engine | None = None,
    checkpoint: str | Path | None = None,
    on_progress: OnProgress = no_progress,
    should_stop: ShouldStop = never_stop,
) -> TreeSolution:
    """Solve a problem on its scenario tree; the answer carries a proven bound.

    Maximises the utility of a side, `Σ_n probability_n · utility_n`, or, with a `tail`,
    `(1 − tail_weight) · mean + tail_weight · mean of the worst share tail`. Costs are minus the utility.

    Parameters
    ----------
    problem : a Problem, whose columns each belong to a node of its tree, or a StagedProblem
    objective : whose utility counts: "buyer", "seller", or "joint" for the sum; a StagedProblem has one only
    method : "extensive" puts all scenarios into one solve, "decomposition" splits the tree by depth, "auto"
        takes what was measured to be faster for the size
    gap : relative distance of plan and bound at which the work ends
    time_limit : seconds of wall clock; None for no limit
    tail : share of worst outcomes whose mean is minimised (CVaR), 0 < tail ≤ 1; None or 1: the plain mean.
        A column's cost counts in every scenario that passes through its node
    tail_weight : weight of the tail against the mean of all outcomes, 0 to 1
    depth : stages in the top of a decomposition; None: chosen by size
    engine : where a decomposition evaluates its subtrees: `Serial`, `Threads`, `Processes` or a cluster's;
        None: one after the other, here
    checkpoint : file in which a decomposition keeps its state every few seconds, and from which the same
        problem is taken up again, whatever ended it; None: nowhere
    on_progress : told how far the work is
    should_stop : asked again and again; once it says yes the best plan so far is given back

    Raises
    ------
    InputError
        where tree, problem or an option cannot be used; the message says what is allowed

    Examples
    --------
    >>> from dronedeal.solving.stochastic import StagedBuilder
    >>> stages = StagedBuilder([-1, 0, 0, 0, 0], [1, 0.25, 0.25, 0.25, 0.25])
    >>> for node in range(1, 5):
    ...     stages.row(node, "due", {stages.column(node, "paid", cost=1): 1}, lower=10 * node)
    >>> round(solve_tree(stages.problem(), objective="buyer", tail=0.4).cost, 9)
    36.25
    """
    check_options(method=method, gap=gap, time_limit=time_limit)
    check_tail(tail, tail_weight)
    staged, place = _staged(problem, objective)
    extended = with_tail(staged, tail=tail, tail_weight=tail_weight)
    options = SolveOptions(gap=gap, time_limit=time_limit)
    choice = DecompositionOptions(depth, engine, None if checkpoint is None else Path(checkpoint))
    found = None
    if method == "decomposition" or (method == "auto" and is_large(extended)):
        found = decompose(
            extended, options=options, choice=choice, on_progress=on_progress, should_stop=should_stop
        )
    if found is None:
        found = solve_extensive(extended, options=options, on_progress=on_progress, should_stop=should_stop)
    if found.values is None:
        return found
    return replace(found, values=place(without_tail(found.values, staged, extended)))


def is_large(staged: StagedProblem) -> bool:
    """Whether a tree is so large that a decomposition was measured to be faster than one solve."""
    if staged.joint is not None:
        return False
    # A decomposition may leave a gap where there are whole numbers: one solve is tried on larger trees too.
    most = _MANY_WHOLE_COLUMNS if staged.has_integers else _MANY_COLUMNS
    return len(staged.leaves) > _MANY_LEAVES and staged.n_columns > most


def check_options(*, method: str, gap: float, time_limit: float | None) -> None:
    """Raise InputError where an option of a solve cannot be used."""
    if method not in METHODS:
        raise InputError(f"method {method!r} is unknown; choose one of {', '.join(METHODS)}")
    if not gap >= 0:
        raise InputError(f"gap {gap} is not a distance; give 0 or more, such as 0.001 for 0.1 %")
    if time_limit is not None and not time_limit > 0:
        raise InputError(f"time_limit {time_limit} leaves no time; give seconds above 0, or None")


def _staged(
    problem: Problem | StagedProblem, objective: ObjectiveKind
) -> tuple[StagedProblem, Callable[[FloatArray], FloatArray]]:
    """The problem node by node, and how its values are put into the order of the problem given."""
    if isinstance(problem, StagedProblem):
        return problem, lambda values: values
    reading = read_problem(problem, objective=objective)
    return reading.staged, reading.in_problem_order

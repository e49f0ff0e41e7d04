"""The extensive form: one problem over all scenarios, for trees that fit into one solve.

Measured on trees with a year a stage (see docs/design/stochastic.md), the dual simplex of HiGHS from its own
start is the best of its methods there; the interior-point and first-order ones take three times as long and
more. Integers are left to the dives and the branch and bound that plans use too.
"""

from __future__ import annotations

from dronedeal.solving.highs import HighsSolver
from dronedeal.solving.interface import OnProgress, ShouldStop, Solution, SolveOptions
from dronedeal.solving.stochastic.assembly import whole
from dronedeal.solving.stochastic.solution import TreeSolution
from dronedeal.solving.stochastic.staged import StagedProblem

STEP = "all scenarios at once"


def solve_extensive(
    staged: StagedProblem, *, options: SolveOptions, on_progress: OnProgress, should_stop: ShouldStop
) -> TreeSolution:
    """Solve the extensive form.

    Parameters
    ----------
    staged : with or without whole numbers
    options : gap, time limit, threads and seed
    """
    found = solve_whole(staged, options=options, on_progress=on_progress, should_stop=should_stop)
    return TreeSolution(
        values=found.values,
        objective=found.objective,
        bound=found.bound,
        status=found.status,
        termination=found.termination,
        method="extensive",
        iterations=0,
        seconds=found.seconds,
        measured={"columns": staged.n_columns, "rows": staged.n_rows, "nodes": staged.n_nodes},
    )


def solve_whole(
    staged: StagedProblem, *, options: SolveOptions, on_progress: OnProgress, should_stop: ShouldStop
) -> Solution:
    """The solver's own answer on the extensive form; its duals are those of the maximum."""
    return HighsSolver().solve(
        whole(staged),
        options=options,
        step=STEP,
        start=None,
        on_progress=on_progress,
        should_stop=should_stop,
    )

"""Problem in, Solution out: the solver seam, HiGHS, a fake, and the order of solves behind one plan."""

from dronedeal.solving.alternatives import different
from dronedeal.solving.fake import FakeSolver
from dronedeal.solving.forms import OBJECTIVES, WEIGHTS, ObjectiveKind
from dronedeal.solving.interface import (
    MatrixForm,
    Progress,
    Solution,
    SolveOptions,
    Solver,
    Status,
    Termination,
    never_stop,
    no_progress,
    relative_gap,
)
from dronedeal.solving.nearby import Nearby, nearest
from dronedeal.solving.outcome import Outcome, best_alone, solve_plan, without_deal
from dronedeal.solving.restored import restored
from dronedeal.solving.worst import Part, Tail, TailOf, solve_tail, tail_worth

__all__ = [
    "OBJECTIVES",
    "WEIGHTS",
    "FakeSolver",
    "MatrixForm",
    "Nearby",
    "ObjectiveKind",
    "Outcome",
    "Part",
    "Progress",
    "Solution",
    "SolveOptions",
    "Solver",
    "Status",
    "Tail",
    "TailOf",
    "Termination",
    "best_alone",
    "different",
    "nearest",
    "never_stop",
    "no_progress",
    "relative_gap",
    "restored",
    "solve_plan",
    "solve_tail",
    "tail_worth",
    "without_deal",
]

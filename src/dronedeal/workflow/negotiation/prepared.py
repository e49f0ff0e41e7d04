"""What is worked out before the first question, in a checkpoint: what terms move, the walk on the frontier.

Both take minutes on a large deal, and a run that is taken up again has to begin exactly where the one before
began. So the numbers are kept to the last bit, and the bases of the solver with them.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from dronedeal.negotiation.evaluator import Utilities
from dronedeal.planning.negotiable import Build, Negotiable, TermRange
from dronedeal.planning.problem import Problem
from dronedeal.planning.shifts import Shift
from dronedeal.planning.survey import Surveyed
from dronedeal.planning.tree import FloatArray
from dronedeal.solving.highs import Basis, HighsSolver
from dronedeal.solving.supports import Supports
from dronedeal.workflow.checkpoint import Checkpoint, array_from, array_text
from dronedeal.workflow.negotiation.walk import Stands

_SURVEY, _WALK = "survey", "walk"


@dataclass(frozen=True)
class WalkedPlan:
    """A plan that the walk found: its utilities, its terms, and the columns of the problem under them."""

    utilities: Utilities
    terms: Mapping[str, float]
    values: FloatArray


@dataclass(frozen=True)
class Walked:
    """What the walk along the frontier leaves behind.

    plans : that it found; supports : half-planes that hold every plan
    stands : where questions begin; solver : that went first
    """

    plans: Sequence[WalkedPlan]
    supports: Supports
    stands: Stands
    solver: HighsSolver


class Prepared:
    """Keeps survey and walk of one evaluator, or makes them where they are not kept.

    Parameters
    ----------
    checkpoint : where they go
    name : of the evaluator, where a negotiation has several
    """

    def __init__(self, checkpoint: Checkpoint, name: str = "deal") -> None:
        self._checkpoint, self._name = checkpoint, name

    def survey(self, make: Callable[[], tuple[Surveyed, Problem]], build: Build) -> Negotiable:
        """The problem in proportion to its terms; from a checkpoint one problem is built, not all of them."""
        data = self._checkpoint.recall(_SURVEY, self._name)
        if data is None:
            found, problem = make()
            self._checkpoint.keep(_SURVEY, self._name, survey_to_data(found))
            return found.negotiable(problem)
        found = survey_from_data(data)
        return found.negotiable(build(found.start))

    def walk(self, make: Callable[[], Walked]) -> Walked:
        """What the walk left behind."""
        data = self._checkpoint.recall(_WALK, self._name)
        if data is not None:
            return walk_from_data(data)
        walked = make()
        self._checkpoint.keep(_WALK, self._name, walk_to_data(walked))
        return walked


def survey_to_data(found: Surveyed) -> dict[str, Any]:
    """A survey as plain data."""
    return {
        "start": dict(found.start),
        "ranges": {term: [span.lower, span.upper] for term, span in found.ranges.items()},
        "structural": dict(found.structural),
        "single": {term: _shift_to_data(shift) for term, shift in found.single.items()},
        "pair": [[one, other, _shift_to_data(shift)] for (one, other), shift in found.pair.items()],
        "most_broken": array_text(found.most_broken),
    }


def survey_from_data(data: Mapping[str, Any]) -> Surveyed:
    """The survey that was written."""
    return Surveyed(
        start=data["start"],
        ranges={term: TermRange(term, *ends) for term, ends in data["ranges"].items()},
        structural=data["structural"],
        single={term: _shift_from_data(shift) for term, shift in data["single"].items()},
        pair={(one, other): _shift_from_data(shift) for one, other, shift in data["pair"]},
        most_broken=array_from(data["most_broken"]),
    )


def walk_to_data(walked: Walked) -> dict[str, Any]:
    """A walk as plain data."""
    supports = walked.supports
    return {
        "plans": [
            {"utilities": list(plan.utilities), "terms": dict(plan.terms), "values": array_text(plan.values)}
            for plan in walked.plans
        ],
        "supports": {
            "weights": supports.weights.tolist(),
            "limits": supports.limits.tolist(),
            "points": supports.points.tolist(),
        },
        "stands": [[seller, _solver_to_data(solver)] for seller, solver in walked.stands],
        "solver": _solver_to_data(walked.solver),
    }


def walk_from_data(data: Mapping[str, Any]) -> Walked:
    """The walk that was written."""
    plans = [
        WalkedPlan((plan["utilities"][0], plan["utilities"][1]), plan["terms"], array_from(plan["values"]))
        for plan in data["plans"]
    ]
    supports = Supports.of(HighsSolver(), **data["supports"])
    stands = [(seller, _solver_from_data(solver)) for seller, solver in data["stands"]]
    return Walked(plans, supports, stands, _solver_from_data(data["solver"]))


def _shift_to_data(shift: Shift) -> list[str]:
    # Places follow one another, so that their differences take a tenth of the room.
    return [array_text(np.diff(shift.position, prepend=0)), array_text(shift.amount)]


def _shift_from_data(data: Sequence[str]) -> Shift:
    position, amount = (array_from(each) for each in data)
    return Shift(np.cumsum(position).astype(np.int64), amount)


def _solver_to_data(solver: HighsSolver) -> list[list[Any]]:
    return [[array_text(each.columns), array_text(each.rows), each.is_alien] for each in solver.bases()]


def _solver_from_data(data: Sequence[Sequence[Any]]) -> HighsSolver:
    solver = HighsSolver(is_hot=True)
    solver.begin_at(
        Basis(array_from(columns).astype(np.int64), array_from(rows).astype(np.int64), is_alien)
        for columns, rows, is_alien in data
    )
    return solver

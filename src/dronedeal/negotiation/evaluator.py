"""The seam between bargaining and whatever values outcomes: one question, one answer.

Bargaining asks an evaluator for the outcome with the greatest *goal* among those that leave both sides
their *floors*. It never knows what an outcome is made of: a plan of a deal, a row of a list, a point of a
set. Utilities are always the pair (buyer, seller), each in one unit of its own, and everything is
maximised.

A goal is a sum of terms, each the least of some affine functions of the two utilities::

    goal(u) = Σ_j min_k (a_jk · u_buyer + b_jk · u_seller + c_jk)

That one form holds every question that is asked: one side's utility and weighted sums (one term of one
piece), the lesser of two gains (one term of two pieces), and a logarithm from above by its tangents (one
term of many pieces). A linear or mixed-integer evaluator needs one column a term of several pieces and one
row a piece (`goal_rows`).
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from typing import Any, Protocol

import numpy as np
import numpy.typing as npt

FloatArray = npt.NDArray[np.float64]
Utilities = tuple[float, float]
# Positions of the two sides in every pair.
BUYER, SELLER = 0, 1
NO_FLOORS: Utilities = (-math.inf, -math.inf)


@dataclass(frozen=True, slots=True)
class Affine:
    """`buyer · u_buyer + seller · u_seller + constant`."""

    buyer: float
    seller: float
    constant: float = 0.0

    def of(self, utilities: Utilities) -> float:
        """Its value at a pair of utilities."""
        return self.buyer * utilities[BUYER] + self.seller * utilities[SELLER] + self.constant


Term = tuple[Affine, ...]
Goal = tuple[Term, ...]


@dataclass(frozen=True, slots=True)
class Outcome:
    """One thing the two sides can agree on.

    Parameters
    ----------
    utilities : what it is worth to (buyer, seller)
    label : names it; what a caller finds it by later, and what a checkpoint keeps of it
    plan : the thing itself, never looked at here; None after a resume from a checkpoint
    """

    utilities: Utilities
    label: str = ""
    plan: Any = field(default=None, compare=False, repr=False)


@dataclass(frozen=True, slots=True)
class Question:
    """Which outcome has the greatest goal among those at or above the floors?

    Parameters
    ----------
    goal : see `weighted` and `lesser_gain`; to be maximised
    floors : least utilities of (buyer, seller); minus infinity: none
    keep : affine functions of the utilities that must not be below 0
    near : an outcome that is likely to be close to the answer, from which work may start; it changes how
    fast the
        answer comes, not which outcomes are allowed, and is not part of what two questions are compared by
    """

    goal: Goal
    floors: Utilities = NO_FLOORS
    keep: tuple[Affine, ...] = ()
    near: Outcome | None = field(default=None, compare=False, repr=False)

    def value(self, utilities: Utilities) -> float:
        """The goal at a pair of utilities."""
        return sum(min(piece.of(utilities) for piece in term) for term in self.goal)

    def admits(self, utilities: Utilities, tolerance: float = 0.0) -> bool:
        """Whether a pair of utilities keeps floors and other limits, up to a tolerance."""
        kept = all(piece.of(utilities) >= -tolerance for piece in self.keep)
        return kept and all(u >= f - tolerance for u, f in zip(utilities, self.floors, strict=True))

    def starting_at(self, near: Outcome | None) -> Question:
        """The same question with another outcome to start from."""
        return replace(self, near=near)


@dataclass(frozen=True, slots=True)
class Answer:
    """What an evaluator found, and what it proved.

    Parameters
    ----------
    outcome : the best one found; None: none was found
    bound : no allowed outcome has a greater goal. Minus infinity: it is proven that no outcome is allowed.
    Plus
        infinity: nothing is proven, as when the work was cut short
    """

    outcome: Outcome | None
    bound: float

    @property
    def is_none_proven(self) -> bool:
        """Whether it is certain that no outcome keeps the floors."""
        return self.outcome is None and self.bound == -math.inf


NO_OUTCOME = Answer(None, -math.inf)


class Evaluator(Protocol):
    """Whatever finds the best outcome; the only thing that bargaining needs of the world."""

    def best(self, question: Question, /) -> Answer:
        """The allowed outcome with the greatest goal, and a proven bound of the goal.

        The answer may have a gap: `bound ≥ goal(utilities)`, and floors may be missed by the evaluator's
        own tolerance. The same question always gets the same answer; where several outcomes are equally
        good, which of them is returned is the evaluator's choice, made in a fixed way.
        """
        ...


def weighted(buyer: float, seller: float) -> Goal:
    """The goal `buyer · u_buyer + seller · u_seller`.

    Examples
    --------
    >>> Question(weighted(1.0, 0.5)).value((10.0, 4.0))
    12.0
    """
    return ((Affine(buyer, seller),),)


def lesser_gain(disagreement: Utilities, units: Utilities = (1.0, 1.0)) -> Goal:
    """The goal `min_i (u_i − d_i) / unit_i`: the lesser of two gains, each in its own unit.

    Parameters
    ----------
    disagreement : what each side has without an agreement
    units : above 0; what counts as one gain of each side

    Examples
    --------
    >>> Question(lesser_gain((2.0, 0.0), (1.0, 10.0))).value((5.0, 40.0))
    3.0
    """
    buyer = Affine(1.0 / units[BUYER], 0.0, -disagreement[BUYER] / units[BUYER])
    seller = Affine(0.0, 1.0 / units[SELLER], -disagreement[SELLER] / units[SELLER])
    return ((buyer, seller),)


def gain_of(side: int, disagreement: Utilities, unit: float = 1.0) -> Affine:
    """`(u_side − d_side) / unit` as an affine function of both utilities."""
    constant = -disagreement[side] / unit
    return Affine(1.0 / unit, 0.0, constant) if side == BUYER else Affine(0.0, 1.0 / unit, constant)


@dataclass(frozen=True)
class GoalRows:
    """A goal as a linear objective: columns are (u_buyer, u_seller, one free column a term of several
    pieces).

    Parameters
    ----------
    objective : (2 + terms,) to be maximised
    constant : added to the objective
    rows : (m, 2 + terms) of which none may be below its `lower`
    lower : (m,)
    """

    objective: FloatArray
    constant: float
    rows: FloatArray
    lower: FloatArray


def goal_rows(question: Question) -> GoalRows:
    """Goal, `keep` and nothing else of a question as linear rows: `t_j ≤ a·u_buyer + b·u_seller + c` for
    each piece.

    Floors are left to the caller, who may have bounds for them.

    Examples
    --------
    >>> rows = goal_rows(Question(lesser_gain((1.0, 2.0))))
    >>> rows.objective.tolist(), rows.rows.tolist(), rows.lower.tolist()
    ([0.0, 0.0, 1.0], [[1.0, 0.0, -1.0], [0.0, 1.0, -1.0]], [1.0, 2.0])
    """
    several = [term for term in question.goal if len(term) > 1]
    single = [term[0] for term in question.goal if len(term) == 1]
    objective = np.ones(2 + len(several))
    objective[:2] = sum(piece.buyer for piece in single), sum(piece.seller for piece in single)
    rows, lower = [], []
    for at, term in enumerate(several):
        for piece in term:
            rows.append(_row(piece, len(several), at))
            lower.append(-piece.constant)
    for piece in question.keep:
        rows.append(_row(piece, len(several), None))
        lower.append(-piece.constant)
    return GoalRows(
        objective=objective,
        constant=sum(piece.constant for piece in single),
        rows=np.array(rows).reshape(-1, 2 + len(several)),
        lower=np.array(lower, dtype=float),
    )


def _row(piece: Affine, terms: int, at: int | None) -> FloatArray:
    row = np.zeros(2 + terms)
    row[:2] = piece.buyer, piece.seller
    if at is not None:
        row[2 + at] = -1.0
    return row


def question_to_data(question: Question) -> dict[str, Any]:
    """A question as plain data, the outcome to start from left out."""
    return {
        "goal": [[[p.buyer, p.seller, p.constant] for p in term] for term in question.goal],
        "floors": [_to_data(floor) for floor in question.floors],
        "keep": [[p.buyer, p.seller, p.constant] for p in question.keep],
    }


def answer_to_data(answer: Answer) -> dict[str, Any]:
    """An answer as plain data: of the outcome its utilities and label."""
    outcome = answer.outcome
    found = None if outcome is None else {"utilities": list(outcome.utilities), "label": outcome.label}
    return {"outcome": found, "bound": _to_data(answer.bound)}


def answer_from_data(data: dict[str, Any]) -> Answer:
    """The answer that was written as plain data, without its plan."""
    found = data["outcome"]
    bound = float(data["bound"])
    if found is None:
        return Answer(None, bound)
    buyer, seller = found["utilities"]
    return Answer(Outcome((float(buyer), float(seller)), found["label"]), bound)


def _to_data(number: float) -> float | str:
    """A number as JSON can hold it: infinities are words that `float` reads."""
    return number if math.isfinite(number) else str(number)


def utilities_of(outcomes: Sequence[Outcome]) -> FloatArray:
    """(n, 2) utilities of some outcomes."""
    return np.array([outcome.utilities for outcome in outcomes], dtype=float).reshape(-1, 2)

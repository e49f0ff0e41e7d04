"""One fair point: an agreement, by which measure it is fair, how sure that is, and why in one sentence."""

from __future__ import annotations

from dataclasses import dataclass

from dronedeal.errors import SolverError
from dronedeal.negotiation.evaluator import BUYER, SELLER, Answer, Outcome, Utilities

NAMES = ("buyer", "seller")
# A gain below this share of the utilities that it is a difference of is none.
_NOTHING = 1e-9
# Sums of floats differ by less where they should be equal, whatever a measure counts.
_ROUNDING = 1e-12


@dataclass(frozen=True, slots=True)
class FairPoint:
    """An agreement that one idea of fairness picks, with its certificate.

    Parameters
    ----------
    name : `nash`, `kalai_smorodinsky`, `egalitarian` or `welfare`
    outcome : with its utilities, label and plan
    disagreement : what each side has without an agreement
    value : the measure at this agreement: product of both gains, lesser share, lesser gain, or sum of gains
    bound : proven: at no agreement that harms neither side is the measure greater
    method_gap : the part of `gap` that is owed to the method; the rest is the evaluator's own
    reason : why this agreement, in one sentence
    questions : how many questions it took
    """

    name: str
    outcome: Outcome
    disagreement: Utilities
    value: float
    bound: float
    method_gap: float
    reason: str
    questions: int

    @property
    def utilities(self) -> Utilities:
        """Utilities of (buyer, seller)."""
        return self.outcome.utilities

    @property
    def gains(self) -> Utilities:
        """What each side has more than without an agreement."""
        return gains_over(self.disagreement, self.utilities)

    @property
    def gap(self) -> float:
        """`(bound − value) / value`: by what share the measure could at most be greater."""
        if self.bound <= self.value + _ROUNDING:
            return 0.0
        return (self.bound - self.value) / abs(self.value) if self.value else float("inf")


def plan_gap(point: FairPoint, together: FairPoint) -> float:
    """The part of a gap that the plans' own gap accounts for.

    The greatest sum of both gains is one plan with a gap of its own: `S` was found, and `S*` is proven. Were
    both gains greater in that proportion, the measure would be greater by `(S* / S)^k − 1`, with `k = 2` for
    the product and 1 for a share, a gain or a sum of gains. What a point has beyond it is owed to the search,
    and to bounds that are straight where the frontier bends.

    Parameters
    ----------
    together : the point of greatest welfare

    Returns
    -------
    a share of the measure, no more than the gap

    Examples
    --------
    >>> from dronedeal.negotiation.evaluator import Outcome
    >>> def point(name, value, bound):
    ...     return FairPoint(name, Outcome((5.0, 5.0), "", None), (0.0, 0.0), value, bound, 0.0, "", 1)
    >>> round(plan_gap(point("nash", 25.0, 40.0), point("welfare", 10.0, 11.0)), 6)
    0.21
    """
    if together.value <= 0.0 or together.gap == float("inf"):
        return point.gap
    degree = 2 if point.name == "nash" else 1
    return min(point.gap, (1.0 + together.gap) ** degree - 1.0)


def gains_over(disagreement: Utilities, utilities: Utilities) -> Utilities:
    """`u − d` of both sides."""
    return utilities[BUYER] - disagreement[BUYER], utilities[SELLER] - disagreement[SELLER]


def is_nothing(gain: float, utility: float) -> bool:
    """Whether a gain is no more than rounding of the utility that it is part of."""
    return gain <= _NOTHING * max(1.0, abs(utility))


def checked(answer: Answer, wanted: str) -> Answer | None:
    """The answer; None where it is proven that there is none.

    Raises
    ------
    SolverError : nothing was found and nothing proven
    """
    if answer.outcome is None and not answer.is_none_proven:
        raise SolverError(
            f"{wanted}: the evaluator found no agreement that harms neither side, and did not prove that "
            "none exists; give it more time"
        )
    return None if answer.outcome is None else answer

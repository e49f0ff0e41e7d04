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

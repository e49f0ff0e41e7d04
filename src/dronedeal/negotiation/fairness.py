"""All fair points at once: what they have in common is asked once, and what can be is asked together."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from dronedeal.negotiation.evaluator import BUYER, SELLER, Evaluator, Outcome, Utilities
from dronedeal.negotiation.fair_point import FairPoint, gains_over, is_nothing
from dronedeal.negotiation.inquiry import Inquiry
from dronedeal.negotiation.nash import nash
from dronedeal.negotiation.points import (
    egalitarian,
    ideal_point,
    kalai_smorodinsky,
    lesser_question,
    share_units,
    welfare,
    welfare_question,
)


@dataclass(frozen=True, slots=True)
class FairPoints:
    """The four fair points of one zone.

    Parameters
    ----------
    ideal : the most that each side can have in the zone
    """

    ideal: Utilities
    nash: FairPoint
    kalai_smorodinsky: FairPoint
    egalitarian: FairPoint
    welfare: FairPoint

    def __iter__(self) -> Iterator[FairPoint]:
        """Each point, in the order above."""
        return iter((self.nash, self.kalai_smorodinsky, self.egalitarian, self.welfare))


def fair_points(
    evaluator: Evaluator,
    disagreement: Utilities,
    *,
    power: Utilities = (1.0, 1.0),
    known: Sequence[Outcome] = (),
    tolerance: float = 1e-5,
) -> FairPoints | None:
    """The Nash, Kalai–Smorodinsky, egalitarian and welfare points.

    Parameters
    ----------
    evaluator : or an `Inquiry`, whose engine then works on several points at once
    disagreement : what each side has without an agreement
    power : bargaining power of (buyer, seller) for the Nash point
    known : outcomes found before, as those of the frontier; each question starts from the best of them
    tolerance : of the Nash point

    Returns
    -------
    the points, or None where it is proven that every agreement harms a side

    Examples
    --------
    >>> from dronedeal.negotiation.listed import ListedOutcomes
    >>> points = fair_points(ListedOutcomes([(50, 20), (46, 40), (43, 54), (36, 72), (23, 100)]), (20, 10))
    >>> for point in points:
    ...     print(point.name, point.utilities)
    nash (43.0, 54.0)
    kalai_smorodinsky (36.0, 72.0)
    egalitarian (46.0, 40.0)
    welfare (23.0, 100.0)
    """
    inquiry = Inquiry.of(evaluator)
    inside = [each for each in known if min(gains_over(disagreement, each.utilities)) >= 0.0]
    inquiry.know(inside)
    ideal = ideal_point(inquiry, disagreement)
    if ideal is None:
        return None
    most = gains_over(disagreement, ideal)
    questions = [lesser_question(disagreement), welfare_question(disagreement)]
    if not any(is_nothing(most[side], ideal[side]) for side in (BUYER, SELLER)):
        questions.append(lesser_question(disagreement, share_units(most)[1]))
    # The inquiry remembers, so that the points below do not ask these again.
    answers = inquiry.each(questions, step="fair points")
    found = [answer.outcome for answer in answers if answer.outcome is not None]
    even = kalai_smorodinsky(inquiry, disagreement, ideal=ideal)
    equal = egalitarian(inquiry, disagreement)
    together = welfare(inquiry, disagreement)
    best = nash(inquiry, disagreement, power=power, ideal=ideal, known=[*inside, *found], tolerance=tolerance)
    if even is None or equal is None or together is None or best is None:
        return None
    return FairPoints(ideal, best, even, equal, together)

"""What the record says of packages of clauses: which were looked at, and what the bounds cover."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from dronedeal.negotiation.evaluator import Outcome, Utilities
from dronedeal.negotiation.record_parts import FairPlan, FrontierPlan, PackageRecord, PackagesRecord, Terms
from dronedeal.report.wording import count_text
from dronedeal.workflow.negotiation.choosing import Looked
from dronedeal.workflow.negotiation.evaluator import Point
from dronedeal.workflow.negotiation.packages import Packages

_POSITIONS = (
    "A package takes each of its clauses as it is in the deal or at the position of a side; values in "
    "between were not looked into."
)


def packages_record(
    looked: Looked | None,
    *,
    frontier: Sequence[FrontierPlan],
    fair: Mapping[str, FairPlan],
    known: Sequence[Outcome],
    without: Utilities,
) -> PackagesRecord | None:
    """The packages of a negotiation; None where all clauses are in proportion, or stay as they are.

    Parameters
    ----------
    frontier, fair : points, as the record has them
    known : every plan that was found; without : what both sides have without an agreement
    """
    if looked is None or not looked.packages.has_several:
        return None
    packages, choice = looked.packages, looked.choice

    def of(place: int) -> PackageRecord:
        candidate = choice.chosen[place]
        sums = [sum(each.utilities) for each in known if _place(packages, each) == place]
        return PackageRecord(
            id=f"k{place + 1}",
            terms=dict(candidate.package),
            reasons=candidate.reasons,
            greatest_sum=max(sums, default=None),
            bound=packages.greatest_sum(place, without),
            points=tuple(
                [point.id for point in frontier if _is_in(packages, point.terms, place)]
                + [name for name, point in fair.items() if _is_in(packages, point.terms, place)]
            ),
            still=packages.evaluators[place].still_here(packages.clauses, packages.evaluators[0]),
        )

    return PackagesRecord(
        clauses=dict(looked.stays),
        count=choice.count,
        examined=tuple(of(place) for place in range(len(choice.chosen))),
        covers=_covers(len(choice.chosen), choice.count),
    )


def _place(packages: Packages, outcome: Outcome) -> int | None:
    return packages.place_of(outcome.plan.terms) if isinstance(outcome.plan, Point) else None


def _is_in(packages: Packages, terms: Terms, place: int) -> bool:
    return bool(terms) and packages.place_of(terms) == place


def _covers(examined: int, count: int) -> str:
    if examined == count:
        return f"Every bound holds for all {count_text(count, 'package')}. {_POSITIONS}"
    left = count_text(count - examined, "other package")
    return (
        f"Every bound of the frontier and of fair points holds for the {count_text(examined, 'package')} "
        f"that were looked at, not for the {left}. {_POSITIONS}"
    )

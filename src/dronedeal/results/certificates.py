"""What stands behind the figures of plans side by side, and what to mind when they are compared."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from dronedeal.results.plan import Plan

# Plans whose gap is closed may still differ by what the solver leaves open.
_NOISE = 1e-6
STOPPED_EARLY, SEARCHED = "Stopped early", "Searched through and not proven best"
# How a caution begins that a plan is not proven best.
NOT_BEST = (STOPPED_EARLY, SEARCHED)
AGREED_POINT, ITERATION_LIMIT = "agreed_point", "iteration_limit"
ONE_SIDED_RULES = ("estimated_table", "table_not_given")
ONE_SIDED = "Made from one side's folder alone: no figure of the other side is its own."


@dataclass(frozen=True, slots=True)
class Certificate:
    """What stands behind the figures of one plan."""

    name: str
    title: str
    status: str
    objective_kind: str
    objective: float
    bound: float | None
    gap: float | None
    is_verified: bool
    digest: str
    is_one_sided: bool = False
    termination: str = ""


def certificate_of(plan: Plan, name: str) -> Certificate:
    """The certificate of a plan under a name."""
    return Certificate(
        name,
        plan.title,
        plan.status,
        plan.objective_kind,
        plan.objective,
        plan.bound,
        plan.gap,
        bool(plan.verification and plan.verification["is_passed"]),
        plan.digest,
        is_one_sided(plan),
        plan.termination,
    )


def is_one_sided(plan: Plan) -> bool:
    """Whether a plan was made without the folder of one of the two sides, as its warnings say."""
    return any(f"[{rule}]" in warning for warning in plan.warnings for rule in ONE_SIDED_RULES)


def _quoted(names: Iterable[str]) -> str:
    return ", ".join(f"“{name}”" for name in names)


def cautions(certificates: Sequence[Certificate], *, has_deals: bool) -> tuple[str, ...]:
    """Why the plans may not be comparable; with the deals at hand, what differs in them is told instead."""
    found = []
    kinds = {each.name: each.objective_kind for each in certificates}
    if len(set(kinds.values())) > 1:
        listed = ", ".join(f"“{name}” {kind}" for name, kind in kinds.items())
        found.append(f"The plans maximise different objectives ({listed}): their objectives do not compare.")
    others = [each.name for each in certificates if each.digest != certificates[0].digest]
    if others and not has_deals:
        found.append(
            f"Made from another deal than {_quoted([certificates[0].name])}: {_quoted(others)}. "
            "What differs may come from the inputs; name the deals to see them."
        )
    alone = [each.name for each in certificates if each.is_one_sided]
    if alone:
        found.append(
            f"Made from one side's folder alone: {_quoted(alone)}. No figure of the other side is its own."
        )
    unchecked = [each.name for each in certificates if not each.is_verified]
    if unchecked:
        found.append(f"Not verified: {_quoted(unchecked)}. Do not rely on their figures.")
    return (*found, *_not_best(certificates))


def _not_best(certificates: Sequence[Certificate]) -> Iterator[str]:
    """Which plans are not proven best, and why not."""
    ended: dict[str, list[str]] = {STOPPED_EARLY: [], SEARCHED: [], AGREED_POINT: []}
    for each in certificates:
        if each.status == "feasible":
            words = {AGREED_POINT: AGREED_POINT, ITERATION_LIMIT: SEARCHED}
            ended[words.get(each.termination, STOPPED_EARLY)].append(each.name)
    if early := ended[STOPPED_EARLY]:
        yield f"{STOPPED_EARLY}: {_quoted(early)}. Part of what differs may be what the search left undone."
    if searched := ended[SEARCHED]:
        yield f"{SEARCHED}: {_quoted(searched)}. Part of what differs may lie within their gaps."
    if agreed := ended[AGREED_POINT]:
        yield (
            f"Made for a point of a negotiation or for an offer: {_quoted(agreed)}. It divides the gain as "
            "that point does, and need not be worth as much to both together as the joint plan; the record "
            "beside it says what is proven."
        )


def equal_worth(certificates: Sequence[Certificate], differs: Sequence[bool]) -> tuple[str, ...]:
    """That plans differ although their worth does not tell which is better.

    Parameters
    ----------
    certificates : of all plans, the first of which the others are compared with
    differs : (n_plans,) whether any figure of the plan differs from the first plan's
    """
    first = certificates[0]
    alike = [
        other.name
        for other, is_other in zip(certificates, differs, strict=True)
        if is_other and _is_within_gaps(first, other)
    ]
    if not alike:
        return ()
    return (
        f"Worth as much as {_quoted([first.name])}, to within the gaps of the plans: {_quoted(alike)}. "
        "Where they differ, one may be as good as the other.",
    )


def _is_within_gaps(first: Certificate, other: Certificate) -> bool:
    """Whether two plans of one kind and of different figures cannot be told apart by their worth."""
    if first.objective_kind != other.objective_kind or first.gap is None or other.gap is None:
        return False
    room = max(first.gap, other.gap, _NOISE) * max(1.0, abs(first.objective))
    return abs(other.objective - first.objective) <= room

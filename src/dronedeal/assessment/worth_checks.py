"""Statements that cannot all be true, and values that they leave open."""

from __future__ import annotations

from collections.abc import Iterator

from dronedeal.assessment.preferences import Worth
from dronedeal.assessment.worth import PARTS, Said, Worths, unit_name
from dronedeal.deal import Deal, Finding
from dronedeal.deal.checks.registry import rule
from dronedeal.deal.drafts import cell, number
from dronedeal.errors import InputError


@rule(
    "preferences_contradict",
    severity="error",
    meaning="Statements of what requirements are worth cannot all be true.",
    stage="assessment",
)
def preferences_contradict(deal: Deal) -> Iterator[Finding]:
    worths = _worths(deal)
    for contradiction, said in () if worths is None else worths.contradictions:
        stated = [each for each in said if each.address is not None]
        last = stated[-1]
        assert last.address is not None  # values that decline contradict nothing by themselves
        others = stated[:-1]
        yield cell(
            deal,
            last.address,
            subject=f"worth according to {last.name}",
            found=contradiction.words,
            allowed="statements that can all be true at once",
            next_step=_step(deal, last, others),
        )


def _step(deal: Deal, last: Said, others: list[Said]) -> str:
    if not others:
        return "change it"
    places = ", ".join(
        f"{each.name} ({deal.place(*each.address)})" for each in others if each.address is not None
    )
    return f"change one of them: {last.name}, or {places}"


@rule(
    "value_not_bounded",
    severity="error",
    meaning="The statements bound the worth of a requirement from one side only, or not at all.",
    stage="assessment",
)
def value_not_bounded(deal: Deal) -> Iterator[Finding]:
    worths = _worths(deal)
    if worths is None or worths.contradictions:
        return  # what a statement set aside would have bounded is not known to be open
    by_item = {worth.item: worth for worth in worths.found.worths}
    for row, need in enumerate(deal.requirements):
        for part in PARTS:
            if getattr(need, f"value_{part}") is None and (need.id, part) not in worths.values:
                yield cell(
                    deal,
                    ("requirements", row, f"value_{part}"),
                    subject=f"value_{part} of requirement '{need.id}'",
                    found=_bounds(by_item.get(unit_name(need.id, part))),
                    allowed="a least and a greatest worth that follow from the statements",
                    next_step="state an amount or a substitute for it, or for what it is compared with",
                )


def _bounds(worth: Worth | None) -> str:
    if worth is None or (worth.low == 0.0 and worth.high == float("inf")):
        return "statements that give it no amount of money"
    if worth.low == 0.0:
        return f"statements that say at most {number(float(f'{worth.high:.12g}'))}, and no least"
    return f"statements that say at least {number(float(f'{worth.low:.12g}'))}, and no greatest"


def _worths(deal: Deal) -> Worths | None:
    """What the statements say; None where there are none, or where they cannot be valued."""
    if not deal.preferences and all(
        None not in (row.value_threshold, row.value_objective) for row in deal.requirements
    ):
        return None
    try:
        return Worths(deal)
    except InputError:
        return None  # reported by `not_assessable`

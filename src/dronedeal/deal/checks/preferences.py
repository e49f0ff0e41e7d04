"""Statements of what requirements are worth."""

from __future__ import annotations

from collections.abc import Iterator

from dronedeal.deal import drafts
from dronedeal.deal.checks.registry import rule
from dronedeal.deal.deal import Deal
from dronedeal.deal.finding import Finding
from dronedeal.deal.requirements import Preference


@rule("preference_incomplete", severity="error")
def preference_incomplete(deal: Deal) -> Iterator[Finding]:
    """A statement lacks what its kind needs, or says more than its kind can."""
    for row, preference in enumerate(deal.preferences):
        for column, found, allowed, step in _faults(preference):
            yield drafts.cell(
                deal,
                ("preferences", row, column),
                subject=f"{column} of {drafts.row_name('preferences', preference)} of kind {preference.kind}",
                found=found,
                allowed=allowed,
                next_step=step,
            )


def _faults(preference: Preference) -> Iterator[tuple[str, str, str, str]]:
    """Column, what was found, what is allowed and what to do."""
    kind, other, system = preference.kind, preference.other_requirement, preference.system
    blank = "a blank cell"
    if kind == "amount" and preference.low is None:
        yield "low", blank, "an amount of money above 0", "state the worth, or its least and greatest"
    if kind == "ranking" and preference.high is not None:
        step = "leave it blank, or make it a substitute"
        yield "high", drafts.number(preference.high), "nothing: a ranking is a least factor alone", step
    if kind == "ranking" and other is None:
        yield "other_requirement", blank, "the requirement that is worth no more", "name it"
    if kind == "substitute" and other is None and system is None:
        step = "name what could take its place"
        yield "system", blank, "a system, or another requirement under other_requirement", step
    if kind == "substitute" and other is not None and system is not None:
        step = "keep one of the two, and write a second statement for the other"
        yield "system", drafts.quoted(system), "a system or another requirement, not both", step
    for column in (
        ("system", "other_requirement") if kind == "amount" else ("system",) if kind == "ranking" else ()
    ):
        named = getattr(preference, column)
        if named is not None:
            yield (
                column,
                drafts.quoted(named),
                "nothing beside this kind",
                "leave it blank, or change the kind",
            )
    if other == preference.requirement and preference.other_part == preference.part:
        step = "name another requirement, or its other part under other_part"
        yield "other_requirement", drafts.quoted(other), "something other than the unit itself", step


@rule("preference_range", severity="error")
def preference_range(deal: Deal) -> Iterator[Finding]:
    """The range of a statement ends before it begins."""
    for row, preference in enumerate(deal.preferences):
        low = 1.0 if preference.low is None else preference.low
        if preference.high is not None and preference.high < low:
            yield drafts.cell(
                deal,
                ("preferences", row, "high"),
                subject=f"high of {drafts.row_name('preferences', preference)}",
                found=drafts.number(preference.high),
                allowed=f"at least low, {drafts.number(low)}",
                next_step="exchange both numbers, or leave high blank",
            )


@rule("preference_without_price", severity="error", needs=("prices",))
def preference_without_price(deal: Deal) -> Iterator[Finding]:
    """The system that is a substitute has no price above zero that could be compared."""
    known = {
        (price.system, year)
        for price in deal.prices
        if price.unit_price > 0
        for year in (None, price.fiscal_year)
    }
    for row, preference in enumerate(deal.preferences):
        system = preference.system
        if system is not None and (system, preference.fiscal_year) not in known:
            when = "" if preference.fiscal_year is None else f" in fiscal year {preference.fiscal_year}"
            yield drafts.cell(
                deal,
                ("preferences", row, "system"),
                subject=f"price of the substitute of {drafts.row_name('preferences', preference)}",
                found=f"no row of `prices` for system {drafts.quoted(system)}{when}",
                allowed="a system with a price above 0",
                next_step="add its price, name another system or year, or state an amount",
            )


@rule("requirement_without_value", severity="error")
def requirement_without_value(deal: Deal) -> Iterator[Finding]:
    """A requirement has no value, and no statement says what it is worth."""
    spoken = {(row.requirement, row.part) for row in deal.preferences}
    spoken |= {(row.other_requirement, row.other_part) for row in deal.preferences if row.other_requirement}
    for row, need in enumerate(deal.requirements):
        for part in ("threshold", "objective"):
            if getattr(need, f"value_{part}") is None and (need.id, part) not in spoken:
                yield drafts.cell(
                    deal,
                    ("requirements", row, f"value_{part}"),
                    subject=f"value_{part} of requirement '{need.id}'",
                    found="a blank cell, and no row of `preferences` about it",
                    allowed="a number of at least 0, or a statement",
                    next_step="state the value, or say in `preferences` what an effective unit is worth",
                )

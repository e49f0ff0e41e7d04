"""Effects of clauses."""

from __future__ import annotations

from collections.abc import Iterator

from dronedeal.deal import drafts
from dronedeal.deal.address import FORM, UnreadableAddressError
from dronedeal.deal.between import end_value
from dronedeal.deal.change_value import UnusableValueError
from dronedeal.deal.checks.clause_subjects import is_key, matches_nothing, readable_changes, refusal
from dronedeal.deal.checks.registry import rule
from dronedeal.deal.clause_cells import EVERYTHING, Subjects
from dronedeal.deal.clauses import Clause, ClauseEffect
from dronedeal.deal.deal import Deal
from dronedeal.deal.finding import Finding
from dronedeal.deal.schema import Column
from dronedeal.deal.term_sheet import is_computed

_ENDS = ("buyer_value", "seller_value")


@rule("clause_without_effects", severity="warning", needs=("clause_effects",))
def clause_without_effects(deal: Deal) -> Iterator[Finding]:
    """A clause is about `*` and nothing says what it changes, so that its worth is not computed."""
    for row, clause in enumerate(deal.clauses):
        if not is_computed(deal, clause):
            yield drafts.cell(
                deal,
                ("clauses", row, "subject"),
                subject=f"subject of clause '{clause.id}'",
                found="no row of `clause_effects`; its worth is not computed",
                allowed="at least one effect",
                next_step="say in `clause_effects` what it makes of which cells",
            )


@rule("clause_effects_without_positions", severity="error")
def clause_effects_without_positions(deal: Deal) -> Iterator[Finding]:
    """A clause has effects but not the two positions, unlike each other, at which they are stated."""
    for row, clause in _with_effects(deal):
        if clause.buyer_position is None or clause.seller_position in (None, clause.buyer_position):
            column = "buyer_position" if clause.buyer_position is None else "seller_position"
            yield drafts.cell(
                deal,
                ("clauses", row, column),
                subject=f"positions of clause '{clause.id}'",
                found="two equal ones" if clause.seller_position is not None else "not both",
                allowed="two numbers unlike each other, to which its effects belong",
                next_step="state both; what a side asks for in truth can stand in its own folder",
            )


@rule("clause_bounds_beyond_positions", severity="error")
def clause_bounds_beyond_positions(deal: Deal) -> Iterator[Finding]:
    """A clause with effects could be agreed beyond its positions, where nothing says what it changes."""
    for row, clause in _with_effects(deal):
        if clause.buyer_position is None or clause.seller_position is None:
            continue
        least, greatest = sorted((clause.buyer_position, clause.seller_position))
        for column in ("lower", "upper"):
            bound = getattr(clause, column)
            if bound is not None and not least <= bound <= greatest:
                yield drafts.cell(
                    deal,
                    ("clauses", row, column),
                    subject=f"{column} of clause '{clause.id}'",
                    found=drafts.number(bound),
                    allowed=f"{drafts.number(least)} to {drafts.number(greatest)}, its two positions",
                    next_step="state positions and effects as far as the bounds reach",
                )


@rule("clause_effect_of_a_subject", severity="error")
def clause_effect_of_a_subject(deal: Deal) -> Iterator[Finding]:
    """An effect belongs to a clause that names its cells itself."""
    named = {clause.id: clause.subject for clause in deal.clauses}
    for row, effect in enumerate(deal.clause_effects):
        if named.get(effect.clause, EVERYTHING) != EVERYTHING:
            yield _of(
                deal,
                (row, "clause"),
                found=f"the subject {drafts.quoted(named[effect.clause])} in `clauses`",
                allowed=f"a clause with the subject `{EVERYTHING}`",
                next_step=f"write `{EVERYTHING}` as its subject, or leave the effect out",
            )


@rule("clause_effect_unreadable", severity="error")
def clause_effect_unreadable(deal: Deal) -> Iterator[Finding]:
    """The subject of an effect cannot be read or is a key, or its values cannot, or are the same."""
    subjects = Subjects(deal)
    for row, effect in enumerate(deal.clause_effects):
        try:
            column = subjects.column(effect.subject)
        except UnreadableAddressError as fault:
            found, allowed = drafts.quoted(effect.subject), f"{FORM}, or `settings.key`"
            yield _of(deal, (row, "subject"), found=found, allowed=allowed, next_step=fault.next_step)
            continue
        if is_key(effect.subject):
            step = "name another column; rows are found by their keys"
            found = f"{column.name}, which is part of the key of its table"
            yield _of(deal, (row, "subject"), found=found, allowed="a column that is no key", next_step=step)
        yield from _unreadable_ends(deal, row, effect, column)


@rule("clause_effect_refused", severity="error")
def clause_effect_refused(deal: Deal) -> Iterator[Finding]:
    """The cells of an effect cannot hold its value at one of the positions."""
    for change in readable_changes(deal):
        if change.ends is None or is_key(change.subject):
            continue
        for name, value in zip(_ENDS, change.ends, strict=True):
            fault = refusal(deal, change, value)
            if fault is not None:
                yield _of(
                    deal,
                    (change.stated[1], name),
                    found=fault.found,
                    allowed=fault.allowed,
                    next_step=fault.next_step,
                )


@rule("clause_effect_matches_nothing", severity="warning")
def clause_effect_matches_nothing(deal: Deal) -> Iterator[Finding]:
    """An effect would change a row that is not in the deal."""
    subjects = Subjects(deal)
    for row, effect in enumerate(deal.clause_effects):
        finding = matches_nothing(deal, ("clause_effects", row, "subject"), subjects, effect.subject)
        if finding is not None:
            yield finding


def _with_effects(deal: Deal) -> Iterator[tuple[int, Clause]]:
    named = {effect.clause for effect in deal.clause_effects}
    for row, clause in enumerate(deal.clauses):
        if clause.subject == EVERYTHING and clause.id in named:
            yield row, clause


def _unreadable_ends(deal: Deal, row: int, effect: ClauseEffect, column: Column) -> Iterator[Finding]:
    if effect.buyer_value == effect.seller_value:
        yield _of(
            deal,
            (row, "seller_value"),
            found="the value that the cells have at the other position too",
            allowed="two values unlike each other",
            next_step="mend one of the two, or leave the effect out",
        )
        return
    for name in _ENDS:
        try:
            end_value(getattr(effect, name), column)
        except UnusableValueError as fault:
            yield _of(deal, (row, name), found=fault.found, allowed=fault.allowed, next_step=fault.next_step)


def _of(deal: Deal, where: tuple[int, str], *, found: str, allowed: str, next_step: str) -> Finding:
    row, column = where
    effect = deal.clause_effects[row]
    return drafts.cell(
        deal,
        ("clause_effects", row, column),
        subject=f"{column} of the effect of clause '{effect.clause}' on {drafts.quoted(effect.subject)}",
        found=found,
        allowed=allowed,
        next_step=next_step,
    )

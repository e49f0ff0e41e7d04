"""Composition rules."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from dronedeal.deal import drafts
from dronedeal.deal.checks import lookup
from dronedeal.deal.checks.registry import rule
from dronedeal.deal.deal import Deal
from dronedeal.deal.finding import Finding
from dronedeal.deal.terms import Rule

_WITHOUT_LIMIT = ("exclusion",)
_SHARES = ("component_origin_limit", "local_content", "work_share", "mix")
_OF_COUNTRIES = ("component_origin_limit", "local_content", "work_share")
# Kinds of rule that each of these columns means something for, and what it is where it means nothing.
_ONLY_FOR: Mapping[str, tuple[tuple[str, ...], object]] = {
    "direction": (("work_share", "mix", "either_or"), None),
    "measure": (("work_share", "mix"), "value"),
    "within": (("mix",), None),
    "systems": (("either_or",), ()),
}


@rule("rule_without_limit", severity="error")
def rule_without_limit(deal: Deal) -> Iterator[Finding]:
    """A composition rule of a kind that needs a limit has none."""
    for row, term in enumerate(deal.rules):
        if term.limit is None and term.kind not in _WITHOUT_LIMIT:
            yield drafts.cell(
                deal,
                ("rules", row, "limit"),
                subject=f"limit of the {term.kind} rule '{term.id}'",
                found="a blank cell",
                allowed=_limit_allowed(term),
                next_step="fill in the limit",
            )


@rule("exclusion_with_limit", severity="error")
def exclusion_with_limit(deal: Deal) -> Iterator[Finding]:
    """An exclusion has a limit; it excludes in full."""
    for row, term in enumerate(deal.rules):
        if term.limit is not None and term.kind in _WITHOUT_LIMIT:
            yield drafts.cell(
                deal,
                ("rules", row, "limit"),
                subject=f"limit of the {term.kind} rule '{term.id}'",
                found=drafts.number(term.limit),
                allowed="a blank cell",
                next_step="leave the cell blank, or choose a kind of rule that has a limit",
            )


@rule("rule_limit_outside_range", severity="error")
def rule_limit_outside_range(deal: Deal) -> Iterator[Finding]:
    """The limit of a composition rule is no share, no number of months or no price, by its kind."""
    for row, term in enumerate(deal.rules):
        if term.limit is not None and not _is_limit(term, term.limit):
            yield drafts.cell(
                deal,
                ("rules", row, "limit"),
                subject=f"limit of the {term.kind} rule '{term.id}'",
                found=drafts.number(term.limit),
                allowed=_limit_allowed(term),
                next_step="mend the limit; a share of 40 % is written 0.4",
            )


@rule("rule_without_origin", severity="error")
def rule_without_origin(deal: Deal) -> Iterator[Finding]:
    """A rule about the origin of components or content names no country."""
    for row, term in enumerate(deal.rules):
        if term.kind in _OF_COUNTRIES and not term.origin:
            yield drafts.cell(
                deal,
                ("rules", row, "origin"),
                subject=f"origin of the {term.kind} rule '{term.id}'",
                found="a blank cell",
                allowed="at least one two-letter country code",
                next_step="fill in the countries that the rule speaks of, separated by semicolons",
            )


@rule("rule_ends_before_it_starts", severity="error")
def rule_ends_before_it_starts(deal: Deal) -> Iterator[Finding]:
    """The last month of a composition rule lies before its first one."""
    for row, term in enumerate(deal.rules):
        if (
            term.valid_from is not None
            and term.valid_until is not None
            and term.valid_until < term.valid_from
        ):
            yield drafts.cell(
                deal,
                ("rules", row, "valid_until"),
                subject=f"valid_until of rule '{term.id}'",
                found=term.valid_until,
                allowed=f"a month from valid_from, {term.valid_from}, on",
                next_step="mend one of the two months",
            )


@rule("soft_rule_without_price", severity="error")
def soft_rule_without_price(deal: Deal) -> Iterator[Finding]:
    """A composition rule may be broken and does not say what that costs."""
    for row, term in enumerate(deal.rules):
        if not term.is_hard and term.violation_price is None:
            yield drafts.cell(
                deal,
                ("rules", row, "violation_price"),
                subject=f"violation_price of rule '{term.id}'",
                found="a blank cell",
                allowed="a price of at least 0 for a rule that is not hard",
                next_step="fill in the price, or set is_hard to true",
            )


@rule("rule_subject_matches_nothing", severity="warning", needs=("components", "lines"))
def rule_subject_matches_nothing(deal: Deal) -> Iterator[Finding]:
    """A composition rule is about something, or within something, that is not in the deal."""
    known = drafts.Names(
        {system.id for system in deal.systems}
        | lookup.systems_by_role(deal).keys()
        | {system.domain for system in deal.systems}
        | {component.category for component in deal.components}
        | {line.id for line in deal.lines}
    )
    for row, term in enumerate(deal.rules):
        for column, name in (("subject", term.subject), ("within", term.within)):
            if name in (None, "*") or name in known:
                continue
            yield drafts.cell(
                deal,
                ("rules", row, column),
                subject=f"{column} of rule '{term.id}'",
                found=drafts.quoted(str(name)),
                allowed="a system, role, domain, component category or line of the deal, or `*` for all",
                next_step=known.advice(str(name), otherwise="take the rule out: it limits nothing"),
            )


@rule("rule_without_systems", severity="error")
def rule_without_systems(deal: Deal) -> Iterator[Finding]:
    """A rule that chooses among systems names none."""
    for row, term in enumerate(deal.rules):
        if term.kind == "either_or" and not term.systems:
            yield drafts.cell(
                deal,
                ("rules", row, "systems"),
                subject=f"systems of the either_or rule '{term.id}'",
                found="a blank cell",
                allowed="at least one system of the deal",
                next_step="fill in the systems to choose among, separated by semicolons",
            )


@rule("rule_column_without_use", severity="error")
def rule_column_without_use(deal: Deal) -> Iterator[Finding]:
    """A composition rule states something that has no meaning for its kind."""
    for row, term in enumerate(deal.rules):
        for column, (kinds, unused) in _ONLY_FOR.items():
            value = getattr(term, column)
            if value != unused and term.kind not in kinds:
                yield drafts.cell(
                    deal,
                    ("rules", row, column),
                    subject=f"{column} of the {term.kind} rule '{term.id}'",
                    found="; ".join(value) if isinstance(value, tuple) else drafts.quoted(str(value)),
                    allowed=f"a blank cell; only {' and '.join(kinds)} rules have a {column}",
                    next_step="leave the cell blank, or choose another kind of rule",
                )


def _is_limit(term: Rule, limit: float) -> bool:
    if term.kind in _SHARES:
        return 0 <= limit <= 1
    if term.kind == "export_permit":
        return limit.is_integer() and 0 <= limit <= 600
    if term.kind == "either_or" and term.systems:
        return limit.is_integer() and 0 <= limit <= len(term.systems)
    return limit >= 0


def _limit_allowed(term: Rule) -> str:
    if term.kind in _SHARES:
        return "a share from 0 to 1"
    if term.kind == "export_permit":
        return "a whole number of months from 0 to 600"
    if term.kind == "either_or":
        return f"a whole number of systems from 0 to {len(term.systems)}"
    return "an amount of at least 0"

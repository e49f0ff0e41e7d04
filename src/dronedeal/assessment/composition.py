"""What a system may be made of: component-origin limits and exclusions."""

from __future__ import annotations

from dronedeal.assessment.origins import Origins, OriginShare
from dronedeal.assessment.pairing import Criterion
from dronedeal.assessment.valuation import Valuation
from dronedeal.assessment.words import listing, percent
from dronedeal.deal import Deal
from dronedeal.deal.systems import System
from dronedeal.deal.terms import Rule


class Composition:
    """Judges systems by the composition rules of a deal.

    A rule speaks of systems by id, role, domain or `*`, or of a category of components. A limit bounds
    the share of the parts' value that comes from the rule's origins, within the category where one is
    named. An exclusion that names origins is a limit of zero; one without origins excludes the systems, or
    every system that has a part of the category.
    """

    def __init__(self, deal: Deal, valuation: Valuation) -> None:
        self._origins = Origins(deal, valuation)
        self._categories = {component.category for component in deal.components}

    def judge(self, rule: Rule, *, row: int, system: System, period: str) -> Criterion | None:
        """How a system stands to a rule; None where the rule does not speak of it.

        Parameters
        ----------
        rule, row : the rule and its row
        period : when it holds, as words to append, such as " from 2027-10"

        Returns
        -------
        a criterion whose reason has no full stop yet
        """
        category = self._category(rule, system)
        if category is None and not is_subject(rule.subject, system):
            return None
        if rule.origin:
            return self._limited(rule, row=row, system=system, category=category, period=period)
        if rule.kind != "exclusion":
            return None
        return self._excluded(rule, row=row, system=system, category=category, period=period)

    def _category(self, rule: Rule, system: System) -> str | None:
        is_category = rule.subject in self._categories and not is_subject(rule.subject, system)
        return rule.subject if is_category else None

    def _excluded(
        self, rule: Rule, *, row: int, system: System, category: str | None, period: str
    ) -> Criterion:
        is_met: bool | None = False
        found, needed = rule.subject, f"not {rule.subject}{period}"
        reason = f"Rule {rule.id} excludes {_whom(rule.subject)}{period}"
        if category is not None:
            has_part = self._origins.has_category(system.id, category)
            is_known = self._origins.is_known(system.id)
            is_met = False if has_part else (True if is_known else None)
            found = f"has a {category} part" if has_part else f"no {category} part"
            needed = f"no {category} part{period}"
            reason = f"Rule {rule.id} excludes systems with a {category} part{period}"
            if is_met is None:
                found, reason = "no parts list", _unknown_parts(rule)
        return Criterion(
            kind="exclusion",
            subject=rule.id,
            is_met=is_met,
            is_hard=rule.is_hard,
            found=found,
            needed=needed,
            reason="" if is_met else reason,
            row=("rules", row),
        )

    def _limited(
        self, rule: Rule, *, row: int, system: System, category: str | None, period: str
    ) -> Criterion:
        limit = 0.0 if rule.kind == "exclusion" or rule.limit is None else rule.limit
        worst = self._origins.worst(system.id, rule.origin, category)
        parts = f"the value of its {category} parts" if category else "the value of its parts"
        countries = listing(rule.origin)
        is_met: bool | None = None
        margin = None
        if worst is None:
            found, reason = "no parts list", _unknown_parts(rule)
        elif worst.share is None:
            found = "parts without a value"
            reason = (
                f"Rule {rule.id} cannot be judged, for its parts have no value; state unit_cost in components"
            )
        else:
            is_met = worst.share <= limit + 1e-12
            margin = (limit - worst.share) / limit if limit else None
            found = f"{percent(worst.share)} from {countries}{_on_line(worst)}"
            reason = "" if is_met else _excess(rule, worst, parts=parts, limit=limit)
        return Criterion(
            kind="component_origin" if rule.kind == "component_origin_limit" else "exclusion",
            subject=rule.id,
            is_met=is_met,
            is_hard=rule.is_hard,
            found=found,
            needed=f"at most {percent(limit)} of {parts} from {countries}{period}",
            margin=margin,
            reason=reason,
            row=("rules", row),
        )


def is_subject(subject: str, system: System) -> bool:
    """Whether a rule's subject means a system: by `*`, its id, one of its roles or its domain."""
    return subject in ("*", system.id, system.role, system.domain, *system.other_roles)


def _whom(subject: str) -> str:
    return "every system" if subject == "*" else subject


def _on_line(worst: OriginShare) -> str:
    return "" if worst.line is None else f" on line {worst.line}"


def _excess(rule: Rule, worst: OriginShare, *, parts: str, limit: float) -> str:
    share = 0.0 if worst.share is None else worst.share
    return (
        f"{percent(share)} of {parts}{_on_line(worst)} comes from {listing(rule.origin)}, more than the "
        f"{percent(limit)} of rule {rule.id}; a substitute for {worst.largest} would lower it most"
    )


def _unknown_parts(rule: Rule) -> str:
    return f"Rule {rule.id} cannot be judged without its parts; add them to system_components"

"""What a system may be made of: component-origin limits, local content and exclusions."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping

from dronedeal.assessment.origins import Origins, OriginShare
from dronedeal.assessment.pairing import Criterion
from dronedeal.assessment.valuation import Valuation
from dronedeal.assessment.words import listing, percent
from dronedeal.deal import Deal
from dronedeal.deal.production import Component
from dronedeal.deal.systems import System
from dronedeal.deal.terms import Rule
from dronedeal.quantities.calendar import Calendar

SHARE_KINDS = ("component_origin_limit", "local_content", "exclusion")
# Shares are sums of a few products; rounding must not turn one on the limit into one beyond it.
_TOLERANCE = 1e-12


class Composition:
    """Judges systems by the composition rules of a deal.

    A rule speaks of systems by id, role, domain or `*`, or of a category of components. A limit bounds
    the share of the parts' value that comes from the rule's origins, within the category where one is
    named; local content asks for a share instead. An exclusion that names origins is a limit of zero; one
    without origins excludes the systems, or every system that has a part of the category. A hard limit is
    kept where the parts beyond it have substitutes: what is delivered must then be made with them.
    """

    def __init__(self, deal: Deal, valuation: Valuation) -> None:
        self._origins = Origins(deal, valuation)
        self._categories = {component.category for component in deal.components}
        self._replacing: dict[str, list[Component]] = defaultdict(list)
        for component in deal.components:
            if component.substitute_for is not None:
                self._replacing[component.substitute_for].append(component)

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
        if not self.speaks_of(rule, system):
            return None
        category = self._category(rule, system)
        if rule.kind == "local_content":
            return self._content(rule, row=row, system=system, category=category, period=period)
        if rule.origin:
            return self._limited(rule, row=row, system=system, category=category, period=period)
        if rule.kind != "exclusion":
            return None
        return self._excluded(rule, row=row, system=system, category=category, period=period)

    def speaks_of(self, rule: Rule, system: System) -> bool:
        """Whether a rule on origin, content or exclusion speaks of a system, or of a kind of part."""
        return self._category(rule, system) is not None or is_subject(rule.subject, system)

    def share(self, rule: Rule, system: System, *, line: str | None) -> float:
        """Share of the value of the parts that a rule counts, as made on a line or bought on the market.

        1 for what an exclusion without origins excludes. A share that is not known is the worst one; local
        content of a kind of part that the system does not have is all there.
        """
        category = self._category(rule, system)
        if rule.kind == "exclusion" and not rule.origin:
            return float(category is None or self._may_have(system, line, category))
        found = self._origins.on_line(system.id, line, origin=rule.origin, category=category)
        is_content = rule.kind == "local_content"
        if is_content and found is not None and found.is_empty:
            return 1.0
        if found is None or found.share is None:
            return 0.0 if is_content else 1.0
        return found.share

    def excess(self, rule: Rule, system: System, *, line: str | None) -> float:
        """How far the share of one unit of a system is beyond the limit of a rule; see `share`.

        0 where the rule does not speak of the system or is of another kind.
        """
        if rule.kind not in SHARE_KINDS or not self.speaks_of(rule, system):
            return 0.0
        share = self.share(rule, system, line=line)
        excess = _limit(rule) - share if rule.kind == "local_content" else share - _limit(rule)
        return max(0.0, excess) if excess > _TOLERANCE else 0.0

    def substitutes(
        self, rule: Rule, system: System, *, line: str | None
    ) -> Mapping[str, tuple[str, ...]] | None:
        """Parts that must give way to substitutes so that a unit made on a line keeps a limit on origins.

        The most valuable of the parts from the countries named go first, until the value of those that
        stay is within the limit; substitutes are counted as if they cost no more than what they replace.

        Returns
        -------
        for each such part the substitutes that are not from those countries; nothing where the limit is
        kept as it is, None where no substitutes would do
        """
        if self.excess(rule, system, line=line) == 0.0:
            return {}
        if not rule.origin or rule.kind == "local_content" or line is None:
            return None
        countries = {code.upper() for code in rule.origin}
        parts = self._origins.parts(system.id, line, category=self._category(rule, system))
        total = sum(value for _, value in parts)
        left: dict[str, float] = defaultdict(float)
        for component, value in parts:
            if component.origin.upper() in countries:
                left[component.id] += value
        found = {}
        for name, _ in sorted(left.items(), key=lambda item: (-item[1], item[0])):
            allowed = [each.id for each in self._replacing[name] if each.origin.upper() not in countries]
            if allowed and sum(left.values()) > (_limit(rule) + _TOLERANCE) * total:
                found[name] = tuple(allowed)
                left[name] = 0.0
        return found if total > 0 and sum(left.values()) <= (_limit(rule) + _TOLERANCE) * total else None

    def _kept_with(self, rule: Rule, system: System) -> str:
        """In words, the substitutes with which every line would keep a limit; empty where one cannot."""
        lines = self._origins.lines(system.id)
        found = [self.substitutes(rule, system, line=line) for line in lines]
        needed: dict[str, tuple[str, ...]] = {}
        for each in found:
            if each is None:
                return ""
            needed |= each
        return listing(
            [f"{' or '.join(allowed)} in place of {part}" for part, allowed in sorted(needed.items())]
        )

    def means(self, subject: str, system: System, *, line: str | None) -> bool:
        """Whether a subject means a system as made on a line: by itself, by the line, or by a part."""
        if is_subject(subject, system) or (line is not None and subject == line):
            return True
        return subject in self._categories and self._origins.has_category(
            system.id, subject, lines=(None, line)
        )

    def _may_have(self, system: System, line: str | None, category: str) -> bool:
        is_known = self._origins.on_line(system.id, line, origin=(), category=None) is not None
        return not is_known or self._origins.has_category(system.id, category, lines=(None, line))

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

    def _content(
        self, rule: Rule, *, row: int, system: System, category: str | None, period: str
    ) -> Criterion:
        """Local content: at least the limit must come from the countries named."""
        limit, countries = _limit(rule), listing(rule.origin)
        parts = f"the value of its {category} parts" if category else "the value of its parts"
        least = self._origins.least(system.id, rule.origin, category)
        is_met: bool | None = None
        margin = None
        if least is None:
            found, reason = "no parts list", _unknown_parts(rule)
        elif least.is_empty:
            is_met, found, reason = True, f"no {category} part" if category else "no part", ""
        elif least.share is None:
            found = "parts without a value"
            reason = _parts_without_value(rule)
        else:
            is_met = least.share >= limit - _TOLERANCE
            margin = (least.share - limit) / limit if limit else None
            found = f"{percent(least.share)} from {countries}{_on_line(least)}"
            reason = "" if is_met else _missing(rule, least, parts=parts)
        return Criterion(
            kind="local_content",
            subject=rule.id,
            is_met=is_met,
            is_hard=rule.is_hard,
            found=found,
            needed=f"at least {percent(limit)} of {parts} from {countries}{period}",
            margin=margin,
            reason=reason,
            row=("rules", row),
        )

    def _limited(
        self, rule: Rule, *, row: int, system: System, category: str | None, period: str
    ) -> Criterion:
        limit = _limit(rule)
        worst = self._origins.worst(system.id, rule.origin, category)
        parts = f"the value of its {category} parts" if category else "the value of its parts"
        countries = listing(rule.origin)
        is_met: bool | None = None
        margin = None
        if worst is None:
            found, reason = "no parts list", _unknown_parts(rule)
        elif worst.share is None:
            found = "parts without a value"
            reason = _parts_without_value(rule)
        else:
            is_met = worst.share <= limit + _TOLERANCE
            margin = (limit - worst.share) / limit if limit else None
            found = f"{percent(worst.share)} from {countries}{_on_line(worst)}"
            reason = "" if is_met else _excess(rule, worst, parts=parts, limit=limit)
            kept_with = "" if is_met or not rule.is_hard else self._kept_with(rule, system)
            if kept_with:
                is_met, margin, reason = True, None, ""
                found = f"{found}, kept with substitute {kept_with}"
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


def held_months(rule: Rule, calendar: Calendar) -> range:
    """Months of the plan in which a rule holds, as month numbers."""
    first = 0 if rule.valid_from is None else max(0, calendar.index(rule.valid_from))
    end = calendar.months - 1
    last = end if rule.valid_until is None else min(end, calendar.index(rule.valid_until))
    return range(first, last + 1)


def _limit(rule: Rule) -> float:
    return 0.0 if rule.kind == "exclusion" or rule.limit is None else rule.limit


def _missing(rule: Rule, least: OriginShare, *, parts: str) -> str:
    share = 0.0 if least.share is None else least.share
    return (
        f"{percent(share)} of {parts}{_on_line(least)} comes from {listing(rule.origin)}, less than the "
        f"{percent(_limit(rule))} of rule {rule.id}"
    )


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


def _parts_without_value(rule: Rule) -> str:
    return f"Rule {rule.id} cannot be judged, for its parts have no value; state unit_cost in components"


def _unknown_parts(rule: Rule) -> str:
    return f"Rule {rule.id} cannot be judged without its parts; add them to system_components"

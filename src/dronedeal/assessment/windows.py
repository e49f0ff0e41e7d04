"""In which months a system may be delivered to a branch, and what closes the others."""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, replace

from dronedeal.assessment.composition import SHARE_KINDS, Composition, held_months, is_subject
from dronedeal.assessment.offers import PRICE_ROUNDING, Offers
from dronedeal.assessment.pairing import Criterion
from dronedeal.assessment.valuation import Valuation
from dronedeal.assessment.words import counted, figure, listing, months
from dronedeal.deal import Deal
from dronedeal.deal.refresh import replacement_months
from dronedeal.deal.systems import System
from dronedeal.deal.terms import Rule


@dataclass(frozen=True, slots=True)
class Window:
    """Months of delivery of one system to one branch.

    `first` and `last` are month numbers of the longest run of open months, the earlier of equal ones;
    `last` below `first` means never. `criteria` are those on months and price.
    """

    first: int
    last: int
    criteria: tuple[Criterion, ...]


@dataclass(frozen=True, slots=True)
class Closure:
    """A criterion and the months that it closes: bit `t` of `closed` stands for month `t`."""

    criterion: Criterion
    closed: int = 0


class Windows:
    """Delivery windows of every system and branch of a deal, each worked out once.

    Parameters
    ----------
    deal : the deal
    valuation : for the costs that the reasons state and the value of parts
    """

    def __init__(self, deal: Deal, valuation: Valuation) -> None:
        self._deal = deal
        self._valuation = valuation
        self._calendar = valuation.calendar
        self._length = deal.settings.months
        self._whole = mask(0, self._length - 1)
        self._composition = Composition(deal, valuation)
        self._offers = Offers(deal, valuation)
        self._rules = [
            (row, rule, (held[0], held[-1]))
            for row, rule in enumerate(deal.rules)
            if (held := held_months(rule, valuation.calendar))
        ]
        self._integrations: dict[tuple[str, str], list[int]] = defaultdict(list)
        for row, integration in enumerate(deal.integrations):
            self._integrations[integration.system, integration.branch].append(row)
        self._prices: dict[str, list[int]] = defaultdict(list)
        for row, price in enumerate(deal.prices):
            self._prices[price.system].append(row)
        self._system_rows = {system.id: row for row, system in enumerate(deal.systems)}
        self._replaced = replacement_months(deal)
        self._by_rule: dict[tuple[int, str], Closure | None] = {}
        self._cache: dict[tuple[str, str], Window] = {}

    def window(self, system: System, branch: str) -> Window:
        """Months in which a system may be delivered to a branch, with every criterion on months and price."""
        key = (system.id, branch)
        if key not in self._cache:
            closures = self._settle(list(self._closures(system, branch)))
            closed = 0
            for closure in closures:
                closed |= closure.closed
            first, last = longest_run(self._whole & ~closed)
            criteria = (*(closure.criterion for closure in closures), self._price(system, first, last=last))
            self._cache[key] = Window(first, last, criteria)
        return self._cache[key]

    def integrates(self, system: str, branch: str, *, standard: str) -> int | None:
        """Row of the integration work that leads to a standard; None where no such work is offered."""
        rows = self._integrations.get((system, branch), ())
        wanted = standard.casefold()
        return next((row for row in rows if self._deal.integrations[row].standard.casefold() == wanted), None)

    def _closures(self, system: System, branch: str) -> Iterator[Closure]:
        for row, rule, span in self._rules:
            if rule.branch not in (None, branch):
                continue
            key = (row, system.id)
            if key not in self._by_rule:
                self._by_rule[key] = self._rule_closure(row, rule, system=system, span=span)
            closure = self._by_rule[key]
            if closure is not None:
                yield closure
        yield from self._integration(system, branch)
        yield from self._availability(system)

    def _rule_closure(self, row: int, rule: Rule, *, system: System, span: tuple[int, int]) -> Closure | None:
        """What a rule closes for a system, the same for every branch; None where it does not speak of it."""
        if rule.kind == "export_permit":
            return self._permit(row, rule, system=system, span=span)
        if rule.kind == "price_cap":
            return self._price_cap(row, rule, system=system, span=span)
        if rule.kind not in SHARE_KINDS:
            return None
        judged = self._composition.judge(rule, row=row, system=system, period=self._period(*span))
        return None if judged is None else self._closure(judged, mask(*span))

    def _permit(self, row: int, rule: Rule, *, system: System, span: tuple[int, int]) -> Closure | None:
        is_owned = system.supplier == self._deal.settings.seller.id
        if not is_owned or not is_subject(rule.subject, system) or rule.limit is None:
            return None
        lead = math.ceil(rule.limit)
        criterion = Criterion(
            kind="permit",
            subject=rule.id,
            is_met=lead == 0,
            is_hard=rule.is_hard,
            found="no permit yet" if lead else "no waiting time",
            needed=f"export permit, {months(lead)}",
            reason=f"The export permit of rule {rule.id} takes {months(lead)}" if lead else "",
            row=("rules", row),
        )
        return self._closure(criterion, self._work_closes(lead) & mask(*span))

    def _price_cap(self, row: int, rule: Rule, *, system: System, span: tuple[int, int]) -> Closure | None:
        """Months of the years in which every line asks more for the system than the cap allows."""
        if not is_subject(rule.subject, system) or rule.limit is None:
            return None
        years = self._valuation.buyer_years
        closed, dear = 0, []
        for year in range(years.of(span[0]), years.of(span[1]) + 1):
            least = min(self._offers.prices(system.id, year), default=None)
            if least is None or least <= self._offers.cap(rule, year) * (1 + PRICE_ROUNDING):
                continue
            months_of = years.months_in(year)
            closed |= mask(max(span[0], months_of[0]), min(span[1], months_of[-1]))
            dear.append((least, year))
        found = _least_price(dear, self._valuation.currency)
        limit = f"{figure(rule.limit)} {rule.currency or self._valuation.currency}"
        criterion = Criterion(
            kind="price_cap",
            subject=rule.id,
            is_met=not dear,
            is_hard=rule.is_hard,
            found=found,
            needed=f"at most {limit} a unit{self._period(*span)}",
            reason=f"Rule {rule.id} allows at most {limit} a unit and it costs {found}" if dear else "",
            row=("rules", row),
        )
        return self._closure(criterion, closed)

    def _integration(self, system: System, branch: str) -> Iterator[Closure]:
        rows = self._integrations.get((system.id, branch), ())
        if not rows:
            return
        work = {row: self._deal.integrations[row] for row in rows}
        longest = max(rows, key=lambda row: work[row].months)
        lead = work[longest].months
        cost = self._cost(rows)
        standards = listing(sorted({item.standard for item in work.values()}))
        criterion = Criterion(
            kind="integration",
            subject=standards,
            is_met=lead == 0,
            is_hard=True,
            found="not integrated yet" if lead else "no work left",
            needed=f"integration with {branch}, {months(lead)}",
            reason=f"Integration with {branch} ({standards}) takes {months(lead)} and costs {cost}"
            if lead
            else "",
            row=("integrations", longest),
        )
        yield self._closure(criterion, self._work_closes(lead))

    def _cost(self, rows: list[int] | tuple[int, ...]) -> str:
        """Cost of integration rows at base-year prices, in words."""
        total = 0.0
        for row in rows:
            item = self._deal.integrations[row]
            year = self._valuation.years(item.payer).of(0)
            total += self._valuation.base_amount(item.cost, item, party=item.payer, year=year)
        return f"{figure(round(total))} {self._valuation.currency}"

    def _availability(self, system: System) -> Iterator[Closure]:
        yield from self._replacement(system)
        if system.available_from is None:
            return
        start = self._calendar.index(system.available_from)
        criterion = Criterion(
            kind="availability",
            subject="available from",
            is_met=start <= 0,
            is_hard=True,
            found=system.available_from,
            needed=f"at the latest {self._calendar.label(0)} for deliveries from the start",
            reason=f"It is not available before {system.available_from}" if start > 0 else "",
            row=("systems", self._system_rows[system.id]),
        )
        yield self._closure(criterion, mask(0, min(start, self._length) - 1))

    def _replacement(self, system: System) -> Iterator[Closure]:
        """A system is delivered until the month before its successor is available."""
        if system.id not in self._replaced:
            return
        month, successor = self._replaced[system.id]
        label = self._calendar.label(month)
        criterion = Criterion(
            kind="availability",
            subject="until its successor",
            is_met=month >= self._length,
            is_hard=True,
            found=f"replaced by {successor} in {label}",
            needed="deliveries until the end of the plan",
            reason=f"{successor} takes its place in {label}" if month < self._length else "",
            row=("systems", self._system_rows[successor]),
        )
        yield self._closure(criterion, mask(month, self._length - 1))

    def _price(self, system: System, first: int, *, last: int) -> Criterion:
        """A system without a price in any month of its window is not for sale, whatever else holds."""
        years = self._valuation.buyer_years
        rows = self._prices.get(system.id, [])
        priced = sorted({self._deal.prices[row].fiscal_year for row in rows} & set(years.names))
        open_years = range(years.of(first), years.of(last) + 1) if last >= first else priced
        is_met = any(year in open_years for year in priced)
        found = "priced in " + listing([str(year) for year in priced]) if priced else "no price row"
        if is_met:
            reason = ""
        elif priced:
            reason = (
                f"It is {found} only, when it may not be delivered; add a price for a year in which it may."
            )
        else:
            reason = (
                "It has no price row in any fiscal year of the plan; add one to prices if it is for sale."
            )
        return Criterion(
            kind="price",
            subject="price",
            is_met=is_met,
            is_hard=True,
            found=found,
            needed="a price row in a fiscal year of delivery",
            reason=reason,
            row=("prices", rows[0]) if rows else None,
        )

    def _work_closes(self, lead: int) -> int:
        """Months closed by work of that many months: it starts with the plan, or is not ordered at all."""
        if lead and not self._deal.settings.options.pair_work_from_start:
            return self._whole
        return mask(0, min(lead, self._length) - 1)

    def _closure(self, criterion: Criterion, closed: int) -> Closure:
        """Say what months an unmet criterion leaves, and make it hard only if there are none."""
        if criterion.is_met:
            return Closure(criterion)
        if not criterion.is_hard:
            return Closure(replace(criterion, reason=f"{criterion.reason}; the rule is not hard."))
        first, last = longest_run(self._whole & ~closed)
        if last < first:
            words = "no month of the plan is left"
        else:
            words = f"deliveries are possible{self._period(first, last) or ' in every month'}"
        criterion = replace(criterion, is_hard=last < first, reason=f"{criterion.reason}; {words}.")
        return Closure(criterion, closed)

    def _settle(self, closures: list[Closure]) -> list[Closure]:
        """Make criteria hard that leave no month together although each of them alone leaves some."""
        closed = 0
        for closure in closures:
            closed |= closure.closed
        if self._whole & ~closed or any(closure.criterion.is_blocking for closure in closures):
            return closures
        return [_hardened(closure) if closure.closed else closure for closure in closures]

    def _period(self, first: int, last: int) -> str:
        """Months as words to append; empty for the whole plan."""
        start = f" from {self._calendar.label(first)}" if first > 0 else ""
        stop = f" until {self._calendar.label(last)}" if last < self._length - 1 else ""
        return start + stop


def _least_price(dear: list[tuple[float, int]], currency: str) -> str:
    """The lowest price of the first year in which it is above the cap, in words."""
    if not dear:
        return "no price above it"
    price, year = dear[0]
    others = f" and {counted(len(dear) - 1, 'year', 'years')} more" if len(dear) > 1 else ""
    return f"at least {figure(round(price, 2))} {currency} in fiscal year {year}{others}"


def mask(first: int, last: int) -> int:
    """Bits `first` to `last`, both included; none where `last` is below `first`.

    >>> bin(mask(1, 3)), mask(0, -1)
    ('0b1110', 0)
    """
    return ((1 << (last - first + 1)) - 1) << first if last >= first else 0


def longest_run(open_months: int) -> tuple[int, int]:
    """First and last bit of the longest run of ones, the earlier of equal ones; (0, -1) where there is none.

    >>> longest_run(0b0111011), longest_run(0b1010), longest_run(0)
    ((3, 5), (1, 1), (0, -1))
    """
    best, start = (0, -1), None
    for month in range(open_months.bit_length() + 1):
        if open_months >> month & 1:
            start = month if start is None else start
        elif start is not None:
            if month - start > best[1] - best[0] + 1:
                best = (start, month - 1)
            start = None
    return best


def _hardened(closure: Closure) -> Closure:
    reason = closure.criterion.reason.removesuffix(".") + ", but all dates together leave no month."
    return Closure(replace(closure.criterion, is_hard=True, reason=reason), closure.closed)

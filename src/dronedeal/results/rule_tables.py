"""The table of the composition rules of a plan: what was measured, how far it is off, what it costs."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np

from dronedeal.assessment.composition import SHARE_KINDS, Composition, held_months, is_subject
from dronedeal.assessment.offers import Offers
from dronedeal.assessment.valuation import Valuation
from dronedeal.assessment.words import listing, percent
from dronedeal.deal.terms import Rule
from dronedeal.planning.data import MONEY_UNIT
from dronedeal.planning.tree import FloatArray
from dronedeal.results.reading import Reading
from dronedeal.results.ruling import Ruling, Standing, broken_unit, is_at_most

Row = dict[str, Any]


@dataclass(frozen=True, slots=True)
class _Found:
    """A rule in one fiscal year (None: of the whole plan), as the table has it, with the words on it."""

    rule: Rule
    year: int | None
    measured: float | None
    limit: float
    violation: float
    unit: str
    penalty: float
    says: str

    @property
    def row(self) -> Row:
        """The row of the table; penalty in undiscounted base-year currency."""
        return {
            "rule": self.rule.id,
            "fiscal_year": self.year,
            "branch": self.rule.branch,
            "measured": self.measured,
            "limit": self.limit,
            "violation": self.violation,
            "unit": self.unit,
            "penalty": self.penalty,
            "words": self.says,
        }


def rules(reading: Reading) -> list[Row]:
    """Every rule in every fiscal year in which it holds, in the order of the deal.

    What single deliveries break is averaged over the units delivered under the rule; permits that are hard
    close months before anything is planned and have no row.
    """
    finder = _Finder(reading)
    return [found.row for found in finder.all()]


def substitutions(reading: Reading) -> list[Row]:
    """Units made with substitutes, by month."""
    data, deal = reading.data, reading.deal
    swaps, products = data.substitutes, data.products
    rows = []
    for slot, number in np.argwhere(reading.swapped.T).tolist():
        product, quantity = int(swaps.product[number]), float(reading.swapped[number, slot])
        rows.append(
            {
                "month": reading.slot_label(slot),
                "line": deal.lines[int(products.line[product])].id,
                "system": deal.systems[int(products.system[product])].id,
                "component": deal.components[int(swaps.part[number])].id,
                "substitute": deal.components[int(swaps.substitute[number])].id,
                "quantity": quantity,
                "parts": quantity * float(swaps.quantity[number]),
                "amount": quantity * float(swaps.cost[number]) * MONEY_UNIT,
            }
        )
    return rows


class _Finder:
    """Finds how a plan stands to each rule."""

    def __init__(self, reading: Reading) -> None:
        self.reading = reading
        self.data = reading.data
        self.deal = reading.deal
        self.currency = reading.deal.settings.currency
        self.money = Valuation(self.deal)
        self.composition = Composition(self.deal, self.money)
        self.offers = Offers(self.deal, self.money)
        self.ruling = Ruling(reading)
        self.categories = {component.category for component in self.deal.components}
        self.summed: dict[int, list[Standing]] = {}
        for standing in self.ruling.standings:
            self.summed.setdefault(standing.rule, []).append(standing)

    def all(self) -> Iterator[_Found]:
        """Every rule in every year."""
        for number, rule in enumerate(self.deal.rules):
            yield from (self._summed(rule, standing) for standing in self.summed.get(number, ()))
            if rule.kind in SHARE_KINDS or rule.kind == "price_cap" or self._is_priced_permit(rule):
                yield from self._by_delivery(rule)

    @staticmethod
    def _is_priced_permit(rule: Rule) -> bool:
        return rule.kind == "export_permit" and not rule.is_hard

    def _summed(self, rule: Rule, standing: Standing) -> _Found:
        """A work share, a mix or a choice."""
        year = self.data.buyer_years.names[int(self.data.tree.stage[standing.node])]
        is_choice = rule.kind == "either_or"
        unit = broken_unit(rule, self.currency)
        return _Found(
            rule=rule,
            year=None if is_choice else year,
            measured=standing.measured,
            limit=rule.limit or 0.0,
            violation=standing.broken * (MONEY_UNIT if unit == self.currency else 1.0),
            unit=unit,
            penalty=standing.price * standing.broken * MONEY_UNIT,
            says=_choice_words(rule, standing) if is_choice else _share_words(rule, standing, year),
        )

    def _by_delivery(self, rule: Rule) -> Iterator[_Found]:
        """A rule that each delivery keeps or breaks by itself."""
        held = held_months(rule, self.money.calendar)
        for year in self.data.buyer_years.names:
            months = [month for month in self.data.buyer_years.months_in(year) if month in held]
            if months:
                units = self._units(rule, np.array(months))
                measured, excess = self._measure(rule, units, year)
                price = 0.0 if rule.is_hard else self._unit_price(rule, year)
                limit = self.offers.cap(rule, year) if rule.kind == "price_cap" else _share_limit(rule)
                yield _Found(
                    rule=rule,
                    year=year,
                    measured=measured,
                    limit=limit,
                    violation=0.0 if rule.is_hard else excess,
                    unit=self.currency if rule.kind == "price_cap" else "units",
                    penalty=price * excess,
                    says=self._words(rule, year, float(units.sum()), measured, limit),
                )

    def _units(self, rule: Rule, months: np.ndarray[Any, Any]) -> FloatArray:
        """(products,) units delivered in some months to the branch of a rule."""
        pairs = self.data.pairs
        branches = np.array(
            [self.deal.requirements[number].branch for number in pairs.requirement], dtype=object
        )
        is_asked = branches == rule.branch if rule.branch is not None else np.ones(pairs.count, dtype=bool)
        slots = np.isin(self.data.tree.slot_month, months)
        if rule.kind == "export_permit":
            slots &= self.data.tree.slot_month < (rule.limit or 0.0)
        taken = self.reading.ship[:, slots].sum(axis=1) * is_asked
        units = np.bincount(pairs.product, weights=taken, minlength=self.data.products.count)
        speaks = [self._speaks_of(rule, product) for product in range(self.data.products.count)]
        spoken: FloatArray = np.where(speaks, units, 0.0)
        return spoken

    def _speaks_of(self, rule: Rule, product: int) -> bool:
        system = self.deal.systems[int(self.data.products.system[product])]
        if rule.kind in SHARE_KINDS:
            return self.composition.speaks_of(rule, system)
        is_named = is_subject(rule.subject, system)
        return is_named and (
            rule.kind != "export_permit" or bool(self.data.products.is_owned_by_seller[product])
        )

    def _measure(self, rule: Rule, units: FloatArray, year: int) -> tuple[float | None, float]:
        """What is measured over the units delivered, and by how much they break the rule together."""
        delivered = np.flatnonzero(units > 0).tolist()
        if rule.kind == "export_permit":
            return (float(units.sum()) if delivered else None), float(units.sum())
        if not delivered:
            return None, 0.0
        if rule.kind == "price_cap":
            at = year - self.data.buyer_years.names[0]
            price = self.data.prices.price[:, at] * MONEY_UNIT
            cap = self.offers.cap(rule, year)
            return float(price[delivered].max()), float(
                (np.maximum(price - cap, 0.0) * units)[delivered].sum()
            )
        system = self.data.products.system
        found = [
            (self.deal.systems[int(system[product])], self._line(product), float(units[product]))
            for product in delivered
        ]
        shares = sum(amount * self.composition.share(rule, one, line=line) for one, line, amount in found)
        excess = sum(amount * self.composition.excess(rule, one, line=line) for one, line, amount in found)
        return shares / float(units.sum()), excess

    def _line(self, product: int) -> str | None:
        line = int(self.data.products.line[product])
        return None if line < 0 else self.deal.lines[line].id

    def _unit_price(self, rule: Rule, year: int) -> float:
        """Base-year currency for each unit, or for each unit of money above a cap."""
        amount = rule.violation_price or 0.0
        if rule.kind == "price_cap":
            return amount
        return self.money.base_amount(amount, rule, party=self.deal.settings.buyer.id, year=year)

    def _words(self, rule: Rule, year: int, units: float, measured: float | None, limit: float) -> str:
        about = f"rule {rule.id} in fiscal year {year}"
        if measured is None:
            return f"{about}: nothing is delivered that it speaks of"
        if rule.kind == "price_cap":
            return (
                f"{about}: the dearest of {units:,.0f} units costs {self.currency} {measured:,.0f}, the cap "
                f"is {self.currency} {limit:,.0f}"
            )
        if rule.kind == "export_permit":
            return f"{about}: {units:,.0f} units are delivered before their permit would be there"
        if rule.kind == "exclusion" and not rule.origin:
            return (
                f"{about}: {units:,.0f} units are delivered of which it speaks, {percent(measured)} excluded"
            )
        asked = "at least" if rule.kind == "local_content" else "at most"
        kind = "" if rule.subject not in self.categories else f"{rule.subject} "
        by_list = " by their parts lists, before substitutes," if rule.is_hard and measured > limit else ""
        return (
            f"{about}: of the {kind}parts of {units:,.0f} units {percent(measured)} by value come{by_list} "
            f"from {listing(rule.origin)} on average, {asked} {percent(limit)} asked for"
        )


def _share_limit(rule: Rule) -> float:
    return 0.0 if rule.kind == "exclusion" or rule.limit is None else rule.limit


def _share_words(rule: Rule, standing: Standing, year: int) -> str:
    about = f"rule {rule.id} in fiscal year {year}"
    if standing.measured is None:
        return f"{about}: nothing is delivered that it speaks of"
    asked = "at most" if is_at_most(rule) else "at least"
    what = "value" if rule.measure == "value" else "units"
    if rule.kind == "work_share":
        part = f"made in {listing(rule.origin)}"
    else:
        part = f"{rule.subject} among {rule.within or 'all deliveries'}"
    return (
        f"{about}: {percent(standing.measured)} of the {what} delivered is {part}, "
        f"{asked} {percent(rule.limit or 0.0)} asked for"
    )


def _choice_words(rule: Rule, standing: Standing) -> str:
    asked = "at most" if is_at_most(rule) else "at least"
    names = listing(rule.systems)
    return f"rule {rule.id}: {standing.measured:g} of {names} are bought, {asked} {rule.limit:g} asked for"

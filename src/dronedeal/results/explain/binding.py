"""What binds: the rules that hold a plan back, and what one more unit of each is worth."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np

from dronedeal.planning.data import MONEY_UNIT
from dronedeal.results.reading import Reading
from dronedeal.results.vocabulary import subject

Row = dict[str, Any]
# A rule whose last unit changes the objective by less than this share of it does not hold the plan back.
_SMALL = 1e-9


def binding(reading: Reading) -> list[Row]:
    """Rules that hold the plan back with the worth of one more unit, greatest total effect first.

    Duals come from the problem with openings and steps held at the plan. Monthly rules of one line or
    need are added up over their year: one more unit of capacity means one in every month of the year.
    """
    finder = _Finder(reading)
    found = [
        *finder.capacity(),
        *finder.budgets(),
        *finder.price_maxima(),
        *finder.firm_minima(),
        *finder.own_needs(),
        *finder.other_buyers(),
        *finder.components(),
    ]
    floor = _SMALL * max(1.0, abs(reading.outcome.solution.objective) * MONEY_UNIT)
    kept = [rule for rule in found if rule.effect > floor]
    return [rule.row for rule in sorted(kept, key=lambda rule: -rule.effect)]


@dataclass(frozen=True, slots=True)
class _Rule:
    """A rule that binds in a fiscal year.

    `dual` is the change of the objective in currency for one more unit, `size` the size of the rule in units.
    """

    kind: str
    about: str
    year: int
    dual: float
    size: float
    unit: str
    words: str

    @property
    def effect(self) -> float:
        """What the whole rule does to the objective, as far as its last unit tells."""
        return abs(self.dual) * self.size

    @property
    def row(self) -> Row:
        """The row of the plan's table."""
        return {
            "kind": self.kind,
            "subject": self.about,
            "month": None,
            "fiscal_year": self.year,
            "dual": self.dual,
            "unit": self.unit,
            "words": self.words,
        }


class _Finder:
    """Each method finds the rules of one kind."""

    def __init__(self, reading: Reading) -> None:
        self.reading = reading
        self.data = reading.data
        self.deal = reading.deal
        self.currency = reading.deal.settings.currency

    def _duals(self, family: str, axis: str, *, sign: int = 1) -> Iterator[tuple[int, float]]:
        """Index on an axis and dual of the rows of a family that bind; at least-rows bind with sign −1."""
        rows = self.reading.problem.rows[family]
        duals = self.reading.row_dual[rows.slice]
        for offset in np.flatnonzero(sign * duals > 0).tolist():
            yield int(rows.coordinates[axis][offset]), float(duals[offset])

    def _money(self, amount: float) -> str:
        return f"{self.currency} {amount:,.4g}" if abs(amount) < 10 else f"{self.currency} {amount:,.0f}"

    def capacity(self) -> Iterator[_Rule]:
        """Lines that are full, with the worth of one more load unit in every month of a year."""
        rows = self.reading.problem.rows["capacity"]
        years = self.data.buyer_years.names
        total = np.zeros((self.data.lines.count, len(years)))
        at = self.data.year_index(rows.coordinates["slot"])
        np.add.at(total, (rows.coordinates["line"], at), self.reading.row_dual[rows.slice])
        for line, year in np.argwhere(total > 0).tolist():
            name, worth = self.deal.lines[line].id, float(total[line, year])
            words = (
                f"line {name} is full: one more load unit a month throughout fiscal year {years[year]} adds "
                f"{self._money(worth)} to the objective"
            )
            size = max(1.0, float(self.data.lines.initial[line]))
            yield _Rule("capacity", name, years[year], worth, size, "load units per month, all year", words)

    def budgets(self) -> Iterator[_Rule]:
        """Money that is used up."""
        for number, dual in self._duals("budget", "budget"):
            budget, worth = self.deal.budgets[number], dual / MONEY_UNIT
            words = (
                f"{budget.appropriation} money of {budget.branch} voted in fiscal year {budget.fiscal_year} "
                f"is used up: one more {self.currency} (then-year) adds {worth:,.3g} to the objective"
            )
            about = subject(budget.branch, budget.appropriation)
            size = float(self.data.budgets.amount[number]) * MONEY_UNIT
            yield _Rule("budget", about, budget.fiscal_year, worth, size, "then-year money", words)

    def price_maxima(self) -> Iterator[_Rule]:
        """Offers that are sold out."""
        for number, worth in self._duals("price_maximum", "price"):
            price = self.deal.prices[number]
            words = (
                f"no more than {price.maximum:,.0f} of {price.system} are on sale in fiscal year "
                f"{price.fiscal_year}: one more adds {self._money(worth)} to the objective"
            )
            about = subject(price.system, price.line)
            size = float(price.maximum or 0)
            yield _Rule("price_maximum", about, price.fiscal_year, worth, size, "units", words)

    def firm_minima(self) -> Iterator[_Rule]:
        """Units that are taken only because they are firm."""
        for number, worth in self._duals("firm_minimum", "price", sign=-1):
            price = self.deal.prices[number]
            words = (
                f"the firm minimum of {price.firm_minimum:,.0f} of {price.system} in fiscal year "
                f"{price.fiscal_year} is taken only because it is firm: one more costs {self._money(-worth)} "
                "of the objective"
            )
            about = subject(price.system, price.line)
            size = float(price.firm_minimum or 0)
            yield _Rule("firm_minimum", about, price.fiscal_year, worth, size, "units", words)

    def own_needs(self) -> Iterator[_Rule]:
        """Own needs, with the worth of one more unit of the yearly need: its part in every month."""
        rows, home = self.reading.problem.rows["home_pace"], self.data.home
        months = [self.data.seller_years.months_in(int(year)) for year in home.year]
        need = rows.coordinates["need"]
        start = np.array([span.start for span in months], dtype=float)[need]
        length = np.array([max(1, len(span)) for span in months], dtype=float)[need]
        elapsed = (self.data.tree.slot_month[rows.coordinates["slot"]] - start + 1) / length
        total = np.zeros(home.count)
        np.add.at(total, need, self.reading.row_dual[rows.slice] * elapsed)
        for number in np.flatnonzero(total < 0).tolist():
            row, worth = self.deal.home_needs[number], float(total[number])
            words = (
                f"own need {row.id} comes first in fiscal year {row.fiscal_year}: one more required unit, "
                f"spread over the year, costs {self._money(-worth)} of the objective"
            )
            size = float(home.quantity[number] * home.required_share[number])
            yield _Rule("home_need", row.id, row.fiscal_year, worth, size, "units a year", words)

    def other_buyers(self) -> Iterator[_Rule]:
        """Other buyers who would take more."""
        for number, worth in self._duals("sale_maximum", "customer"):
            customer = self.deal.other_buyers[number]
            words = (
                f"{customer.id} takes all it can of {customer.system} in fiscal year {customer.fiscal_year}: "
                f"one more adds {self._money(worth)} to the objective"
            )
            about = subject(customer.id, customer.system)
            yield _Rule("other_buyer", about, customer.fiscal_year, worth, customer.maximum, "units", words)

    def components(self) -> Iterator[_Rule]:
        """Parts that are used up."""
        for number, worth in self._duals("component_supply", "supply"):
            supply = self.deal.component_supply[number]
            words = (
                f"component {supply.component} is used up in fiscal year {supply.fiscal_year}: one more adds "
                f"{self._money(worth)} to the objective"
            )
            yield _Rule(
                "component_supply", supply.component, supply.fiscal_year, worth, supply.limit, "parts", words
            )

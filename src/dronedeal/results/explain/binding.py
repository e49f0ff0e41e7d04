"""What binds: the rules that hold a plan back, and what one more unit of each is worth."""

from __future__ import annotations

from typing import Any

import numpy as np

from dronedeal.planning.data import MONEY_UNIT
from dronedeal.planning.problem import Family
from dronedeal.planning.tree import FloatArray
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
    finder = _Binding(reading)
    rows = [*finder.capacity(), *finder.budgets(), *finder.maxima(), *finder.own_needs(), *finder.limits()]
    floor = _SMALL * max(1.0, abs(reading.outcome.solution.objective) * MONEY_UNIT)
    kept = [(size, row) for size, row in rows if size > floor]
    return [row for _, row in sorted(kept, key=lambda item: -item[0])]


class _Binding:
    """Each method gives (effect of the whole term in currency, row) for one kind of rule."""

    def __init__(self, reading: Reading) -> None:
        self.reading = reading
        self.data = reading.data
        self.deal = reading.deal
        self.rows = reading.problem.rows

    def _dual(self, name: str) -> tuple[Family, FloatArray]:
        family = self.rows[name]
        return family, self.reading.row_dual[family.slice]

    def _row(self, kind: str, about: str, year: int | None, dual: float, unit: str, words: str) -> Row:
        return {
            "kind": kind,
            "subject": about,
            "month": None,
            "fiscal_year": year,
            "dual": dual,
            "unit": unit,
            "words": words,
        }

    def _money(self, amount: float) -> str:
        return (
            f"{self.deal.settings.currency} {amount:,.4g}"
            if abs(amount) < 10
            else (f"{self.deal.settings.currency} {amount:,.0f}")
        )

    def capacity(self) -> list[tuple[float, Row]]:
        family, dual = self._dual("capacity")
        lines, years = self.data.lines.count, self.data.buyer_years.names
        table = np.zeros((lines, len(years)))
        at = self.data.year_index(family.coordinates["slot"])
        np.add.at(table, (family.coordinates["line"], at), dual)
        found = []
        for line, year in zip(*np.nonzero(table > 0), strict=True):
            worth = float(table[line, year])
            name = self.deal.lines[line].id
            words = (
                f"line {name} is full: one more load unit a month throughout fiscal year {years[year]} adds "
                f"{self._money(worth)} to the objective"
            )
            size = worth * max(1.0, float(self.data.lines.initial[line]))
            found.append(
                (
                    size,
                    self._row("capacity", name, years[year], worth, "load units per month, all year", words),
                )
            )
        return found

    def budgets(self) -> list[tuple[float, Row]]:
        family, dual = self._dual("budget")
        found = []
        for offset in np.flatnonzero(dual > 0):
            budget = self.deal.budgets[family.coordinates["budget"][offset]]
            worth = float(dual[offset]) / MONEY_UNIT
            about = subject(budget.branch, budget.appropriation)
            words = (
                f"{budget.appropriation} money of {budget.branch} voted in fiscal year "
                f"{budget.fiscal_year} is used up: one more {self.deal.settings.currency} (then-year) adds "
                f"{worth:,.3g} to the objective"
            )
            size = worth * float(self.data.budgets.amount[family.coordinates["budget"][offset]]) * MONEY_UNIT
            found.append(
                (size, self._row("budget", about, budget.fiscal_year, worth, "then-year money", words))
            )
        return found

    def maxima(self) -> list[tuple[float, Row]]:
        found = []
        family, dual = self._dual("price_maximum")
        for offset in np.flatnonzero(dual > 0):
            price = self.deal.prices[family.coordinates["price"][offset]]
            worth = float(dual[offset])
            words = (
                f"no more than {price.maximum:,.0f} of {price.system} are on sale in fiscal year "
                f"{price.fiscal_year}: one more adds {self._money(worth)} to the objective"
            )
            row = self._row(
                "price_maximum", subject(price.system, price.line), price.fiscal_year, worth, "units", words
            )
            found.append((worth * float(price.maximum or 0), row))
        family, dual = self._dual("firm_minimum")
        for offset in np.flatnonzero(dual < 0):
            price = self.deal.prices[family.coordinates["price"][offset]]
            worth = float(dual[offset])
            words = (
                f"the firm minimum of {price.firm_minimum:,.0f} of {price.system} in fiscal year "
                f"{price.fiscal_year} is taken only because it is firm: one more costs {self._money(-worth)} "
                "of the objective"
            )
            row = self._row(
                "firm_minimum", subject(price.system, price.line), price.fiscal_year, worth, "units", words
            )
            found.append((-worth * float(price.firm_minimum or 0), row))
        return found

    def own_needs(self) -> list[tuple[float, Row]]:
        """Worth of one more unit of the yearly need that must come first: its part in every month."""
        family, dual = self._dual("home_pace")
        home = self.data.home
        years = self.data.seller_years
        table = np.zeros(home.count)
        need = family.coordinates["need"]
        month = self.data.tree.slot_month[family.coordinates["slot"]]
        for number in range(home.count):
            chosen = need == number
            months = years.months_in(int(home.year[number]))
            elapsed = (month[chosen] - months.start + 1) / max(1, len(months))
            table[number] = float((dual[chosen] * elapsed).sum())
        found = []
        for number in np.flatnonzero(table < 0).tolist():
            row = self.deal.home_needs[number]
            worth = float(table[number])
            words = (
                f"own need {row.id} comes first in fiscal year {row.fiscal_year}: one more required unit, "
                f"spread over the year, costs {self._money(-worth)} of the objective"
            )
            size = -worth * float(home.quantity[number] * home.required_share[number])
            found.append(
                (size, self._row("home_need", row.id, row.fiscal_year, worth, "units a year", words))
            )
        return found

    def limits(self) -> list[tuple[float, Row]]:
        found = []
        family, dual = self._dual("sale_maximum")
        for offset in np.flatnonzero(dual > 0):
            customer = self.deal.other_buyers[family.coordinates["customer"][offset]]
            worth = float(dual[offset])
            words = (
                f"{customer.id} takes all it can of {customer.system} in fiscal year {customer.fiscal_year}: "
                f"one more adds {self._money(worth)} to the objective"
            )
            row = self._row(
                "other_buyer",
                subject(customer.id, customer.system),
                customer.fiscal_year,
                worth,
                "units",
                words,
            )
            found.append((worth * customer.maximum, row))
        family, dual = self._dual("component_supply")
        for offset in np.flatnonzero(dual > 0):
            supply = self.deal.component_supply[family.coordinates["supply"][offset]]
            worth = float(dual[offset])
            words = (
                f"component {supply.component} is used up in fiscal year {supply.fiscal_year}: one more adds "
                f"{self._money(worth)} to the objective"
            )
            row = self._row("component_supply", supply.component, supply.fiscal_year, worth, "parts", words)
            found.append((worth * supply.limit, row))
        return found

"""What a system costs the buyer, line by line and year by year, and what price caps allow."""

from __future__ import annotations

from collections import defaultdict

from dronedeal.assessment.valuation import Valuation
from dronedeal.deal import Deal
from dronedeal.deal.terms import Rule

# A price that is equal to a cap but for rounding, as after an exchange of currencies, keeps it.
PRICE_ROUNDING = 1e-9


class Offers:
    """Prices of a deal in base-year money of its currency, each read from the row that holds.

    A row for the line goes before a row for all lines; of several tiers the one with the lowest
    `tier_from` holds.
    """

    def __init__(self, deal: Deal, valuation: Valuation) -> None:
        self._deal = deal
        self._valuation = valuation
        self._buyer = deal.settings.buyer.id
        self._rows: dict[tuple[str, int], dict[str | None, int]] = defaultdict(dict)
        for number, row in enumerate(deal.prices):
            by_line = self._rows[row.system, row.fiscal_year]
            held = by_line.get(row.line)
            if held is None or row.tier_from < deal.prices[held].tier_from:
                by_line[row.line] = number
        self._lines: dict[str, list[str | None]] = defaultdict(list)
        for made in deal.line_systems:
            self._lines[made.system].append(made.line)

    def prices(self, system: str, year: int) -> list[float]:
        """Prices of one unit in a fiscal year of the buyer, one for each line that makes it and sells it."""
        by_line = self._rows.get((system, year), {})
        rows = {by_line.get(line, by_line.get(None)) for line in self._lines.get(system) or [None]}
        return [self._price(number, year) for number in rows if number is not None]

    def cap(self, rule: Rule, year: int) -> float:
        """What a price cap allows for one unit in a fiscal year of the buyer."""
        return self._valuation.base_amount(rule.limit or 0.0, rule, party=self._buyer, year=year)

    def _price(self, number: int, year: int) -> float:
        row = self._deal.prices[number]
        return self._valuation.unit_price(row, party=self._buyer, year=year)

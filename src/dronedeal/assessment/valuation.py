"""Money of a deal in base-year figures of its currency, and discount factors of its parties."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cached_property

import numpy as np
import numpy.typing as npt

from dronedeal.deal import Deal
from dronedeal.deal.record import MoneyRecord
from dronedeal.deal.terms import Price
from dronedeal.errors import InputError
from dronedeal.quantities.calendar import Calendar, FiscalYears


class Valuation:
    """What an amount of a row is worth in base-year money of the deal's currency.

    An amount in currency `c` that is stated in `base_year` prices is multiplied by the rate of the
    price base year; one in `then_year` prices, paid by party `p` in its fiscal year `y`, by
    `rate(c, y) / index(p, y)`. The discount factor of month `t` is `(1 + r_p)^(-t/12)`.

    Parameters
    ----------
    deal : the deal whose rates, indices, calendar and parties hold

    Examples
    --------
    >>> from dronedeal.deal import Deal, Party, Settings
    >>> from dronedeal.deal.production import Component
    >>> parties = (Party(id="us", name="US", role="buyer", discount_rate=0.21),
    ...            Party(id="ua", name="UA", role="seller"))
    >>> deal = Deal(Settings(format=1, title="Example", start="2027-01", months=24, currency="USD",
    ...                      price_base_year=2027, parties=parties))
    >>> motor = Component(id="motor", name="Motor", category="motor", origin="UA", unit_cost=50)
    >>> worth = Valuation(deal)
    >>> worth.base_amount(motor.unit_cost, motor, party="ua", year=2028)
    50.0
    >>> round(worth.discount("us", 6), 12) == round(1 / 1.1, 12)
    True
    """

    def __init__(self, deal: Deal) -> None:
        self._deal = deal
        self._rates = {(row.id, row.fiscal_year): row.value for row in deal.rates}
        self._levels = {(row.id, row.fiscal_year): row.value for row in deal.indices}
        self._parties = {party.id: party for party in deal.settings.parties}
        self._index_cache: dict[tuple[str, int], float] = {}

    @property
    def currency(self) -> str:
        """The currency of every amount that comes out."""
        return self._deal.settings.currency

    @cached_property
    def calendar(self) -> Calendar:
        """The months of the plan."""
        return Calendar(self._deal.settings.start, self._deal.settings.months)

    @cached_property
    def buyer_years(self) -> FiscalYears:
        """Fiscal years of the buyer."""
        return self.years(self._deal.settings.buyer.id)

    @cached_property
    def seller_years(self) -> FiscalYears:
        """Fiscal years of the seller."""
        return self.years(self._deal.settings.seller.id)

    def years(self, party: str) -> FiscalYears:
        """Fiscal years of the party of that id; InputError where there is none."""
        self._require_party(party)
        return FiscalYears(self.calendar, self._parties[party].fiscal_year_start)

    def base_amount(self, amount: float, row: MoneyRecord, *, party: str, year: int) -> float:
        """An amount of a row in base-year money of the deal's currency.

        Parameters
        ----------
        amount : in the currency and price basis of the row
        row : the row that states it
        party : id of the party that pays it, whose index turns then-year into base-year money
        year : fiscal year of that party in which it is paid; matters for then-year amounts only

        Returns
        -------
        base-year money in whole units of the deal's currency

        Raises
        ------
        InputError
            where the exchange rate or the index value is missing
        """
        currency = row.currency or self.currency
        if row.price_basis == "base_year":
            return amount * self.rate(currency, self._deal.settings.price_base_year)
        return amount * self.rate(currency, year) / self.index(party, year)

    def unit_price(self, row: Price, *, party: str, year: int) -> float:
        """The price of a row in base-year money of the deal's currency, its escalation clause applied.

        With a clause, the share `a` of the price that follows index `I` makes it
        `unit_price * (1 - a + a * I(year) / I(price base year))` in money of the year.

        Parameters
        ----------
        row : the row of `prices`
        party : id of the party that pays it
        year : fiscal year of that party in which it is delivered
        """
        if row.escalation_index is None:
            return self.base_amount(row.unit_price, row, party=party, year=year)
        share, base_year = row.escalation_share, self._deal.settings.price_base_year
        where = f"the price of {row.system}"
        level = self._level(row.escalation_index, year, where)
        factor = 1.0 - share + share * level / self._level(row.escalation_index, base_year, where)
        return self.base_amount(row.unit_price * factor, row, party=party, year=year)

    @property
    def ceiling(self) -> float | None:
        """Most that the buyer pays to the seller over the plan, then-year deal currency; None: no ceiling."""
        terms = self._deal.settings.terms
        if terms.ceiling is None:
            return None
        rate = self.rate(terms.currency or self.currency, self._deal.settings.price_base_year)
        return terms.ceiling * rate

    def rate(self, currency: str, year: int) -> float:
        """Deal currency for one unit of a currency in a fiscal year; 1 for the deal's currency."""
        if currency == self.currency:
            return 1.0
        try:
            return self._rates[currency, year]
        except KeyError:
            known = sorted(known_year for name, known_year in self._rates if name == currency)
            raise InputError(
                f"exchange rate of {currency} to {self.currency}: no value for fiscal year {year}; "
                f"{_known_years(known)}; add the row to table rates"
            ) from None

    def index(self, party: str, year: int) -> float:
        """Then-year over base-year prices, `value(year) / value(price base year)`; 1 without an index."""
        cached = self._index_cache.get((party, year))
        if cached is None:
            cached = self._index_cache[party, year] = self._index(party, year)
        return cached

    def discount(self, party: str, month: int) -> float:
        """Discount factor of a party for a month number, `(1 + r)^(-month/12)`."""
        self._require_party(party)
        return float((1.0 + self._parties[party].discount_rate) ** (-month / 12.0))

    def discounts(self, party: str) -> npt.NDArray[np.float64]:
        """(months,) discount factors of a party."""
        self._require_party(party)
        months = np.arange(self.calendar.months, dtype=np.float64)
        return np.asarray((1.0 + self._parties[party].discount_rate) ** (-months / 12.0), dtype=np.float64)

    def _index(self, party: str, year: int) -> float:
        self._require_party(party)
        name = self._parties[party].escalation_index
        if name is None:
            return 1.0
        base_year, where = self._deal.settings.price_base_year, f'party "{party}"'
        return self._level(name, year, where) / self._level(name, base_year, where)

    def _level(self, name: str, year: int, where: str) -> float:
        try:
            return self._levels[name, year]
        except KeyError:
            known = sorted(known_year for index, known_year in self._levels if index == name)
            raise InputError(
                f'escalation index "{name}" of {where}: no value for fiscal year {year}; '
                f"{_known_years(known)}; add the row to table indices"
            ) from None

    def _require_party(self, party: str) -> None:
        if party not in self._parties:
            raise InputError(f'party "{party}" is not in deal.yaml; {_known_parties(self._parties)}')


def _known_years(years: list[int]) -> str:
    return "known years: " + ", ".join(map(str, years)) if years else "no year of it is known"


def _known_parties(parties: Mapping[str, object]) -> str:
    return "known parties: " + ", ".join(parties)

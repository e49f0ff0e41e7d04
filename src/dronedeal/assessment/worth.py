"""What requirements are worth where the deal says so by statements: the preferences, read and resolved.

Every unit that has a worth is an item of the preferences (`dronedeal.assessment.preferences`): a unit of a
requirement up to its threshold, one beyond it, and a system at its price. A value that stands in the
requirement itself is one more statement, and so is that a unit beyond the threshold is worth no more than one
up to it.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from functools import cached_property

from dronedeal.assessment.preferences import (
    Amount,
    Contradiction,
    Preferences,
    Ranked,
    Statement,
    Substitute,
    Worth,
    preferences,
)
from dronedeal.assessment.valuation import Valuation
from dronedeal.deal import Deal
from dronedeal.deal.refresh import with_successors
from dronedeal.deal.requirements import Preference, Requirement

PARTS = ("threshold", "objective")
# A value is stated with so many digits: what logarithms leave behind them goes.
_DIGITS = 12
Address = tuple[str, int, str]


@dataclass(frozen=True, slots=True)
class Said:
    """One statement with where it stands; address None: that values decline, which nobody has to state."""

    statement: Statement
    address: Address | None
    name: str

    def words(self) -> str:
        """The statement in a sentence, after its name where it has one."""
        return f"{self.name}: {self.statement.words()}" if self.name else self.statement.words()


@dataclass(frozen=True, slots=True)
class UnitWorth:
    """What one effective unit of a requirement is worth.

    Parameters
    ----------
    part : `threshold` or `objective`
    value, lowest, highest : base-year money of the deal's currency; value None: not bounded from both sides
    said : the statements that it follows from, in words
    """

    requirement: str
    part: str
    value: float | None
    lowest: float
    highest: float
    said: tuple[str, ...]


def completed(deal: Deal) -> Deal:
    """The deal with the rows that successors inherit and the values that its preferences leave.

    A deal that is completed already is given back.
    """
    return with_worth(with_successors(deal))


def with_worth(deal: Deal) -> Deal:
    """The deal with a value in every requirement that leaves it to the preferences.

    A filled row states both values in base-year money of the deal's currency. What no statement bounds from
    both sides stays blank; of statements that contradict one another the last is set aside (`Worths`).

    Examples
    --------
    >>> from dronedeal.deal.synthetic import synthetic_deal
    >>> deal = synthetic_deal(systems=3, lines=3, requirements=2, seed=1)
    >>> with_worth(deal) is deal
    True
    """
    if not any(_is_blank(row) for row in deal.requirements):
        return deal
    values = Worths(deal).values
    rows = tuple(_filled(row, values, deal) if _is_blank(row) else row for row in deal.requirements)
    return replace(deal, requirements=rows, stated=deal.stated or deal)


def _is_blank(row: Requirement) -> bool:
    return row.value_threshold is None or row.value_objective is None


def _filled(row: Requirement, values: Mapping[tuple[str, str], float], deal: Deal) -> Requirement:
    money, year = Valuation(deal), deal.settings.price_base_year
    found: dict[str, float | None] = {}
    for part in PARTS:
        stated = getattr(row, f"value_{part}")
        found[f"value_{part}"] = (
            values.get((row.id, part))
            if stated is None
            else money.base_amount(stated, row, party=deal.settings.buyer.id, year=year)
        )
    return row.model_copy(update={**found, "currency": None, "price_basis": "base_year"})


class Worths:
    """What the statements of a deal say of every requirement.

    Parameters
    ----------
    deal : a deal whose prices and rates can be valued

    Attributes
    ----------
    said : every statement: those of the requirements, those of the preferences, prices, declining values
    """

    def __init__(self, deal: Deal) -> None:
        self._deal, self._money = deal, Valuation(deal)
        self._year, self._buyer = deal.settings.price_base_year, deal.settings.buyer.id
        self.said: tuple[Said, ...] = tuple(self._all())

    @cached_property
    def found(self) -> Preferences:
        """Consistent values and contradictions."""
        return preferences([each.statement for each in self.said])

    @cached_property
    def values(self) -> dict[tuple[str, str], float]:
        """Value by requirement and part, where it is bounded from both sides."""
        by_item = self.found.values
        return {
            (row.id, part): float(f"{by_item[unit_name(row.id, part)]:.{_DIGITS}g}")
            for row in self._deal.requirements
            for part in PARTS
            if unit_name(row.id, part) in by_item
        }

    @property
    def contradictions(self) -> tuple[tuple[Contradiction, tuple[Said, ...]], ...]:
        """Each contradiction with its statements."""
        return tuple(
            (each, tuple(self.said[at] for at in each.statements)) for each in self.found.contradictions
        )

    def table(self) -> tuple[UnitWorth, ...]:
        """What every requirement is worth that the preferences speak of or that leaves it to them."""
        spoken = {name for row in self._deal.preferences for name in (row.requirement, row.other_requirement)}
        worths = {worth.item: worth for worth in self.found.worths}
        return tuple(
            self._unit(row.id, part, worths[unit_name(row.id, part)])
            for row in self._deal.requirements
            if row.id in spoken or _is_blank(row)
            for part in PARTS
            if unit_name(row.id, part) in worths
        )

    def _unit(self, requirement: str, part: str, worth: Worth) -> UnitWorth:
        item = unit_name(requirement, part)
        said = tuple(each.words() for each in self.said if each.address and item in _items(each.statement))
        value = self.values.get((requirement, part))
        return UnitWorth(requirement, part, value, _rounded(worth.low), _rounded(worth.high), said)

    def _all(self) -> Iterator[Said]:
        for row, need in enumerate(self._deal.requirements):
            yield from self._of_requirement(row, need)
        for row, preference in enumerate(self._deal.preferences):
            yield from self._of_preference(row, preference)

    def _of_requirement(self, row: int, need: Requirement) -> Iterator[Said]:
        for part in PARTS:
            amount = getattr(need, f"value_{part}")
            if amount:  # nothing is worth nothing in logarithms, and bounds nothing else
                value = self._money.base_amount(amount, need, party=self._buyer, year=self._year)
                address = ("requirements", row, f"value_{part}")
                yield Said(Amount(unit_name(need.id, part), value), address, f"requirements '{need.id}'")
        if need.value_objective != 0.0 and need.value_threshold != 0.0:
            ranked = Ranked(unit_name(need.id, "threshold"), unit_name(need.id, "objective"))
            yield Said(ranked, None, "")

    def _of_preference(self, row: int, preference: Preference) -> Iterator[Said]:
        item = unit_name(preference.requirement, preference.part)
        address, name = ("preferences", row, "kind"), f"preferences '{preference.id}'"
        low, high = preference.low or 1.0, preference.high
        if preference.kind == "amount":
            base = [
                None
                if each is None
                else self._money.base_amount(each, preference, party=self._buyer, year=self._year)
                for each in (low, high)
            ]
            yield Said(Amount(item, base[0] or low, base[1]), address, name)
        elif preference.system is not None:
            least, most = self._price(preference)
            if math.isfinite(most):
                substitute = price_name(preference.system, preference.fiscal_year)
                yield Said(Amount(substitute, least, most), None, "")
                yield Said(Substitute(item, substitute, low, high), address, name)
        elif preference.other_requirement is not None:
            other = unit_name(preference.other_requirement, preference.other_part)
            if preference.kind == "ranking":
                yield Said(Ranked(item, other, low), address, name)
            else:
                yield Said(Substitute(item, other, low, high), address, name)

    def _price(self, preference: Preference) -> tuple[float, float]:
        """Lowest and highest unit price of a substitute, base-year money; infinite where it has none."""
        years = set(self._money.buyer_years.names)
        prices = [
            self._money.unit_price(row, party=self._buyer, year=row.fiscal_year)
            for row in self._deal.prices
            if row.system == preference.system
            and row.tier_from == 0
            and row.unit_price > 0
            and row.fiscal_year in years
            and preference.fiscal_year in (None, row.fiscal_year)
        ]
        return min(prices, default=math.inf), max(prices, default=math.inf)


def unit_name(requirement: str, part: str) -> str:
    """How a unit of a requirement is called in statements.

    >>> unit_name("patrol", "objective")
    "a unit of 'patrol' beyond its threshold"
    """
    return f"a unit of '{requirement}' {'up to' if part == 'threshold' else 'beyond'} its threshold"


def price_name(system: str, year: int | None = None) -> str:
    """How the price of a system is called in statements.

    >>> price_name("falcon", 2028)
    "a 'falcon' at its price in 2028"
    """
    return f"a '{system}' at its price" + ("" if year is None else f" in {year}")


def _items(statement: Statement) -> tuple[str, ...]:
    if isinstance(statement, Amount):
        return (statement.item,)
    if isinstance(statement, Substitute):
        return statement.item, statement.substitute
    return statement.better, statement.worse


def _rounded(bound: float) -> float:
    return float(f"{bound:.{_DIGITS}g}") if math.isfinite(bound) else bound

"""Amounts, terms and names of a negotiation in words."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Protocol

from dronedeal.negotiation.record import (
    FAIR_POINTS,
    ClauseRecord,
    FairPlan,
    FrontierPlan,
    Negotiation,
    Parties,
    Sides,
)
from dronedeal.report.wording import NO_BREAK_SPACE, isolate, money_text, number_text, plain

SIDES = ("buyer", "seller")
_BASIS = re.compile(r", base-year( \d{4})?$")
# Plans whose utilities differ by less than this share are one plan under two names.
_SAME = 1e-9


class Called(Protocol):
    """A clause with what the deal calls it."""

    @property
    def id(self) -> str:
        """Its name inside the deal."""
        ...

    @property
    def name(self) -> str:
        """What pages call it; empty: its id in words."""
        ...


class Told(Protocol):
    """What every record of two sides at the table holds."""

    @property
    def parties(self) -> Parties:
        """Names of both sides."""
        ...

    @property
    def currency(self) -> str:
        """Currency of every amount."""
        ...

    @property
    def price_base_year(self) -> int:
        """Fiscal year whose prices are the base."""
        ...

    @property
    def alternatives(self) -> Sides:
        """What each side has without an agreement."""
        ...

    @property
    def clauses(self) -> Sequence[Called]:
        """Every clause."""
        ...


@dataclass(frozen=True)
class Voice:
    """How pages speak of two sides at the table.

    Parameters
    ----------
    record : a negotiation or an offer
    """

    record: Told

    @cached_property
    def names(self) -> Mapping[str, str]:
        """Name of each side inside a sentence."""
        parties = self.record.parties
        return {side: _in_sentence(isolate(getattr(parties, side))) for side in SIDES}

    @cached_property
    def heads(self) -> Mapping[str, str]:
        """Name of each side at the head of a column or in a legend."""
        return {side: isolate(getattr(self.record.parties, side)) for side in SIDES}

    @property
    def unit(self) -> str:
        """Unit of utilities, gains and payments."""
        return f"{self.record.currency}, base-year {self.record.price_base_year}, discounted"

    @property
    def price_unit(self) -> str:
        """Unit of prices."""
        return f"{self.record.currency} a unit, base-year {self.record.price_base_year}"

    @property
    def who_and_in_what(self) -> str:
        """Below the title of a page: who buys from whom, and in what money its figures are."""
        return (
            f"{self.heads['buyer']} buys, {self.heads['seller']} sells. Money in {self.record.currency} at "
            f"prices of fiscal year {self.record.price_base_year}, discounted, unless a column says "
            "otherwise."
        )

    def clause_name(self, identifier: str) -> str:
        """What the deal calls a clause; its id in words where it says nothing."""
        return self._clause_names.get(identifier) or plain(identifier)

    @cached_property
    def _clause_names(self) -> Mapping[str, str]:
        return {clause.id: isolate(clause.name) if clause.name else "" for clause in self.record.clauses}

    def money(self, amount: float) -> str:
        """An amount rounded for a sentence."""
        return money_text(amount, self.record.currency)

    def gains(self, utilities: Sides) -> Sides:
        """What each side has more than without an agreement."""
        alone = self.record.alternatives
        return Sides(utilities.buyer - alone.buyer, utilities.seller - alone.seller)


@dataclass(frozen=True)
class Speech(Voice):
    """How pages speak of one negotiation.

    Parameters
    ----------
    record : the negotiation
    """

    record: Negotiation

    def clause(self, identifier: str) -> ClauseRecord | None:
        """The clause of that name; None: the record has none."""
        return next((each for each in self.record.clauses if each.id == identifier), None)


def _in_sentence(name: str) -> str:
    return f"the {name}" if name.startswith("United ") else name


def sentence_start(text: str) -> str:
    """The text with a capital at its beginning.

    >>> sentence_start("the United States")
    'The United States'
    """
    return text[:1].upper() + text[1:]


def term_number(value: float) -> str:
    """The value of a clause with as many digits as a term sheet needs.

    >>> term_number(1200.0), term_number(1034.2178), term_number(0.05), term_number(1 / 3)
    ('1,200', '1,034.22', '0.05', '0.3333')
    """
    text = f"{value:,.2f}" if abs(value) >= 100 else f"{value:,.4f}"
    text = text.rstrip("0").rstrip(".")
    return number_text(0.0) if text in ("-0", "") else text.replace("-", "−")


def term_text(value: float | None, unit: str | None) -> str:
    """The value of a clause with its unit; a share as a percentage.

    >>> term_text(0.05, "share of the price"), term_text(24.0, "months").replace(NO_BREAK_SPACE, " ")
    ('5% of the price', '24 months')
    >>> term_text(None, "months"), term_text(1.0, None)
    ('–', '1')
    """
    if value is None:
        return "–"
    if unit is not None and re.match(r"share\b", unit):
        return f"{term_number(100 * value)}%{unit.removeprefix('share')}"
    return f"{term_number(value)}{NO_BREAK_SPACE}{unit}" if unit else term_number(value)


def short_unit(unit: str | None) -> str | None:
    """A unit on one line, without the price basis where a caption states it.

    >>> (short_unit("EUR per unit, base-year 2027") or "").replace(NO_BREAK_SPACE, " "), short_unit(None)
    ('EUR per unit', None)
    """
    return None if unit is None else _BASIS.sub("", unit).replace(" ", NO_BREAK_SPACE)


def together(points: Mapping[str, FairPlan]) -> list[tuple[list[str], FairPlan]]:
    """Fair points with their names in words, those with the same utilities put together."""
    found: list[tuple[list[str], FairPlan]] = []
    for name, point in points.items():
        same = next((names for names, known in found if _is_same(known.utilities, point.utilities)), None)
        if same is None:
            found.append(([FAIR_POINTS[name]], point))
        else:
            same.append(FAIR_POINTS[name])
    return found


def _is_same(one: Sides, other: Sides) -> bool:
    pairs = ((one.buyer, other.buyer), (one.seller, other.seller))
    return all(abs(a - b) <= _SAME * max(abs(a), abs(b), 1.0) for a, b in pairs)


def point_words(point: FrontierPlan | FairPlan) -> str:
    """Where the plan of a point stands, or that it was not written."""
    return isolate(point.plan) if point.plan else "not written"

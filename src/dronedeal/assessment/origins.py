"""Where the parts of a system come from, by value."""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Collection
from dataclasses import dataclass

from dronedeal.assessment.valuation import Valuation
from dronedeal.deal import Deal
from dronedeal.deal.production import Component


@dataclass(frozen=True, slots=True)
class OriginShare:
    """Share of the parts' value of one system on one line that comes from some countries.

    Parameters
    ----------
    line : the line; None where the parts list is the same everywhere
    share : 0 to 1; None where the parts have no value
    largest : the part from those countries that is worth most in one unit; None where there is none
    is_empty : whether the system has no such part at all
    """

    line: str | None
    share: float | None
    largest: str | None
    is_empty: bool = False


class Origins:
    """Parts lists of all systems, valued in base-year money of the deal's currency.

    Parts on a line are the rows of the system without a line and the rows for that line.
    """

    def __init__(self, deal: Deal, valuation: Valuation) -> None:
        self._components = {component.id: component for component in deal.components}
        year = valuation.seller_years.of(0)
        seller = deal.settings.seller.id
        self._unit_value = {
            component.id: valuation.base_amount(component.unit_cost, component, party=seller, year=year)
            for component in deal.components
        }
        self._parts: dict[str, dict[str | None, list[tuple[str, float]]]] = defaultdict(
            lambda: defaultdict(list)
        )
        for part in deal.system_components:
            if part.component in self._components:
                self._parts[part.system][part.line].append((part.component, part.quantity))
        self._lines: dict[str, list[str]] = defaultdict(list)
        for row in deal.line_systems:
            self._lines[row.system].append(row.line)

    def has_category(self, system: str, category: str, *, lines: Collection[str | None] = ()) -> bool:
        """Whether some part of the system is of that category, on any line or on those named."""
        return any(
            self._components[component].category == category
            for line, parts in self._parts.get(system, {}).items()
            if not lines or line in lines
            for component, _ in parts
        )

    def is_known(self, system: str) -> bool:
        """Whether the system has a parts list on every line that makes it."""
        by_line = self._parts.get(system, {})
        lines = self._lines.get(system, [])
        return bool(by_line.get(None)) or (bool(lines) and all(by_line.get(line) for line in lines))

    def worst(self, system: str, origin: Collection[str], category: str | None) -> OriginShare | None:
        """The line on which the largest share of the parts' value comes from some countries.

        The line is not chosen yet at this point, so that the worst one counts; a line whose parts have no
        value is worse than any.

        Parameters
        ----------
        origin : country codes
        category : only parts of this category; None for all parts

        Returns
        -------
        None where no parts list is known for some line of the system
        """
        shares = self._shares(system, origin, category)
        return max(shares, key=lambda item: _or_else(item.share, math.inf)) if shares else None

    def least(self, system: str, origin: Collection[str], category: str | None) -> OriginShare | None:
        """The line on which the smallest share comes from some countries; see `worst`.

        Lines without such a part are left out, unless no line has one.
        """
        shares = self._shares(system, origin, category)
        judged = [item for item in shares if not item.is_empty] or shares
        return min(judged, key=lambda item: _or_else(item.share, -math.inf)) if judged else None

    def on_line(
        self, system: str, line: str | None, *, origin: Collection[str], category: str | None
    ) -> OriginShare | None:
        """The share of a system as made on one line, or bought on the market (None); None: no parts list."""
        by_line = self._parts.get(system, {})
        if not (by_line.get(None) or (line is not None and by_line.get(line))):
            return None
        return self._share(by_line, line, countries=_upper(origin), category=category)

    def parts(self, system: str, line: str | None, *, category: str | None) -> list[tuple[Component, float]]:
        """Parts in one unit of a system as made on a line, each with its value in the unit."""
        return self._valued(self._parts.get(system, {}), line, category)

    def lines(self, system: str) -> tuple[str, ...]:
        """Lines that make a system."""
        return tuple(self._lines.get(system, ()))

    def _valued(
        self, by_line: dict[str | None, list[tuple[str, float]]], line: str | None, category: str | None
    ) -> list[tuple[Component, float]]:
        rows = [*by_line.get(None, ()), *(by_line.get(line, ()) if line is not None else ())]
        named = ((self._components[name], quantity) for name, quantity in rows)
        return [
            (component, quantity * self._unit_value[component.id])
            for component, quantity in named
            if category is None or component.category == category
        ]

    def _shares(self, system: str, origin: Collection[str], category: str | None) -> list[OriginShare]:
        """Every line's share that differs by line, or the one that all have; none where not all are known."""
        if not self.is_known(system):
            return []
        countries = _upper(origin)
        by_line = self._parts[system]
        lines: list[str | None] = [line for line in by_line if line is not None and self._makes(line, system)]
        shares = [
            self._share(by_line, line, countries=countries, category=category) for line in lines or [None]
        ]
        if lines and len(lines) < len(self._lines[system]):
            shares.append(self._share(by_line, None, countries=countries, category=category))
        return shares

    def _makes(self, line: str, system: str) -> bool:
        return line in self._lines.get(system, ())

    def _share(
        self,
        by_line: dict[str | None, list[tuple[str, float]]],
        line: str | None,
        *,
        countries: set[str],
        category: str | None,
    ) -> OriginShare:
        parts = self._valued(by_line, line, category)
        named = [(value, component.id) for component, value in parts if component.origin.upper() in countries]
        total = sum(value for _, value in parts)
        largest = max(named)[1] if named else None
        is_empty = not parts
        if total > 0:
            return OriginShare(line, sum(value for value, _ in named) / total, largest, is_empty)
        return OriginShare(line, None if named else 0.0, largest, is_empty)


def _upper(codes: Collection[str]) -> set[str]:
    return {code.upper() for code in codes}


def _or_else(value: float | None, otherwise: float) -> float:
    return otherwise if value is None else value

"""What several rules ask of a deal; every answer holds for deals with errors too."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Literal

from dronedeal.deal.deal import Deal
from dronedeal.deal.demand import HomeNeed
from dronedeal.deal.production import Line
from dronedeal.deal.settings import Party
from dronedeal.quantities.calendar import Calendar, FiscalYears

Side = Literal["buyer", "seller"]


def party_of(deal: Deal, side: Side) -> Party | None:
    """The first party of that role; None where the deal has none."""
    return next((party for party in deal.settings.parties if party.role == side), None)


def is_side(deal: Deal, party: str, side: Side) -> bool:
    """Whether the party of that id has the role."""
    return any(known.id == party and known.role == side for known in deal.settings.parties)


def calendar(deal: Deal) -> Calendar:
    """The months of the plan."""
    return Calendar(deal.settings.start, deal.settings.months)


def fiscal_years(deal: Deal, side: Side) -> FiscalYears | None:
    """Fiscal years of a side; None where the deal has no such party."""
    party = party_of(deal, side)
    return None if party is None else FiscalYears(calendar(deal), party.fiscal_year_start)


def systems_by_line(deal: Deal) -> dict[str, set[str]]:
    """Systems that each line can make."""
    found: dict[str, set[str]] = {}
    for row in deal.line_systems:
        found.setdefault(row.line, set()).add(row.system)
    return found


def market_systems(deal: Deal) -> set[str]:
    """Systems bought without production: no line makes them and their supplier is not the seller."""
    made = {row.system for row in deal.line_systems}
    return {
        system.id
        for system in deal.systems
        if system.id not in made and not is_side(deal, system.supplier, "seller")
    }


def systems_by_role(deal: Deal) -> dict[str, set[str]]:
    """Systems that have each role, as their first or a further one."""
    found: dict[str, set[str]] = {}
    for system in deal.systems:
        for role in (system.role, *system.other_roles):
            found.setdefault(role, set()).add(system.id)
    return found


def systems_of_need(need: HomeNeed, by_role: Mapping[str, set[str]]) -> set[str]:
    """Systems that count for a need of the seller: the one that it names, or all of its role."""
    if need.system is not None:
        return {need.system}
    return set() if need.role is None else by_role.get(need.role, set())


def serves_home(deal: Deal, line: Line) -> bool:
    """Whether output of a line can meet the seller's own needs."""
    return is_side(deal, line.operator, "seller") or line.return_share > 0


def repeats(items: list[tuple[object, ...]]) -> Iterator[tuple[int, int]]:
    """Position of each item that was there before, with the position of its first one."""
    first: dict[tuple[object, ...], int] = {}
    for position, item in enumerate(items):
        if item in first:
            yield position, first[item]
        else:
            first[item] = position


def cycles(successors: Mapping[str, str]) -> Iterator[tuple[str, ...]]:
    """Every ring in a chain of names, each once, beginning with its first name in the mapping.

    >>> list(cycles({"a": "b", "b": "a", "c": "a", "d": "d"}))
    [('a', 'b'), ('d',)]
    """
    finished: set[str] = set()
    for start in successors:
        path: list[str] = []
        name: str | None = start
        while name is not None and name not in finished:
            finished.add(name)
            path.append(name)
            name = successors.get(name)
        if name in path:
            yield tuple(path[path.index(name) :])

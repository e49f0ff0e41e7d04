"""The names under which the report speaks of the rows of a deal."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from functools import cached_property
from typing import Any

from dronedeal.deal import Deal
from dronedeal.report.wording import isolate, plain, shorten

NAME_LIMIT = 90
MARKET = "bought elsewhere"


class Names:
    """Readable and distinct names of the ids of a deal; an id without a name stands for itself.

    Parameters
    ----------
    deal : the deal whose names are wanted
    """

    def __init__(self, deal: Deal) -> None:
        self._deal = deal

    def party(self, identifier: str) -> str:
        """Name of a party, or of the side `buyer` or `seller`."""
        return self._parties.get(identifier, identifier)

    def branch(self, identifier: str) -> str:
        """Name of a branch."""
        return self._branches.get(identifier, identifier)

    def requirement(self, identifier: str) -> str:
        """What is needed, in words."""
        return self._requirements.get(identifier, identifier)

    def system(self, identifier: str) -> str:
        """Name of a system."""
        return self._systems.get(identifier, identifier)

    def line(self, identifier: str | None) -> str:
        """Name and country of a line; a market product has none."""
        return MARKET if identifier is None else self._lines.get(identifier, identifier)

    def need(self, identifier: str) -> str:
        """An own need of the seller: the role or the system that it asks for."""
        return self._needs.get(identifier, identifier)

    def customer(self, identifier: str) -> str:
        """Name of another buyer."""
        return self._customers.get(identifier, identifier)

    def subject(self, text: str) -> str:
        """Ids joined by ` / `, each replaced by its name where the deal knows it."""
        return " / ".join(self._any(part) for part in text.split(" / "))

    def _any(self, identifier: str) -> str:
        for names in (
            self._lines,
            self._systems,
            self._requirements,
            self._branches,
            self._needs,
            self._customers,
        ):
            if identifier in names:
                return names[identifier]
        return plain(identifier)

    @cached_property
    def _parties(self) -> Mapping[str, str]:
        parties = self._deal.settings.parties
        names = _distinct((party.id, party.name) for party in parties)
        sides = {str(party.role): names[party.id] for party in parties if party.role != "third"}
        return {**sides, **names}

    @cached_property
    def _branches(self) -> Mapping[str, str]:
        return _named(self._deal.branches, lambda row: row.name)

    @cached_property
    def _requirements(self) -> Mapping[str, str]:
        return _named(self._deal.requirements, lambda row: row.name)

    @cached_property
    def _systems(self) -> Mapping[str, str]:
        return _named(self._deal.systems, lambda row: row.name)

    @cached_property
    def _lines(self) -> Mapping[str, str]:
        return _named(self._deal.lines, lambda row: f"{row.name or plain(row.id)} ({row.country})")

    @cached_property
    def _needs(self) -> Mapping[str, str]:
        first = {row.id: row for row in reversed(self._deal.home_needs)}
        return _distinct(
            (name, self.system(row.system) if row.system else plain(row.role or name))
            for name, row in sorted(first.items())
        )

    @cached_property
    def _customers(self) -> Mapping[str, str]:
        first = {row.id: row for row in reversed(self._deal.other_buyers)}
        return _distinct((name, row.name or plain(name)) for name, row in sorted(first.items()))


def _named(rows: Iterable[Any], name: Callable[[Any], str]) -> Mapping[str, str]:
    return _distinct((row.id, name(row)) for row in rows)


def _distinct(pairs: Iterable[tuple[str, str]]) -> Mapping[str, str]:
    """Names on one line; two ids of one name are told apart by the id."""
    clean = [(identifier, shorten(name, NAME_LIMIT)) for identifier, name in pairs]
    counts = Counter(name for _, name in clean)
    return {
        identifier: isolate(name if counts[name] == 1 else f"{name} [{identifier}]")
        for identifier, name in clean
    }

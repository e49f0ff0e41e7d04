"""The names under which the report speaks of the rows of a deal."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from functools import cached_property
from typing import Any

from dronedeal.deal import Deal
from dronedeal.report.wording import MINUS, isolate, month_text, plain, shorten

NAME_LIMIT = 90
MARKET = "bought elsewhere"
_BRACKETS = re.compile(r"\s*\([^()]*\)\s*$")
_TOKEN = re.compile(r"[A-Za-z0-9][A-Za-z0-9_.-]*[A-Za-z0-9]|[A-Za-z]")
_MONTH = re.compile(r"\b\d{4}-(?:0[1-9]|1[0-2])\b")
_MINUS = re.compile(r"(?<=[ \u00a0])-(?=\d)")
_COMMON_WORDS = frozenset(
    [
        "a",
        "an",
        "all",
        "and",
        "any",
        "by",
        "can",
        "change",
        "even",
        "for",
        "from",
        "full",
        "if",
        "in",
        "is",
        "it",
        "line",
        "money",
        "more",
        "no",
        "not",
        "of",
        "on",
        "one",
        "or",
        "out",
        "over",
        "sale",
        "stock",
        "system",
        "than",
        "that",
        "the",
        "them",
        "to",
        "up",
        "use",
        "used",
        "with",
        "worth",
        "would",
        "year",
    ]
)


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

    def short_party(self, identifier: str) -> str:
        """Name of a party inside a sentence: without what stands in brackets, with its article."""
        name = self._short_parties.get(identifier, identifier)
        return f"the {name}" if name.startswith("United ") else name

    def branch(self, identifier: str) -> str:
        """Name of a branch."""
        return self._branches.get(identifier, identifier)

    def short_branch(self, identifier: str) -> str:
        """Name of a branch without what stands in brackets."""
        return self._short_branches.get(identifier, identifier)

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
        return " / ".join(self._all.get(part, plain(part)) for part in text.split(" / "))

    def in_words(self, text: str) -> str:
        """A sentence of the plan with names in place of ids, months in words, and a true minus sign.

        An id that is also a common word of such sentences, as `line` or `money`, is left alone.
        """
        named = _TOKEN.sub(lambda match: self._spoken(match.group()), text)
        return _MINUS.sub(MINUS, _MONTH.sub(lambda match: month_text(match.group()), named))

    def _spoken(self, token: str) -> str:
        return token if token in _COMMON_WORDS else self._all.get(token, token)

    @cached_property
    def _all(self) -> Mapping[str, str]:
        """Names of all ids that a sentence of the plan may use."""
        components = _named(self._deal.components, lambda row: row.name)
        return {
            **components,
            **self._customers,
            **self._needs,
            **self._short_branches,
            **self._requirements,
            **self._systems,
            **self._lines,
        }

    @cached_property
    def _parties(self) -> Mapping[str, str]:
        return self._with_sides(_distinct((party.id, party.name) for party in self._deal.settings.parties))

    @cached_property
    def _short_parties(self) -> Mapping[str, str]:
        return self._with_sides(_distinct((row.id, _bare(row.name)) for row in self._deal.settings.parties))

    def _with_sides(self, names: Mapping[str, str]) -> Mapping[str, str]:
        """The names, also under the two sides `buyer` and `seller`."""
        parties = self._deal.settings.parties
        sides = {str(party.role): names[party.id] for party in parties if party.role != "third"}
        return {**sides, **names}

    @cached_property
    def _short_branches(self) -> Mapping[str, str]:
        return _named(self._deal.branches, lambda row: _bare(row.name))

    @cached_property
    def _branches(self) -> Mapping[str, str]:
        return _named(self._deal.branches, lambda row: row.name)

    @cached_property
    def _requirements(self) -> Mapping[str, str]:
        rows = self._deal.requirements
        counts = Counter(row.name for row in rows)
        # Branches often need the same thing: the branch tells such requirements apart better than an id.
        return _named(
            rows,
            lambda row: (
                row.name if counts[row.name] == 1 else f"{row.name} ({self.short_branch(row.branch)})"
            ),
        )

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


def _bare(name: str) -> str:
    """A name without brackets at its end; a name that is all brackets stays."""
    return _BRACKETS.sub("", name) or name


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

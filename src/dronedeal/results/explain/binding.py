"""What binds: the rules that hold a plan back, and what one more unit of each is worth."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np

from dronedeal.planning.data import MONEY_UNIT
from dronedeal.results.explain import cash, cooperation, rules, terms
from dronedeal.results.explain.registry import TERMS, Term, term_of
from dronedeal.results.reading import Reading

Row = dict[str, Any]
TermKey = tuple[str, str, int | None]
# Importing a module registers its words; naming the modules keeps that visible.
WORD_MODULES = (terms, cooperation, rules, cash)
# A rule whose last unit changes the objective by less than this share of it does not hold the plan back.
_SMALL = 1e-9


def binding(reading: Reading) -> list[Row]:
    """Rules that hold the plan back with the worth of one more unit, greatest total effect first.

    Duals come from the problem with openings and steps held at the plan. Monthly rules of one line or
    need are added up over their year: one more unit of capacity means one in every month of the year.
    """
    floor = _SMALL * max(1.0, abs(reading.outcome.solution.objective) * MONEY_UNIT)
    kept = [rule for rule in _rules(reading) if rule.effect > floor]
    kept.sort(key=lambda rule: -rule.effect)
    return [rule.row(reading.deal.settings.currency) for rule in kept]


@dataclass(frozen=True, slots=True)
class _Rule:
    """A term that binds; `dual` is the change of the objective in currency for one more unit of it."""

    term: Term
    dual: float

    @property
    def effect(self) -> float:
        """What the whole term does to the objective, as far as its last unit tells."""
        return abs(self.dual) * self.term.size

    def row(self, currency: str) -> Row:
        """The row of the plan's table."""
        return {
            "kind": self.term.kind,
            "subject": self.term.about,
            "address": self.term.address,
            "month": None,
            "fiscal_year": self.term.year,
            "dual": self.dual,
            "unit": self.term.unit,
            "words": f"{self.term.says}: {worth_words(self.term.one_more, self.dual, currency)}",
        }


def worth_words(one_more: str, dual: float, currency: str) -> str:
    """What one more unit does to the objective.

    >>> worth_words("one more", 12.5, "USD"), worth_words("one more", -0.5, "USD")
    ('one more adds USD 12 to the objective', 'one more costs USD 0.5 of the objective')
    """
    amount = f"{currency} {abs(dual):,.4g}" if abs(dual) < 10 else f"{currency} {abs(dual):,.0f}"
    return (
        f"{one_more} adds {amount} to the objective"
        if dual > 0
        else (f"{one_more} costs {amount} of the objective")
    )


def _binding_rows(reading: Reading) -> Iterator[tuple[Term, float]]:
    """The term of each row that binds and the worth of one more unit of it in this row."""
    for family in TERMS:
        rows = reading.problem.rows.get(family)
        if rows is None:
            continue
        duals = reading.row_dual[rows.slice]
        for offset in np.flatnonzero(duals).tolist():
            found = term_of(reading, family, offset)
            yield found, float(duals[offset]) * found.rate


def bound_terms(reading: Reading) -> dict[TermKey, tuple[Term, float]]:
    """Every term that binds, by kind, subject and year, with the worth of one more unit of it in currency."""
    sums: dict[TermKey, tuple[Term, float]] = {}
    for term, worth in _binding_rows(reading):
        key = (term.kind, term.about, term.year)
        before = sums[key][1] if key in sums else 0.0
        sums[key] = (term, before + worth)
    return sums


def _rules(reading: Reading) -> list[_Rule]:
    return [_Rule(term, dual) for term, dual in bound_terms(reading).values()]

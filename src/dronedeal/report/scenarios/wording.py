"""Words of a plan on scenarios."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from dronedeal.deal.scenario_tree import Varied
from dronedeal.report.wording import list_text, percent_text
from dronedeal.results.scenarios.record import Risk
from dronedeal.results.shape import Row

MEASURE_NAMES: Mapping[str, str] = {
    "joint": "Worth to both sides",
    "buyer": "Worth to the buyer",
    "seller": "Worth to the seller",
    "coverage": "Coverage",
    "cost": "What the buyer pays",
    "own_needs": "Own needs met",
    "cash": "Cash of the seller",
    "broken_terms": "Terms broken",
}
_FACTORS: Mapping[str, str] = {
    "buyer_need": "the buyer's need",
    "home_need": "the seller's own need",
    "line_outage": "output",
    "component_supply": "supply of parts",
    "budget": "the budget",
    "price": "the price",
    "permit_delay": "export permits",
    "integration_delay": "integration work",
    "effectiveness": "effectiveness",
}


_WHOSE: Mapping[str, str] = {
    "joint": "both sides together",
    "buyer": "the buyer",
    "seller": "the seller",
    "each": "either side by itself",
}


def risk_words(risk: Risk) -> str:
    """What was weighed, in words.

    >>> risk_words(Risk(0.1, "buyer", 0.5, before=0.0))
    'the worst 10% of the chances for the buyer weighed 50%'
    """
    share = percent_text(risk.share, 1 if risk.share < 0.1 else 0)
    return f"the worst {share} of the chances for {_WHOSE[risk.of]} weighed {percent_text(risk.weight)}"


def factor_text(row: Row) -> str:
    """What varies and how it turned out, in words.

    >>> factor_text({"factor": "budget", "subject": "army", "outcome": "cut"})
    'the budget of army: cut'
    """
    subject = "" if row["subject"] == "*" else f" of {row['subject']}"
    return f"{_FACTORS[row['factor']]}{subject}: {row['outcome']}"


ALIKE_WORDS = (
    "Outcomes that came together in every scenario share a line, such as (+2) for two more: this tree cannot "
    "tell them apart. A tree of more scenarios, or one of your own, may."
)


@dataclass(frozen=True)
class Cause:
    """Outcomes that are in force in just the same scenarios, with what they come with.

    Parameters
    ----------
    names : of the outcomes in words, the first by the alphabet first
    row : of the first one; all figures are the same for all of them
    """

    names: tuple[str, ...]
    row: Row

    @property
    def words(self) -> str:
        """All names."""
        together = " together" if len(self.names) > 1 else ""
        return f"{list_text(self.names)}{together}"

    @property
    def brief(self) -> str:
        """The first name, and how many more there are."""
        more = len(self.names) - 1
        return f"{self.names[0]} (+{more})" if more else self.names[0]


def causes_of(rows: Sequence[Row], measure: str) -> tuple[Cause, ...]:
    """What the table `causes` has of one measure, one cause for outcomes that nothing tells apart.

    >>> of = {"measure": "cost", "subject": "*"}
    >>> cut = of | {"factor": "budget", "outcome": "cut", "together": "price of all: up"}
    >>> high = of | {"factor": "price", "outcome": "up", "together": "budget of all: cut"}
    >>> [(each.words, each.brief) for each in causes_of([cut, high], "cost")]
    [('the budget: cut and the price: up together', 'the budget: cut (+1)')]
    """
    found: dict[tuple[str, ...], list[Row]] = {}
    for row in rows:
        if row["measure"] != measure:
            continue
        own = f"{Varied(row['factor'], row['subject']).words}: {row['outcome']}"
        words = "; ".join(filter(None, [own, row["together"]]))
        found.setdefault(tuple(sorted(words.split("; "))), []).append(row)
    sets = [sorted(alike, key=factor_text) for alike in found.values()]
    return tuple(Cause(tuple(map(factor_text, alike)), alike[0]) for alike in sets)

"""Systems that are passed over for a requirement: what price or effectiveness would bring them in."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from dronedeal.assessment import Assessment, Pairing
from dronedeal.planning.data import MONEY_UNIT
from dronedeal.planning.tree import IntArray
from dronedeal.results.explain.answers import Asked
from dronedeal.results.explain.margins import Margins
from dronedeal.results.explain.matching_words import criterion_address
from dronedeal.results.explain.passed_over import Judge, is_of_another_kind, stopped_words
from dronedeal.results.explain.registry import cell_address
from dronedeal.results.reading import Reading

Row = dict[str, Any]


@dataclass(frozen=True, slots=True)
class _Best:
    """The delivery that needs least to come in, and the factor by which a figure of it must change."""

    pair: int
    slot: int
    factor: float


def passed_over(
    reading: Reading, assessment: Assessment, *, margins: Margins, shipments: Sequence[Row]
) -> list[Row]:
    """Systems of which nothing is delivered to a requirement of their kind, with what would bring them in.

    With openings and steps as they are: the price at which the delivery that lacks least would be worth what
    it takes of everything scarce, and the effectiveness at which it would at today's price.

    Parameters
    ----------
    margins : of the same reading
    shipments : rows of the plan's table
    """
    finder = _Finder(reading, margins, shipments)
    served = {(row["requirement"], row["system"]) for row in shipments}
    return [
        finder.row(pairing)
        for pairing in assessment.pairings
        if (pairing.requirement, pairing.system) not in served and not is_of_another_kind(pairing)
    ]


class _Finder:
    """Finds what one system lacks for one requirement."""

    def __init__(self, reading: Reading, margins: Margins, shipments: Sequence[Row]) -> None:
        self.reading = reading
        self.data = reading.data
        self.deal = reading.deal
        self.margins = margins
        self.judge = Judge(reading.deal, shipments, Asked())
        self.systems = {row.id: number for number, row in enumerate(reading.deal.systems)}
        self.requirements = {row.id: number for number, row in enumerate(reading.deal.requirements)}

    def row(self, pairing: Pairing) -> Row:
        """The row of the plan's table."""
        requirement = self.deal.requirements[self.requirements[pairing.requirement]]
        about = {
            "system": pairing.system,
            "requirement": pairing.requirement,
            "branch": requirement.branch,
            **dict.fromkeys(_FIGURES),
        }
        if not pairing.is_eligible:
            stopped = [criterion for criterion in pairing.criteria if criterion.is_blocking]
            address = criterion_address(self.reading, stopped)
            return about | {"cause": "not_eligible", "address": address, "words": stopped_words(pairing)}
        about["effectiveness"] = pairing.effectiveness
        head = self.judge.passed_over(pairing).removesuffix(".")
        if self.reading.outcome.solution.row_duals is None:
            words = f"{head}; what it lacks is not known, for this plan does not tell what is scarce."
            return about | {"cause": "not_priced", "words": words}
        pairs = self._pairs(pairing)
        if not len(pairs) or not np.isfinite(self.margins.entry[pairs]).any():
            cause, address, words = self._impossible(pairs)
            return about | {"cause": cause, "address": address, "words": f"{head}; {words}."}
        return about | self._lacking(pairs, head)

    def _pairs(self, pairing: Pairing) -> IntArray:
        pairs = self.data.pairs
        is_system = self.data.products.system[pairs.product] == self.systems[pairing.system]
        found: IntArray = np.flatnonzero(
            is_system & (pairs.requirement == self.requirements[pairing.requirement])
        )
        return found

    def _impossible(self, pairs: IntArray) -> tuple[str, str | None, str]:
        """Why it cannot be delivered at any price with the lines that are open."""
        if not len(pairs) or not self.data.is_deliverable[pairs].any():
            return "not_on_sale", None, "there is no month in which it is asked for and on sale"
        lines = self.data.products.line[self.data.pairs.product[pairs]]
        closed = [
            int(line) for line in np.unique(lines[lines >= 0]) if not (self.reading.capacity[line] > 0).any()
        ]
        if closed:
            names = " and ".join(self.deal.lines[line].id for line in closed)
            address = cell_address(self.reading, "lines", closed[0], "open_cost")
            words = f"no price brings it in while no line is open that makes it: {names}"
            return "line_not_open", address, words
        for pair, slot in np.argwhere(self.data.is_deliverable[pairs]).tolist():
            term = self.margins.stopping_term(int(pairs[pair]), slot)
            if term is not None:
                return term.kind, term.address, f"no price brings it in as long as {term.says}"
        return "no_money", None, "the branch has no money valid when it could be delivered"

    def _lacking(self, pairs: IntArray, head: str) -> Row:
        """What the best delivery lacks, and price and effectiveness at which it would lack nothing."""
        margins = self.margins
        entry = margins.entry[pairs]
        at = np.unravel_index(int(np.argmax(entry)), entry.shape)
        pair, slot = int(pairs[at[0]]), int(at[1])
        change = float(entry[at])
        by_price = self._least(pairs, margins.price_slope[pairs])
        covered = margins.entry_value[self.data.pairs.requirement[pairs]] * margins.effectiveness[pairs]
        by_effect = self._least(pairs, covered)
        cause, address, scarce = self._cause(pair, slot)
        product, year = int(self.data.pairs.product[pair]), self._year_index(slot)
        line = int(self.data.products.line[product])
        price = float(self.data.prices.price[product, year]) * MONEY_UNIT
        needed, price_words = self._price_needed(by_price)
        effective, effect_words = self._effectiveness_needed(by_effect)
        figures = {
            "cause": cause,
            "address": address,
            "fiscal_year": self.data.buyer_years.names[year],
            "made_on": self.deal.lines[line].id if line >= 0 else None,
            "effectiveness": float(margins.effectiveness[pair, slot]),
            "unit_price": price,
            "lacks": max(0.0, -change),
            "price_needed": needed,
            "price_year": None if needed is None or by_price is None else self._year(by_price.slot),
            "effectiveness_needed": effective,
        }
        tolerance = 1e-6 * max(1.0, price)
        if change > tolerance:
            return figures | self._left_out(change, head)
        if change >= -tolerance:
            return figures | {"words": f"{head}; it would be worth exactly as much as what is bought."}
        lacking = f"one more unit lacks {self._money(-change)}{scarce}"
        return figures | {"words": f"{head}; {lacking}; {price_words}, {effect_words}."}

    def _left_out(self, change: float, head: str) -> Row:
        """What is worth more than it takes, as where a search ended early: neither figure need change."""
        words = (
            f"{head}; by what everything scarce is worth in this plan, one more unit would add "
            f"{self._money(change)}; only what is whole, or what the search left open, stands in its way."
        )
        nothing = dict.fromkeys(("address", "price_needed", "price_year", "effectiveness_needed"))
        return nothing | {"cause": "indivisible", "words": words}

    def _least(self, pairs: IntArray, slope: np.ndarray) -> _Best | None:
        """The delivery whose figure must change by the least share, and the factor; None: none would do.

        `margin + slope · (factor − 1) = 0`.
        """
        entry = self.margins.entry[pairs]
        can = np.isfinite(entry) & (np.abs(slope) > 1e-9)
        share = np.full(entry.shape, np.inf)
        share[can] = -entry[can] / slope[can]
        share[share <= -1.0] = np.inf
        at = np.unravel_index(int(np.argmin(np.abs(share))), share.shape)
        if not np.isfinite(share[at]):
            return None
        return _Best(int(pairs[at[0]]), int(at[1]), 1.0 + float(share[at]))

    def _price_needed(self, best: _Best | None) -> tuple[float | None, str]:
        if best is None:
            return None, "no price would bring it in"
        product, year = int(self.data.pairs.product[best.pair]), self._year_index(best.slot)
        price = float(self.data.prices.price[product, year]) * MONEY_UNIT
        needed = price * best.factor
        direction = "below" if best.factor < 1 else "above"
        words = (
            f"it would come in at a price {direction} {self._money(needed)} a unit in fiscal year "
            f"{self._year(best.slot)} (now {self._money(price)})"
        )
        return needed, words

    def _effectiveness_needed(self, best: _Best | None) -> tuple[float | None, str]:
        if best is None:
            return None, "and no effectiveness would"
        now = float(self.margins.effectiveness[best.pair, best.slot])
        needed = now * best.factor
        if needed > 1.0:
            return None, "and not even an effectiveness of 1 would bring it in"
        return needed, f"or with an effectiveness above {needed:.3g} (now {now:.3g})"

    def _cause(self, pair: int, slot: int) -> tuple[str, str | None, str]:
        """What holds it back: a term that its delivery takes most of, or its price itself."""
        margins = self.margins
        charges = margins.charges(margins.chain(pair, slot))
        worth = float(margins.entry[pair, slot]) + sum(charge.amount for charge in charges)
        if charges and charges[0].amount > 0 and worth > 0:
            term = charges[0].term
            when = f" in {term.month}" if term.month else ""
            return term.kind, term.address, f", of {self._money(charges[0].amount)} because {term.says}{when}"
        product, year = int(self.data.pairs.product[pair]), self._year_index(slot)
        row = int(self.data.prices.row[product, year])
        return "not_worth_its_cost", cell_address(self.reading, "prices", row, "unit_price"), ""

    def _year_index(self, slot: int) -> int:
        return int(self.data.year_index(np.array([slot]))[0])

    def _year(self, slot: int) -> int:
        return int(self.data.buyer_years.names[self._year_index(slot)])

    def _money(self, amount: float) -> str:
        return f"{self.deal.settings.currency} {amount:,.0f}"


_FIGURES = (
    "cause", "address", "fiscal_year", "made_on", "effectiveness", "unit_price", "lacks", "price_needed",
    "price_year", "effectiveness_needed",
)  # fmt: skip

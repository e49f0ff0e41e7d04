"""Why a system is not bought, where its deal is at hand: eligibility, price, what is bought in its place."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from dronedeal.assessment import Assessment, Pairing
from dronedeal.assessment.valuation import Valuation
from dronedeal.assessment.worth import completed, with_worth
from dronedeal.deal import Deal
from dronedeal.results.explain.answers import Asked
from dronedeal.results.plan import Plan

Row = Mapping[str, Any]


def why_not_bought(plan: Plan, deal: Deal, assessment: Assessment, *, asked: Asked) -> tuple[str, ...]:
    """One sentence for each requirement that does not take the system: those for which it is eligible first.

    Parameters
    ----------
    plan, deal, assessment : the plan, its deal and the matching
    asked : names the system, and perhaps a requirement and a year
    """
    pairings = [
        pairing
        for pairing in assessment.pairings
        if pairing.system == asked.system and asked.requirement in (None, pairing.requirement)
    ]
    judge = Judge(deal, plan.tables["shipments"], asked)
    eligible = [judge.passed_over(pairing) for pairing in pairings if pairing.is_eligible]
    stopped = [pairing for pairing in pairings if not pairing.is_eligible]
    is_narrow = asked.requirement is not None
    near = [stopped_words(pairing) for pairing in stopped if is_narrow or not is_of_another_kind(pairing)]
    far = sum(not is_narrow and is_of_another_kind(pairing) for pairing in stopped)
    ask = "requirement asks" if far == 1 else "requirements ask"
    rest = [f"{far} other {ask} for another role or domain."] if far else []
    return (*eligible, *near, *rest)


def is_of_another_kind(pairing: Pairing) -> bool:
    """Whether the requirement asks for something else altogether."""
    return any(item.is_blocking and item.kind in ("role", "domain") for item in pairing.criteria)


def stated_values(deal: Deal) -> dict[str, tuple[float | None, float | None]]:
    """Worth of one effective unit of each requirement up to its threshold and beyond; base-year currency."""
    worth, buyer = Valuation(deal), deal.settings.buyer.id
    year = deal.settings.price_base_year
    return {
        row.id: (
            worth.base_amount(row.worth[0], row, party=buyer, year=year),
            worth.base_amount(row.worth[1], row, party=buyer, year=year),
        )
        for row in with_worth(deal).requirements
    }


def stopped_words(pairing: Pairing) -> str:
    """Why a pair is not eligible, in one sentence."""
    reasons = " ".join(item.reason for item in pairing.criteria if item.is_blocking)
    return f"For {pairing.requirement} it is not eligible: {reasons or 'no system of its kind is asked for.'}"


class Judge:
    """What one effective unit costs of the system and of what is bought instead."""

    def __init__(self, deal: Deal, shipments: Sequence[Row], asked: Asked) -> None:
        self.deal = completed(deal)
        self.shipments = shipments
        self.asked = asked
        self.worth = Valuation(deal)

    def passed_over(self, pairing: Pairing) -> str:
        """Cost of one effective unit against what is bought in its place."""
        head = f"For {pairing.requirement} it is eligible with effectiveness {pairing.effectiveness:.3g}"
        if pairing.last_month < pairing.first_month:
            return f"{head}, but there is no month in which it may be delivered."
        own = self._own_cost(pairing)
        if own is None:
            return f"{head}, but it has no price in any year asked about."
        cost = f"costs {self._money(own)} an effective unit at its lowest price"
        return f"{head} and {cost}; {self._instead(pairing, own)}."

    def _own_cost(self, pairing: Pairing) -> float | None:
        """Lowest price over effectiveness; currency per effective unit."""
        buyer = self.deal.settings.buyer.id
        years = self.worth.buyer_years.names
        costs = [
            self.worth.unit_price(row, party=buyer, year=row.fiscal_year) / effectiveness
            for row in self.deal.prices
            if row.system == pairing.system
            and self.asked.year in (None, row.fiscal_year)
            and row.fiscal_year in years
            and (effectiveness := pairing.effectiveness_in(row.fiscal_year - years[0])) > 0
        ]
        return min(costs, default=None)

    def _instead(self, pairing: Pairing, own: float) -> str:
        """What is bought for the requirement, and its cost."""
        sums: dict[str, tuple[float, float]] = {}
        for row in self.shipments:
            if row["requirement"] == pairing.requirement and self.asked.fits_year(row):
                units, amount = sums.get(row["system"], (0.0, 0.0))
                sums[row["system"]] = (units + row["effective_quantity"], amount + row["amount"])
        costs = {name: amount / units for name, (units, amount) in sums.items() if units > 0}
        if not costs:
            return "nothing at all is bought for it"
        listed = ", ".join(
            f"{name} at {self._money(cost)}" for name, cost in sorted(costs.items(), key=lambda item: item[1])
        )
        is_cheaper = own < max(costs.values())
        hint = (
            "; it is cheaper than that, so look at what binds: what it needs may be scarce"
            if is_cheaper
            else ""
        )
        return f"bought in its place: {listed}{hint}"

    def _money(self, amount: float) -> str:
        return f"{self.deal.settings.currency} {amount:,.0f}"

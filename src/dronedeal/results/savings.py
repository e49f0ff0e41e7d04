"""Where the difference between a multi-year commitment and annual buying comes from.

Every part is computed from the tables of the two plans, side by side; the parts of a side add up to the
difference of its utility. A flow of one system that comes to `Q · p · d` (units, average amount a unit,
average discount) differs by `(Q − Q')·p'·d'` for its quantity, `Q·(p − p')·d'` for its price or unit cost
and `Q·p·(d − d')` for when it is paid. What is made is told apart by line, for a unit that another line makes
at another cost has not been learnt.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from dronedeal.assessment import Valuation
from dronedeal.deal import Deal
from dronedeal.results.plan import Plan

SOURCES: Mapping[str, str] = {
    "prices": "prices of the year in which it is bought, tiers and bundles",
    "learning": "units that cost less to make, for more were made before",
    "investment_made": "lines and steps that only the commitment makes worth while (a cost)",
    "investment_not_made": "lines and steps that annual buying pays for and the commitment does without",
    "time_value": "the same money paid or received at another time",
    "more_bought": "what more is bought, made and sold: its value less its price and cost",
    "other": "fixed costs, royalties, licence fees, integration, projects, rules and the fund",
}
ASSUMED = (
    "Assumed: annual buying has the prices, tiers and bundles of the deal; no mark-up for the lack of a "
    "commitment and no saving of administration is added, for the deal states none. A year of annual buying "
    "counts what it decides at its full cost, also where it pays only later."
)
_VALUES = ("coverage", "home_supply", "other_sales")
_Flow = dict[tuple[str | None, str], list[float]]


@dataclass(frozen=True, slots=True)
class Saving:
    """One source of the difference, discounted base-year currency; above zero the commitment is better.

    Parameters
    ----------
    source : one of `SOURCES`
    buyer, seller : what it is worth to each side
    words : what is behind it
    """

    source: str
    buyer: float
    seller: float
    words: str

    @property
    def joint(self) -> float:
        """Of both sides together."""
        return self.buyer + self.seller


def savings(multiyear: Plan, annual: Plan, deal: Deal) -> tuple[Saving, ...]:
    """The sources in the order of `SOURCES`; they add up to the difference of both utilities."""
    worth = Valuation(deal)
    sides = {"buyer": deal.settings.buyer.id, "seller": deal.settings.seller.id}
    parts: dict[str, dict[str, float]] = {name: defaultdict(float) for name in SOURCES}
    for side, party in sides.items():
        items = [_items(plan, side) for plan in (multiyear, annual)]
        left = {name: items[0].get(name, 0.0) - items[1].get(name, 0.0) for name in {**items[0], **items[1]}}
        _split_flows(parts, left, (multiyear, annual), deal=deal, worth=worth, side=side, party=party)
        _split_investment(parts, left, (multiyear, annual), worth=worth, side=side, party=party)
        parts["prices"][side] += left.pop("rebates", 0.0)
        parts["more_bought"][side] += sum(left.pop(name, 0.0) for name in _VALUES)
        parts["other"][side] += sum(left.values())
    return tuple(
        Saving(name, parts[name]["buyer"], parts[name]["seller"], words) for name, words in SOURCES.items()
    )


def _items(plan: Plan, side: str) -> dict[str, float]:
    return {row["item"]: row["amount"] for row in plan.tables["utility_items"] if row["party"] == side}


def _split_flows(
    parts: dict[str, dict[str, float]],
    left: dict[str, float],
    plans: tuple[Plan, Plan],
    *,
    deal: Deal,
    worth: Valuation,
    side: str,
    party: str,
) -> None:
    """Payments, receipts and production by quantity, price or unit cost, and time."""
    operator = {line.id: line.operator for line in deal.lines}
    supplier = {system.id: system.supplier for system in deal.systems}

    def made_by(row: Mapping[str, Any]) -> str:
        return supplier[row["system"]] if row["line"] is None else operator[row["line"]]

    def is_paid(row: Mapping[str, Any]) -> bool:
        return made_by(row) == party if side == "seller" else made_by(row) != party

    money = "receipts" if side == "seller" else "payments"
    sign = 1.0 if side == "seller" else -1.0
    for item, table, factor, is_in, source in (
        (money, "shipments", sign, is_paid, "prices"),
        ("production", "production", -1.0, lambda row: made_by(row) == party, "learning"),
    ):
        flows = [
            _flows(filter(is_in, plan.tables[table]), worth, party, is_by_line=table == "production")
            for plan in plans
        ]
        quantity, amount = _two_parts(*flows)
        parts["more_bought"][side] += factor * quantity
        parts[source][side] += factor * amount
        # What the instalments of the terms do to the item is a matter of time as well.
        parts["time_value"][side] += left.pop(item, 0.0) - factor * (quantity + amount)


def _flows(rows: Iterable[Mapping[str, Any]], worth: Valuation, party: str, *, is_by_line: bool) -> _Flow:
    """Units, amount and discounted amount of each system, or of each product where lines are told apart."""
    found: _Flow = defaultdict(lambda: [0.0, 0.0, 0.0])
    for row in rows:
        total = found[row["line"] if is_by_line else None, row["system"]]
        total[0] += row["quantity"]
        total[1] += row["amount"]
        total[2] += row["amount"] * worth.discount(party, worth.calendar.index(row["month"]))
    return found


def _two_parts(first: _Flow, other: _Flow) -> tuple[float, float]:
    """What quantity and amount a unit do to the discounted sum of all flows; the rest is time."""
    quantity = amount = 0.0
    for name in {**first, **other}:
        units, paid, discounted = first.get(name, [0.0, 0.0, 0.0])
        other_units, other_paid, other_discounted = other.get(name, [0.0, 0.0, 0.0])
        each = paid / units if units else (other_paid / other_units if other_units else 0.0)
        other_each = other_paid / other_units if other_units else each
        factor = discounted / paid if paid else (other_discounted / other_paid if other_paid else 1.0)
        other_factor = other_discounted / other_paid if other_paid else factor
        quantity += (units - other_units) * other_each * other_factor
        amount += units * (each - other_each) * other_factor
    return quantity, amount


def _split_investment(
    parts: dict[str, dict[str, float]],
    left: dict[str, float],
    plans: tuple[Plan, Plan],
    *,
    worth: Valuation,
    side: str,
    party: str,
) -> None:
    """Lines and steps of one plan that the other does not have, line by line; the rest is time."""
    spent = []
    for plan in plans:
        found: dict[tuple[str, str], list[float]] = defaultdict(lambda: [0.0, 0.0])
        for row in plan.tables["openings"]:
            if row["investor"] == party:
                total = found[row["line"], row["kind"]]
                total[0] += row["amount"]
                total[1] += row["amount"] * worth.discount(party, worth.calendar.index(row["decided"]))
        spent.append(found)
    for key in {**spent[0], **spent[1]}:
        here, there = (found.get(key, [0.0, 0.0]) for found in spent)
        both = here if here[0] else there
        factor = both[1] / both[0] if both[0] else 0.0
        change = (here[0] - there[0]) * (there[1] / there[0] if there[0] else factor)
        parts["investment_made" if change > 0 else "investment_not_made"][side] -= change
        left["investment"] = left.get("investment", 0.0) + change
    parts["time_value"][side] += left.pop("investment", 0.0)

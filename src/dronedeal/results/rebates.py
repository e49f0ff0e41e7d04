"""What price tiers and bundles give back in a plan."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np

from dronedeal.planning.blocks.tiers import tier_of_row
from dronedeal.planning.data import BUYER, MONEY_UNIT, SELLER
from dronedeal.planning.tree import FloatArray, IntArray
from dronedeal.results.reading import Reading
from dronedeal.results.vocabulary import subject

Row = dict[str, Any]
_Share = tuple[int, int]  # payment group, role of the operator


@dataclass(frozen=True)
class Rebate:
    """A rebate of one year to one payment group.

    kind : `tier` or `bundle`; number : of the base price row, or of the bundle; group : payment group;
    operator : role of who made the units; node : of the year; quantity : units at another price than that
    of the lowest tier, or sets; amount : million of base-year money; change : of the money of buyer and
    seller, receipts positive
    """

    kind: str
    number: int
    group: int
    operator: int
    node: int
    quantity: float
    amount: float
    change: tuple[float, float]


def rebates_given(reading: Reading) -> tuple[Rebate, ...]:
    """Every rebate of the plan."""
    return (*_of_tiers(reading), *_of_bundles(reading))


def rebates(reading: Reading) -> list[Row]:
    """Rebates by fiscal year, price or bundle, and who gets them."""
    data, deal = reading.data, reading.deal
    named = {
        int(group): (row.branch, row.appropriation)
        for group, row in zip(data.requirements.group, deal.requirements, strict=True)
    }
    sums: dict[tuple[int, str, int, int], list[float]] = defaultdict(lambda: [0.0, 0.0])
    for found in rebates_given(reading):
        total = sums[found.node, found.kind, found.number, found.group]
        total[0] += found.quantity
        total[1] += found.amount * MONEY_UNIT
    rows = []
    for node, kind, number, group in sorted(sums):
        quantity, amount = sums[node, kind, number, group]
        at = int(data.tree.stage[node])
        price = deal.prices[number] if kind == "tier" else None
        about = subject(price.system, price.line) if price else deal.bundles[number].id
        rows.append(
            {
                "fiscal_year": data.buyer_years.names[at],
                "kind": kind,
                "subject": about,
                "branch": named[group][0],
                "for_appropriation": named[group][1],
                "quantity": quantity,
                "amount": amount,
                "amount_then_year": amount * float(data.budgets.index[at]),
            }
        )
    return rows


def rebates_of_seller(reading: Reading) -> FloatArray:
    """(nodes,) then-year currency that rebates take off what the buyer owes the seller."""
    total = np.zeros(reading.data.tree.n_nodes)
    index = reading.data.budgets.index[reading.data.tree.stage]
    for found in rebates_given(reading):
        if found.operator in (BUYER, SELLER):
            total[found.node] -= found.change[SELLER] * MONEY_UNIT * index[found.node]
    return total


def _of_tiers(reading: Reading) -> Iterator[Rebate]:
    tiers = reading.data.terms.tiers
    for (base, node), shares in _bought(reading).items():
        ladder = np.flatnonzero(tiers.base == base)
        royalty = float(tiers.royalty[ladder[0]])
        total = sum(shares.values())
        if tiers.is_incremental[ladder[0]]:
            inside = np.clip(total - tiers.start[ladder], 0.0, tiers.end[ladder] - tiers.start[ladder])
            amounts = _split(reading, ladder, node, shares, total=float(inside @ tiers.rebate[ladder]))
            reduced = float(inside[1:].sum()) / total
        else:
            reached = int(ladder[_reached(reading, ladder, node)])
            amounts = {share: units * float(tiers.rebate[reached]) for share, units in shares.items()}
            reduced = float(reached != ladder[0])
        for (group, operator), amount in amounts.items():
            quantity = shares[group, operator] * reduced
            if quantity > 0:
                change = (
                    amount * (royalty if operator == BUYER else 1.0),
                    -amount * (1.0 if operator == SELLER else royalty),
                )
                yield Rebate("tier", base, group, operator, node, quantity, amount, change)


def _reached(reading: Reading, ladder: IntArray, node: int) -> int:
    """Place on the ladder of the highest tier that is reached."""
    family = reading.problem.columns["reached"]
    reached = np.zeros(len(reading.data.prices.row_year))
    in_year = family.coordinates["node"] == node
    reached[family.coordinates["price"][in_year]] = reading.values[family.slice][in_year]
    return int((reached[reading.data.terms.tiers.row[ladder]] > 0.5).sum())


def _bought(reading: Reading) -> Mapping[tuple[int, int], dict[_Share, float]]:
    """Units bought at each ladder in each year, by payment group and operator."""
    data, tree = reading.data, reading.data.tree
    bases = set(data.terms.tiers.base.tolist())
    delivered = np.add.reduceat(reading.ship, tree.first_slot, axis=1)
    found: dict[tuple[int, int], dict[_Share, float]] = defaultdict(dict)
    for pair, node in np.argwhere(delivered > 0).tolist():
        product = data.pairs.product[pair]
        base = int(data.prices.row[product, tree.stage[node]])
        if base in bases:
            share = (
                int(data.requirements.group[data.pairs.requirement[pair]]),
                int(data.products.operator[product]),
            )
            units = found[base, node]
            units[share] = units.get(share, 0.0) + float(delivered[pair, node])
    return found


def _split(
    reading: Reading, ladder: IntArray, node: int, shares: Mapping[_Share, float], *, total: float
) -> dict[_Share, float]:
    """The rebate of a year as the plan shares it out."""
    tiers, family = reading.data.terms.tiers, reading.problem.columns["tier"]
    price, group, operator, years = family.coordinates.values()
    number = tier_of_row(reading.data)[price]
    stated = dict.fromkeys(shares, 0.0)
    for offset in np.flatnonzero((years == node) & np.isin(number, ladder)).tolist():
        share = (int(group[offset]), int(operator[offset]))
        if share in stated:
            worth = reading.values[family.start + offset] * tiers.rebate[number[offset]]
            stated[share] += float(worth)
    gross = sum(stated.values())
    weights = stated if abs(gross) > 0 else dict(shares)
    return {share: total * weight / sum(weights.values()) for share, weight in weights.items()}


def _of_bundles(reading: Reading) -> Iterator[Rebate]:
    data, given = reading.data, reading.problem.columns["given"]
    sets = reading.problem.columns["sets"]
    for offset in range(sets.count):
        whole = float(reading.values[sets.start + offset])
        bundle, node = (int(sets.coordinates[axis][offset]) for axis in ("bundle", "node"))
        is_of = (given.coordinates["bundle"] == bundle) & (given.coordinates["node"] == node)
        shares = reading.values[given.slice][is_of]
        if whole <= 0 or shares.sum() <= 0:
            continue
        for group, share in zip(given.coordinates["group"][is_of].tolist(), shares, strict=True):
            quantity = whole * float(share / shares.sum())
            if quantity > 0:
                amount = quantity * float(data.terms.bundles.rebate[bundle])
                yield Rebate("bundle", bundle, group, SELLER, node, quantity, amount, (amount, -amount))

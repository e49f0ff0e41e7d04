"""Yearly tables of a plan: coverage, purchases, payments, budgets, and the items of both utilities."""

from __future__ import annotations

from typing import Any

import numpy as np

from dronedeal.planning.data import BUYER, MONEY_UNIT, PARTY_NAMES, SELLER, THIRD, PlanningData
from dronedeal.planning.instalments import retention_slots
from dronedeal.planning.tree import FloatArray
from dronedeal.results.reading import Reading
from dronedeal.results.rebates import rebates_given
from dronedeal.results.ruling import Ruling
from dronedeal.results.vocabulary import OWN_COST_ITEMS, UTILITY_ITEMS

Row = dict[str, Any]


def coverage(reading: Reading) -> list[Row]:
    """How far each requirement is met in each fiscal year with a stated quantity."""
    data, deal = reading.data, reading.deal
    requirements, years = data.requirements, data.buyer_years
    stated = {(row.requirement, row.fiscal_year) for row in deal.requirement_quantities}
    rows = []
    for number, requirement in enumerate(deal.requirements):
        for at, year in enumerate(years.names):
            if (requirement.id, year) not in stated:
                continue
            threshold = float(requirements.threshold[number, at])
            objective = float(requirements.objective[number, at])
            quantity = float(reading.effective[number, at])
            low = min(threshold, quantity)
            high = min(objective - threshold, quantity - low)
            share = years.share(year) if requirement.kind == "stock" else 1.0
            worth = requirements.value_threshold[number] * low + requirements.value_objective[number] * high
            rows.append(
                {
                    "requirement": requirement.id,
                    "branch": requirement.branch,
                    "kind": requirement.kind,
                    "fiscal_year": year,
                    "threshold": threshold,
                    "objective": objective,
                    "quantity": quantity,
                    "to_threshold": low,
                    "to_objective": high,
                    "short_of_threshold": _short(threshold, quantity),
                    "short_of_objective": _short(objective, quantity),
                    "amount": float(worth * share) * MONEY_UNIT,
                }
            )
    return rows


def _short(asked: float, quantity: float) -> float:
    """What is missing; a rounding error is not a shortage."""
    short = asked - quantity
    return short if short > 1e-9 * max(1.0, asked) else 0.0


def purchases(shipments: list[Row], *, is_whole: bool) -> list[Row]:
    """Shipments added up by fiscal year, requirement, system and line.

    Parameters
    ----------
    shipments : rows by month
    is_whole : what a year adds up to is a whole number, which the sum of its months misses by rounding errors
    """
    totals: dict[tuple[Any, ...], Row] = {}
    for row in shipments:
        names = ("fiscal_year", "branch", "requirement", "system", "line")
        key = tuple(row[name] for name in names)
        total = totals.setdefault(
            key,
            dict(zip(names, key, strict=True)) | {"quantity": 0.0, "amount": 0.0, "amount_then_year": 0.0},
        )
        for name in ("quantity", "amount", "amount_then_year"):
            total[name] += row[name]
    if is_whole:
        for total in totals.values():
            total["quantity"] = float(round(total["quantity"]))
    return [totals[key] for key in sorted(totals, key=lambda key: tuple(str(part or "") for part in key))]


def payments(reading: Reading) -> list[Row]:
    """Money of each budget row by the year in which it is spent and what it is spent on."""
    data, deal = reading.data, reading.deal
    rows = []
    for number, group, node in zip(*(part.tolist() for part in np.nonzero(reading.spend)), strict=True):
        budget, at = deal.budgets[number], int(data.tree.stage[node])
        amount = float(reading.spend[number, group, node]) * MONEY_UNIT
        rows.append(
            {
                "branch": budget.branch,
                "fiscal_year": data.buyer_years.names[at],
                "budget_year": budget.fiscal_year,
                "appropriation": budget.appropriation,
                "for_appropriation": data.budgets.groups[group].appropriation,
                "purpose": data.budgets.groups[group].purpose,
                "amount_then_year": amount,
                "amount": amount / float(data.budgets.index[at]),
            }
        )
    return rows


def budgets(reading: Reading) -> list[Row]:
    """Each budget row against what is spent of it."""
    data = reading.data
    spent = reading.spend.sum(axis=(1, 2)) * MONEY_UNIT
    rows = []
    for number, budget in enumerate(reading.deal.budgets):
        amount = float(data.budgets.amount[number]) * MONEY_UNIT
        over = _short(float(spent[number]), amount)
        rows.append(
            {
                "branch": budget.branch,
                "budget_year": budget.fiscal_year,
                "appropriation": budget.appropriation,
                "amount_then_year": amount,
                "spent": float(spent[number]),
                "left": max(0.0, amount - float(spent[number])),
                "overspent": over,
            }
        )
    return rows


def utility_items(reading: Reading) -> list[Row]:
    """The parts of both utilities, discounted base-year money; they add up to the utilities."""
    items = _Items(reading)
    rows: list[Row] = []
    for party in (BUYER, SELLER):
        for name in UTILITY_ITEMS[PARTY_NAMES[party]]:
            amount = float(getattr(items, name)(party)) * MONEY_UNIT
            rows.append({"party": PARTY_NAMES[party], "item": name, "amount": amount + 0.0})
    return rows


def _pay_weight(data: PlanningData, weight: FloatArray) -> FloatArray:
    """(2, slots) present value of a price of 1 for what the seller delivers in a slot, in instalments."""
    terms, tree = data.terms, data.tree
    total = weight * (1.0 - terms.advance_share - terms.retention_share)
    total += terms.advance_share * weight[:, tree.first_slot[tree.slot_node]]
    index = data.budgets.index[tree.stage]
    for node in range(tree.n_nodes if terms.retention_share > 0 else 0):
        in_year = tree.slot_node == node
        for paid in retention_slots(data, node).tolist():
            growth = index[node] / index[tree.slot_node[paid]]
            # a later slot is reached with a part of the probability of the year only
            total[:, in_year] += terms.retention_share * growth * weight[:, [paid]]
    return total


def gap_of_cost(items: list[Row], distance: float) -> float | None:
    """A distance from the bound as a share of what the plan itself costs; None where it costs nothing.

    Production, fixed cost, investment and integration of both sides, so that a large value of coverage cannot
    make the distance look small.

    Parameters
    ----------
    items : of both utilities
    distance : of the objective from its bound, currency
    """
    cost = -float(sum(row["amount"] for row in items if row["item"] in OWN_COST_ITEMS))
    return distance / cost if cost > 0 else None


class _Items:
    """Each item of a utility in millions, worked out from the reading."""

    def __init__(self, reading: Reading) -> None:
        self.reading = reading
        self.data = reading.data
        tree = self.data.tree
        self.weight: FloatArray = tree.probability[tree.slot_node] * self.data.discount[:, tree.slot_month]
        product = self.data.pairs.product
        self.operator = self.data.products.operator[product]
        years = tree.stage[tree.slot_node]
        self.paid = reading.ship * self.data.prices.price[product][:, years]
        self.pay_weight = _pay_weight(self.data, self.weight)
        self.royalty = self.paid * self.data.prices.royalty[product][:, years]

    def coverage(self, party: int) -> float:
        requirements, tree, years = self.data.requirements, self.data.tree, self.data.buyer_years
        threshold = requirements.threshold[:, tree.stage]
        low = np.minimum(threshold, self.reading.effective)
        high = np.minimum(requirements.objective[:, tree.stage] - threshold, self.reading.effective - low)
        share = np.array([years.share(year) for year in years.names])[tree.stage]
        part = np.where(requirements.is_stock[:, None], share[None, :], 1.0)
        worth = requirements.value_threshold[:, None] * low + requirements.value_objective[:, None] * high
        return float((part * worth * self.weight[party, tree.last_slot]).sum())

    def payments(self, party: int) -> float:
        at_delivery = self.paid[self.operator == THIRD] * self.weight[party]
        in_parts = self.paid[self.operator == SELLER] * self.pay_weight[party]
        return -float(at_delivery.sum() + in_parts.sum())

    def receipts(self, party: int) -> float:
        return float((self.paid[self.operator == SELLER] * self.pay_weight[party]).sum())

    def rebates(self, party: int) -> float:
        last = self.data.tree.last_slot
        return sum(
            found.change[party] * float(self.weight[party, last[found.node]])
            for found in rebates_given(self.reading)
        )

    def royalties(self, party: int) -> float:
        is_due = self.data.products.is_owned_by_seller[self.data.pairs.product] & (self.operator != SELLER)
        if party == BUYER:
            is_due = is_due & (self.operator == BUYER)
        total = float((self.royalty[is_due] * self.weight[party]).sum())
        return total if party == SELLER else -total

    def other_sales(self, party: int) -> float:
        price = self.data.sales.price[self.data.sales.customer][:, None]
        return float((self.reading.sale * price * self.weight[party]).sum())

    def home_supply(self, party: int) -> float:
        value = self.data.home.value[self.data.home.need][:, None]
        return float((self.reading.home * value * self.weight[party]).sum())

    def production(self, party: int) -> float:
        chosen = self.data.products.operator == party
        return -float((self.reading.production_cost[chosen] * self.weight[party]).sum())

    def fixed_cost(self, party: int) -> float:
        lines, tree = self.data.lines, self.data.tree
        running = lines.is_working(tree.slot_month).astype(float)
        for lag, slots, ancestors in tree.lags():
            running[:, slots] += (lag >= lines.open_lead)[:, None] * self.reading.opened[:, ancestors]
        chosen = lines.operator == party
        return -float((running[chosen] * lines.fixed_cost[chosen, None] * self.weight[party]).sum())

    def investment(self, party: int) -> float:
        lines = self.data.lines
        chosen = lines.investor == party
        cost = self.reading.opened * lines.open_cost[:, None] + self.reading.steps * lines.step_cost[:, None]
        return -float((cost[chosen] * self.weight[party]).sum())

    def licence_fees(self, party: int) -> float:
        lines = self.data.lines
        fee = self.reading.opened * lines.licence_fee[:, None] * self.weight[party]
        return float(fee.sum()) if party == SELLER else -float(fee[lines.operator == party].sum())

    def rule_penalties(self, party: int) -> float:
        tree = self.data.tree
        ruling = Ruling(self.reading)
        cost = self.reading.ship * ruling.unit_cost
        total = float((cost * self.weight[party, tree.last_slot[tree.slot_node]]).sum())
        for rule in ruling.standings:
            total += rule.price * rule.broken * float(self.weight[party, tree.last_slot[rule.node]])
        return -total

    def integration(self, party: int) -> float:
        works, tree = self.data.works, self.data.tree
        chosen = works.payer == party
        cost = works.cost[chosen][:, tree.slot_month] * self.reading.integrated[chosen]
        return -float((cost * self.weight[party]).sum())

    def reinvestment(self, party: int) -> float:
        """The seller's alone: `(fund_value − 1)` of every amount, discounted at the end of the year."""
        family = self.reading.problem.columns["reinvest"]
        slot = self.data.tree.last_slot[family.coordinates["node"]]
        worth = self.reading.values[family.slice] * (self.data.cash.fund_value - 1.0)
        return float((worth * self.weight[party, slot]).sum())

    def projects(self, party: int) -> float:
        tree, cost = self.data.tree, self.data.projects.cost
        last = self.data.calendar.months - 1
        total = 0.0
        for _, slots, ancestors in tree.lags():
            for year in range(cost.shape[2]):
                is_due = np.minimum(tree.slot_month[ancestors] + 12 * year, last) == tree.slot_month[slots]
                paid = cost[:, party, year][:, tree.slot_month[slots]] * self.reading.begun[:, ancestors]
                total += float((paid * is_due * self.weight[party, slots]).sum())
        return -total

    def project_savings(self, party: int) -> float:
        chosen = self.data.products.operator == party
        saved = (self.data.projects.saving[:, chosen, None] * self.reading.saved[:, chosen]).sum(axis=(0, 1))
        return float((saved * self.weight[party, self.data.tree.last_slot]).sum())

    def substitutes(self, party: int) -> float:
        swaps = self.data.substitutes
        chosen = self.data.products.operator[swaps.product] == party
        cost = swaps.cost[chosen, None] * self.reading.swapped[chosen]
        return -float((cost * self.weight[party]).sum())

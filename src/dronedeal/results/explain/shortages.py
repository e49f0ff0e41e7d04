"""What is short: each requirement below its objective with its cause."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np

from dronedeal.assessment import Assessment
from dronedeal.planning.blocks.worth import delivery_worth
from dronedeal.planning.data import BUYER, MONEY_UNIT, SELLER
from dronedeal.planning.tree import FloatArray, IntArray
from dronedeal.results.explain.registry import term_of
from dronedeal.results.reading import Reading

Row = dict[str, Any]


@dataclass(frozen=True)
class _Offer:
    """The best remaining way to deliver one more effective unit, with what stands in its way.

    Amounts are currency of the objective for one more unit of the product: `worth` of the delivery before
    anything scarce is charged, then the charge for money, for the price row's maximum, for the product and
    for integration work that is not done; `work` is its row of the problem, -1 where none is charged.
    """

    product: int
    slot: int
    worth: float
    money: float
    maximum: float
    scarcity: float
    waiting: float
    work: int


def unmet(reading: Reading, assessment: Assessment) -> list[Row]:
    """Requirements short of their objective, each with its cause in words.

    The cause is read off the duals: among all deliveries still possible in the year, the one that would be
    worth most is judged by what is charged for the money, the offer and the product that it would take.
    """
    finder = _Unmet(reading, assessment)
    requirements, years = reading.data.requirements, reading.data.buyer_years
    rows = []
    for number, requirement in enumerate(reading.deal.requirements):
        for node in range(reading.data.tree.n_nodes):
            at = int(reading.data.tree.stage[node])
            objective = float(requirements.objective[number, at])
            short = objective - float(reading.effective[number, node])
            if short <= 1e-9 * max(1.0, objective):
                continue
            cause, words = finder.cause(number, node)
            rows.append(
                {
                    "requirement": requirement.id,
                    "branch": requirement.branch,
                    "fiscal_year": years.names[at],
                    "quantity": short,
                    "cause": cause,
                    "words": words,
                }
            )
    return rows


class _Unmet:
    """Finds the cause of one shortage."""

    def __init__(self, reading: Reading, assessment: Assessment) -> None:
        self.reading = reading
        self.data = reading.data
        self.deal = reading.deal
        self.assessment = assessment
        self.currency = reading.deal.settings.currency
        problem = reading.problem
        self.balance = problem.rows["stock_balance"].lookup(self.data.products.count, self.data.tree.n_slots)
        self.payment = problem.rows["payment"].lookup(self.data.budgets.fits.shape[1], self.data.tree.n_nodes)
        self.maximum = problem.rows["price_maximum"].lookup(
            len(self.data.prices.row_year), self.data.tree.n_nodes
        )
        self.integrated = problem.rows["integrated"].lookup(
            self.data.works.count, self.data.requirements.count, self.data.tree.n_nodes
        )
        self.weights = {"joint": (1, 1), "buyer": (1, 0), "seller": (0, 1)}[reading.outcome.kind]
        self.utility = np.array(self.weights) @ reading.tangent.utility * MONEY_UNIT
        self.cost = self._marginal_cost()

    def _marginal_cost(self) -> FloatArray:
        """(products, slots) what making one more good unit costs the objective, before anything scarce."""
        make = self.reading.problem.columns["make"].lookup(self.data.products.count, self.data.tree.n_slots)
        cost = np.zeros(make.shape)
        made = make >= 0
        yields = np.broadcast_to(self.data.products.yield_rate[:, None], make.shape)
        cost[made] = -self.utility[make[made]] / yields[made]
        return cost

    def cause(self, requirement: int, node: int) -> tuple[str, str]:
        """A short name of the cause and one sentence in the words of the contract."""
        pairs = np.flatnonzero(self.data.pairs.requirement == requirement)
        if not len(pairs):
            return self._no_match(requirement)
        slots = self._slots(requirement, node)
        pair, position = np.nonzero(self.data.is_deliverable[np.ix_(pairs, slots)])
        if not len(pair):
            return self._not_yet(requirement, node, pairs)
        if not self._has_money(requirement, node):
            return self._no_money(requirement, node)
        return self._judge(requirement, self._best_offer(requirement, node, pairs[pair], slots[position]))

    def _slots(self, requirement: int, node: int) -> IntArray:
        """Slots whose deliveries still count at the end of the node's year."""
        tree = self.data.tree
        if not self.data.requirements.is_stock[requirement]:
            return np.flatnonzero(tree.slot_node == node)
        path = [int(tree.last_slot[node])]
        while tree.previous_slot[path[-1]] >= 0:
            path.append(int(tree.previous_slot[path[-1]]))
        return np.array(path[::-1], dtype=np.int64)

    def _best_offer(self, requirement: int, node: int, pair: IntArray, slot: IntArray) -> _Offer:
        data = self.data
        product = data.pairs.product[pair]
        year = data.year_index(slot)
        nodes = data.tree.slot_node[slot]
        value = self._unit_value(requirement, node) * data.pairs.effectiveness[pair, year]
        if data.requirements.is_stock[requirement]:
            value = value * data.requirements.loss_keep[requirement] ** (
                data.tree.slot_month[data.tree.last_slot[node]] - data.tree.slot_month[slot]
            )
        made = self.balance[product, slot] >= 0
        worth = value + self._paid(product, slot) - np.where(made, self.cost[product, slot], 0.0)
        charge = data.prices.price[product, year] * data.budgets.index[year]
        group = data.requirements.group[requirement]
        money = -self.reading.row_dual[self.payment[group, nodes]] * charge
        at = self.maximum[data.prices.row[product, year], nodes]
        maximum = np.where(at >= 0, self.reading.row_dual[at], 0.0)
        held = np.where(made, self.reading.row_dual[self.balance[product, slot]], 0.0)
        scarcity = np.where(made, np.abs(held) - self.cost[product, slot], 0.0)
        best = int(np.argmax(worth))
        return _Offer(
            int(product[best]),
            int(slot[best]),
            float(worth[best]),
            abs(float(money[best])),
            float(maximum[best]),
            max(0.0, float(scarcity[best])),
            *self._waiting(requirement, int(nodes[best]), int(product[best])),
        )

    def _waiting(self, requirement: int, node: int, product: int) -> tuple[float, int]:
        """The greatest charge for integration work that a delivery waits for, and its row of the problem."""
        works = np.flatnonzero(self.data.works.system == self.data.products.system[product])
        found = [int(row) for row in self.integrated[works, requirement, node] if row >= 0]
        charged = {row: float(self.reading.row_dual[row]) for row in found if self.reading.row_dual[row] > 0}
        row = max(charged, key=lambda name: charged[name], default=-1)
        return charged.get(row, 0.0), row

    def _paid(self, product: IntArray, slot: IntArray) -> FloatArray:
        """What payment and royalty of one unit change in the objective."""
        buyer, seller = delivery_worth(self.data, product, slot)
        paid: FloatArray = (self.weights[BUYER] * buyer + self.weights[SELLER] * seller) * MONEY_UNIT
        return paid

    def _unit_value(self, requirement: int, node: int) -> float:
        """What the next effective unit is worth in the objective; 0 for a seller's plan."""
        requirements, tree = self.data.requirements, self.data.tree
        at = tree.stage[node]
        below = self.reading.effective[requirement, node] < requirements.threshold[requirement, at] * (
            1 - 1e-9
        )
        name = "low" if below else "high"
        family = self.reading.problem.columns[name]
        number = family.lookup(requirements.count, tree.n_nodes)[requirement, node]
        return float(self.utility[number]) if number >= 0 else 0.0

    def _judge(self, requirement: int, offer: _Offer) -> tuple[str, str]:
        system, line = self._product_name(offer.product)
        month = self.reading.slot_label(offer.slot)
        tolerance = 1e-6 * max(1.0, abs(offer.worth))
        if offer.worth <= tolerance:
            return "not_worth_its_cost", (
                f"not worth its cost: one more {system} in {month} would change the objective by "
                f"{self._amount(offer.worth)} even if nothing were scarce"
            )
        charges = {
            "integration": offer.waiting,
            "money": offer.money,
            "price_maximum": offer.maximum,
            "capacity": offer.scarcity,
        }
        cause = max(charges, key=lambda name: charges[name])
        if charges[cause] <= tolerance:
            return "indivisible", (
                f"one more {system} in {month} would add {self._amount(offer.worth)}; only whole openings "
                "and steps or the gap left by the solver stand in its way"
            )
        gain = f"one more {system} would otherwise add {self._amount(offer.worth)} to the objective"
        if cause == "integration":
            offset = offer.work - self.reading.problem.rows["integrated"].start
            return cause, f"{term_of(self.reading, 'integrated', offset).says}; {gain}"
        if cause == "money":
            branch = self.deal.requirements[requirement].branch
            kind = self.deal.requirements[requirement].appropriation or "any"
            return cause, f"money of {branch} ({kind} appropriation) is used up in {month}; {gain}"
        if cause == "price_maximum":
            return cause, f"no more of {system} is on sale in {month}; {gain}"
        return cause, f"line {line} has no room for more {system} by {month}; {gain}"

    def _product_name(self, product: int) -> tuple[str, str]:
        line = self.data.products.line[product]
        name = self.deal.lines[line].id if line >= 0 else "market"
        return self.deal.systems[self.data.products.system[product]].id, name

    def _has_money(self, requirement: int, node: int) -> bool:
        budgets = self.data.budgets
        at = self.data.tree.stage[node]
        fits = budgets.fits[:, self.data.requirements.group[requirement]]
        return bool((fits & (budgets.first <= at) & (budgets.last >= at) & (budgets.amount > 0)).any())

    def _no_money(self, requirement: int, node: int) -> tuple[str, str]:
        row = self.deal.requirements[requirement]
        year = self.data.buyer_years.names[self.data.tree.stage[node]]
        kind = f"{row.appropriation} " if row.appropriation else ""
        return "no_money", f"{row.branch} has no {kind}money valid in fiscal year {year}"

    def _no_match(self, requirement: int) -> tuple[str, str]:
        """The pairing that comes nearest, and what stops it."""
        name = self.deal.requirements[requirement].id
        nearest = min(
            (pairing for pairing in self.assessment.pairings if pairing.requirement == name),
            key=lambda pairing: sum(1 for criterion in pairing.criteria if criterion.is_blocking),
        )
        reasons = [criterion.reason for criterion in nearest.criteria if criterion.is_blocking]
        reason = reasons[0] if reasons else "there is no price for it in any year"
        return "no_eligible_system", f"no system is eligible; the nearest is {nearest.system}: {reason}"

    def _not_yet(self, requirement: int, node: int, pairs: IntArray) -> tuple[str, str]:
        first = int(self.data.pairs.first[pairs].min())
        year = self.data.buyer_years.names[self.data.tree.stage[node]]
        if first > self.data.tree.slot_month[self.data.tree.last_slot[node]]:
            return "not_yet_deliverable", (
                f"the first eligible system can be delivered from {self.data.calendar.label(first)} "
                "(integration, permit or availability)"
            )
        return "not_on_sale", f"no eligible system has a price and an open month in fiscal year {year}"

    def _amount(self, amount: float) -> str:
        return f"{self.currency} {amount:,.0f}"

"""The values of a solution, cleaned and laid out on the axes of the planning data.

Solver noise is removed once, here: values that are zero but for the solver's tolerance are zero, integers
are whole, and stock and coverage are worked out again from the decisions, so that the tables of a plan
agree with one another to the last digit.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import numpy as np

from dronedeal.assessment.worth import completed
from dronedeal.deal import Deal
from dronedeal.planning import Model, PlanningData, Problem
from dronedeal.planning.begun import Begun
from dronedeal.planning.data import MONEY_UNIT
from dronedeal.planning.frozen import decided_columns
from dronedeal.planning.tree import FloatArray
from dronedeal.solving import Outcome

# Below the solver's feasibility tolerance, and far below any quantity that somebody would order.
_NOISE = 1e-7


@dataclass(frozen=True)
class Reading:
    """A solution on its axes: `ship` (pairs, slots), `make` and `stock` (products, slots), and so on.

    Its deal has the rows that successors inherit, as the planning data have.
    """

    deal: Deal
    model: Model
    outcome: Outcome

    def __post_init__(self) -> None:
        object.__setattr__(self, "deal", completed(self.deal))

    @property
    def data(self) -> PlanningData:
        """The arrays behind the problem."""
        return self.model.data

    @property
    def problem(self) -> Problem:
        """The problem that was solved."""
        return self.model.problem

    @cached_property
    def values(self) -> FloatArray:
        """(n,) column values, clipped to their bounds and free of noise."""
        problem, found = self.problem, self.outcome.solution.values
        assert found is not None
        values = np.clip(found[: problem.n_columns], problem.lower, problem.upper)
        is_counted = problem.is_integer | problem.is_whole
        values[is_counted] = np.round(values[is_counted])
        values[np.abs(values) < _NOISE] = 0.0
        return values

    def _grid(self, name: str, *shape: int) -> FloatArray:
        table = np.zeros(shape)
        family = self.problem.columns[name]
        table[tuple(family.coordinates.values())] = self.values[family.slice]
        return table

    @cached_property
    def make(self) -> FloatArray:
        """(products, slots) units started."""
        return self._grid("make", self.data.products.count, self.data.tree.n_slots)

    @cached_property
    def production_cost(self) -> FloatArray:
        """(products, slots) million that the units started cost, undiscounted, on the true curves."""
        cost = self.data.products.unit_cost[:, None] * self.make
        curves = self.problem.curves
        if curves is not None:
            cost[curves.data.product] = curves.cost(self.make[curves.data.product])
        return cost

    @cached_property
    def tangent(self) -> Problem:
        """The linear problem that touches the true one at the plan: what one more of a column is worth."""
        return self.problem.tangent(self.values)

    @cached_property
    def ship(self) -> FloatArray:
        """(pairs, slots) units delivered to requirements; a year's pool is shared out in proportion."""
        data, tree = self.data, self.data.tree
        pool = self._grid("pool", data.products.count, tree.n_slots)
        assign = self._grid("assign", data.pairs.count, tree.n_nodes)
        pooled = np.add.reduceat(pool, tree.first_slot, axis=1)[data.pairs.product]
        share = np.divide(assign, pooled, out=np.zeros_like(assign), where=pooled > 0)
        shared: FloatArray = self._by_month + pool[data.pairs.product] * share[:, tree.slot_node]
        return shared

    @property
    def _by_month(self) -> FloatArray:
        """(pairs, slots) deliveries that are not pooled; they add up to whole contract quantities."""
        data, tree = self.data, self.data.tree
        ship = self._grid("ship", data.pairs.count, tree.n_slots)
        if not data.has_whole_units:
            return ship
        contract = self._grid("contract", data.pairs.count, tree.n_nodes)
        # What is frozen stays as it was to the last digit; the other months make up the whole number.
        kept = self._frozen_deliveries
        fixed, free = (np.add.reduceat(each, tree.first_slot, axis=1) for each in (kept, ship - kept))
        share = np.divide(contract - fixed, free, out=np.zeros_like(contract), where=free > 0)
        exact: FloatArray = kept + (ship - kept) * share[:, tree.slot_node]
        return exact

    @property
    def _frozen_deliveries(self) -> FloatArray:
        """(pairs, slots) deliveries by month that are frozen and stayed as they were."""
        kept = np.zeros((self.data.pairs.count, self.data.tree.n_slots))
        frozen, ship = self.model.frozen, self.problem.columns["ship"]
        if frozen is None:
            return kept
        column = decided_columns(self.problem, self.data, frozen)
        quantity = np.array(list(frozen.quantities.values()), dtype=np.float64)
        stayed = column[(column >= 0) & (self.values[column] == quantity)]
        offset = stayed[(stayed >= ship.start) & (stayed < ship.start + ship.count)] - ship.start
        kept[ship.coordinates["pair"][offset], ship.coordinates["slot"][offset]] = self.values[
            ship.start + offset
        ]
        return kept

    @cached_property
    def home(self) -> FloatArray:
        """(home pairs, slots) units delivered to own needs."""
        return self._grid("home", len(self.data.home.product), self.data.tree.n_slots)

    @cached_property
    def sale(self) -> FloatArray:
        """(sale pairs, slots) units sold to other buyers."""
        return self._grid("sale", len(self.data.sales.product), self.data.tree.n_slots)

    @cached_property
    def opened(self) -> FloatArray:
        """(lines, slots) openings."""
        return self._grid("open", self.data.lines.count, self.data.tree.n_slots)

    @cached_property
    def steps(self) -> FloatArray:
        """(lines, slots) capacity steps."""
        return self._grid("step", self.data.lines.count, self.data.tree.n_slots)

    @cached_property
    def integrated(self) -> FloatArray:
        """(works, slots) integration work begun."""
        return self._beginnings("integrate", self.data.works.count)

    @cached_property
    def begun(self) -> FloatArray:
        """(projects, slots) projects begun."""
        return self._beginnings("begin", self.data.projects.count)

    def _beginnings(self, name: str, count: int) -> FloatArray:
        """(count, slots) where something begins, of a family that says what is begun by a slot."""
        tree = self.data.tree
        column = self.problem.columns[name].lookup(count, tree.n_slots)
        return Begun(tree, column).beginnings(self.values)

    @cached_property
    def boost(self) -> FloatArray:
        """(projects, requirements, nodes) effective units that projects add to the deliveries of a year."""
        data = self.data
        boost = self._grid("boost", data.projects.count, data.requirements.count, data.tree.n_nodes)
        delivered = np.add.reduceat(self.ship, data.tree.first_slot, axis=1)
        most = np.zeros_like(boost)
        for project in range(data.projects.count):
            gain = data.projects.boost[project][:, data.tree.stage]
            np.add.at(most[project], data.pairs.requirement, gain * delivered)
        return np.minimum(boost, most)

    @cached_property
    def saved(self) -> FloatArray:
        """(projects, products, nodes) units started in a year that cost less by a project."""
        data = self.data
        saved = self._grid("saved", data.projects.count, data.products.count, data.tree.n_nodes)
        return np.minimum(saved, np.add.reduceat(self.make, data.tree.first_slot, axis=1))

    @cached_property
    def swapped(self) -> FloatArray:
        """(substitutes, slots) units started with a substitute in place of one part."""
        return self._grid("swap", self.data.substitutes.count, self.data.tree.n_slots)

    @cached_property
    def spend(self) -> FloatArray:
        """(budgets, groups, nodes) then-year millions."""
        return self._grid("spend", *self.data.budgets.fits.shape, self.data.tree.n_nodes)

    @cached_property
    def stock(self) -> FloatArray:
        """(products, slots) finished units at the end of each slot, from the balance."""
        data, tree = self.data, self.data.tree
        change = data.products.yield_rate[:, None] * self.make
        for taken, owner in (
            (self.ship, data.pairs.product),
            (self.home, data.home.product),
            (self.sale, data.sales.product),
        ):
            np.subtract.at(change, owner, taken)
        change[data.products.line < 0] = 0.0
        stock = np.zeros_like(change)
        for slot in range(tree.n_slots):
            previous = tree.previous_slot[slot]
            before = data.products.initial_stock if previous < 0 else stock[:, previous]
            stock[:, slot] = before + change[:, slot]
        # What a product is off by grows with what flows through its store, never with that of another.
        flow = np.abs(change).sum(axis=1, keepdims=True)
        stock[np.abs(stock) < 1e-6 + 1e-9 * flow] = 0.0
        return stock

    @cached_property
    def capacity(self) -> FloatArray:
        """(lines, slots) load units available."""
        lines, tree = self.data.lines, self.data.tree
        initial = self.data.at_node.initial[:, tree.slot_node]
        step_size = self.data.at_node.step_size[:, tree.slot_node]
        capacity = np.where(lines.is_working(tree.slot_month), initial, 0.0)
        for lag, slots, ancestors in tree.lags():
            for decided, size, lead in (
                (self.opened, initial, lines.open_lead),
                (self.steps, step_size, lines.step_lead),
            ):
                grown = lines.ramped(lag, lead)[:, None] * size[:, slots]
                capacity[:, slots] += grown * decided[:, ancestors]
        return capacity

    @cached_property
    def used(self) -> FloatArray:
        """(lines, slots) load of the units started."""
        products = self.data.products
        used = np.zeros((self.data.lines.count, self.data.tree.n_slots))
        made = products.line >= 0
        np.add.at(used, products.line[made], products.load[made, None] * self.make[made])
        return used

    @cached_property
    def effective(self) -> FloatArray:
        """(requirements, nodes) effective units that count in the year of the node."""
        data, tree, requirements = self.data, self.data.tree, self.data.requirements
        delivered = np.zeros((requirements.count, tree.n_slots))
        worth = data.pairs.effectiveness[:, tree.stage[tree.slot_node]]
        np.add.at(delivered, data.pairs.requirement, worth * self.ship)
        boost = self.boost.sum(axis=0)
        used = np.add.reduceat(delivered, tree.first_slot, axis=1) + boost
        delivered[:, tree.last_slot] += boost
        hand = np.zeros_like(delivered)
        for slot in range(tree.n_slots):
            previous = tree.previous_slot[slot]
            before = requirements.on_hand if previous < 0 else hand[:, previous]
            hand[:, slot] = requirements.loss_keep * before + delivered[:, slot]
        return np.where(requirements.is_stock[:, None], hand[:, tree.last_slot], used)

    @cached_property
    def short_home(self) -> FloatArray:
        """(needs,) units behind the monthly pace at worst."""
        data = self.data
        by_need = np.zeros((data.home.count, data.tree.n_slots))
        np.add.at(by_need, data.home.need, self.home)
        short = np.zeros(data.home.count)
        for need in range(data.home.count):
            for window in data.tree.windows(data.seller_years.months_in(int(data.home.year[need]))):
                elapsed = np.arange(1, len(window) + 1) / len(window)
                asked = data.home.required_share[need] * data.home.quantity[need] * elapsed
                behind = float((asked - np.cumsum(by_need[need, window])).max())
                short[need] = max(short[need], behind if behind > 1e-6 * max(1.0, asked[-1]) else 0.0)
        return short

    @cached_property
    def price(self) -> FloatArray:
        """(pairs, nodes) base-year currency per unit; 0 where it is not for sale."""
        years = self.data.tree.stage
        price: FloatArray = self.data.prices.price[self.data.pairs.product][:, years] * MONEY_UNIT
        return price

    @cached_property
    def row_dual(self) -> FloatArray:
        """(m,) change of the objective in currency for one more unit of each row's limit; 0 without duals."""
        duals = self.outcome.solution.row_duals
        if duals is None:
            return np.zeros(self.problem.n_rows)
        return duals[: self.problem.n_rows] * MONEY_UNIT

    @cached_property
    def weights(self) -> tuple[float, float]:
        """Weights of the buyer's and the seller's utility in the objective.

        Where one side's utility is maximised, the other's counts with what its alternative costs: the dual
        of the row that keeps it, which stands behind the rows of the problem.
        """
        kind, duals = self.outcome.kind, self.outcome.solution.row_duals
        if kind == "joint":
            return 1.0, 1.0
        n_rows = self.problem.n_rows
        other = max(0.0, -float(duals[n_rows])) if duals is not None and len(duals) > n_rows else 0.0
        return (1.0, other) if kind == "buyer" else (other, 1.0)

    def slot_label(self, slot: int) -> str:
        """Month of a slot as YYYY-MM."""
        return self.data.labels["slot"][slot]

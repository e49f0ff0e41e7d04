"""What one more delivered unit would be worth, and what it would take of everything scarce.

A *chain* is all that one more unit of a product for a requirement in a month sets in motion: the delivery,
the unit made for it in the best month until then, and the money that pays for it. Rows that only hand on (a
stock, a pool, a payment) cancel along the chain, so that its margin

    margin = utility of its columns − Σ over all other rows of dual · what the chain takes of the row

is exact with openings and steps held, also for a product of which nothing is made or bought. At the
optimum no margin is above zero; what is taken of rows that are terms of the contract is scarce, all else is
cost. Amounts are currency of the objective for one unit of the product.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from functools import cached_property

import numpy as np

from dronedeal.planning import rebuilt
from dronedeal.planning.data import MONEY_UNIT, BoolArray
from dronedeal.planning.problem import Problem
from dronedeal.planning.tree import FloatArray, IntArray
from dronedeal.results.explain.registry import TERMS, Term, term_of
from dronedeal.results.reading import Reading

# Rows that cancel along a chain.
_CHAIN = ("assignment", "stock_balance", "hand_balance", "coverage", "payment")
_MORE_PRICE = 1e-3


@dataclass(frozen=True, slots=True)
class Chain:
    """One more unit of a pair in a slot, with the slot in which it is made (-1: not made)."""

    pair: int
    slot: int
    made: int


@dataclass(frozen=True, slots=True)
class Charge:
    """What a chain takes of one term.

    Parameters
    ----------
    term : in the words of the contract
    amount : dual times what is taken; above 0: the term holds the chain back
    taken : what one unit of the product takes of the term, in units of the term
    """

    term: Term
    amount: float
    taken: float


class Margins:
    """Margins of every pair in every slot, each table (pairs, slots)."""

    def __init__(self, reading: Reading) -> None:
        self.reading = reading
        self.data = reading.data
        self.problem = reading.problem

    # what the columns come to

    @cached_property
    def utility(self) -> FloatArray:
        """(n,) what one unit of each column changes in the objective."""
        return self._weighted(self.problem)

    def _weighted(self, problem: Problem) -> FloatArray:
        utility = problem.tangent(self.reading.values).utility
        weighted: FloatArray = np.array(self.reading.weights) @ utility * MONEY_UNIT
        return weighted

    @cached_property
    def _is_term(self) -> BoolArray:
        """(m,) whether a row is a term of the contract."""
        found = np.zeros(self.problem.n_rows, dtype=bool)
        for name in TERMS:
            if name in self.problem.rows:
                found[self.problem.rows[name].slice] = True
        return found

    @cached_property
    def _is_chain(self) -> BoolArray:
        found = np.zeros(self.problem.n_rows, dtype=bool)
        for name in _CHAIN:
            found[self.problem.rows[name].slice] = True
        return found

    def _less_duals(self, problem: Problem, rows: BoolArray) -> FloatArray:
        """(n,) utility of each column minus its charges in some rows."""
        matrix = problem.matrix
        dual = np.where(rows, self.reading.row_dual, 0.0)[matrix.row_of_entry]
        charges = np.bincount(matrix.column, weights=dual * matrix.value, minlength=problem.n_columns)
        less: FloatArray = self._weighted(problem) - charges
        return less

    @cached_property
    def _net(self) -> FloatArray:
        """(n,) utility minus all charges but those that cancel along a chain."""
        return self._less_duals(self.problem, ~self._is_chain)

    @cached_property
    def _plain(self) -> FloatArray:
        """(n,) utility minus charges that are costs: nothing scarce is charged."""
        return self._less_duals(self.problem, ~self._is_chain & ~self._is_term)

    # the links of a chain

    def _deliveries(self, column: FloatArray) -> FloatArray:
        """(pairs, slots) a figure of columns for delivering one unit; −inf where it cannot be delivered."""
        data, tree = self.data, self.data.tree
        table = np.full((data.pairs.count, tree.n_slots), -np.inf)
        ship, assign, pool = (self.problem.columns[name] for name in ("ship", "assign", "pool"))
        table[ship.coordinates["pair"], ship.coordinates["slot"]] = column[ship.slice]
        pooled = np.full((data.products.count, tree.n_slots), -np.inf)
        pooled[pool.coordinates["product"], pool.coordinates["slot"]] = column[pool.slice]
        by_year = np.full((data.pairs.count, tree.n_nodes), -np.inf)
        by_year[assign.coordinates["pair"], assign.coordinates["node"]] = column[assign.slice]
        both = by_year[:, tree.slot_node] + pooled[data.pairs.product]
        return np.where(np.isfinite(both) & ~self._is_frozen, both, np.where(self._is_frozen, -np.inf, table))

    @cached_property
    def _is_frozen(self) -> BoolArray:
        """(slots,) months in which nothing more can be made or delivered than an earlier plan decided."""
        frozen = self.reading.model.frozen
        frozen_slots: BoolArray = self.data.tree.slot_month < (0 if frozen is None else frozen.months)
        return frozen_slots

    @cached_property
    def made_in(self) -> IntArray:
        """(products, slots) slot on the path until then in which making one is best; -1: none."""
        data, tree = self.data, self.data.tree
        value = self._made(self._net)
        best = np.where(np.isfinite(value), np.arange(tree.n_slots), -1)
        for slot in range(tree.n_slots):
            before = tree.previous_slot[slot]
            if before >= 0:
                earlier = best[:, before]
                held = np.where(earlier >= 0, value[np.arange(data.products.count), earlier], -np.inf)
                best[:, slot] = np.where(held > value[:, slot], earlier, best[:, slot])
        return best

    def _made(self, column: FloatArray) -> FloatArray:
        """(products, slots) a figure of columns for making one good unit; −inf where it cannot be made.

        A line that is open in some months makes nothing in the others.
        """
        make = self.problem.columns["make"]
        table = np.full((self.data.products.count, self.data.tree.n_slots), -np.inf)
        product = make.coordinates["product"]
        table[product, make.coordinates["slot"]] = column[make.slice] / self.data.products.yield_rate[product]
        if not self.data.lines.count:
            return table
        may_make = (self.reading.capacity > 0) | self._is_closed
        return np.where(may_make[self._line] & ~self._is_frozen, table, -np.inf)

    @cached_property
    def _line(self) -> IntArray:
        """(products,) line; of a market product any one, for it has no column that is made."""
        return np.maximum(self.data.products.line, 0)

    @cached_property
    def _is_closed(self) -> BoolArray:
        """(lines, 1) whether a line makes nothing in the whole plan."""
        closed: BoolArray = np.asarray(~(self.reading.capacity > 0).any(axis=1))[:, None]
        return closed

    @cached_property
    def _supply(self) -> FloatArray:
        """(products, slots) worth of having one unit at hand, below zero; −inf where there is none to have.

        A unit of a product that is made or stored costs its marginal cost, the dual of its stock; of one
        that is not, what it takes to make it.
        """
        reading, data = self.reading, self.data
        balance = self.problem.rows["stock_balance"].lookup(data.products.count, data.tree.n_slots)
        dual = np.where(balance >= 0, reading.row_dual[balance], 0.0)
        is_flowing = (reading.make > 0) | (reading.stock > 0)
        return np.where(is_flowing, -dual, self._at_best(self._net))

    def _at_best(self, column: FloatArray) -> FloatArray:
        """(products, slots) a figure for making one good unit in its best slot; 0 for a market product."""
        value, at = self._made(column), self.made_in
        found = np.where(at >= 0, np.take_along_axis(value, np.maximum(at, 0), axis=1), -np.inf)
        return np.where(self.data.products.line[:, None] >= 0, found, 0.0)

    def _with_money(self, problem: Problem, column: FloatArray) -> FloatArray:
        """(n,) a figure of columns plus that of the money which each of them asks for, year by year."""
        rows, matrix = problem.rows["payment"], problem.matrix
        at = matrix.row_of_entry - rows.start
        asks = (at >= 0) & (at < rows.count) & (matrix.value < 0)
        figure = -matrix.value[asks] * self._best_money(column)[at[asks]]
        asked = np.bincount(matrix.column[asks], weights=figure, minlength=problem.n_columns)
        total: FloatArray = column + asked
        return total

    def _best_money(self, column: FloatArray) -> FloatArray:
        """(payment rows,) a figure for a then-year million from the best money there is; −inf: none."""
        spend, at = self._spend
        table = np.full(self.problem.rows["payment"].count, -np.inf)
        np.maximum.at(table, at, column[spend])
        return table

    @cached_property
    def _spend(self) -> tuple[IntArray, IntArray]:
        """Columns of money that there is, and the payment row of each, counted from the first."""
        spend, budgets = self.problem.columns["spend"], self.data.budgets
        rows = self.problem.rows["payment"]
        at = rows.lookup(budgets.fits.shape[1], self.data.tree.n_nodes) - rows.start
        budget = spend.coordinates["budget"]
        is_there = (budgets.amount[budget] > 0) | (self.reading.spend.sum(axis=(1, 2))[budget] > 0)
        of = at[spend.coordinates["group"], spend.coordinates["node"]]
        return spend.numbers[is_there], of[is_there]

    # the margin

    @cached_property
    def unit_value(self) -> FloatArray:
        """(requirements, slots) what one more effective unit delivered in a slot is worth in the objective.

        Where the requirement is short it is the value of the next unit; where it is full it is what the
        unit would save of those that fill it, the dual.
        """
        data, tree = self.data, self.data.tree
        next_value, is_short = self._next_values()
        used = next_value[:, tree.slot_node]
        full = self._full_values()
        value = np.where(is_short[:, tree.slot_node], used, full)
        for number in np.flatnonzero(data.requirements.is_stock).tolist():
            value[number] = self._stock_values(number, next_value[number], is_short[number], full[number])
        return value

    def _next_values(self) -> tuple[FloatArray, BoolArray]:
        """(requirements, nodes) value of the next effective unit in the year, and whether one is missing."""
        data, tree = self.data, self.data.tree
        requirements = data.requirements
        shape = (requirements.count, tree.n_nodes)
        values = []
        for name in ("low", "high"):
            number = self.problem.columns[name].lookup(*shape)
            values.append(np.where(number >= 0, self.utility[number], 0.0))
        threshold, objective = requirements.threshold[:, tree.stage], requirements.objective[:, tree.stage]
        effective = self.reading.effective
        is_below = effective < threshold * (1 - 1e-9)
        is_short = effective < objective - 1e-9 * np.maximum(1.0, objective)
        return np.where(is_below, values[0], np.where(is_short, values[1], 0.0)), is_short

    def _full_values(self) -> FloatArray:
        """(requirements, slots) dual of an effective unit delivered in the slot."""
        tree, dual = self.data.tree, self.reading.row_dual
        count = self.data.requirements.count
        coverage = self.problem.rows["coverage"].lookup(count, tree.n_nodes)
        hand = self.problem.rows["hand_balance"].lookup(count, tree.n_slots)
        by_node = np.where(coverage >= 0, dual[coverage], 0.0)
        return np.where(hand >= 0, dual[hand], by_node[:, tree.slot_node])

    def _stock_values(
        self, number: int, values: FloatArray, is_short: BoolArray, full: FloatArray
    ) -> FloatArray:
        """(slots,) of one stock: a unit counts at the end of every later year, less what is lost of it."""
        tree = self.data.tree
        keep = float(self.data.requirements.loss_keep[number])
        later, all_short = np.zeros(tree.n_slots), np.zeros(tree.n_slots, dtype=bool)
        for node in range(tree.n_nodes - 1, -1, -1):
            children = np.flatnonzero(tree.parent == node)
            first = tree.first_slot[children]
            beyond = float((keep * later[first]).sum())
            is_open = bool(is_short[node] and all_short[first].all())
            length = tree.end_month[node] - tree.first_month[node]
            lost = keep ** np.arange(length - 1, -1, -1)
            span = slice(int(tree.first_slot[node]), int(tree.last_slot[node]) + 1)
            later[span] = lost * (values[node] + beyond)
            all_short[span] = is_open
        return np.where(all_short, later, full)

    @cached_property
    def entry_value(self) -> FloatArray:
        """(requirements, slots) what an effective unit of another system is worth in the objective.

        Where something is delivered to the requirement a unit may take its place, so that its dual counts;
        where nothing is, the next unit of what is short.
        """
        served = np.zeros((self.data.requirements.count, self.data.tree.n_slots))
        np.add.at(served, self.data.pairs.requirement, self.reading.ship)
        by_node = np.add.reduceat(served, self.data.tree.first_slot, axis=1)[:, self.data.tree.slot_node]
        whole = np.broadcast_to(served.sum(axis=1, keepdims=True), served.shape)
        is_served = np.where(self.data.requirements.is_stock[:, None], whole, by_node) > 0
        return np.where(is_served, self._full_values(), self.unit_value)

    def _total(self, column: FloatArray, supply: FloatArray) -> FloatArray:
        """(pairs, slots) a figure of all links of the chain, without the value of the coverage."""
        delivered = self._deliveries(self._with_money(self.problem, column))
        total: FloatArray = delivered + supply[self.data.pairs.product]
        return total

    def _covered(self, value: FloatArray) -> FloatArray:
        """(pairs, slots) value of what one unit covers."""
        covered: FloatArray = value[self.data.pairs.requirement] * self.effectiveness
        return covered

    @cached_property
    def effectiveness(self) -> FloatArray:
        """(pairs, slots) effective units of one unit."""
        years = self.data.year_index(np.arange(self.data.tree.n_slots))
        effectiveness: FloatArray = self.data.pairs.effectiveness[:, years]
        return effectiveness

    @cached_property
    def margin(self) -> FloatArray:
        """(pairs, slots) what the next unit would change with everything scarce charged; −inf: impossible."""
        return self._covered(self.unit_value) + self._total(self._net, self._supply)

    @cached_property
    def worth(self) -> FloatArray:
        """(pairs, slots) the same before anything scarce is charged; −inf: impossible."""
        total = self._total(self._plain, self._at_best(self._plain))
        return np.where(np.isfinite(self.margin), self._covered(self.unit_value) + total, -np.inf)

    @cached_property
    def entry(self) -> FloatArray:
        """(pairs, slots) margin of a unit that may take the place of others; −inf: no line is open."""
        margin = self._covered(self.entry_value) + self._total(self._net, self._at_best(self._net))
        line = self.data.products.line[self.data.pairs.product]
        is_closed: BoolArray = np.isin(line, np.flatnonzero(self._is_closed))
        is_stopped = is_closed[:, None] | (self._deliveries(self._stopped) > 0)
        return np.where(is_stopped, -np.inf, margin)

    @cached_property
    def _is_shut(self) -> BoolArray:
        """(m,) terms that leave no room at all with openings, steps and other whole decisions as they are."""
        problem = self.problem
        decided = problem.matrix.times(np.where(problem.is_integer, self.reading.values, 0.0))
        room = problem.row_upper - decided
        shut: BoolArray = self._is_term & (room <= 1e-9)
        return shut

    @cached_property
    def _stopped(self) -> FloatArray:
        """(n,) how many terms without any room each column would take from."""
        matrix = self.problem.matrix
        takes = self._is_shut[matrix.row_of_entry] & (matrix.value > 0)
        stopped: FloatArray = np.bincount(
            matrix.column, weights=takes, minlength=self.problem.n_columns
        ).astype(float)
        return stopped

    def stopping_term(self, pair: int, slot: int) -> Term | None:
        """The term without any room that a delivery would take from; None where there is none."""
        for column in self._delivered(pair, slot):
            for row, value in self._column_entries(column):
                if value > 0 and self._is_shut[row]:
                    return self._term(row)
        return None

    @cached_property
    def price_slope(self) -> FloatArray:
        """(pairs, slots) change of the margin for each share by which the price of the system rises.

        Everything that goes with a price (payments, royalties, cash) is linear in it, so that the problem
        built with prices a little higher tells the slope.
        """
        prices = self.data.prices
        dearer = replace(self.data, prices=replace(prices, price=prices.price * (1 + _MORE_PRICE)))
        problem = rebuilt(self.reading.model, dearer)
        dear = self._with_money(problem, self._less_duals(problem, ~self._is_chain))
        with np.errstate(invalid="ignore"):  # what cannot be paid at all stays so
            change = self._deliveries(dear - self._with_money(self.problem, self._net))
        return np.where(np.isfinite(self.margin), change / _MORE_PRICE, 0.0)

    # what a chain takes

    def chain(self, pair: int, slot: int) -> Chain:
        """The best chain of a pair in a slot."""
        product = int(self.data.pairs.product[pair])
        made = int(self.made_in[product, slot]) if self.data.products.line[product] >= 0 else -1
        return Chain(pair, slot, made)

    def charges(self, chain: Chain) -> list[Charge]:
        """What a chain takes of each term that has a dual, greatest charge first."""
        found: dict[tuple[str, str, int | None], Charge] = {}
        for row, taken in self._taken(chain).items():
            dual = float(self.reading.row_dual[row])
            if dual == 0.0:
                continue
            term = self._term(row)
            key = (term.kind, term.about, term.year)
            before = found.get(key)
            amount = dual * taken + (before.amount if before else 0.0)
            units = taken / term.rate + (before.taken if before else 0.0)
            found[key] = Charge(term, amount, units)
        return sorted(found.values(), key=lambda charge: -charge.amount)

    def _taken(self, chain: Chain) -> dict[int, float]:
        """Rows that are terms, and what the chain takes of each."""
        taken: dict[int, float] = {}
        for column, times in self._columns(chain):
            for row, value in self._column_entries(column):
                if self._is_term[row]:
                    taken[row] = taken.get(row, 0.0) + times * value
        return taken

    def _columns(self, chain: Chain) -> Iterator[tuple[int, float]]:
        """Columns of a chain and how many units of each."""
        data, tree = self.data, self.data.tree
        for column in self._delivered(chain.pair, chain.slot):
            yield column, 1.0
            yield from self._money_columns(column)
        if chain.made >= 0:
            product = int(data.pairs.product[chain.pair])
            made = self._lookup("make", data.products.count, tree.n_slots)[product, chain.made]
            yield int(made), 1.0 / float(data.products.yield_rate[product])

    def _delivered(self, pair: int, slot: int) -> list[int]:
        """Columns of delivering one unit."""
        data, tree = self.data, self.data.tree
        product, node = int(data.pairs.product[pair]), int(tree.slot_node[slot])
        ship = int(self._lookup("ship", data.pairs.count, tree.n_slots)[pair, slot])
        if ship >= 0:
            return [ship]
        return [
            int(self._lookup("assign", data.pairs.count, tree.n_nodes)[pair, node]),
            int(self._lookup("pool", data.products.count, tree.n_slots)[product, slot]),
        ]

    def _money_columns(self, column: int) -> Iterator[tuple[int, float]]:
        """The best money for what a delivery asks for in each year, and how much of it."""
        rows = self.problem.rows["payment"]
        spend, at = self._spend
        for row, value in self._column_entries(column):
            if rows.start <= row < rows.start + rows.count and value < 0:
                numbers = spend[at == row - rows.start]
                if len(numbers):
                    yield int(numbers[np.argmax(self._net[numbers])]), -value

    def _lookup(self, name: str, *shape: int) -> IntArray:
        if name not in self._lookups:
            self._lookups[name] = self.problem.columns[name].lookup(*shape)
        return self._lookups[name]

    @cached_property
    def _lookups(self) -> dict[str, IntArray]:
        return {}

    @cached_property
    def _by_column(self) -> tuple[IntArray, IntArray]:
        """Entries in the order of their columns, and where each column starts."""
        matrix = self.problem.matrix
        order = np.argsort(matrix.column, kind="stable")
        counts = np.bincount(matrix.column, minlength=self.problem.n_columns)
        return order, np.concatenate([[0], np.cumsum(counts)])

    @cached_property
    def _row_of_entry(self) -> IntArray:
        return self.problem.matrix.row_of_entry

    def _column_entries(self, column: int) -> Iterator[tuple[int, float]]:
        order, start = self._by_column
        for entry in order[start[column] : start[column + 1]].tolist():
            yield int(self._row_of_entry[entry]), float(self.problem.matrix.value[entry])

    def _term(self, row: int) -> Term:
        name = next(
            name
            for name, family in self.problem.rows.items()
            if family.start <= row < family.start + family.count
        )
        return term_of(self.reading, name, row - self.problem.rows[name].start)

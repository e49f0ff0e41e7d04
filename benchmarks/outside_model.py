"""The model once more, written in linopy: a second formulation that shares no code with the optimiser.

It follows docs/explanation/model.md rule by rule. All variables are flat (one dimension, one entry for each
row of a data frame), and each rule is a grouped sum over them. Deals are expected to be plannable without
violations; where one is not, the solver says infeasible and the comparison says so. What is not linear, the
cost of products that learn, is in `outside_learning`.
"""

from __future__ import annotations

import warnings
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import xarray as xr
from benchmarks import (
    outside_cash,
    outside_cooperation,
    outside_demand,
    outside_money,
    outside_rules,
    outside_substitutes,
    outside_supply,
    outside_terms,
)
from benchmarks.outside_sums import FlatModel
from benchmarks.outside_tables import FloatArray, Tables

# At the solver's own tolerances a value in millions is known to some two millionths: too little to judge by.
_EXACT = dict.fromkeys(
    ("primal_feasibility_tolerance", "mip_feasibility_tolerance", "dual_feasibility_tolerance"), 1e-9
)


@dataclass(frozen=True)
class Flow:
    """Money of the seller: `amount · variable[at]` in a month, undiscounted base-year millions."""

    variable: Any
    amount: FloatArray
    month: FloatArray
    at: Any
    is_proceeds: bool


@dataclass(frozen=True)
class Debt:
    """What branches owe: `amount · variable[at]`, then-year millions by payment group and buyer year."""

    variable: Any
    group: Any
    year: Any
    amount: FloatArray
    at: Any


class OutsideModel(FlatModel):
    """The linopy model of one deal; each function called here adds one rule or one part of the utilities."""

    def __init__(self, tables: Tables) -> None:
        super().__init__()
        self.tables = tables
        self.deal = tables.deal
        self.status = "unsolved"
        self.utility: dict[str, list[Any]] = {"buyer": [], "seller": []}
        self.constant = {"buyer": 0.0, "seller": 0.0}
        self.flows: list[Flow] = []
        self.constant_flow = np.zeros(tables.months)
        self.debts: list[Debt] = []
        self.agreed: list[tuple[Any, FloatArray, list[int]]] = []
        self.variables()
        outside_cooperation.projects(self)
        outside_cooperation.integration(self)
        outside_substitutes.swaps(self)
        outside_supply.capacity(self)
        outside_supply.opening(self)
        outside_supply.stock(self)
        outside_supply.components(self)
        outside_demand.price_rows(self)
        outside_demand.coverage(self)
        outside_demand.whole_units(self)
        outside_supply.own_needs(self)
        outside_supply.returned_output(self)
        outside_supply.other_buyers(self)
        outside_terms.tiers(self)
        outside_terms.bundles(self)
        outside_rules.penalties(self)
        outside_rules.shares(self)
        outside_rules.choices(self)
        outside_money.utilities(self)
        outside_demand.budgets(self)
        outside_terms.ceiling(self)
        outside_cash.account(self)

    def variables(self) -> None:
        """What is made, kept, delivered and decided; the other families add their own."""
        t, decision = self.tables, self.tables.decision
        self.make = self.add("make", len(t.make))
        self.store = self.add("stock", len(t.make), upper=t.most_in_store)
        self.ship = self.add("ship", len(t.ship))
        self.home = self.add("home", len(t.home))
        self.sale = self.add("sale", len(t.sale))
        most = [
            1 if row.kind == "open" else self.deal.lines[row.line].max_steps for row in decision.itertuples()
        ]
        self.decide = self.add("decide", len(decision), upper=most, integer=True)
        self.spend = self.add("spend", len(t.spend))

    # Booking

    def earn(self, party: str, variable: Any, worth: Any, at: Any = None) -> None:
        """Add `Σ worth · variable[at]` to the utility of `buyer` or `seller`; third parties have none."""
        worth = np.asarray(worth, dtype=float)
        moved = np.flatnonzero(worth)
        if party not in self.utility or not len(moved):
            return
        places = moved if at is None else np.asarray(at, dtype=np.int64)[moved]
        expression = self.total(
            variable, np.zeros(len(moved), dtype=np.int64), count=1, factor=worth[moved], at=places
        )
        if not isinstance(expression, int):
            self.utility[party].append(expression.sum())

    def pay(
        self, party: str, variable: Any, amount: Any, month: Any, *, at: Any = None, is_proceeds: bool = False
    ) -> None:
        """Money that moves in a month: discounted in the utility, remembered for the seller's account."""
        amount = np.asarray(amount, dtype=float)
        month = np.broadcast_to(np.asarray(month, dtype=np.int64), amount.shape)
        if party not in self.utility:
            return
        self.earn(party, variable, amount * self.tables.month[party].to_numpy()[month], at=at)
        if party == "seller":
            self.flows.append(Flow(variable, amount, month, at, is_proceeds))

    def owe(self, variable: Any, group: Any, year: Any, amount: Any, *, at: Any = None) -> None:
        """Then-year millions that a payment group pays in a buyer year for each unit of a variable."""
        self.debts.append(Debt(variable, group, year, np.asarray(amount, dtype=float), at))

    # Objectives

    def optimise(self, objective: str, *, gap: float, time_limit: float) -> float:
        """Best value of the objective in millions; a one-sided one respects the other side's alternative."""
        sides = ("buyer", "seller") if objective == "joint" else (objective,)
        if objective != "joint":
            other = "seller" if objective == "buyer" else "buyer"
            least = self._alternative(other, gap=gap, time_limit=time_limit) - self.constant[other]
            self.model.add_constraints(sum(self.utility[other]) >= least, name="alternative")
        return self._maximise(sides, gap=gap, time_limit=time_limit)

    def _alternative(self, party: str, *, gap: float, time_limit: float) -> float:
        """Best that a party can do without the deal.

        Nothing of the seller's is shipped, or made on lines that the buyer runs; lines that make it get no
        opening or step at the buyer's expense; no project is begun, and no firm minimum holds.
        """
        t, buyer = self.tables, self.deal.settings.buyer.id
        run = [n for n, line in enumerate(self.deal.lines) if line.operator == buyer]
        paid = [n for n, line in enumerate(self.deal.lines) if (line.investor or line.operator) == buyer]
        makes = t.make.line[t.make.is_sellers.astype(bool)].unique()
        invested = t.decision.line.isin(paid) & t.decision.line.isin(makes)
        closed = [
            (self.ship, t.ship.is_sellers.to_numpy(dtype=bool)),
            (self.make, t.make.is_sellers.to_numpy(dtype=bool) & t.make.line.isin(run).to_numpy()),
            (self.decide, invested.to_numpy(dtype=bool)),
            (self.begin, np.ones(len(self.begins), dtype=bool)),
        ]
        closed = [(variable, is_closed) for variable, is_closed in closed if variable is not None]
        limits = [variable.upper.copy() for variable, _ in closed]
        for (variable, is_closed), before in zip(closed, limits, strict=True):
            variable.upper = before.where(xr.DataArray(~is_closed, coords=before.coords), 0.0)
        minima = [
            self.model.constraints[name] for name in ("firm_minimum",) if name in self.model.constraints
        ]
        firm = [rows.rhs.copy() for rows in minima]
        for rows in minima:
            rows.rhs = 0.0 * rows.rhs
        value = self._maximise((party,), gap=gap, time_limit=time_limit)
        for (variable, _), before in zip(closed, limits, strict=True):
            variable.upper = before
        for rows, before in zip(minima, firm, strict=True):
            rows.rhs = before
        return value

    def _maximise(self, sides: Sequence[str], *, gap: float, time_limit: float) -> float:
        terms = [term for side in sides for term in self.utility[side]]
        self.model.add_objective(sum(terms), sense="max", overwrite=True)
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            status, termination = self.model.solve(
                solver_name="highs",
                io_api="direct",
                progress=False,
                mip_rel_gap=gap,
                time_limit=time_limit,
                output_flag=False,
                **(_EXACT if gap == 0 else {}),
            )
        self.status = status if status != "ok" else termination
        if status != "ok":
            return float("nan")
        return float(self.model.objective.value) + sum(self.constant[side] for side in sides)

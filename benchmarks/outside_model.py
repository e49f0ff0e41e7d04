"""The first model once more, written in linopy: a second formulation that shares no code with the optimiser.

It follows docs/explanation/model.md rule by rule. All variables are flat (one dimension, one entry for each
row of a data frame of `outside_tables.Tables`), and each rule is a grouped sum over them. Deals are expected
to be plannable without violations; where one is not, the solver says infeasible and the comparison says so.
"""

from __future__ import annotations

import time
import warnings
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd
import xarray as xr
from benchmarks.outside_sums import FlatModel
from benchmarks.outside_tables import MILLION, FloatArray, Tables

from dronedeal.assessment import Assessment
from dronedeal.deal import Deal
from dronedeal.deal.production import Line


@dataclass(frozen=True)
class OutsideResult:
    """What the outside formulation found; money in base-year deal currency, time in seconds."""

    status: str
    objective: float
    build_seconds: float
    solve_seconds: float
    columns: int
    rows: int


def solve_outside(
    deal: Deal,
    assessment: Assessment,
    *,
    objective: str = "joint",
    gap: float = 1e-9,
    time_limit: float = 600,
) -> OutsideResult:
    """Build the model in linopy and solve it with HiGHS.

    Parameters
    ----------
    deal, assessment : a deal and its matching
    objective : `joint`, `buyer` or `seller`
    gap : relative gap at which the solver may stop
    time_limit : seconds for one solve
    """
    began = time.perf_counter()
    outside = OutsideModel(Tables(deal, assessment))
    built = time.perf_counter()
    value = outside.optimise(objective, gap=gap, time_limit=time_limit)
    done = time.perf_counter()
    model = outside.model
    return OutsideResult(
        outside.status, value * MILLION, built - began, done - built, int(model.nvars), int(model.ncons)
    )


class OutsideModel(FlatModel):
    """The linopy model of one deal; each method adds one rule or one part of the utilities."""

    def __init__(self, tables: Tables) -> None:
        super().__init__()
        self.tables = tables
        self.deal = tables.deal
        self.status = "unsolved"
        self.utility: dict[str, list[Any]] = {"buyer": [], "seller": []}
        self.constant = {"buyer": 0.0, "seller": 0.0}
        self.variables()
        self.capacity()
        self.opening()
        self.stock()
        self.components()
        self.price_rows()
        self.coverage()
        self.own_needs()
        self.returned_output()
        self.other_buyers()
        self.budgets()
        self.utilities()

    # Rules

    def variables(self) -> None:
        """All decisions."""
        t, decision = self.tables, self.tables.decision
        self.make = self.add("make", len(t.make))
        self.store = self.add("stock", len(t.make))
        self.ship = self.add("ship", len(t.ship))
        self.home = self.add("home", len(t.home))
        self.sale = self.add("sale", len(t.sale))
        most = [
            1 if row.kind == "open" else self.deal.lines[row.line].max_steps for row in decision.itertuples()
        ]
        self.decide = self.add("decide", len(decision), upper=most, integer=True)
        self.spend = self.add("spend", len(t.spend))

    def capacity(self) -> None:
        """Rule 1: load of a line and month within its capacity."""
        t, months, lines = self.tables, self.tables.months, self.deal.lines
        left = self.total(
            self.make, t.make.line * months + t.make.t, count=len(lines) * months, factor=t.make.load
        )
        rows, at, sizes = [], [], []
        for d, row in enumerate(t.decision.itertuples()):
            line = lines[row.line]
            size = line.initial_capacity if row.kind == "open" else line.step_size
            for month in range(max(row.tau + row.lead, self._start(line)), months):
                ramp = min(1.0, (month - row.tau - row.lead + 1) / max(1, line.ramp_months))
                rows.append(row.line * months + month)
                at.append(d)
                sizes.append(ramp * size * line.availability)
        added = self.total(self.decide, rows, count=len(lines) * months, factor=sizes, at=at)
        existing = np.zeros((len(lines), months))
        for number, line in enumerate(lines):
            if line.status == "existing":
                existing[number, self._start(line) :] = line.initial_capacity * line.availability
        self.limit("capacity", left - added, "<=", existing.ravel(), count=len(lines) * months)

    def _start(self, line: Line) -> int:
        """First month in which the line can have output."""
        return max(0, self.tables.worth.calendar.index(line.available_from)) if line.available_from else 0

    def opening(self) -> None:
        """Rule 2: one opening, at most so many steps, and no step of a candidate before it opens."""
        decision, lines = self.tables.decision, self.deal.lines
        opens = decision.index[decision.kind == "open"].to_numpy()
        steps = decision.index[decision.kind == "step"].to_numpy()
        line_of = decision.line.to_numpy()
        once = self.total(self.decide, line_of[opens], count=len(lines), at=opens)
        self.limit("open_once", once, "<=", 1.0, count=len(lines))
        most = self.total(self.decide, line_of[steps], count=len(lines), at=steps)
        self.limit(
            "most_steps", most, "<=", np.array([float(row.max_steps) for row in lines]), count=len(lines)
        )
        rows, at, factors = [], [], []
        late = [d for d in steps if lines[line_of[d]].status == "candidate"]
        for row, d in enumerate(late):
            same = decision[(decision.line == line_of[d]) & (decision.tau <= decision.tau[d])]
            for other in same.itertuples():
                rows.append(row)
                at.append(other.Index)
                factors.append(1.0 if other.kind == "step" else -float(lines[other.line].max_steps))
        before = self.total(self.decide, rows, count=len(late), factor=factors, at=at)
        self.limit("steps_after_opening", before, "<=", 0.0, count=len(late))

    def stock(self) -> None:
        """Rule 3: finished units at the end of each month."""
        t, months = self.tables, self.tables.months
        count = len(t.make)
        made = np.arange(count)
        later = made[t.make.t > 0]
        balance = self.total(self.store, made, count=count)
        balance = balance - self.total(self.store, later, count=count, at=later - 1)
        balance = balance - self.total(self.make, made, count=count, factor=t.make.yield_rate)
        for variable, table in ((self.ship, t.ship), (self.home, t.home), (self.sale, t.sale)):
            own = np.flatnonzero(table.line.to_numpy() >= 0)
            rows = (table.k * months + table.t).to_numpy()[own]
            balance = balance + self.total(variable, rows, count=count, at=own)
        start = np.where(t.make.t == 0, t.make.initial_stock, 0.0)
        self.limit("stock", balance, "=", start, count=count)

    def components(self) -> None:
        """Rule 4: parts used in a year of the seller within their supply."""
        t, years = self.tables, self.tables.worth.seller_years
        supply = {(row.component, row.fiscal_year): s for s, row in enumerate(self.deal.component_supply)}
        parts = pd.DataFrame(
            [(row.system, row.line, row.component, row.quantity) for row in self.deal.system_components],
            columns=["system", "only_line", "component", "parts"],
        )
        use = t.make.merge(parts, on="system").merge(t.month[["t", "seller_year"]], on="t")
        use = use[use.only_line.isna() | (use.only_line == use.line_id)]
        rows = [supply.get(key, -1) for key in zip(use.component, use.seller_year, strict=True)]
        use = use.assign(row=np.array(rows, dtype=np.int64))
        use = use[use.row >= 0]
        left = self.total(self.make, use.row, count=len(supply), factor=use.parts, at=use.m)
        right = np.array([row.limit * years.share(row.fiscal_year) for row in self.deal.component_supply])
        self.limit("components", left, "<=", right, count=len(supply))

    def price_rows(self) -> None:
        """Rule 5: most units on sale and firm minimum of each price row in use."""
        t, years = self.tables, self.tables.worth.buyer_years
        used = np.unique(t.price.price_row.to_numpy(dtype=np.int64))
        for name, sign, column in (("maximum", "<=", "maximum"), ("firm_minimum", ">=", "firm_minimum")):
            rows = [n for n in used if getattr(self.deal.prices[n], column) is not None]
            number = np.full(len(self.deal.prices) + 1, -1)
            number[rows] = np.arange(len(rows))
            mine = number[t.ship.price_row.to_numpy(dtype=np.int64)]
            at = np.flatnonzero(mine >= 0)
            left = self.total(self.ship, mine[at], count=len(rows), at=at)
            chosen = [self.deal.prices[n] for n in rows]
            right = np.array([getattr(row, column) * years.share(row.fiscal_year) for row in chosen])
            self.limit(name, left, sign, right, count=len(rows))

    def coverage(self) -> None:
        """Rule 6: effective units in the year or on hand at its end, up to threshold and up to objective."""
        t, years, months = self.tables, self.tables.worth.buyer_years, self.tables.months
        self.asked = [row for row in self.deal.requirement_quantities if row.fiscal_year in years.names]
        number = {row.id: r for r, row in enumerate(self.deal.requirements)}
        kinds = [self.deal.requirements[number[row.requirement]].kind for row in self.asked]
        sizes = np.array([t.asked(row, kind=kind) for row, kind in zip(self.asked, kinds, strict=True)])
        sizes = sizes.reshape(len(self.asked), 2)
        count = len(self.asked)
        self.low = self.add("low", count, upper=sizes[:, 0])
        self.high = self.add("high", count, upper=sizes[:, 1] - sizes[:, 0])
        row_of = {(number[row.requirement], row.fiscal_year): q for q, row in enumerate(self.asked)}
        is_use = np.array([row.kind == "use" for row in self.deal.requirements])
        rows = [
            row_of.get(key, -1) if is_use[key[0]] else -1
            for key in zip(t.ship.r, t.ship.buyer_year, strict=True)
        ]
        mine = np.array(rows, dtype=np.int64)
        at = np.flatnonzero(mine >= 0)
        factor = t.ship.effectiveness.to_numpy()
        left = self.total(self.low, np.arange(count), count=count)
        left = left + self.total(self.high, np.arange(count), count=count)
        left = left - self.total(self.ship, mine[at], count=count, factor=factor[at], at=at)
        stocks = [r for r, row in enumerate(self.deal.requirements) if row.kind == "stock"]
        self.hand = self._hand(stocks)
        held = [q for q, row in enumerate(self.asked) if kinds[q] == "stock"]
        place = [stocks.index(number[self.asked[q].requirement]) for q in held]
        last = [years.months_in(self.asked[q].fiscal_year)[-1] for q in held]
        ends = np.array(place, dtype=np.int64) * months + np.array(last, dtype=np.int64)
        left = left - self.total(self.hand, held, count=count, at=ends)
        self.limit("coverage", left, "<=", 0.0, count=count)
        self._intake(mine, at)

    def _intake(self, rows: Any, at: Any) -> None:
        """Rule 6: a use takes no more than its objective, and nothing in a year in which it asks for none."""
        t = self.tables
        factor = t.ship.effectiveness.to_numpy()
        tops = np.array([t.asked(row, kind="use")[1] for row in self.asked])
        taken = self.total(self.ship, rows[at], count=len(self.asked), factor=factor[at], at=at)
        self.limit("intake", taken, "<=", tops, count=len(self.asked))
        is_use = np.array([row.kind == "use" for row in self.deal.requirements])
        idle = np.flatnonzero((rows < 0) & is_use[t.ship.r.to_numpy(dtype=np.int64)])
        if len(idle):
            nothing = self.total(self.ship, np.arange(len(idle)), count=len(idle), at=idle)
            self.limit("not_asked", nothing, "<=", 0.0, count=len(idle))

    def _hand(self, stocks: Sequence[int]) -> Any:
        """Effective units on hand of each stock requirement, month by month."""
        t, months = self.tables, self.tables.months
        count = len(stocks) * months
        hand = self.add("hand", count, upper=np.repeat([self._most_on_hand(r) for r in stocks], months))
        keep = np.array([(1 - self.deal.requirements[r].loss_rate) ** (1 / 12) for r in stocks])
        every = np.arange(count)
        later = every[every % months > 0]
        position = np.full(len(self.deal.requirements), -1)
        position[list(stocks)] = np.arange(len(stocks))
        place = position[t.ship.r.to_numpy(dtype=np.int64)]
        at = np.flatnonzero(place >= 0)
        rows = place[at] * months + t.ship.t.to_numpy(dtype=np.int64)[at]
        balance = self.total(hand, every, count=count)
        balance = balance - self.total(hand, later, count=count, factor=keep[later // months], at=later - 1)
        balance = balance - self.total(
            self.ship, rows, count=count, factor=t.ship.effectiveness.to_numpy()[at], at=at
        )
        start = np.zeros(count)
        start[::months] = keep * np.array([self.deal.requirements[r].on_hand for r in stocks])
        self.limit("hand", balance, "=", start, count=count)
        return hand

    def _most_on_hand(self, number: int) -> float:
        """The largest objective of a stock, or what is on hand at the start."""
        need = self.deal.requirements[number]
        return max([need.on_hand] + [row.objective for row in self.asked if row.requirement == need.id])

    def own_needs(self) -> None:
        """Rule 7: the required share of each own need keeps pace every month, and none is oversupplied."""
        t, years, needs = self.tables, self.tables.worth.seller_years, self.deal.home_needs
        ceiling = np.array([need.quantity * years.share(need.fiscal_year) for need in needs])
        supplied = self.total(self.home, t.home.h, count=len(needs))
        self.limit("home_ceiling", supplied, "<=", ceiling, count=len(needs))
        cases = [(h, t) for h, need in enumerate(needs) for t in years.months_in(need.fiscal_year)]
        pace, row_of = [], {}
        for row, (h, month) in enumerate(cases):
            year = years.months_in(needs[h].fiscal_year)
            row_of[h, month] = row
            pace.append(needs[h].required_share * ceiling[h] * (month - year.start + 1) / len(year))
        rows, at = [], []
        for position, (h, month) in enumerate(zip(t.home.h, t.home.t, strict=True)):
            following = range(month, years.months_in(needs[h].fiscal_year).stop)
            rows += [row_of[h, later] for later in following]
            at += [position] * len(following)
        kept = self.total(self.home, rows, count=len(cases), at=at)
        self.limit("home_pace", kept, ">=", np.array(pace), count=len(cases))

    def returned_output(self) -> None:
        """Rule 8: a share of a line's good output goes to the owner's own needs, year by year."""
        t, years = self.tables, list(self.tables.worth.seller_years.names)
        lines = [number for number, line in enumerate(self.deal.lines) if line.return_share > 0]
        share = np.array([line.return_share for line in self.deal.lines])
        place = np.full(len(self.deal.lines) + 1, -1)
        place[lines] = np.arange(len(lines)) * len(years)
        count = len(lines) * len(years)
        year_of = t.month.seller_year.to_numpy() - years[0] if years else np.zeros(0)
        left: Any = 0
        for variable, table in ((self.home, t.home), (self.make, t.make)):
            line = table.line.to_numpy(dtype=np.int64)
            at = np.flatnonzero(place[line] >= 0)
            rows = place[line[at]] + year_of[table.t.to_numpy(dtype=np.int64)[at]]
            weight = 1.0 if variable is self.home else -(share[line] * table.yield_rate.to_numpy())[at]
            left = left + self.total(variable, rows, count=count, factor=weight, at=at)
        self.limit("returned_output", left, ">=", 0.0, count=count)

    def other_buyers(self) -> None:
        """Rule 9: no other buyer takes more than its maximum."""
        t, years, rows = self.tables, self.tables.worth.seller_years, self.deal.other_buyers
        right = np.array([row.maximum * years.share(row.fiscal_year) for row in rows])
        self.limit("sales", self.total(self.sale, t.sale.o, count=len(rows)), "<=", right, count=len(rows))

    def budgets(self) -> None:
        """Rule 10: a payment group pays in a year from budget rows that fit and are still valid."""
        t, years, buyer = self.tables, list(self.tables.worth.buyer_years.names), self.deal.settings.buyer.id
        group = {key: g for g, key in enumerate(t.groups)}
        group_of = np.array([group[row.branch, row.appropriation] for row in self.deal.requirements])
        count = len(group) * len(years)
        index = np.array([t.worth.index(buyer, year) for year in years])
        at_year = t.ship.buyer_year.to_numpy(dtype=np.int64) - years[0]
        rows = group_of[t.ship.r.to_numpy(dtype=np.int64)] * len(years) + at_year
        paid = self.total(self.ship, rows, count=count, factor=index[at_year] * t.ship.price.to_numpy())
        spent_rows = t.spend.g * len(years) + t.spend.buyer_year - years[0]
        self.limit("payments", paid - self.total(self.spend, spent_rows, count=count), "=", 0.0, count=count)
        amounts = np.array([t.budget_amount(b) for b in range(len(self.deal.budgets))])
        spent = self.total(self.spend, t.spend.b, count=len(amounts))
        self.limit("budgets", spent, "<=", amounts, count=len(amounts))

    # Utilities

    def earn(self, party: str, variable: Any, worth: Any, at: Any = None) -> None:
        """Add `Σ worth · variable` to a party's utility."""
        worth = np.asarray(worth, dtype=float)
        expression = self.total(variable, np.zeros(len(worth), dtype=np.int64), count=1, factor=worth, at=at)
        if not isinstance(expression, int):
            self.utility[party].append(expression.sum())

    def utilities(self) -> None:
        """Both utilities, item by item."""
        self._coverage_value()
        t, month = self.tables, self.tables.month
        ship = t.ship
        payment, royalty = ship.price.to_numpy(), (ship.royalty * ship.price).to_numpy()
        operator, is_sellers = ship.operator.to_numpy(), ship.is_sellers.to_numpy(dtype=bool)
        others = operator != "buyer"
        owed = ~others & is_sellers
        self.earn("buyer", self.ship, -ship.buyer.to_numpy() * (payment * others + royalty * owed))
        sold, licensed = operator == "seller", (operator != "seller") & is_sellers
        self.earn("seller", self.ship, ship.seller.to_numpy() * (payment * sold + royalty * licensed))
        self.earn("seller", self.sale, (t.sale.seller * t.sale.price).to_numpy(dtype=float))
        self.earn("seller", self.home, (t.home.seller * t.home.value).to_numpy(dtype=float))
        for party in ("buyer", "seller"):
            discount = month[party].to_numpy()
            is_mine = (t.make.operator == party).to_numpy()
            cost = -discount[t.make.t.to_numpy(dtype=np.int64)] * t.make.cost.to_numpy() * is_mine
            self.earn(party, self.make, cost)
            paid = (t.decision.investor == party).to_numpy()
            taus = t.decision.tau.to_numpy(dtype=np.int64)
            self.earn(party, self.decide, -discount[taus] * t.decision.cost.to_numpy(dtype=float) * paid)
            fee = t.decision.fee.to_numpy(dtype=float)
            owed = 1.0 if party == "seller" else -(t.decision.operator == party).to_numpy(dtype=float)
            self.earn(party, self.decide, discount[taus] * fee * owed)
            self._fixed_cost(party, discount)

    def _coverage_value(self) -> None:
        t, years, buyer = self.tables, self.tables.worth.buyer_years, self.deal.settings.buyer.id
        number = {row.id: row for row in self.deal.requirements}
        low, high = [], []
        for row in self.asked:
            need, year = number[row.requirement], row.fiscal_year
            weight = years.share(year) if need.kind == "stock" else 1.0
            weight *= t.worth.discount(buyer, years.months_in(year)[-1]) / MILLION
            low.append(weight * t.worth.base_amount(need.value_threshold, need, party=buyer, year=year))
            high.append(weight * t.worth.base_amount(need.value_objective, need, party=buyer, year=year))
        self.earn("buyer", self.low, low)
        self.earn("buyer", self.high, high)

    def _fixed_cost(self, party: str, discount: FloatArray) -> None:
        """Fixed cost of existing lines as a constant, of candidates from the month they can first produce."""
        t, decision = self.tables, self.tables.decision
        at, worth = [], []
        for number, line in enumerate(self.deal.lines):
            if t.role(line.operator) != party:
                continue
            years = t.worth.years(line.operator)
            monthly = [
                t.worth.base_amount(line.fixed_cost / 12, line, party=line.operator, year=years.of(m))
                / MILLION
                for m in range(t.months)
            ]
            paid = -np.array(monthly) * discount
            if line.status == "existing":
                self.constant[party] += float(paid[self._start(line) :].sum())
            for row in decision[(decision.kind == "open") & (decision.line == number)].itertuples():
                at.append(row.Index)
                worth.append(float(paid[row.tau + row.lead :].sum()))
        self.earn(party, self.decide, worth, at=at)

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
        opening or step at the buyer's expense; no firm minimum holds.
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
        ]
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
            )
        self.status = status if status != "ok" else termination
        if status != "ok":
            return float("nan")
        return float(self.model.objective.value) + sum(self.constant[side] for side in sides)

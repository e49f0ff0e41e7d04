"""The arrays that a problem is built from: axis order, units and what "missing" is, in one place.

Axes: product `k`, line `l`, system `i`, requirement `r`, pair `p` (product × requirement), buyer fiscal
year `Y`, home need `h`, home pair (product × need), customer `o`, sale pair (product × customer), price
row, budget row `b`, payment group `g`, component `c`, integration work `w`, project `j`, slot `s`. Money is
in millions of the deal's currency at base-year prices unless a name says then_year. Quantities are units.
An index of -1 means "none"; no array holds NaN.

On a scenario tree whose nodes have figures of their own the axes `Y` and, of what rules cost or bar, `T`
have a column for each node and slot: `Tree.case` and `Tree.slot_case` say which one holds. What else differs
from node to node stands in `NodeFigures`; the arrays of lines, budgets, needs, supplies and pairs then hold
the most that any node allows.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import NamedTuple

import numpy as np

from dronedeal.planning.curves import CurveData
from dronedeal.planning.data_cash import CashData
from dronedeal.planning.data_cooperation import ProjectData, WorkData
from dronedeal.planning.data_nodes import NodeFigures
from dronedeal.planning.data_rules import RuleData, SubstituteData
from dronedeal.planning.data_terms import TermsData
from dronedeal.planning.tree import FloatArray, IntArray, Tree
from dronedeal.quantities.calendar import Calendar, FiscalYears

MONEY_UNIT = 1e6
BUYER, SELLER, THIRD = 0, 1, 2
PARTY_NAMES = ("buyer", "seller", "third")
BoolArray = np.ndarray[tuple[int, ...], np.dtype[np.bool_]]


@dataclass(frozen=True)
class ProductData:
    """Products: a system as made on one line, or a market system (line -1).

    line, system : (K,) index; load : (K,) load units per unit; yield_rate : (K,); unit_cost : (K,) million
    per unit started; initial_stock : (K,) units; operator : (K,) role of the line's operator or of the
    market supplier; is_owned_by_seller : (K,) the seller supplies the system
    """

    line: IntArray
    system: IntArray
    load: FloatArray
    yield_rate: FloatArray
    unit_cost: FloatArray
    initial_stock: FloatArray
    operator: IntArray
    is_owned_by_seller: BoolArray

    @property
    def count(self) -> int:
        """Number of products."""
        return len(self.line)


@dataclass(frozen=True)
class LineData:
    """Production lines.

    is_candidate : (L,); initial : (L,) load units a month × availability; step_size likewise;
    available_from : (L,) first month of output; open_cost, step_cost, fixed_cost : (L,) million (fixed: a
    month); open_lead, step_lead, ramp : (L,) months; max_steps : (L,); operator, investor : (L,) role;
    return_share : (L,); licence_fee : (L,) million that the operator owes the seller with an opening, 0 where
    it makes no design of the seller or the seller runs it
    """

    is_candidate: BoolArray
    initial: FloatArray
    step_size: FloatArray
    available_from: IntArray
    open_cost: FloatArray
    step_cost: FloatArray
    fixed_cost: FloatArray
    open_lead: IntArray
    step_lead: IntArray
    ramp: IntArray
    max_steps: IntArray
    operator: IntArray
    investor: IntArray
    return_share: FloatArray
    licence_fee: FloatArray

    @property
    def count(self) -> int:
        """Number of lines."""
        return len(self.initial)

    def is_working(self, month: IntArray) -> BoolArray:
        """(L, months) whether an existing line makes anything in each month; a candidate must be opened."""
        working: BoolArray = ~self.is_candidate[:, None] & (month[None, :] >= self.available_from[:, None])
        return working

    def ramped(self, lag: int | IntArray, lead: IntArray) -> FloatArray:
        """(L,) share of new capacity so many months after its decision; (n, L) for lags of (n, 1)."""
        share: FloatArray = np.clip((lag - lead + 1) / self.ramp, 0.0, 1.0)
        return share


@dataclass(frozen=True)
class RequirementData:
    """Requirements by buyer fiscal year.

    is_stock : (R,); threshold, objective : (R, Y) effective units, already × share of the year for `use`;
    value_threshold, value_objective : (R,) million per effective unit; loss_keep : (R,) share of the stock
    kept from month to month; on_hand : (R,); group : (R,) payment group
    """

    is_stock: BoolArray
    threshold: FloatArray
    objective: FloatArray
    value_threshold: FloatArray
    value_objective: FloatArray
    loss_keep: FloatArray
    on_hand: FloatArray
    group: IntArray

    @property
    def count(self) -> int:
        """Number of requirements."""
        return len(self.is_stock)


@dataclass(frozen=True)
class PairData:
    """Eligible deliveries: product × requirement.

    product, requirement : (P,); effectiveness : (P, Y) effective units per unit, which new design versions
    change from year to year; first, last : (P,) months
    """

    product: IntArray
    requirement: IntArray
    effectiveness: FloatArray
    first: IntArray
    last: IntArray

    @property
    def count(self) -> int:
        """Number of pairs."""
        return len(self.product)


@dataclass(frozen=True)
class PriceData:
    """Prices: which row holds for a product in a buyer year, and the rows' limits.

    row : (K, Y) price row or -1 (not for sale); price : (K, Y) million per unit, 0 where row is -1;
    royalty : (K, Y) share; maximum : (rows,) units in the plan, inf where no limit is stated;
    firm_minimum : (rows,) units, 0 where none; row_year : (rows,) index of the buyer year
    """

    row: IntArray
    price: FloatArray
    royalty: FloatArray
    maximum: FloatArray
    firm_minimum: FloatArray
    row_year: IntArray

    @property
    def is_in_use(self) -> BoolArray:
        """(rows,) whether the row holds for some product; higher tiers and superseded rows do not."""
        used = np.zeros(len(self.row_year), dtype=bool)
        used[self.row[self.row >= 0]] = True
        return used


@dataclass(frozen=True)
class HomeData:
    """The seller's own needs, one for each row of `home_needs`.

    quantity : (H,) units inside the plan; required_share, value : (H,) (million per unit); year : (H,)
    fiscal year of the seller; product, need : (Q,) home pairs
    """

    quantity: FloatArray
    required_share: FloatArray
    value: FloatArray
    year: IntArray
    product: IntArray
    need: IntArray

    @property
    def count(self) -> int:
        """Number of needs."""
        return len(self.quantity)


@dataclass(frozen=True)
class SaleData:
    """Other buyers, one for each row of `other_buyers`.

    maximum : (O,) units inside the plan; price : (O,) million per unit; year : (O,) fiscal year of the
    seller; product, customer : (Q,) sale pairs
    """

    maximum: FloatArray
    price: FloatArray
    year: IntArray
    product: IntArray
    customer: IntArray

    @property
    def count(self) -> int:
        """Number of customers' rows."""
        return len(self.maximum)


class PaymentGroup(NamedTuple):
    """What money is spent on: the needs of a branch, or its share of integration work.

    appropriation : the kind of money that must pay; None: any
    purpose : `deliveries` or `integration`
    """

    branch: str
    appropriation: str | None
    purpose: str


@dataclass(frozen=True)
class BudgetData:
    """Budgets and payment groups.

    groups : (G,) payment groups; amount : (B,) million then-year; first, last : (B,) index of the first and
    last buyer year in which the money is valid inside the plan (last below first: never); fits : (B, G) the
    row may pay for the group; index : (Y,) then-year over base-year prices of the buyer
    """

    groups: tuple[PaymentGroup, ...]
    amount: FloatArray
    first: IntArray
    last: IntArray
    fits: BoolArray
    index: FloatArray

    @property
    def count(self) -> int:
        """Number of budget rows."""
        return len(self.amount)


@dataclass(frozen=True)
class ComponentData:
    """Component supply limits, one for each row of `component_supply`.

    component : (C,) row of `components`; limit : (C,) parts inside the plan; year : (C,) fiscal year of the
    seller; parts : for each limit the (product, parts per unit) arrays
    """

    component: IntArray
    limit: FloatArray
    year: IntArray
    parts: tuple[tuple[IntArray, FloatArray], ...]


@dataclass(frozen=True)
class PlanningData:
    """Everything the blocks read.

    labels : axis → names in index order, for addresses of columns and rows
    discount : (2, T) discount factor of buyer and seller by month; investment_months : decisions are
    possible every so many months; whole_units_up_to : contract quantities are whole numbers, those of the
    search that can be at most so large; None: they need not be whole; by_month_until : in fiscal years that
    begin before this month number every delivery has its own month; node_figures : of a scenario tree; None:
    the same in every node
    """

    tree: Tree
    calendar: Calendar
    buyer_years: FiscalYears
    seller_years: FiscalYears
    labels: Mapping[str, tuple[str, ...]]
    products: ProductData
    lines: LineData
    requirements: RequirementData
    pairs: PairData
    prices: PriceData
    home: HomeData
    sales: SaleData
    budgets: BudgetData
    components: ComponentData
    curves: CurveData
    terms: TermsData
    rules: RuleData
    substitutes: SubstituteData
    works: WorkData
    cash: CashData
    projects: ProjectData
    discount: FloatArray
    investment_months: int
    whole_units_up_to: int | None
    by_month_until: int = 0
    node_figures: NodeFigures | None = None

    @property
    def has_whole_units(self) -> bool:
        """Whether contract quantities are whole numbers."""
        return self.whole_units_up_to is not None

    @cached_property
    def at_node(self) -> NodeFigures:
        """Figures by node, whether they differ or not."""
        return self.node_figures or NodeFigures.same_everywhere(self)

    @cached_property
    def case_stage(self) -> IntArray:
        """(Y,) stage that each column of the year axis belongs to."""
        tree = self.tree
        return tree.stage if tree.has_own_figures else np.arange(len(self.buyer_years.names), dtype=np.int64)

    @cached_property
    def case_months(self) -> tuple[range, ...]:
        """(Y,) months of each column of the year axis."""
        names = self.buyer_years.names
        return tuple(self.buyer_years.months_in(names[stage]) for stage in self.case_stage.tolist())

    def year_index(self, slots: IntArray) -> IntArray:
        """Column of the year axis of each slot: its buyer fiscal year, or its node."""
        if self.tree.has_own_figures:
            cases: IntArray = self.tree.case[self.tree.slot_node[slots]]
            return cases
        names = self.buyer_years.names
        years: IntArray = self.buyer_years.by_month[self.tree.slot_month[slots]] - names[0]
        return years

    @cached_property
    def is_deliverable(self) -> BoolArray:
        """(P, n_slots) the pair is open in the month, its price is allowed, and it is asked for."""
        month = self.tree.slot_month
        first, last = (each[:, self.tree.slot_node] for each in (self.at_node.first, self.at_node.last))
        is_open = (month >= first) & (month <= last)
        year = self.year_index(np.arange(self.tree.n_slots))
        row = self.prices.row[self.pairs.product][:, year]
        has_price = np.append(self.prices.maximum, 0.0)[row] > 0  # where no row holds, nothing is on sale
        is_asked = (self.requirements.objective[:, year] > 0) | self.requirements.is_stock[:, None]
        is_barred = (self.rules.is_barred | self.substitutes.is_barred)[:, self.tree.slot_case]
        return is_open & has_price & ~is_barred & is_asked[self.pairs.requirement]

    @cached_property
    def is_pooled(self) -> BoolArray:
        """(P, n_nodes) whole years of a `use` requirement: which month serves whom makes no difference.

        Price, money, coverage and rules of such a pair are the same in every month of the year, so one pool
        of a product by month and one assignment by year say exactly as much as a delivery by pair and month.
        A system that a project opens may become deliverable in the middle of a year.
        """
        is_whole = np.logical_and.reduceat(self.is_deliverable, self.tree.first_slot, axis=1)
        penalty = self.rules.penalty[:, self.tree.slot_case]
        dearest = np.maximum.reduceat(penalty, self.tree.first_slot, axis=1)
        is_whole &= dearest == np.minimum.reduceat(penalty, self.tree.first_slot, axis=1)
        for is_held, counts in (*self.rules.sums, *self.substitutes.sums):
            held = is_held[self.tree.slot_month]
            is_partly = np.logical_or.reduceat(held, self.tree.first_slot)
            is_partly &= ~np.logical_and.reduceat(held, self.tree.first_slot)
            is_whole &= ~(counts[:, None] & is_partly[None, :])
        is_opened: BoolArray = np.any(self.projects.opens, axis=0)[self.products.system[self.pairs.product]]
        is_monthly = self.requirements.is_stock[self.pairs.requirement] | is_opened
        is_free = self.tree.first_month >= self.by_month_until
        pooled: BoolArray = is_whole & ~is_monthly[:, None] & is_free[None, :]
        return pooled

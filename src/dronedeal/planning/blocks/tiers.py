"""Price tiers: units are priced at the lowest tier and the difference is settled as a rebate.

Tier `i` of a ladder begins at `start[i]` and ends at `end[i]`; `reached[i,n]` says that the units `Q` of a
year reach it. Both directions are exact: whoever maximises, `Q` at or above a tier gets it.
"""

from __future__ import annotations

import numpy as np

from dronedeal.planning.blocks.delivery import deliveries
from dronedeal.planning.blocks.registry import columns, rows
from dronedeal.planning.contracts import most_without_money
from dronedeal.planning.data import PlanningData
from dronedeal.planning.problem import ProblemBuilder
from dronedeal.planning.tree import FloatArray, IntArray


@columns("tier")
def tier(data: PlanningData, build: ProblemBuilder) -> None:
    """`tier[i,g,o,n] ≥ 0`: units that group `g` buys from lines of operator `o` at the price of tier `i`."""
    tiers = data.terms.tiers
    bought = _bought(data)
    of_tier, of_pile = np.nonzero(tiers.base[:, None] == bought[:, 0][None, :])
    _, group, operator, node = bought[of_pile].T
    build.add_columns(
        "tier",
        {"price": tiers.row[of_tier], "group": group, "operator": operator, "node": node},
        node=node,
    )


@columns("reached")
def reached(data: PlanningData, build: ProblemBuilder) -> None:
    """`reached[i,n] ∈ {0,1}`: the quantity of the year reaches tier `i`, for all but the lowest tier."""
    tiers = data.terms.tiers
    is_sold = np.isin(tiers.base, _bought(data)[:, 0])
    number, node = _in_their_year(data, np.flatnonzero(~tiers.is_lowest & is_sold))
    is_in_reach = tiers.start[number] <= most_at_row(data)[tiers.base[number]]
    build.add_columns(
        "reached",
        {"price": tiers.row[number], "node": node},
        node=node,
        upper=is_in_reach.astype(float),
        is_integer=True,
    )


@rows("tier_quantity")
def tier_quantity(data: PlanningData, build: ProblemBuilder) -> None:
    """`Σ_i tier[i,g,o,n] − Σ deliveries = 0` for what each group buys of each operator at a ladder."""
    tiers = data.terms.tiers
    bought = _bought(data)
    base, group, operator, node = bought.T
    coordinates = {"price": base, "group": group, "operator": operator, "node": node}
    family = build.add_rows("tier_quantity", coordinates, count=len(bought), lower=0.0, upper=0.0)
    at = family.lookup(len(data.prices.row_year), data.budgets.fits.shape[1], 3, data.tree.n_nodes)
    column = build.columns["tier"]
    base_of = np.full(len(data.prices.row_year), -1, dtype=np.int64)
    base_of[tiers.row] = tiers.base
    price, *others = column.coordinates.values()
    build.add_entries(at[(base_of[price], *others)], column.numbers, 1.0)
    delivered, pair, year_node = deliveries(data, build)
    row = at[tuple(_keys(data, pair, year_node).T)]
    build.add_entries(row[row >= 0], delivered[row >= 0], -1.0)


@rows("tier_ceiling")
def tier_ceiling(data: PlanningData, build: ProblemBuilder) -> None:
    """`Σ tier[i] ≤ end[i] · (reached[i] − reached[i+1])`; of increments `≤ (end[i] − start[i]) · reached[i]`.

    `reached` of the lowest tier is 1; the highest tier ends at the most that can be bought.
    """
    tiers = data.terms.tiers
    # A little more than the most, so that it is never this row that holds a quantity back.
    most = np.maximum(1.001 * most_at_row(data)[tiers.base], tiers.start) + 1.0
    end = np.where(np.isinf(tiers.end), most, tiers.end)
    size = np.where(tiers.is_incremental, end - tiers.start, end)
    _tier_rows(data, build, name="tier_ceiling", size=size, is_upper=True)


@rows("tier_floor")
def tier_floor(data: PlanningData, build: ProblemBuilder) -> None:
    """`Σ tier[i] ≥ start[i]·(reached[i] − reached[i+1])`; of increments `≥ (end − start)·reached[i+1]`."""
    tiers = data.terms.tiers
    is_last = np.isinf(tiers.end)
    width = np.where(is_last, 0.0, np.where(is_last, 0.0, tiers.end) - tiers.start)
    size = np.where(tiers.is_incremental, width, tiers.start)
    _tier_rows(data, build, name="tier_floor", size=size, is_upper=False)


def _tier_rows(
    data: PlanningData, build: ProblemBuilder, *, name: str, size: FloatArray, is_upper: bool
) -> None:
    """Rows on the units inside each tier, `own` the one that is reached and `above` the next one."""
    tiers, family = data.terms.tiers, build.columns["tier"]
    price, node = np.unique(np.stack([family.coordinates["price"], family.coordinates["node"]]), axis=1)
    number = tier_of_row(data)[price]
    has_own = np.where(tiers.is_incremental[number], is_upper, True)
    has_above = np.where(tiers.is_incremental[number], not is_upper, True) & ~np.isinf(tiers.end[number])
    limit = np.where(has_own & tiers.is_lowest[number], size[number], 0.0)
    bounds = {"upper": limit} if is_upper else {"lower": limit}
    block = build.add_rows(name, {"price": price, "node": node}, count=len(price), **bounds)
    at = block.lookup(len(data.prices.row_year), data.tree.n_nodes)
    build.add_entries(at[family.coordinates["price"], family.coordinates["node"]], family.numbers, 1.0)
    chosen = build.columns["reached"].lookup(len(data.prices.row_year), data.tree.n_nodes)
    own = has_own & ~tiers.is_lowest[number] & (size[number] > 0)
    build.add_entries(block.numbers[own], chosen[price[own], node[own]], -size[number[own]])
    above = np.flatnonzero(has_above & (size[number] > 0))
    sign = np.where(tiers.is_incremental[number[above]], -1.0, 1.0)
    next_row = tiers.row[number[above] + 1]
    build.add_entries(block.numbers[above], chosen[next_row, node[above]], sign * size[number[above]])


def _keys(data: PlanningData, pair: IntArray, node: IntArray) -> IntArray:
    """(n, 4) price row, group, operator and node of deliveries."""
    product = data.pairs.product[pair]
    return np.stack(
        [
            data.prices.row[product, data.tree.case[node]],
            data.requirements.group[data.pairs.requirement[pair]],
            data.products.operator[product],
            node,
        ],
        axis=1,
    )


def _bought(data: PlanningData) -> IntArray:
    """(n, 4) price row, group, operator and node of what can be bought where a higher tier is in reach."""
    is_open = np.logical_or.reduceat(data.is_deliverable, data.tree.first_slot, axis=1)
    keys = _keys(data, *np.nonzero(is_open))
    tiers = data.terms.tiers
    is_in_reach = ~tiers.is_lowest & (tiers.start <= most_at_row(data)[tiers.base])
    unique: IntArray = np.unique(keys[np.isin(keys[:, 0], tiers.base[is_in_reach])], axis=0)
    return unique


def _in_their_year(data: PlanningData, numbers: IntArray) -> tuple[IntArray, IntArray]:
    """Each tier with every node of its year."""
    at, node = np.nonzero(data.terms.tiers.year[numbers][:, None] == data.tree.stage[None, :])
    return numbers[at], node


def tier_of_row(data: PlanningData) -> IntArray:
    """(price rows,) number of the tier; -1 where the row is no tier."""
    numbers = np.full(len(data.prices.row_year), -1, dtype=np.int64)
    numbers[data.terms.tiers.row] = np.arange(data.terms.tiers.count)
    return numbers


def most_at_row(data: PlanningData) -> FloatArray:
    """(price rows,) units that can be bought at each row in its year at most."""
    row = data.prices.row[data.pairs.product]
    total = np.zeros(len(data.prices.row_year) + 1)
    np.add.at(total, row, most_without_money(data))
    least: FloatArray = np.minimum(total[:-1], data.prices.maximum)
    return least

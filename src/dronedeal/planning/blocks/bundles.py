"""Bundles: a rebate for each whole set of systems that the seller makes and the buyer takes in a year.

The number of sets is exact whoever maximises: no set more than every member allows, and no set less than
its scarcest member allows. The branches share the rebate as the plan sees fit.
"""

from __future__ import annotations

import numpy as np

from dronedeal.planning.blocks.delivery import deliveries
from dronedeal.planning.blocks.registry import columns, rows
from dronedeal.planning.contracts import most_without_money
from dronedeal.planning.data import SELLER, PlanningData
from dronedeal.planning.problem import ProblemBuilder
from dronedeal.planning.tree import FloatArray, IntArray


@columns("sets")
def sets(data: PlanningData, build: ProblemBuilder) -> None:
    """`sets[b,n] ∈ {0, 1, …}`: whole sets of a bundle, at most what its members allow at their most."""
    bundles = data.terms.bundles
    whole = np.floor(_most(data) / bundles.quantity + 1e-9)
    upper = np.full(bundles.count, np.inf)
    np.minimum.at(upper, bundles.bundle, whole)
    bundle, node = _in_their_year(data, np.arange(bundles.count))
    build.add_columns(
        "sets", {"bundle": bundle, "node": node}, node=node, upper=upper[bundle], is_integer=True
    )


@columns("scarce")
def scarce(data: PlanningData, build: ProblemBuilder) -> None:
    """`scarce[m,n] ∈ {0,1}`: a member is too few for one more set."""
    member, node = _members_in_their_year(data)
    build.add_columns("scarce", {"member": member, "node": node}, node=node, upper=1.0, is_integer=True)


@columns("given")
def given(data: PlanningData, build: ProblemBuilder) -> None:
    """`given[b,g,n] ≥ 0`: sets whose rebate goes to a payment group that buys some of the members."""
    bundle, group, node = _takers(data).T
    build.add_columns("given", {"bundle": bundle, "group": group, "node": node}, node=node)


@rows("bundle_member")
def bundle_member(data: PlanningData, build: ProblemBuilder) -> None:
    """`Σ deliveries of member m − quantity · sets ≥ 0`: every set is whole."""
    member, node = _members_in_their_year(data)
    family = build.add_rows("bundle_member", {"member": member, "node": node}, count=len(member), lower=0.0)
    _add_units(data, build, family.lookup(len(data.terms.bundles.bundle), data.tree.n_nodes))
    build.add_entries(family.numbers, _sets_of(data, build, member, node), -_quantity(data)[member])


@rows("bundle_scarce")
def bundle_scarce(data: PlanningData, build: ProblemBuilder) -> None:
    """`Σ deliveries of m − quantity · sets ≤ less than a quantity + most · (1 − scarce)`."""
    member, node = _members_in_their_year(data)
    # A little more than the most, so that it is never this row that holds a quantity back.
    most, below = 1.001 * _most(data)[member] + 1.0, data.terms.bundles.below[member]
    family = build.add_rows(
        "bundle_scarce", {"member": member, "node": node}, count=len(member), upper=most + below
    )
    _add_units(data, build, family.lookup(len(data.terms.bundles.bundle), data.tree.n_nodes))
    build.add_entries(family.numbers, _sets_of(data, build, member, node), -_quantity(data)[member])
    build.add_entries(family.numbers, build.columns["scarce"].numbers, most)


@rows("bundle_due")
def bundle_due(data: PlanningData, build: ProblemBuilder) -> None:
    """`Σ_m scarce[m,n] ≥ 1`: the buyer is entitled to every set that it takes whole."""
    _of_bundle(data, build, name="bundle_due", lower=1.0, column="scarce")


@rows("bundle_share")
def bundle_share(data: PlanningData, build: ProblemBuilder) -> None:
    """`Σ_g given[b,g,n] − sets[b,n] = 0`: every rebate goes to somebody."""
    _of_bundle(data, build, name="bundle_share", lower=0.0, column="given")


@rows("bundle_taker")
def bundle_taker(data: PlanningData, build: ProblemBuilder) -> None:
    """`given[b,g,n] ≤ Σ_m deliveries of m to g / quantity`: a rebate goes to those who buy members."""
    bundles, given = data.terms.bundles, build.columns["given"]
    family = build.add_rows("bundle_taker", given.coordinates, count=given.count, lower=0.0)
    build.add_entries(family.numbers, given.numbers, -1.0)
    at = family.lookup(bundles.count, data.budgets.fits.shape[1], data.tree.n_nodes)
    column, pair, node = deliveries(data, build)
    product, group = data.pairs.product[pair], data.requirements.group[data.pairs.requirement[pair]]
    is_sellers = data.products.operator[product] == SELLER
    for bundle, system, quantity in zip(bundles.bundle, bundles.system, bundles.quantity, strict=True):
        row = at[bundle, group, node]
        chosen = is_sellers & (data.products.system[product] == system) & (row >= 0)
        build.add_entries(row[chosen], column[chosen], 1.0 / quantity)


def _of_bundle(data: PlanningData, build: ProblemBuilder, *, name: str, lower: float, column: str) -> None:
    bundle, node = _in_their_year(data, np.arange(data.terms.bundles.count))
    is_share = column == "given"
    family = build.add_rows(
        name,
        {"bundle": bundle, "node": node},
        count=len(bundle),
        lower=lower,
        upper=0.0 if is_share else np.inf,
    )
    at = family.lookup(data.terms.bundles.count, data.tree.n_nodes)
    summed = build.columns[column]
    of = summed.coordinates["bundle"] if is_share else data.terms.bundles.bundle[summed.coordinates["member"]]
    build.add_entries(at[of, summed.coordinates["node"]], summed.numbers, 1.0)
    if is_share:
        build.add_entries(family.numbers, build.columns["sets"].numbers, -1.0)


def _add_units(data: PlanningData, build: ProblemBuilder, at: IntArray) -> None:
    """Deliveries of each member by the seller, in its rows."""
    bundles = data.terms.bundles
    column, pair, node = deliveries(data, build)
    product = data.pairs.product[pair]
    is_sellers = data.products.operator[product] == SELLER
    for member, system in enumerate(bundles.system):
        row = at[member, node]
        chosen = is_sellers & (data.products.system[product] == system) & (row >= 0)
        build.add_entries(row[chosen], column[chosen], 1.0)


def _sets_of(data: PlanningData, build: ProblemBuilder, member: IntArray, node: IntArray) -> IntArray:
    numbers = build.columns["sets"].lookup(data.terms.bundles.count, data.tree.n_nodes)
    of: IntArray = numbers[data.terms.bundles.bundle[member], node]
    return of


def _quantity(data: PlanningData) -> FloatArray:
    return data.terms.bundles.quantity


def _most(data: PlanningData) -> FloatArray:
    """(M,) units of each member that can be bought of the seller in the year at most."""
    bundles, product = data.terms.bundles, data.pairs.product
    units = most_without_money(data)
    is_sellers = data.products.operator[product] == SELLER
    return np.array(
        [
            units[is_sellers & (data.products.system[product] == system), bundles.year[bundle]].sum()
            for system, bundle in zip(bundles.system, bundles.bundle, strict=True)
        ],
        dtype=float,
    )


def _takers(data: PlanningData) -> IntArray:
    """(n, 3) bundle, payment group and node of all that may buy a member."""
    bundles = data.terms.bundles
    is_open = np.logical_or.reduceat(data.is_deliverable, data.tree.first_slot, axis=1)
    pair, node = np.nonzero(is_open)
    product = data.pairs.product[pair]
    is_sellers = data.products.operator[product] == SELLER
    found = [np.empty((0, 3), dtype=np.int64)]
    for system, bundle in zip(bundles.system, bundles.bundle, strict=True):
        chosen = is_sellers & (data.products.system[product] == system)
        chosen &= data.tree.stage[node] == bundles.year[bundle]
        group = data.requirements.group[data.pairs.requirement[pair[chosen]]]
        found.append(np.stack([np.full(len(group), bundle), group, node[chosen]], axis=1))
    unique: IntArray = np.unique(np.concatenate(found), axis=0)
    return unique


def _in_their_year(data: PlanningData, numbers: IntArray) -> tuple[IntArray, IntArray]:
    at, node = np.nonzero(data.terms.bundles.year[numbers][:, None] == data.tree.stage[None, :])
    return numbers[at], node


def _members_in_their_year(data: PlanningData) -> tuple[IntArray, IntArray]:
    bundles = data.terms.bundles
    member, node = np.nonzero(bundles.year[bundles.bundle][:, None] == data.tree.stage[None, :])
    return member, node

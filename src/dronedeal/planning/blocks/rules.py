"""Composition rules: what single deliveries cost, what they sum up to in a year, which systems are bought."""

from __future__ import annotations

import numpy as np

from dronedeal.planning.blocks.delivery import deliveries
from dronedeal.planning.blocks.registry import columns, rows, utility
from dronedeal.planning.blocks.violations import add_violation
from dronedeal.planning.contracts import most_without_money
from dronedeal.planning.data import BUYER, PlanningData
from dronedeal.planning.data_rules import BoolArray
from dronedeal.planning.problem import Family, ProblemBuilder
from dronedeal.planning.tree import FloatArray, IntArray


def held_nodes(data: PlanningData, is_held: BoolArray) -> BoolArray:
    """(n_rules, n_nodes) whether each rule holds in some month of the node."""
    held: BoolArray = np.logical_or.reduceat(is_held[:, data.tree.slot_month], data.tree.first_slot, axis=1)
    return held


def settled_nodes(data: PlanningData) -> BoolArray:
    """(C, n_nodes) nodes in which each choice is settled: the last ones in which it holds."""
    held = held_nodes(data, data.rules.choices.is_held)
    stage = np.where(held, data.tree.stage, -1)
    last: BoolArray = held & (stage == stage.max(axis=1, keepdims=True, initial=-1))
    return last


def _terms(data: PlanningData, *, is_hard: bool) -> tuple[IntArray, IntArray, FloatArray, FloatArray]:
    """Rule, node, most by which it can be broken there and price of that, of all rules that sum up."""
    shares, choices = data.rules.shares, data.rules.choices
    share, node = np.nonzero(held_nodes(data, shares.is_held) & (shares.is_hard == is_hard)[:, None])
    year = data.tree.case[node]
    choice, last = np.nonzero(settled_nodes(data) & (choices.is_hard == is_hard)[:, None])
    options = np.bincount(choices.choice, minlength=choices.count)[choice]
    beyond = np.where(choices.is_at_least[choice], choices.limit[choice], options - choices.limit[choice])
    return (
        np.concatenate([shares.rule[share], choices.rule[choice]]),
        np.concatenate([node, last]),
        np.concatenate([shares.most[share, year], beyond]),
        np.concatenate([shares.price[share, year], choices.price[choice]]),
    )


@columns("bought")
def bought(data: PlanningData, build: ProblemBuilder) -> None:
    """`bought[ρ,i,n] ∈ {0,1}`: a system that a choice names has been bought by the end of the node."""
    choices = data.rules.choices
    option, node = np.nonzero(held_nodes(data, choices.is_held)[choices.choice])
    coordinates = {
        "rule": choices.rule[choices.choice[option]],
        "system": choices.system[option],
        "node": node,
    }
    build.add_columns("bought", coordinates, node=node, upper=1.0, is_integer=True)


@columns("rule_short")
def rule_short(data: PlanningData, build: ProblemBuilder) -> None:
    """`short[ρ,n] ≥ 0`: units, millions or systems by which a priced work share, mix or choice is broken."""
    rule, node, _, _ = _terms(data, is_hard=False)
    build.add_columns("rule_short", {"rule": rule, "node": node}, node=node)


@columns("rule_violation")
def rule_violation(data: PlanningData, build: ProblemBuilder) -> None:
    """`v[ρ,n] ≥ 0`: units, millions or systems by which a hard work share, mix or choice is broken."""
    rule, node, beyond, _ = _terms(data, is_hard=True)
    add_violation(build, "rule", {"rule": rule, "node": node}, beyond)


@rows("rule_share")
def rule_share(data: PlanningData, build: ProblemBuilder) -> None:
    """`Σ numerator + v ≥ limit · Σ denominator` of a work share or mix in a year; at most: `− v ≤`.

    Deliveries count by the unit or at their price in millions; `v` is the violation or what is short.
    """
    shares, tree = data.rules.shares, data.tree
    share, node = np.nonzero(held_nodes(data, shares.is_held))
    is_at_least = shares.is_at_least[share]
    family = build.add_rows(
        "rule_share",
        {"rule": shares.rule[share], "node": node},
        count=len(share),
        lower=np.where(is_at_least, 0.0, -np.inf),
        upper=np.where(is_at_least, np.inf, 0.0),
    )
    at = np.full((shares.count, tree.n_nodes), -1, dtype=np.int64)
    at[share, node] = family.numbers
    _add_broken(build, family, np.where(is_at_least, 1.0, -1.0))
    column, pair, node, month = held_deliveries(data, build)
    price = data.prices.price[data.pairs.product[pair], tree.case[node]]
    for number in range(shares.count):
        counts = shares.denominator[number, pair] & shares.is_held[number, month]
        factor = shares.numerator[number, pair] - shares.limit[number]
        value = factor * price if shares.in_value[number] else factor
        build.add_entries(at[number, node[counts]], column[counts], value[counts])


def held_deliveries(
    data: PlanningData, build: ProblemBuilder
) -> tuple[IntArray, IntArray, IntArray, IntArray]:
    """Column, pair, node and month of everything delivered; of a whole year's, its first month.

    What is delivered by the year is in the same rules in every month of it.
    """
    column, pair, node = deliveries(data, build)
    slot = build.columns["ship"].coordinates["slot"]
    month = data.tree.first_month[node].copy()
    month[: len(slot)] = data.tree.slot_month[slot]
    return column, pair, node, month


def _add_broken(build: ProblemBuilder, family: Family, sign: FloatArray) -> None:
    """Let each row be broken by its violation, or by what is short, at their price."""
    place = list(zip(*(axis.tolist() for axis in family.coordinates.values()), strict=True))
    number_of = dict(zip(place, family.numbers.tolist(), strict=True))
    sign_of = dict(zip(place, sign.tolist(), strict=True))
    for name in ("rule_short", "rule_violation"):
        broken = build.columns[name]
        keys = zip(*(axis.tolist() for axis in broken.coordinates.values()), strict=True)
        found = [
            (number_of[key], column, sign_of[key])
            for key, column in zip(keys, broken.numbers, strict=True)
            if key in number_of
        ]
        build.add_entries(
            np.array([row for row, _, _ in found], dtype=np.int64),
            np.array([column for _, column, _ in found], dtype=np.int64),
            np.array([value for _, _, value in found], dtype=float),
        )


@rows("choice_delivery")
def choice_delivery(data: PlanningData, build: ProblemBuilder) -> None:
    """`Σ deliveries of i in the year ≤ M · bought[ρ,i,n]` of a choice of at most so many systems.

    `M` is the most that its contract quantities of the year can add up to.
    """
    _sum_of_option(data, build, name="choice_delivery", is_at_least=False)


@rows("choice_real")
def choice_real(data: PlanningData, build: ProblemBuilder) -> None:
    """`bought[ρ,i,n] − bought[ρ,i,parent] ≤ Σ deliveries of i in the year`, of a choice of at least so many.

    A system is bought once a year brings one unit of it.
    """
    family = _sum_of_option(data, build, name="choice_real", is_at_least=True)
    _add_previous(data, build, family, sign=1.0)


def _sum_of_option(data: PlanningData, build: ProblemBuilder, *, name: str, is_at_least: bool) -> Family:
    """Rows that tie `bought` of each option to its deliveries in a node: M·bought or one unit."""
    choices, tree = data.rules.choices, data.tree
    chosen = held_nodes(data, choices.is_held)[choices.choice]
    option, node = np.nonzero(chosen & (choices.is_at_least == is_at_least)[choices.choice][:, None])
    rule = choices.rule[choices.choice[option]]
    family = build.add_rows(
        name, {"rule": rule, "system": choices.system[option], "node": node}, count=len(option), upper=0.0
    )
    most_units = choices.pairs.astype(float) @ most_without_money(data)
    size = np.ones(len(option)) if is_at_least else -most_units[option, tree.case[node]]
    build.add_entries(family.numbers, _bought_at(data, build)[rule, choices.system[option], node], size)
    at = np.full(chosen.shape, -1, dtype=np.int64)
    at[option, node] = family.numbers
    column, pair, delivered, month = held_deliveries(data, build)
    for number in np.unique(option).tolist():
        counts = choices.pairs[number, pair] & choices.is_held[choices.choice[number], month]
        build.add_entries(at[number, delivered[counts]], column[counts], -1.0 if is_at_least else 1.0)
    return family


def _bought_at(data: PlanningData, build: ProblemBuilder) -> IntArray:
    """(rules, systems, nodes) columns of `bought`; -1 where there is none."""
    shape = len(data.labels["rule"]), len(data.labels["system"]), data.tree.n_nodes
    return build.columns["bought"].lookup(*shape)


def _add_previous(data: PlanningData, build: ProblemBuilder, family: Family, *, sign: float) -> None:
    """Take off what has been bought by the end of the parent node already."""
    rule, system, node = family.coordinates.values()
    parent = data.tree.parent[node]
    before = _bought_at(data, build)[rule, system, parent]
    has_before = (parent >= 0) & (before >= 0)
    build.add_entries(family.numbers[has_before], before[has_before], -sign)


@rows("choice_kept")
def choice_kept(data: PlanningData, build: ProblemBuilder) -> None:
    """`bought[ρ,i,parent] ≤ bought[ρ,i,n]`: what has been bought stays bought."""
    choices = data.rules.choices
    held = held_nodes(data, choices.is_held)
    parent = data.tree.parent
    has_parent = held & (parent >= 0)[None, :] & held[:, parent]
    option, node = np.nonzero(has_parent[choices.choice])
    rule = choices.rule[choices.choice[option]]
    coordinates = {"rule": rule, "system": choices.system[option], "node": node}
    family = build.add_rows("choice_kept", coordinates, count=len(option), lower=0.0)
    build.add_entries(family.numbers, _bought_at(data, build)[rule, choices.system[option], node], 1.0)
    _add_previous(data, build, family, sign=1.0)


@rows("choice_limit")
def choice_limit(data: PlanningData, build: ProblemBuilder) -> None:
    """`Σ_i bought[ρ,i,n] − v ≤ limit` at the end of every path, or `+ v ≥ limit`."""
    choices = data.rules.choices
    choice, node = np.nonzero(settled_nodes(data))
    is_at_least, limit = choices.is_at_least[choice], choices.limit[choice]
    family = build.add_rows(
        "choice_limit",
        {"rule": choices.rule[choice], "node": node},
        count=len(choice),
        lower=np.where(is_at_least, limit, -np.inf),
        upper=np.where(is_at_least, np.inf, limit),
    )
    _add_broken(build, family, np.where(is_at_least, 1.0, -1.0))
    at = _bought_at(data, build)
    for row, number, last in zip(family.numbers.tolist(), choice.tolist(), node.tolist(), strict=True):
        systems = choices.system[choices.choice == number]
        build.add_entries(np.full(len(systems), row), at[choices.rule[number], systems, last], 1.0)


@utility("rule_penalties")
def rule_penalties(data: PlanningData, build: ProblemBuilder) -> None:
    """Buyer: `− δ(last) · Σ violation_price · (excess · delivery + short)` of each year."""
    tree = data.tree
    column, pair, node, month = held_deliveries(data, build)
    slot = tree.first_slot[node] + month - tree.first_month[node]
    cost = data.rules.penalty[pair, tree.slot_case[slot]]
    has_cost = cost > 0
    build.add_flow(BUYER, column[has_cost], -cost[has_cost], slot=tree.last_slot[node[has_cost]])
    short = build.columns["rule_short"]
    _, last, _, price = _terms(data, is_hard=False)
    build.add_flow(BUYER, short.numbers, -price, slot=tree.last_slot[last])

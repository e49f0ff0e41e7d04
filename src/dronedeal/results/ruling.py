"""How a plan stands to the composition rules, worked out again from its decisions."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property

import numpy as np

from dronedeal.deal.terms import Rule
from dronedeal.planning.blocks.rules import held_nodes, settled_nodes
from dronedeal.planning.tree import FloatArray
from dronedeal.results.reading import Reading

# Shares and sums of a solution are as exact as the solver; what is short by less is not short.
_NOISE = 1e-6


@dataclass(frozen=True, slots=True)
class Standing:
    """A rule that sums up deliveries, in one node.

    Parameters
    ----------
    rule : row of `rules`
    node : of the tree, the last one of a choice
    measured : share, or number of systems bought; None where nothing is delivered that it speaks of
    broken : units, millions or systems by which it is broken
    price : million for each of them, 0 of a hard rule
    whole : the size of the rule in the same unit, the measure of rounding
    """

    rule: int
    node: int
    measured: float | None
    broken: float
    price: float
    whole: float


def broken_unit(rule: Rule, currency: str) -> str:
    """Unit in which a rule that sums up deliveries is broken."""
    if rule.kind == "either_or":
        return "systems"
    return currency if rule.measure == "value" else "units"


def is_at_most(rule: Rule) -> bool:
    """Whether the limit of a rule that sums up deliveries is the most that it allows."""
    return (rule.direction or ("at_most" if rule.kind == "either_or" else "at_least")) == "at_most"


class Ruling:
    """The rules of a deal beside what a plan delivers."""

    def __init__(self, reading: Reading) -> None:
        self.reading = reading
        self.data = reading.data
        self.tree = reading.data.tree

    def of(self, standing: Standing) -> Rule:
        """The row of the deal."""
        return self.reading.deal.rules[standing.rule]

    @cached_property
    def standings(self) -> tuple[Standing, ...]:
        """Every work share, mix and choice in every node in which it is settled."""
        return (*self._shares(), *self._choices())

    def _shares(self) -> Iterator[Standing]:
        shares = self.data.rules.shares
        held = held_nodes(self.data, shares.is_held)
        price = self.data.prices.price[self.data.pairs.product][:, self.tree.stage[self.tree.slot_node]]
        for number, node in np.argwhere(held).tolist():
            year = int(self.tree.stage[node])
            slots = (self.tree.slot_node == node) & shares.is_held[number, self.tree.slot_month]
            weight = price if shares.in_value[number] else np.ones_like(price)
            taken = (self.reading.ship * weight)[:, slots].sum(axis=1)
            part = float(taken[shares.numerator[number]].sum())
            whole = float(taken[shares.denominator[number]].sum())
            short = float(shares.limit[number]) * whole - part
            short = short if shares.is_at_least[number] else -short
            yield Standing(
                rule=int(shares.rule[number]),
                node=node,
                measured=part / whole if whole > 0 else None,
                broken=short if short > _NOISE * whole else 0.0,
                price=float(shares.price[number, year]),
                whole=whole,
            )

    def _choices(self) -> Iterator[Standing]:
        choices = self.data.rules.choices
        for number, node in np.argwhere(settled_nodes(self.data)).tolist():
            options = np.flatnonzero(choices.choice == number)
            is_at_least = bool(choices.is_at_least[number])
            bought = sum(self._is_bought(int(option), node, whole_unit=is_at_least) for option in options)
            beyond = float(choices.limit[number]) - bought
            yield Standing(
                rule=int(choices.rule[number]),
                node=node,
                measured=float(bought),
                broken=max(0.0, beyond if is_at_least else -beyond),
                price=float(choices.price[number]),
                whole=float(len(options)),
            )

    def _is_bought(self, option: int, node: int, *, whole_unit: bool) -> bool:
        """Whether a system is delivered on the path to a node: at all, or a unit of it in some year."""
        choices = self.data.rules.choices
        held = choices.is_held[choices.choice[option], self.tree.slot_month]
        units = self.reading.ship[choices.pairs[option]].sum(axis=0) * held
        yearly = np.add.reduceat(units, self.tree.first_slot)
        most = max(float(yearly[each]) for each in self._path(node))
        return most > (1.0 - _NOISE if whole_unit else 0.0)

    def _path(self, node: int) -> list[int]:
        path = [node]
        while self.tree.parent[path[-1]] >= 0:
            path.append(int(self.tree.parent[path[-1]]))
        return path

    @cached_property
    def unit_cost(self) -> FloatArray:
        """(pairs, slots) million that priced rules ask for one unit."""
        cost: FloatArray = self.data.rules.penalty[:, self.tree.slot_month]
        return cost

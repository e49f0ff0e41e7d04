"""Arrays of the composition rules: what they cost or close delivery by delivery, and what they sum up."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from dronedeal.planning.tree import FloatArray, IntArray

BoolArray = np.ndarray[tuple[int, ...], np.dtype[np.bool_]]


@dataclass(frozen=True)
class ShareData:
    """Work shares and mixes that hold in some month of the plan.

    rule : (Q,) row of `rules`; limit : (Q,) share; is_at_least, is_hard : (Q,); in_value : (Q,) deliveries
    count by their price in millions, not by the unit; numerator, denominator : (Q, P) pairs whose
    deliveries count; is_held : (Q, T) months; price : (Q, Y) million per unit, or per million in value,
    that is short, 0 of a hard rule; most : (Q, Y) most by which a hard rule can be broken, same unit
    """

    rule: IntArray
    limit: FloatArray
    is_at_least: BoolArray
    is_hard: BoolArray
    in_value: BoolArray
    numerator: BoolArray
    denominator: BoolArray
    is_held: BoolArray
    price: FloatArray
    most: FloatArray

    @property
    def count(self) -> int:
        """Number of rules."""
        return len(self.rule)


@dataclass(frozen=True)
class ChoiceData:
    """Choices among systems, and the systems of each.

    rule : (C,) row of `rules`; limit : (C,) systems; is_at_least, is_hard : (C,); is_held : (C, T) months;
    price : (C,) million per system too many or too few, 0 of a hard rule; choice, system : (S,) the choice
    that a system is an option of; pairs : (S, P) its deliveries
    """

    rule: IntArray
    limit: FloatArray
    is_at_least: BoolArray
    is_hard: BoolArray
    is_held: BoolArray
    price: FloatArray
    choice: IntArray
    system: IntArray
    pairs: BoolArray

    @property
    def count(self) -> int:
        """Number of choices."""
        return len(self.rule)


@dataclass(frozen=True)
class RuleData:
    """Composition rules.

    penalty : (P, T) million per unit of a pair delivered in a month, what priced rules on origin, content,
    price and permits ask for it; is_barred : (P, T) whether a hard price cap forbids the delivery
    """

    penalty: FloatArray
    is_barred: BoolArray
    shares: ShareData
    choices: ChoiceData

    @property
    def sums(self) -> Iterator[tuple[BoolArray, BoolArray]]:
        """(T,) months and (P,) pairs of each rule that adds up deliveries."""
        yield from zip(self.shares.is_held, self.shares.denominator, strict=True)
        yield from zip(self.choices.is_held[self.choices.choice], self.choices.pairs, strict=True)

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


@dataclass(frozen=True)
class SubstituteData:
    """Substitutes of parts, and the deliveries that must be made with them.

    product, part, substitute : (W,) product, and rows of `components`; quantity : (W,) parts in a unit;
    cost : (W,) million that a unit made with the substitute costs more; duty_product, duty_part : (D,)
    product and part that duties are about; counted : (D, P, T) deliveries that need a substitute of the
    duty; serves : (D, W) substitutes that do; is_barred : (P, T) no substitute keeps all rules at once
    """

    product: IntArray
    part: IntArray
    substitute: IntArray
    quantity: FloatArray
    cost: FloatArray
    duty_product: IntArray
    duty_part: IntArray
    counted: BoolArray
    serves: BoolArray
    is_barred: BoolArray

    @property
    def count(self) -> int:
        """Number of products × parts × substitutes."""
        return len(self.product)

    @property
    def sums(self) -> Iterator[tuple[BoolArray, BoolArray]]:
        """(T,) months and (P,) pairs of deliveries that a duty counts, months of one pair at a time."""
        for counts in self.counted:
            for months in np.unique(counts[counts.any(axis=1)], axis=0):
                yield months, (counts == months).all(axis=1)

"""Arrays of the composition rules: what they cost or close delivery by delivery, and what they sum up."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from dronedeal.planning.tree import FloatArray

BoolArray = np.ndarray[tuple[int, ...], np.dtype[np.bool_]]


@dataclass(frozen=True)
class RuleData:
    """Composition rules.

    penalty : (P, T) million per unit of a pair delivered in a month, what priced rules on origin, content,
    price and permits ask for it; is_barred : (P, T) whether a hard price cap forbids the delivery
    """

    penalty: FloatArray
    is_barred: BoolArray

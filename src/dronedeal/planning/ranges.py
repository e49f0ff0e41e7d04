"""Between what the output of products and of learning groups lies, and how one limit narrows the others."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np

from dronedeal.planning.tree import FloatArray, Tree


@dataclass(frozen=True)
class Ranges:
    """Between what the units started so far lie at the end of each slot.

    own_lower, own_upper : (Q, n_slots) of each curve; group_lower, group_upper : (N, n_slots) of all curves
    of a learning group together
    """

    own_lower: FloatArray
    own_upper: FloatArray
    group_lower: FloatArray
    group_upper: FloatArray

    def with_group(self, lower: FloatArray, upper: FloatArray, *, tree: Tree, most: FloatArray) -> Ranges:
        """The same with further limits of the groups.

        What was started by the end of a month limits what was started before and after it: totals do not
        fall, and rise by no more than the capacity of each month.

        Parameters
        ----------
        lower, upper : (N, n_slots) units started so far
        most : (N, n_slots) units that can be started in a slot
        """
        lower, upper = _settled(
            np.maximum(self.group_lower, lower), np.minimum(self.group_upper, upper), tree=tree, most=most
        )
        return replace(self, group_lower=lower, group_upper=upper)

    def with_own(self, lower: FloatArray, upper: FloatArray, *, tree: Tree, most: FloatArray) -> Ranges:
        """The same with further limits of the products; see `with_group`."""
        lower, upper = _settled(
            np.maximum(self.own_lower, lower), np.minimum(self.own_upper, upper), tree=tree, most=most
        )
        return replace(self, own_lower=lower, own_upper=upper)


def _settled(
    lower: FloatArray, upper: FloatArray, *, tree: Tree, most: FloatArray
) -> tuple[FloatArray, FloatArray]:
    """Both limits, narrowed by those of all other months on their paths."""
    capacity = tree.so_far(most)
    lower = tree.highest_so_far(np.maximum(lower, 0.0))
    upper = tree.lowest_ahead(upper)
    # From the limits of a month by the capacity of all months between.
    lower = np.maximum(lower, capacity - tree.lowest_ahead(capacity - lower))
    upper = np.minimum(upper, capacity + _lowest_so_far(upper - capacity, tree))
    return np.minimum(lower, upper), upper


def _lowest_so_far(amount: FloatArray, tree: Tree) -> FloatArray:
    return -tree.highest_so_far(-amount)

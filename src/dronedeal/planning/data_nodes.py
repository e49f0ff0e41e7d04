"""Figures that differ from node to node of a scenario tree; axes and units as in `planning/data.py`."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, TypeVar

import numpy as np
import numpy.typing as npt

from dronedeal.planning.tree import FloatArray, IntArray

if TYPE_CHECKING:
    from dronedeal.planning.data import PlanningData

Number = TypeVar("Number", bound=np.generic)


@dataclass(frozen=True)
class NodeFigures:
    """What is in force in each node `N`.

    initial, step_size : (L, N) load units a month × availability; first, last : (P, N) first and last month
    in which a pair is open; work_months : (W, N) that integration work takes; rebate : (I, N) million per
    unit of a tier. Of what is fixed as its own fiscal year begins, the node is the one in which it does:
    home : (H, N) units of an own need; budget : (B, N) million then-year; supply : (C, N) parts.
    work_leads : the lengths that each work can have in some node, shortest first; room : (R, N) effective
    units of a stock that a node leaves room for, where the tree is part of a larger one; None: the tree says
    """

    initial: FloatArray
    step_size: FloatArray
    first: IntArray
    last: IntArray
    work_months: IntArray
    rebate: FloatArray
    home: FloatArray
    budget: FloatArray
    supply: FloatArray
    work_leads: tuple[tuple[int, ...], ...]
    room: FloatArray | None = None

    @staticmethod
    def same_everywhere(data: PlanningData) -> NodeFigures:
        """The figures of planning data that are the same in every node."""
        count = data.tree.n_nodes
        months = data.works.months
        return NodeFigures(
            initial=_repeated(data.lines.initial, count),
            step_size=_repeated(data.lines.step_size, count),
            first=_repeated(data.pairs.first, count),
            last=_repeated(data.pairs.last, count),
            work_months=_repeated(months, count),
            rebate=_repeated(data.terms.tiers.rebate, count),
            home=_repeated(data.home.quantity, count),
            budget=_repeated(data.budgets.amount, count),
            supply=_repeated(data.components.limit, count),
            work_leads=tuple((length,) for length in months.tolist()),
        )


def _repeated(figure: npt.NDArray[Number], count: int) -> npt.NDArray[Number]:
    return np.repeat(figure[:, None], count, axis=1)

"""Questions of bargaining in numbers that a solver likes."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from dronedeal.negotiation.evaluator import Question, goal_rows
from dronedeal.planning.data import MONEY_UNIT
from dronedeal.solving.aim import Aim


@dataclass(frozen=True)
class ScaledQuestion:
    """A question in numbers that a solver likes: the aim, and what one unit of it is worth of the goal."""

    aim: Aim
    unit: float

    def bound(self, bound: float) -> float:
        """A bound of the aim as one of the goal."""
        return bound * self.unit


def scaled(question: Question) -> ScaledQuestion:
    """A question in million, each part of its goal in a unit in which its steepest piece has the slope 1."""
    rows = goal_rows(question)
    size = rows.rows * np.where(np.arange(rows.rows.shape[1]) < 2, MONEY_UNIT, 1.0)
    lower, objective = rows.lower.copy(), rows.objective.copy()
    objective[:2] *= MONEY_UNIT
    for part in range(2, len(objective)):
        bounding = size[:, part] < 0
        unit = float(np.abs(size[bounding, :2]).max())
        size[bounding, :2] /= unit
        lower[bounding] /= unit
        objective[part] *= unit
    for keep in np.flatnonzero(~(size[:, 2:] < 0).any(axis=1)):
        unit = float(np.abs(size[keep, :2]).max()) or 1.0
        size[keep] /= unit
        lower[keep] /= unit
    unit = float(np.abs(objective).max()) or 1.0
    floors = np.array(question.floors) / MONEY_UNIT
    return ScaledQuestion(Aim(objective / unit, rows.constant / unit, size, lower, floors), unit)

"""Factors that do nothing but multiply figures: arrays of a state from those of another one."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

import numpy as np

from dronedeal.deal import Deal
from dronedeal.deal.scenario_tree import Outcome, Varied
from dronedeal.planning.data import PlanningData
from dronedeal.planning.scenarios.under import Outcomes, multiplier
from dronedeal.planning.tree import FloatArray

# Factors that multiply figures which no other array is made of.
SCALES = frozenset({"buyer_need", "home_need", "line_outage", "component_supply", "budget"})


def without_scales(state: Outcomes) -> dict[Varied, Outcome]:
    """What is in force of the factors that change more than the figures which they multiply."""
    return {varied: outcome for varied, outcome in state.items() if varied.factor not in SCALES}


def scaled(data: PlanningData, deal: Deal, state: Outcomes) -> PlanningData:
    """Arrays with their figures as they turn out, where that is nothing but a multiplication.

    Needs, own needs, supplies, budgets and output of lines of a deal arranged anew come to the same.

    Parameters
    ----------
    data : arranged for the rest of the state, as if it held from the first month to the last
    deal : as stated
    state : everything that is in force
    """
    if not any(varied.factor in SCALES for varied, outcome in state.items() if outcome.multiplier != 1.0):
        return data

    def by(factor: str, subjects: Iterable[tuple[str, ...]]) -> FloatArray:
        return np.array([multiplier(state, factor, *each) for each in subjects], dtype=np.float64)

    need = by("buyer_need", ((row.id, row.branch) for row in deal.requirements))[:, None]
    output = by("line_outage", ((row.id,) for row in deal.lines))
    needs, lines, curves = data.requirements, data.lines, data.curves
    return replace(
        data,
        requirements=replace(needs, threshold=needs.threshold * need, objective=needs.objective * need),
        home=replace(
            data.home,
            quantity=data.home.quantity * by("home_need", ((row.id,) for row in deal.home_needs)),
        ),
        lines=replace(lines, initial=lines.initial * output, step_size=lines.step_size * output),
        curves=replace(curves, most=curves.most * output[curves.line][:, None]),
        components=replace(
            data.components,
            limit=data.components.limit
            * by("component_supply", ((row.component,) for row in deal.component_supply)),
        ),
        budgets=replace(
            data.budgets, amount=data.budgets.amount * by("budget", ((row.branch,) for row in deal.budgets))
        ),
    )

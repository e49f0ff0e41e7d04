"""Plans that weigh the worst scenarios beside the mean of all, and what that changes."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np

from dronedeal.deal import Deal
from dronedeal.planning import Model, build_problem
from dronedeal.planning.data import MONEY_UNIT
from dronedeal.planning.scenarios.by_node import OnTree, along
from dronedeal.results.assemble import make_plan
from dronedeal.results.reading import Reading
from dronedeal.results.scenarios.path import path_columns, path_of
from dronedeal.results.scenarios.record import Risk
from dronedeal.results.scenarios.risk import risk_table
from dronedeal.results.scenarios.tables import Scenario
from dronedeal.results.shape import Row
from dronedeal.solving import Outcome, Part, SolveOptions, Tail, tail_worth


def parts_of(placed: OnTree, model: Model) -> list[Part]:
    """Every scenario as a problem of its own, with the tree's columns behind its own."""
    parts = []
    for leaf in placed.tree.leaves:
        own = build_problem(along(placed.data, leaf))
        column = path_columns(model.problem, own, placed.data, leaf=leaf)
        parts.append(Part(placed.tree.nodes[leaf].probability, own, column))
    return parts


def half_of_time(options: SolveOptions) -> SolveOptions:
    """The options of the plan that is best on average, where another one is made after it.

    >>> half_of_time(SolveOptions(time_limit=60.0)).time_limit
    30.0
    """
    limit = options.time_limit
    return options if limit is None else replace(options, time_limit=limit / 2)


def rest_of_time(options: SolveOptions, seconds: float) -> SolveOptions:
    """The options of the plan that weighs the worst, once so many seconds have gone.

    >>> rest_of_time(SolveOptions(time_limit=60.0), 25.0).time_limit
    35.0
    """
    limit = options.time_limit
    return options if limit is None else replace(options, time_limit=max(0.0, limit - seconds))


@dataclass(frozen=True)
class Weighed:
    """How the worst scenarios were weighed, and what it changed.

    Parameters
    ----------
    deal, placed, model : what was planned
    tail : which worst scenarios count
    parts : every scenario
    first : the plan that is best on average
    """

    deal: Deal
    placed: OnTree
    model: Model
    tail: Tail
    parts: list[Part]
    first: Outcome

    def risk(self) -> Risk:
        """How the worst scenarios were weighed, and what the plan that is best on average is worth so."""
        values = Reading(self.deal, self.model, self.first).values
        chances = np.array([part.probability for part in self.parts])
        worth = np.array([part.worth(values) for part in self.parts])
        before = tail_worth(self.first.kind, self.tail, chances, worth)
        return Risk(self.tail.share, self.tail.of, self.tail.weight, before * MONEY_UNIT)

    def table(self, after: Sequence[Scenario]) -> tuple[Row, ...]:
        """The table `risk`.

        Parameters
        ----------
        after : every scenario of the plan that weighs the worst
        """
        values = Reading(self.deal, self.model, self.first).values
        before = []
        for leaf in self.placed.tree.leaves:
            path = path_of(self.deal, self.placed, self.model.problem, values, leaf=leaf)
            made = make_plan(
                path.model, path.outcome, path.deal, path.assessment, options=SolveOptions(), versions={}
            )
            node = self.placed.tree.nodes[leaf]
            before.append(Scenario(path, made, node.name, node.probability))
        return risk_table(before, after, share=self.tail.share)

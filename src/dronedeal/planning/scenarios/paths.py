"""The arrays of a deal along single paths, each state arranged once, however many paths pass it."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable, Hashable, Iterable, Sequence
from dataclasses import replace
from threading import Lock
from typing import TypeVar

import numpy as np

from dronedeal.assessment import Assessment
from dronedeal.deal import Deal
from dronedeal.deal.scenario_tree import Varied
from dronedeal.planning.arrange import arrange
from dronedeal.planning.data import PlanningData
from dronedeal.planning.scenarios.by_node import OnTree, all_eligible, merged
from dronedeal.planning.scenarios.fresh import State, multipliers, path_tree
from dronedeal.planning.scenarios.under import Matching, multiplier, state_deal, years_of
from dronedeal.planning.tree import FloatArray

Found = TypeVar("Found")
StateKey = tuple[tuple[Varied, float], ...]
# So many states are kept: those that many paths share are asked for again and again.
_KEPT = 512


def state_key(state: State) -> StateKey:
    """What a state changes, so that states alike in all figures are one."""
    return tuple(sorted(multipliers(state).items()))


class Kept:
    """Results by their key, the last used ones; several threads may ask at once.

    Parameters
    ----------
    most : results that are kept
    """

    def __init__(self, most: int = _KEPT) -> None:
        self._most = most
        self._found: OrderedDict[Hashable, object] = OrderedDict()
        self._lock = Lock()

    def get(self, key: Hashable, make: Callable[[], Found]) -> Found:
        """The result of a key, made now where it is not known."""
        with self._lock:
            if key in self._found:
                self._found.move_to_end(key)
                return self._found[key]  # type: ignore[return-value]  # made by a function of the same key
        found = make()
        with self._lock:
            self._found[key] = found
            while len(self._found) > self._most:
                self._found.popitem(last=False)
        return found


class PathArrays:
    """Arrays of a deal along paths.

    Parameters
    ----------
    deal : a deal that passed its checks
    """

    def __init__(self, deal: Deal) -> None:
        self.deal = deal
        self.years = years_of(deal).buyer
        self._matching = Matching(deal)
        self._assessed = Kept()
        self._arranged = Kept()

    def along(self, states: Sequence[State]) -> OnTree:
        """The deal on a tree of one path.

        Parameters
        ----------
        states : in force in each fiscal year of the buyer
        """
        keys = [state_key(state) for state in states]
        assessments = all_eligible([self._under(state, key) for state, key in zip(states, keys, strict=True)])
        eligible = frozenset(
            (each.requirement, each.system) for each in assessments[0].pairings if each.is_eligible
        )

        def arranged(state: State, assessment: Assessment) -> PlanningData:
            rest = without_scales(state)
            return self._arranged.get(
                (state_key(rest), eligible), lambda: arrange(state_deal(self.deal, rest), assessment)
            )

        of_node = [
            scaled(arranged(state, assessment), self.deal, state)
            for state, assessment in zip(states, assessments, strict=True)
        ]
        tree = path_tree(self.years.names, states)
        return OnTree(tree, merged(of_node, tree, self.years), tuple(assessments))

    def _under(self, state: State, key: StateKey) -> Assessment:
        return self._assessed.get(key, lambda: self._matching.under(state))


# Factors that multiply figures which no other array is made of.
SCALES = frozenset({"buyer_need", "home_need", "line_outage", "component_supply", "budget"})


def without_scales(state: State) -> State:
    """What is in force of the factors that change more than the figures which they multiply."""
    return {varied: outcome for varied, outcome in state.items() if varied.factor not in SCALES}


def scaled(data: PlanningData, deal: Deal, state: State) -> PlanningData:
    """Arrays with their figures as they turn out, where that is nothing but a multiplication.

    Needs, own needs, supplies, budgets and output of lines of a deal arranged anew come to the same.

    Parameters
    ----------
    data : arranged for the rest of the state, as if it held from the first month to the last
    deal : as stated
    state : everything that is in force
    """
    if not any(varied.factor in SCALES for varied in multipliers(state)):
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

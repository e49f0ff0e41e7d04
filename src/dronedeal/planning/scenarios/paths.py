"""The arrays of a deal along single paths, each state arranged once, however many paths pass it."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable, Hashable, Sequence
from threading import Lock
from typing import NamedTuple, TypeVar

from dronedeal.assessment import Assessment
from dronedeal.deal import Deal
from dronedeal.deal.scenario_tree import Varied
from dronedeal.planning.arrange import arrange
from dronedeal.planning.data import PlanningData
from dronedeal.planning.scenarios.by_node import OnTree, all_eligible, merged
from dronedeal.planning.scenarios.fresh import State, multipliers, path_tree
from dronedeal.planning.scenarios.scales import scaled, without_scales
from dronedeal.planning.scenarios.under import Matching, state_deal, years_of

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
        self._matched = Kept()
        self._arranged = Kept()

    def along(self, states: Sequence[State]) -> OnTree:
        """The deal on a tree of one path.

        Parameters
        ----------
        states : in force in each fiscal year of the buyer
        """
        rests = [without_scales(state) for state in states]
        keys = tuple(state_key(rest) for rest in rests)
        matched = self._matched.get(keys, lambda: self._matched_in(rests))

        def arranged(at: int) -> PlanningData:
            return self._arranged.get(
                (keys[at], matched.eligible),
                lambda: arrange(state_deal(self.deal, rests[at]), matched.assessments[at]),
            )

        of_node = [scaled(arranged(at), self.deal, state) for at, state in enumerate(states)]
        tree = path_tree(self.years.names, states)
        return OnTree(tree, merged(of_node, tree, self.years), matched.assessments)

    def _matched_in(self, states: Sequence[State]) -> _Matched:
        assessments = tuple(all_eligible([self._matching.under(state) for state in states]))
        pairings = assessments[0].pairings
        return _Matched(
            assessments,
            frozenset((each.requirement, each.system) for each in pairings if each.is_eligible),
        )


class _Matched(NamedTuple):
    """The matching in each year of a path, and the pairs of requirement and system eligible in any."""

    assessments: tuple[Assessment, ...]
    eligible: frozenset[tuple[str, str]]

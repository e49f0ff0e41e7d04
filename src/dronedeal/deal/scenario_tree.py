"""A tree of scenarios: what can turn out in each fiscal year, and how likely it is.

The root is the first fiscal year of the plan, in which nothing has turned out yet; every further node is
one fiscal year in one of its possible states. A scenario is the path from the root to a leaf.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import NamedTuple

PROBABILITY_TOLERANCE = 1e-9


class Varied(NamedTuple):
    """What varies: a factor of the table `uncertainty` and the row that it is about (`*` for all)."""

    factor: str
    subject: str

    @property
    def words(self) -> str:
        """Factor and subject, such as `budget of army`."""
        return f"{self.factor} of {'all' if self.subject == '*' else self.subject}"


class Outcome(NamedTuple):
    """How something turned out: the name of the outcome, and what the figure is multiplied by."""

    name: str
    multiplier: float


@dataclass(frozen=True)
class ScenarioNode:
    """One fiscal year in one of its possible states.

    Parameters
    ----------
    name : unique in the tree, such as `2028.3`
    parent : number of the node of the year before; -1 for the root
    probability : unconditional, 0 to 1
    outcomes : what is in force in the node, also from earlier years; what is missing is as stated
    """

    name: str
    parent: int
    probability: float
    outcomes: Mapping[Varied, Outcome]


@dataclass(frozen=True)
class ScenarioTree:
    """Nodes with parents first, those of one fiscal year together.

    Raises
    ------
    ValueError
        where parents do not come first, leaves end in different years, or the chances of the nodes that
        follow a node do not add up to its own (within 1e-9); they are never made to fit

    Examples
    --------
    >>> root = ScenarioNode("2027", -1, 1.0, {})
    >>> cut = {Varied("budget", "army"): Outcome("cut", 0.7)}
    >>> nodes = (root, ScenarioNode("2028.1", 0, 0.25, cut), ScenarioNode("2028.2", 0, 0.75, {}))
    >>> tree = ScenarioTree(nodes)
    >>> tree.leaves, round(tree.expected(Varied("budget", "army"), 1), 3)
    ((1, 2), 0.925)
    """

    nodes: tuple[ScenarioNode, ...]

    def __post_init__(self) -> None:
        faults = structure_faults([node.parent for node in self.nodes])
        if faults:
            raise ValueError(faults[0])
        for number, children in enumerate(self.children):
            own = self.nodes[number].probability
            total = sum(self.nodes[child].probability for child in children)
            if children and abs(total - own) > PROBABILITY_TOLERANCE:
                raise ValueError(
                    f"the nodes after '{self.nodes[number].name}' have a chance of {total!r} in all; "
                    f"allowed: {own!r} within {PROBABILITY_TOLERANCE}"
                )
        if self.nodes and abs(self.nodes[0].probability - 1.0) > PROBABILITY_TOLERANCE:
            raise ValueError(f"the root has a chance of {self.nodes[0].probability!r}; allowed: 1")

    @cached_property
    def stage(self) -> tuple[int, ...]:
        """Stage of each node, 0 for the root."""
        stages: list[int] = []
        for node in self.nodes:
            stages.append(0 if node.parent < 0 else stages[node.parent] + 1)
        return tuple(stages)

    @cached_property
    def children(self) -> tuple[tuple[int, ...], ...]:
        """Nodes of the next year after each node."""
        found: list[list[int]] = [[] for _ in self.nodes]
        for number, node in enumerate(self.nodes):
            if node.parent >= 0:
                found[node.parent].append(number)
        return tuple(tuple(each) for each in found)

    @cached_property
    def leaves(self) -> tuple[int, ...]:
        """Nodes of the last fiscal year, one for each scenario."""
        return tuple(number for number, after in enumerate(self.children) if not after)

    @property
    def n_stages(self) -> int:
        """Number of fiscal years."""
        return max(self.stage, default=-1) + 1

    @cached_property
    def varied(self) -> tuple[Varied, ...]:
        """Everything that varies anywhere in the tree, sorted."""
        return tuple(sorted({key for node in self.nodes for key in node.outcomes}))

    def path_to(self, node: int) -> tuple[int, ...]:
        """Nodes from the root to a node, both included."""
        path = [node]
        while self.nodes[path[-1]].parent >= 0:
            path.append(self.nodes[path[-1]].parent)
        return tuple(path[::-1])

    def multiplier(self, node: int, varied: Varied) -> float:
        """Multiplier in force in a node; 1 where nothing is."""
        outcome = self.nodes[node].outcomes.get(varied)
        return 1.0 if outcome is None else outcome.multiplier

    def expected(self, varied: Varied, stage: int) -> float:
        """Expected multiplier in a stage."""
        return sum(
            node.probability * self.multiplier(number, varied)
            for number, node in enumerate(self.nodes)
            if self.stage[number] == stage
        )

    def words(self, leaf: int) -> str:
        """What turns out differently on the way to a leaf, in words; empty where nothing does."""
        seen: dict[Varied, list[str]] = {}
        for number in self.path_to(leaf):
            for key, outcome in sorted(self.nodes[number].outcomes.items()):
                names = seen.setdefault(key, [])
                if not names or names[-1] != outcome.name:
                    names.append(outcome.name)
        return "; ".join(f"{key.words}: {', then '.join(names)}" for key, names in seen.items())


def structure_faults(parents: Sequence[int]) -> list[str]:
    """What is wrong with the order of nodes, given by their parents; empty where nothing is."""
    if not parents or parents[0] != -1:
        return ["a tree begins with its root"]
    stages: list[int] = []
    for number, parent in enumerate(parents):
        if number and not 0 <= parent < number:
            return [f"node {number} does not come after its parent {parent}"]
        stages.append(0 if number == 0 else stages[parent] + 1)
    inner = set(parents)
    ends = {stages[number] for number in range(len(parents)) if number not in inner}
    return [] if len(ends) == 1 else [f"leaves end in different years: stages {sorted(ends)}"]


def single_scenario(names: Sequence[str]) -> ScenarioTree:
    """The tree of a plan for the figures as stated: one node a year.

    >>> single_scenario(["2027", "2028"]).leaves
    (1,)
    """
    return ScenarioTree(tuple(ScenarioNode(name, at - 1, 1.0, {}) for at, name in enumerate(names)))

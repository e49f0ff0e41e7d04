"""Growing a scenario tree, year by year: with every combination of outcomes, or with draws of them."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from dronedeal.deal import Deal
from dronedeal.deal.scenario_tree import Outcome, ScenarioNode, ScenarioTree, Varied
from dronedeal.errors import CommandError
from dronedeal.planning.scenarios.factors import Factor, buyer_years, factors_of
from dronedeal.planning.scenarios.joint import (
    Correlations,
    all_combinations,
    correlated_groups,
    correlation_matrix,
    correlations_of,
    draws,
)
from dronedeal.planning.tree import FloatArray

MOST_LEAVES = 100_000
Branches = list[tuple[dict[Varied, Outcome], float]]


@dataclass(frozen=True)
class Stage:
    """What turns out at the beginning of one fiscal year: its factors and their correlation matrix."""

    year: int
    factors: tuple[Factor, ...]
    matrix: FloatArray

    @property
    def is_exact(self) -> bool:
        """Whether all combinations can be listed with exact chances."""
        return all(len(group) <= 2 for group in correlated_groups(self.matrix))

    @property
    def combinations(self) -> int:
        """Number of ways in which the factors can turn out together."""
        return int(np.prod([len(factor.outcomes) for factor in self.factors], dtype=object))


def stages_of(
    deal: Deal, factors: Sequence[Factor] | None = None, correlations: Correlations | None = None
) -> tuple[Stage, ...]:
    """The stages of a deal's uncertainty, one a fiscal year of the buyer; the first one has no factors.

    Parameters
    ----------
    factors : None: those of the table `uncertainty`
    correlations : None: those of the table `correlations`
    """
    found = factors_of(deal) if factors is None else tuple(factors)
    known = correlations_of(deal) if correlations is None else correlations
    stages = []
    for number, year in enumerate(buyer_years(deal).names):
        mine = tuple(sorted((each for each in found if each.stage == number), key=lambda each: each.varied))
        stages.append(Stage(year, mine, correlation_matrix(mine, known)))
    return tuple(stages)


def scenario_tree(
    deal: Deal, *, leaves: int, seed: int = 0, factors: Sequence[Factor] | None = None
) -> ScenarioTree:
    """A tree of about so many leaves: all combinations where they are no more, otherwise drawn.

    Parameters
    ----------
    deal : with its tables `uncertainty` and `correlations`
    leaves : about how many scenarios
    seed : of the draws; those of a node depend on nothing but the seed and the node's place in the tree
    factors : None: those of the table `uncertainty`

    Raises
    ------
    CommandError : where `leaves` is not from 1 to 100,000

    Examples
    --------
    >>> from dronedeal import read
    >>> len(scenario_tree(read("deals/first-deal"), leaves=12).leaves)
    12
    """
    if not 1 <= leaves <= MOST_LEAVES:
        raise CommandError(f"scenarios: found {leaves}; allowed: from 1 to {MOST_LEAVES:,}")
    stages = stages_of(deal, factors)
    return _grown(stages, branching(stages, leaves=leaves), seed=seed)


def exact_tree(deal: Deal, factors: Sequence[Factor] | None = None) -> ScenarioTree:
    """The tree with every combination of outcomes.

    Raises
    ------
    CommandError : where it would have more than 100,000 leaves, or correlated factors have no exact table
    """
    stages = stages_of(deal, factors)
    count = int(np.prod([stage.combinations for stage in stages], dtype=object))
    if count > MOST_LEAVES or not all(stage.is_exact for stage in stages):
        raise CommandError(
            f"uncertainty: all combinations are {count:,} scenarios; allowed: {MOST_LEAVES:,}, no more than "
            "two factors correlated with one another; draw some of them with --scenarios"
        )
    return _grown(stages, [stage.combinations for stage in stages], seed=0)


def branching(stages: Sequence[Stage], *, leaves: int) -> list[int]:
    """Branches of each node by stage, with about so many leaves in all.

    The stage with the fewest branches gets one more, the earliest of equal ones first, as long as the
    leaves do not exceed the number and the stage has more combinations. Of few combinations all are taken.
    """
    counts = [1] * len(stages)
    while True:
        total = int(np.prod(counts))
        open_to_more = [
            number
            for number, stage in enumerate(stages)
            if counts[number] < stage.combinations
            and total // counts[number] * (counts[number] + 1) <= leaves
        ]
        if not open_to_more:
            return counts
        counts[min(open_to_more, key=lambda number: (counts[number], number))] += 1


def _grown(stages: Sequence[Stage], counts: Sequence[int], *, seed: int) -> ScenarioTree:
    """The tree with so many branches at each stage; a path names the place among siblings at each stage."""
    nodes = [ScenarioNode(str(stages[0].year), -1, 1.0, {})]
    layer: list[tuple[int, tuple[int, ...]]] = [(0, ())]
    for stage, count in zip(stages[1:], counts[1:], strict=True):
        branch = _brancher(stage, count, seed=seed)
        made = [
            (number, (*path, at), outcomes, chance)
            for number, path in layer
            for at, (outcomes, chance) in enumerate(branch(path))
        ]
        layer = []
        for at, (parent, path, outcomes, chance) in enumerate(made):
            name = str(stage.year) if len(made) == 1 else f"{stage.year}.{at + 1}"
            in_force = {**nodes[parent].outcomes, **outcomes}
            layer.append((len(nodes), path))
            nodes.append(ScenarioNode(name, parent, nodes[parent].probability * chance, in_force))
    return ScenarioTree(tuple(nodes))


def _brancher(stage: Stage, count: int, *, seed: int) -> Callable[[tuple[int, ...]], Branches]:
    """What turns out after a node, given the node's path."""
    if count >= stage.combinations and stage.is_exact:
        listed = _listed(stage)
        return lambda path: listed
    return lambda path: _drawn(stage, count, generator=generator_of(seed, path))


def generator_of(seed: int, path: tuple[int, ...]) -> np.random.Generator:
    """The random numbers of one node: the same on any machine, in whatever order nodes are grown.

    Counter-based (Philox: Salmon et al., Parallel random numbers: as easy as 1, 2, 3, 2011), with a key
    from the seed and the node's path.
    """
    return np.random.Generator(np.random.Philox(np.random.SeedSequence(seed, spawn_key=(*path, len(path)))))


def _listed(stage: Stage) -> Branches:
    chosen, probability = all_combinations(stage.factors, stage.matrix)
    return [
        (_outcomes(stage, row), float(chance))
        for row, chance in zip(chosen.tolist(), probability, strict=True)
    ]


def _drawn(stage: Stage, count: int, *, generator: np.random.Generator) -> Branches:
    """Branches of equally likely draws; equal draws are one branch."""
    times: dict[tuple[int, ...], int] = {}
    for row in draws(stage.factors, stage.matrix, count=count, generator=generator).tolist():
        times[tuple(row)] = times.get(tuple(row), 0) + 1
    return [(_outcomes(stage, row), number / count) for row, number in sorted(times.items())]


def _outcomes(stage: Stage, chosen: Sequence[int]) -> dict[Varied, Outcome]:
    return {
        factor.varied: factor.outcomes[number] for factor, number in zip(stage.factors, chosen, strict=True)
    }


def expected_outcomes(tree: ScenarioTree, stage: int) -> Mapping[Varied, Outcome]:
    """What is in force in a stage on average: the mean multiplier of everything that varies."""
    return {varied: Outcome("expected", tree.expected(varied, stage)) for varied in tree.varied}


@dataclass(frozen=True)
class Shift:
    """An outcome with its chance as stated, and the one that it has in a tree.

    Parameters
    ----------
    words : what varies, how it turns out, and in which fiscal year it may
    stated, drawn : chances, 0 to 1
    """

    words: str
    stated: float
    drawn: float


def shifts_of(factors: Iterable[Factor], tree: ScenarioTree, years: Sequence[int]) -> Iterator[Shift]:
    """The chance of every outcome in a tree that was grown from some factors, beside the stated one.

    Parameters
    ----------
    factors : from which the tree was grown
    years : (S,) fiscal year of each stage
    """
    for factor in factors:
        nodes = [node for node, stage in zip(tree.nodes, tree.stage, strict=True) if stage == factor.stage]
        for outcome, stated in zip(factor.outcomes, factor.probability, strict=True):
            drawn = sum(node.probability for node in nodes if node.outcomes.get(factor.varied) == outcome)
            yield Shift(f"{factor.varied.words}: {outcome.name} in {years[factor.stage]}", stated, drawn)

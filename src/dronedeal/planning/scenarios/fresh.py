"""Fresh futures: one path of outcomes after another, drawn apart from the trees that plans are made on."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from dronedeal.deal.scenario_tree import Outcome, ScenarioNode, ScenarioTree, Varied
from dronedeal.planning.scenarios.grow import Stage
from dronedeal.planning.scenarios.joint import draws

State = dict[Varied, Outcome]
# Set before every key, so that no path shares its random numbers with a node of a tree of the same seed.
_FRESH = 0x5354_5245


def fresh_path(stages: Sequence[Stage], *, seed: int, path: int) -> tuple[State, ...]:
    """What is in force in each fiscal year of one path.

    The numbers of a path and year come from a counter-based generator (Philox: Salmon et al., Parallel
    random numbers: as easy as 1, 2, 3, 2011) with a key of its own, so that a path is the same whatever
    other paths are drawn, in which order, and by which of several workers.

    Parameters
    ----------
    stages : those of the deal's uncertainty, one a fiscal year of the buyer
    seed : of all paths
    path : number of the path, from 1 on

    Returns
    -------
    What has turned out by each year, one mapping a stage; what is missing is as stated

    Examples
    --------
    >>> from dronedeal import read
    >>> from dronedeal.planning.scenarios.grow import stages_of
    >>> len(fresh_path(stages_of(read("deals/first-deal")), seed=0, path=1))
    2
    """
    state: State = {}
    found: list[State] = []
    for number, stage in enumerate(stages):
        if stage.factors:
            state = {**state, **_turned_out(stage, generator_of(seed, path=path, stage=number))}
        found.append(state)
    return tuple(found)


def _turned_out(stage: Stage, generator: np.random.Generator) -> State:
    chosen = draws(stage.factors, stage.matrix, count=1, generator=generator)[0]
    return {
        factor.varied: factor.outcomes[number]
        for factor, number in zip(stage.factors, chosen.tolist(), strict=True)
    }


def generator_of(seed: int, *, path: int, stage: int) -> np.random.Generator:
    """The random numbers of one year of one path: the same on any machine, in any order."""
    key = np.random.SeedSequence(seed, spawn_key=(_FRESH, path, stage))
    return np.random.Generator(np.random.Philox(key))


def path_tree(years: Sequence[int], states: Sequence[State]) -> ScenarioTree:
    """A tree of one path, with what is in force in each year.

    >>> path_tree([2027, 2028], [{}, {}]).leaves
    (1,)
    """
    return ScenarioTree(
        tuple(
            ScenarioNode(str(year), at - 1, 1.0, state)
            for at, (year, state) in enumerate(zip(years, states, strict=True))
        )
    )


def expected_on(states: Sequence[State], stage: int) -> tuple[State, ...]:
    """What is seen and expected as a stage begins: what is in force goes on until it turns out otherwise.

    Parameters
    ----------
    states : in force in each stage of a path
    stage : whose outcomes are known, with those of all stages before it
    """
    return (*states[: stage + 1], *[states[stage]] * (len(states) - stage - 1))


def replanned_stages(states: Sequence[State]) -> tuple[int, ...]:
    """Stages as which begin something turns out otherwise than was expected.

    >>> state = {Varied("budget", "army"): Outcome("cut", 0.7)}
    >>> replanned_stages([{}, {}, state, state])
    (2,)
    """
    return tuple(
        stage
        for stage in range(1, len(states))
        if multipliers(states[stage]) != multipliers(states[stage - 1])
    )


def multipliers(state: State) -> dict[Varied, float]:
    """What changes a figure; an outcome of 1 is as stated."""
    return {varied: outcome.multiplier for varied, outcome in state.items() if outcome.multiplier != 1.0}

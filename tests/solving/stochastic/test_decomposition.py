"""The decomposition finds what the extensive form finds, and encloses it whenever it is stopped."""

from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import BrokenExecutor
from typing import Any

import numpy as np
import pytest
from tests.solving.stochastic.random_trees import random_problem

from dronedeal.engine import Engine, Processes, Serial, Threads
from dronedeal.errors import InputError
from dronedeal.solving.interface import Progress, Status, Termination
from dronedeal.solving.stochastic import StagedBuilder, solve_tree

GAP = 1e-6


@pytest.mark.parametrize("group", range(10))
def test_it_agrees_with_the_extensive_form_on_random_small_trees(group: int) -> None:
    for seed in range(20 * group, 20 * group + 20):
        staged = random_problem(
            seed,
            stages=2 + (seed % 7 > 4),
            is_priced_by_node=seed % 2 == 1,
            is_complete=seed % 5 != 0,
        ).staged()
        tail = 0.3 if seed % 4 == 3 else None
        whole = solve_tree(staged, method="extensive", gap=GAP, tail=tail)
        split = solve_tree(staged, method="decomposition", gap=GAP, tail=tail)
        assert split.has_values == whole.has_values, seed
        if whole.values is None or split.values is None:
            assert split.termination is Termination.INFEASIBLE, seed
            continue
        room = 2 * GAP * max(1.0, abs(whole.cost))
        assert split.cost == pytest.approx(whole.cost, abs=room), seed
        assert split.cost_bound <= whole.cost + room, seed
        assert split.gap <= GAP, seed
        assert staged.violation(split.values) < 1e-5, seed


@pytest.mark.parametrize("depth", [1, 2, 3])
def test_every_depth_of_the_split_gives_the_same_cost(depth: int) -> None:
    staged = random_problem(11, stages=4).staged()
    expected = solve_tree(staged, method="extensive", gap=1e-9).cost
    found = solve_tree(staged, method="decomposition", gap=GAP, depth=depth)
    assert found.cost == pytest.approx(expected, rel=2 * GAP)
    assert found.measured["stages in the top"] == depth


def test_a_depth_beyond_the_tree_is_refused() -> None:
    with pytest.raises(InputError, match=r"3 stages cannot be split after stage 4; give 1 to 2 stages"):
        solve_tree(random_problem(1).staged(), method="decomposition", depth=5)


@pytest.mark.parametrize("engine", [None, Threads(2)], ids=["serial", "threads"])
def test_bounds_enclose_the_optimum_in_every_report(engine: Engine | None) -> None:
    staged = random_problem(4, stages=4, is_priced_by_node=True).staged()
    optimum = solve_tree(staged, method="extensive", gap=1e-9).objective
    told: list[Progress] = []
    solve_tree(staged, method="decomposition", gap=GAP, engine=engine, on_progress=told.append)
    assert told
    room = 1e-6 * abs(optimum)
    for progress in told:
        assert progress.bound is None or progress.bound >= optimum - room
        assert progress.best is None or progress.best <= optimum + room
    bests = [progress.best for progress in told if progress.best is not None]
    assert bests == sorted(bests)


def test_a_stop_on_the_way_gives_back_the_best_plan_and_a_valid_bound() -> None:
    staged = random_problem(4, stages=4, is_priced_by_node=True).staged()
    optimum = solve_tree(staged, method="extensive", gap=1e-9).objective
    bests: list[float] = []
    found = solve_tree(
        staged,
        method="decomposition",
        gap=1e-12,
        on_progress=lambda progress: bests.extend([progress.best] if progress.best is not None else []),
        should_stop=lambda: bool(bests),
    )
    assert found.termination is Termination.INTERRUPTED
    assert found.status is Status.WARNING
    assert found.values is not None
    assert staged.cost_of(found.values) == pytest.approx(found.cost)
    assert found.objective <= optimum + 1e-6 <= found.bound + 2e-6


class Mortal(Serial):
    """An engine whose workers die now and then."""

    def __init__(self, deaths: int) -> None:
        self.deaths = deaths
        self.closed = 0

    def map(self, function: Any, items: Any, /) -> Iterator[Any]:
        for number, item in enumerate(items):
            if number and self.deaths:
                self.deaths -= 1
                raise BrokenExecutor("a worker died")
            yield function(item)

    def close(self) -> None:
        self.closed += 1


def test_work_of_workers_that_died_is_done_again(caplog: pytest.LogCaptureFixture) -> None:
    staged = random_problem(4, stages=4, is_priced_by_node=True).staged()
    expected = solve_tree(staged, method="decomposition", gap=GAP).cost
    engine = Mortal(deaths=2)
    assert solve_tree(staged, method="decomposition", gap=GAP, engine=engine).cost == expected
    assert engine.closed == 2
    assert "a worker ended before its work" in caplog.text
    caplog.clear()
    alone = solve_tree(staged, method="decomposition", gap=GAP, engine=Mortal(deaths=99))
    assert alone.cost == expected
    assert alone.note == "the workers were lost (a worker died)"
    assert "the work goes on in this process" in caplog.text


def test_other_processes_find_the_same_cost() -> None:
    staged = random_problem(4, stages=3).staged()
    with Processes(2) as engine:
        there = solve_tree(staged, method="decomposition", gap=GAP, engine=engine)
    assert there.cost == pytest.approx(solve_tree(staged, method="extensive", gap=GAP).cost, rel=2 * GAP)


def test_an_unbounded_cost_is_said_to_be_so() -> None:
    stages = StagedBuilder([-1, 0, 0], [1, 0.5, 0.5])
    sold = stages.column(0, "sold", cost=-1)
    for node in (1, 2):
        bought = stages.column(node, "bought", cost=0.1)
        stages.row(node, "enough", {bought: 1, sold: -1}, lower=0)
    found = solve_tree(stages.problem(), objective="buyer", method="decomposition")
    assert found.termination is Termination.UNBOUNDED
    assert found.values is None
    assert found.bound == np.inf


def test_a_small_cost_in_an_endless_top_is_found_all_the_same() -> None:
    # Nothing bounds what is sold but what it costs later to buy back.
    stages = StagedBuilder([-1, 0, 0], [1, 0.5, 0.5])
    sold = stages.column(0, "sold", cost=-1)
    for node, price in ((1, 1.5), (2, 1.2)):
        bought = stages.column(node, "bought", cost=price)
        stages.row(node, "enough", {bought: 1, sold: -1}, lower=-3)
    found = solve_tree(stages.problem(), objective="buyer", method="decomposition", gap=1e-9)
    assert found.cost == pytest.approx(-3)


@pytest.mark.parametrize("seed", range(12))
def test_whole_numbers_in_the_top_are_exact_and_those_below_leave_an_honest_bound(seed: int) -> None:
    staged = random_problem(seed, stages=2 + seed % 2, is_integer=True, is_complete=seed % 4 != 0).staged()
    whole = solve_tree(staged, method="extensive", gap=1e-9)
    split = solve_tree(staged, method="decomposition", gap=GAP)
    assert split.has_values == whole.has_values
    if whole.values is None or split.values is None:
        return
    room = 2 * GAP * abs(whole.cost)
    assert split.cost >= whole.cost - room
    assert split.cost_bound <= whole.cost + room
    assert staged.violation(split.values) < 1e-5
    integers = np.concatenate([block.is_integer for block in staged.blocks])
    assert split.values[integers] == pytest.approx(np.round(split.values[integers]), abs=1e-6)
    if seed % 2 == 0:
        # Two stages: what is built in the second serves nobody, so only whole numbers of the top count.
        assert split.gap <= GAP
    elif split.gap > GAP:
        assert "whole numbers after the first" in split.note

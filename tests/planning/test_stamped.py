"""Problems stamped on others are those that a whole build gives."""

from __future__ import annotations

from dataclasses import fields
from functools import cache
from pathlib import Path

import numpy as np
import pytest
from tests.planning.every_family import every_family

from dronedeal import read
from dronedeal.deal.scenario_tree import Outcome, Varied
from dronedeal.planning.blocks import COLUMN_BLOCKS, ROW_BLOCKS
from dronedeal.planning.data import PlanningData
from dronedeal.planning.model import build_problem
from dronedeal.planning.problem import Problem
from dronedeal.planning.scenarios.fresh import State
from dronedeal.planning.scenarios.paths import PathArrays
from dronedeal.planning.scenarios.scales import SCALES
from dronedeal.planning.stamped import SAME_COLUMNS, SAME_ROWS, Template

DEALS = Path(__file__).parents[2] / "deals"
# What changes more than the figures that are multiplied: a template for each.
RESTS: tuple[State, ...] = (
    {},
    {
        Varied("price", "*"): Outcome("more", 1.15),
        Varied("permit_delay", "*"): Outcome("slow", 2.0),
        Varied("integration_delay", "*"): Outcome("slow", 1.5),
    },
)
SHARES = (0.5, 0.83, 1.4)


@cache
def arrays(name: str) -> PathArrays:
    """Arrays of a deal along paths."""
    return PathArrays(every_family() if name == "every family" else read(DEALS / name))


def along(name: str, *states: State) -> PlanningData:
    """The arrays of a path that begins as stated; the last state goes on."""
    known = arrays(name)
    count = len(known.years.names)
    path = [{}, *states, *[states[-1]] * count][:count]
    return known.along(path).data


def assert_same(found: Problem, whole: Problem) -> None:
    for each in fields(Problem):
        mine, other = getattr(found, each.name), getattr(whole, each.name)
        if isinstance(mine, np.ndarray):
            assert np.array_equal(mine, other), each.name
    for name in ("start", "column", "value"):
        assert np.array_equal(getattr(found.matrix, name), getattr(whole.matrix, name)), name
    values = np.random.default_rng(3).uniform(0.0, 5.0, whole.n_columns)
    assert np.array_equal(found.utilities(values), whole.utilities(values))
    assert np.array_equal(found.chords().utility, whole.chords().utility)
    assert found.columns.keys() == whole.columns.keys()
    for family in (*whole.columns.values(), *whole.rows.values()):
        known = (found.columns if whole.columns.get(family.name) is family else found.rows)[family.name]
        assert (known.start, known.count) == (family.start, family.count)
    assert found.column_name(whole.n_columns - 1) == whole.column_name(whole.n_columns - 1)


@pytest.mark.parametrize("name", ["every family", "licensed-line"])
@pytest.mark.parametrize("rest", RESTS)
def test_a_stamped_problem_is_that_of_a_whole_build(name: str, rest: State) -> None:
    template = Template(along(name, rest))
    for factor in sorted(SCALES):
        for at, share in enumerate(SHARES):
            state: State = {**rest, Varied(factor, "*"): Outcome("else", share)}
            more: State = {Varied(each, "*"): Outcome("else", SHARES[at - 1]) for each in SCALES}
            data = along(name, state, {**state, **more})
            found = template.problem_of(data)
            assert found is not None
            assert_same(found, build_problem(along(name, state, {**state, **more})))


def test_a_template_is_its_own_problem() -> None:
    data = along("first-deal", {})
    template = Template(data)
    assert template.problem_of(data) is template.problem
    assert_same(template.problem, build_problem(along("first-deal", {})))


def test_where_nothing_is_asked_for_any_more_a_problem_is_built_as_a_whole() -> None:
    template = Template(along("first-deal", {}))
    assert template.problem_of(along("first-deal", {Varied("buyer_need", "*"): Outcome("none", 0.0)})) is None


def test_where_other_names_appear_a_problem_is_built_as_a_whole(monkeypatch: pytest.MonkeyPatch) -> None:
    # No step can be taken on a line that makes nothing.
    template = Template(along("first-deal", {}))
    assert (
        template.problem_of(along("first-deal", {Varied("line_outage", "*"): Outcome("gone", 0.0)})) is None
    )


def test_blocks_that_are_not_asked_again_are_blocks() -> None:
    assert COLUMN_BLOCKS.keys() >= SAME_COLUMNS
    assert ROW_BLOCKS.keys() >= SAME_ROWS

"""Own needs that must be met with a probability."""

from __future__ import annotations

from dataclasses import replace
from functools import cache
from itertools import product

import numpy as np
import pytest
from tests.planning.scenarios.uncertain import with_uncertainty
from tests.results.scenarios.branching import FIRST_DEAL

from dronedeal import read
from dronedeal.deal import Deal
from dronedeal.planning import Model, Problem, build_problem, no_deal_columns
from dronedeal.planning.data import PlanningData
from dronedeal.planning.scenarios.by_node import along, on_tree
from dronedeal.planning.scenarios.grow import exact_tree
from dronedeal.planning.scenarios.service import (
    SHORT,
    has_service_levels,
    service_levels,
    with_service_levels,
)
from dronedeal.solving import SolveOptions, solve_plan
from dronedeal.solving.highs import HighsSolver

CHANCES = (0.1, 0.25, 0.15, 0.5)


def outages(level: float) -> Deal:
    """The first deal with four states of the home works in its second year."""
    names = zip("abcd", CHANCES, (0.2, 0.3, 0.35, 1.0), strict=True)
    deal = with_uncertainty(
        read(FIRST_DEAL),
        ("line_outage", "home", 2028, {name: (chance, output) for name, chance, output in names}),
    )
    rows = [row.model_copy(update={"service_level": level}) for row in deal.home_needs]
    return deal.with_table("home_needs", rows)


@cache
def arrays() -> PlanningData:
    deal = outages(1.0)
    return on_tree(deal, exact_tree(deal)).data


@cache
def plain() -> Problem:
    return build_problem(arrays())


def best(problem: Problem) -> float:
    model = Model(arrays(), problem)
    found = solve_plan(problem, HighsSolver(), no_deal=no_deal_columns(model), options=SolveOptions(gap=1e-7))
    assert not found.is_relaxed
    return found.solution.objective


def best_with_missed(missed: tuple[bool, ...]) -> float:
    """The best plan in which the need of the second year may be missed in some scenarios, the first never."""
    problem = plain()
    short = problem.columns[SHORT]
    # The second need's columns stand in the order of the leaves.
    column = short.numbers[short.coordinates["need"] == 1][np.array(missed)]
    price = problem.violation_price.copy()
    price[column] = 0.0
    return best(replace(problem, violation_price=price))


@pytest.mark.parametrize("level", [0.95, 0.9, 0.8, 0.7, 0.6])
def test_the_plan_is_the_best_over_all_ways_to_miss_so_much(level: float) -> None:
    every = [missed for missed in product([False, True], repeat=4) if any(missed)]
    allowed = [
        missed
        for missed in every
        if sum(chance for chance, is_missed in zip(CHANCES, missed, strict=True) if is_missed)
        <= 1 - level + 1e-9
    ]
    # What more may be missed is never worse, so only the largest sets matter.
    largest = [one for one in allowed if not any(one != other and _inside(one, other) for other in allowed)]
    expected = max([best(plain()), *(best_with_missed(missed) for missed in largest)])
    found = best(with_service_levels(plain(), [1.0, level]))
    assert found == pytest.approx(expected, rel=1e-6)


def _inside(one: tuple[bool, ...], other: tuple[bool, ...]) -> bool:
    return all(there or not here for here, there in zip(one, other, strict=True))


def test_a_lower_level_never_costs_and_ends_where_nothing_need_be_met() -> None:
    worths = [best(with_service_levels(plain(), [1.0, level])) for level in (1.0, 0.9, 0.6, 0.0)]
    assert worths == sorted(worths)
    assert worths[0] < worths[1] < worths[-1]
    assert worths[-1] == pytest.approx(best_with_missed((True,) * 4), rel=1e-6)


def test_needs_met_in_every_scenario_and_single_paths_stay_as_they_are() -> None:
    assert with_service_levels(plain(), [1.0, 1.0]) is plain()
    leaf = int(np.flatnonzero(arrays().tree.stage == 1)[0])
    path = build_problem(along(arrays(), leaf))
    assert with_service_levels(path, [0.5, 0.5]) is path


def test_every_column_belongs_to_the_node_in_which_the_year_ends() -> None:
    problem = with_service_levels(plain(), [0.9, 0.9])
    missed = problem.columns["missed"]
    assert (problem.node[missed.slice] == missed.coordinates["node"]).all()
    assert problem.is_integer[missed.slice].all()
    assert len(problem.row_upper) == plain().n_rows + missed.count + 2
    assert problem.tree.stage[problem.node[missed.slice]].tolist() == [0, 1, 1, 1, 1]


def test_the_levels_are_those_of_the_rows() -> None:
    assert service_levels(outages(0.9)).tolist() == [0.9, 0.9]
    assert has_service_levels(outages(0.9))
    assert not has_service_levels(outages(1.0))

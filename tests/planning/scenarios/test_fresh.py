"""Fresh futures, path by path."""

from __future__ import annotations

import numpy as np
from scipy.stats import binomtest
from tests.planning.scenarios.uncertain import THREE, TWO, with_correlations, with_uncertainty
from tests.planning.scenarios.years import four_years

from dronedeal.deal.scenario_tree import Outcome, Varied
from dronedeal.planning.scenarios.fresh import (
    expected_on,
    fresh_path,
    generator_of,
    replanned_stages,
)
from dronedeal.planning.scenarios.grow import Stage, stages_of
from dronedeal.planning.scenarios.grow import generator_of as of_a_tree

NEED, BUDGET = Varied("buyer_need", "*"), Varied("budget", "army")


def stages() -> tuple[Stage, ...]:
    deal = with_uncertainty(
        four_years(),
        ("buyer_need", "*", 2028, THREE),
        ("budget", "army", 2028, TWO),
        ("budget", "army", 2030, {"back": (1.0, 1.0)}),
    )
    return stages_of(with_correlations(deal, [("buyer_need", "*", "budget", "army", 0.6)]))


def test_a_path_is_the_same_whatever_else_is_drawn() -> None:
    forwards = [fresh_path(stages(), seed=3, path=number) for number in range(1, 9)]
    backwards = [fresh_path(stages(), seed=3, path=number) for number in range(8, 0, -1)]
    assert forwards == backwards[::-1]
    assert len({str(path) for path in forwards}) > 1
    assert forwards != [fresh_path(stages(), seed=4, path=number) for number in range(1, 9)]


def test_outcomes_come_as_often_as_stated_and_together_as_correlated() -> None:
    paths = [fresh_path(stages(), seed=1, path=number) for number in range(1, 601)]
    cuts = sum(path[1][BUDGET].name == "cut" for path in paths)
    assert binomtest(cuts, len(paths), 0.3).pvalue > 1e-3
    multipliers = np.array([[path[1][NEED].multiplier, path[1][BUDGET].multiplier] for path in paths])
    assert np.corrcoef(multipliers.T)[0, 1] > 0.3


def test_an_outcome_holds_until_the_next_one() -> None:
    path = fresh_path(stages(), seed=0, path=1)
    assert path[0] == {}
    assert path[2] == path[1]
    assert path[3] == {**path[1], BUDGET: Outcome("back", 1.0)}


def test_paths_share_no_random_numbers_with_trees() -> None:
    drawn = {
        float(generator_of(0, path=path, stage=stage).random()) for path in range(9) for stage in range(4)
    }
    grown = {float(of_a_tree(0, (path, stage)).random()) for path in range(9) for stage in range(4)}
    assert len(drawn) == len(grown) == 36
    assert not drawn & grown


def test_there_is_a_new_plan_only_where_figures_turn_out_otherwise() -> None:
    cut, stated = {BUDGET: Outcome("cut", 0.6)}, {BUDGET: Outcome("kept", 1.0)}
    assert replanned_stages([{}, stated, stated, {}]) == ()
    assert replanned_stages([{}, cut, cut, stated]) == (1, 3)


def test_the_planner_knows_nothing_of_later_years() -> None:
    cut, less = {BUDGET: Outcome("cut", 0.6)}, {NEED: Outcome("less", 0.5)}
    assert expected_on([{}, cut, less], 1) == ({}, cut, cut)
    assert expected_on([{}, cut, {}], 1) == expected_on([{}, cut, less], 1)

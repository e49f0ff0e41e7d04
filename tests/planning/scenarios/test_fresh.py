"""Fresh futures, and plans carried from one problem to another."""

from __future__ import annotations

import numpy as np
import pytest
from scipy.stats import binomtest
from tests.planning.scenarios.test_by_node import same, uncertain
from tests.planning.scenarios.uncertain import THREE, TWO, with_correlations, with_uncertainty
from tests.planning.scenarios.years import four_years

from dronedeal.deal.scenario_tree import Outcome, Varied
from dronedeal.planning.lp_format import lp_text
from dronedeal.planning.model import build_problem
from dronedeal.planning.scenarios.by_node import on_tree
from dronedeal.planning.scenarios.carry import carried, column_places, row_places
from dronedeal.planning.scenarios.fresh import (
    State,
    expected_on,
    fresh_path,
    generator_of,
    path_tree,
    replanned_stages,
)
from dronedeal.planning.scenarios.grow import Stage, stages_of
from dronedeal.planning.scenarios.grow import generator_of as of_a_tree
from dronedeal.planning.scenarios.paths import PathArrays

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


def some_states(deal_stages: tuple[Stage, ...]) -> list[tuple[State, ...]]:
    return [fresh_path(deal_stages, seed=2, path=number) for number in range(1, 4)]


def test_arrays_of_a_path_are_those_of_its_tree() -> None:
    deal = uncertain()
    arrays = PathArrays(deal)
    for states in some_states(stages_of(deal)):
        tree = path_tree(arrays.years.names, states)
        ours, usual = arrays.along(states).data, on_tree(deal, tree).data
        assert not same(ours, usual)
        assert lp_text(build_problem(ours)) == lp_text(build_problem(usual))


def test_a_plan_is_carried_by_the_names_of_its_decisions() -> None:
    arrays = PathArrays(uncertain())
    stated = build_problem(arrays.along([{}, {}]).data)
    unwanted: State = {Varied("buyer_need", "*"): Outcome("none", 0.0)}
    late = build_problem(arrays.along([{}, unwanted]).data)
    assert late.n_columns != stated.n_columns
    values = np.arange(1.0, stated.n_columns + 1)
    assert carried(stated, stated, values) == pytest.approx(values)
    found, at = carried(late, stated, values), column_places(late, stated)
    names = {stated.column_name(number): values[number] for number in range(stated.n_columns)}
    for number in np.flatnonzero(at >= 0).tolist():
        assert late.column_name(number) == stated.column_name(int(at[number]))
    others = np.ones(late.n_columns, dtype=bool)
    for name in ("integrate", "begin"):
        others[late.columns[name].slice] = False
    for number in np.flatnonzero(others).tolist():
        assert found[number] == names.get(late.column_name(number), 0.0)
    rows = row_places(late, stated)
    known = {stated.row_name(number): number for number in range(stated.n_rows)}
    assert rows.tolist() == [known.get(late.row_name(number), -1) for number in range(late.n_rows)]


def test_what_was_begun_stays_begun_where_it_could_begin_in_other_months() -> None:
    deal = with_uncertainty(uncertain(), ("integration_delay", "*", 2028, {"slow": (1.0, 2.0)}))
    arrays = PathArrays(deal)
    stated = build_problem(arrays.along([{}, {}]).data)
    late = build_problem(arrays.along([{}, {Varied("integration_delay", "*"): Outcome("slow", 2.0)}]).data)
    values = np.zeros(stated.n_columns)
    family = stated.columns["integrate"]
    work, first = int(family.coordinates["work"][0]), int(family.coordinates["slot"][0])
    values[family.slice] = family.coordinates["work"] == work
    found, columns = carried(late, stated, values), late.columns["integrate"]
    of_work = columns.coordinates["work"] == work
    after = columns.coordinates["slot"] >= first
    assert (found[columns.slice][of_work & after] == 1.0).all()
    assert (found[columns.slice][~of_work] == 0.0).all()

"""Plans carried from one problem to another."""

from __future__ import annotations

import numpy as np
import pytest
from tests.planning.scenarios.test_by_node import uncertain
from tests.planning.scenarios.uncertain import with_uncertainty

from dronedeal.deal.scenario_tree import Outcome, Varied
from dronedeal.planning.model import build_problem
from dronedeal.planning.scenarios.carry import carried, column_places, columns_of, row_places
from dronedeal.planning.scenarios.fresh import State
from dronedeal.planning.scenarios.paths import PathArrays


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


def test_names_of_columns_are_all_that_a_plan_is_carried_by_and_kept_once() -> None:
    arrays = PathArrays(uncertain())
    stated = build_problem(arrays.along([{}, {}]).data)
    late = build_problem(arrays.along([{}, {Varied("permit_delay", "*"): Outcome("slow", 2.0)}]).data)
    values = np.arange(late.n_columns, dtype=float)
    names = columns_of(late, stated)
    assert carried(stated, names, values).tolist() == carried(stated, late, values).tolist()
    same = columns_of(build_problem(arrays.along([{}, {}]).data), stated)
    assert all(family is stated.columns[name] for name, family in same.columns.items())

"""Rows that limit what has been made by some months."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
from tests.solving.test_learning_bound import TREE, random_problem

from dronedeal.solving.forms import form_of
from dronedeal.solving.sums import made_by, outputs, slots_at, spans, with_sums


def test_the_months_at_which_output_is_summed_end_with_the_last_and_share_the_plan_out() -> None:
    assert slots_at(TREE, 2) == [1, 3]
    assert slots_at(TREE, 3) == [1, 3]
    assert {slot: since.tolist() for slot, since in spans(TREE, 2).items()} == {1: [0, 1], 3: [2, 3]}


def test_a_sum_holds_what_its_curves_make_until_its_month() -> None:
    curves = random_problem(np.random.default_rng(1)).curves
    assert curves is not None
    assert made_by(curves, np.array([1]), 2).tolist() == curves.make[1, :3].tolist()
    assert (1, 3) in outputs(curves, 2)


def test_a_sum_is_a_row_of_ones() -> None:
    problem = random_problem(np.random.default_rng(0))
    form = form_of(replace(problem, curves=None), "joint", problem.upper, None)
    more = with_sums(form, [np.array([0, 2]), np.array([], dtype=np.int64)])
    values = np.arange(problem.n_columns, dtype=float)
    assert more.matrix.times(values)[-2:].tolist() == [2.0, 0.0]
    assert more.row_lower[-2:].tolist() == [-np.inf, -np.inf]

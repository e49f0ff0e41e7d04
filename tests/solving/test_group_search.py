"""The search of one learning group: ranges that hold what is better, and the same answers every time."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from tests.solving.test_learning_bound import outputs, proven, random_problem

from dronedeal.planning.problem import Problem
from dronedeal.planning.tree import FloatArray
from dronedeal.solving import SolveOptions
from dronedeal.solving.forms import form_of
from dronedeal.solving.group_search import GroupSearch, Prices
from dronedeal.solving.highs import HighsSolver
from dronedeal.solving.interface import never_stop, no_progress
from dronedeal.solving.work import Work


def search_of(problem: Problem, around: FloatArray) -> GroupSearch:
    """The search of all products of a problem as one group, whose own line capacity nothing shares."""
    assert problem.curves is not None
    curves = problem.curves.only(np.arange(problem.curves.data.count), np.arange(problem.n_columns))
    work = Work(
        problem, HighsSolver(), options=SolveOptions(), on_progress=no_progress, should_stop=never_stop
    )
    form = form_of(replace(problem, curves=None), "joint", problem.upper, None)
    found = GroupSearch(0, work, curves, form, curves.made(around), step="test")
    found.price(Prices(problem.utility.sum(axis=0), np.ones(2)), found.widest)
    found.renew()
    return found


def one_group(seed: int) -> tuple[Problem, list[FloatArray]]:
    """A random problem whose products all teach one another, and plans of it."""
    draw = np.random.default_rng(seed)
    while True:
        problem = random_problem(draw)
        assert problem.curves is not None
        if (problem.curves.data.share > 0).all():
            return problem, outputs(problem, draw)


@pytest.mark.parametrize("seed", range(6))
def test_no_plan_better_than_the_cut_is_lost(seed: int) -> None:
    """Whatever is worth more than the cut lies in a part and in the ranges that questions leave."""
    problem, tried = one_group(seed)
    worth = np.array([float(problem.utilities(made).sum()) for made in tried])
    search, cut = search_of(problem, tried[0]), float(np.quantile(worth, 0.8))
    first = search.bound
    search.search(6, cut)
    ranges = search.ask(cut, 0)
    better = [made for made, one in zip(tried, worth, strict=True) if one > cut + 1e-6]
    assert better
    assert worth.max() - 1e-7 <= search.bound <= first + 1e-9
    for made in better:
        total = search.tree.so_far(search.curves.made(made))
        assert (total >= ranges.own_lower - 1e-6).all()
        assert (total <= ranges.own_upper + 1e-6).all()
        assert (total.sum(axis=0) >= ranges.group_lower[0] - 1e-6).all()
        assert (total.sum(axis=0) <= ranges.group_upper[0] + 1e-6).all()


def test_more_cuts_lower_the_bound() -> None:
    problem, tried = one_group(1)
    search = search_of(problem, tried[0])
    bounds = [search.bound]
    for _ in range(4):
        search.search(3, -np.inf)
        bounds.append(search.bound)
    assert bounds == sorted(bounds, reverse=True)
    assert bounds[-1] < bounds[0]


def test_the_number_of_threads_changes_nothing() -> None:
    draw = np.random.default_rng(5)
    problem = random_problem(draw)
    around = outputs(problem, draw)[0]
    assert proven(problem, around, threads=1).bound == proven(problem, around, threads=2).bound

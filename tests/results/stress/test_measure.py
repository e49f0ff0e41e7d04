"""Measures and services of one future against the tables of an ordinary plan."""

from __future__ import annotations

from dataclasses import replace
from functools import cache

import numpy as np
import pytest
from tests.results.scenarios.branching import uncertain_first_deal
from tests.results.stress.stressed import signed

from dronedeal.deal.scenario_tree import Outcome, Varied
from dronedeal.planning.scenarios.fresh import State
from dronedeal.results.assemble import make_plan
from dronedeal.results.plan import Plan
from dronedeal.results.scenarios.path import path_of
from dronedeal.results.stress.measure import Measured, measured
from dronedeal.results.stress.vocabulary import Service
from dronedeal.results.verify import verify
from dronedeal.solving import SolveOptions, never_stop, no_progress
from dronedeal.workflow.stress_test.futures import Futures
from dronedeal.workflow.stress_test.signed import signed_plan

STRUCK: State = {
    Varied("line_outage", "home"): Outcome("struck", 0.5),
    Varied("buyer_need", "*"): Outcome("more", 1.2),
}


@cache
def futures(policy: str) -> Futures:
    found = signed_plan(signed(), uncertain_first_deal(), on_progress=no_progress, should_stop=never_stop)
    return Futures(found, seed=0, policy=policy)


LESS_AT_HOME: State = STRUCK | {Varied("home_need", "*"): Outcome("less", 0.5)}


@cache
def as_plan(policy: str, *, is_less_at_home: bool = False) -> tuple[Measured, Plan]:
    """A future as it is measured, and as an ordinary plan of the deal as it turned out, checked as one."""
    states = [{}, LESS_AT_HOME if is_less_at_home else STRUCK]
    ended = futures(policy).ended(states)
    path = path_of(uncertain_first_deal(), ended.placed, ended.problem, ended.values, leaf=1)
    made = make_plan(
        path.model, path.outcome, path.deal, path.assessment, options=SolveOptions(), versions={}
    )
    checked = verify(made, path.deal, path.assessment, turned_out=path.availability)
    faults = [each for each in checked.failures if each.check != "whole_units"]
    assert not faults
    return futures(policy).found(states), made


@pytest.mark.parametrize("policy", ["exact", "linear"])
def test_measures_are_those_of_the_plan_of_the_deal_as_it_turned_out(policy: str) -> None:
    found, made = as_plan(policy)
    for party in ("buyer", "seller"):
        assert found.measures[party, None] == pytest.approx(made.utilities[party], rel=1e-9)
    paid: dict[int, float] = {}
    for row in made.tables["payments"]:
        paid[row["fiscal_year"]] = paid.get(row["fiscal_year"], 0.0) + row["amount"]
    for year, amount in paid.items():
        assert found.measures["cost", year] == pytest.approx(amount, rel=1e-6)
    supplied = sum(row["quantity"] for row in made.tables["home_coverage"])
    needed = sum(row["needed"] for row in made.tables["home_coverage"])
    assert found.measures["own_needs", None] == pytest.approx(supplied / needed)
    closing = {row["fiscal_year"]: row["closing"] for row in made.tables["cash"]}
    assert {year: value for (name, year), value in found.measures.items() if name == "cash" and year} == (
        pytest.approx(closing)
    )
    assert found.residual < 1e-6


def test_own_needs_are_met_as_far_as_they_turned_out() -> None:
    """Half of a need, all of it met, is a whole need met, not half of the stated one."""
    found, made = as_plan("exact", is_less_at_home=True)
    rows = [row for row in made.tables["home_coverage"] if row["fiscal_year"] == 2028]
    supplied, needed = (sum(row[name] for row in rows) for name in ("quantity", "needed"))
    stated = sum(row.quantity for row in uncertain_first_deal().home_needs if row.fiscal_year == 2028)
    assert needed < stated
    assert found.measures["own_needs", 2028] == pytest.approx(supplied / needed)


@pytest.mark.parametrize("policy", ["exact", "linear"])
def test_coverage_fails_where_the_plan_says_that_it_is_short(policy: str) -> None:
    found, made = as_plan(policy)
    short = 0
    for row in made.tables["coverage"]:
        if row["threshold"] > 0:
            room = found.services[Service("coverage", row["requirement"], row["fiscal_year"])]
            assert (room.margin < 0) == (row["short_of_threshold"] > 1e-4)
            short += room.margin < 0
            if room.margin < 0:
                assert -room.margin == pytest.approx(row["short_of_threshold"], rel=1e-6)
    assert short


def test_units_are_counted_from_the_first_month_on() -> None:
    _, made = as_plan("exact")
    by_requirement: dict[str, float] = {}
    for row in made.tables["shipments"]:
        by_requirement[row["requirement"]] = by_requirement.get(row["requirement"], 0.0) + row["quantity"]
    found = futures("exact").found([{}, STRUCK]).delivered[:, -1]
    names = futures("exact").data.labels["requirement"]
    assert dict(zip(names, found.tolist(), strict=True)) == pytest.approx(
        {name: by_requirement.get(name, 0.0) for name in names}
    )


def test_the_signed_plan_keeps_what_it_promised() -> None:
    whole = futures("exact")
    assert whole.promised
    assert all(whole.stated.services[each].margin >= 0 for each in whole.promised)
    assert np.isclose(whole.stated.measures["joint", None], signed().objective)


def test_a_promise_is_kept_by_fewer_units_that_cover_as_much() -> None:
    whole = futures("exact")
    ended = whole.ended([{}, {}])
    more = replace(whole.stated, delivered=whole.stated.delivered + 10.0)
    found = measured(ended.placed.data, ended.problem, ended.values, promised=more)
    short = replace(more, covered=whole.stated.covered + 5.0)
    less = measured(ended.placed.data, ended.problem, ended.values, promised=short)
    deliveries = [each for each in found.services if each.kind == "deliveries"]
    assert deliveries
    assert all(found.services[each].margin == 0 for each in deliveries)
    assert any(less.services[each].margin == pytest.approx(-10.0) for each in deliveries)

"""Plans that weigh the mean of the worst scenarios."""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import cache
from typing import Any

import numpy as np
import pytest
from tests.results.scenarios.branching import uncertain_first_deal

from dronedeal.deal import Deal
from dronedeal.errors import InputError
from dronedeal.planning import Model, build_problem, no_deal_columns
from dronedeal.planning.scenarios.by_node import on_tree
from dronedeal.planning.scenarios.grow import exact_tree
from dronedeal.solving import Outcome, SolveOptions, Tail, solve_plan, solve_tail, tail_worth
from dronedeal.solving.highs import HighsSolver
from dronedeal.solving.stochastic import solve_tree
from dronedeal.workflow.scenarios.tail import parts_of

SIDES = ("joint", "buyer", "seller", "each")


@dataclass(frozen=True)
class Case:
    model: Model
    parts: list[Any]
    first: Outcome
    options: SolveOptions

    def best(self, tail: Tail) -> Outcome:
        return solve_tail(
            self.model.problem,
            HighsSolver(),
            first=self.first,
            tail=tail,
            parts=self.parts,
            options=self.options,
        )

    def worth(self, outcome: Outcome) -> np.ndarray:
        return np.array([part.worth(outcome.solution.values) for part in self.parts])

    @property
    def chances(self) -> np.ndarray:
        return np.array([part.probability for part in self.parts])


def case_of(deal: Deal, *, gap: float, kind: Any = "joint") -> Case:
    placed = on_tree(deal, exact_tree(deal))
    model = Model(placed.data, build_problem(placed.data))
    options = SolveOptions(gap=gap)
    first = solve_plan(
        model.problem, HighsSolver(), kind=kind, no_deal=no_deal_columns(model), options=options
    )
    return Case(model, parts_of(placed, model), first, options)


@cache
def linear() -> Case:
    return case_of(uncertain_first_deal(), gap=1e-7)


@cache
def learning() -> Case:
    deal = uncertain_first_deal()
    rows = [
        row.model_copy(update={"learning_slope": 0.85, "units_already_made": 400.0})
        if row.system == "kestrel"
        else row
        for row in deal.line_systems
    ]
    return case_of(deal.with_table("line_systems", rows), gap=1e-3)


def test_the_parts_are_worth_what_the_tree_is() -> None:
    for case in (linear(), learning()):
        expected = case.chances @ case.worth(case.first)
        values = case.first.solution.values
        assert values is not None
        assert expected == pytest.approx(case.model.problem.utilities(values), rel=1e-9)


@pytest.mark.parametrize(("share", "weight"), [(0.1, 1.0), (0.3, 0.5), (0.6, 1.0)])
def test_the_plan_is_that_of_the_engine_for_any_problem(share: float, weight: float) -> None:
    """The engine weighs the cost so far node by node; here each scenario has a row over its whole path."""
    case = linear()
    problem = case.model.problem
    kept = replace(problem, upper=np.where(problem.is_violation, 0.0, problem.upper))
    other = solve_tree(kept, objective="joint", tail=share, tail_weight=weight, gap=1e-7)
    assert case.best(Tail(share, "joint", weight)).solution.objective == pytest.approx(-other.cost, rel=1e-5)


@pytest.mark.parametrize("case", [linear, learning])
@pytest.mark.parametrize("of", SIDES)
def test_nobody_loses_in_what_is_weighed_and_no_plan_beats_the_bound(case: Any, of: Any) -> None:
    known, tail = case(), Tail(0.25, of, 0.75)
    found = known.best(tail)
    before = tail_worth("joint", tail, known.chances, known.worth(known.first))
    after = tail_worth("joint", tail, known.chances, known.worth(found))
    assert found.solution.objective == pytest.approx(after, rel=1e-9)
    assert after >= before - 1e-9
    assert after <= found.solution.bound + 1e-9
    assert found.solution.bound <= known.first.solution.bound + 1e-9
    mean = known.chances @ known.worth(known.first)
    assert known.chances @ known.worth(found) @ [1, 1] <= max(known.first.solution.bound, mean.sum()) + 1e-9


def test_weighing_the_worst_lifts_the_worst() -> None:
    case = linear()
    tail = Tail(0.1, "seller", 1.0)
    only_worst = Tail(0.1, "seller", 1.0)
    before, after = case.worth(case.first)[:, 1].min(), case.worth(case.best(tail))[:, 1].min()
    gained = tail_worth("seller", only_worst, case.chances, case.worth(case.best(tail)))
    assert after >= before - 1e-9
    assert gained == pytest.approx(after, abs=1e-9)  # the least likely scenario has a chance of 0.1


@pytest.mark.parametrize("tail", [Tail(1.0, "joint", 0.7), Tail(0.2, "buyer", 0.0)])
def test_a_neutral_tail_is_the_plan_for_the_mean(tail: Tail) -> None:
    assert linear().best(tail) is linear().first


def test_the_other_side_keeps_its_alternative() -> None:
    case = case_of(uncertain_first_deal(), gap=1e-6, kind="buyer")
    found = case.best(Tail(0.2, "buyer", 1.0))
    assert case.first.alternative is not None
    assert (case.chances @ case.worth(found))[1] >= case.first.alternative - 1e-6


def test_an_order_of_scenarios_and_halves_of_one_change_nothing() -> None:
    case, tail = linear(), Tail(0.3, "each", 0.6)
    whole = case.best(tail).solution.objective
    turned = replace(case, parts=case.parts[::-1]).best(tail).solution.objective
    one = case.parts[0]
    halves = [replace(one, probability=one.probability / 2)] * 2
    split = replace(case, parts=[*halves, *case.parts[1:]]).best(tail).solution.objective
    assert turned == pytest.approx(whole, rel=1e-6)
    assert split == pytest.approx(whole, rel=1e-6)


def test_a_stop_keeps_the_plan_for_the_mean() -> None:
    case = learning()
    found = solve_tail(
        case.model.problem,
        HighsSolver(),
        first=case.first,
        tail=Tail(0.2, "joint", 0.5),
        parts=case.parts,
        should_stop=lambda: True,
    )
    before = tail_worth("joint", Tail(0.2, "joint", 0.5), case.chances, case.worth(case.first))
    assert found.solution.objective >= before
    assert found.solution.values is not None


def test_a_share_that_cannot_be_is_refused() -> None:
    with pytest.raises(InputError, match=r"tail 0\.0 is not a share of outcomes"):
        linear().best(Tail(0.0, "joint", 0.5))

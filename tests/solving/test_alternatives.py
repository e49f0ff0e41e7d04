"""Alternatives: as good as asked, and different."""

from __future__ import annotations

from dataclasses import replace
from itertools import combinations

import numpy as np
import pytest
from tests.planning.small_deal import small_deal
from tests.results.explain.test_entry import without_choices, without_work
from tests.solving.test_nearby import divisible_deal, search, solved

from dronedeal.planning.measures import purchases_and_output
from dronedeal.solving import SolveOptions, different, nearby


@pytest.mark.parametrize("whole_units", [False, True])
def test_alternatives_are_as_good_as_asked_and_all_different(whole_units: bool) -> None:
    deal = small_deal(whole_units=whole_units)
    model, first = solved(deal)
    measures = purchases_and_output(model)
    quick = replace(search(model, first, measures, 0.01), options=SolveOptions(gap=0.01))
    found = [first, *different(quick, 3)]
    assert len(found) == 4
    figures = []
    for outcome in found:
        assert outcome.solution.values is not None
        assert outcome.solution.objective >= 0.99 * first.solution.objective - 1e-6
        figures.append(measures.of(outcome.solution.values[: model.problem.n_columns]))
    scale = np.abs(figures[0]).sum()
    assert min(np.abs(one - other).sum() for one, other in combinations(figures, 2)) > 0.02 * scale


def test_alternatives_of_a_problem_too_large_for_a_floor_are_as_good_as_asked(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(nearby, "FEW_COLUMNS", 0)
    model, first = solved(small_deal(whole_units=True))
    measures = purchases_and_output(model)
    found = list(different(search(model, first, measures, 0.05), 2))
    assert found
    assert first.solution.values is not None
    known = [measures.of(first.solution.values[: model.problem.n_columns])]
    for outcome in found:
        assert outcome.solution.values is not None
        worth = float(model.problem.utilities(outcome.solution.values).sum())
        assert outcome.solution.objective == pytest.approx(worth, rel=1e-9)
        assert worth >= 0.95 * first.solution.objective - 1e-6
        figures = measures.of(outcome.solution.values[: model.problem.n_columns])
        assert min(np.abs(figures - each).sum() for each in known) > 0.02 * np.abs(known[0]).sum()
        known.append(figures)


def test_a_twin_of_what_is_bought_is_the_alternative() -> None:
    deal = without_work(without_choices(small_deal())).with_table("rules", [])
    systems = [row for row in deal.systems if row.id != "kite"]
    twins = [row.model_copy(update={"id": "eagle"}) for row in deal.systems if row.id == "hawk"]
    prices = [
        row.model_copy(update={"system": name, "unit_price": 700.0, "maximum": None, "firm_minimum": None})
        for row in deal.prices
        if row.system == "hawk"
        for name in ("hawk", "eagle")
    ]
    deal = replace(
        deal, systems=(*systems, *twins), prices=tuple(prices), line_systems=(), lines=(), home_needs=(),
        other_buyers=(), system_components=(), component_supply=(), components=(), bundles=(),
    )  # fmt: skip
    model, first = solved(deal)
    measures = purchases_and_output(model)
    (other,) = different(search(model, first, measures, 1e-6), 1)
    assert first.solution.values is not None
    assert other.solution.values is not None
    assert other.solution.objective == pytest.approx(first.solution.objective, rel=1e-5)
    bought = measures.of(first.solution.values)
    moved = np.abs(measures.of(other.solution.values) - bought).sum()
    # Every unit can move to the twin: what is given up of the one is taken of the other.
    assert moved >= 1.9 * np.abs(bought).sum() * 0.5


def test_nothing_different_is_found_where_there_is_one_plan() -> None:
    deal = divisible_deal().with_table("budgets", []).with_table("other_buyers", [])
    deal = deal.with_table("home_needs", []).with_table("line_systems", []).with_table("lines", [])
    deal = deal.with_table("prices", [row for row in deal.prices if row.system == "hawk"])
    model, first = solved(deal)
    measures = purchases_and_output(model)
    assert list(different(search(model, first, measures, 0.01), 2)) == []


def test_a_stop_ends_the_search_with_what_is_there() -> None:
    deal = small_deal()
    model, first = solved(deal)
    measures = purchases_and_output(model)
    stopped = replace(search(model, first, measures, 0.01), should_stop=lambda: True)
    assert list(different(stopped, 2)) == []

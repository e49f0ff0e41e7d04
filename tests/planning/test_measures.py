"""Figures by which plans are told apart, against the tables of the plan."""

from __future__ import annotations

import pytest
from tests.planning.small_deal import small_deal
from tests.results.solved import EXACT, read_solution

from dronedeal.planning.measures import purchases_and_decisions, purchases_and_output
from dronedeal.results.assemble import make_plan
from dronedeal.results.changes import quantities


def test_purchases_and_decisions_are_those_of_the_tables() -> None:
    reading, assessment = read_solution(small_deal())
    plan = make_plan(reading.model, reading.outcome, reading.deal, assessment, options=EXACT, versions={})
    measures = purchases_and_decisions(reading.model)
    stated = measures.stated(quantities(plan))
    assert measures.of(reading.values) == pytest.approx(stated, abs=1e-6)
    assert set(quantities(plan)) <= set(measures.names)
    assert stated.any()
    assert (measures.weight > 0).all()


def test_purchases_by_system_and_output_by_line_are_money() -> None:
    reading, assessment = read_solution(small_deal())
    plan = make_plan(reading.model, reading.outcome, reading.deal, assessment, options=EXACT, versions={})
    measures = purchases_and_output(reading.model)
    figures = dict(zip(measures.names, measures.of(reading.values).tolist(), strict=True))
    for system, year in {(row["system"], row["fiscal_year"]) for row in plan.tables["purchases"]}:
        paid = sum(
            row["amount"]
            for row in plan.tables["purchases"]
            if (row["system"], row["fiscal_year"]) == (system, year)
        )
        assert figures["bought", system, str(year)] == pytest.approx(paid / 1e6, abs=1e-9)
    for line in reading.deal.lines:
        cost = sum(row["amount"] for row in plan.tables["production"] if row["line"] == line.id)
        assert figures.get(("made", line.id), 0.0) == pytest.approx(cost / 1e6, abs=1e-9)

"""A system that is passed over comes in just below the price that the plan names, and not above it."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np
import pytest
from tests.planning.small_deal import small_deal
from tests.results.explain.test_shortages import only, with_money
from tests.results.solved import EXACT, plan_of, read_solution

from dronedeal.assessment import Assessment, assess
from dronedeal.deal import Deal
from dronedeal.deal.change import apply_changes
from dronedeal.deal.terms import Rule
from dronedeal.planning import build, no_deal_columns
from dronedeal.results.explain import Margins, passed_over
from dronedeal.results.explain.answers import Asked, explain
from dronedeal.results.reading import Reading
from dronedeal.results.tables import shipments
from dronedeal.solving import solve_plan
from dronedeal.solving.highs import HighsSolver

Row = dict[str, Any]


def rows_of(reading: Reading, assessment: Assessment) -> dict[tuple[str, str], Row]:
    found = passed_over(reading, assessment, margins=Margins(reading), shipments=shipments(reading))
    return {(row["system"], row["requirement"]): row for row in found}


def again(deal: Deal, assessment: Assessment, like: Reading) -> Reading:
    """The plan of a deal with openings and steps held as in another plan."""
    model = build(deal, assessment)
    integers = np.flatnonzero(model.problem.is_integer)
    model.problem.lower[integers] = like.values[integers]
    model.problem.upper[integers] = like.values[integers]
    outcome = solve_plan(
        model.problem, HighsSolver(), kind=like.outcome.kind, no_deal=no_deal_columns(model), options=EXACT
    )
    return Reading(deal, model, outcome)


def bought(reading: Reading, system: str) -> float:
    return float(sum(row["quantity"] for row in shipments(reading) if row["system"] == system))


def without_work(deal: Deal) -> Deal:
    """The deal with nothing to integrate first."""
    return deal.with_table("integrations", [])


def without_choices(deal: Deal) -> Deal:
    """The deal with one line that is neither opened nor enlarged."""
    lines = [row.model_copy(update={"max_steps": 0}) for row in deal.lines if row.id == "home"]
    makes = [row for row in deal.line_systems if row.line == "home"]
    prices = [row for row in deal.prices if row.line is None]
    return deal.with_table("lines", lines).with_table("line_systems", makes).with_table("prices", prices)


@pytest.mark.parametrize("requirement", ["scouting", "patrol"])
@pytest.mark.parametrize("kind", ["joint", "buyer", "joint with lines to open"])
def test_below_the_price_it_comes_in_and_above_it_stays_out(requirement: str, kind: str) -> None:
    deal = without_work(only(small_deal(), requirement))
    deal = deal if "open" in kind else without_choices(deal)
    reading, assessment = read_solution(deal, "buyer" if kind == "buyer" else "joint")
    row = rows_of(reading, assessment)["hawk", requirement]
    needed, year = row["price_needed"], row["price_year"]
    assert needed < row["unit_price"]
    for factor, is_in in ((0.995, True), (1.005, False)):
        changed = apply_changes(deal, [f"prices[hawk//{year}].unit_price={needed * factor:.6f}"])
        assert (bought(again(changed, assessment, reading), "hawk") > 1e-6) == is_in


def test_work_that_is_not_begun_is_named_in_place_of_a_price() -> None:
    row = rows_of(*read_solution(only(small_deal(), "scouting")))["hawk", "scouting"]
    assert row["cause"] == "integration"
    assert row["price_needed"] is None
    assert "no price brings it in as long as the work for" in row["words"]


def test_above_the_effectiveness_it_comes_in_and_below_it_stays_out() -> None:
    deal = without_work(only(small_deal(), "patrol"))
    deal = apply_changes(deal, ["prices[hawk].unit_price=500"])
    weak = with_effectiveness(assess(deal), "hawk", 0.3)
    model = build(deal, weak)
    outcome = solve_plan(model.problem, HighsSolver(), no_deal=no_deal_columns(model), options=EXACT)
    reading = Reading(deal, model, outcome)
    row = rows_of(reading, weak)["hawk", "patrol"]
    needed = row["effectiveness_needed"]
    assert 0.3 < needed < 1.0
    for factor, is_in in ((1.005, True), (0.995, False)):
        changed = with_effectiveness(weak, "hawk", needed * factor)
        assert (bought(again(deal, changed, reading), "hawk") > 1e-6) == is_in


def with_effectiveness(assessment: Assessment, system: str, value: float) -> Assessment:
    pairings = tuple(
        replace(pairing, effectiveness=value) if pairing.system == system else pairing
        for pairing in assessment.pairings
    )
    return replace(assessment, pairings=pairings)


def test_a_system_whose_lines_are_all_closed_names_what_it_would_take_to_open_one() -> None:
    deal = only(small_deal(), "scouting")
    makes = [row for row in deal.line_systems if row.line == "allied"]
    lines = [row.model_copy(update={"open_cost": 1e12}) for row in deal.lines]
    deal = deal.with_table("line_systems", makes).with_table("lines", lines)
    row = rows_of(*read_solution(deal))["kite", "scouting"]
    assert (row["cause"], row["address"]) == ("line_not_open", "lines[allied].open_cost")
    assert row["price_needed"] is row["effectiveness_needed"] is None
    assert "no price brings it in while no line is open that makes it: allied" in row["words"]


def test_a_system_that_is_not_eligible_names_the_rule_that_stops_it() -> None:
    deal = only(small_deal(), "scouting")
    deal = deal.with_table("rules", [Rule(id="ban", kind="exclusion", subject="hawk")])
    row = rows_of(*read_solution(deal))["hawk", "scouting"]
    assert (row["cause"], row["address"]) == ("not_eligible", "rules[ban].limit")
    assert row["effectiveness"] is row["lacks"] is None


def test_what_the_search_left_open_is_not_said_to_be_worth_as_much() -> None:
    """An effective unit is worth 5,000 more than it should be, as where a search ended early."""
    reading, assessment = read_solution(without_work(only(small_deal(), "scouting")))
    duals = np.array(reading.outcome.solution.row_duals)
    duals[reading.problem.rows["coverage"].slice] += 5e-3
    early = replace(reading.outcome, solution=replace(reading.outcome.solution, row_duals=duals))
    row = rows_of(replace(reading, outcome=early), assessment)["hawk", "scouting"]
    assert "worth exactly as much" not in row["words"]
    assert "one more unit would add USD " in row["words"]
    assert (row["cause"], row["lacks"], row["price_needed"]) == ("indivisible", 0.0, None)


def test_a_plan_without_duals_says_that_it_cannot_tell_what_is_lacking() -> None:
    reading, assessment = read_solution(without_work(only(small_deal(), "scouting")))
    blind = replace(reading.outcome, solution=replace(reading.outcome.solution, row_duals=None))
    row = rows_of(replace(reading, outcome=blind), assessment)["hawk", "scouting"]
    assert (row["cause"], row["lacks"], row["price_needed"]) == ("not_priced", None, None)
    assert row["effectiveness"] is not None
    assert row["words"].endswith("what it lacks is not known, for this plan does not tell what is scarce.")


def test_what_is_bought_and_what_has_another_role_is_not_listed() -> None:
    reading, assessment = read_solution(small_deal())
    served = {(row["system"], row["requirement"]) for row in shipments(reading)}
    listed = rows_of(reading, assessment)
    assert served
    assert not served & set(listed)
    assert ("mule", "scouting") not in listed


def test_the_plan_alone_says_what_would_bring_a_system_in() -> None:
    plan = plan_of(with_money(without_work(only(small_deal(), "scouting")), 2e4))
    told = explain(plan, Asked(system="hawk")).of("not_bought")
    assert told[0].text == "Nothing of hawk is bought."
    assert "it would come in at a price below USD" in told[1].text

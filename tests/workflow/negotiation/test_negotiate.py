"""A whole negotiation of a small deal: every point is a verified plan, every figure is proven or checked."""

from __future__ import annotations

import itertools

import pytest

import dronedeal
from dronedeal.deal.term_sheet import deal_at
from dronedeal.errors import StoppedError
from dronedeal.negotiation.record import Negotiation
from dronedeal.solving import Progress
from dronedeal.workflow.negotiation.negotiate import NegotiationRun, negotiate

STEPS: list[str] = []


def keep(progress: Progress) -> None:
    STEPS.append(progress.step)


@pytest.fixture(scope="module")
def run() -> NegotiationRun:
    return negotiate(dronedeal.read("deals/first-deal"), points=4, pairs=3, moves=4, on_progress=keep)


def test_alternatives_are_those_of_one_sided_plans(run: NegotiationRun) -> None:
    deal, found = dronedeal.read("deals/first-deal"), run.record.alternatives
    assert found.buyer == pytest.approx(dronedeal.plan(deal, objective="seller").alternative)
    assert found.seller == pytest.approx(dronedeal.plan(deal, objective="buyer").alternative)


def test_every_point_is_a_verified_plan_under_its_terms(run: NegotiationRun) -> None:
    record = run.record
    assert len(record.frontier) == 4
    for point in [*record.frontier, *record.fair_points.values()]:
        assert point.plan is not None
        made = run.plans[point.plan.removeprefix("plans/")]
        assert made.verification.is_passed
        assert made.plan.utilities["buyer"] == pytest.approx(point.utilities.buyer, rel=1e-9)
        assert made.plan.utilities["seller"] == pytest.approx(point.utilities.seller, rel=1e-9)
        assert made.deal.digest == deal_at(dronedeal.read("deals/first-deal"), point.terms).digest


def test_nobody_can_leave_a_point_of_the_frontier_for_a_better_one(run: NegotiationRun) -> None:
    pairs = [point.utilities for point in run.record.frontier]
    for low, high in itertools.pairwise(pairs):
        assert low.buyer < high.buyer
        assert low.seller > high.seller
    for point in run.record.frontier:
        assert point.gap is not None
        assert point.gap <= 0.01 * point.utilities.buyer


def test_fair_points_leave_both_sides_more_than_their_alternatives(run: NegotiationRun) -> None:
    record = run.record
    assert set(record.fair_points) == {"nash", "kalai_smorodinsky", "egalitarian", "welfare"}
    for point in record.fair_points.values():
        assert point.gains.buyer > 0
        assert point.gains.seller > 0
        assert point.gap is not None
        assert point.gap <= 0.01


def test_the_point_of_greatest_welfare_is_worth_most_to_both_together(run: NegotiationRun) -> None:
    record = run.record
    assert record.welfare is not None
    most = record.welfare.utilities.buyer + record.welfare.utilities.seller
    others = [*record.frontier, *record.fair_points.values()]
    assert all(each.utilities.buyer + each.utilities.seller <= most * 1.001 for each in others)


def test_a_price_divides_both_sides_and_own_needs_are_priced_by_planning_again(run: NegotiationRun) -> None:
    by_id = {clause.id: clause for clause in run.record.clauses}
    assert by_id["price"].tension is not None
    assert by_id["price"].tension > 0
    assert by_id["own_needs"].dropped is not None
    assert [clause.tension for clause in run.record.clauses] == sorted(
        (clause.tension for clause in run.record.clauses), reverse=True
    )


def test_the_record_survives_its_file(run: NegotiationRun) -> None:
    assert Negotiation.from_data(run.record.to_data()) == run.record


def test_every_step_is_told(run: NegotiationRun) -> None:
    assert run.record.zone.is_there
    assert any("without the deal" in step for step in STEPS)
    assert any(step.startswith("plan of nash") for step in STEPS)
    assert any("term sheets valued" in step for step in STEPS)


def test_a_stop_before_the_alternatives_leaves_nothing() -> None:
    with pytest.raises(StoppedError):
        negotiate(dronedeal.read("deals/first-deal"), should_stop=lambda: True)


def test_the_record_states_assumptions_units_and_what_the_point_gives_away(run: NegotiationRun) -> None:
    record = run.record
    assert {each.row for each in record.analysis.assumptions} >= {"clauses[price]", "clauses[royalty]"}
    units = {clause.id: clause.unit for clause in record.clauses}
    assert units["price"] == "USD per unit, base-year 2027"
    assert record.disclosure is not None
    assert (record.disclosure.seller.gain_by_misstating or 0.0) >= 0.0
    assert len(record.analysis.sensitivity) == 4


def test_the_record_says_how_far_the_main_inputs_may_move(run: NegotiationRun) -> None:
    margins = {(each.input, each.way): each for each in run.record.analysis.margins}
    assert ("the buyer's budgets", "down") in margins
    for each in margins.values():
        assert each.fails_at is None or each.holds_to < each.fails_at
        assert each.words
    assert any("moves judged" in step for step in STEPS)


def test_the_analysis_record_holds_rules_weights_and_assumptions(run: NegotiationRun) -> None:
    analysis = run.record.analysis
    assert any("Nash point" in rule for rule in analysis.ground_rules)
    assert analysis.weights["Bargaining power of the buyer"] == 1.0
    data = run.record.to_data()["analysis"]
    assert set(data) == {"ground_rules", "weights", "worth", "assumptions", "sensitivity", "margins"}

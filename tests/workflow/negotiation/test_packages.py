"""Packages of clauses: frontier and fair points over all of them, against every package by itself."""

from __future__ import annotations

import itertools
import math
import random
from collections.abc import Iterator
from functools import cache
from typing import cast

import numpy as np
import pytest
from tests.width import width

import dronedeal
from dronedeal import planning
from dronedeal.assessment import assess
from dronedeal.deal import Deal
from dronedeal.deal.clauses import Clause, ClauseEffect
from dronedeal.deal.term_sheet import deal_at
from dronedeal.engine import Serial
from dronedeal.negotiation.evaluator import (
    BUYER,
    SELLER,
    Answer,
    Outcome,
    Question,
    Utilities,
    lesser_gain,
    weighted,
)
from dronedeal.negotiation.fairness import fair_points
from dronedeal.negotiation.frontier import frontier
from dronedeal.negotiation.inquiry import Inquiry
from dronedeal.negotiation.record import Negotiation
from dronedeal.report.negotiation.page import negotiation_html
from dronedeal.solving import SolveOptions
from dronedeal.solving.highs import HighsSolver
from dronedeal.solving.supports import Supports
from dronedeal.workflow.checkpoint import Checkpoint
from dronedeal.workflow.negotiation import DealEvaluator
from dronedeal.workflow.negotiation.choosing import Looked, Search, look_at_packages
from dronedeal.workflow.negotiation.evaluator import Point
from dronedeal.workflow.negotiation.negotiate import NegotiationRun, negotiate
from dronedeal.workflow.negotiation.packages import Learnt, Packages
from dronedeal.workflow.negotiation.prepared import Prepared
from dronedeal.workflow.negotiation.walk import LEAN

GAP = 0.001
PRICES, ROYALTIES = (700.0, 1050.0, 1400.0), (0.0, 0.3)
STEP = width(5, wide=1)  # of the plans of a grid, so that every package and price is among them


def small(seed: int) -> Deal:
    """The first deal with other figures, and two clauses that are at a few places only."""
    chance = random.Random(seed)
    deal = dronedeal.read("deals/first-deal")
    rows = [
        Clause(
            id="lead",
            kind="joint_line_date",
            subject="lines[north].open_lead_months",
            buyer_position=chance.choice([3, 6]),
            seller_position=chance.choice([15, 18]),
        ),
        Clause(id="payer", kind="investor", subject="*", buyer_position=0, seller_position=1),
    ]
    effect = ClauseEffect(
        clause="payer", subject="lines[north].investor", buyer_value="riverland", seller_value="northland"
    )
    costs = [
        row.model_copy(update={"unit_cost": row.unit_cost * chance.uniform(0.8, 1.2)})
        for row in deal.line_systems
    ]
    needs = [
        row.model_copy(update={"value_threshold": row.value_threshold * chance.uniform(0.8, 1.1)})
        for row in deal.requirements
    ]
    deal = deal.with_table("clauses", [*deal.clauses, *rows]).with_table("clause_effects", [effect])
    return deal.with_table("line_systems", costs).with_table("requirements", needs)


def without(deal: Deal) -> Utilities:
    """What both sides have without an agreement."""
    buyer = dronedeal.plan(deal, objective="seller").alternative
    seller = dronedeal.plan(deal, objective="buyer").alternative
    assert buyer is not None
    assert seller is not None
    return buyer, seller


def looked_at(deal: Deal, floors: Utilities, most: int | None = None) -> Looked:
    base = DealEvaluator(deal, options=SolveOptions(GAP))
    search = Search(
        deal, floors, Serial(), lambda _, work: work(), lambda _: None, lambda _: Prepared(Checkpoint())
    )
    return look_at_packages(search, base, most=most)


@cache
def found(seed: int) -> tuple[Deal, Utilities, Looked]:
    deal = small(seed)
    floors = without(deal)
    return deal, floors, looked_at(deal, floors)


def on_its_own(deal: Deal, looked: Looked) -> Iterator[DealEvaluator]:
    """Each package as a deal of its own, without the clauses that packages differ in."""
    for candidate in looked.choice.chosen:
        under = deal_at(deal, candidate.package)
        rows = [row for row in under.clauses if row.id not in looked.stays]
        yield DealEvaluator(under.with_table("clauses", rows), options=SolveOptions(GAP))


@pytest.mark.parametrize("seed", [1])
def test_an_answer_is_as_good_as_the_best_of_every_package_by_itself(seed: int) -> None:
    deal, floors, looked = found(seed)
    assert looked.choice.is_whole
    assert looked.choice.count == 9
    assert set(looked.stays) == {"lead", "payer"}
    alone = list(on_its_own(deal, looked))
    for question in (
        Question(weighted(1.0, 1.0), floors),
        Question(weighted(1.0, 0.01), floors),
        Question(weighted(0.01, 1.0), floors),
        Question(lesser_gain(floors)),
    ):
        answer = looked.packages.best(question)
        each = [evaluator.twin().best(question) for evaluator in alone]
        best = max(question.value(one.outcome.utilities) for one in each if one.outcome is not None)
        assert answer.outcome is not None
        value = question.value(answer.outcome.utilities)
        room = 2.0 * GAP * max(1e6, abs(best))
        assert value >= best - room
        assert answer.bound >= best - 1e-6 * abs(best)
        assert answer.bound <= max(one.bound for one in each) + room
        plan = answer.outcome.plan
        under = deal_at(deal, plan.terms)
        problem = planning.build(under, assess(under)).problem
        np.testing.assert_allclose(problem.utilities(plan.values) * 1e6, answer.outcome.utilities, rtol=1e-9)


@pytest.mark.parametrize("seed", [1])
def test_no_plan_under_any_package_and_price_of_a_grid_lies_beyond_frontier_and_fair_points(
    seed: int,
) -> None:
    deal, floors, looked = found(seed)
    inquiry = Inquiry(looked.packages)
    front = frontier(inquiry, points=7, floors=floors)
    points = fair_points(inquiry, floors, known=[point.outcome for point in front.points])
    assert points is not None
    assert len({tuple(looked.packages.package_of(each.outcome.plan.terms).items()) for each in front.points})
    seen = []
    grid = itertools.product(looked.choice.chosen, PRICES, ROYALTIES)
    for candidate, price, royalty in itertools.islice(grid, 0, None, STEP):
        terms = {**candidate.package, "price": price, "royalty": royalty, "own_needs": 0.5}
        plan = dronedeal.plan(deal_at(deal, terms), gap=GAP)
        pair = plan.utilities["buyer"], plan.utilities["seller"]
        if pair[BUYER] >= floors[BUYER] and pair[SELLER] >= floors[SELLER]:
            seen.append(pair)
    assert len(seen) > 5
    for pair in seen:
        for side in (BUYER, SELLER):
            other = pair[1 - side] * (1 - 1e-6)
            assert pair[side] <= front.limit(side, other) * (1 + 1e-6)
        gains = pair[BUYER] - floors[BUYER], pair[SELLER] - floors[SELLER]
        assert min(gains) <= points.egalitarian.bound * (1 + 1e-6)
        assert gains[BUYER] * gains[SELLER] <= points.nash.bound * (1 + 1e-6)
        assert sum(gains) <= points.welfare.bound * (1 + 1e-6)
    assert points.welfare.value >= (max(sum(pair) for pair in seen) - sum(floors)) * (1 - 5 * GAP)
    assert all(point.gap <= 0.02 for point in points)


def test_a_limit_of_packages_takes_the_openings_and_what_the_prices_of_clauses_promise() -> None:
    deal, floors, whole = found(1)
    part = looked_at(deal, floors, most=4)
    assert len(part.choice.chosen) == 4
    assert not part.choice.is_whole
    chosen = [dict(each.package) for each in part.choice.chosen]
    rows = {row.id: row for row in deal.clauses}
    assert {"lead": rows["lead"].buyer_position, "payer": 0} in chosen
    assert {"lead": rows["lead"].seller_position, "payer": 1} in chosen
    question = Question(weighted(1.0, 1.0), floors)
    most, best = part.packages.best(question).outcome, whole.packages.best(question).outcome
    assert most is not None
    assert best is not None
    assert question.value(most.utilities) >= question.value(best.utilities) * (1 - 2 * GAP)


def test_a_clause_of_whole_values_is_valued_by_planning_under_it() -> None:
    deal, _, looked = found(1)
    evaluator = looked.packages.evaluators[0]
    assert evaluator.stays["lead"] == "it takes whole values only"
    terms = {"price": 1050.0, "royalty": 0.1, "own_needs": 0.5}
    for lead in (3.0, 15.0):
        outcome = evaluator.under({**terms, "lead": lead}, Question(weighted(1.0, 1.0))).outcome
        assert outcome is not None
        plan = dronedeal.plan(deal_at(deal, {**terms, "lead": lead}), gap=GAP)
        assert sum(outcome.utilities) == pytest.approx(sum(plan.utilities.values()), rel=2 * GAP)


@cache
def licensed(packages: int | None) -> NegotiationRun:
    deal = dronedeal.read("deals/licensed-line")
    return negotiate(deal, points=4, pairs=0, moves=0, packages=packages)


def test_one_package_leaves_the_clause_as_it_is() -> None:
    record = licensed(1).record
    assert record.packages is None
    assert all("investor" not in point.terms for point in record.frontier)
    (left,) = [warning for warning in record.warnings if warning.startswith("Clauses left as they are")]
    name = next(clause.name for clause in record.clauses if clause.id == "investor")
    assert name in left


def test_one_package_is_what_the_evaluator_of_the_deal_as_it_stands_finds_alone() -> None:
    record = licensed(1).record
    floors = record.alternatives.buyer, record.alternatives.seller
    evaluator = DealEvaluator(dronedeal.read("deals/licensed-line"), options=SolveOptions(GAP))
    walked = evaluator.warm_up(floors)

    class Alone:
        def best(self, question: Question, /) -> Answer:
            return evaluator.twin().best(question)

    inquiry = Inquiry(Alone())
    inquiry.know(walked)
    zone = inquiry.best(Question(lesser_gain(floors)))
    assert zone.outcome is not None
    gains = (zone.outcome.utilities[side] - floors[side] for side in (BUYER, SELLER))
    assert record.zone.greatest_lesser_gain == min(gains)
    assert record.zone.bound == zone.bound
    points = frontier(inquiry, points=4, floors=floors, lean=LEAN).points
    fair = fair_points(inquiry, floors, known=[point.outcome for point in points])
    assert fair is not None
    for point in fair:
        stated = record.fair_points[point.name]
        assert (stated.utilities.buyer, stated.utilities.seller) == point.utilities
        assert stated.bound == point.bound
        assert dict(stated.terms) == dict(point.outcome.plan.terms)


def test_every_point_says_its_package_and_is_a_verified_plan() -> None:
    run = licensed(None)
    record = run.record
    assert record.packages is not None
    assert record.packages.is_whole
    assert {each.terms["investor"] for each in record.packages.examined} == {0.0, 1.0}
    named = [name for each in record.packages.examined for name in each.points]
    assert sorted(named) == sorted([*(point.id for point in record.frontier), *record.fair_points])
    for point in [*record.frontier, *record.fair_points.values()]:
        assert point.plan is not None
        made = run.plans[point.plan.removeprefix("plans/")]
        assert made.verification.is_passed
        assert made.plan.utilities["buyer"] == pytest.approx(point.utilities.buyer, rel=1e-9)
    clause = next(each for each in record.clauses if each.id == "investor")
    assert clause.stays is None
    assert Negotiation.from_data(record.to_data()) == record


def test_both_openings_are_plans_and_no_opening_lies_beyond_the_frontier() -> None:
    run = licensed(None)
    for opening in (run.record.openings.buyer, run.record.openings.seller):
        assert opening is not None
        assert opening.plan is not None
        assert opening.utilities is not None
        made = run.plans[opening.plan.removeprefix("plans/")].plan
        assert made.utilities["seller"] == pytest.approx(opening.utilities.seller, rel=1e-9)
        assert any(
            point.utilities.buyer >= opening.utilities.buyer * (1 - 1e-9)
            and point.utilities.seller >= opening.utilities.seller * (1 - 1e-9)
            for point in run.record.frontier
        )


def test_packages_leave_both_sides_at_least_what_one_package_does() -> None:
    one, all_of_them = licensed(1).record, licensed(None).record
    assert one.nash is not None
    assert all_of_them.nash is not None
    assert all_of_them.nash.value >= one.nash.value * (1 - GAP)
    assert one.nash.bound is not None
    assert all_of_them.nash.bound is not None


def test_the_page_says_packages_and_what_is_proven_of_them() -> None:
    page = negotiation_html(licensed(None).record)
    assert "Packages of clauses that were looked at" in page
    assert "Every bound holds for all 2 packages" in page
    assert "moves, to positions only" in page


class Told:
    """A large package whose best plan is known, and that counts how often it is asked."""

    def __init__(self, place: float, best: Utilities, walked: Utilities) -> None:
        self.package, self.is_large, self.options = {"lead": place}, True, SolveOptions(GAP)
        self.outcome, self.walked = self.plan(best), self.plan(walked)
        self.supports = Supports.of(HighsSolver(), weights=[[1, 1]], limits=[90.0 + place], points=[])
        self.asked: list[Question] = []

    def plan(self, utilities: Utilities) -> Outcome:
        million = (1e6 * utilities[BUYER], 1e6 * utilities[SELLER])
        return Outcome(million, "", Point(self.package, np.zeros(1), None))

    def twin(self) -> Told:
        return self

    def best(self, question: Question) -> Answer:
        self.asked.append(question)
        return Answer(self.outcome, math.inf)


def told(*packages: Told) -> Packages:
    return Packages(
        cast(list[DealEvaluator], packages), ["lead"], [Learnt((each.walked,)) for each in packages]
    )


def test_of_large_packages_that_promise_as_much_the_one_with_a_plan_near_by_is_asked_alone() -> None:
    one, other = Told(3.0, (40.0, 42.0), (40.0, 40.01)), Told(15.0, (40.0, 41.0), (40.0, 40.0))
    near = other.plan((39.0, 40.5))
    answer = told(one, other).best(Question(weighted(1.0, 1.0), near=near))
    assert not one.asked
    assert [each.near for each in other.asked] == [near]
    assert answer.outcome is other.outcome
    # What the package that was not asked could hold is in the bound.
    assert answer.bound == pytest.approx(105e6)
    assert told(one, other).best(Question(weighted(1.0, 1.0))).outcome is one.outcome


def test_a_large_package_that_promises_more_than_was_found_is_asked_too() -> None:
    poor, rich = Told(3.0, (30.0, 30.0), (50.0, 30.0)), Told(15.0, (45.0, 40.0), (50.0, 20.0))
    answer = told(poor, rich).best(Question(weighted(1.0, 1.0)))
    assert len(poor.asked) == len(rich.asked) == 1
    assert answer.outcome is rich.outcome

"""Plans of the negotiation: verified like any other, and worth what was said of them."""

from __future__ import annotations

import numpy as np
import pytest

import dronedeal
from dronedeal.errors import StoppedError
from dronedeal.negotiation.evaluator import Question, weighted
from dronedeal.solving import ObjectiveKind, SolveOptions, never_stop, no_progress
from dronedeal.workflow.negotiation import DealEvaluator
from dronedeal.workflow.negotiation.plans import alternative_plan, plan_under

OPTIONS = SolveOptions(is_proven=False)


@pytest.mark.parametrize("name", ["first-deal", "licensed-line"])
def test_the_plan_of_a_point_is_worth_what_the_point_says(name: str) -> None:
    deal = dronedeal.read(f"deals/{name}")
    outcome = DealEvaluator(deal).best(Question(weighted(1.0, 1.0))).outcome
    assert outcome is not None
    run = plan_under(deal, outcome.plan.terms, outcome.plan.values, options=OPTIONS)
    assert run.verification.is_passed
    assert run.plan.utilities["buyer"] == pytest.approx(outcome.utilities[0], rel=1e-9)
    assert run.plan.utilities["seller"] == pytest.approx(outcome.utilities[1], rel=1e-9)
    assert run.plan.digest == run.deal.digest != deal.digest


@pytest.mark.parametrize(("side", "other"), [("buyer", "seller"), ("seller", "buyer")])
def test_an_alternative_is_what_a_one_sided_plan_leaves_the_other_side(
    side: ObjectiveKind, other: ObjectiveKind
) -> None:
    deal = dronedeal.read("deals/first-deal")
    run = alternative_plan(deal, side, options=OPTIONS, on_progress=no_progress, should_stop=never_stop)
    assert run.verification.is_passed
    assert run.plan.utilities[side] == pytest.approx(dronedeal.plan(deal, objective=other).alternative)


def test_without_the_deal_nothing_of_the_seller_reaches_the_buyer() -> None:
    deal = dronedeal.read("deals/licensed-line")
    seller = next(party.id for party in deal.settings.parties if party.role == "seller")
    owned = {system.id for system in deal.systems if system.supplier == seller}
    for side in ("buyer", "seller"):
        run = alternative_plan(deal, side, options=OPTIONS, on_progress=no_progress, should_stop=never_stop)
        assert not [row for row in run.plan.tables["shipments"] if row["system"] in owned]


@pytest.mark.parametrize("heard", [1, 2])
def test_a_stop_is_heard_before_the_problem_is_built_and_before_the_plan_is_checked(heard: int) -> None:
    asked: list[int] = []

    def should_stop() -> bool:
        asked.append(1)
        return len(asked) == heard

    with pytest.raises(StoppedError, match="stopped on request"):
        plan_under(
            dronedeal.read("deals/first-deal"), {}, np.zeros(1), options=OPTIONS, should_stop=should_stop
        )
    assert len(asked) == heard

"""A plan that was made before is solved again to the cent, or refused with the reason."""

from __future__ import annotations

from dataclasses import replace

import pytest

import dronedeal
from dronedeal.errors import CommandError
from dronedeal.exchange import PlanChoices
from dronedeal.planning.data import MONEY_UNIT
from dronedeal.results.plan import Plan
from dronedeal.workflow.made_before import as_solved
from dronedeal.workflow.plans import Solved

DEAL = "deals/first-deal"


@pytest.fixture(scope="module")
def plan() -> Plan:
    return dronedeal.plan(dronedeal.read(DEAL))


def again(deal: dronedeal.Deal, plan: Plan) -> Solved:
    return as_solved(deal, plan, PlanChoices(), on_progress=lambda _progress: None, should_stop=lambda: False)


def test_its_columns_are_worth_what_it_says(plan: Plan) -> None:
    solved = again(dronedeal.read(DEAL), plan)
    values = solved.outcome.solution.values
    assert values is not None
    assert float(solved.model.problem.utilities(values).sum()) * MONEY_UNIT == pytest.approx(plan.objective)


def test_a_plan_of_another_deal_is_refused(plan: Plan) -> None:
    with pytest.raises(CommandError, match="plan the deal again"):
        again(dronedeal.read(DEAL), replace(plan, digest="0" * 64))

"""What planning for scenarios is worth."""

from __future__ import annotations

from typing import Any

import pytest
from tests.planning.scenarios.uncertain import with_uncertainty
from tests.results.scenarios.branching import FIRST_DEAL

from dronedeal import plan, plan_scenarios, read
from dronedeal.deal import Deal
from dronedeal.deal.scenario_tree import Varied
from dronedeal.engine import Processes
from dronedeal.planning.scenarios.grow import exact_tree
from dronedeal.planning.scenarios.under import rows_under
from dronedeal.workflow.scenarios.worth import expected_tree


def needs() -> Deal:
    return with_uncertainty(
        read(FIRST_DEAL), ("buyer_need", "*", 2028, {"none": (0.5, 0.0), "twice": (0.5, 2.0)})
    )


def test_expected_figures_are_the_means_of_each_year() -> None:
    tree = expected_tree(exact_tree(needs()))
    assert [node.name for node in tree.nodes] == ["2027", "2028"]
    assert tree.multiplier(1, Varied("buyer_need", "*")) == pytest.approx(1.0)


def test_waiting_for_the_scenario_is_worth_the_plans_of_ordinary_deals() -> None:
    """Each scenario is the deal with its rows changed, planned by itself."""
    deal = needs()
    found = plan_scenarios(deal, scenarios=2, gap=1e-6)
    tree = exact_tree(deal)
    alone = sum(
        tree.nodes[leaf].probability
        * plan(
            rows_under(deal, [tree.nodes[node].outcomes for node in tree.path_to(leaf)]), gap=1e-6
        ).objective
        for leaf in tree.leaves
    )
    assert found.worth is not None
    assert found.worth.wait_and_see == pytest.approx(alone, rel=1e-6)
    low, high = found.worth.perfect_information
    assert low <= alone - found.objective + 1e-6 * alone
    assert high >= alone - found.objective - 1e-6 * alone


def test_scenarios_planned_alone_in_another_process_are_worth_the_same() -> None:
    here = plan_scenarios(needs(), scenarios=4)
    with Processes(1) as engine:
        there = plan_scenarios(needs(), scenarios=4, engine=engine)
    assert here.worth is not None
    assert there.to_json() == here.to_json()


def test_scenarios_that_were_not_all_planned_alone_are_worth_nothing_that_is_said() -> None:
    class Stopped:
        def map(self, function: Any, items: Any, /) -> Any:
            raise NotImplementedError

        def map_until(self, function: Any, items: Any, should_stop: Any, /) -> Any:
            yield function(items[0])

    assert plan_scenarios(needs(), scenarios=4, engine=Stopped()).worth is None


def test_a_stop_ends_the_comparison_and_keeps_the_plan() -> None:
    asked: list[None] = []

    def stop_once_planned() -> bool:
        asked.append(None)
        return len(asked) > 20  # the plan itself asks fewer times

    found = plan_scenarios(needs(), scenarios=2, should_stop=stop_once_planned)
    assert found.worth is None
    assert found.tables["scenarios"]


def test_planning_for_the_mean_is_not_better() -> None:
    worth = plan_scenarios(needs(), scenarios=2, gap=1e-6).worth
    assert worth is not None
    assert worth.expected_figures is not None
    assert worth.expected_figures <= worth.here_and_now * (1 + 2e-6)

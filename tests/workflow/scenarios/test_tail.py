"""Plans on scenarios that weigh the worst of them."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import pytest
from tests.results.scenarios.branching import planned, uncertain_first_deal, weighed

from dronedeal import plan_scenarios
from dronedeal.errors import CommandError
from dronedeal.report.scenarios.page import scenarios_html
from dronedeal.results.scenarios.columns import SCENARIO_TABLES
from dronedeal.results.scenarios.record import ScenarioPlan
from dronedeal.solving import SolveOptions
from dronedeal.terminal_scenarios import scenarios_text
from dronedeal.workflow.scenarios.tail import half_of_time, rest_of_time


def test_a_tail_of_all_scenarios_is_the_plan_without_one() -> None:
    neutral = plan_scenarios(uncertain_first_deal(), scenarios=4, gap=1e-6, tail=1.0)
    usual = json.loads(planned().to_json())
    found = json.loads(neutral.to_json())
    risk = found.pop("risk")
    usual.pop("risk")
    rows = found["tables"].pop("risk")
    assert usual["tables"].pop("risk") == []
    assert found == usual
    assert risk == {"share": 1.0, "of": "joint", "weight": 0.5, "before": pytest.approx(neutral.objective)}
    assert all(row["mean"] == pytest.approx(row["worst"]) for row in rows)


def test_mean_and_worst_are_stated_before_and_after() -> None:
    plan = weighed()
    assert plan.risk is not None
    assert all(tuple(row) == SCENARIO_TABLES["risk"].names for row in plan.tables["risk"])
    rows = {(row["measure"], row["plan"]): row for row in plan.tables["risk"]}
    before, after = rows["seller", "on_average"], rows["seller", "weighed"]
    assert after["worst"] >= before["worst"] - 1.0
    both = rows["joint", "on_average"]["mean"], rows["joint", "weighed"]["mean"]
    assert both[1] <= both[0] + 10.0
    assert both[0] == pytest.approx(planned().objective, rel=1e-6)
    # Objective: the buyer's mean and the seller's worst.
    assert plan.objective == pytest.approx(rows["buyer", "weighed"]["mean"] + after["worst"], rel=1e-9)
    assert plan.risk.before == pytest.approx(rows["buyer", "on_average"]["mean"] + before["worst"], rel=1e-6)
    assert plan.bound is not None
    assert plan.risk.before - 1.0 <= plan.objective <= plan.bound


def test_text_page_and_file_say_it() -> None:
    plan = weighed()
    text = scenarios_text(plan, Path("out"))
    assert "with the worst 10% of the chances for the seller weighed 100%" in " ".join(text.split())
    assert "What the worst weighed change" in text
    assert max(len(line) for line in text.splitlines()) <= 80
    assert "What weighing the worst scenarios changes" in scenarios_html(plan)
    assert "What weighing the worst scenarios changes" not in scenarios_html(replace(plan, risk=None))
    assert ScenarioPlan.from_json(plan.to_json()) == plan


def test_what_counts_for_nothing_is_stated_in_full() -> None:
    """With the buyer's worst tenth alone, what it gets in the other scenarios counts for nothing."""
    deal = uncertain_first_deal()
    plan = plan_scenarios(
        deal, scenarios=4, gap=1e-6, tail=0.1, tail_of="buyer", tail_weight=1.0, worth=False
    )
    assert plan.risk is not None
    assert plan.risk.before - 1.0 <= plan.objective
    assert plan.bound is not None
    assert plan.objective <= plan.bound + 1.0


def test_what_cannot_be_weighed_is_refused() -> None:
    deal = uncertain_first_deal()
    with pytest.raises(CommandError, match="tail: found 0; allowed: above 0 and at most 1"):
        plan_scenarios(deal, scenarios=2, tail=0.0)
    with pytest.raises(CommandError, match=r"tail_weight: found 1\.5; allowed: from 0"):
        plan_scenarios(deal, scenarios=2, tail=0.1, tail_weight=1.5)
    with pytest.raises(CommandError, match="tail_of: found without a tail"):
        plan_scenarios(deal, scenarios=2, tail_of="buyer")
    with pytest.raises(CommandError, match="tail_of: found 'seller' with the objective 'buyer'"):
        plan_scenarios(deal, scenarios=2, objective="buyer", tail=0.1, tail_of="seller")


def test_both_plans_share_the_time() -> None:
    options = SolveOptions(time_limit=40.0)
    assert half_of_time(options).time_limit == 20.0
    assert rest_of_time(options, 15.0).time_limit == 25.0
    assert rest_of_time(options, 50.0).time_limit == 0.0
    assert half_of_time(SolveOptions()) == rest_of_time(SolveOptions(), 9.0) == SolveOptions()

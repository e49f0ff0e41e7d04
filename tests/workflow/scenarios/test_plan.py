"""Planning for many futures at once."""

from __future__ import annotations

from pathlib import Path

import pytest
from tests.planning.every_family import every_family
from tests.planning.scenarios.uncertain import with_uncertainty
from tests.results.scenarios.branching import FIRST_DEAL, TREE, planned, uncertain_first_deal

from dronedeal import plan, plan_scenarios, read
from dronedeal.errors import CommandError, ScenarioTreeError
from dronedeal.exchange import PlanChoices, ScenarioChoices
from dronedeal.workflow import Stopwatch
from dronedeal.workflow.scenarios.plan import grow, run_scenarios


def tree_file(folder: Path, text: str = TREE) -> Path:
    path = folder / "tree.csv"
    path.write_text(text, encoding="utf-8")
    return path


def test_one_scenario_gives_the_plan_as_without() -> None:
    deal = with_uncertainty(read(FIRST_DEAL))
    alone, usual = plan_scenarios(deal, scenarios=1, gap=0.0), plan(deal, gap=0.0)
    assert alone.objective == usual.objective
    assert alone.utilities == pytest.approx(usual.utilities)
    assert alone.bound == pytest.approx(usual.bound)
    bought = {
        (row["fiscal_year"], row["subject"]): row["quantity"]
        for row in alone.tables["policy"]
        if row["kind"] == "purchase"
    }
    stated = {}
    for row in usual.tables["purchases"]:
        subject = f"{row['system']} from {row['line'] or 'the market'} for {row['requirement']}"
        stated[row["fiscal_year"], subject] = row["quantity"]
    assert bought == stated
    assert alone.worth is not None
    assert alone.worth.perfect_information == pytest.approx((0.0, 0.0), abs=1.0)


def test_the_plan_is_worth_what_its_scenarios_are_and_no_more_than_its_bound() -> None:
    found = planned()
    assert found.status == "optimal"
    assert found.bound is not None
    assert found.objective <= found.bound
    assert sum(row["probability"] for row in found.tables["scenarios"]) == pytest.approx(1.0)
    assert sum(row["comparisons"] for row in found.checks) > 1000
    assert max(row["largest_residual"] for row in found.checks) < 1e-3


def test_knowing_more_and_planning_better_are_never_worth_less_than_nothing() -> None:
    worth = planned().worth
    assert worth is not None
    assert 0.0 <= worth.perfect_information[0] <= worth.perfect_information[1]
    assert worth.wait_and_see >= worth.here_and_now - 1.0
    assert worth.stochastic_solution is not None
    assert worth.expected_figures is not None
    assert 0.0 <= worth.stochastic_solution[0] <= worth.stochastic_solution[1]
    assert worth.expected_figures <= worth.here_and_now + worth.stochastic_solution[1]


def test_a_tree_of_a_file_is_planned_and_can_be_reduced(tmp_path: Path) -> None:
    deal, file = read(FIRST_DEAL), tree_file(tmp_path)
    whole = plan_scenarios(deal, tree=file, worth=False)
    assert [row["scenario"] for row in whole.tables["scenarios"]] == ["low", "mid", "high"]
    assert whole.distance is None
    assert whole.worth is None
    fewer = plan_scenarios(deal, tree=file, scenarios=2, worth=False)
    assert fewer.sizes["scenarios"] == 2
    assert fewer.distance is not None
    assert fewer.distance > 0
    assert fewer.how == "read from tree.csv, 2 of 3 scenarios kept"


def test_the_same_seed_gives_the_same_plan_and_another_one_other_scenarios() -> None:
    deal = with_uncertainty(
        read(FIRST_DEAL),
        ("buyer_need", "*", 2028, {str(number): (0.1, 0.5 + number / 10) for number in range(10)}),
    )
    texts = [plan_scenarios(deal, scenarios=3, seed=seed, worth=False).to_json() for seed in (4, 4, 5)]
    assert texts[0] == texts[1] != texts[2]


def test_one_side_keeps_the_expected_alternative_of_the_other() -> None:
    joint, buyer = planned(), plan_scenarios(uncertain_first_deal(), scenarios=4, objective="buyer")
    assert buyer.utilities["buyer"] >= joint.utilities["buyer"] - 1.0
    assert buyer.utilities["seller"] <= joint.utilities["seller"] + 1.0
    assert buyer.worth is not None
    assert buyer.worth.stochastic_solution is None


def test_a_plan_for_the_seller_states_all_that_the_buyer_gets() -> None:
    joint, seller = (
        planned(),
        plan_scenarios(uncertain_first_deal(), scenarios=4, objective="seller", gap=1e-6),
    )
    assert seller.utilities["seller"] >= joint.utilities["seller"] - 1.0
    assert sum(seller.utilities.values()) <= joint.objective + 10.0
    alone = plan_scenarios(uncertain_first_deal(), scenarios=4, objective="buyer", gap=1e-6, worth=False)
    assert seller.utilities["buyer"] <= alone.utilities["buyer"] + 10.0


def test_rules_that_collide_in_one_scenario_are_named_there(tmp_path: Path) -> None:
    tree = "node,parent,probability,line_outage:*,home_need:*\nnow,,1,,\nbad,now,0.5,0,50\ngood,now,0.5,,\n"
    found = plan_scenarios(read(FIRST_DEAL), tree=tree_file(tmp_path, tree), worth=False)
    broken = {
        row["scenario"]: row["value"] for row in found.tables["results"] if row["measure"] == "broken_terms"
    }
    assert found.status == "relaxed"
    assert broken["bad"] > 0
    assert broken["good"] == 0


def test_evidence_becomes_scenarios_of_effectiveness(tmp_path: Path) -> None:
    found = grow(every_family(), ScenarioChoices(9, has_evidence=True), seed=0)
    assert {varied.factor for varied in found.tree.varied} == {"effectiveness"}
    assert len(found.tree.leaves) > 1
    assert found.how == (
        f"grown from 0 rows of uncertainty and 4 posteriors of trials, {len(found.tree.leaves)} drawn of 81 "
        "combinations, seed 0; another seed draws others"
    )
    with pytest.raises(CommandError, match="evidence: found together with a tree"):
        ScenarioChoices(None, tree_file(tmp_path), has_evidence=True)


def test_what_cannot_be_asked_for_is_refused(tmp_path: Path) -> None:
    deal = read(FIRST_DEAL)
    with pytest.raises(CommandError, match="scenarios: found neither a number of scenarios nor a tree"):
        plan_scenarios(deal)
    with pytest.raises(CommandError, match="scenarios: found 0; allowed: from 1 to 100,000"):
        plan_scenarios(deal, scenarios=0)
    with pytest.raises(ScenarioTreeError, match=r"subject of budget; found 'arny'; allowed: `\*`, or one of"):
        plan_scenarios(deal, tree=tree_file(tmp_path, TREE.replace("budget:*", "budget:arny")))
    with pytest.raises(CommandError, match="baselines: found together with scenarios"):
        run_scenarios(
            deal,
            PlanChoices(baselines=True),
            ScenarioChoices(3),
            watch=Stopwatch(),
            on_progress=lambda _progress: None,
            should_stop=lambda: False,
        )

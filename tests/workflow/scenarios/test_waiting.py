"""What waiting, signing at once, and another test are worth."""

from __future__ import annotations

from dataclasses import replace
from functools import cache
from pathlib import Path

import pytest
from tests.planning.every_family import every_family
from tests.planning.scenarios.uncertain import with_uncertainty
from tests.results.scenarios.branching import FIRST_DEAL, planned, uncertain_first_deal

from dronedeal import plan, plan_scenarios, read
from dronedeal.deal import Deal
from dronedeal.deal.scenario_tree import Outcome as Turned
from dronedeal.deal.scenario_tree import Varied
from dronedeal.errors import CommandError
from dronedeal.planning import Model, build_problem, no_deal_columns
from dronedeal.planning.data import MONEY_UNIT
from dronedeal.planning.scenarios.by_node import on_tree
from dronedeal.planning.scenarios.factors import Factor
from dronedeal.planning.scenarios.grow import exact_tree
from dronedeal.planning.scenarios.known import known_from
from dronedeal.planning.scenarios.under import rows_under
from dronedeal.report.scenarios.page import scenarios_html
from dronedeal.solving import Outcome, SolveOptions, solve_plan
from dronedeal.solving.highs import HighsSolver
from dronedeal.solving.interface import never_stop, no_progress
from dronedeal.terminal_scenarios import scenarios_text
from dronedeal.workflow.scenarios.waiting import _best, _test, unsigned, worth_of_tests
from dronedeal.workflow.scenarios.worth import Question

GAP = 1e-6


def asked(deal: Deal, *, gap: float = GAP) -> tuple[Question, Outcome]:
    tree = exact_tree(deal)
    placed = on_tree(deal, tree)
    model = Model(placed.data, build_problem(placed.data))
    options = SolveOptions(gap=gap)
    outcome = solve_plan(model.problem, HighsSolver(), no_deal=no_deal_columns(model), options=options)
    return Question(deal, tree, placed, model, options, no_progress, never_stop), outcome


@cache
def budgets() -> tuple[Question, Outcome]:
    """The first deal on one scenario, of which a factor more will turn out."""
    return asked(with_uncertainty(read(FIRST_DEAL)))


def factor(factor: str, subject: str, low: float, high: float) -> Factor:
    return Factor(Varied(factor, subject), 1, (Turned("low", low), Turned("high", high)), (0.5, 0.5))  # type: ignore[arg-type]


def test_what_is_known_of_the_second_year_is_all_there_is_to_know_in_a_deal_of_two() -> None:
    worth = planned().worth
    assert worth is not None
    assert worth.news == worth.perfect_information
    assert worth.signing is not None
    assert worth.signing[1] >= worth.signing[0] > 0


def test_nothing_to_learn_is_worth_nothing() -> None:
    worth = plan_scenarios(with_uncertainty(read(FIRST_DEAL)), scenarios=1, gap=0.0).worth
    assert worth is not None
    assert worth.news == (0.0, 0.0)


def test_news_are_the_plans_of_the_branches() -> None:
    """A branch of one scenario that is known at once is an ordinary deal with its rows changed."""
    needs = {"less": (0.4, 0.6), "more": (0.6, 1.2)}
    deal = with_uncertainty(read(FIRST_DEAL), ("buyer_need", "*", 2028, needs))
    question, outcome = asked(deal)
    tree = question.tree
    for child in tree.children[0]:
        best, bound = _best(question, outcome, known_from(tree, [child]), "known")
        alone = plan(rows_under(deal, [tree.nodes[node].outcomes for node in tree.path_to(child)]), gap=GAP)
        assert best * MONEY_UNIT == pytest.approx(alone.objective, rel=2 * GAP)
        assert bound >= best


def test_a_result_known_early_is_worth_the_difference_of_ordinary_plans() -> None:
    """Two budgets of the second year: known at once, each is an ordinary deal; else one plan on a tree."""
    question, outcome = budgets()
    shown = factor("budget", "guard", 0.2, 1.0)
    least, most = _test(question, outcome, shown)
    deal = question.deal
    alone = [
        plan(rows_under(deal, [{}, {shown.varied: turned}]), gap=GAP).objective for turned in shown.outcomes
    ]
    tree = with_uncertainty(deal, ("budget", "guard", 2028, {"low": (0.5, 0.2), "high": (0.5, 1.0)}))
    now = plan_scenarios(tree, scenarios=2, gap=GAP, worth=False).objective
    assert sum(alone) / 2 - now > 1000.0
    assert least - 10.0 <= sum(alone) / 2 - now <= most + 10.0


def test_a_result_that_moves_nothing_is_worth_nothing() -> None:
    question, outcome = budgets()
    least, most = _test(question, outcome, factor("permit_delay", "*", 1.0, 9.0))
    assert least == 0.0
    assert most <= 2 * GAP * outcome.solution.objective * MONEY_UNIT
    sure = Factor(Varied("budget", "*"), 1, (Turned("same", 1.0),), (1.0,))
    assert _test(question, outcome, sure) == (0.0, 0.0)


def test_nothing_is_signed_in_the_root() -> None:
    question, _ = asked(uncertain_first_deal())
    problem = unsigned(question.model.problem)
    for name in ("open", "assign"):
        numbers = problem.columns[name].numbers
        is_root = problem.node[numbers] == 0
        assert is_root.any()
        assert (problem.upper[numbers[is_root]] == 0).all()
    assigned = problem.columns["assign"].numbers
    assert (problem.upper[assigned[problem.node[assigned] > 0]] > 0).any()


def test_every_tested_system_has_a_row() -> None:
    deal = every_family()
    question, outcome = asked(with_uncertainty(deal), gap=1e-3)
    rows = worth_of_tests(question, outcome, trials=2)
    assert [row["subject"] for row in rows] == ["hawk:hit", "kite:hit", "mule:hit", "owl:hit"]
    for row in rows:
        assert 0.0 <= row["least"] <= row["most"]
        assert row["lowest"] < row["mean"] == 0.75 < row["highest"]
    assert rows[1]["highest"] == pytest.approx(5 / 6)  # three of four, and both more succeed


def test_text_and_page_say_it() -> None:
    row = {"subject": "kite:hit", "trials": 20, "mean": 0.75, "lowest": 0.5, "highest": 0.9}
    tests = ({**row, "least": 815.0, "most": 828.0},)
    found = replace(planned(), tables={**planned().tables, "tests": tests})
    text, page = " ".join(scenarios_text(found, Path("out")).split()), scenarios_html(found)
    assert "Knowing in 2027 what 2028 brings would be worth" in text
    assert "Signing nothing in 2027" in text
    assert "kite:hit: 815.0 to 828.0 USD; now 75%, then 50%, 90%" in text
    assert "What 20 more trials of a system would be worth before signing" in page
    assert "Signing nothing in the first year" in page
    assert found.worth is not None
    bound = replace(found, worth=replace(found.worth, signing=None))
    assert "waiting is no choice" in scenarios_text(bound, Path("out")).replace("\n  ", " ")


def test_what_cannot_be_asked_for_is_refused() -> None:
    with pytest.raises(CommandError, match="test_trials: found 0; allowed: from 1 to 10,000"):
        plan_scenarios(read(FIRST_DEAL), scenarios=2, test_trials=0)
    with pytest.raises(CommandError, match="test_trials: found together with evidence"):
        plan_scenarios(read(FIRST_DEAL), scenarios=2, test_trials=5, evidence=True)

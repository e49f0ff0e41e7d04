"""What the commands print."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from dronedeal import terminal, workflow
from dronedeal.assessment import Assessment, Criterion, Pairing
from dronedeal.exchange import CheckResult, FirstPlan
from dronedeal.quantities.calendar import Calendar
from dronedeal.results.plan import Plan
from dronedeal.results.verify.outcome import CheckResult as PlanCheck
from dronedeal.results.verify.outcome import Failure, Verification
from dronedeal.solving import Progress

FIRST_DEAL = Path(__file__).resolve().parent.parent / "deals" / "first-deal"
RANGE = Criterion("attribute", "range", False, True, "30 km", "at least 50 km", -0.4, reason="Too short.")


@pytest.fixture(scope="module")
def plan() -> Plan:
    return workflow.plan(workflow.read(FIRST_DEAL), gap=0.0)


def pairing(system: str, **changes: Any) -> Pairing:
    return replace(
        Pairing("patrol", system, True, (RANGE,), 0.8, SimpleNamespace(interval=(0.7, 0.9)), 3, 23), **changes
    )


def matching(*pairings: Pairing) -> Assessment:
    return Assessment(pairings, (), (), Calendar("2027-01", 24))


def test_columns_line_up_and_leave_no_blanks_at_the_end() -> None:
    text = terminal.columns_text([["a", "1"], ["long name", "1,000"], ["b", ""]])
    assert text.splitlines() == ["a              1", "long name  1,000", "b"]


def test_a_requirement_lists_who_meets_it_first_and_why_others_do_not() -> None:
    text = terminal.match_text(
        matching(pairing("slow", is_eligible=False), pairing("kestrel")), is_full=False
    )
    assert text.splitlines() == [
        "patrol: 1 of 2 systems eligible",
        "  + kestrel: effectiveness 0.8 (0.7 to 0.9), from 2027-04",
        "  - slow: Too short.",
        "",
        "1 of 2 pairs eligible",
    ]


def test_a_system_that_comes_too_late_says_so() -> None:
    text = terminal.match_text(matching(pairing("kestrel", last_month=2)), is_full=False)
    assert "but no month in which it may be delivered" in " ".join(text.split())


def test_the_full_text_names_every_criterion() -> None:
    text = terminal.match_text(matching(pairing("kestrel")), is_full=True)
    assert "attribute, range: not met; found 30 km, needed at least 50 km; margin -40%" in text


def test_a_criterion_that_is_not_known_or_not_hard_says_so() -> None:
    line = terminal.criterion_line(replace(RANGE, is_met=None, is_hard=False, margin=None, probability=0.25))
    assert (
        line == "attribute, range: not known; found 30 km, needed at least 50 km; probability 0.25 (not hard)"
    )


def test_the_first_plan_is_told_with_its_time_and_how_far_it_can_be_from_the_best(plan: Plan) -> None:
    assert terminal.first_plan_line(FirstPlan(replace(plan, gap=0.0472), 4.56)) == (
        "first plan after 4.6 s, checked, at most 4.7% below the best possible; looking for better ones"
    )


@pytest.mark.parametrize(
    ("best", "bound", "text"),
    [
        (None, None, "  12.3 s  joint plan: best none yet, bound none yet"),
        (200.0, 201.0, "  12.3 s  joint plan: best 200.000 m, bound 201.000 m, gap 0.50%"),
    ],
)
def test_a_progress_line_holds_seconds_best_bound_and_gap(
    best: float | None, bound: float | None, text: str
) -> None:
    assert terminal.progress_line(Progress("joint plan", 12.34, best, bound)) == text


def test_warnings_are_hinted_at_only_where_there_are_any() -> None:
    assert terminal.warnings_hint(CheckResult(()), Path("deal")) == ""


def test_a_failed_verification_names_each_failure_and_counts_them() -> None:
    failure = Failure("stock", "kestrel", "3", "2", 1.0, "stock must balance")
    text = terminal.verification_text(Verification((PlanCheck("stock", 7, 0.5),), (failure,) * 40))
    assert text.count("[stock] kestrel: stated 3, computed 2") == 30
    assert text.endswith("… and 10 more\nverification FAILED: 40 failures in 1 checks, 7 comparisons")


def test_the_summary_says_what_is_bought_paid_short_and_certain(plan: Plan) -> None:
    text = terminal.plan_text(plan, Path("out"))
    assert "Status  optimal, proven to be the best possible" in text
    assert ["guard", "750", "1,150", "1,900", "2,680.0"] in [line.split() for line in text.splitlines()]
    assert "patrol 2027: 400 short of the objective of 1,000" in text
    assert "all passed" in text
    assert "Report    out/report.html" in text


@pytest.mark.parametrize(
    ("gap", "words"),
    [
        (None, "Status  optimal\n"),
        (1e-12, "Status  optimal, proven to be the best possible\n"),
        (3e-7, "Status  optimal, at most 0.001% below the best possible (0.001% of its own cost)\n"),
        (0.00431, "Status  optimal, at most 0.43% below the best possible (0.86% of its own cost)\n"),
    ],
)
def test_the_summary_says_how_good_the_plan_is(plan: Plan, gap: float | None, words: str) -> None:
    assert words in terminal.plan_text(
        replace(plan, gap=gap, gap_of_cost=None if gap is None else 2 * gap), Path("out")
    )


def test_the_summary_of_a_plan_that_buys_nothing_says_so(plan: Plan) -> None:
    empty = replace(plan, tables={**plan.tables, "purchases": ()})
    assert "Nothing is bought." in terminal.plan_text(empty, Path("out"))


def test_the_summary_names_broken_rules_and_needs_that_fall_behind(plan: Plan) -> None:
    behind = [dict(row, shortfall=5.0) for row in plan.tables["home_coverage"]]
    violation = {
        "kind": "budget", "subject": "guard / any", "fiscal_year": 2027, "quantity": 10.0, "unit": "USD",
        "words": "the budget of the guard is exceeded by 10 USD",
    }  # fmt: skip
    changed = replace(
        plan, status="relaxed", tables={**plan.tables, "home_coverage": behind, "violations": [violation]}
    )
    text = terminal.plan_text(changed, Path("out"))
    assert "broken: the budget of the guard is exceeded by 10 USD" in text
    assert "2 of 2 fall behind" in text


def variant(table: str, **changes: Any) -> dict[str, Any]:
    """A row of a plan that is worth 12 million less than one of 16 million, by 10 and 2."""
    worth = {"status": "optimal", "objective": 4e6, "buyer": -1e6, "seller": 5e6, "difference": 12e6}
    found = {
        "baselines": {"kind": "all_seller", "delivered": 5.0, "broken": 0, "gap": 0.25},
        "rule_costs": {
            "rule": "short", "buyer_difference": 10e6, "seller_difference": 2e6, "gap": 0.25, "bound": 5e6,
            "words": "",
        },
    }  # fmt: skip
    return {**worth, **found[table], **changes}


def test_baselines_and_rule_costs_stand_with_what_the_gaps_leave_open(plan: Plan) -> None:
    found = replace(
        plan,
        objective=16e6,
        bound=16.5e6,
        utilities={"buyer": 9e6, "seller": 7e6},
        tables={
            **plan.tables,
            "baselines": [variant("baselines")],
            "rule_costs": [variant("rule_costs", objective=28e6, gap=1 / 28)],
        },
    )
    lines = [line.split() for line in terminal.plan_text(found, Path("out")).splitlines()]
    assert ["all", "by", "the", "seller", "+12.0", "+11.0", "+12.5", "+10.0", "+2.0"] in lines
    assert ["short", "+12.0", "+11.5", "+13.0", "+10.0", "+2.0"] in lines
    assert "may be chance" not in terminal.plan_text(found, Path("out"))


@pytest.mark.parametrize("changes", [{"gap": None}, {"gap": 5.0}])
def test_differences_within_the_gaps_are_said_to_be_chance(plan: Plan, changes: dict[str, Any]) -> None:
    found = replace(
        plan, bound=plan.objective, tables={**plan.tables, "rule_costs": [variant("rule_costs", **changes)]}
    )
    text = terminal.plan_text(found, Path("out"))
    assert "may be chance" in text
    assert ("–" in text.split("without rule")[1].splitlines()[1]) == (changes["gap"] is None)


def test_nobody_who_did_not_ask_reads_of_variants(plan: Plan) -> None:
    text = terminal.plan_text(plan, Path("out"))
    assert "worth more" not in text.lower()


def test_a_wide_deal_still_fits_in_80_columns(plan: Plan) -> None:
    rows = [
        {
            "fiscal_year": 2027 + year, "branch": f"branch_with_a_long_name_{branch}", "requirement": "r",
            "system": "s", "line": None, "quantity": 123456.7, "amount": 2.5e9, "amount_then_year": 2.6e9,
        }
        for year in range(5) for branch in range(8)
    ]  # fmt: skip
    text = terminal.plan_text(replace(plan, tables={**plan.tables, "purchases": rows}), Path("out"))
    assert max(map(len, text.splitlines())) <= terminal.WIDTH
    assert "Thousands bought" in text
    assert "617" in text

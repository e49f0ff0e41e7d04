"""What `what-if`, `compare` and `explain` print."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from tests.report.sample import sample_deal
from tests.report.sample_plan import sample_plan

from dronedeal.deal.change import apply_changes
from dronedeal.exchange import WhatIf
from dronedeal.results.compare import Comparison, compare_plans
from dronedeal.results.explain.answers import Answer, Asked, Explanation, explain
from dronedeal.results.plan import Plan
from dronedeal.terminal_comparison import comparison_text, explanation_text, what_if_text

DEAL = sample_deal()


def less(share: float, **changes: Any) -> Plan:
    """The sample plan with a share of every purchase."""
    plan = sample_plan(DEAL)
    rows = [
        row | {"quantity": row["quantity"] * share, "amount": row["amount"] * share}
        for row in plan.tables["purchases"]
    ]
    return sample_plan(DEAL, tables={**plan.tables, "purchases": rows}, **changes)


def with_deals(changes: list[str]) -> Comparison:
    other = apply_changes(DEAL, changes)
    plans = [sample_plan(DEAL, digest=DEAL.digest), less(0.9, digest=other.digest)]
    return compare_plans(plans, ["as it stands", "changed"], deals=[DEAL, other])


@pytest.mark.parametrize("count", range(2, 7))
def test_a_summary_of_any_number_of_plans_fits_80_columns(count: int) -> None:
    names = [f"a plan with quite a long name {number}" for number in range(count)]
    plans = [less(1 - number / 10) for number in range(count)]
    lines = comparison_text(compare_plans(plans, names), Path("out")).splitlines()
    assert max(map(len, lines)) <= 80
    assert "Units bought" in "\n".join(lines)


def test_a_pair_stands_with_its_changes() -> None:
    text = comparison_text(compare_plans([sample_plan(DEAL), less(0.75)]), None)
    units = sum(row["quantity"] for row in sample_plan(DEAL).tables["purchases"])
    squeezed = " ".join(text.split())
    assert f"{units / 1e3:,.1f} {units * 0.75 / 1e3:,.1f} −{units * 0.25 / 1e3:,.1f} −25.0%" in squeezed
    assert "−25.0%" in text
    assert "Figures that differ: purchases" in text


def test_equal_plans_are_said_to_be_equal() -> None:
    text = comparison_text(compare_plans([sample_plan(DEAL)] * 2), None)
    assert "No figure of any year differs." in text


def test_changed_inputs_stand_with_old_and_new_value_and_address() -> None:
    result = WhatIf(
        ("x",), with_deals(["settings.options.assurance=0.9", "prices[hornet].unit_price*=2"]), (1.25, 0.5)
    )
    text = what_if_text(result, Path("out"))
    assert "settings.options.assurance: 0.8 → 0.9 (+12.5%)\n    deal.yaml (options.assurance)" in text
    assert "Planned in 1.2 s as it stands and in 0.5 s as changed" in text
    assert "out/comparison.html" in text
    assert max(map(len, text.splitlines())) <= 80


def test_many_inputs_are_counted() -> None:
    result = WhatIf(
        ("x",), with_deals(["prices[*].unit_price*=2", "requirement_quantities[*].threshold*=0.5"]), (1, 1)
    )
    count = len(result.comparison.inputs)
    assert count > 12
    assert f"… and {count - 12} more" in what_if_text(result, None)


def test_the_same_deal_twice_is_said_to_be_the_same() -> None:
    assert "No input differs." in what_if_text(
        WhatIf(("x",), with_deals(["prices[*].unit_price*=1"]), (1, 1)), None
    )


def test_an_explanation_stands_under_headings_within_80_columns() -> None:
    text = explanation_text(explain(sample_plan(DEAL)))
    assert "What is short, and why" in text
    assert max(map(len, text.splitlines())) <= 80


def test_a_long_explanation_is_cut_and_says_so() -> None:
    answers = tuple(Answer("binding", None, f"rule {number} binds.", 1.0) for number in range(20))
    text = explanation_text(Explanation("Deal", Asked(), answers))
    assert "… and 8 more; ask with" in text
    assert "rule 11 binds." in text
    assert "rule 12 binds." not in text


def test_nothing_to_explain_is_said() -> None:
    assert "Nothing is short, broken or held back." in explanation_text(Explanation("Deal", Asked(), ()))


def test_unit_costs_that_differ_stand_by_line_and_system() -> None:
    plan = sample_plan(DEAL)
    rows = [row | {"unit_cost_end": row["unit_cost_end"] * 1.1} for row in plan.tables["learning"]]
    dearer = sample_plan(DEAL, tables={**plan.tables, "learning": rows})
    text = comparison_text(compare_plans([plan, dearer]), None)
    first = plan.tables["learning"][0]
    assert f"Unit cost at the end, {plan.currency}" in text
    line = next(row for row in text.splitlines() if row.startswith(f"{first['line']} {first['system']}"))
    assert line.endswith("+10.0%")
    assert "Unit cost at the end" not in comparison_text(compare_plans([plan, less(0.5)]), None)

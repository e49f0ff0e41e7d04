"""What a plan changes of an earlier one."""

from __future__ import annotations

from dataclasses import replace

import pytest
from tests.planning.small_deal import small_deal
from tests.results.solved import plan_of

from dronedeal.results.changes import changes


def test_the_same_plan_changes_nothing() -> None:
    plan = plan_of(small_deal())
    assert changes(plan, plan) == []


def test_purchases_and_openings_that_differ_are_listed_with_both_figures() -> None:
    plan = plan_of(small_deal())
    first, *others = plan.tables["purchases"]
    opening = plan.tables["openings"][0]
    tables = {
        **plan.tables,
        "purchases": ({**first, "quantity": first["quantity"] + 5.0}, *others),
        "openings": plan.tables["openings"][1:],
    }
    bought, dropped = changes(plan, replace(plan, tables=tables))
    assert (bought["what"], bought["fiscal_year"], bought["month"]) == (
        "purchase", first["fiscal_year"], None,
    )  # fmt: skip
    assert bought["new"] - bought["old"] == pytest.approx(5.0)
    assert (dropped["what"], dropped["subject"]) == (opening["kind"], opening["line"])
    assert (dropped["old"], dropped["new"]) == (opening["quantity"], 0.0)
    assert "in place of" in dropped["words"]


def test_what_the_tolerance_of_a_solver_makes_is_no_change() -> None:
    plan = plan_of(small_deal())
    first, *others = plan.tables["purchases"]
    purchases = ({**first, "quantity": first["quantity"] * (1 + 1e-8)}, *others)
    assert changes(plan, replace(plan, tables={**plan.tables, "purchases": purchases})) == []

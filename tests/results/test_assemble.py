"""The certificate of a plan."""

from __future__ import annotations

import pytest
from tests.planning.small_deal import small_deal
from tests.results.solved import plan_of

from dronedeal.deal.clauses import Clause
from dronedeal.results.assemble import not_counted


def test_certificate_states_bound_gap_sizes_and_digest() -> None:
    deal = small_deal()
    plan = plan_of(deal)
    assert plan.status == "optimal"
    assert plan.bound is not None
    assert plan.bound >= plan.objective
    assert plan.gap == pytest.approx((plan.bound - plan.objective) / abs(plan.objective))
    assert plan.digest == deal.digest
    assert plan.sizes["integers"] > 0
    assert plan.versions["solver"].startswith("HiGHS")
    assert plan.objective == pytest.approx(sum(plan.utilities.values()))


def test_one_sided_plans_state_the_other_sides_alternative() -> None:
    plan = plan_of(small_deal(), "buyer")
    assert plan.alternative is not None
    assert plan.utilities["seller"] >= plan.alternative - 1e-2
    assert plan.objective == plan.utilities["buyer"]


def test_colliding_rules_make_a_relaxed_plan_with_its_violations() -> None:
    deal = small_deal()
    needs = [row.model_copy(update={"quantity": 7000.0}) for row in deal.home_needs]
    plan = plan_of(deal.with_table("home_needs", needs))
    assert plan.status == "relaxed"
    assert {row["kind"] for row in plan.tables["violations"]} >= {"home_need"}


def test_same_deal_gives_the_same_plan_to_the_last_byte() -> None:
    assert plan_of(small_deal()).to_json() == plan_of(small_deal()).to_json()


def test_terms_that_are_not_planned_with_are_named_with_their_number() -> None:
    deal = small_deal()
    assert not_counted(deal) == ()
    clause = Clause(id="price", kind="price", subject="*")
    words = not_counted(deal.with_table("clauses", [clause, clause]))
    assert [text.rsplit("(", 1)[1] for text in words] == ["2 rows)"]
    assert words[0].startswith("clauses")

"""Plans that keep the first months of an earlier plan."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pytest
from tests.planning.deals_with_projects import with_projects
from tests.planning.learning_deal import learning_deal
from tests.planning.small_deal import small_deal
from tests.results.corruptions_frozen import freeze
from tests.results.hand_worked import hand_assessment, hand_deal, hand_values

import dronedeal
from dronedeal.deal import Deal
from dronedeal.deal.change import apply_changes
from dronedeal.errors import CommandError
from dronedeal.quantities.calendar import Calendar
from dronedeal.results.plan import Plan
from dronedeal.results.verify import verify

MONTHLY = ("shipments", "production", "home_supply", "other_sales", "substitutions")
# Which budget row pays, and what is put aside, are accounts and no decisions that are frozen.
DECIDED = (*MONTHLY, "stock", "openings", "integrations", "projects", "purchases", "coverage", "learning")
LAST = "2028-02"


@pytest.fixture(scope="module")
def deal() -> Deal:
    return small_deal(whole_units=True)


@pytest.fixture(scope="module")
def best(deal: Deal) -> Plan:
    return dronedeal.plan(deal, gap=1e-6)


def until(plan: Plan, month: str) -> dict[str, list[Mapping[str, Any]]]:
    return {name: [row for row in plan.tables[name] if row["month"] <= month] for name in MONTHLY}


def test_frozen_figures_of_a_plan_worked_out_by_hand_pass_the_check() -> None:
    values = hand_values(hand_deal())
    assert freeze(values)
    assert verify(Plan(**values), hand_deal(), hand_assessment()).failures == ()


@pytest.mark.parametrize("objective", ["joint", "seller"])
def test_the_same_deal_frozen_to_its_end_is_the_same_plan(deal: Deal, objective: Any) -> None:
    earlier = dronedeal.plan(deal, objective=objective, gap=1e-6)
    kept = dronedeal.plan(deal, objective=objective, gap=1e-6, near=earlier, freeze_until=LAST)
    assert {name: kept.tables[name] for name in DECIDED} == {name: earlier.tables[name] for name in DECIDED}
    assert kept.objective == pytest.approx(earlier.objective, rel=1e-6)
    assert kept.tables["violations"] == kept.tables["changes"] == ()
    assert all(row["old"] == row["new"] for row in kept.tables["frozen"])
    assert kept.options["freeze_until"] == LAST


@pytest.mark.parametrize("made", [with_projects(20.0), learning_deal()], ids=["projects", "learning"])
def test_projects_work_and_experience_of_the_zone_are_kept(made: Deal) -> None:
    earlier = dronedeal.plan(made)
    months = Calendar(made.settings.start, made.settings.months)
    end, month = months.label(months.months - 1), months.label(months.months // 2)
    whole, half = (dronedeal.plan(made, near=earlier, freeze_until=each) for each in (end, month))
    assert {name: whole.tables[name] for name in DECIDED} == {name: earlier.tables[name] for name in DECIDED}
    assert until(half, month) == until(earlier, month)
    costs = [sum(row["amount"] for row in each.tables["production"]) for each in (whole, earlier)]
    assert costs[0] == costs[1]
    assert not half.tables["violations"]


def test_less_money_later_leaves_the_frozen_months_as_they_were(deal: Deal, best: Plan) -> None:
    (first, *_) = sorted({row["fiscal_year"] for row in best.tables["purchases"]})
    keys = [f"budgets[{row.branch}/{row.fiscal_year}/{row.appropriation}].amount*=0.5" for row in deal.budgets
            if row.fiscal_year > first]  # fmt: skip
    less = apply_changes(deal, keys)
    month = "2027-12"
    free, kept = dronedeal.plan(less, gap=1e-6), dronedeal.plan(less, gap=1e-6, near=best, freeze_until=month)
    assert until(kept, month) == until(best, month)
    assert kept.tables["frozen"]
    assert kept.objective <= free.objective + 1e-6 * abs(free.objective)
    assert kept.verification is not None
    assert kept.verification["is_passed"]


def test_what_the_changed_deal_does_not_allow_is_a_violation_with_its_cause() -> None:
    deal = dronedeal.read("deals/first-deal")
    earlier = dronedeal.plan(deal)
    cut = apply_changes(deal, ["budgets[guard/2027].amount*=0.3"])
    kept = dronedeal.plan(cut, near=earlier, freeze_until="2027-09")
    moved = kept.tables["violations"]
    assert kept.status == "relaxed"
    assert moved
    assert {row["kind"] for row in moved} == {"frozen"}
    assert all("money of guard voted in fiscal year 2027 is used up" in row["words"] for row in moved)
    missing = {(row["what"], row["subject"], row["month"]): row["old"] - row["new"]
               for row in kept.tables["frozen"] if row["old"] - row["new"] > 1e-3}  # fmt: skip
    assert sum(missing.values()) == pytest.approx(sum(row["quantity"] for row in moved), abs=1e-3)
    assert all(row["new"] <= row["old"] for row in kept.tables["frozen"])
    # Rules of the deal are kept: the frozen zone gives way, by no more than the money that is missing.
    spent = sum(row["spent"] for row in kept.tables["budgets"] if row["budget_year"] == 2027)
    voted = sum(row["amount_then_year"] for row in kept.tables["budgets"] if row["budget_year"] == 2027)
    assert spent <= voted * (1 + 1e-9)
    assert "frozen" in str(dronedeal.explain(kept, cut))


def test_a_line_that_the_deal_no_longer_has_is_named() -> None:
    deal = dronedeal.read("deals/first-deal")
    earlier = dronedeal.plan(deal)
    assert any(row["system"] == "falcon" for row in earlier.tables["shipments"])
    gone = deal.with_table("prices", [row for row in deal.prices if row.system != "falcon"])
    kept = dronedeal.plan(gone, near=earlier, freeze_until="2027-09")
    words = [row["words"] for row in kept.tables["violations"]]
    assert words
    assert all("falcon; the deal no longer has it" in text for text in words)


@pytest.mark.parametrize(
    ("month", "words"),
    [("2040-01", "a month of the deal, 2027-11 to 2028-02"), ("soon", "a month as YYYY-MM")],
)
def test_a_month_that_cannot_be_frozen_is_refused(deal: Deal, best: Plan, month: str, words: str) -> None:
    with pytest.raises(CommandError, match=words):
        dronedeal.plan(deal, near=best, freeze_until=month)


def test_nothing_can_be_frozen_without_an_earlier_plan(deal: Deal, best: Plan) -> None:
    with pytest.raises(CommandError, match="without an earlier plan"):
        dronedeal.plan(deal, freeze_until="2027-12")
    with pytest.raises(CommandError, match="baselines: found together with freeze_until"):
        dronedeal.plan(deal, near=best, freeze_until="2027-12", baselines=True)

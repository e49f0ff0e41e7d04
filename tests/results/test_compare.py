"""Plans side by side, against sums computed here."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest
from tests.report.sample import sample_deal
from tests.report.sample_plan import sample_plan

from dronedeal.deal.change import apply_changes
from dronedeal.errors import CommandError
from dronedeal.results.columns import PLAN_TABLES
from dronedeal.results.compare import COMPARED, Comparison, Figure, compare_plans
from dronedeal.results.plan import Plan

DEAL = sample_deal()
PLAN = sample_plan(DEAL)


def edited(table: str, edit: Callable[[list[dict[str, Any]]], Any], **changes: Any) -> Plan:
    """The sample plan with other rows in one table."""
    rows = [dict(row) for row in PLAN.tables[table]]
    rows = edit(rows) or rows
    return sample_plan(DEAL, tables={**PLAN.tables, table: rows}, **changes)


def halved(rows: list[dict[str, Any]]) -> None:
    for row in rows:
        row["quantity"] /= 2


OTHER = edited("purchases", halved)


def test_a_plan_does_not_differ_from_itself() -> None:
    comparison = compare_plans([PLAN, PLAN])
    assert comparison.is_same
    assert comparison.differences == ()
    assert comparison.warnings == ()
    assert not any(figure.is_changed for figure in comparison.totals)
    assert comparison.figures


@pytest.mark.parametrize("table", COMPARED)
def test_every_figure_of_the_sample_is_compared(table: str) -> None:
    columns = COMPARED[table].columns
    stated = sum(sum(row[column] or 0.0 for row in PLAN.tables[table]) for column in columns)
    figures = [each for each in compare_plans([PLAN, PLAN]).figures if each.table == table]
    summed = [figure.values[0] or 0.0 for figure in figures if figure.column in columns]
    assert sum(summed) == pytest.approx(stated)
    assert len({(figure.key, figure.column) for figure in figures}) == len(figures)
    assert all(figure.unit for figure in figures)


def test_differences_are_those_of_sums_made_by_hand() -> None:
    comparison = compare_plans([PLAN, OTHER])
    assert {figure.table for figure in comparison.differences} == {"purchases"}
    for row in PLAN.tables["purchases"]:
        key = (row["fiscal_year"], row["requirement"], row["system"], row["line"], row["branch"])
        (figure,) = [each for each in comparison.differences if each.key == key]
        assert figure.values == (row["quantity"], row["quantity"] / 2)
        assert figure.change(1) == -row["quantity"] / 2
        assert figure.relative(1) == pytest.approx(-0.5)
    bought = sum(row["quantity"] for row in PLAN.tables["purchases"])
    assert comparison.total("units bought").values == pytest.approx((bought, bought / 2))


def test_sums_by_year_and_branch_are_those_of_the_rows() -> None:
    comparison = compare_plans([PLAN, OTHER])
    for figure in comparison.summed("purchases", "quantity", by=("fiscal_year", "branch")):
        rows = [
            row["quantity"]
            for row in PLAN.tables["purchases"]
            if (row["fiscal_year"], row["branch"]) == figure.key
        ]
        assert figure.values == pytest.approx((sum(rows), sum(rows) / 2))


def test_monthly_production_is_added_up_by_year() -> None:
    comparison = compare_plans([PLAN, PLAN])
    made: dict[int, float] = {}
    for row in PLAN.tables["production"]:
        year = int(row["month"].split("-")[0])
        made[year] = made.get(year, 0.0) + row["quantity"]
    found = {
        figure.key[0]: figure.values[0]
        for figure in comparison.summed("production", "quantity", by=("year",))
    }
    assert found == pytest.approx(made)


def test_unit_cost_of_a_year_is_what_is_paid_over_what_is_made() -> None:
    comparison = compare_plans(
        [PLAN, edited("production", lambda rows: [row | {"quantity": 0.0} for row in rows])]
    )
    sums: dict[tuple[Any, ...], list[float]] = {}
    for row in PLAN.tables["production"]:
        entry = sums.setdefault((int(row["month"][:4]), row["line"], row["system"]), [0.0, 0.0])
        entry[0] += row["amount"]
        entry[1] += row["quantity"]
    found = [each for each in comparison.figures if (each.table, each.column) == ("production", "unit_cost")]
    assert len(found) == len(sums)
    for figure in found:
        amount, quantity = sums[figure.key]
        assert figure.values[0] == pytest.approx(amount / quantity)
        assert figure.values[1] is None


def test_every_family_of_the_plan_is_compared() -> None:
    monthly = {"shipments", "stock", "capacity", "home_supply"}  # yearly tables or totals hold their sums
    words = {"passed_over", "changes", "rule_costs", "baselines", "frozen"}  # of one plan alone
    assert set(COMPARED) == set(PLAN_TABLES) - monthly - words


def test_what_only_one_plan_buys_is_zero_in_the_other() -> None:
    comparison = compare_plans([PLAN, edited("purchases", lambda rows: rows[1:])])
    first = PLAN.tables["purchases"][0]
    (figure,) = [each for each in comparison.of("purchases") if each.column == "quantity"]
    assert figure.values == (first["quantity"], 0.0)
    assert figure.relative(1) == -1


def test_a_requirement_that_one_plan_does_not_know_is_no_zero() -> None:
    comparison = compare_plans([PLAN, edited("coverage", lambda rows: rows[1:])])
    figures = comparison.of("coverage")
    assert figures
    assert all(figure.values[1] is None and figure.change(1) is None for figure in figures)


def test_noise_of_the_solver_is_no_difference() -> None:
    def nudge(rows: list[dict[str, Any]]) -> None:
        for row in rows:
            row["quantity"] *= 1 + 1e-8

    assert compare_plans([PLAN, edited("purchases", nudge)]).is_same


def test_other_digests_and_objectives_are_warned_of() -> None:
    comparison = compare_plans(
        [PLAN, sample_plan(DEAL, digest="f" * 64, objective_kind="buyer", alternative=1.0)]
    )
    assert comparison.warnings == (
        f"The plans maximise different objectives (“A” {PLAN.objective_kind}, “B” buyer): "
        "their objectives do not compare.",
        "Made from another deal than “A”: “B”. "
        "What differs may come from the inputs; name the deals to see them.",
    )


def test_a_plan_of_one_side_alone_is_pointed_out() -> None:
    plan = sample_plan(sample_deal())
    alone = replace(plan, warnings=("buyer/estimates/lines.csv: warning [estimated_table] table `lines`",))
    found = compare_plans([plan, alone], ["joint", "ours"])
    assert found.warnings[-1] == (
        "Made from one side's folder alone: “ours”. No figure of the other side is its own."
    )
    assert "No" not in " ".join(compare_plans([plan, plan], ["joint", "again"]).warnings)


def test_plans_of_equal_worth_that_differ_are_said_to_be_as_good() -> None:
    (words,) = compare_plans([PLAN, OTHER]).warnings
    assert words.startswith("Worth as much as “A”, to within the gaps of the plans: “B”. Where they")
    worse = edited("purchases", halved, objective=PLAN.objective * 0.9)
    assert compare_plans([PLAN, worse]).warnings == ()
    unknown = edited("purchases", halved, gap=None, bound=None)
    assert compare_plans([PLAN, unknown]).warnings == ()


def test_with_the_deals_at_hand_their_digests_need_no_warning() -> None:
    other = apply_changes(DEAL, ["settings.options.assurance=0.9"])
    plans = [sample_plan(DEAL, digest=deal.digest) for deal in (DEAL, other)]
    assert compare_plans(plans, deals=[DEAL, other]).warnings == ()
    assert len(compare_plans(plans).warnings) == 1


def test_plans_stopped_early_or_not_verified_are_warned_of() -> None:
    comparison = compare_plans(
        [PLAN, sample_plan(DEAL, status="feasible", termination="time_limit", verification=None)],
        ["old", "new"],
    )
    assert comparison.warnings == (
        "Not verified: “new”. Do not rely on their figures.",
        "Stopped early: “new”. Part of what differs may be what the search left undone.",
    )
    assert comparison.names == ("old", "new")


@pytest.mark.parametrize(
    ("termination", "begins"),
    [
        ("time_limit", "Stopped early: “new”."),
        ("interrupted", "Stopped early: “new”."),
        ("iteration_limit", "Searched through and not proven best: “new”."),
        ("agreed_point", "Made for a point of a negotiation or for an offer: “new”."),
    ],
)
def test_why_a_plan_is_not_proven_best_is_said_as_it_is(termination: str, begins: str) -> None:
    other = sample_plan(DEAL, status="feasible", termination=termination)
    (warning,) = compare_plans([PLAN, other], ["old", "new"]).warnings
    assert warning.startswith(begins)


@pytest.mark.parametrize(
    ("plans", "names", "words"),
    [
        ([PLAN], None, "found 1 plans; allowed: 2 to 6"),
        ([PLAN] * 7, None, "found 7 plans; allowed: 2 to 6"),
        ([PLAN] * 2, ["a", "a"], "found the names a, a; allowed: a different one for each plan"),
        ([PLAN, sample_plan(DEAL, currency="EUR")], None, "the plan B counts in EUR at prices of"),
        (
            [PLAN, sample_plan(DEAL, price_base_year=2000)],
            None,
            "at prices of 2000; allowed: USD at prices of",
        ),
    ],
)
def test_plans_that_cannot_be_compared_are_refused(plans: list[Plan], names: Any, words: str) -> None:
    with pytest.raises(CommandError, match=words):
        compare_plans(plans, names)


def test_a_total_that_does_not_exist_is_a_key_error() -> None:
    with pytest.raises(KeyError):
        compare_plans([PLAN, PLAN]).total("nothing")


@pytest.mark.parametrize(
    ("values", "change", "relative", "is_changed"),
    [
        ((0.0, 5.0), 5.0, None, True),
        ((-4.0, -2.0), 2.0, 0.5, True),
        ((None, 2.0), None, None, True),
        ((None, None), None, None, False),
        ((1e9, 1e9 + 1), 0.0, 0.0, False),
    ],
)
def test_changes_are_told_absolute_and_relative(
    values: tuple[float | None, ...], change: float | None, relative: float | None, is_changed: bool
) -> None:
    figure = Figure("plan", ("x",), "x", "USD", values)
    assert figure.change(1) == change
    assert figure.relative(1) == pytest.approx(relative)
    assert figure.is_changed is is_changed


def test_six_plans_stand_side_by_side() -> None:
    comparison: Comparison = compare_plans([PLAN] * 5 + [OTHER])
    assert comparison.names == ("A", "B", "C", "D", "E", "F")
    assert all(len(figure.values) == 6 for figure in comparison.figures)
    assert {figure.change(4) for figure in comparison.differences} == {0.0}

"""What each chart says, checked against plain sums over the plan's tables."""

from __future__ import annotations

import itertools
import re
import xml.etree.ElementTree as ElementTree
from typing import Any

import pytest
from tests.report.sample import PRICE, sample_deal
from tests.report.sample_plan import sample_plan

from dronedeal.deal import Deal
from dronedeal.errors import CommandError
from dronedeal.report import chart, chart_names, chart_svg
from dronedeal.report.charts import figures
from dronedeal.report.figure import figure
from dronedeal.report.view import View
from dronedeal.results.columns import PLAN_TABLES
from dronedeal.results.plan import Plan

NAMES = (
    "purchases",
    "systems",
    "utilisation",
    "unit_costs",
    "baselines",
    "cooperation",
    "coverage",
    "own_needs",
    "budgets",
    "cash",
    "prices",
    "other_sales",
    "utilities",
    "rule_costs",
)


def texts(svg: str) -> list[str]:
    root = ElementTree.fromstring(svg)
    return ["".join(node.itertext()) for node in root.iter("{http://www.w3.org/2000/svg}text")]


@pytest.fixture(scope="module")
def pictures(plan: Plan, deal: Deal) -> dict[str, str]:
    return {name: chart_svg(plan, deal, name) for name in chart_names()}


def test_the_charts_stand_in_the_order_of_the_report() -> None:
    assert chart_names() == NAMES


@pytest.mark.parametrize("name", NAMES)
def test_a_chart_is_a_picture_with_text_and_an_accessible_name(
    name: str, pictures: dict[str, str], view: View
) -> None:
    root = ElementTree.fromstring(pictures[name])
    assert root.tag == "{http://www.w3.org/2000/svg}svg"
    assert root.get("role") == "img"
    assert root.get("aria-label") == figures()[name](view).summary
    assert float(root.get("width", "0")) <= 860
    assert len(texts(pictures[name])) >= 8


@pytest.mark.parametrize("name", NAMES)
def test_a_chart_has_a_table_with_every_number_behind_it(name: str, view: View) -> None:
    made = figures()[name](view)
    assert made.grid is not None
    assert len(made.grid.cells) >= 1
    assert made.summary.endswith(".")


@pytest.mark.parametrize("name", NAMES)
def test_a_chart_is_the_same_bytes_whatever_was_drawn_before(
    name: str, pictures: dict[str, str], plan: Plan, deal: Deal
) -> None:
    assert chart_svg(plan, deal, name) == pictures[name]


@pytest.mark.parametrize("name", NAMES)
def test_a_chart_needs_nothing_from_outside(name: str, pictures: dict[str, str]) -> None:
    svg = pictures[name].replace("http://www.w3.org/2000/svg", "")
    for word in ("http", "<script", "<image", "<style", "href", "data:"):
        assert word not in svg


def test_ids_of_two_charts_never_meet(pictures: dict[str, str]) -> None:
    found = [set(re.findall(r' id="([^"]+)"', svg)) for svg in pictures.values()]
    assert sum(map(len, found)) == len(set().union(*found)) > 0
    for svg in pictures.values():
        assert set(re.findall(r"url\(#([^)]+)\)", svg)) <= set(re.findall(r' id="([^"]+)"', svg))


def test_purchases_state_the_money_of_every_year(pictures: dict[str, str], plan: Plan) -> None:
    for year in (2027, 2028, 2029):
        amount = sum(
            row["quantity"] * PRICE[row["system"]]  # type: ignore[index]
            for row in plan.tables["shipments"]
            if row["fiscal_year"] == year
        )
        digits = 0 if amount >= 100e6 else 1
        assert f"{amount / 1e6:.{digits}f}" in texts(pictures["purchases"])


def test_the_largest_buyer_is_named_with_its_share(view: View, plan: Plan) -> None:
    rows = plan.tables["purchases"]
    whole = sum(row["amount"] for row in rows)  # type: ignore[misc]
    army = sum(row["amount"] for row in rows if row["branch"] == "army")  # type: ignore[misc]
    assert f"the largest buyer is Army with {army / whole:.0%}" in figures()["purchases"](view).summary


def test_coverage_counts_requirement_years(view: View, plan: Plan) -> None:
    rows = plan.tables["coverage"]
    reached = sum(row["quantity"] >= row["threshold"] for row in rows)  # type: ignore[operator]
    full = sum(row["quantity"] >= row["objective"] for row in rows)  # type: ignore[operator]
    summary = figures()["coverage"](view).summary
    assert f"reached in {reached} of {len(rows)} requirement-years and the objective in {full};" in summary


def test_a_late_own_need_is_called_late(deal: Deal, plan: Plan) -> None:
    rows = [dict(row) for row in plan.tables["home_coverage"]]
    rows[1]["shortfall"] = 200.0
    late = sample_plan(deal, tables={"home_coverage": rows})
    summary = figures()["own_needs"](View(late, deal)).summary
    assert "In 1 of 4 need-years the required share" in summary
    assert "not met on time (strike)" in summary
    assert "behind the required pace" in texts(chart_svg(late, deal, "own_needs"))


def test_overspent_budgets_are_hatched_and_counted(deal: Deal, plan: Plan) -> None:
    rows = [dict(row) for row in plan.tables["budgets"]]
    rows[0].update(spent=rows[0]["amount_then_year"] + 1e6, left=0.0, overspent=1e6)  # type: ignore[operator]
    over = sample_plan(deal, tables={"budgets": rows})
    assert "1 are overspent" in figures()["budgets"](View(over, deal)).summary
    assert "budgets-hatch" in chart_svg(over, deal, "budgets")
    assert "budgets-hatch" not in chart_svg(plan, deal, "budgets")


def test_prices_per_effective_unit_divide_by_effectiveness(view: View) -> None:
    grid = figures()["prices"](view).grid
    assert grid is not None
    bee = next(row for row in grid.rows if row[0] == "Bee 10" and row[2] == 2028)
    assert bee[4] == pytest.approx(850)
    assert bee[5] == pytest.approx(850 * 1.04)
    assert bee[7] == pytest.approx(850 / 0.62)
    assert bee[8] == 2400


def test_the_waterfall_of_each_side_ends_at_its_utility(view: View, pictures: dict[str, str]) -> None:
    shown = [text.replace("\u00a0", " ") for text in texts(pictures["utilities"])]
    assert "126 million" in shown
    assert "138 million" in shown
    assert "+410 million" in shown


def test_months_of_equal_use_are_one_mark(pictures: dict[str, str]) -> None:
    assert pictures["utilisation"].count("<path") < 40
    assert "line opened" in texts(pictures["utilisation"])


def test_an_unknown_chart_is_answered_with_the_known_ones(plan: Plan, deal: Deal) -> None:
    with pytest.raises(CommandError, match='chart "cost": no chart has this name; allowed: purchases'):
        chart_svg(plan, deal, "cost")


def test_an_empty_plan_has_words_in_place_of_pictures(deal: Deal) -> None:
    empty = sample_plan(deal, tables={name: [] for name in PLAN_TABLES})
    for name in NAMES:
        svg = chart_svg(empty, deal, name)
        assert figures()[name](View(empty, deal)).spec is None
        assert "".join(texts(svg)).replace(" ", "") != ""


def test_hostile_names_are_text_in_a_chart(plan: Plan) -> None:
    name = "<script>x</script> \"&' ]]>"
    hostile = sample_deal({"bee": name, "army": name, "kyiv": name, "strike": name})
    for chart_name in ("purchases", "systems", "utilisation", "coverage", "prices"):
        svg = chart_svg(plan, hostile, chart_name)
        assert "<script" not in svg
        assert any("<script>" in text for text in texts(svg))


def test_a_large_deal_says_what_its_picture_leaves_out(deal: Deal, plan: Plan) -> None:
    first: dict[str, Any] = dict(plan.tables["purchases"][0])
    rows = [{**first, "system": f"s{number}", "amount": 100.0 + number} for number in range(300)]
    made = figures()["systems"](View(sample_plan(deal, tables={"purchases": rows}), deal))
    assert made.left_out.startswith("280 smaller systems for USD")
    assert made.grid is not None
    assert len(made.grid.rows) == 300


def test_a_notebook_shows_the_chart_by_itself(plan: Plan, deal: Deal, pictures: dict[str, str]) -> None:
    picture = chart(plan, deal, "coverage")
    assert picture._repr_svg_() == pictures["coverage"]
    assert pictures["coverage"] in picture._repr_html_()
    assert picture.summary in repr(picture)


def test_unit_costs_are_told_in_words_and_in_a_table(view: View, deal: Deal) -> None:
    made = figures()["unit_costs"](view)
    assert "2 products of 2 that learn are made" in made.summary
    assert "from 2,500 to 2,250 USD" in made.summary
    assert "6% less than at the costs of the start" in made.summary
    assert made.grid is not None
    assert len(made.grid.rows) == 2
    none = figures()["unit_costs"](View(sample_plan(deal, tables={"learning": []}), deal))
    assert none.spec is None
    assert none.summary == "No unit cost of this deal falls with experience."


def test_labels_at_the_ends_of_lines_do_not_meet(view: View) -> None:
    spec = figures()["unit_costs"](view).spec
    assert spec is not None
    heights = sorted(row["at"] for row in spec["layer"][1]["data"]["values"])
    assert all(above - below > 0.004 for below, above in itertools.pairwise(heights))


def test_two_figures_of_one_name_are_refused() -> None:
    with pytest.raises(ValueError, match="two figures are called coverage"):
        figure("coverage", order=99)(lambda view: figures()["coverage"](view))


def test_the_dearest_rule_is_named_with_what_each_side_would_gain(view: View, deal: Deal) -> None:
    figure = figures()["rule_costs"](view)
    assert figure.summary.replace("\N{NO-BREAK SPACE}", " ") == (
        "Of 2 rules the dearest: made_in_us. Without it the United States would have USD 1.10 million more "
        "and Ukraine USD 9.50 million more, USD, base-year 2026, discounted (the gaps leave "
        "USD 10.5 million to USD 10.6 million open)."
    )
    assert [row[0] for row in figure.grid.rows] == ["made_in_us", "mix"]
    without = figures()["rule_costs"](View(sample_plan(tables={"rule_costs": ()}), deal))
    assert without.spec is None
    assert without.summary.endswith("plan with --rule-costs to have it.")

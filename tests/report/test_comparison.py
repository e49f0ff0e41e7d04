"""The page and the workbook of a comparison."""

from __future__ import annotations

import re
from functools import cache
from html import unescape
from pathlib import Path
from typing import Any

import pytest
from tests.report.sample import sample_deal
from tests.report.sample_plan import sample_plan

from dronedeal.deal import Deal
from dronedeal.deal.change import apply_changes
from dronedeal.report.comparison import comparison_html, in_short, sections, write_comparison
from dronedeal.report.comparison_charts import paid_figure, plan_labels, worth_figure
from dronedeal.report.comparison_mix import MIXES, mix_grids, mix_words, shares
from dronedeal.report.comparison_tables import Labels, inputs_grid, table_grid, value_cells, value_columns
from dronedeal.report.comparison_workbook import write_comparison_workbook
from dronedeal.results.compare import COMPARED, Comparison, compare_plans
from dronedeal.results.plan import Plan

DEAL = sample_deal()
HOSTILE = "<script>alert('x')</script>"


def halved(deal: Deal = DEAL, **changes: Any) -> Plan:
    """The sample plan with half of every purchase."""
    plan = sample_plan(DEAL)
    rows = [
        row | {"quantity": row["quantity"] / 2, "amount": row["amount"] / 2}
        for row in plan.tables["purchases"]
    ]
    return sample_plan(DEAL, digest=deal.digest, tables={**plan.tables, "purchases": rows}, **changes)


@cache
def compared() -> Comparison:
    """The sample plan and its half, from deals with other prices."""
    other = apply_changes(DEAL, ["prices[hornet].unit_price*=2", "settings.options.assurance=0.9"])
    first = sample_plan(DEAL, digest=DEAL.digest)
    return compare_plans([first, halved(other)], ["old", "=new"], deals=[DEAL, other])


def words_of(html: str) -> str:
    return unescape(re.sub(r"<[^>]+>", " ", html))


def test_the_page_is_whole_and_asks_for_nothing_outside_itself() -> None:
    html = comparison_html(compared())
    assert html.lstrip().startswith("<!doctype html>")
    assert html.rstrip().endswith("</html>")
    assert not re.findall(r"<script|<img|<link rel=.stylesheet|src=|@import|https?://(?!www\.w3\.org)", html)
    assert html.count("<svg") == 2
    assert html == comparison_html(compared())


def test_inputs_that_differ_come_first_each_with_its_address() -> None:
    addresses = [section.address for section in sections(compared())]
    assert addresses[:2] == ["answer", "inputs"]
    grid = inputs_grid(compared())
    prices = [row for row in DEAL.prices if row.system == "hornet"]
    assert len(grid.rows) == len(prices) + 1
    assert grid.cells[0][:4] == ("settings.options.assurance", "0.8", "0.9", "+12.5%")
    assert {row[3] for row in grid.cells[1:]} == {"+100%"}
    assert all(address[0].startswith("prices[hornet/") for address in grid.rows[1:])


def test_without_deals_no_word_is_said_of_inputs() -> None:
    alone = compare_plans([sample_plan(DEAL), halved()])
    assert "inputs" not in [section.address for section in sections(alone)]
    assert "hornet" in comparison_html(alone)


def test_every_difference_stands_in_a_table_with_both_values_and_both_changes() -> None:
    labels = Labels(compared())
    grid = table_grid(compared(), "purchases", labels)
    assert len(grid.rows) == 2 * len(sample_plan(DEAL).tables["purchases"])
    assert {row[-1] for row in grid.cells} == {"−50.0%"}
    for row in grid.rows:
        first, other, change, relative = row[-4:]
        assert change == other - first
        assert relative == pytest.approx(-0.5)
    assert DEAL.branches[0].name in {cell for row in grid.rows for cell in row}


def test_what_is_in_short_names_worth_units_and_money() -> None:
    (words,) = in_short(compared())
    units = sum(row["quantity"] for row in sample_plan(DEAL).tables["purchases"]) / 2
    assert words.startswith("Against “old”, “=new” is worth as much: as much to the buyer and as much to")
    assert f"buys {units:,.0f} units fewer (−50.0%)" in words
    assert "less (−50.0%)" in words
    same = compare_plans([sample_plan(DEAL)] * 2)
    assert in_short(same) == ("The plans are the same: no figure of any year differs.",)
    assert "Nothing differs." in words_of(comparison_html(same))


def test_plans_of_other_objectives_are_compared_by_both_sides_together() -> None:
    first = sample_plan(DEAL)
    other = halved(objective_kind="buyer", alternative=1.0, objective=first.utilities["buyer"])
    (words,) = in_short(compare_plans([first, other]))
    assert "“B” is worth as much: as much to the buyer" in words
    both = compare_plans([first, other]).total("both sides")
    assert both.values == (sum(first.utilities.values()),) * 2


def test_text_of_the_user_is_escaped_everywhere() -> None:
    plans = [sample_plan(DEAL, title=HOSTILE), sample_plan(DEAL, title=HOSTILE, digest="f" * 64)]
    html = comparison_html(compare_plans(plans, [HOSTILE, "b"]))
    assert "<script" not in html
    assert HOSTILE in words_of(html)


def test_the_banner_warns_of_what_cannot_be_compared() -> None:
    other = compare_plans([sample_plan(DEAL), halved(objective_kind="buyer", alternative=1.0)])
    assert "Not like with like" in words_of(comparison_html(other))
    broken = compare_plans([sample_plan(DEAL), halved(verification=None)])
    assert "Do not rely on this comparison" in words_of(comparison_html(broken))


@pytest.mark.parametrize("count", [2, 6])
def test_charts_have_a_sentence_and_hold_every_plan(count: int) -> None:
    comparison = compare_plans([sample_plan(DEAL)] * (count - 1) + [halved()])
    for figure, groups in ((worth_figure(comparison), 2), (paid_figure(comparison), 3)):
        assert figure.spec is not None
        values = figure.spec["data"]["values"]
        assert len(values) == count * groups
        assert {row["series"] for row in values} == set(plan_labels(comparison))
        assert all(label in figure.summary for label in plan_labels(comparison))
    paid = sum(row["amount"] for row in sample_plan(DEAL).tables["purchases"])
    shown = sum(row["value"] for row in values if row["series"] == plan_labels(comparison)[0])
    assert shown == pytest.approx(paid / 1e6) or shown == pytest.approx(paid / 1e9)


def test_plans_that_buy_nothing_have_no_chart_of_money() -> None:
    plan = sample_plan(DEAL)
    empty = sample_plan(DEAL, tables={**plan.tables, "purchases": []})
    assert paid_figure(compare_plans([empty, empty])).spec is None


def test_each_further_plan_has_its_own_changes() -> None:
    comparison = compare_plans([sample_plan(DEAL), halved(), sample_plan(DEAL)])
    assert [column.title for column in value_columns(comparison)] == [
        "A", "B", "C", "B change", "B change, %", "C change", "C change, %",
    ]  # fmt: skip
    assert len(value_cells(comparison.totals[0])) == 7


def test_the_page_is_written_as_it_is_made(tmp_path: Path) -> None:
    write_comparison(compared(), tmp_path / "page.html")
    assert (tmp_path / "page.html").read_text(encoding="utf-8") == comparison_html(compared())


def test_the_workbook_holds_every_figure_and_writes_text_as_text(tmp_path: Path) -> None:
    import openpyxl

    path = tmp_path / "comparison.xlsx"
    write_comparison_workbook(compared(), path)
    book = openpyxl.load_workbook(path)
    assert book.sheetnames == ["Summary", "Certificates", "Inputs", "Systems", "Lines", *COMPARED]
    for table in COMPARED:
        figures = [figure for figure in compared().figures if figure.table == table]
        assert book[table].max_row == 3 + len(figures)
    heads = [cell.value for cell in book["purchases"][3]]
    assert heads[-4:] == ["old", "=new", "change", "change, %"]
    assert not [cell for sheet in book for row in sheet for cell in row if cell.data_type == "f"]
    total = sum(row[heads.index("old")] for row in book["purchases"].iter_rows(min_row=4, values_only=True))
    rows = sample_plan(DEAL).tables["purchases"]
    assert total == pytest.approx(
        sum(row["quantity"] + row["amount"] + row["amount_then_year"] for row in rows)
    )


def test_what_is_bought_and_where_it_is_made_is_added_up_over_the_plan() -> None:
    comparison = compared()
    plan = comparison.plans[0]
    for table, by in MIXES:
        found = {share.about: share for share in shares(comparison, table, by)}
        assert set(found) == {row[by] for row in plan.tables[table]}
        for about, share in found.items():
            rows = [row for row in plan.tables[table] if row[by] == about]
            assert share.units[0] == pytest.approx(sum(row["quantity"] for row in rows))
            assert share.money[0] == pytest.approx(sum(row["amount"] for row in rows))
            assert share.moved == pytest.approx(abs(share.money[1] - share.money[0]))
        moved = [share.moved for share in shares(comparison, table, by)]
        assert moved == sorted(moved, reverse=True)
    systems, lines = mix_grids(comparison, Labels(comparison))
    assert len(systems.columns) == len(lines.columns) == 4
    (words,) = mix_words(comparison, Labels(comparison))
    assert "buys less of" in words
    same = compare_plans([plan, plan])
    assert mix_words(same, Labels(same)) == ("Against “A”, “B” buys the same. It makes the same.",)

"""The report as a document: structure, words, self-containedness, escaping."""

from __future__ import annotations

import re
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest
from tests.report.page import Page
from tests.report.sample import sample_assessment, sample_deal
from tests.report.sample_plan import sample_plan
from tests.results.causes import NO_MORE

from dronedeal.deal import Deal
from dronedeal.report import chart_names, report_html, write_report
from dronedeal.results.columns import PLAN_TABLES
from dronedeal.results.plan import Plan


@pytest.fixture(scope="module")
def page(html: str) -> Page:
    return Page(html)


def test_the_page_is_well_formed_with_distinct_ids(page: Page) -> None:
    assert page.faults == []
    assert len(page.ids) == len(set(page.ids))


def test_the_page_fetches_nothing_and_runs_nothing(page: Page) -> None:
    tags = {tag for tag, _ in page.elements}
    assert not tags & {"script", "img", "iframe", "object", "embed", "image", "use", "form", "audio", "video"}
    for _, attributes in page.elements:
        assert not any(name.startswith("on") for name in attributes)
        links = [value for name, value in attributes.items() if name in ("href", "src")]
        assert all(link.startswith(("#", "data:,")) for link in links)


def test_the_style_sheet_loads_nothing(html: str) -> None:
    style = html[html.index("<style>") : html.index("</style>")]
    assert "@import" not in style
    assert "url(" not in style


def test_the_page_has_language_title_headings_and_skip_link(page: Page) -> None:
    assert page.all("html")[0]["lang"] == "en-GB"
    assert len(page.all("h1")) == 1
    levels = [int(tag[1]) for tag, _ in page.elements if re.fullmatch(r"h[1-6]", tag)]
    assert all(after - before <= 1 for before, after in pairwise(levels))
    assert page.all("a")[0] == {"class": "skip", "href": "#answer"}


def test_every_internal_link_arrives(page: Page) -> None:
    targets = {link["href"][1:] for link in page.all("a")}
    assert targets <= set(page.ids)
    assert len(targets) == 18


def test_sections_stand_in_the_order_of_a_reader(page: Page) -> None:
    assert [attributes["id"] for attributes in page.all("section")] == [
        "answer", "buying", "making", "joint", "cooperation", "coverage", "own-needs", "money", "cash",
        "prices", "short", "not-bought", "binding", "rules", "worth", "matching", "sources",
        "certificate",
    ]  # fmt: skip


def test_every_chart_is_in_the_page_with_caption_and_accessible_name(page: Page) -> None:
    assert len(page.all("figure")) == len(page.all("figcaption")) == len(chart_names())
    assert all(svg["role"] == "img" and svg["aria-label"] for svg in page.all("svg"))


def test_every_table_has_a_caption_and_headings_with_scope(page: Page) -> None:
    assert len(page.all("table")) == len(page.all("caption")) > 20
    assert all(heading["scope"] in ("col", "row") for heading in page.all("th"))


def test_the_answer_states_the_figures_that_matter(page: Page, plan: Plan) -> None:
    rows = plan.tables["purchases"]
    units = sum(row["quantity"] for row in rows)  # type: ignore[misc]
    amount = sum(row["amount"] for row in rows)  # type: ignore[misc]
    assert f"the United States receives {units:,.0f} units of 4 systems for Army and Navy" in page.text
    assert f"It pays USD {amount / 1e6:.0f} million at prices of 2026" in page.text
    assert "is worth USD 126 million to the United States and USD 138 million to Ukraine" in page.text
    assert "can be worth more than 0.04% more" in page.text
    assert "Optimal and verified." in page.text


def test_the_certificate_stands_in_the_page(page: Page, plan: Plan) -> None:
    stated = (
        plan.digest,
        "optimal: the gap was closed",
        "108",
        "2.5e−09",
        "highspy",
        "1.15.1",
        "Seed of the solver",
    )
    for words in stated:
        assert words in page.text


def test_assumptions_are_counted_and_listed_with_their_reasons(page: Page, deal: Deal) -> None:
    rows = [row for name in ("systems", "requirements", "lines", "prices") for row in deal.table(name)]
    assert sum(row.basis == "assumption" for row in rows) > 10
    assert "Round figure of the author" in page.text
    assert "https://example.org/1" in page.text
    assert "What the plan does not count" in page.text
    assert "Learning: unit costs stay as they are." in page.text
    assert "Coast Guard has no requirement" in page.text


def test_what_is_short_and_what_binds_stand_in_words(page: Page) -> None:
    assert (
        "Line has no room for more Uncrewed patrol boats; one more would add USD 1,200 to the objective."
        in page.text
    )
    assert (
        "Kyiv works (UA) is full in September 2028: one more load unit adds USD 410 to the objective."
        in page.text
    )


def test_deliveries_by_month_stay_out_of_the_page(html: str) -> None:
    assert "2028-05" not in html


def test_the_same_input_gives_the_same_bytes(html: str, plan: Plan, deal: Deal, assessment: Any) -> None:
    assert report_html(plan, deal, assessment) == html


def test_the_file_holds_the_page(tmp_path: Path, html: str, plan: Plan, deal: Deal, assessment: Any) -> None:
    write_report(plan, deal, assessment, tmp_path / "report.html")
    assert (tmp_path / "report.html").read_bytes() == html.encode()


def _page(plan: Plan, deal: Deal) -> Page:
    return Page(report_html(plan, deal, sample_assessment(deal)))


def test_a_plan_that_breaks_rules_says_which(deal: Deal) -> None:
    broken = {
        "kind": "budget",
        "subject": "navy / procurement",
        "fiscal_year": 2028,
        "quantity": 4e5,
        "unit": "USD",
        "words": "the Navy spends USD 400,000 more than voted in 2028",
    }
    text = _page(sample_plan(deal, status="relaxed", tables={"violations": [broken]}), deal).text
    assert "Rules collide. No plan keeps every rule. This one breaks 1 rule" in text
    assert "The Navy spends USD 400,000 more than voted in 2028." in text


def test_a_plan_stopped_early_says_how_much_better_another_could_be(deal: Deal) -> None:
    plan = sample_plan(deal, status="feasible", termination="time_limit", bound=300e6, gap=0.136)
    text = _page(plan, deal).text
    assert "Stopped early. The solver stopped before it was done (time limit)" in text
    assert "at most USD 36.0 million more" in text
    assert "not known" in _page(sample_plan(deal, status="feasible", bound=None, gap=None), deal).text


def test_a_plan_of_a_point_of_a_negotiation_does_not_say_that_its_search_was_stopped(deal: Deal) -> None:
    plan = sample_plan(deal, status="feasible", termination="agreed_point", bound=None, gap=None)
    text = _page(plan, deal).text
    assert "A plan for an agreed point. The plan was made for a point of a negotiation" in text
    assert "Stopped early" not in text


@pytest.mark.parametrize("verification", [None, {"is_passed": False, "checks": []}])
def test_a_plan_that_is_not_verified_warns_before_all_else(deal: Deal, verification: Any) -> None:
    assert "Not verified. This plan" in _page(sample_plan(deal, verification=verification), deal).text


def test_an_empty_plan_still_makes_a_whole_report(deal: Deal) -> None:
    page = _page(sample_plan(deal, tables={name: [] for name in PLAN_TABLES}), deal)
    assert page.faults == []
    assert "the plan buys nothing for the United States" in page.text
    assert "Every requirement reaches its objective" in page.text


def test_what_only_whole_units_leave_open_is_told_in_one_place(deal: Deal) -> None:
    plan = sample_plan(deal)
    cause = {
        "cause": "whole_units",
        "words": "less than one unit is missing, and contract quantities are whole",
    }
    rows = [{**row, **cause} for row in plan.tables["unmet"]]
    text = _page(sample_plan(deal, tables={"unmet": rows}), deal).text
    assert text.count("Less than one unit is missing, since contract quantities are whole:") == 1
    assert f"{len(rows)} requirement-years." in text


HOSTILE = "<script>alert(1)</script>\"'&<img src=x onerror=y>{{7*7}}"


def test_hostile_names_are_shown_as_text_and_nothing_else() -> None:
    names = ("us", "ua", "bee", "hornet", "army", "strike", "kyiv", "title", "note")
    deal = sample_deal({name: f"{HOSTILE} {name}" for name in names})
    words = {
        "requirement": "strike",
        "branch": "army",
        "fiscal_year": 2027,
        "quantity": 5.0,
        "cause": "money",
        **NO_MORE,
        "words": HOSTILE,
    }
    plan = sample_plan(deal, warnings=(HOSTILE,), not_counted=(HOSTILE,), tables={"unmet": [words]})
    page = _page(plan, deal)
    assert page.faults == []
    tags = {tag for tag, _ in page.elements}
    assert not tags & {"script", "img"}
    assert not any(name.startswith("on") for _, attributes in page.elements for name in attributes)
    for name in names:
        assert f"{HOSTILE} {name}" in page.text
    assert "49" not in page.all("svg")[0]["aria-label"]


def test_text_from_right_to_left_stays_in_its_place() -> None:
    deal = sample_deal({"bee": "דבורה 10", "army": "a\u202eb"})
    html = report_html(sample_plan(deal), deal, sample_assessment(deal))
    assert "\u2068דבורה 10\u2069" in html
    assert html.count("\u2068") == html.count("\u2069")


def test_a_side_that_loses_is_told_so(deal: Deal) -> None:
    items = [
        {"party": "buyer", "item": "payments", "amount": -5e6},
        {"party": "seller", "item": "receipts", "amount": 9e6},
    ]
    text = _page(sample_plan(deal, tables={"utility_items": items}), deal).text
    assert (
        "After all costs the plan costs the United States USD 5.00 million and is worth USD 9.00 million"
        in text
    )
    assert "does not ask that each side gains" in text

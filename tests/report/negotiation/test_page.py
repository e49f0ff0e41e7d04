"""The page of a negotiation: self-contained, every figure with its unit, the same text twice."""

from __future__ import annotations

import re
from dataclasses import replace
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from tests.negotiation.record_case import full_negotiation, negotiation_without_zone
from tests.report.page import Page

from dronedeal.negotiation.record import Negotiation, Sides
from dronedeal.report.negotiation.page import negotiation_html, write_negotiation_page
from dronedeal.report.negotiation.sections import headline, negotiation_sections
from dronedeal.report.negotiation.tables import GRIDS, clause_grid, fair_grid, frontier_terms_grid, terms_grid
from dronedeal.report.negotiation.wording import Speech
from dronedeal.report.wording import NO_BREAK_SPACE

UNIT = "EUR, base-year 2027, discounted"
HOSTILE = "<script>alert('x')</script>"


@cache
def page_of(made: Any) -> Page:
    return Page(negotiation_html(made()))


def speech() -> Speech:
    return Speech(full_negotiation())


@pytest.mark.parametrize("made", [full_negotiation, negotiation_without_zone])
def test_the_page_is_whole_and_asks_for_nothing_outside_itself(made: Any) -> None:
    html = negotiation_html(made())
    assert html.lstrip().startswith("<!doctype html>")
    assert not re.findall(r"<script|<img|<link rel=.stylesheet|src=|@import|https?://(?!www\.w3\.org)", html)
    page = page_of(made)
    assert page.faults == []
    assert len(page.ids) == len(set(page.ids))
    assert all(link["href"].startswith(("#", "data:,")) for tag in ("a", "link") for link in page.all(tag))


def test_the_same_record_gives_the_same_bytes(tmp_path: Path) -> None:
    for name in ("one", "other"):
        write_negotiation_page(full_negotiation(), tmp_path / name)
    assert (tmp_path / "one").read_bytes() == (tmp_path / "other").read_bytes()


def test_every_section_stands_on_the_page_in_order() -> None:
    addresses = [section.address for section in negotiation_sections(speech())]
    assert addresses == [
        "answer",
        "fair",
        "zone",
        "clauses",
        "exchange",
        "frontier",
        "disclosure",
        "analysis-record",
    ]
    assert page_of(full_negotiation).text.count("</") == 0


def test_the_headline_says_zone_gains_and_price_basis() -> None:
    first, second = (words.replace(NO_BREAK_SPACE, " ") for words in headline(speech()))
    assert first.startswith("There is a zone of agreement")
    assert (
        "The Nash point and the egalitarian point bring Freedonia EUR 63.0 million and Sylvania "
        "EUR 76.0 million more than no agreement."
    ) in second
    assert second.endswith("Every amount is in EUR at prices of fiscal year 2027, discounted.")


def test_without_a_zone_the_page_says_so_and_whether_it_is_proven() -> None:
    record = negotiation_without_zone()
    assert "it is proven that at every plan one side is worse off" in headline(Speech(record))[0]
    open_case = replace(record, zone=replace(record.zone, bound=None))
    assert "that there is none is not proven" in headline(Speech(open_case))[0]
    text = page_of(negotiation_without_zone).text
    assert "No zone of agreement." in text
    assert "Terms side by side" in text


@pytest.mark.parametrize("name", [name for name in GRIDS if name not in ("Certificate", "Analysis record")])
def test_every_column_of_money_has_its_unit_with_the_price_basis(name: str) -> None:
    for column in GRIDS[name](speech()).columns:
        if column.kind in ("money", "price", "change"):
            assert "EUR" in column.unit
            assert "2027" in column.unit, column


def test_figures_have_unit_and_price_basis_in_their_captions() -> None:
    figures = [
        block
        for section in negotiation_sections(speech())
        for block in section.blocks
        if block.kind == "figure"
    ]
    assert [figure.name for figure in figures] == ["frontier", "zone", "clauses"]  # type: ignore[union-attr]
    assert all(figure.title.endswith(UNIT) for figure in figures)  # type: ignore[union-attr]


def test_terms_stand_side_by_side_with_openings_and_the_deal_as_it_is() -> None:
    grid = terms_grid(speech())
    assert [column.title for column in grid.columns[2:]] == [
        "Freedonia opens",
        "Sylvania opens",
        "Now",
        "Nash and Egalitarian",
        "Kalai–Smorodinsky and Greatest welfare",
    ]
    assert grid.cells[0][:5] == (
        "price",
        "EUR per unit".replace(" ", NO_BREAK_SPACE),
        "900",
        "1,200",
        "1,000",
    )


def test_the_certificates_stand_beside_the_gains() -> None:
    grid = fair_grid(speech())
    assert grid.rows[0][:5] == ("No agreement", 120e6, 45e6, 0.0, 0.0)
    assert grid.cells[3][:5] == ("Egalitarian", "183,000,000", "121,000,000", "63,000,000", "76,000,000")
    assert grid.cells[3][7] == "0.005%"


def test_a_clause_without_a_price_has_dashes_not_noughts() -> None:
    last = clause_grid(speech()).cells[-1]
    assert (last[0], set(last[1:])) == ("re export", {"–"})


def test_terms_that_are_the_same_everywhere_are_left_out_of_the_frontier() -> None:
    titles = [column.title for column in frontier_terms_grid(speech()).columns]
    assert titles == ["Point", "Price", "Royalty", "Advance"]


def test_text_of_a_deal_is_shown_as_text() -> None:
    record = full_negotiation()
    clause = replace(record.clauses[0], id=HOSTILE, words=HOSTILE)
    hostile = replace(
        record,
        title=HOSTILE,
        parties=replace(record.parties, buyer=HOSTILE),
        zone=replace(record.zone, reason=HOSTILE),
        clauses=(clause,),
        warnings=(HOSTILE,),
    )
    html = negotiation_html(hostile)
    assert "<script" not in html
    assert Page(html).text.count(HOSTILE) >= 5


def test_alternatives_that_are_not_bounded_say_so() -> None:
    record = full_negotiation()
    plans = replace(record.alternative_plans, buyer=replace(record.alternative_plans.buyer, bound=None))
    assert "no bound is proven" in Page(negotiation_html(replace(record, alternative_plans=plans))).text


def test_both_parties_keep_their_article_in_sentences() -> None:
    record: Negotiation = full_negotiation()
    states = replace(record, parties=replace(record.parties, buyer="United States"))
    assert "bring the United States EUR" in headline(Speech(states))[1]
    assert Speech(states).gains(Sides(121e6, 44e6)) == Sides(1e6, -1e6)


def test_a_page_says_first_that_the_work_was_stopped() -> None:
    record = replace(full_negotiation(), was_stopped=True, warnings=("The negotiation ended before.",))
    html = negotiation_html(record)
    assert "Stopped before it was whole" in html
    assert "Stopped before it was whole" not in negotiation_html(full_negotiation())


def test_the_analysis_record_is_one_section_with_rules_weights_margins_and_assumptions() -> None:
    section = next(each for each in negotiation_sections(speech()) if each.address == "analysis-record")
    titles = [getattr(block, "caption", None) or getattr(block, "title", "") for block in section.blocks]
    assert titles == [
        "Ground rules",
        "Alternatives",
        "Weights",
        "How far inputs may move before the recommendation changes",
        "When an alternative is worth more or less",
        "What the needs are worth, and the statements behind it",
        "Rows that rest on an assumption",
        "Digest, options and versions",
    ]
    margins = section.blocks[3]
    assert [row[:4] for row in margins.rows] == [  # type: ignore[union-attr]
        ("the buyer's budgets, down", "−10%", "−12.5%", "yes"),
        ("the seller's discount rate, up", "+5 points", None, "no"),
    ]

"""A term sheet of one point: terms beside both positions, gains, proof, quantities; HTML and DOCX alike."""

from __future__ import annotations

import datetime as dt
import io
import re
import zipfile
from dataclasses import replace
from pathlib import Path

import docx
import pytest
from tests.negotiation.record_case import full_negotiation, negotiation_without_zone
from tests.report.page import Page
from tests.report.sample import sample_deal
from tests.report.sample_plan import sample_plan

from dronedeal.errors import CommandError
from dronedeal.negotiation.chosen import chosen_point
from dronedeal.negotiation.record import Negotiation, Sides
from dronedeal.report.negotiation.term_sheet import (
    INSIDE,
    OPEN,
    point_names,
    sheet_html,
    term_sheet,
    term_sheet_html,
    worth_table,
    write_term_sheet,
)
from dronedeal.report.negotiation.term_sheet_docx import term_sheet_docx
from dronedeal.report.negotiation.wording import Speech
from dronedeal.report.wording import NO_BREAK_SPACE

FULL = full_negotiation()
PLAN = sample_plan(sample_deal())
IN_ITS_CURRENCY = replace(FULL, currency=PLAN.currency)


def plain(text: str) -> str:
    return text.replace(NO_BREAK_SPACE, " ")


def test_every_fair_point_point_of_the_frontier_and_opening_can_be_chosen() -> None:
    names = point_names(FULL)
    assert names[:4] == ("nash", "kalai_smorodinsky", "egalitarian", "welfare")
    assert names[4:] == (*(f"p{place:02d}" for place in range(1, 10)), "opening_buyer", "opening_seller")
    for name in names:
        assert term_sheet(FULL, name).tables


def test_a_point_that_is_not_there_is_refused_with_those_that_are() -> None:
    with pytest.raises(CommandError, match=r"point 'p99': no point has this name; allowed: nash, .*p01, "):
        term_sheet(FULL, "p99")


def test_terms_stand_beside_both_positions_with_their_units() -> None:
    table = term_sheet(FULL, "nash").tables[1]
    assert table.caption == "Terms; money in EUR, base-year 2027"
    rows = [tuple(map(plain, row)) for row in table.rows]
    assert rows[0] == ("Price", "1,006.93 EUR per unit", "900", "1,200", "700 to 1,400")
    assert rows[1] == ("Royalty", "3.5644% of the unit price", "0%", "10%", "0% to 15%")
    assert rows[3] == ("Re export", OPEN, "0", "1", "0 to 1")


def test_gains_stand_with_their_unit_and_price_basis() -> None:
    table = term_sheet(FULL, "nash").tables[0]
    assert table.caption == "Worth to both sides, EUR, base-year 2027, discounted"
    assert table.rows[0] == ("Freedonia", "120,000,000", "183,000,000", "63,000,000")


@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("nash", "Gap of its measure to the proven bound: 0.005%."),
        ("p03", "one side better off by more than EUR 600,000 (EUR, base-year 2027, discounted)"),
        ("opening_seller", "The plan stands in plans/opening_seller."),
    ],
)
def test_what_is_proven_stands_in_the_notes(name: str, words: str) -> None:
    assert words in plain(" ".join(term_sheet(FULL, name).notes))


def test_an_opening_without_a_plan_says_so() -> None:
    sheet = term_sheet(negotiation_without_zone(), "opening_buyer")
    assert sheet.notes == ("no plan under it keeps both alternatives", INSIDE)
    record = negotiation_without_zone()
    silent = replace(record.openings, buyer=replace(record.openings.buyer, reason=""))
    notes = term_sheet(replace(record, openings=silent), "opening_buyer").notes
    assert notes == ("Under these terms no plan was found that keeps both alternatives.", INSIDE)
    assert [table.caption for table in sheet.tables] == ["Terms; money in EUR, base-year 2027"]


@pytest.mark.parametrize("name", ["nash", "p03", "opening_seller"])
def test_a_sheet_to_hand_over_tells_neither_worth_nor_what_was_asked(name: str) -> None:
    sheet = term_sheet(FULL, name, is_handed_over=True)
    (table,) = sheet.tables
    assert table.columns == ("Clause", "Term", "Range")
    inside = term_sheet(FULL, name)
    # In an order that tells nothing of what is worth most.
    assert [row[:2] for row in table.rows] == sorted(row[:2] for row in inside.tables[-1].rows)
    page = plain(sheet_html(sheet))
    for figure in (cell for row in worth_table(Speech(FULL), sides(name)).rows for cell in row[1:]):
        assert figure in plain(sheet_html(inside))
        assert figure not in page
    assert not sheet.notes
    assert INSIDE in inside.notes


def sides(name: str) -> Sides:
    utilities = chosen_point(FULL, name).point.utilities
    assert utilities is not None
    return utilities


def test_quantities_stand_by_system_and_year_with_their_sum() -> None:
    table = term_sheet(IN_ITS_CURRENCY, "nash", plan=PLAN).tables[2]
    assert table.caption == "Quantities by system and fiscal year of the buyer, units"
    bought: dict[str, float] = {}
    for row in PLAN.tables["purchases"]:
        bought[row["system"]] = bought.get(row["system"], 0.0) + row["quantity"]
    assert {row[0]: float(row[-1].replace(",", "")) for row in table.rows} == pytest.approx(bought, abs=0.5)


def test_what_the_buyer_buys_elsewhere_is_not_handed_over() -> None:
    deal = sample_deal()
    seller = deal.settings.seller.id
    own = {system.name for system in deal.systems if system.supplier == seller}
    inside = term_sheet(IN_ITS_CURRENCY, "nash", plan=PLAN, deal=deal).tables[-1]
    handed = term_sheet(IN_ITS_CURRENCY, "nash", plan=PLAN, deal=deal, is_handed_over=True).tables[-1]
    assert handed.rows == tuple(row for row in inside.rows if row[0] in own)
    assert 0 < len(handed.rows) < len(inside.rows)
    rows = PLAN.tables["purchases"]
    made = {row["system"] for row in rows if row["line"] is not None}
    without = term_sheet(IN_ITS_CURRENCY, "nash", plan=PLAN, is_handed_over=True).tables[-1]
    assert {row[0] for row in without.rows} == made
    assert made < {row["system"] for row in rows}


def test_systems_have_the_names_of_the_deal_where_it_is_given() -> None:
    deal = sample_deal()
    table = term_sheet(IN_ITS_CURRENCY, "nash", plan=PLAN, deal=deal).tables[2]
    named = {system.name for system in deal.systems}
    assert {row[0] for row in table.rows} <= named
    ids = {row[0] for row in term_sheet(IN_ITS_CURRENCY, "nash", plan=PLAN).tables[2].rows}
    assert ids == {row["system"] for row in PLAN.tables["purchases"]}


def test_a_run_of_one_side_alone_says_so_on_the_sheet() -> None:
    words = "This run was given the folder of the buyer alone."
    assert term_sheet(replace(FULL, perspective=words), "nash").notes[0] == words
    assert words not in term_sheet(FULL, "nash").notes


def test_a_plan_in_another_currency_is_refused() -> None:
    other = replace(FULL, currency="JPY")
    with pytest.raises(CommandError, match=r"in [A-Z]{3}; allowed: JPY"):
        term_sheet(other, "nash", plan=PLAN)


def test_the_page_is_whole_and_asks_for_nothing_outside_itself() -> None:
    html = term_sheet_html(FULL, "nash")
    assert not re.findall(r"<script|<img|src=|@import|https?://", html)
    page = Page(html)
    assert page.faults == []
    assert FULL.digest in page.text
    assert "the Nash point" in page.text.replace("The Nash", "the Nash")


def hostile() -> Negotiation:
    clause = replace(FULL.clauses[0], id="<b>&\x07\ufffe", unit="<i>")
    return replace(FULL, title="<script>\x0b", clauses=(clause,))


def test_text_of_a_deal_is_shown_as_text_in_both_files() -> None:
    assert "<script>" not in term_sheet_html(hostile(), "nash")
    document = docx.Document(io.BytesIO(term_sheet_docx(term_sheet(hostile(), "nash"))))
    assert document.paragraphs[0].text == "Term sheet: <script>"
    assert document.tables[1].rows[1].cells[0].text == "<b>&"


def test_the_document_holds_the_same_words_as_the_page() -> None:
    sheet = term_sheet(IN_ITS_CURRENCY, "nash", plan=PLAN)
    document = docx.Document(io.BytesIO(term_sheet_docx(sheet)))
    texts = [paragraph.text for paragraph in document.paragraphs]
    assert texts[:2] == [sheet.title, sheet.subtitle]
    assert texts[-1] == sheet.footer
    for table, shown in zip(sheet.tables, document.tables, strict=True):
        found = [tuple(cell.text for cell in row.cells) for row in shown.rows]
        assert found == [table.columns, *table.rows]


def test_the_document_names_no_author_and_no_time_and_is_the_same_twice() -> None:
    data = term_sheet_docx(term_sheet(FULL, "nash"))
    assert data == term_sheet_docx(term_sheet(FULL, "nash"))
    known = docx.Document(io.BytesIO(data)).core_properties
    assert (known.author, known.last_modified_by, known.comments) == ("", "", "")
    assert known.created == known.modified
    assert known.created is not None
    assert known.created.replace(tzinfo=None) == dt.datetime(2000, 1, 1)
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        assert {entry.date_time for entry in archive.infolist()} == {(1980, 1, 1, 0, 0, 0)}
        words = b" ".join(archive.read(name) for name in archive.namelist() if not name.endswith(".jpeg"))
    assert b"python-docx" not in words


def test_the_ending_of_the_file_decides(tmp_path: Path) -> None:
    write_term_sheet(FULL, "p04", tmp_path / "sheet.html")
    write_term_sheet(FULL, "p04", tmp_path / "sheet.docx")
    assert (tmp_path / "sheet.html").read_text(encoding="utf-8") == term_sheet_html(FULL, "p04")
    assert (tmp_path / "sheet.docx").read_bytes()[:2] == b"PK"
    with pytest.raises(CommandError, match=r"found the ending '\.pdf'; allowed: \.html, \.docx"):
        write_term_sheet(FULL, "p04", tmp_path / "sheet.pdf")

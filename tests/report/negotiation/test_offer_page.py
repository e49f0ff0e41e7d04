"""Page, picture, workbook and term sheets of an offer: self-contained, every figure with its unit."""

from __future__ import annotations

import re
import zipfile
from dataclasses import replace
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from tests.negotiation.offer_case import full_offer, offer_that_breaks_a_rule
from tests.report.page import Page

import dronedeal
from dronedeal.negotiation.offer_record import Offer
from dronedeal.report.negotiation.files import write_offer_files
from dronedeal.report.negotiation.offer_chart import offer_figure
from dronedeal.report.negotiation.offer_page import offer_html, write_offer_page
from dronedeal.report.negotiation.offer_sheet import Which, offer_sheet, offer_sheets
from dronedeal.report.negotiation.offer_tables import OFFER_GRIDS, clause_grid, standing_grid, worth_grid
from dronedeal.report.negotiation.offer_wording import OfferSpeech
from dronedeal.report.negotiation.term_sheet import INSIDE, sheet_html
from dronedeal.report.wording import NO_BREAK_SPACE

CASES = [full_offer, offer_that_breaks_a_rule]
UNIT = "EUR, base-year 2027, discounted"
HOSTILE = "<script>alert('x')</script>"


def text_of(offer: Offer) -> str:
    return Page(offer_html(offer)).text.replace(NO_BREAK_SPACE, " ")


@pytest.mark.parametrize("made", CASES)
def test_the_page_is_whole_and_asks_for_nothing_outside_itself(made: Any) -> None:
    html = offer_html(made())
    assert not re.findall(r"<script|<img|<link rel=.stylesheet|src=|@import|https?://(?!www\.w3\.org)", html)
    page = Page(html)
    assert page.faults == []
    assert len(page.ids) == len(set(page.ids))
    assert [each for each in ("answer", "clauses", "limits", "improvement", "record") if each in page.ids]


def test_the_page_says_gains_clauses_limits_and_the_change_that_helps_both() -> None:
    text = text_of(full_offer())
    assert "“First offer” brings Freedonia EUR 40.0 million more and Sylvania EUR 25.0 million more" in text
    assert "No plan under it is worth more than 0.87%" in text
    assert "Less than the gap of the plan, EUR 2.00 million, may be owed to the search." in text
    assert "Shown for both sides to judge: 2 clauses moved (royalty and unit price) would bring" in text
    assert "It is worth more to both together than any plan under the offer can be." in text
    assert "Both sides gain" in text


@pytest.mark.parametrize("which", offer_sheets(full_offer()))
def test_a_sheet_to_hand_over_tells_neither_worth_nor_what_was_asked(which: Which) -> None:
    offer = full_offer()
    inside, sheet = offer_sheet(offer, which), offer_sheet(offer, which, is_handed_over=True)
    (table,) = sheet.tables
    assert table.columns == ("Clause", "Term", "Range")
    assert [row[:2] for row in table.rows] == sorted(row[:2] for row in inside.tables[1].rows)
    page, whole = (sheet_html(each).replace(NO_BREAK_SPACE, " ") for each in (sheet, inside))
    for figure in (cell for row in inside.tables[0].rows for cell in row[1:]):
        assert figure in whole
        assert figure not in page
    for words in ("“First offer”", "helps both", "worth", "proven"):
        assert words not in page
    assert not sheet.notes
    assert inside.notes[-1] == INSIDE
    assert sheet.subtitle == "Terms, between Freedonia (buyer) and Sylvania (seller). Unsigned."


def test_a_signed_text_stands_and_what_it_breaks_is_told() -> None:
    text = text_of(offer_that_breaks_a_rule())
    assert "A signed text on the table" in text
    assert "Rules collide" in text
    assert "Own need border is 12.0 units behind" in text
    assert "No change was found that helps both sides" in text
    amended = text_of(replace(full_offer(), is_signed=True))
    assert "The signed text stands. Were both sides to amend it, 2 clauses moved" in amended
    caution = text_of(replace(offer_that_breaks_a_rule(), keeps_rules=True, faults=()))
    assert "Sylvania has more without an agreement." in caution


def test_the_picture_has_every_mark_and_an_arrow_to_the_change() -> None:
    speech = OfferSpeech(full_offer())
    spec = offer_figure(speech).spec
    assert spec is not None
    (points,) = [layer for layer in spec["layer"] if "shape" in layer.get("encoding", {})]
    kinds = {row["kind"] for row in points["data"]["values"]}
    assert kinds == {"the offer", "the smallest change that helps both", "the deal as it stands",
                     "opening position", "without an agreement"}  # fmt: skip
    assert sum(layer["mark"].get("shape") == "triangle-right" for layer in spec["layer"]) == 1
    alone = offer_figure(OfferSpeech(replace(full_offer(), improvement=None))).spec
    assert alone is not None
    assert not [layer for layer in alone["layer"] if layer["mark"].get("shape") == "triangle-right"]


def test_tables_hold_the_figures_of_the_record() -> None:
    speech = OfferSpeech(full_offer())
    worth = {row[0]: row[1:] for row in worth_grid(speech).rows}
    assert worth["The offer"] == (160e6, 70e6, 40e6, 25e6, 230e6)
    assert worth["The offer with the smallest change"][:2] == (166e6, 74e6)
    assert [row[0] for row in clause_grid(speech).rows] == ["Unit price", "Royalty"]
    standing = [row[-1] for row in standing_grid(speech).rows]
    assert standing == ["67% of the way to Sylvania", "50% of the way to Sylvania", "as Sylvania asks"]
    for maker in OFFER_GRIDS.values():
        for row in maker(speech).rows:
            assert len(row) == len(maker(speech).columns)


@pytest.mark.parametrize(
    ("place", "words"),
    [(None, "–"), (0.0, "as Freedonia asks"), (-0.1, "beyond what Freedonia asks"),
     (1.2, "beyond what Sylvania asks")],
)  # fmt: skip
def test_a_value_stands_somewhere_between_both_positions(place: float | None, words: str) -> None:
    speech = OfferSpeech(full_offer())
    assert speech.standing(replace(speech.record.clauses[0], place=place)) == words


def test_text_of_a_deal_is_escaped_wherever_it_stands() -> None:
    record = full_offer()
    hostile = replace(
        record,
        title=HOSTILE,
        name=HOSTILE,
        parties=replace(record.parties, buyer=HOSTILE),
        improvement_words=HOSTILE,
        plan_words=HOSTILE,
        faults=(replace(record.faults[0], words=HOSTILE, subject=HOSTILE),),
        warnings=(HOSTILE,),
    )
    assert "<script" not in offer_html(hostile)


@pytest.mark.parametrize("made", CASES)
def test_all_files_are_written_and_the_same_twice(made: Any, tmp_path: Path) -> None:
    deal = dronedeal.read("deals/first-deal")
    for name in ("one", "other"):
        (tmp_path / name).mkdir()
        write_offer_files(made(), {}, deal=deal, folder=tmp_path / name)
    files = sorted(path.relative_to(tmp_path / "one") for path in (tmp_path / "one").rglob("*.*"))
    sheets = ["offer"] if made().improvement is None else ["improvement", "offer"]
    assert [str(each) for each in files] == [
        "offer.html", "offer.xlsx", *(f"term-sheets/{n}.{e}" for n in sheets for e in ("docx", "html")),
    ]  # fmt: skip
    for each in files:
        assert (tmp_path / "one" / each).read_bytes() == (tmp_path / "other" / each).read_bytes()
    book = openpyxl.load_workbook(tmp_path / "one" / "offer.xlsx")
    assert book.sheetnames == ["Summary", *OFFER_GRIDS]
    with zipfile.ZipFile(tmp_path / "one/term-sheets/offer.docx") as archive:
        assert b"Term sheet: A made-up deal" in archive.read("word/document.xml")


def test_a_term_sheet_of_the_change_says_what_moves() -> None:
    deal = dronedeal.read("deals/first-deal")
    assert offer_sheets(full_offer()) == ("offer", "improvement")
    first, better = (offer_sheet(full_offer(), which, deal=deal) for which in offer_sheets(full_offer()))
    assert first.subtitle.startswith("“First offer”, between Freedonia (buyer) and Sylvania")
    assert better.subtitle.startswith("The smallest change that helps both of “First offer”")
    terms = {row[0]: row[1] for table in better.tables for row in table.rows}
    assert terms["Royalty"].replace(NO_BREAK_SPACE, " ") == "5% of price"
    assert better.notes[0].startswith("Moved: royalty and unit price.")
    signed = offer_sheet(replace(full_offer(), is_signed=True), "offer", deal=deal)
    assert signed.subtitle.endswith("Signed.")
    warned = offer_sheet(offer_that_breaks_a_rule(), "offer", deal=deal)
    assert warned.notes[-2] == "The offer changes nothing: the deal under it is the deal as it stands."
    assert warned.notes[-1].startswith("Not for the other side")


def test_long_tables_point_to_the_workbook_of_the_offer(tmp_path: Path) -> None:
    write_offer_page(full_offer(), tmp_path / "offer.html")
    html = (tmp_path / "offer.html").read_text()
    assert "on screen and in offer.xlsx" in html
    assert "plan.xlsx" not in html
    assert UNIT in html

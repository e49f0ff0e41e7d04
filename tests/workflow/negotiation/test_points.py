"""Points of a finished negotiation: term sheets that read back, plans that are compared and verified."""

from __future__ import annotations

import shutil
from functools import cache
from pathlib import Path

import pytest
from tests.workflow.negotiation.offered import Offered

import dronedeal
from dronedeal import cli, workflow
from dronedeal.deal.term_sheet import deal_at
from dronedeal.errors import CommandError
from dronedeal.files import read_term_sheet
from dronedeal.negotiation.chosen import chosen_point
from dronedeal.negotiation.record_store import read_negotiation, read_offer
from dronedeal.workflow.negotiation.offer import offer
from dronedeal.workflow.negotiation.points import deal_of_plan, deals_of_plans, point_sheet, split_point

DEAL = "deals/first-deal"
Captured = pytest.CaptureFixture[str]


@cache
def first_deal() -> dronedeal.Deal:
    return dronedeal.read(DEAL)


@pytest.fixture
def out(whole: Path) -> Path:
    """The folder of a negotiation."""
    return whole


@pytest.mark.parametrize("name", ["nash", "egalitarian", "p01"])
def test_the_term_sheet_of_a_point_is_worth_what_the_point_is(name: str, out: Path, tmp_path: Path) -> None:
    file = tmp_path / "TERMS.yaml"
    assert cli.run(["term-sheet", str(out), "--point", name, "--terms", str(file)]) == 0
    point = chosen_point(read_negotiation(out), name)
    record = offer(first_deal(), read_term_sheet(file), improve=False).record
    assert point.utilities is not None
    assert dict(record.terms) == dict(point.terms)
    assert not record.faults
    assert record.utilities.buyer == pytest.approx(point.utilities.buyer, rel=2e-3)
    assert record.utilities.seller == pytest.approx(point.utilities.seller, rel=2e-3)


def test_beside_each_term_sheet_lies_the_file_that_offer_reads(out: Path) -> None:
    """Unedited, it is worth what the point is; edited, it is another offer."""
    record = read_negotiation(out)
    for name, point in record.fair_points.items():
        sheet = read_term_sheet(out / "term-sheets" / f"{name}.yaml")
        assert sheet == point_sheet(record, name)
        assert dict(sheet.terms) == dict(point.terms)
    welfare, file = record.welfare, out / "term-sheets/welfare.yaml"
    assert welfare is not None
    found = offer(first_deal(), read_term_sheet(file), improve=False).record
    assert found.utilities.buyer == pytest.approx(welfare.utilities.buyer, rel=2e-3)
    assert found.utilities.seller == pytest.approx(welfare.utilities.seller, rel=2e-3)


def test_an_offer_is_handed_over_without_what_it_is_worth(
    offered: Offered, tmp_path: Path, capsys: Captured
) -> None:
    found = offered.folder
    page, word, terms = tmp_path / "o.html", tmp_path / "o.docx", tmp_path / "o.yaml"
    asked = ["term-sheet", str(found), "--point", "improvement", "--hand-over", "--deal", DEAL]
    assert cli.run([*asked, "--to", str(page), "--to", str(word), "--terms", str(terms)]) == 0
    record = read_offer(found)
    assert record.improvement is not None
    assert dict(read_term_sheet(terms).terms) == dict(record.improvement.terms)
    assert not read_term_sheet(terms).least
    text = page.read_text() + terms.read_text()
    for words in ("Worth", "asked", "First offer", f"{record.alternatives.buyer:,.0f}"):
        assert words not in text
    assert "Kestrel" in text
    assert word.read_bytes()[:2] == b"PK"
    capsys.readouterr()
    assert cli.run(["term-sheet", str(found / "offer.json"), "--point", "nash"]) == 2
    assert "point 'nash': the offer has no such sheet; allowed: offer, improvement" in capsys.readouterr().err
    assert cli.run(["term-sheet", str(found), "--point", "offer"]) == 0
    (tmp_path / "again.yaml").write_text(capsys.readouterr().out)
    again = read_term_sheet(tmp_path / "again.yaml")
    assert (again.title, dict(again.terms)) == ("First offer", {"price": 1100.0, "own_needs": 0.8})


def test_a_term_sheet_becomes_a_page_a_word_document_and_a_file_of_terms(
    out: Path, tmp_path: Path, capsys: Captured
) -> None:
    page, word, terms = tmp_path / "n.html", tmp_path / "n.docx", tmp_path / "n.yaml"
    asked = ["term-sheet", str(out / "negotiation.json"), "--point", "nash", "--to", str(page)]
    assert cli.run([*asked, "--to", str(word), "--terms", str(terms), "--deal", DEAL]) == 0
    assert capsys.readouterr().out.splitlines() == [f"written: {each}" for each in (page, word, terms)]
    assert "The Nash point, between Northland (buyer) and Riverland (seller)" in page.read_text()
    assert "Kestrel" in page.read_text()
    assert word.read_bytes()[:2] == b"PK"
    before = page.read_bytes()
    assert cli.run(asked) == 2
    assert "exists already, and is left as it is" in capsys.readouterr().err
    assert page.read_bytes() == before
    assert cli.run([*asked[:-1], str(tmp_path / "n.pdf")]) == 2
    assert "allowed: .html, .docx" in capsys.readouterr().err


def test_what_is_handed_over_holds_terms_and_nothing_of_what_they_are_worth(
    out: Path, tmp_path: Path, capsys: Captured
) -> None:
    page, terms = tmp_path / "n.html", tmp_path / "n.yaml"
    asked = ["term-sheet", str(out), "--point", "nash", "--hand-over"]
    assert cli.run([*asked, "--to", str(page), "--terms", str(terms)]) == 0
    capsys.readouterr()
    record = read_negotiation(out)
    point, sheet = chosen_point(record, "nash"), read_term_sheet(terms)
    assert dict(sheet.terms) == dict(point.terms)
    assert not sheet.least
    assert "Worth" not in page.read_text()
    assert "asked" not in page.read_text()
    for side in ("buyer", "seller"):
        assert f"{getattr(record.alternatives, side):,.0f}" not in page.read_text() + terms.read_text()


def test_without_a_file_the_terms_are_printed(out: Path, tmp_path: Path, capsys: Captured) -> None:
    assert cli.run(["term-sheet", str(out), "--point", "kalai-smorodinsky"]) == 0
    (tmp_path / "TERMS.yaml").write_text(capsys.readouterr().out)
    sheet = read_term_sheet(tmp_path / "TERMS.yaml")
    assert sheet.title == "Kalai–Smorodinsky of The first deal"
    assert set(sheet.least) == {"buyer", "seller"}


def test_a_point_or_a_negotiation_that_is_not_there_ends_with_2(out: Path, capsys: Captured) -> None:
    assert cli.run(["term-sheet", str(out), "--point", "p77"]) == 2
    assert "allowed: nash, kalai_smorodinsky" in capsys.readouterr().err
    assert cli.run(["term-sheet", str(out / "plans"), "--point", "nash"]) == 2
    assert "no such file" in capsys.readouterr().err
    assert cli.run(["compare", f"{out}#nash", f"{out}#p77"]) == 2
    assert "point 'p77'" in capsys.readouterr().err


def test_points_of_the_frontier_are_compared_with_their_terms(out: Path, capsys: Captured) -> None:
    assert cli.run(["compare", f"{out}#nash", f"{out}/negotiation.json#p02", "--deals", DEAL]) == 0
    shown = capsys.readouterr().out
    assert "prices[kestrel//2027/0].unit_price" in shown
    assert cli.run(["compare", str(out / "plans/p01"), str(out / "plans/p02"), "--deals", DEAL]) == 0
    assert "Plans compared" in capsys.readouterr().out


def test_the_plan_of_a_point_is_verified_against_the_deal_as_it_stands(out: Path, capsys: Captured) -> None:
    assert cli.run(["verify", f"{out}#p01", DEAL]) == 0
    assert cli.run(["verify", str(out / "plans/p01"), DEAL]) == 0
    assert "verification passed" in capsys.readouterr().out
    assert cli.run(["explain", f"{out}#p01", "--deal", DEAL, "--system", "kestrel"]) == 0


def test_a_plan_without_terms_keeps_its_deal_and_another_deal_is_not_touched(out: Path) -> None:
    other = deal_at(first_deal(), {"price": 950.0})
    assert deal_of_plan(out / "plans/p01", other) is other
    assert deal_of_plan(out / "elsewhere", first_deal()) is first_deal()
    terms = chosen_point(read_negotiation(out), "nash").terms
    (under,) = deals_of_plans([f"{out}#nash"], [first_deal()])
    assert under.digest == deal_at(first_deal(), terms).digest
    assert deals_of_plans(["a", "b"], [other, first_deal(), other]) == [other, first_deal(), other]


def test_a_plan_that_was_not_written_is_told(out: Path, tmp_path: Path) -> None:
    shutil.copy(out / "negotiation.json", tmp_path / "negotiation.json")
    with pytest.raises(CommandError, match="no plan of it was written"):
        workflow.read_plan(f"{tmp_path}#nash")
    with pytest.raises(CommandError, match="no plan of it was written"):
        workflow.read_plan(f"{out}#opening_buyer")


def test_a_folder_with_the_mark_in_its_name_is_a_folder(tmp_path: Path) -> None:
    (tmp_path / "a#b").mkdir()
    assert split_point(tmp_path / "a#b") is None
    assert split_point(tmp_path / "a#c") == (tmp_path / "a", "c")

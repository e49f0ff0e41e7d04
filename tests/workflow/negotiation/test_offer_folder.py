"""`dronedeal offer`: what it prints and writes, what reads back, and what it refuses."""

from __future__ import annotations

import json
from pathlib import Path

import jsonschema
import pytest
from tests.negotiation.offer_case import full_offer, offer_that_breaks_a_rule
from tests.workflow.negotiation.offered import Offered

from dronedeal import cli
from dronedeal.files import read_term_sheet
from dronedeal.negotiation.record_store import read_offer
from dronedeal.terminal_offer import offer_text
from dronedeal.workflow import read_plan

DEAL = "deals/first-deal"
Captured = pytest.CaptureFixture[str]


@pytest.fixture
def out(offered: Offered) -> Path:
    """The folder of an offer."""
    return offered.folder


def test_the_folder_holds_record_page_workbook_plans_and_term_sheets(out: Path) -> None:
    assert sorted(each.name for each in out.iterdir()) == [
        "offer.html", "offer.json", "offer.schema.json", "offer.xlsx", "plans", "term-sheets", "timings.json",
    ]  # fmt: skip
    record = read_offer(out)
    jsonschema.validate(
        json.loads((out / "offer.json").read_text()), json.loads((out / "offer.schema.json").read_text())
    )
    assert record.plan is not None
    plan = read_plan(out / record.plan)
    assert plan.utilities["buyer"] == record.utilities.buyer
    assert read_term_sheet(out / "term-sheets/offer.yaml").terms == {"price": 1100.0, "own_needs": "buyer"}
    assert record.improvement is not None
    better = read_term_sheet(out / "term-sheets/improvement.yaml")
    assert better.title == "First offer, improved"
    assert dict(better.terms) == dict(record.improvement.terms)


def test_the_improvement_read_back_is_worth_what_it_was_said_to_be(
    out: Path, tmp_path: Path, capsys: Captured
) -> None:
    sheet, again = out / "term-sheets/improvement.yaml", tmp_path / "again"
    assert cli.run(["offer", DEAL, str(sheet), "--no-improve", "--out", str(again)]) == 0
    first, second = read_offer(out), read_offer(again)
    assert first.improvement is not None
    assert second.utilities.buyer == pytest.approx(first.improvement.utilities.buyer, rel=1e-3)
    assert second.utilities.seller == pytest.approx(first.improvement.utilities.seller, rel=1e-3)
    shown = capsys.readouterr().out
    assert "First offer, improved" in shown
    assert "not looked for" in shown


def test_no_folder_of_the_user_is_overwritten(out: Path, capsys: Captured) -> None:
    sheet = str(out / "term-sheets/offer.yaml")
    assert cli.run(["offer", DEAL, sheet, "--out", str(out)]) == 2
    assert "is not empty" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("", "begin with `format: 1` and `terms:`"),
        (
            "format: 1\nterms:\n  prise: 900\n",
            "TERMS.yaml, line 3, column 10: error [terms] there",
        ),
        ("format: 1\nterms:\n  price: 5000\n", "found 5000; allowed: 700 to 1400"),
        ("format: 1\nterms:\n  price: cheap\n", "write a number on the scale of the clause"),
        ("format: 1\nterms:\n  price: 900\n  price: 950\n", "line 4"),
        ("format: 1\nsigned: maybe\nterms: {}\n", "found 'maybe'; allowed: true or false"),
        ("format: 1\nfrozen: price\nterms: {}\n", "allowed: a list of clauses"),
        ("format: 1\nfrozen: [prise]\nterms: {}\n", "line 2, column 10: error [terms]"),
        ("format: 1\nleast: 3\nterms: {}\n", "allowed: amounts of buyer and seller"),
        ("format: 1\nleast:\n  both: 3\nterms: {}\n", "allowed: amounts of buyer and seller"),
        ("format: 1\nleast:\n  buyer: much\nterms: {}\n", "the least of the buyer; found 'much'"),
        ("format: 1\nterms:\n  price: [1]\n", "write one value behind the clause"),
    ],
)
def test_a_term_sheet_that_cannot_be_had_ends_with_2_and_its_address(
    text: str, says: str, tmp_path: Path, capsys: Captured
) -> None:
    (tmp_path / "TERMS.yaml").write_text(text)
    assert cli.run(["offer", DEAL, str(tmp_path / "TERMS.yaml"), "--out", str(tmp_path / "out")]) == 2
    captured = capsys.readouterr()
    assert says in captured.err
    assert "Traceback" not in captured.err
    assert captured.out == ""
    assert not (tmp_path / "out").exists()


def test_no_file_no_deal_and_no_clauses_end_with_2(tmp_path: Path, capsys: Captured) -> None:
    assert cli.run(["offer", DEAL, str(tmp_path / "none.yaml")]) == 2
    assert "none.yaml" in capsys.readouterr().err
    (tmp_path / "TERMS.yaml").write_text("format: 1\nterms: {}\n")
    assert cli.run(["new", str(tmp_path / "made-up"), "--synthetic", "--systems", "3", "--lines", "3"]) == 0
    assert cli.run(["offer", str(tmp_path / "made-up"), str(tmp_path / "TERMS.yaml")]) == 2
    assert "offer: the deal has no clauses" in capsys.readouterr().err


def test_the_screen_shows_gains_clauses_faults_and_the_change_in_80_columns() -> None:
    text = offer_text(full_offer(), Path("out"))
    assert max(map(len, text.splitlines())) <= 80
    for words in (
        "the offer",
        "with the change",
        "unit price",
        "shown and not pushed",
        "+6.00",
        "offer.html",
    ):
        assert words in text
    signed = offer_text(offer_that_breaks_a_rule(), None)
    assert "the signed text" in signed
    assert "no plan keeps every rule" in signed
    assert "own need border is 12.0 units behind" in signed
    assert "offer.html" not in signed

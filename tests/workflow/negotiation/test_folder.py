"""The command `negotiate`, from a deal folder to the files that a delegation opens."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import pytest
from jsonschema import Draft202012Validator

from dronedeal import cli, workflow
from dronedeal.negotiation.record_store import read_negotiation
from dronedeal.workflow.negotiation.folder import CHECKPOINT_FILE


@pytest.fixture
def folder(whole: Path) -> Path:
    return whole


def test_the_record_names_plans_that_can_be_opened_and_verified(folder: Path) -> None:
    record = read_negotiation(folder)
    deal = workflow.read("deals/first-deal")
    named = [point.plan for point in (*record.frontier, *record.fair_points.values())]
    for name in {*named, record.alternative_plans.buyer.plan, record.alternative_plans.seller.plan}:
        assert name is not None
        assert workflow.read_plan(folder / name).verification is not None
    alone = workflow.read_plan(folder / "plans" / "buyer-alone")
    assert workflow.verify(alone, deal).is_passed


def test_the_record_keeps_its_schema_and_the_keys_that_readers_rely_on(folder: Path) -> None:
    data, schema = (
        json.loads((folder / name).read_text(encoding="utf-8"))
        for name in ("negotiation.json", "negotiation.schema.json")
    )
    assert [error.message for error in Draft202012Validator(schema).iter_errors(data)] == []
    assert {type(data["alternatives"][side]) for side in ("buyer", "seller")} == {float}
    assert isinstance(data["frontier"], list)
    assert isinstance(data["clauses"], list)
    for name in ("nash", "kalai_smorodinsky", "egalitarian", "welfare"):
        assert set(data[name]["utilities"]) == {"buyer", "seller"}
    spoiled = data | {"alternatives": {"buyer": "much", "seller": 1.0}}
    assert not Draft202012Validator(schema).is_valid(spoiled)


def test_for_each_system_both_sides_limits_stand_in_the_record(folder: Path) -> None:
    zone = read_negotiation(folder).zone
    assert [row.system for row in zone.systems] == [None, "kestrel", "courier"]
    assert all(row.is_there for row in zone.systems)
    assert zone.changes[0].startswith("All payments together")


def test_page_workbook_and_term_sheets_lie_beside_the_record(folder: Path) -> None:
    for name in ("negotiation.html", "negotiation.xlsx", "term-sheets/nash.html", "term-sheets/nash.docx"):
        assert (folder / name).stat().st_size > 0


def test_a_folder_in_use_is_not_written_over(
    folder: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    used = shutil.copytree(folder, tmp_path / "out", ignore=shutil.ignore_patterns(CHECKPOINT_FILE))
    assert cli.run(["negotiate", "deals/first-deal", "--out", str(used)]) == 2
    assert "--overwrite" in capsys.readouterr().err
    assert (used / "negotiation.json").read_bytes() == (folder / "negotiation.json").read_bytes()


@pytest.mark.parametrize(
    ("option", "value", "words"), [("--points", "1", "2 or more"), ("--points", "many", "valid integer")]
)
def test_a_number_that_cannot_be_used_is_refused(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], option: str, value: str, words: str
) -> None:
    assert cli.run(["negotiate", "deals/first-deal", "--out", str(tmp_path / "out"), option, value]) == 2
    assert words in capsys.readouterr().err

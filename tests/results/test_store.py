"""Plans on disk: whole files, the same bytes, and nobody else's files touched."""

from __future__ import annotations

import csv
import json
import os
from dataclasses import replace
from pathlib import Path

import polars as pl
import pytest
from tests.results.hand_worked import hand_plan

from dronedeal.errors import CommandError, PlanFileError
from dronedeal.results import store
from dronedeal.results.columns import PLAN_TABLES
from dronedeal.results.plan_schema import plan_schema
from dronedeal.results.store import plan_files, read_plan, write_plan

PLAN = hand_plan()


def files_in(folder: Path) -> dict[str, bytes]:
    return {str(path.relative_to(folder)): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


def test_plan_is_written_as_json_csv_and_parquet(tmp_path: Path) -> None:
    target = write_plan(PLAN, tmp_path / "new" / "out")
    assert set(files_in(target)) == {
        "plan.json",
        "plan.schema.json",
        *(f"tables/{name}.{ending}" for name in PLAN_TABLES for ending in ("csv", "parquet")),
    }
    assert set(files_in(target)) == set(plan_files())
    assert (target / "plan.json").read_text(encoding="utf-8") == PLAN.to_json()
    assert json.loads((target / "plan.schema.json").read_text(encoding="utf-8")) == plan_schema()
    assert os.listdir(target.parent) == ["out"]


@pytest.mark.parametrize("name", list(PLAN_TABLES))
def test_tables_hold_the_rows_of_the_plan(tmp_path: Path, name: str) -> None:
    target = write_plan(PLAN, tmp_path / "out")
    assert pl.read_parquet(target / "tables" / f"{name}.parquet").equals(PLAN.frame(name))
    with (target / "tables" / f"{name}.csv").open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    assert len(rows) == len(PLAN.tables[name])
    for stated, row in zip(rows, PLAN.tables[name], strict=True):
        for column in PLAN_TABLES[name].columns:
            if column.kind == "number" and row[column.name] is not None:
                assert float(stated[column.name]) == row[column.name]
            else:
                assert stated[column.name].removeprefix("'") == str(
                    "" if row[column.name] is None else row[column.name]
                )


def test_same_plan_makes_the_same_bytes(tmp_path: Path) -> None:
    first, second = write_plan(PLAN, tmp_path / "a"), write_plan(hand_plan(), tmp_path / "b")
    assert files_in(first) == files_in(second)
    before = files_in(first)
    assert files_in(write_plan(PLAN, first)) == before


@pytest.mark.parametrize("text", ["=1+1", "+1", "-1", "@SUM", "\tx", "\rx", "\nx"])
def test_text_that_starts_like_a_formula_gets_an_apostrophe_in_csv_only(tmp_path: Path, text: str) -> None:
    row = {**PLAN.tables["binding"][0], "words": text, "dual": -1.5}
    target = write_plan(replace(PLAN, tables={**PLAN.tables, "binding": (row,)}), tmp_path / "out")
    with (target / "tables" / "binding.csv").open(encoding="utf-8", newline="") as file:
        (written,) = csv.DictReader(file)
    assert written["words"] == "'" + text
    assert written["dual"] == "-1.5"
    assert written["month"] == ""
    assert pl.read_parquet(target / "tables" / "binding.parquet")["words"].to_list() == [text]
    assert read_plan(target).tables["binding"] == (row,)


def test_plan_is_read_from_its_directory_and_from_its_file(tmp_path: Path) -> None:
    target = write_plan(PLAN, tmp_path / "out")
    assert read_plan(target) == read_plan(str(target / "plan.json")) == PLAN


def test_later_plan_takes_the_place_of_the_earlier_one(tmp_path: Path) -> None:
    later = replace(PLAN, title="Later", tables={**PLAN.tables, "stock": ()})
    target = write_plan(PLAN, tmp_path / "out")
    (target / "report.html").write_text("report", encoding="utf-8")
    write_plan(later, target)
    assert read_plan(target) == later
    assert (target / "tables" / "stock.csv").read_text(encoding="utf-8") == "month,line,system,quantity\n"
    assert (target / "report.html").read_text(encoding="utf-8") == "report"


def test_directory_with_files_of_others_is_left_alone(tmp_path: Path) -> None:
    target = tmp_path / "out"
    (target / "tables").mkdir(parents=True)
    (target / "thesis.txt").write_text("years of work", encoding="utf-8")
    (target / "tables" / "mine.csv").write_text("a,b", encoding="utf-8")
    before = files_in(target)
    with pytest.raises(
        CommandError, match=r"holds 2 files of others \(tables/mine.csv, thesis.txt\); choose"
    ):
        write_plan(PLAN, target)
    assert files_in(target) == before


def test_overwriting_replaces_only_what_the_program_writes(tmp_path: Path) -> None:
    target = write_plan(PLAN, tmp_path / "out")
    (target / "thesis.txt").write_text("years of work", encoding="utf-8")
    (target / "tables" / "mine.csv").write_text("a,b", encoding="utf-8")
    write_plan(replace(PLAN, title="Later"), target, overwrite=True)
    assert read_plan(target).title == "Later"
    assert (target / "thesis.txt").read_text(encoding="utf-8") == "years of work"
    assert (target / "tables" / "mine.csv").read_text(encoding="utf-8") == "a,b"


def test_write_that_fails_leaves_the_earlier_plan_whole(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    target = write_plan(PLAN, tmp_path / "out")
    before = files_in(tmp_path)

    def full(*_: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(store, "_write_all", full)
    with pytest.raises(
        CommandError, match=r"cannot be written \(No space left on device\); choose another with --out"
    ):
        write_plan(replace(PLAN, title="Later"), target)
    assert files_in(tmp_path) == before


def test_file_in_the_place_of_the_directory_is_refused(tmp_path: Path) -> None:
    (tmp_path / "out").write_text("mine", encoding="utf-8")
    with pytest.raises(CommandError, match="is a file; choose a directory with --out"):
        write_plan(PLAN, tmp_path / "out")


def test_link_out_of_the_directory_is_not_followed(tmp_path: Path) -> None:
    elsewhere = tmp_path / "elsewhere"
    elsewhere.mkdir()
    (tmp_path / "out").mkdir()
    (tmp_path / "out" / "tables").symlink_to(elsewhere, target_is_directory=True)
    with pytest.raises(CommandError, match="tables is a link"):
        write_plan(PLAN, tmp_path / "out", overwrite=True)
    (tmp_path / "out" / "tables").unlink()
    (tmp_path / "precious.txt").write_text("mine", encoding="utf-8")
    (tmp_path / "out" / "plan.json").symlink_to(tmp_path / "precious.txt")
    write_plan(PLAN, tmp_path / "out")
    assert (tmp_path / "precious.txt").read_text(encoding="utf-8") == "mine"
    assert os.listdir(elsewhere) == []


def test_current_directory_can_be_written_into(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    target = tmp_path / "here"
    target.mkdir()
    monkeypatch.chdir(target)
    write_plan(PLAN, ".")
    assert read_plan(".") == PLAN
    assert sorted(os.listdir(tmp_path)) == ["here"]
    assert set(files_in(target)) == set(plan_files())


def test_directory_without_a_plan_is_refused(tmp_path: Path) -> None:
    with pytest.raises(
        PlanFileError, match=r"plan\.json: no such file; give a directory that `dronedeal plan --out`"
    ):
        read_plan(tmp_path)
    with pytest.raises(PlanFileError, match="nowhere: no such file"):
        read_plan(tmp_path / "nowhere")


def test_file_that_is_not_text_is_refused_at_its_byte(tmp_path: Path) -> None:
    (tmp_path / "plan.json").write_bytes(b'{"title": "\xff"}')
    with pytest.raises(PlanFileError, match=r"plan\.json, byte 11: not UTF-8 text"):
        read_plan(tmp_path)


def test_oversized_file_is_refused_unread(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(store, "MAX_BYTES", 10)
    (tmp_path / "plan.json").write_text(PLAN.to_json(), encoding="utf-8")
    with pytest.raises(PlanFileError, match="larger than 10 bytes"):
        read_plan(tmp_path)


def test_damaged_file_is_named_in_its_error(tmp_path: Path) -> None:
    (tmp_path / "plan.json").write_text("{}", encoding="utf-8")
    with pytest.raises(PlanFileError) as caught:
        read_plan(tmp_path)
    assert str(caught.value).startswith(f"{tmp_path / 'plan.json'}: format: missing key")

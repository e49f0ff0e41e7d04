from __future__ import annotations

import os
from pathlib import Path

import pytest

from dronedeal.deal.record import OWNERS
from dronedeal.files.folder import FolderListing, TableSource, used_sources


def listing(root: Path, *files: str, sides: tuple[str, ...] = OWNERS) -> FolderListing:
    for file in files:
        (root / file).parent.mkdir(parents=True, exist_ok=True)
        (root / file).write_text("x")
    return FolderListing(root, sides=sides)  # type: ignore[arg-type]


def words(found: FolderListing) -> list[str]:
    return [str(finding) for finding in found.log.findings]


def test_the_folder_says_whose_rows_a_table_holds(tmp_path: Path) -> None:
    found = listing(tmp_path, "shared/systems.csv", "buyer/lines.csv", "seller/estimates/budgets.csv")
    assert found.sources == [
        TableSource("buyer/lines.csv", "lines", "buyer", False),
        TableSource("seller/estimates/budgets.csv", "budgets", "seller", True),
        TableSource("shared/systems.csv", "systems", "shared", False),
    ]
    assert words(found) == []


def test_files_that_are_no_tables_are_left_alone(tmp_path: Path) -> None:
    found = listing(
        tmp_path,
        "README.md",
        "notes.xlsx",
        "docs/data.csv",
        "buyer/docs/data.csv",
        "buyer/notes.txt",
        ".git/x.csv",
        "buyer/._lines.csv",
        "pictures/a.png",
        "out/plan.json",
        "out/payments.csv",
    )
    assert (found.sources, words(found)) == ([], [])


@pytest.mark.parametrize(
    ("file", "text"),
    [
        (
            "buyer/line.csv",
            "buyer/line.csv: error [table] there is no table of this name; found "
            "line.csv; did you mean `lines.csv`?",
        ),
        (
            "buyer/Lines.csv",
            "buyer/Lines.csv: error [table] there is no table of this name; found "
            "Lines.csv; did you mean `lines.csv`?",
        ),
        (
            "buyer/lines.CSV",
            "buyer/lines.CSV: error [table] there is no table of this name; found "
            "lines.CSV; did you mean `lines.csv`?",
        ),
        (
            "buyer/qqq.csv",
            "buyer/qqq.csv: error [table] there is no table of this name; found qqq.csv; "
            "rename it to a table of the schema, or move it to docs",
        ),
        (
            "lines.csv",
            "lines.csv: error [table] a table stands in the root of the deal folder; move it into "
            "shared, buyer or "
            "seller, the folder of the side that owns its rows",
        ),
        (
            "Buyer/lines.csv",
            "Buyer: error [table] this folder is not part of a deal but holds tables; found Buyer/lines.csv; "
            "did you mean `buyer`?",
        ),
        (
            "old/2025/lines.csv",
            "old: error [table] this folder is not part of a deal but holds tables; found "
            "old/2025/lines.csv; "
            "move the tables into shared, buyer or seller, or rename the folder to docs",
        ),
        (
            "buyer/estimate/lines.csv",
            "buyer/estimate: error [table] this folder is not part of a deal but holds tables; "
            "found buyer/estimate/lines.csv; did you mean `estimates`?",
        ),
        (
            "shared/estimates/lines.csv",
            "shared/estimates: error [table] this folder is not part of a deal but holds tables; "
            "found shared/estimates/lines.csv; move the tables into shared, buyer or seller, or "
            "rename the folder to docs",
        ),
        (
            "buyer/estimates/systems.csv",
            "buyer/estimates/systems.csv: error [table] the table systems is shared; only tables of "
            "the other side are "
            "estimated; move the file to shared/systems.csv",
        ),
        (
            "buyer/estimates/budgets.csv",
            "buyer/estimates/budgets.csv: error [table] the table budgets belongs to the buyer itself; "
            "the buyer does not estimate it; move the file to buyer/budgets.csv",
        ),
    ],
)
def test_a_table_in_the_wrong_place_is_an_error(tmp_path: Path, file: str, text: str) -> None:
    assert words(listing(tmp_path, file)) == [text]


def test_folders_of_other_sides_are_not_touched(tmp_path: Path) -> None:
    found = listing(tmp_path, "seller/wrong.csv", "buyer/lines.csv", sides=("shared", "buyer"))
    assert [source.name for source in found.sources] == ["buyer/lines.csv"]
    assert words(found) == []


def test_a_folder_with_too_many_names_is_an_error(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("dronedeal.files.folder.MAX_FOLDER_ENTRIES", 2)
    found = listing(tmp_path, "buyer/a.txt", "buyer/b.txt", "buyer/c.txt")
    assert words(found) == [
        "buyer: error [limit] the folder holds too many names; allowed: at most 2; "
        "remove what is not part of the deal"
    ]


def test_a_folder_that_may_not_be_listed_is_an_error(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "buyer").mkdir()
    scandir = os.scandir

    def refuse(path: Path) -> object:
        if Path(path).name == "buyer":
            raise PermissionError(13, "Permission denied")
        return scandir(path)

    monkeypatch.setattr(os, "scandir", refuse)
    assert words(listing(tmp_path))[0].startswith(
        "buyer: error [file] this cannot be read; found Permission denied"
    )


def test_estimates_count_only_without_the_table_itself() -> None:
    own = TableSource("seller/lines.csv", "lines", "seller", False)
    guess = TableSource("buyer/estimates/lines.csv", "lines", "buyer", True)
    more = TableSource("buyer/lines.csv", "lines", "buyer", False)
    assert used_sources([own, guess]) == [own]
    assert used_sources([guess]) == [guess]
    assert used_sources([guess, more]) == [more, guess]
    assert used_sources([own, more]) == [more, own]

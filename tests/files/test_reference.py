from __future__ import annotations

from pathlib import Path

from dronedeal.deal import TABLES
from dronedeal.files import schema_markdown
from dronedeal.files.settings_reader import setting_columns

ROOT = Path(__file__).resolve().parents[2]


def test_the_reference_page_is_up_to_date() -> None:
    page = ROOT / "docs/reference/deal-folder.md"
    assert page.read_text(encoding="utf-8") == schema_markdown(), "make the page again from schema_markdown()"


def test_every_table_and_column_stands_in_the_reference() -> None:
    text = schema_markdown()
    for table in TABLES.values():
        section = text.split(f"\n### `{table.name}`\n")[1].split("\n### ")[0]
        assert table.meaning in section
        for column in table.columns:
            (line,) = [line for line in section.splitlines() if line.startswith(f"| `{column.name}` |")]
            assert f"| {column.kind} | {column.unit} |" in line
            assert column.meaning in line


def test_every_setting_stands_in_the_reference() -> None:
    from dronedeal.deal.settings import EvidencePrior, EvidenceSettings, Options, Party, Settings

    lines = schema_markdown().split("## Tables")[0].splitlines()
    for record in (Settings, Party, EvidenceSettings, EvidencePrior, Options):
        for name, column in setting_columns(record).items():
            assert [line for line in lines if line.startswith(f"| `{name}` |") and column.meaning in line]


def test_every_row_of_a_markdown_table_has_as_many_cells_as_its_header() -> None:
    import re

    width = 0
    for line in schema_markdown().splitlines():
        cells = len(re.findall(r"(?<!\\)\|", line)) if line.startswith("|") else 0
        assert not (width and cells) or cells == width, line
        width = cells

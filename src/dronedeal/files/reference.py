"""The manual of the deal folder as Markdown, made from the schema and the limits of the reader."""

from __future__ import annotations

from collections.abc import Iterator

from dronedeal.deal.record import Frozen
from dronedeal.deal.schema import TABLES, Column, Table
from dronedeal.deal.settings import Settings
from dronedeal.files import limits
from dronedeal.files.describe import default_text
from dronedeal.files.settings_reader import nested_record, setting_columns

_HEADER = (
    "| name | type | unit | allowed | if blank | meaning |",
    "|---|---|---|---|---|---|",
)

_INTRODUCTION = f"""# The deal folder

<!-- Made by `make docs`; do not edit by hand. -->

A deal is a folder with the settings in `deal.yaml` and one CSV file a table, or one `.xlsx` workbook with
the same content. What stands here is made from the schema that the reader itself uses.

## Folder

```text
my-deal/
  deal.yaml              settings
  shared/systems.csv     rows that both sides know
  buyer/budgets.csv      rows of the buyer
  buyer/estimates/lines.csv   what the buyer believes of a table of the seller
  seller/lines.csv       rows of the seller
  docs/                  anything; not read
```

- The folder of a file says who owns its rows: `shared`, `buyer` or `seller`. Each table has a usual owner
  (below), and any table may have rows in several folders; they are read in the order shared, buyer, seller.
- A file in `estimates/` has the columns of a table of the other side. Its rows are used only where the
  other side's own file is not in the folder, or the reading was asked to leave that side out. They belong
  to the side that estimated.
- Files that are not CSV, names that begin with a point, folders named `docs` and folders that hold a
  `plan.json` are not read. A CSV file with another name, in the root or in another folder is an error, and
  so is a link.

## CSV files

- UTF-8 (a byte order mark is allowed), cells separated by commas, texts with commas, quotation marks or
  line breaks in quotation marks, quotation marks doubled inside.
- The first row that is not blank and not a comment names the columns, in any order. Columns that may be
  blank can be left out.
- Blank rows, and rows whose first cell begins with `#`, are left out.
- Blank space around a cell does not count. A blank cell takes the default; it is never zero unless the
  default says so.
- Numbers have digits and at most one decimal point: no separators between thousands, no percent sign, no
  `nan`, no `inf`.
- A text that begins with `=`, `+`, `-`, `@`, `#`, an apostrophe or a tab is written with one apostrophe
  before it, so that no spreadsheet program takes it for a formula; the reader removes exactly that
  apostrophe.
- Lists are separated by semicolons. In a list of texts, `\\;` is a semicolon inside an item and `\\\\` a
  backslash. A single `;` is an empty list where a blank cell would be an error.

## Workbook

- The sheet `deal` holds the settings: the columns `key` and `value`, one row a key. A key below another is
  written with a point, and items of a list are numbered from 0: `evidence.confidence`, `parties.0.role`.
- Every other sheet is a table: `lines` with its usual owner, `buyer.lines` with another owner,
  `buyer~lines` as an estimate. Sheets named `docs` or `README`, and those whose name begins with `#`, are
  not read.
- In a merged area the value counts at the top left cell, and the other cells are blank. Hidden rows,
  columns and sheets are read like all others.
- Formulas and error values are errors: paste the values. Dates may be dates of the spreadsheet program or
  text.

## Limits

| what | most |
|---|---|
| rows of one table in one file or sheet | {limits.MAX_ROWS:,} |
| columns of one file or sheet | {limits.MAX_COLUMNS:,} |
| characters of one cell | {limits.MAX_CELL_CHARACTERS:,} |
| size of a CSV file | {limits.MAX_CSV_BYTES // 2**20} MiB |
| size of `deal.yaml` | {limits.MAX_YAML_BYTES // 2**10} KiB, without anchors, aliases and tags |
| size of a workbook | {limits.MAX_WORKBOOK_BYTES // 2**20} MiB |
| cells of a workbook | about 200,000: it is read within a few seconds or not at all |

## Settings

`deal.yaml` is YAML 1.2. A key without a value says: none.
"""


def schema_markdown() -> str:
    """The reference of the deal folder: layout, limits, settings and every table, as Markdown.

    Examples
    --------
    >>> schema_markdown().splitlines()[0]
    '# The deal folder'
    """
    lines = [_INTRODUCTION, *_settings_lines(Settings, ""), "## Tables", ""]
    for table in TABLES.values():
        lines.extend(_table_lines(table))
    return "\n".join(lines).rstrip() + "\n"


def _settings_lines(record: type[Frozen], path: str) -> Iterator[str]:
    yield from (*_HEADER, *(_row(column) for column in setting_columns(record).values()), "")
    for name, field in record.model_fields.items():
        nested = nested_record(record, name)
        if nested is not None:
            below = f"{path}{name}"
            yield from (f"### `{below}`", "", f"{field.description}{'; a list' if nested[1] else ''}.", "")
            yield from _settings_lines(nested[0], f"{below}.")


def _table_lines(table: Table) -> Iterator[str]:
    keys = ", ".join(f"`{name}`" for name in table.key)
    key = f"No two rows have the same {keys}." if keys else "Rows may repeat."
    yield from (f"### `{table.name}`", "", f"{table.meaning} Usual owner: {table.owner}. {key}", "")
    yield from (*_HEADER, *(_row(column) for column in table.columns), "")


def _row(column: Column) -> str:
    allowed = f"an id of `{column.refers_to}`" if column.refers_to else column.allowed
    meaning = column.meaning.replace("|", "\\|")
    blank = default_text(column).removeprefix("may be blank")
    return f"| `{column.name}` | {column.kind} | {column.unit} | {allowed} | {blank} | {meaning} |"

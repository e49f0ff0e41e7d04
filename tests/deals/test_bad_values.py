"""A bad value in any column that says what is learnt, agreed, ruled or done together has an address.

One copy of the public-figures deal holds one bad value in every column at once; the program must find each
of them in one run, in a folder and in a workbook.
"""

from __future__ import annotations

import csv
import re
import shutil
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from openpyxl.utils import get_column_letter

import dronedeal
from dronedeal import cli
from dronedeal.deal import TABLES
from dronedeal.deal.schema import Column
from dronedeal.errors import DealFolderError
from dronedeal.files import write_workbook

DEAL = Path(__file__).parents[2] / "deals" / "ukraine-us"
BUNDLE = {
    "id": "pair",
    "fiscal_year": "2028",
    "systems": "magura_v5;raybird",
    "quantities": "1;2",
    "rebate": "1",
}
BUNDLE_VALUES = {
    "id": "pair", "fiscal_year": 2028, "systems": ("magura_v5", "raybird"), "quantities": (1.0, 2.0),
    "rebate": 1.0,
}  # fmt: skip
PREFERENCE = {
    "id": "like_sting",
    "requirement": "ddp_phase3",
    "kind": "substitute",
    "low": "1",
    "high": "9",
    "system": "sting",
}
PREFERENCE_VALUES = {
    "id": "like_sting",
    "requirement": "ddp_phase3",
    "kind": "substitute",
    "low": 1.0,
    "high": 9.0,
    "system": "sting",
}
MADE_UP = {"bundles": BUNDLE, "preferences": PREFERENCE}  # tables of which the deal has no rows
OWNERS = {
    "preferences": "buyer",
    "requirements": "buyer",
    "lines": "seller",
    "line_systems": "seller",
    "components": "seller",
}
WHOLE = ("rules", "projects", "integrations", "bundles", "preferences")
SOME = {
    "line_systems": (
        "units_already_made", "learning_slope", "learning_theory", "learning_group", "transfer_share",
        "transfer_lag_months", "forgetting_rate", "startup_premium", "startup_units",
    ),
    "lines": ("return_share", "technology_transfer_months", "licence_fee", "qualification_months",
              "available_from"),
    "prices": ("tier_from", "tier_kind", "firm_minimum", "option_quantity", "royalty", "escalation_index",
               "escalation_share"),
    "components": ("substitute_for", "premium"),
    "systems": ("design_refresh_months", "successor_of", "available_from"),
}  # fmt: skip
NUMBERS = ("number", "fraction", "integer", "fiscal_year")
# What stands in the cell, by kind of column: words for a number, a month that is none, too low, too high.
WRONG: Mapping[str, Mapping[str, str]] = {
    "words": {
        **dict.fromkeys(NUMBERS, "much"), "number_list": "1;much", "month": "2027-13", "choice": "sometimes",
        "boolean": "perhaps", "id": "two words", "id_list": "two words;x",
    },
    "below": {
        "fraction": "-0.25", "integer": "-3", "fiscal_year": "27", "number_list": "1;-2", "month": "soon",
    },
    "above": {
        "fraction": "1.25", "integer": "1.5", "fiscal_year": "20270", "number": "1e+40", "month": "13/2027",
    },
}  # fmt: skip
SETTINGS: Mapping[str, Mapping[str, Any]] = {
    "words": {
        "cash.opening": "much", "cash.floor": "much", "cash.home_receipt_share": "much",
        "cash.reinvestment_share": "much", "cash.fund_value": "much", "cash.basis": "rumour",
        "terms.ceiling": "much", "terms.advance_share": "much", "terms.retention_share": "much",
        "terms.retention_months": "much", "terms.cancellation_share": "much", "terms.currency": "dollars",
        "options.investment_months": "much", "options.whole_units": "perhaps",
        "options.whole_units_up_to": "much",
    },
    "below": {
        "cash.home_receipt_share": -0.5, "cash.reinvestment_share": -0.5, "cash.fund_value": -1,
        "terms.ceiling": -1, "terms.advance_share": -0.5, "terms.retention_share": -0.5,
        "terms.retention_months": -1, "terms.cancellation_share": -0.5, "options.investment_months": 0,
        "options.whole_units_up_to": -1,
    },
    "above": {
        "cash.opening": float("inf"), "cash.floor": float("nan"), "cash.home_receipt_share": 1.5,
        "cash.reinvestment_share": 1.5, "terms.advance_share": 1.5, "terms.retention_share": 1.5,
        "terms.retention_months": 601, "terms.cancellation_share": 1.5, "options.investment_months": 13,
    },
}  # fmt: skip


def columns() -> Iterator[tuple[str, Column]]:
    """Every column that says what is learnt, agreed, ruled or done together, with its table."""
    for table in WHOLE:
        yield from ((table, column) for column in TABLES[table].columns)
    for table, names in SOME.items():
        yield from ((table, TABLES[table].column(name)) for name in names)


def wrong_cells(how: str) -> list[tuple[str, str, str]]:
    """Table, column and bad text of every column for which there is such a text."""
    texts = WRONG[how]
    found = [(table, column.name, texts[column.kind]) for table, column in columns() if column.kind in texts]
    if how == "words":
        required = [(t, c.name) for t, c in columns() if c.is_required and c.kind in ("text", "text_list")]
        found += [(table, name, "") for table, name in required]
    if how == "below":
        signed = {("rules", "limit"), ("projects", "effect_value")}  # what they may be depends on the kind
        numbers = [(t, c.name) for t, c in columns() if c.kind == "number" and (t, c.name) not in signed]
        found += [(table, name, "-1") for table, name in numbers]
    return found


class Copy:
    """The deal in a folder of its own, its tables as texts, all columns there."""

    def __init__(self, path: Path) -> None:
        self.path = path / "deal"
        shutil.copytree(DEAL, self.path, ignore=shutil.ignore_patterns("facts.csv"))
        self.tables: dict[str, list[dict[str, str]]] = {}
        self.settings = (self.path / "deal.yaml").read_text("utf-8")

    def file(self, table: str) -> Path:
        return self.path / OWNERS.get(table, "shared") / f"{table}.csv"

    def rows(self, table: str) -> list[dict[str, str]]:
        if table not in self.tables:
            names = [column.name for column in TABLES[table].columns]
            read = [dict(MADE_UP.get(table, {}))]
            if table not in MADE_UP:
                with self.file(table).open(encoding="utf-8", newline="") as stream:
                    read = list(csv.DictReader(stream))
            self.tables[table] = [{name: row.get(name, "") for name in names} for row in read]
        return self.tables[table]

    def put(self, table: str, column: str, text: str, row: int | None = None) -> str:
        """Write a value, in a row of its own where none is named; return the address it then has."""
        rows = self.rows(table)
        number = list(rows[0]).index(column) % len(rows) if row is None else row
        rows[number][column] = text
        return self.address(table, column, number)

    def address(self, table: str, column: str, number: int) -> str:
        """File, line and column of a cell."""
        place = list(self.rows(table)[0]).index(column)
        # No text of a cell of these tables holds a line break, so that a row is a line.
        return f"{self.file(table).relative_to(self.path)}, line {number + 2}, column {place + 1} ({column})"

    def set(self, key: str, value: Any) -> str:
        """Write a setting into its section of `deal.yaml`; return the end of the address it then has."""
        section, name = key.split(".")
        head, body, tail = re.split(rf"(?ms)(^{section}:\n(?:  .*?\n)*)", self.settings, maxsplit=1)
        lines = [line for line in body.splitlines() if not line.startswith(f"  {name}:")]
        text = {"inf": ".inf", "nan": ".nan"}.get(str(value), str(value))
        self.settings = head + "\n".join([lines[0], f"  {name}: {text}", *lines[1:], ""]) + tail
        return f"({key})"

    def write(self) -> Path:
        for table, rows in self.tables.items():
            with self.file(table).open("w", encoding="utf-8", newline="") as stream:
                writer = csv.DictWriter(stream, list(rows[0]))
                writer.writeheader()
                writer.writerows(rows)
        (self.path / "deal.yaml").write_text(self.settings, "utf-8")
        return self.path


def faults(path: Path) -> list[str]:
    with pytest.raises(DealFolderError) as fault:
        dronedeal.read(path)
    return [str(finding) for finding in fault.value.findings]


def require(found: list[str], address: str, text: str) -> None:
    """One finding has the address, shows the value and says what is allowed and what to do."""
    (finding,) = [each for each in found if address in each]
    _, _, says = finding.partition(": ")
    assert "error [" in says
    assert "; allowed: " in finding
    assert finding.count("; ") >= 3, finding
    shown = next((part for part in text.split(";") if part not in ("1", "x")), "")
    assert (shown or "blank") in finding, finding


@pytest.mark.parametrize("how", WRONG)
def test_bad_cells_of_a_folder_are_found_all_at_once(how: str, tmp_path: Path) -> None:
    copy = Copy(tmp_path)
    wanted = {copy.put(table, column, text): text for table, column, text in wrong_cells(how)}
    wanted |= {copy.set(key, value): str(value) for key, value in SETTINGS[how].items()}
    found = faults(copy.write())
    for address, text in wanted.items():
        require(found, address, text.removesuffix(".0"))
    assert len(found) == len(wanted)
    for finding in found:
        assert ("found 1e+40" in finding) == ("write a number of at most 1,000,000,000,000,000 in" in finding)


# Every cell may stand alone, and still what it says cannot be: table, row, column, text, and what is shown.
UNFIT = (
    ("rules", 0, "branch", "nowhere", "'nowhere'"),
    ("rules", 1, "limit", "-0.1", "-0.1"),
    ("rules", 2, "limit", "1.5", "1.5"),
    ("rules", 3, "origin", "", "a blank cell"),
    ("rules", 4, "direction", "at_most", "at_most"),
    ("rules", 5, "measure", "units", "units"),
    ("rules", 6, "violation_price", "", "a blank cell"),
    ("rules", 6, "within", "air", "air"),
    ("rules", 7, "valid_until", "2028-01", "2028-01"),
    ("rules", 8, "limit", "1.5", "1.5"),
    ("rules", 9, "limit", "", "a blank cell"),
    ("rules", 10, "limit", "-4000", "-4000"),
    ("rules", 10, "currency", "XYZ", "'XYZ'"),
    ("rules", 11, "systems", "sting", "sting"),
    ("projects", 0, "systems", "nothing_such", "'nothing_such'"),
    ("projects", 0, "effect_value", "1.5", "1.5"),
    ("projects", 1, "effect_subject", "nothing_such", "'nothing_such'"),
    ("projects", 1, "effect_value", "-5", "-5"),
    ("projects", 2, "effect_value", "", "a blank cell"),
    ("projects", 2, "result_owner", "nobody", "'nobody'"),
    ("projects", 3, "effect_subject", "sting", "'sting'"),
    ("integrations", 0, "system", "nothing_such", "'nothing_such'"),
    ("integrations", 1, "branch", "nowhere", "'nowhere'"),
    ("integrations", 2, "payer", "nobody", "'nobody'"),
    ("integrations", 3, "appropriation", "petty_cash", "'petty_cash'"),
    ("bundles", 0, "systems", "magura_v5;nothing_such", "'nothing_such'"),
    ("bundles", 0, "quantities", "1;1.5", "1; 1.5"),
    ("preferences", 0, "requirement", "nothing_such", "'nothing_such'"),
    ("preferences", 0, "system", "no_such", "'no_such'"),
    ("preferences", 0, "other_requirement", "none_such", "'none_such'"),
    ("preferences", 0, "high", "0.5", "0.5"),
    ("requirements", 0, "value_objective", "", "a blank cell"),
    ("line_systems", 0, "learning_slope", "0.4", "0.4"),
    ("line_systems", 1, "learning_slope", "1.2", "1.2"),
    ("line_systems", 2, "units_already_made", "0", "0"),
    ("line_systems", 3, "forgetting_rate", "1", "1"),
    ("line_systems", 4, "startup_units", "100", "0 with startup_units 100"),
    ("prices", 0, "escalation_index", "no_index", "'no_index'"),
    ("prices", 1, "tier_kind", "incremental", "incremental"),
    ("prices", 1, "firm_minimum", "10", "10"),
    ("prices", 2, "escalation_index", "us_procurement", "base_year"),
    ("components", 0, "substitute_for", "nothing_such", "'nothing_such'"),
    ("systems", 0, "successor_of", "nothing_such", "'nothing_such'"),
)  # fmt: skip
# What must stand beside them, and where it is said if not at the cell itself.
BESIDE = (("prices", 1, "fiscal_year", "2027"), ("prices", 1, "tier_from", "500"))
SAID_AT = {
    ("line_systems", 4, "startup_units"): "startup_premium", ("prices", 2, "escalation_index"): "price_basis",
}  # fmt: skip


@pytest.mark.parametrize("case", UNFIT, ids=lambda case: "-".join(map(str, case[:3])))
def test_values_that_do_not_fit_the_deal_have_an_address(
    case: tuple[str, int, str, str, str], unfit: Any
) -> None:
    addresses, found = unfit
    address = addresses[case[:3]]
    about = [each for each in found if each.startswith(address)]
    assert about, f"nothing is said of {address}"
    assert any(case[4] in each and "; allowed: " in each for each in about), about


@pytest.fixture(scope="module")
def unfit(tmp_path_factory: pytest.TempPathFactory) -> tuple[dict[tuple[str, int, str], str], list[str]]:
    """The address of each value, and what the check says."""
    copy = Copy(tmp_path_factory.mktemp("unfit"))
    for table, row, column, text in BESIDE:
        copy.put(table, column, text, row)
    addresses = {}
    for table, row, column, text, _ in UNFIT:
        copy.put(table, column, text, row)
        addresses[table, row, column] = copy.address(table, SAID_AT.get((table, row, column), column), row)
    result = dronedeal.check(dronedeal.read(copy.write()))
    return addresses, [str(finding) for finding in result.findings]


def test_bad_cells_of_a_workbook_are_found_all_at_once(tmp_path: Path) -> None:
    path = tmp_path / "deal.xlsx"
    deal = dronedeal.read(DEAL).with_table("facts", ())
    deal = deal.with_table("bundles", [TABLES["bundles"].record(**BUNDLE_VALUES)])
    write_workbook(deal.with_table("preferences", [TABLES["preferences"].record(**PREFERENCE_VALUES)]), path)
    book = openpyxl.load_workbook(path)
    wanted = {}
    for table, name, text in wrong_cells("words"):
        sheet = book[table]
        heads = [cell.value for cell in sheet[1]]
        row = 2 + heads.index(name) % (sheet.max_row - 1)
        sheet.cell(row, heads.index(name) + 1).value = text or None
        cell = f"cell {get_column_letter(heads.index(name) + 1)}{row}"
        wanted[f"deal.xlsx, sheet {table}, {cell} ({name})"] = text
    book.save(path)
    found = faults(path)
    for address, text in wanted.items():
        require(found, address, text)
    assert len(found) == len(wanted)


def test_the_command_ends_with_status_2_and_every_address(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    copy = Copy(tmp_path)
    addresses = [copy.put("rules", "limit", "much"), copy.put("projects", "months", "-3")]
    assert cli.run(["check", str(copy.write())]) == 2
    said = capsys.readouterr().err
    assert all(address in said for address in addresses)

"""Nothing of one side's folder reaches the other (rule R11): marks in every private field, looked for.

Each side's folder holds its tables, further rows of shared tables, and its estimates of the other's
tables, with a mark in every field. Every command runs as the other side; then all that was written,
printed, logged or raised is searched, also inside packed files.
"""

from __future__ import annotations

import csv
import logging
import re
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from tests.private_marks import Marks, parts, watched, write_table

import dronedeal
from dronedeal import cli, workflow
from dronedeal.deal import TABLES
from dronedeal.deal.record import Owner
from dronedeal.errors import DealError
from dronedeal.files import write_workbook
from dronedeal.negotiation.record_store import read_offer
from dronedeal.report.wording import NO_BREAK_SPACE

FIRST_DEAL = Path(__file__).resolve().parent.parent / "deals" / "first-deal"
SIDES: tuple[Owner, ...] = ("buyer", "seller")
OTHER: dict[Owner, Owner] = {"buyer": "seller", "seller": "buyer"}
GIVEN = {"basis": "assumption", "note": "Made up", "source": "given"}
# Rows beside those of the first deal, so that every private table has some and every field of them a value.
MORE: dict[str, list[dict[str, str]]] = {
    "branches": [{"id": "coast", "party": "northland", "name": "Coast guard"}],
    "requirements": [
        {
            "id": "watch", "branch": "coast", "name": "Watch of the coast", "role": "reconnaissance",
            "domain": "air", "kind": "stock", "value_threshold": "900", "value_objective": "450",
            "loss_rate": "0.2", "on_hand": "12", "effectiveness_measure": "mission_success",
            "effectiveness_condition": "any", "appropriation": "upkeep",
        }
    ],
    "requirement_quantities": [
        {"requirement": "watch", "fiscal_year": year, "threshold": "15", "objective": "20"}
        for year in ("2027", "2028")
    ],
    "requirement_attributes": [
        {
            "requirement": "watch", "measure": "mission_success", "condition": "any", "threshold": "0.1",
            "objective": "0.2", "unit": "1", "hard": "false", "confidence": "0.6",
        }
    ],
    "preferences": [
        {
            "id": "as_bought", "requirement": "patrol", "kind": "substitute", "low": "1", "high": "2",
            "system": "falcon",
        },
        {
            "id": "half", "requirement": "watch", "part": "objective", "kind": "amount", "low": "300",
            "high": "460",
        },
    ],
    "budgets": [
        {
            "branch": "coast", "fiscal_year": "2028", "appropriation": "upkeep", "amount": "9000",
            "years_valid": "1",
        }
    ],
    "buyer_positions": [{"clause": "price", "position": "905"}],
    "seller_positions": [{"clause": "price", "position": "1195"}],
    "lines": [
        {
            "id": "reserve", "name": "Reserve works", "site": "Valley", "country": "RV",
            "operator": "riverland",
            "investor": "riverland", "status": "candidate", "initial_capacity": "7", "step_size": "3",
            "step_cost": "700", "step_lead_months": "2", "max_steps": "1", "open_cost": "900",
            "open_lead_months": "3", "ramp_months": "1", "fixed_cost": "80", "availability": "0.9",
            "return_share": "0.1", "technology_transfer_months": "1", "licence_fee": "60",
            "qualification_months": "1",
        }
    ],
    "line_systems": [
        {
            "line": "reserve", "system": "kestrel", "load_per_unit": "1.2", "unit_cost": "950",
            "cost_premium": "0.1", "startup_premium": "0.3", "startup_units": "4", "yield_rate": "0.9",
            "initial_stock": "2",
        }
    ],
    "components": [
        {"id": "motor", "name": "Motor", "category": "motor", "origin": "RV", "unit_cost": "40"},
        {
            "id": "motor_two", "name": "Other motor", "category": "motor", "origin": "NL", "unit_cost": "44",
            "is_critical": "false", "substitute_for": "motor", "premium": "0.1",
        },
    ],
    "system_components": [{"system": "kestrel", "component": "motor", "quantity": "4", "line": "home"}],
    "component_supply": [{"component": "motor", "fiscal_year": "2027", "limit": "90000"}],
    "home_needs": [
        {"id": "training", "system": "courier", "fiscal_year": "2027", "quantity": "2",
         "required_share": "0.5", "service_level": "0.9", "value": "3100"}
    ],
    "other_buyers": [
        {"id": "east", "name": "Eastland", "tier": "far", "system": "courier", "fiscal_year": "2028",
         "maximum": "3", "price": "3050"}
    ],
}  # fmt: skip
# Rows of shared tables that a side keeps to itself.
KEPT: dict[str, list[dict[str, str]]] = {
    "trials": [{"system": system, "measure": "mission_success", "setting": "field", "tester": "Own range",
                "date": "2026-05-01", "n_trials": "20", "n_successes": "15"}
               for system in ("kestrel", "courier", "falcon")],
    "facts": [{"id": f"own_fact_{number}", "subject": "Something", "quantity_name": "number",
               "value_low": "5", "title": "A paper", "address": "https://example.org/paper"}
              for number in range(3)],
    "attributes": [{"system": system, "attribute": "of_the_SIDE", "value": "2.5", "unit": "h"}
                   for system in ("kestrel", "courier", "falcon")],
}  # fmt: skip


def stated(table: str) -> list[dict[str, str]]:
    """Rows of a table in the first deal and beside, every one with a source and a note."""
    path = FIRST_DEAL / TABLES[table].owner / f"{table}.csv"
    rows: list[dict[str, str]] = []
    if path.exists() and TABLES[table].owner != "shared":
        with path.open(encoding="utf-8", newline="") as stream:
            rows = list(csv.DictReader(stream))
    names = {column.name for column in TABLES[table].columns}
    given = {name: value for name, value in GIVEN.items() if name in names}
    return [given | {name: value for name, value in row.items() if value} for row in (*rows, *added(table))]


def added(table: str) -> list[dict[str, str]]:
    return [*MORE.get(table, []), *KEPT.get(table, [])]


@pytest.fixture(scope="module")
def marked(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, dict[Owner, Marks]]:
    """A deal in which everything private is marked."""
    root = tmp_path_factory.mktemp("marked") / "deal"
    shutil.copytree(FIRST_DEAL / "shared", root / "shared")
    shutil.copy(FIRST_DEAL / "deal.yaml", root)
    (root.parent / "TERMS.yaml").write_text("format: 1\nterms:\n  price: 1000\n")
    marks = {side: Marks(side) for side in SIDES}
    for side in SIDES:
        own = [name for name, table in TABLES.items() if table.owner == side and stated(name)]
        for name in (*own, *KEPT):
            rows = [{key: text.replace("SIDE", side) for key, text in row.items()} for row in stated(name)]
            write_table(root / side / f"{name}.csv", name, marks[side].rows(name, rows))
        for name, table in TABLES.items():
            if table.owner == OTHER[side] and stated(name):
                path = root / side / "estimates" / f"{name}.csv"
                write_table(path, name, marks[side].rows(name, stated(name)))
    return root, marks


def test_every_private_field_is_marked_more_than_two_hundred_a_side(
    marked: tuple[Path, dict[Owner, Marks]],
) -> None:
    _, marks = marked
    for side in SIDES:
        assert len(marks[side].fields) >= 200
        planted = set(marks[side].fields.values())
        for name, table in TABLES.items():
            if table.owner == side:
                wanted = {f"{name}.{each}" for each in ("source", "note")}
                wanted |= {
                    f"{name}.{column.name}"
                    for column in table.columns
                    if column.kind in ("number", "fraction") and column.name not in UNMARKED
                }
                assert wanted - planted == set()


# What a run of one side writes, in which a reader learns that the other side's figures are not its own.
SAID = (
    "report/report.html", "report/plan.xlsx", "talks/negotiation.json", "talks/negotiation.html",
    "talks/negotiation.xlsx", "talks/term-sheets/nash.html", "talks/term-sheets/nash.docx", "nash.docx",
    "offer/offer.json", "offer/offer.html", "offer/offer.xlsx", "offer/term-sheets/offer.html",
    "offer/term-sheets/offer.docx", "compared/comparison.html", "compared/comparison.xlsx", "printed.txt",
)  # fmt: skip
SAID_OF_FUTURES = (
    "futures/negotiation.json", "futures/negotiation.html", "futures/negotiation.xlsx",
    "futures/term-sheets/nash.html", "futures/term-sheets/nash.docx",
)  # fmt: skip
TAG = re.compile(r"<[^>]*>")
# Only whole years, and what must stand beside others that are left out here.
UNMARKED = ("years_valid", "units_already_made", "learning_slope", "transfer_share", "forgetting_rate")


def commands(deal: Path, out: Path, own: Owner) -> Iterator[list[str]]:
    """Every command that reads a deal or a plan, as one side; some of them fail."""
    sides, plan = ["--sides", f"shared,{own}"], str(out / "plan")
    yield ["check", str(deal), *sides]
    yield ["match", str(deal), "--all", "--out", str(out / "match.csv"), *sides]
    yield ["match", str(deal), "--system", "nobody", *sides]
    yield ["plan", str(deal), "--out", plan, "--baselines", "--rule-costs", *sides]
    yield ["verify", plan, str(deal), *sides]
    yield ["report", plan, str(deal), "--out", str(out / "report"), *sides]
    yield ["explain", plan, "--deal", str(deal), *sides]
    yield ["explain", plan, "--deal", str(deal), "--requirement", "nothing", *sides]
    yield ["what-if", str(deal), "--set", "prices[*].unit_price*=1.1", "--out", str(out / "if"), *sides]
    yield ["what-if", str(deal), "--set", "budgets[nobody].amount=1", *sides]
    yield ["what-if", str(deal), "--set", "lines[nobody].site=x", *sides]
    yield ["alternatives", str(deal), "--plan", plan, "--count", "1", "--out", str(out / "near"), *sides]
    yield ["compare", plan, str(out / "if" / "as-it-stands"), "--deals", str(deal), "--deals", str(deal),
           "--out", str(out / "compared"), *sides]  # fmt: skip
    yield ["--debug", "negotiate", str(deal), "--side", own, "--points", "2", "--pairs", "0", "--moves", "2",
           "--out", str(out / "talks")]  # fmt: skip
    yield ["--debug", "negotiate", str(deal), "--side", own, "--tree", str(FIRST_DEAL / "futures.yaml"),
           "--tail", "0.5", "--points", "2", "--pairs", "0", "--packages", "1", "--gap", "0.02",
           "--beside", str(out / "talks"), "--out", str(out / "futures")]  # fmt: skip
    yield ["offer", str(deal), str(deal.parent / "TERMS.yaml"), "--side", own, "--no-improve",
           "--out", str(out / "offer")]  # fmt: skip
    yield ["term-sheet", str(out / "talks"), "--point", "nash", "--deal", str(deal), *sides,
           "--to", str(out / "nash.docx"), "--terms", str(out / "nash.yaml")]  # fmt: skip
    yield ["term-sheet", str(out / "offer"), "--point", "offer", "--hand-over", "--deal", str(deal), *sides,
           "--to", str(out / "handed.html"), "--to", str(out / "handed.docx"),
           "--terms", str(out / "handed.yaml")]  # fmt: skip
    yield ["negotiate", str(deal), "--side", own, "--out", str(out / "talks")]
    yield ["new", str(out / "empty")]
    yield ["schema", "--out", str(out / "schema.md")]


class Seen:
    """What one side is shown: files of a folder, and what was printed and logged."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        folder.mkdir(parents=True)

    def run(self, words: list[str], capsys: pytest.CaptureFixture[str]) -> int:
        """Carry out a command; what it prints is kept in a file beside what it writes."""
        status = cli.run(words)
        shown = capsys.readouterr()
        with (self.folder / "printed.txt").open("a", encoding="utf-8") as stream:
            stream.write(f"$ {' '.join(words)}\n{shown.out}{shown.err}status {status}\n")
        return status


@pytest.fixture
def seen(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Seen]:
    """A folder in which everything lands: output, temporary files, the log in full."""
    held = Seen(tmp_path / "out")
    monkeypatch.setenv("TMPDIR", str(tmp_path / "out"))
    handler = logging.FileHandler(tmp_path / "out" / "log.txt")
    root, level = logging.getLogger(), logging.getLogger().level
    root.addHandler(handler)
    root.setLevel(logging.DEBUG)
    yield held
    root.removeHandler(handler)
    root.setLevel(level)
    handler.close()


@pytest.mark.parametrize("own", SIDES)
def test_no_mark_of_the_other_side_is_in_anything_that_a_side_is_shown(
    own: Owner, marked: tuple[Path, dict[Owner, Marks]], seen: Seen, capsys: pytest.CaptureFixture[str]
) -> None:
    deal, marks = marked
    with watched(deal / OTHER[own]) as touched:
        statuses = [seen.run(words, capsys) for words in commands(deal, seen.folder, own)]
    assert touched == []
    assert marks[OTHER[own]].found_below(seen.folder) == {}
    # The run was a real one: it shows its own marks, and nothing but what was meant to fail failed.
    shown = marks[own].found_below(seen.folder)
    assert len(set().union(*shown.values())) >= 100
    assert statuses == [0, 0, 2, 0, 0, 0, 0, 2, 0, 2, 2, 0, 0, 0, 0, 0, 0, 0, 2, 0, 0]
    for name in (*SAID, *SAID_OF_FUTURES):
        texts = [part.decode("utf-8", errors="ignore") for part in parts((seen.folder / name).read_bytes())]
        told = " ".join(TAG.sub("", text).replace(NO_BREAK_SPACE, " ") for text in texts).replace("\n", " ")
        wanted = (f"no figure of the {OTHER[own]} here is its own", "No figure of the other side is its own",
                  "no figure of the other side is its own")  # fmt: skip
        assert any(words in told for words in wanted), name


def test_what_is_handed_over_of_an_offer_holds_no_mark_of_either_side(
    marked: tuple[Path, dict[Owner, Marks]], seen: Seen, capsys: pytest.CaptureFixture[str]
) -> None:
    """The offer was valued with both folders, and its own page is full of both sides' figures."""
    deal, marks = marked
    found, handed = seen.folder.parent / "offer", seen.folder / "handed"
    handed.mkdir()
    offer = ["offer", str(deal), str(deal.parent / "TERMS.yaml"), "--no-improve", "--out", str(found)]
    assert cli.run(offer) == 0
    paper = ["term-sheet", str(found), "--point", "offer", "--deal", str(deal)]
    files = [
        "--to",
        str(handed / "t.html"),
        "--to",
        str(handed / "t.docx"),
        "--terms",
        str(handed / "t.yaml"),
    ]
    assert cli.run([*paper, "--hand-over", *files]) == 0
    capsys.readouterr()
    for side in SIDES:
        assert marks[side].found_below(handed) == {}
        assert marks[side].found_below(found) != {}
    record = read_offer(found)
    text = (handed / "t.html").read_text(encoding="utf-8") + (handed / "t.yaml").read_text(encoding="utf-8")
    for worth in (record.alternatives, record.utilities, record.gains):
        for side in SIDES:
            assert f"{getattr(worth, side):,.0f}" not in text


@pytest.mark.parametrize("own", SIDES)
def test_nothing_is_said_of_what_is_wrong_in_the_other_sides_tables(
    own: Owner, marked: tuple[Path, dict[Owner, Marks]], seen: Seen, capsys: pytest.CaptureFixture[str]
) -> None:
    deal, marks = marked
    spoilt = seen.folder.parent / "spoilt"
    shutil.copytree(deal, spoilt)
    for name, path in enumerate(sorted((spoilt / OTHER[own]).glob("*.csv"))):
        rows = path.read_bytes()
        path.write_bytes((rows.replace(b",", b";"), rows + b"\xff\xfe", rows * 2, b"\0" + rows)[name % 4])
    (spoilt / OTHER[own] / f"{marks[OTHER[own]].word('a file')}.csv").write_text("nothing")
    assert seen.run(["check", str(spoilt), "--sides", f"shared,{own}"], capsys) == 0
    assert marks[OTHER[own]].found_below(seen.folder) == {}
    # The same words about both sides say what is wrong, and the search hears them.
    assert seen.run(["check", str(spoilt)], capsys) == 2
    assert marks[OTHER[own]].found_below(seen.folder) != {}


@pytest.mark.parametrize("own", SIDES)
def test_sheets_of_the_other_side_are_not_heard_of_either(
    own: Owner, marked: tuple[Path, dict[Owner, Marks]], seen: Seen, capsys: pytest.CaptureFixture[str]
) -> None:
    deal, marks = marked
    other = OTHER[own]
    book = seen.folder.parent / "deal.xlsx"
    write_workbook(dronedeal.read(deal), book)
    spoil(
        book,
        next(name for name, table in TABLES.items() if table.owner == other),
        f"{other}.{marks[other].word('a sheet')}",
    )
    for words in (["check", str(book)], ["match", str(book), "--all"]):
        seen.run([*words, "--sides", f"shared,{own}"], capsys)
    assert marks[other].found_below(seen.folder) == {}
    assert seen.run(["check", str(book)], capsys) == 2
    assert marks[other].found_below(seen.folder) != {}


def spoil(book: Path, sheet: str, title: str) -> None:
    """Put words where a number belongs and a sheet that is no table into a workbook."""
    import openpyxl

    opened = openpyxl.load_workbook(book)
    opened[sheet]["A2"] = f"={opened[sheet]['A2'].value}"
    opened.create_sheet(title)
    opened.save(book)


def test_the_search_finds_a_leak_in_every_kind_of_file(
    marked: tuple[Path, dict[Owner, Marks]], seen: Seen, capsys: pytest.CaptureFixture[str]
) -> None:
    """A run that is given both folders: what it writes is full of both sides' marks."""
    deal, marks = marked
    assert seen.run(["plan", str(deal), "--out", str(seen.folder / "plan")], capsys) == 0
    for side in SIDES:
        found = marks[side].found_below(seen.folder)
        endings = {Path(name).suffix for name in found}
        assert {".html", ".xlsx", ".json", ".csv", ".parquet"} <= endings
        assert set().union(*found.values()) & marks[side].numbers
    read = dronedeal.read(deal)
    with pytest.raises(DealError) as fault:
        workflow.narrow(dronedeal.match(read), read, requirement="nothing")
    assert marks["buyer"].found_in(str(fault.value).encode())


def test_a_folder_that_is_opened_or_listed_is_noticed(marked: tuple[Path, dict[Owner, Marks]]) -> None:
    deal, _ = marked
    with watched(deal / "seller") as touched:
        dronedeal.read(deal, sides=("shared", "buyer"))
        assert touched == []
        dronedeal.read(deal)
        assert str(deal / "seller") in touched
        assert str(deal / "seller" / "lines.csv") in touched

"""Hostile deals: each function writes one into a folder and returns the path to read.

Run as a script, `python -m tests.files.hostile`, it reads each of them and prints one JSON line for
each: the findings, the computing time and the peak memory of the processes that read.
"""

from __future__ import annotations

import json
import os
import resource
import sys
import tempfile
import zipfile
from collections.abc import Callable
from pathlib import Path

from dronedeal.errors import DealFolderError
from dronedeal.files import read_deal, write_template

Case = Callable[[Path], Path]
CASES: dict[str, Case] = {}

HEADER = "id,party,name\n"
CONTENT_TYPES = (
    '<?xml version="1.0" encoding="UTF-8"?>'
    '<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types">'
    '<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
    '<Default Extension="xml" ContentType="application/xml"/>'
    '<Override PartName="/xl/workbook.xml" ContentType='
    '"application/vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml"/>'
    '<Override PartName="/xl/worksheets/sheet1.xml" ContentType='
    '"application/vnd.openxmlformats-officedocument.spreadsheetml.worksheet+xml"/>'
    "</Types>"
)
RELATIONSHIPS = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
PACKAGE_RELATIONSHIPS = (
    '<?xml version="1.0" encoding="UTF-8"?>'
    '<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">'
    '<Relationship Id="rId1" Type="{type}" Target="{target}"/></Relationships>'
)
MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
WORKBOOK = (
    f'<?xml version="1.0" encoding="UTF-8"?><workbook xmlns="{MAIN}" xmlns:r="{RELATIONSHIPS}">'
    '<sheets><sheet name="branches" sheetId="1" r:id="rId1"/></sheets></workbook>'
)


def case(function: Case) -> Case:
    CASES[function.__name__] = function
    return function


def folder(path: Path) -> Path:
    write_template(path / "deal")
    return path / "deal"


def with_table(path: Path, content: bytes) -> Path:
    root = folder(path)
    (root / "buyer/branches.csv").write_bytes(content)
    return root


def with_settings(path: Path, content: bytes) -> Path:
    root = folder(path)
    (root / "deal.yaml").write_bytes(content)
    return root


def raw_workbook(path: Path, sheet: str, **parts: str | bytes) -> Path:
    """A workbook of one sheet `branches`, made part by part."""
    file = path / "deal.xlsx"
    prolog = "" if sheet.startswith("<?xml") else '<?xml version="1.0" encoding="UTF-8"?>'
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("[Content_Types].xml", CONTENT_TYPES)
        type_ = f"{RELATIONSHIPS}/officeDocument"
        archive.writestr("_rels/.rels", PACKAGE_RELATIONSHIPS.format(type=type_, target="xl/workbook.xml"))
        archive.writestr("xl/workbook.xml", WORKBOOK)
        type_ = f"{RELATIONSHIPS}/worksheet"
        target = "worksheets/sheet1.xml"
        archive.writestr(
            "xl/_rels/workbook.xml.rels", PACKAGE_RELATIONSHIPS.format(type=type_, target=target)
        )
        archive.writestr("xl/worksheets/sheet1.xml", prolog + sheet)
        for name, content in parts.items():
            archive.writestr(name.replace("__", "/"), content)
    return file


def sheet_xml(rows: str, *, after: str = "") -> str:
    return f'<worksheet xmlns="{MAIN}"><sheetData>{rows}</sheetData>{after}</worksheet>'


def cell(reference: str, text: str) -> str:
    return f'<c r="{reference}" t="inlineStr"><is><t>{text}</t></is></c>'


HEADER_ROW = f'<row r="1">{cell("A1", "id")}{cell("B1", "party")}{cell("C1", "name")}</row>'


@case
def far_corner_cell(path: Path) -> Path:
    return raw_workbook(path, sheet_xml(HEADER_ROW + f'<row r="1048576">{cell("XFD1048576", "x")}</row>'))


@case
def wide_dimension(path: Path) -> Path:
    body = sheet_xml(HEADER_ROW + f'<row r="2">{cell("A2", "=")}</row>')
    return raw_workbook(path, body.replace("<sheetData>", '<dimension ref="A1:XFD1048576"/><sheetData>'))


@case
def zip_bomb(path: Path) -> Path:
    return raw_workbook(path, sheet_xml(HEADER_ROW), xl__media__zeros=b"\0" * 150_000_000)


@case
def many_parts(path: Path) -> Path:
    return raw_workbook(path, sheet_xml(HEADER_ROW), **{f"xl__extra{number}": b"" for number in range(5_000)})


@case
def entity_expansion(path: Path) -> Path:
    levels = "".join(f'<!ENTITY e{n} "{f"&e{n - 1};" * 10}">' for n in range(1, 10))
    doctype = f'<!DOCTYPE x [<!ENTITY e0 "boom">{levels}]>'
    return raw_workbook(
        path, f'<?xml version="1.0" encoding="UTF-8"?>{doctype}' + sheet_xml(cell("A1", "&e9;"))
    )


@case
def entities_hidden_by_the_encoding(path: Path) -> Path:
    file = raw_workbook(path, sheet_xml(HEADER_ROW))
    with zipfile.ZipFile(file, "a") as archive:
        archive.writestr("xl/other.xml", '<?xml version="1.0"?><!DOCTYPE x []><x/>'.encode("utf-16"))
    return file


@case
def million_rows_in_a_workbook(path: Path) -> Path:
    rows = "".join(f'<row r="{n}"><c r="A{n}"><v>{n}</v></c></row>' for n in range(2, 1_000_001))
    return raw_workbook(path, sheet_xml(HEADER_ROW + rows))


@case
def workbook_that_hides_its_size(path: Path) -> Path:
    """Cells that the count of cells does not see and that hold nothing: only the time limit can end them."""
    cells = "".join(f'<c\nr="{letter}{{n}}"/>' for letter in "ABCDEFGHIJ")
    row = '<row\nr="{n}">' + cells + "</row>"
    rows = "".join(row.format(n=n) for n in range(2, 240_001))
    return raw_workbook(path, sheet_xml(HEADER_ROW + rows))


@case
def endless_formulas(path: Path) -> Path:
    rows = "".join(f'<row r="{n}"><c r="A{n}"><f>A1+{n}</f><v>1</v></c></row>' for n in range(2, 20_001))
    return raw_workbook(path, sheet_xml(HEADER_ROW + rows))


@case
def overlapping_merged_areas(path: Path) -> Path:
    rows = "".join(f'<row r="{n}"><c r="A{n}"><v>1</v></c></row>' for n in range(2, 20_001))
    merged = '<mergeCell ref="A1:C1000000"/>' * 9_000
    return raw_workbook(path, sheet_xml(HEADER_ROW + rows, after=f"<mergeCells>{merged}</mergeCells>"))


@case
def huge_cell_in_a_workbook(path: Path) -> Path:
    return raw_workbook(path, sheet_xml(HEADER_ROW + f'<row r="2">{cell("A2", "x" * 100_000_000)}</row>'))


@case
def long_cell_in_a_workbook(path: Path) -> Path:
    return raw_workbook(path, sheet_xml(HEADER_ROW + f'<row r="2">{cell("A2", "x" * 40_000)}</row>'))


@case
def damaged_sheet(path: Path) -> Path:
    return raw_workbook(path, sheet_xml(HEADER_ROW + "<row r='2'><c"))


@case
def rows_out_of_order(path: Path) -> Path:
    return raw_workbook(path, sheet_xml(HEADER_ROW + f'<row r="1">{cell("A1", "x")}</row>'))


@case
def formulas(path: Path) -> Path:
    return raw_workbook(path, sheet_xml(HEADER_ROW + '<row r="2"><c r="A2"><f>1+1</f><v>2</v></c></row>'))


@case
def strict_workbook(path: Path) -> Path:
    body = sheet_xml(HEADER_ROW).replace(MAIN, "http://purl.oclc.org/ooxml/spreadsheetml/main")
    return raw_workbook(path, body)


@case
def not_a_zip(path: Path) -> Path:
    (path / "deal.xlsx").write_text("this is no workbook")
    return path / "deal.xlsx"


@case
def cut_workbook(path: Path) -> Path:
    file = raw_workbook(path, sheet_xml(HEADER_ROW))
    file.write_bytes(file.read_bytes()[:-40])
    return file


@case
def zip_of_something_else(path: Path) -> Path:
    with zipfile.ZipFile(path / "deal.xlsx", "w") as archive:
        archive.writestr("../../outside.txt", "x")
    return path / "deal.xlsx"


@case
def password_protected(path: Path) -> Path:
    (path / "deal.xlsx").write_bytes(bytes.fromhex("D0CF11E0A1B11AE1") + b"\0" * 5_000)
    return path / "deal.xlsx"


@case
def folder_named_like_a_workbook(path: Path) -> Path:
    (path / "deal.xlsx").mkdir()
    return path / "deal.xlsx"


@case
def yaml_alias_bomb(path: Path) -> Path:
    lines = ["a0: &a0 [x, x]"] + [f"a{n}: &a{n} [{', '.join([f'*a{n - 1}'] * 9)}]" for n in range(1, 30)]
    return with_settings(path, "\n".join(lines).encode())


@case
def yaml_tag(path: Path) -> Path:
    return with_settings(path, b"format: 1\ntitle: !!python/object/apply:os.system [echo]\n")


@case
def deep_yaml(path: Path) -> Path:
    return with_settings(path, b"title: " + b"[" * 100_000)


@case
def deep_block_yaml(path: Path) -> Path:
    return with_settings(path, b"? " * 100_000)


@case
def wide_yaml(path: Path) -> Path:
    return with_settings(path, b"title: [" + b"a," * 100_000 + b"]")


@case
def long_yaml_scalar(path: Path) -> Path:
    return with_settings(path, b"title: '" + b"x " * 120_000 + b"'\n")


@case
def large_yaml(path: Path) -> Path:
    return with_settings(path, b"# comment\n" * 1_000_000)


@case
def yaml_with_nul(path: Path) -> Path:
    return with_settings(path, b"format: 1\ntitle: a\0b\n")


@case
def settings_in_utf_16(path: Path) -> Path:
    return with_settings(path, "format: 1\n".encode("utf-16"))


@case
def million_rows(path: Path) -> Path:
    return with_table(path, HEADER.encode() + b"".join(b"b%d,x,name\n" % n for n in range(1_000_000)))


@case
def wrong_rows_up_to_the_limit(path: Path) -> Path:
    return with_table(path, HEADER.encode() + b"!,!,\n" * 150_000)


@case
def huge_cell(path: Path) -> Path:
    return with_table(path, HEADER.encode() + b'b,x,"' + b"x" * 100_000_000 + b'"\n')


@case
def long_cell(path: Path) -> Path:
    return with_table(path, HEADER.encode() + b'b,x,"' + b"x" * 40_000 + b'"\n')


@case
def million_commas(path: Path) -> Path:
    return with_table(path, HEADER.encode() + b"," * 20_000_000 + b"x\n")


@case
def million_columns(path: Path) -> Path:
    return with_table(path, b"id,party,name" + b",x" * 1_000_000 + b"\n")


@case
def open_quotes(path: Path) -> Path:
    return with_table(path, HEADER.encode() + b'b,x,"open\n' * 100_001)


@case
def quotes_all_over(path: Path) -> Path:
    return with_table(path, HEADER.encode() + b'"' * 10_000_001)


@case
def table_in_utf_16(path: Path) -> Path:
    return with_table(path, (HEADER + "b,x,name\n").encode("utf-16"))


@case
def table_in_latin_1(path: Path) -> Path:
    return with_table(path, (HEADER + "b,x,Größe\n").encode("latin-1"))


@case
def nul_byte(path: Path) -> Path:
    return with_table(path, HEADER.encode() + b"b,x,na\0me\n")


@case
def folder_where_a_table_should_be(path: Path) -> Path:
    root = folder(path)
    (root / "buyer/branches.csv").unlink()
    (root / "buyer/branches.csv").mkdir()
    return root


@case
def folder_where_the_settings_should_be(path: Path) -> Path:
    root = folder(path)
    (root / "deal.yaml").unlink()
    (root / "deal.yaml").mkdir()
    return root


@case
def file_where_a_folder_should_be(path: Path) -> Path:
    (path / "deal").mkdir()
    write_template(path / "other")
    os.replace(path / "other/deal.yaml", path / "deal/deal.yaml")
    (path / "deal/buyer").write_text("no folder")
    return path / "deal"


@case
def table_is_a_link(path: Path) -> Path:
    root = folder(path)
    (path / "outside.csv").write_text(HEADER)
    (root / "buyer/branches.csv").unlink()
    (root / "buyer/branches.csv").symlink_to(path / "outside.csv")
    return root


@case
def folder_is_a_link(path: Path) -> Path:
    root = folder(path)
    os.replace(root / "buyer", path / "elsewhere")
    (root / "buyer").symlink_to(path / "elsewhere")
    return root


@case
def settings_are_a_link(path: Path) -> Path:
    root = folder(path)
    os.replace(root / "deal.yaml", path / "elsewhere.yaml")
    (root / "deal.yaml").symlink_to(path / "elsewhere.yaml")
    return root


@case
def table_is_a_pipe(path: Path) -> Path:
    root = folder(path)
    (root / "buyer/branches.csv").unlink()
    os.mkfifo(root / "buyer/branches.csv")
    return root


@case
def name_that_is_no_text(path: Path) -> Path:
    root = folder(path)
    with open(os.fsencode(root / "buyer") + b"/\xff\n.csv", "wb") as file:
        file.write(b"x")
    return root


@case
def empty_folder(path: Path) -> Path:
    return path


@case
def missing_path(path: Path) -> Path:
    return path / "nowhere"


@case
def missing_workbook(path: Path) -> Path:
    return path / "nowhere.xlsx"


@case
def path_with_nul(path: Path) -> Path:
    return path / "a\0b"


@case
def some_other_file(path: Path) -> Path:
    (path / "deal.txt").write_text("x")
    return path / "deal.txt"


def measure(make: Case, path: Path) -> dict[str, object]:
    """Findings, computing seconds and peak memory (MiB) of reading one hostile deal."""
    source = make(path)
    before = _seconds()
    try:
        read_deal(source)
        findings = []
    except DealFolderError as fault:
        findings = [[str(finding.place), str(finding)] for finding in fault.findings]  # type: ignore[attr-defined]
    return {"findings": findings, "seconds": _seconds() - before, "memory": _memory()}


def _usage() -> list[resource.struct_rusage]:
    return [resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)]


def _seconds() -> float:
    return sum(usage.ru_utime + usage.ru_stime for usage in _usage())


def _memory() -> float:
    return max(usage.ru_maxrss for usage in _usage()) / 1024


def main() -> None:
    """Each case in a process of its own, for peak memory is counted over a whole life."""
    for name, make in CASES.items():
        sys.stdout.flush()
        child = os.fork()
        if child == 0:
            with tempfile.TemporaryDirectory() as made:
                result = measure(_made_elsewhere(make), Path(made))
            print(json.dumps({"name": name, **result}), flush=True)
            os._exit(0)
        os.waitpid(child, 0)


def _made_elsewhere(make: Case) -> Case:
    """Writes the case in one more process, so that only the reading is measured."""

    def made(path: Path) -> Path:
        reading, writing = os.pipe()
        child = os.fork()
        if child == 0:
            with os.fdopen(writing, "w") as pipe:
                pipe.write(str(make(path)))
            os._exit(0)
        os.close(writing)
        with os.fdopen(reading) as pipe:
            target = pipe.read()
        return Path(target)

    return made


if __name__ == "__main__":
    main()

"""A term sheet as a Word document: no author, no date of making, the same bytes for the same sheet."""

from __future__ import annotations

import io
import re
import zipfile
from typing import Any

from dronedeal.report.negotiation.term_sheet import SheetTable, TermSheetPage
from dronedeal.report.workbook import CREATED

# Letters that XML cannot hold.
_NOT_XML = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")
_PAGE_MILLIMETRES, _MARGIN_MILLIMETRES = (210, 297), 13
# A sheet with more rows is set smaller, so that it stays on one page.
_ROWS_OF_FULL_SIZE, _POINTS, _SMALL_POINTS = 30, 8, 7
_HEAD_FILL = "E8EEF4"


def term_sheet_docx(page: TermSheetPage) -> bytes:
    """The bytes of a DOCX file.

    Parameters
    ----------
    page : what the sheet says
    """
    import docx
    from docx.shared import Pt

    document = docx.Document()
    _lay_out(document)
    _forget(document, page.title)
    _paragraph(document, page.title, size=Pt(16), is_bold=True)
    _paragraph(document, page.subtitle, size=Pt(10))
    rows = sum(len(table.rows) for table in page.tables)
    for table in page.tables:
        _paragraph(document, table.caption, size=Pt(9), is_bold=True, before=Pt(6))
        _table(document, table, size=Pt(_POINTS if rows <= _ROWS_OF_FULL_SIZE else _SMALL_POINTS))
    for place, note in enumerate(page.notes):
        _paragraph(document, note, size=Pt(8.5), before=Pt(6 if place == 0 else 0))
    _paragraph(document, page.footer, size=Pt(7), before=Pt(6))
    stream = io.BytesIO()
    document.save(stream)
    return _without_times(stream.getvalue())


def _lay_out(document: Any) -> None:
    from docx.shared import Mm, Pt

    section = document.sections[0]
    section.page_width, section.page_height = (Mm(length) for length in _PAGE_MILLIMETRES)
    section.left_margin = section.right_margin = Mm(_MARGIN_MILLIMETRES)
    section.top_margin = section.bottom_margin = Mm(_MARGIN_MILLIMETRES)
    style = document.styles["Normal"]
    style.font.name, style.font.size = "Arial", Pt(9)
    style.paragraph_format.space_after = Pt(2)
    style.paragraph_format.line_spacing = 1.0
    for language in document.styles.element.xpath(".//w:lang"):
        for name in list(language.attrib):
            if name.endswith("}val"):
                language.set(name, "en-GB")


def _forget(document: Any, title: str) -> None:
    """Take out who and when; a document of the library names the library and a day."""
    known = document.core_properties
    known.title = _clean(title)
    known.author = known.last_modified_by = known.comments = known.keywords = known.subject = ""
    known.created = known.modified = CREATED
    known.revision = 1


def _clean(text: str) -> str:
    return _NOT_XML.sub("", text)


def _paragraph(document: Any, text: str, *, size: Any, is_bold: bool = False, before: Any = None) -> None:
    paragraph = document.add_paragraph()
    run = paragraph.add_run(_clean(text))
    run.bold, run.font.size = is_bold, size
    if before is not None:
        paragraph.paragraph_format.space_before = before


def _table(document: Any, table: SheetTable, *, size: Any) -> None:
    made = document.add_table(rows=1 + len(table.rows), cols=len(table.columns))
    made.style = "Table Grid"
    made.autofit = True
    # Every access to a cell by its place walks the whole table: rows are read once.
    grid = [row.cells for row in made.rows]
    for cell, title, is_number in zip(grid[0], table.columns, table.is_number, strict=True):
        _cell(cell, title, is_number=is_number, size=size, is_bold=True)
        _shade(cell)
    _repeat(made.rows[0])
    for line, texts in zip(grid[1:], table.rows, strict=True):
        for cell, text, is_number in zip(line, texts, table.is_number, strict=True):
            _cell(cell, text, is_number=is_number, size=size)


def _cell(cell: Any, text: str, *, is_number: bool, size: Any, is_bold: bool = False) -> None:
    from docx.enum.text import WD_ALIGN_PARAGRAPH
    from docx.shared import Pt

    paragraph = cell.paragraphs[0]
    paragraph.paragraph_format.space_after = Pt(0)
    if is_number:
        paragraph.alignment = WD_ALIGN_PARAGRAPH.RIGHT
    run = paragraph.add_run(_clean(text))
    run.bold, run.font.size = is_bold, size


def _shade(cell: Any) -> None:
    from docx.oxml import parse_xml
    from docx.oxml.ns import nsdecls

    cell._tc.get_or_add_tcPr().append(
        parse_xml(f'<w:shd {nsdecls("w")} w:val="clear" w:fill="{_HEAD_FILL}"/>')
    )


def _repeat(row: Any) -> None:
    """Have the first row repeated on the next page, and read as headings."""
    from docx.oxml import parse_xml
    from docx.oxml.ns import nsdecls

    row._tr.get_or_add_trPr().append(parse_xml(f"<w:tblHeader {nsdecls('w')}/>"))


def _without_times(data: bytes) -> bytes:
    """The same archive with the time of making of every part at the first day that an archive knows."""
    stream = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as old, zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as new:
        for name in old.namelist():
            entry = zipfile.ZipInfo(name, (1980, 1, 1, 0, 0, 0))
            entry.compress_type = zipfile.ZIP_DEFLATED
            new.writestr(entry, old.read(name))
    return stream.getvalue()

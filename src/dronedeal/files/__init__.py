"""Deal folder and workbook in and out; every error carries file, line and column, or sheet and cell."""

from dronedeal.files.folder_writer import write_folder
from dronedeal.files.json_schema import schema_json
from dronedeal.files.reader import read_deal
from dronedeal.files.reference import schema_markdown
from dronedeal.files.template import write_template
from dronedeal.files.term_sheet import read_term_sheet, term_sheet_text, write_term_sheet
from dronedeal.files.workbook_writer import write_workbook

__all__ = [
    "read_deal",
    "read_term_sheet",
    "schema_json",
    "schema_markdown",
    "term_sheet_text",
    "write_folder",
    "write_template",
    "write_term_sheet",
    "write_workbook",
]

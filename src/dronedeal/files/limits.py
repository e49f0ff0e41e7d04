"""The most that a deal folder or workbook may hold; beyond these, reading ends in an addressed error."""

from __future__ import annotations

MAX_ROWS = 200_000
"""Rows of one table in one file or sheet."""

MAX_COLUMNS = 200
"""Cells of one row."""

MAX_CELL_CHARACTERS = 32_767
"""Characters of one cell, the limit of spreadsheet programs."""

MAX_CSV_BYTES = 32 * 1024 * 1024
"""Size of one CSV file."""

MAX_YAML_BYTES = 256 * 1024
"""Size of `deal.yaml`: a real one has a few kilobytes, and YAML is slow to read."""

MAX_YAML_NODES = 20_000
"""Keys, values and lists of `deal.yaml`."""

MAX_YAML_DEPTH = 10
"""Nesting of `deal.yaml`; the settings need four levels."""

MAX_FOLDER_ENTRIES = 10_000
"""Names in one folder."""

MAX_SHOWN_FINDINGS = 200
"""Findings shown for one table; the rest is counted."""

MAX_COUNTED_FINDINGS = 5_000
"""Findings of one table after which the rest of it is not read."""

MAX_WORKBOOK_BYTES = 50 * 1024 * 1024
"""Size of a workbook file."""

MAX_WORKBOOK_CELLS = 400_000
"""Cells of a whole workbook that are not blank."""

MAX_WORKBOOK_CHARACTERS = 64 * 1024 * 1024
"""Characters that the reader of a workbook may hand over."""

WORKBOOK_SECONDS = 30.0
"""Longest wait for the reader of a workbook; its own computing time is limited more tightly."""

from __future__ import annotations

import csv
import io

import pytest
from tests.files.strategies import awkward_deal

from dronedeal.deal import TABLES
from dronedeal.deal.terms import Rule
from dronedeal.errors import CommandError
from dronedeal.files.apostrophe import unmarked
from dronedeal.files.csv_writer import csv_text


def test_other_programs_read_the_same_cells() -> None:
    deal = awkward_deal()
    text = csv_text(TABLES["branches"], deal.branches)
    found = list(csv.DictReader(io.StringIO(text, newline="")))
    assert [unmarked(row["name"]) for row in found] == [row.name for row in deal.branches]


def test_comments_stand_above_the_header_and_say_what_each_column_means() -> None:
    lines = csv_text(TABLES["branches"], (), comments=True).splitlines()
    assert lines[0] == "# branches: A service of the buyer."
    assert "# name: Name as published; text of up to 4000 characters; required" in lines
    assert lines[-1] == "id,party,name,source,basis,note"
    assert len(lines) == 2 + len(TABLES["branches"].columns)


def test_a_list_that_is_too_long_to_read_back_is_refused() -> None:
    row = awkward_deal().rules[0].model_dump() | {"origin": ["x" * 4000] * 9}
    with pytest.raises(CommandError, match="row 1 of the table rules has 36,016 characters under origin"):
        csv_text(TABLES["rules"], [Rule.model_validate(row)])

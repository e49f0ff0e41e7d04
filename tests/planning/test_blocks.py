"""Every block against its golden file, and a check that no block lacks one.

The files are read and agreed by a person: set DRONEDEAL_WRITE_GOLDEN=1 to write them anew after a change to
the model, and read the difference before committing it.
"""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from tests.planning.every_family import every_family

from dronedeal.assessment import assess
from dronedeal.planning import Problem, build, build_problem
from dronedeal.planning.arrange import arrange
from dronedeal.planning.blocks import CLOSING_BLOCKS, COLUMN_BLOCKS, ROW_BLOCKS, UTILITY_BLOCKS
from dronedeal.planning.lp_format import bound_lines, objective_lines, row_lines

ALL_ROWS = {**ROW_BLOCKS, **CLOSING_BLOCKS}
GOLDEN = Path(__file__).parent / "golden"


@pytest.fixture(scope="module")
def problem() -> Problem:
    deal = every_family(whole_units=True)
    return build(deal, assess(deal)).problem


def _text(problem: Problem, name: str, file: str) -> str:
    if file.startswith("columns"):
        is_integer = problem.is_integer[problem.columns[name].slice].any()
        return "\n".join(["General" if is_integer else "Bounds", *bound_lines(problem, name), ""])
    if file.startswith("rows"):
        return "\n".join(["Subject To", *row_lines(problem, name), ""])
    deal = every_family(whole_units=True)
    alone = build_problem(arrange(deal, assess(deal)), utilities=[name])
    lines = ["Maximize buyer", *objective_lines(alone, 0), "Maximize seller", *objective_lines(alone, 1)]
    return "\n".join([*lines, ""])


@pytest.mark.parametrize(
    ("name", "file"),
    [(name, f"columns-{name}.lp") for name in COLUMN_BLOCKS]
    + [(name, f"rows-{name}.lp") for name in ALL_ROWS]
    + [(name, f"utility-{name}.lp") for name in UTILITY_BLOCKS],
)
def test_block_is_what_its_golden_file_says(problem: Problem, name: str, file: str) -> None:
    text = _text(problem, name, file)
    if os.environ.get("DRONEDEAL_WRITE_GOLDEN"):
        (GOLDEN / file).write_text(text, encoding="utf-8")
    assert text == (GOLDEN / file).read_text(encoding="utf-8")


def test_every_golden_file_belongs_to_a_block() -> None:
    expected = {f"columns-{name}.lp" for name in COLUMN_BLOCKS}
    expected |= {f"rows-{name}.lp" for name in ALL_ROWS}
    expected |= {f"utility-{name}.lp" for name in UTILITY_BLOCKS}
    assert {path.name for path in GOLDEN.glob("*.lp")} == expected


def test_the_small_deal_has_a_case_of_every_family(problem: Problem) -> None:
    empty = [
        family.name for family in (*problem.columns.values(), *problem.rows.values()) if not family.count
    ]
    assert empty == []


def test_every_family_has_the_name_of_its_block(problem: Problem) -> None:
    assert list(problem.columns) == list(COLUMN_BLOCKS)
    assert list(problem.rows) == list(ALL_ROWS)


def test_every_block_states_its_formula() -> None:
    blocks = {**COLUMN_BLOCKS, **ALL_ROWS, **UTILITY_BLOCKS}
    assert [name for name, block in blocks.items() if "`" not in (block.__doc__ or "")] == []

"""Which cells a clause changes."""

from __future__ import annotations

from dataclasses import replace

import pytest
from tests.deal.sound_deal import sound_deal
from tests.deal.test_change import with_origins

from dronedeal.deal.change_value import UnusableValueError
from dronedeal.deal.clause_cells import Cell, Subjects, with_cells

DEAL = with_origins(sound_deal())
SUBJECTS = Subjects(DEAL)


def test_a_subject_names_cells_of_rows_or_of_the_settings() -> None:
    assert SUBJECTS.cells("prices[scout].royalty") == [
        (Cell("prices", 0, "royalty"), 0.0),
        (Cell("prices", 1, "royalty"), 0.1),
    ]
    assert SUBJECTS.cells("settings.parties[us].discount_rate") == [
        (Cell("settings", 0, "settings.parties[us].discount_rate"), 0.03)
    ]
    assert SUBJECTS.cells("prices[hawk].royalty") == []


def test_a_clause_changes_its_subject_or_what_its_effects_say() -> None:
    price, rights = DEAL.clauses
    (change,) = SUBJECTS.changes(price)
    assert (change.stated, change.values, change.ends) == (("clauses", 0), (1000.0,), None)
    lead, permit = SUBJECTS.changes(rights)
    assert (lead.ends, lead.stated) == ((0, 12), ("clause_effects", 0))
    assert permit.ends == ("2026-10", "2027-10")
    assert Subjects(DEAL.with_table("clause_effects", ())).changes(rights) == ()


def test_cells_of_one_row_are_exchanged_together_and_all_else_stays() -> None:
    column = {name: SUBJECTS.column(f"prices[*].{name}") for name in ("royalty", "unit_price")}
    advance = SUBJECTS.column("settings.terms.advance_share")
    changed = with_cells(
        DEAL,
        [
            (Cell("prices", 1, "royalty"), column["royalty"], 0.2),
            (Cell("prices", 1, "unit_price"), column["unit_price"], 7.0),
            (Cell("settings", 0, "settings.terms.advance_share"), advance, 0.3),
        ],
    )
    assert [(row.royalty, row.unit_price) for row in changed.prices[:2]] == [(0.0, 1000.0), (0.2, 7.0)]
    assert changed.settings.terms.advance_share == 0.3
    assert (changed.owners, changed.origins) == (DEAL.owners, DEAL.origins)
    assert replace(changed, prices=DEAL.prices, settings=DEAL.settings) == DEAL


def test_a_value_that_a_record_refuses_names_its_column() -> None:
    column = SUBJECTS.column("prices[*].royalty")
    with pytest.raises(UnusableValueError, match="found 2; allowed: a number from 0 to 1"):
        with_cells(DEAL, [(Cell("prices", 1, "royalty"), column, 2.0)])

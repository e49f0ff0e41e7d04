"""Paths of settings."""

from __future__ import annotations

import pytest
from tests.deal.sound_deal import sound_deal

from dronedeal.deal.address import UnreadableAddressError
from dronedeal.deal.record import Frozen
from dronedeal.deal.schema import Column
from dronedeal.deal.setting_path import change_settings, is_setting

SETTINGS = sound_deal().settings


def cells_of(path: str) -> list[tuple[str, object]]:
    """Every cell that a path names, with its value."""
    found: list[tuple[str, object]] = []

    def note(record: Frozen, column: Column, cell: str) -> Frozen:
        found.append((cell, getattr(record, column.name)))
        return record

    assert change_settings(SETTINGS, path, leaf=note) == SETTINGS
    return found


def test_a_path_leads_to_its_cell_and_that_cell_has_the_same_path() -> None:
    assert cells_of("settings.terms.advance_share") == [("settings.terms.advance_share", 0.0)]
    (cell,) = cells_of("settings.parties[ us ].discount_rate")
    assert cell == ("settings.parties[us].discount_rate", 0.03)
    assert cells_of(cell[0]) == [cell]


def test_a_path_through_a_list_leads_to_every_item_that_fits() -> None:
    names = [cell for cell, _ in cells_of("settings.parties[*].discount_rate")]
    assert names == [f"settings.parties[{party}].discount_rate" for party in ("us", "ua", "dk")]


@pytest.mark.parametrize(
    ("path", "says"),
    [
        ("settings.term.advance_share", "did you mean 'terms'?"),
        ("settings.terms.advance", "did you mean 'advance_share'?"),
        ("settings.parties.discount_rate", "write parties[id]"),
        ("settings.parties[usa].discount_rate", "did you mean 'us'?"),
        ("settings.terms[us].advance_share", "write terms alone"),
        ("settings.title.text", "end with title"),
        ("settings.format", "use one of these keys"),
        ("settings", "use one of these keys"),
    ],
)
def test_what_leads_nowhere_says_what_would(path: str, says: str) -> None:
    with pytest.raises(UnreadableAddressError, match="found") as error:
        change_settings(SETTINGS, path, leaf=lambda record, column, cell: record)
    assert says in str(error.value)


def test_a_setting_is_told_from_a_table_by_its_first_word() -> None:
    assert is_setting("settings")
    assert is_setting("settings.months")
    assert not is_setting("settings_of_a_table[x].y")

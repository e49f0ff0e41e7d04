from __future__ import annotations

import pytest
from tests.files.strategies import PLAIN_SETTINGS

from dronedeal.deal import Place, RowOrigin
from dronedeal.deal.requirements import Branch
from dronedeal.errors import DealFolderError
from dronedeal.files.findings import error
from dronedeal.files.folder import TableSource
from dronedeal.files.parts import Parts, assemble
from dronedeal.files.table_reader import TableRows

OWN = TableSource("buyer/branches.csv", "branches", "buyer", False)
OTHER = TableSource("shared/branches.csv", "branches", "shared", False)
GUESS = TableSource("seller/estimates/branches.csv", "branches", "seller", True)


def rows(source: TableSource, *names: str) -> TableRows:
    records = tuple(Branch(id=name, party="b", name=name) for name in names)
    return TableRows(
        records, tuple(RowOrigin(source.name, line) for line, _ in enumerate(names, start=2)), ()
    )


def test_rows_stand_in_the_order_shared_buyer_seller_with_their_origins() -> None:
    read = {OWN.name: rows(OWN, "a", "b"), OTHER.name: rows(OTHER, "c")}
    deal = assemble(Parts(PLAIN_SETTINGS, {}, [OWN, OTHER], read, []))
    assert [row.id for row in deal.branches] == ["c", "a", "b"]
    assert deal.owners == {"branches": ("shared", "buyer", "buyer")}
    assert [str(deal.place("branches", row)) for row in range(3)] == [
        "shared/branches.csv, line 2",
        "buyer/branches.csv, line 2",
        "buyer/branches.csv, line 3",
    ]


def test_owners_are_left_out_where_all_rows_have_the_usual_one() -> None:
    deal = assemble(Parts(PLAIN_SETTINGS, {}, [OWN], {OWN.name: rows(OWN, "a")}, []))
    assert deal.owners == {}


def test_an_estimate_belongs_to_the_side_that_made_it() -> None:
    deal = assemble(Parts(PLAIN_SETTINGS, {}, [GUESS], {GUESS.name: rows(GUESS, "a")}, []))
    assert deal.owners == {"branches": ("seller",)}


def test_the_errors_of_every_part_are_raised_at_once() -> None:
    wrong = error("cell", Place(OWN.name, 2), "wrong")
    also = error("settings", Place("deal.yaml", 1), "also wrong")
    with pytest.raises(DealFolderError) as fault:
        assemble(Parts(None, {}, [OWN], {OWN.name: TableRows((), (), (wrong,))}, [also]))
    assert fault.value.findings == (also, wrong)

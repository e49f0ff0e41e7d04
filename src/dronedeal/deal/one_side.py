"""One side alone: which tables are its estimates of the other's, and which it cannot do without.

A run that is not given a side's folder (rule R11) sees estimates at most; whatever it says of that side is
what the one who estimated thinks, and every report of the run says so.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from dronedeal.deal.deal import Deal
from dronedeal.deal.finding import Finding
from dronedeal.deal.place import Place
from dronedeal.deal.record import Owner
from dronedeal.deal.schema import TABLES

ESTIMATES = "estimates"
TO_MATCH = ("requirements",)
"""Tables without which nothing can be matched."""

TO_NEGOTIATE = ("branches", "requirements", "requirement_quantities", "budgets", "lines", "line_systems")
"""Tables without which nobody can say what the two sides could agree on."""

_OTHER: dict[Owner, Owner] = {"buyer": "seller", "seller": "buyer"}


def absent_side(deal: Deal) -> Owner | None:
    """The side whose folder was not given while the other's was; None: both were, or neither.

    Examples
    --------
    >>> from dataclasses import replace
    >>> from dronedeal.deal.synthetic import synthetic_deal
    >>> deal = synthetic_deal(systems=3, lines=3, requirements=2, seed=1)
    >>> absent_side(deal), absent_side(replace(deal, sides=("shared", "buyer")))
    (None, 'seller')
    """
    absent = [side for side in _OTHER if side not in deal.sides]
    return absent[0] if len(absent) == 1 else None


def tables_of(side: Owner) -> tuple[str, ...]:
    """Tables that belong to a side, in the order of the schema."""
    return tuple(name for name, table in TABLES.items() if table.owner == side)


def estimate_place(deal: Deal, table: str) -> Place:
    """Where an estimate of a table stands, or would have to stand."""
    if table in deal.estimates:
        return deal.estimates[table]
    estimator = _OTHER[TABLES[table].owner]
    sheet = next((place for place in _read_places(deal) if place.sheet is not None), None)
    if sheet is not None:
        return Place(sheet.file, sheet=f"{estimator}~{table}")
    return Place(f"{estimator}/{ESTIMATES}/{table}.csv")


def _read_places(deal: Deal) -> Iterator[Place]:
    yield from deal.estimates.values()
    yield from (origins[0].place() for origins in deal.origins.values() if origins)


def missing(deal: Deal, tables: Iterable[str], *, purpose: str) -> tuple[Finding, ...]:
    """An error for each table that is needed and is neither given nor estimated.

    Parameters
    ----------
    tables : those that are needed
    purpose : what for, as the end of a sentence: "to negotiate"
    """
    return tuple(_needed(deal, table, purpose) for table in tables if not deal.is_given(table))


def _needed(deal: Deal, table: str, purpose: str) -> Finding:
    side = TABLES[table].owner
    place = estimate_place(deal, table)
    what = f"sheet {place.sheet}" if place.sheet is not None else f"file {place.file}"
    return Finding(
        rule="missing_estimate",
        severity="error",
        place=place,
        subject=f"table `{table}` of the {side}, which is needed {purpose}",
        found=f"neither the {side}'s own table nor an estimate of it",
        allowed=f"the {side}'s folder, or an estimate with the same columns",
        next_step=f"write what you think of it into the {what}; one with its header alone says that there "
        "is nothing",
    )


def statement(deal: Deal) -> str:
    """What a reader of a run of one side alone must know; empty where both sides were given.

    Examples
    --------
    >>> from dataclasses import replace
    >>> from dronedeal.deal.synthetic import synthetic_deal
    >>> deal = synthetic_deal(systems=3, lines=3, requirements=2, seed=1)
    >>> statement(replace(deal, sides=("shared", "seller")))[:58]
    'This run was given the folder of the seller alone. What it'
    """
    side = absent_side(deal)
    if side is None:
        return ""
    own = _OTHER[side]
    estimated = [name for name in tables_of(side) if name in deal.estimates]
    blank = [name for name in tables_of(side) if not deal.is_given(name)]
    parts = [
        f"This run was given the folder of the {own} alone. What it says of the {side} rests on the {own}'s "
        f"estimates and on shared tables; no figure of the {side} here is its own.",
        f"Estimated: {', '.join(estimated)}." if estimated else f"Nothing of the {side} is estimated.",
    ]
    if blank:
        parts.append(f"Neither given nor estimated, and counted as nothing: {', '.join(blank)}.")
    return " ".join(parts)

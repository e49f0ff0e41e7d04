"""Section on systems that could be bought and are not, with what would bring them in."""

from __future__ import annotations

from collections.abc import Sequence

from dronedeal.report.grid import Grid, GridColumn
from dronedeal.report.sections.section import Item, Section, Subject, Words, section
from dronedeal.report.view import Row, View
from dronedeal.report.wording import count_text, plain, sentence

SHOWN = 12


# Behind what is short, and before what binds.
@section(9)
def passed_over(subject: Subject) -> Section:
    """What is not bought although it is eligible, and what would bring it in."""
    view = subject.view
    title = "What is not bought, and what would bring it in"
    rows = sorted(
        (row for row in view.rows("passed_over") if row["effectiveness"] is not None), key=_distance
    )
    if not rows:
        return Section(
            "not-bought", title, ("Every eligible system is bought for every requirement that it meets.",)
        )
    words = (
        f"{count_text(len(rows), 'pair')} of a system and a requirement that it meets see no delivery. The "
        "price named is the one at which the first unit would be worth what it takes of everything scarce, "
        "the effectiveness is the one at which it would be at today's price. Both hold with openings, steps "
        "and other purchases as they are.",
    )
    items = tuple(
        Item(
            (sentence(view.names.in_words(row["words"])),),
            f"{view.names.system(row['system'])} · {view.names.requirement(row['requirement'])}.",
        )
        for row in rows[:SHOWN]
    )
    more = f"{len(rows) - SHOWN} more pairs in the table." if len(rows) > SHOWN else ""
    blocks = (Words("Nearest to coming in", items, more), _grid(view, rows))
    return Section("not-bought", title, words, blocks)


def _distance(row: Row) -> tuple[float, str, str]:
    """How far a system is from coming in: the change of price that it takes, as a share."""
    needed, price = row["price_needed"], row["unit_price"]
    share = abs(needed / price - 1) if needed is not None and price else float("inf")
    return share, row["requirement"], row["system"]


def _grid(view: View, rows: Sequence[Row]) -> Grid:
    unit = f"{view.plan.currency} per unit"
    return Grid(
        "Every eligible pair without a delivery",
        (
            GridColumn("System"),
            GridColumn("Requirement"),
            GridColumn("Fiscal year", "year"),
            GridColumn("Price", "quantity", unit),
            GridColumn("Comes in at", "quantity", unit),
            GridColumn("Effectiveness", "dual"),
            GridColumn("Comes in above", "dual"),
            GridColumn("What stands in its way"),
            GridColumn("Cell of the deal"),
        ),
        tuple(
            (
                view.names.system(row["system"]),
                view.names.requirement(row["requirement"]),
                row["fiscal_year"],
                row["unit_price"],
                row["price_needed"],
                row["effectiveness"],
                row["effectiveness_needed"],
                plain(row["cause"]),
                row["address"] or "",
            )
            for row in rows
        ),
        is_printed=False,
    )

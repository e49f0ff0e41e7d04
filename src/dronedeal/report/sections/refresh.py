"""Tables on designs that change during the plan: what replaces what, and where effectiveness changes."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from dronedeal.deal.refresh import replacement_months
from dronedeal.report.grid import Grid, GridColumn
from dronedeal.report.view import View
from dronedeal.report.wording import count_text, short_month_text

if TYPE_CHECKING:
    from dronedeal.assessment.pairing import Pairing


def refresh_tables(view: View, pairings: Sequence[Pairing]) -> tuple[Grid, ...]:
    """The tables that have something to say; none for designs that stay as they are."""
    return tuple(grid for grid in (_designs(view), _by_year(view, pairings)) if grid.rows)


def _designs(view: View) -> Grid:
    replaced = replacement_months(view.deal)
    rows = []
    for system in view.deal.systems:
        month, successor = replaced.get(system.id, (None, None))
        every = system.design_refresh_months
        if successor is None and not every:
            continue
        rows.append(
            (
                view.names.system(system.id),
                f"every {count_text(every, 'month')}" if every else "",
                "" if successor is None else view.names.system(successor),
                "" if month is None else short_month_text(view.calendar.label(month)),
            )
        )
    return Grid(
        "Designs that change during the plan",
        (
            GridColumn("System"),
            GridColumn("New version"),
            GridColumn("Replaced by"),
            GridColumn("From"),
        ),
        tuple(rows),
        note="A successor inherits what is not stated for itself: lines, parts, integration and prices; "
        "trials of its predecessor count as those of older versions.",
        sheet="Design refresh",
    )


def _by_year(view: View, pairings: Sequence[Pairing]) -> Grid:
    years = list(view.buyer_years.names)
    return Grid(
        "Effectiveness by year, where new versions change it",
        (
            GridColumn("Requirement"),
            GridColumn("System"),
            *(GridColumn(f"FY{year}", "percent", "effective units per unit") for year in years),
        ),
        tuple(
            (
                view.names.requirement(pairing.requirement),
                view.names.system(pairing.system),
                *(pairing.effectiveness_in(at) for at in range(len(years))),
            )
            for pairing in pairings
            if pairing.is_eligible and pairing.by_year
        ),
        note="Every new version discounts what was tested on older ones; tests of the new version would "
        "bring the figure back.",
        sheet="Effectiveness by year",
    )

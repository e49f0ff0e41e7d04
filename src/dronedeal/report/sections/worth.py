"""Table of what the needs are worth, with the statements behind each value."""

from __future__ import annotations

import math

from dronedeal.assessment.worth import Worths
from dronedeal.deal import Deal
from dronedeal.report.grid import Grid, GridColumn
from dronedeal.report.view import View
from dronedeal.report.wording import isolate

_PARTS = {"threshold": "up to the threshold", "objective": "beyond the threshold"}


def worth_tables(view: View) -> tuple[Grid, ...]:
    """The table where the deal has statements of worth; none where it states every value itself."""
    if not view.deal.preferences:
        return ()
    rows = tuple(
        (
            view.names.requirement(each.requirement),
            _PARTS[each.part],
            each.value,
            each.lowest if each.lowest > 0 else None,
            each.highest if math.isfinite(each.highest) else None,
            "; ".join(isolate(words) for words in each.said),
        )
        for each in Worths(view.deal).table()
    )
    unit = f"{view.deal.settings.currency} per effective unit, base-year {view.deal.settings.price_base_year}"
    columns = (
        GridColumn("Requirement"),
        GridColumn("Unit"),
        GridColumn("Worth", "money", unit),
        GridColumn("Least", "money", unit),
        GridColumn("Greatest", "money", unit),
        GridColumn("Statements that it follows from"),
    )
    note = "Worth is halfway, in proportion, between the least and the greatest that the statements leave."
    return (Grid("What the needs are worth, and the statements behind it", columns, rows, note=note),)


def statement_words(deal: Deal) -> tuple[str, ...]:
    """Each value that follows from statements, with them, in one sentence."""
    if not deal.preferences:
        return ()
    currency = deal.settings.currency
    return tuple(
        f"An effective unit of '{each.requirement}' {_PARTS[each.part]} is worth "
        f"{currency} {each.value:,.0f}: " + "; ".join(each.said)
        for each in Worths(deal).table()
        if each.value is not None
    )

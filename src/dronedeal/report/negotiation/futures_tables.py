"""Many futures in tables: what they change, and how every plan turns out in them."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import Any

from dronedeal.negotiation.futures_record import PointSpread
from dronedeal.negotiation.record import FAIR_POINTS
from dronedeal.report.grid import Grid, GridColumn
from dronedeal.report.negotiation.wording import SIDES, Speech
from dronedeal.report.wording import isolate, percent_text, sentence

WORST_TENTH = "Mean of the worst 10%"


def conclusion_grid(speech: Speech) -> Grid:
    """Every conclusion of the deal as stated and over many futures, side by side."""
    rows = tuple(
        (
            isolate(each.what),
            isolate(each.as_stated),
            isolate(each.over_futures),
            "yes" if each.changes else "no",
        )
        for each in speech.record.conclusions
    )
    columns = (
        GridColumn("Conclusion"),
        GridColumn("The deal as stated"),
        GridColumn("Over many futures"),
        GridColumn("Changes"),
    )
    note = (
        "An amount changes where it moves by more than a hundredth of what both can gain together in the "
        "deal as stated; the value of a clause, where it moves by more than a twentieth of its range and "
        "anybody gains or loses by it."
    )
    return Grid("Conclusions side by side", columns, rows, note=note, is_open=True)


def future_grid(speech: Speech) -> Grid:
    """Every future with its chance."""
    futures = speech.record.futures
    rows = tuple(
        (isolate(each.name), each.probability, isolate(sentence(each.turned_out)))
        for each in (() if futures is None else futures.futures)
    )
    columns = (GridColumn("Future"), GridColumn("Chance", "percent"), GridColumn("What turned out"))
    return Grid("The futures", columns, rows)


def spread_grid(speech: Speech) -> Grid:
    """How every plan turns out for each side."""
    futures = speech.record.futures
    points = () if futures is None else futures.points
    columns = (
        GridColumn("Plan"),
        GridColumn("Side"),
        GridColumn("Mean", "money", speech.unit),
        GridColumn(worst_words(speech), "money", speech.unit),
        GridColumn("Least", "money", speech.unit),
        GridColumn("5%", "money", speech.unit),
        GridColumn("Median", "money", speech.unit),
        GridColumn("95%", "money", speech.unit),
        GridColumn("Most", "money", speech.unit),
        GridColumn("Below its alternative", "percent", "chance"),
        GridColumn("Worse than alone", "percent", "chance"),
    )
    note = (
        "Below its alternative: less than what the side has without an agreement as it weighs the futures. "
        "Worse than alone: less than what it has without one in the same future."
    )
    rows = tuple(row for point in points for row in _spread_rows(speech, point))
    return Grid("How each plan turns out over all futures", columns, rows, note=note)


def _spread_rows(speech: Speech, point: PointSpread) -> Iterator[tuple[Any, ...]]:
    for side in SIDES:
        found = getattr(point, side)
        yield (
            point_words(point.point),
            speech.heads[side],
            found.mean,
            found.worst,
            found.least,
            found.p05,
            found.p50,
            found.p95,
            found.most,
            found.below_alternative,
            found.worse_than_alone,
        )


def point_words(name: str) -> str:
    """A plan of the record in words.

    >>> point_words("nash"), point_words("opening_buyer"), point_words("p01")
    ('Nash', 'All as the buyer asks', 'p01')
    """
    if name.startswith("opening_"):
        return f"All as the {name.removeprefix('opening_')} asks"
    return FAIR_POINTS.get(name, name[:1].upper() + name[1:] if " " in name else name)


def worst_words(speech: Speech) -> str:
    """What counts as worst in the tables."""
    futures = speech.record.futures
    if futures is None or futures.weighing is None:
        return WORST_TENTH
    return f"Mean of the worst {percent_text(futures.weighing.share)}"


FUTURE_GRIDS: Mapping[str, Callable[[Speech], Grid]] = {
    "What futures change": conclusion_grid,
    "Futures": future_grid,
    "Plans over futures": spread_grid,
}
"""Tables of a negotiation over many futures by the name of their sheet."""

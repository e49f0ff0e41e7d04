"""Pictures of what clauses and payments mean to both sides."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from dronedeal.negotiation.record import ClauseRecord, Sides, SystemZone
from dronedeal.report.charts.style import (
    BLUE,
    GREEN,
    LABEL_LIMIT,
    ORANGE,
    ROW_HEIGHT,
    ROWS_SHOWN,
    TOTAL_WIDTH,
    VERMILION,
    document,
    legend,
    money_scale,
    plot_width,
)
from dronedeal.report.charts.text import distinct_labels
from dronedeal.report.figure import Figure
from dronedeal.report.negotiation.wording import SIDES, Speech
from dronedeal.report.wording import list_text, money_number, number_text

BETWEEN = "from the buyer's position to the seller's"
_CHANGES = (("between", BETWEEN), ("at_seller", "to the seller's position"),
            ("at_buyer", "to the buyer's position"), ("dropped", "left out"))  # fmt: skip
# Of the longest text beside a bar, pixels; the longest bar on either side leaves as much.
_AMOUNT_WIDTH = 68.0
SUITS, SUITS_NOT = "a payment suits both", "no payment suits both"


def shown_change(clause: ClauseRecord) -> tuple[Sides, str] | None:
    """The change that the picture shows of a clause, and what it is; None: none is known."""
    for name, words in _CHANGES:
        change = getattr(clause, name)
        if change is not None:
            return change, words
    return None


def clause_figure(speech: Speech) -> Figure:
    """What moving each clause from the buyer's position to the seller's is worth to both sides."""
    title = f"What each clause is worth to both sides when it goes {BETWEEN}, {speech.unit}"
    known = [(clause, change) for clause in speech.record.clauses if (change := shown_change(clause))]
    if not known:
        why = (
            "No clause was priced before the work was stopped."
            if speech.record.was_stopped
            else "No clause has a price: none can be moved with an agreement left."
        )
        return Figure("clauses", title, why, None)
    largest = max(max(abs(change.buyer), abs(change.seller)) for _, (change, _) in known)
    sizes = {clause.id: abs(change.buyer) + abs(change.seller) for clause, (change, _) in known}
    large = sorted(sizes, key=lambda name: (-sizes[name], name))[:ROWS_SHOWN]
    shown = [(clause, change) for clause, change in known if clause.id in large]
    left = len(known) - len(shown)
    note = f"{left} that change less stand only in the table." if left else ""
    return Figure(
        "clauses", title, _clause_summary(speech), _bars(speech, shown, largest or 1.0), left_out=note
    )


def _clause_summary(speech: Speech) -> str:
    rated = [clause for clause in speech.record.clauses if clause.tension is not None]
    if not rated:
        return f"Changes against {speech.record.clause_reference}."
    most, least = (
        max(rated, key=lambda each: each.tension or 0),
        min(rated, key=lambda each: each.tension or 0),
    )
    parts = []
    if most.tension and most.tension > 0:
        parts.append(
            f"{speech.clause_name(most.id)} divides both sides most, by {speech.money(most.tension)}"
        )
    if least.tension and least.tension < 0:
        parts.append(f"{speech.clause_name(least.id)} joins them most, by {speech.money(-least.tension)}")
    words = list_text(parts) or "No clause divides or joins both sides"
    return f"{words[0].upper()}{words[1:]}. Changes against {speech.record.clause_reference}."


def _bars(
    speech: Speech, shown: Sequence[tuple[ClauseRecord, tuple[Sides, str]]], largest: float
) -> dict[str, Any]:
    texts = {
        clause.id: speech.clause_name(clause.id) + ("" if words == BETWEEN else f" ({words})")
        for clause, (_, words) in shown
    }
    labels = distinct_labels(texts, LABEL_LIMIT)
    size, word = money_scale(largest)
    heads = [speech.heads[side] for side in SIDES]
    values = [
        {
            "clause": labels[clause.id],
            "side": speech.heads[side],
            "amount": (amount := getattr(change, side)) / size,
            "text": money_number(amount),
        }
        for clause, (change, _) in shown
        for side in SIDES
    ]
    order = [labels[clause.id] for clause, _ in shown]
    width = plot_width(order)
    reach = largest / size / max(0.4, 1.0 - 2.0 * _AMOUNT_WIDTH / width)
    y = {"field": "clause", "type": "nominal", "sort": order, "title": None, "axis": {"ticks": False}}
    offset = {"field": "side", "sort": heads}
    x = {
        "field": "amount",
        "type": "quantitative",
        "title": f"change, {word}{speech.unit}",
        "scale": {"domain": [-reach, reach], "nice": False},
        "axis": {"tickCount": 7},
    }
    colour = {
        "field": "side",
        "type": "nominal",
        "scale": {"domain": heads, "range": [BLUE, ORANGE]},
        "legend": legend(heads, TOTAL_WIDTH / 2),
    }
    place = {"y": y, "yOffset": offset, "x": x}
    return document(
        labels=order,
        data={"values": values},
        width=width,
        height={"step": ROW_HEIGHT},
        layer=[
            {"mark": {"type": "bar"}, "encoding": {**place, "color": colour}},
            _amounts(place, "datum.amount >= 0", align="left", dx=5),
            _amounts(place, "datum.amount < 0", align="right", dx=-5),
            {"mark": {"type": "rule", "color": "#6b6b6b"}, "encoding": {"x": {"datum": 0}}},
        ],
    )


def _amounts(place: dict[str, Any], rule: str, *, align: str, dx: int) -> dict[str, Any]:
    return {
        "transform": [{"filter": rule}],
        "mark": {"type": "text", "align": align, "dx": dx},
        "encoding": {**place, "text": {"field": "text"}},
    }


def zone_figure(speech: Speech) -> Figure:
    """Per system the least payment that the seller can accept and the most that the buyer would pay."""
    title = f"Payments that both sides can accept, {speech.unit}"
    rows = [row for row in speech.record.zone.systems if row.is_there is not None]
    if not rows:
        return Figure("zone", title, "Payments by system were not computed.", None)
    shut = [row.name for row in rows if not row.is_there]
    words = (
        f"No payment suits both sides for {list_text(shut, 5)}."
        if shut
        else "For every system there is a payment that suits both sides."
    )
    return Figure("zone", title, words, _ranges(speech, rows[:ROWS_SHOWN]))


def _ranges(speech: Speech, rows: Sequence[SystemZone]) -> dict[str, Any]:
    labels = distinct_labels({place: row.name for place, row in enumerate(rows)}, LABEL_LIMIT)
    ends = [end for row in rows for end in (row.lowest_payment or 0.0, row.highest_payment or 0.0)]
    size, word = money_scale(max(map(abs, ends)))
    values = [
        {
            "system": labels[place],
            "from": (row.lowest_payment or 0.0) / size,
            "to": (row.highest_payment or 0.0) / size,
            "end": max(row.lowest_payment or 0.0, row.highest_payment or 0.0) / size,
            "state": SUITS if row.is_there else SUITS_NOT,
            "text": _range_text(row, speech.record.currency),
        }
        for place, row in enumerate(rows)
    ]
    low, high = min([0.0, *ends]) / size, max(ends) / size
    order = list(labels.values())
    scale = {"domain": [low, high + 0.4 * (high - low)], "nice": False}
    y = {"field": "system", "type": "nominal", "sort": order, "title": None, "axis": {"ticks": False}}
    x = {"field": "from", "type": "quantitative", "title": f"{word}{speech.unit}", "scale": scale,
         "axis": {"tickCount": 5}}  # fmt: skip
    states = [state for state in (SUITS, SUITS_NOT) if any(row["state"] == state for row in values)]
    colours = [GREEN if state == SUITS else VERMILION for state in states]
    colour = {"field": "state", "type": "nominal", "scale": {"domain": states, "range": colours},
              "legend": legend(states, TOTAL_WIDTH / 2)}  # fmt: skip
    return document(
        labels=order,
        data={"values": values},
        width=plot_width(order),
        height={"step": ROW_HEIGHT},
        layer=[
            {
                "mark": {"type": "bar", "height": {"band": 0.6}},
                "encoding": {"y": y, "x": x, "x2": {"field": "to"}, "color": colour},
            },
            {
                "mark": {"type": "text", "align": "left", "dx": 6},
                "encoding": {"y": y, "x": {**x, "field": "end"}, "text": {"field": "text"}},
            },
        ],
    )


def _range_text(row: SystemZone, currency: str) -> str:
    """Least and most a unit, where the system has units of one kind."""
    if row.lowest_unit_price is None or row.highest_unit_price is None:
        return ""
    low, high = number_text(row.lowest_unit_price), number_text(row.highest_unit_price)
    if row.is_there:
        return f"{low} to {high} {currency} a unit"
    return f"asked {low}, paid at most {high} {currency} a unit"

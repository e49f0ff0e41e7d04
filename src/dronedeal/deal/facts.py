"""The public facts that a deal rests on; they travel with it."""

from __future__ import annotations

from typing import Literal

from dronedeal.deal.record import Frozen, Id, Number, Text, column


class Fact(Frozen):
    """One published figure or event with its source."""

    id: Id = column("Name of the fact; rows cite it under `source`")
    subject: Text = column("What it is about")
    quantity_name: Text = column("What was stated")
    value_low: Number | None = column("The figure, or the lower end of a range", default=None, unit="unit")
    value_high: Number | None = column("The upper end of the range", default=None, unit="unit")
    unit: Text | None = column("Unit of the figure", default=None)
    date: Text | None = column("Date or period that it speaks of", default=None)
    party: Text | None = column("Who stated it or whom it concerns", default=None)
    note: Text | None = column("What a reader must know", default=None)
    title: Text = column("Title of the source")
    address: Text = column("Address of the source")
    confidence: Literal["high", "medium", "low"] | None = column(
        "How far the source can be trusted", default=None
    )

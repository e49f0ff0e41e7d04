"""What is negotiated: clauses, what they change, and what each side asks for."""

from __future__ import annotations

from dronedeal.deal.record import Id, Number, Record, Text, column


class Clause(Record):
    """A negotiable term with the positions of both sides."""

    id: Id = column("Name of the clause inside the deal")
    name: Text | None = column(
        "What pages and term sheets call it; blank: its id in words",
        default=None,
    )
    kind: Id = column("What the clause changes, such as price, royalty, firm_minimum, own_needs_share")
    subject: Text = column(
        "Cells that take its value, as `table[key/key].column` or `settings.key`; `*`: what the rows of "
        "`clause_effects` say"
    )
    buyer_position: Number | None = column(
        "What the buyer asks for at the table; `buyer_positions` goes before it",
        default=None,
        unit="unit of the column",
    )
    seller_position: Number | None = column(
        "What the seller asks for at the table; `seller_positions` goes before it",
        default=None,
        unit="unit of the column",
    )
    lower: Number | None = column(
        "Least value that can be agreed; blank: the lesser of the positions",
        default=None,
        unit="unit of the column",
    )
    upper: Number | None = column(
        "Greatest value that can be agreed; blank: the greater of the positions",
        default=None,
        unit="unit of the column",
    )


class ClauseEffect(Record):
    """What a clause with the subject `*` makes of some cells, at either position and in between."""

    clause: Id = column("Clause", refers_to="clauses")
    subject: Text = column("Cells that it changes, as `table[key/key].column` or `settings.key`")
    buyer_value: Text | None = column(
        "Value of the cells at `buyer_position` of the clause, as the cell is written; blank: a blank cell",
        default=None,
    )
    seller_value: Text | None = column(
        "Value of the cells at `seller_position` of the clause, as the cell is written; blank: a blank cell. "
        "In between numbers, months and days move in proportion, rounded where they are whole; words, and "
        "what is blank on one side, change in the middle",
        default=None,
    )


class BuyerPosition(Record):
    """What the buyer asks for in a clause, known to itself alone."""

    clause: Id = column("Clause", refers_to="clauses")
    position: Number = column(
        "What it asks for, on the scale of the clause; a side that does not know it goes by the estimate "
        "that it keeps, else by the position in `clauses`",
        unit="unit of the column",
    )


class SellerPosition(Record):
    """What the seller asks for in a clause, known to itself alone."""

    clause: Id = column("Clause", refers_to="clauses")
    position: Number = column(
        "What it asks for, on the scale of the clause; a side that does not know it goes by the estimate "
        "that it keeps, else by the position in `clauses`",
        unit="unit of the column",
    )

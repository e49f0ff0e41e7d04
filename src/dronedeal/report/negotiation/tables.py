"""The tables of a negotiation, for the page and the workbook alike."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Mapping
from typing import Any

from dronedeal.negotiation.record import FAIR_POINTS, ClauseRecord, Sides, Terms
from dronedeal.report.grid import Grid, GridColumn
from dronedeal.report.negotiation.wording import (
    SIDES,
    Speech,
    Voice,
    sentence_start,
    short_unit,
    together,
)
from dronedeal.report.wording import list_text, plain

NOT_WRITTEN = "not written"
GRIDS: dict[str, Callable[[Speech], Grid]] = {}
"""Every table by the name of its sheet, in the order of the workbook."""


def sheet(name: str) -> Callable[[Callable[[Speech], Grid]], Callable[[Speech], Grid]]:
    """Register a table under the name of its sheet."""

    def register(maker: Callable[[Speech], Grid]) -> Callable[[Speech], Grid]:
        GRIDS[name] = maker
        return maker

    return register


def both(
    speech: Voice, words: str = "", *, kind: Any = "money", unit: str | None = None
) -> tuple[GridColumn, ...]:
    """A column for each side."""
    return tuple(
        GridColumn(
            f"{words}{', ' if words else ''}{speech.heads[side]}", kind, speech.unit if unit is None else unit
        )
        for side in SIDES
    )


def cells(sides: Sides | None) -> tuple[float | None, float | None]:
    """Both numbers; None where there are none."""
    return (None, None) if sides is None else (sides.buyer, sides.seller)


@sheet("Fair points")
def fair_grid(speech: Speech) -> Grid:
    """What each fair point is worth, with its certificate."""
    rows: list[tuple[Any, ...]] = [
        ("No agreement", *cells(speech.record.alternatives), 0.0, 0.0, *[None] * 6)
    ]
    rows += [
        (
            FAIR_POINTS[name],
            *cells(point.utilities),
            *cells(point.gains),
            point.value,
            point.bound,
            point.gap,
            point.method_gap,
            point.plan_gap,
            point.plan or NOT_WRITTEN,
        )
        for name, point in speech.record.fair_points.items()
    ]
    columns = (
        GridColumn("Agreement"),
        *both(speech, "Worth"),
        *both(speech, "Gain"),
        GridColumn("Measure", "figure", "its own unit"),
        GridColumn("Bound", "figure", "its own unit"),
        GridColumn("Gap", "gap", "of the measure"),
        GridColumn("of it by the method", "gap", "of the measure"),
        GridColumn("of it by the plans", "gap", "of the measure"),
        GridColumn("Plan"),
    )
    note = (
        f"Measure: product of the gains ({speech.record.currency}², Nash), lesser share of the greatest gain "
        f"(Kalai–Smorodinsky), lesser gain ({speech.unit}, egalitarian), sum of the gains ({speech.unit}, "
        "greatest welfare). At no plan is it greater than the bound. By the plans: what the gap of the plan "
        "that is worth most to both together accounts for; the rest is owed to the search."
    )
    return Grid("Fair points with their certificates", columns, tuple(rows), note=note, is_open=True)


def _sheets_of_terms(speech: Speech) -> Iterator[tuple[str, Terms]]:
    """Term sheets that stand side by side: both openings, the deal now, the fair points."""
    openings = speech.record.openings
    for side in SIDES:
        opening = getattr(openings, side)
        if opening is not None:
            yield f"{speech.heads[side]} opens", opening.terms
    yield "Now", {clause.id: clause.now for clause in speech.record.clauses if clause.now is not None}
    for names, point in together(speech.record.fair_points):
        yield list_text(names), point.terms


@sheet("Terms")
def terms_grid(speech: Speech) -> Grid:
    """Terms of both openings, of the deal as it stands, and of each fair point side by side."""
    sheets = list(_sheets_of_terms(speech))
    columns = (GridColumn("Clause"), GridColumn("Unit"), *(GridColumn(name, "figure") for name, _ in sheets))
    rows = tuple(
        (
            speech.clause_name(clause.id),
            short_unit(clause.unit),
            *(terms.get(clause.id) for _, terms in sheets),
        )
        for clause in speech.record.clauses
    )
    note = (
        f"Prices and amounts of money in {speech.record.currency} at prices of fiscal year "
        f"{speech.record.price_base_year} unless a unit says otherwise."
    )
    return Grid("Terms side by side", columns, rows, note=note, is_open=True)


@sheet("Zone")
def zone_grid(speech: Speech) -> Grid:
    """Per system the least payment that the seller can accept and the most that the buyer would pay."""
    rows = tuple(
        (
            row.name,
            row.quantity,
            row.lowest_payment,
            row.highest_payment,
            row.lowest_unit_price,
            row.highest_unit_price,
            row.price_now,
            None if row.is_there is None else "yes" if row.is_there else "no",
        )
        for row in speech.record.zone.systems
    )
    columns = (
        GridColumn("System"),
        GridColumn("Delivered", "quantity", "units"),
        GridColumn("Least that the seller can accept", "money", speech.unit),
        GridColumn("Most that the buyer would pay", "money", speech.unit),
        GridColumn("Least a unit", "price", speech.price_unit),
        GridColumn("Most a unit", "price", speech.price_unit),
        GridColumn("Price now", "price", speech.price_unit),
        GridColumn("Zone"),
    )
    note = (
        "What the buyer pays the seller at delivery: the price of what the seller makes, the royalty on what "
        "others make. One system is set against the plan without it, all of them against no agreement, all "
        "other terms as at the Nash point. Below 0: the seller would agree even if it had to pay."
    )
    return Grid("Payments that both sides can accept, by system", columns, rows, note=note, is_open=True)


@sheet("Frontier")
def frontier_grid(speech: Speech) -> Grid:
    """The points of the frontier with what is proven of each."""
    jumps = set(speech.record.frontier_jumps)
    rows = tuple(
        (
            point.id,
            *cells(point.utilities),
            *cells(speech.gains(point.utilities)),
            point.gap,
            point.bound.buyer,
            point.bound.seller,
            "no" if point.is_supported else "yes",
            "proven" if point.id in jumps else "",
            point.plan or NOT_WRITTEN,
        )
        for point in speech.record.frontier
    )
    columns = (
        GridColumn("Point"),
        *both(speech, "Worth"),
        *both(speech, "Gain"),
        GridColumn("Gap", "money", speech.unit),
        *both(speech, "At most, with as much for the other"),
        GridColumn("In a dent"),
        GridColumn("Nothing until the next"),
        GridColumn("Plan"),
    )
    return Grid("Points of the frontier", columns, rows, is_open=True)


@sheet("Frontier terms")
def frontier_terms_grid(speech: Speech) -> Grid:
    """Terms of every point of the frontier, of the clauses that differ along it."""
    frontier = speech.record.frontier
    moved = [
        clause
        for clause in speech.record.clauses
        if len({point.terms.get(clause.id) for point in frontier}) > 1
    ]
    columns = (
        GridColumn("Point"),
        *(
            GridColumn(sentence_start(speech.clause_name(clause.id)), "figure", clause.unit or "")
            for clause in moved
        ),
    )
    rows = tuple((point.id, *(point.terms.get(clause.id) for clause in moved)) for point in frontier)
    fixed = len(speech.record.clauses) - len(moved)
    note = f"Clauses that are the same at every point are left out, {fixed} of them." if fixed else ""
    return Grid("Terms along the frontier", columns, rows if moved else (), note=note)


@sheet("Clauses")
def clause_grid(speech: Speech) -> Grid:
    """What every clause is worth to both sides, from the one that divides them most."""
    rows = tuple(
        (
            speech.clause_name(clause.id),
            *cells(clause.between),
            clause.tension,
            *cells(clause.at_buyer),
            *cells(clause.at_seller),
            *cells(clause.dropped),
        )
        for clause in speech.record.clauses
    )
    columns = (
        GridColumn("Clause"),
        *both(speech, "From the buyer's position to the seller's"),
        GridColumn("Divides (joins)", "change", speech.unit),
        *both(speech, "To the buyer's position"),
        *both(speech, "To the seller's position"),
        *both(speech, "Left out"),
    )
    columns = tuple(
        GridColumn(column.title, "change" if column.is_number else "text", column.unit) for column in columns
    )
    note = (
        f"Change of each side's worth against {speech.record.clause_reference}, each from a plan of its own, "
        "all else staying; a dash where there is then no agreement, or no such position. Above zero a clause "
        "divides both sides: one wins what the other loses."
    )
    return Grid("What every clause is worth", columns, rows, note=note, is_open=True)


@sheet("Positions")
def position_grid(speech: Speech) -> Grid:
    """What both sides ask for in every clause, and what can be agreed."""
    packages = speech.record.packages
    positions_only = () if packages is None else tuple(packages.clauses)
    rows = tuple(
        (
            speech.clause_name(clause.id),
            clause.id,
            plain(clause.kind),
            short_unit(clause.unit),
            clause.buyer_position,
            clause.seller_position,
            clause.lower,
            clause.upper,
            clause.now,
            _standing(clause, positions_only),
            clause.words or None,
        )
        for clause in speech.record.clauses
    )
    columns = (
        GridColumn("Clause"),
        GridColumn("In files"),
        GridColumn("Kind"),
        GridColumn("Unit"),
        *both(speech, "Position", kind="figure", unit=""),
        GridColumn("Least", "figure"),
        GridColumn("Greatest", "figure"),
        GridColumn("Now", "figure"),
        GridColumn("In the frontier"),
        GridColumn("Note"),
    )
    return Grid("Positions of both sides", columns, rows)


def _standing(clause: ClauseRecord, positions_only: Collection[str]) -> str:
    if not clause.is_computed:
        return f"not computed: {clause.stays or 'the deal does not say what it changes'}"
    if clause.stays is not None:
        return f"stays: {clause.stays}"
    return "moves" if clause.id not in positions_only else "moves, to positions only"


@sheet("Interactions")
def interaction_grid(speech: Speech) -> Grid:
    """What moving two clauses does beyond what both do alone."""
    rows = tuple(
        (
            speech.clause_name(clause.id),
            move_words(clause.interaction.move),
            speech.clause_name(clause.interaction.other),
            move_words(clause.interaction.other_move),
            *cells(clause.interaction.together),
            *cells(clause.interaction.more),
        )
        for clause in speech.record.clauses
        if clause.interaction is not None
    )
    columns = (
        GridColumn("Clause"),
        GridColumn("Moves"),
        GridColumn("Together with"),
        GridColumn("Moves"),
        *both(speech, "Together", kind="change"),
        *both(speech, "More than alone", kind="change"),
    )
    return Grid("Clauses that interact", columns, rows)


def move_words(to: str) -> str:
    """Where a clause goes, in words."""
    return {"dropped": "left out"}.get(to, f"to the {to}'s position")


@sheet("Exchange")
def exchange_grid(speech: Speech) -> Grid:
    """The exchange of clauses that helps both most, move by move and in all."""
    exchange = speech.record.exchange
    columns = (GridColumn("Clause"), GridColumn("Moves"), *both(speech, kind="change"))
    if exchange is None:
        return Grid("Exchange", columns, ())
    rows: list[tuple[Any, ...]] = [
        (speech.clause_name(move.clause), move_words(move.to), *cells(move.alone)) for move in exchange.moves
    ]
    rows += [
        ("All together", "from a plan", *cells(exchange.change)),
        ("Expected", "from single moves and pairs", *cells(exchange.expected)),
    ]
    note = f"Single rows: the move alone, against {speech.record.clause_reference}."
    return Grid("The exchange move by move", columns, tuple(rows), note=note, is_open=True)


@sheet("Disclosure")
def disclosure_grid(speech: Speech) -> Grid:
    """What outcomes reveal of each side's reservation value, and what misstating would bring."""
    shown = speech.record.disclosure
    rows: tuple[tuple[Any, ...], ...] = ()
    if shown is not None:
        rows = tuple(
            (
                speech.heads[side],
                getattr(shown, side).lowest,
                getattr(shown, side).highest,
                getattr(shown, side).words or None,
                getattr(shown, side).gain_by_misstating,
                getattr(shown, side).misstatement or None,
            )
            for side in SIDES
        )
    columns = (
        GridColumn("Of"),
        GridColumn("Reservation value at least", "money", speech.unit),
        GridColumn("At most", "money", speech.unit),
        GridColumn("What an outsider concludes"),
        GridColumn("Gain by misstating", "money", speech.unit),
        GridColumn("How"),
    )
    return Grid("What an outcome gives away", columns, rows, is_open=True)


@sheet("Certificate")
def certificate_grid(speech: Speech) -> Grid:
    """Where the figures come from: digest, options, versions."""
    record = speech.record
    rows = [("Digest of the deal", record.digest), ("Format", record.format)]
    rows += [(f"Option {name}", option_words(value)) for name, value in record.options.items()]
    rows += [(f"Version of {name}", value) for name, value in record.versions.items()]
    return Grid(
        "Digest, options and versions", (GridColumn("What"), GridColumn("Value")), tuple(rows), is_open=True
    )


def option_words(value: str | int | float | bool | None) -> str:
    """The value of an option in words."""
    words: Mapping[Any, str] = {None: "none", True: "yes", False: "no"}
    return words[value] if value is None or isinstance(value, bool) else str(value)

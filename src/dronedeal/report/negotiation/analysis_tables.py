"""The tables of the analysis record: weights, how far inputs may move, alternatives moved, assumptions."""

from __future__ import annotations

from collections.abc import Iterator

from dronedeal.report.grid import Grid, GridColumn
from dronedeal.report.negotiation.tables import both, cells, sheet
from dronedeal.report.negotiation.wording import SIDES, Speech
from dronedeal.report.wording import count_text


def margin_grid(speech: Speech) -> Grid:
    """How far the main inputs may move before the recommendation changes."""
    tried = [each for each in speech.record.analysis.margins if each.holds_to or each.fails_at is not None]
    left = len(speech.record.analysis.margins) - len(tried)
    rows = tuple(
        (
            f"{each.input}, {each.way}",
            _moved(each.way, each.unit, each.holds_to) if each.holds_to else None,
            None if each.fails_at is None else _moved(each.way, each.unit, each.fails_at),
            "yes" if each.is_proven else "no",
            each.words,
        )
        for each in tried
    )
    columns = (
        GridColumn("Input"),
        GridColumn("Stands at"),
        GridColumn("Changes at"),
        GridColumn("Proven"),
        GridColumn("In words"),
    )
    note = "Each input is moved alone; both alternatives and the recommended terms are planned again."
    if left:
        note += f" {count_text(left, 'move')} more were not tried within the limit of work."
    if not speech.record.analysis.margins:
        note = "No input was moved; dronedeal negotiate --moves 24 moves them."
    return Grid(
        "How far inputs may move before the recommendation changes", columns, rows, note=note, is_open=True
    )


def _moved(way: str, unit: str, size: float) -> str:
    sign = "+" if way == "up" else "−"
    return f"{sign}{100 * size:.3g}{'%' if unit == 'share' else ' points'}"


def sensitivity_grid(speech: Speech) -> Grid:
    """Alternatives that were moved, and what becomes of the recommendation on the known frontier."""
    rows = tuple(
        (each.input, each.moved, *cells(each.change), "yes" if each.is_changed else "no", each.words or None)
        for each in speech.record.analysis.sensitivity
    )
    columns = (
        GridColumn("Input"),
        GridColumn("Moved"),
        *both(speech, "Change", kind="change"),
        GridColumn("Changes the recommendation"),
        GridColumn("In words"),
    )
    return Grid("When an alternative is worth more or less", columns, rows, is_open=True)


def weights_grid(speech: Speech) -> Grid:
    """Weights of the analysis, such as bargaining power and discount rates."""
    rows = tuple((name, value) for name, value in speech.record.analysis.weights.items())
    return Grid("Weights", (GridColumn("Weight"), GridColumn("Value", "figure")), rows, is_open=True)


def assumption_grid(speech: Speech) -> Grid:
    """Rows of the deal that rest on an assumption."""
    rows = tuple((each.row, each.note) for each in speech.record.analysis.assumptions)
    columns = (GridColumn("Row"), GridColumn("Why it is reasonable"))
    return Grid("Rows that rest on an assumption", columns, rows)


@sheet("Analysis record")
def analysis_grid(speech: Speech) -> Grid:
    """The whole analysis record as one table, to be taken over as it stands."""
    columns = (
        GridColumn("Part"), GridColumn("Of"), GridColumn("Value", "figure"), GridColumn("In words"),
    )  # fmt: skip
    return Grid("Analysis record", columns, tuple(_entries(speech)))


def _entries(speech: Speech) -> Iterator[tuple[str, str | None, float | None, str | None]]:
    record = speech.record.analysis
    for rule in record.ground_rules:
        yield "Ground rule", None, None, rule
    for side in SIDES:
        found = getattr(speech.record.alternative_plans, side)
        words = f"{found.words} In {speech.unit}.".strip()
        yield "Alternative", speech.heads[side], found.utility, words
    for name, value in record.weights.items():
        yield "Weight", name, value, None
    for margin in record.margins:
        yield "Sensitivity to an input", margin.input, None, margin.words
    for moved in record.sensitivity:
        yield "Sensitivity to an alternative", moved.input, None, f"{moved.moved}: {moved.words}"
    for words in record.worth:
        yield "Worth of a need", None, None, words
    for row in record.assumptions:
        yield "Assumption", row.row, None, row.note

"""What `what-if`, `compare` and `explain` print: plain text of at most 80 columns."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path

from dronedeal.deal.difference import InputDifference
from dronedeal.exchange import WhatIf
from dronedeal.report.charts.text import distinct_labels
from dronedeal.report.comparison_mix import MIXES, moved_share, shares
from dronedeal.report.wording import (
    change_text,
    count_text,
    gap_text,
    number_text,
    relative_text,
    shorten,
)
from dronedeal.results.compare import Comparison, Figure
from dronedeal.results.explain.answers import KINDS, Explanation
from dronedeal.results.savings import ASSUMED
from dronedeal.terminal import WIDTH, columns_text, wrapped

_LABEL, _NAME = 20, 12
_BETWEEN = 2
_MOST_INPUTS, _MOST_FIGURES, _MOST_ANSWERS, _MOST_SHARES = 12, 8, 12, 10
_SCALES = ((1e9, "bn"), (1e6, "m"), (1e3, "k"))
_LISTED = (
    ("purchases", "Units bought", "quantity", ("fiscal_year", "branch", "system")),
    ("coverage", "Units that count", "quantity", ("fiscal_year", "requirement")),
)


def alternatives_text(comparison: Comparison, directory: Path | None, *, within: float) -> str:
    """What each alternative is worth, and how it differs in what is bought and where it is made."""
    count = len(comparison.plans) - 1
    parts = [
        _title(f"{count_text(count, 'alternative')}: {comparison.certificates[0].title}"),
        _worth_text(comparison, within),
        *(
            _mix_text(comparison, heading, *mix)
            for heading, mix in zip(("Units bought in all", "Units started in all"), MIXES, strict=True)
        ),
        _where(directory),
    ]
    return "\n\n".join(part for part in parts if part)


def _worth_text(comparison: Comparison, within: float) -> str:
    """Worth of each plan, what it gives up, and how much of what the best buys and makes it moves."""
    best = comparison.plans[0]
    size, word = _scale(comparison.total("objective"))
    rows = [["", f"{word} {best.currency}".strip(), "given up", "bought", "made", "verified"]]
    found = [shares(comparison, table, by) for table, by in MIXES]
    for number, plan in enumerate(comparison.plans):
        lost = (best.objective - plan.objective) / max(1.0, abs(best.objective))
        moved = [moved_share(each, number) for each in found]
        cells = [f"{lost:.2%}", *("–" if share is None else f"{share:.0%}" for share in moved)]
        is_passed = comparison.certificates[number].is_verified
        worth = number_text(plan.objective / size, 1)
        cells = ["", "", ""] if number == 0 else cells
        rows.append([comparison.names[number], worth, *cells, "yes" if is_passed else "NO"])
    note = (
        f"Given up of the best, of which {within * 100:.3g}% was allowed; bought and made: the money that "
        "differs, as a share of all of the best."
    )
    return f"{_fitted(rows)}\n{wrapped(note)}"


def _mix_text(comparison: Comparison, heading: str, table: str, by: str) -> str:
    """Units of each plan over its whole time, those first that move most money."""
    found = [share for share in shares(comparison, table, by) if share.moved > 0]
    if not found:
        return f"{heading}: the same"
    rows = [[heading, *(name.replace("alternative ", "alt. ") for name in comparison.names)]]
    rows += [
        [share.about or "bought elsewhere", *(number_text(value, 0) for value in share.units)]
        for share in found[:_MOST_SHARES]
    ]
    left = len(found) - _MOST_SHARES
    text = _fitted(rows)
    return f"{text}\n… and {left} more, with less money" if left > 0 else text


def what_if_text(result: WhatIf, directory: Path | None) -> str:
    """Changed inputs, what the two plans come to, and what changed most; the seconds of both plans."""
    first, second = result.seconds
    parts = [
        _title(result.comparison.certificates[0].title),
        _inputs_text(result.comparison),
        *_body(result.comparison),
        f"Planned in {first:.1f} s as it stands and in {second:.1f} s as changed",
        _where(directory),
    ]
    return "\n\n".join(part for part in parts if part)


def comparison_text(comparison: Comparison, directory: Path | None) -> str:
    """Certificates, changed inputs, what the plans come to, and what changed most."""
    titles = dict.fromkeys(each.title for each in comparison.certificates)
    parts = [
        _title("Plans compared: " + " and ".join(titles)),
        _certificates_text(comparison),
        _inputs_text(comparison) if comparison.deals else "",
        _savings_text(comparison),
        *_body(comparison),
        _where(directory),
    ]
    return "\n\n".join(part for part in parts if part)


def _savings_text(comparison: Comparison) -> str:
    """Where the difference comes from, both sides together."""
    if not comparison.savings:
        return ""
    currency = comparison.plans[0].currency
    rows = [
        f"{change_text(saving.joint, 0):>18}  {saving.words}"
        for saving in comparison.savings
        if abs(saving.joint) >= 0.5
    ]
    head = f"Where the worth of {comparison.names[0]} over {comparison.names[1]} comes from,"
    unit = f"computed, {currency} of both sides together:"
    return "\n".join([head, unit, *(wrapped(row, indent=" " * 20) for row in rows), wrapped(ASSUMED)])


def explanation_text(explanation: Explanation) -> str:
    """The answers under their headings, the weightiest first; long lists are cut, and say so."""
    parts = [_title(explanation.title + (f": {explanation.asked.words}" if explanation.asked.words else ""))]
    parts += [wrapped(explanation.note)] if explanation.note else []
    for kind, heading in KINDS.items():
        found = explanation.of(kind)
        if not found:
            continue
        lines = [heading, *(wrapped(f"- {answer.text}") for answer in found[:_MOST_ANSWERS])]
        if len(found) > _MOST_ANSWERS:
            lines.append(
                f"  … and {len(found) - _MOST_ANSWERS} more; ask with --requirement, --system or --year"
            )
        parts.append("\n".join(lines))
    if not explanation.answers:
        parts.append("Nothing is short, broken or held back.")
    return "\n\n".join(parts)


def _title(text: str) -> str:
    title = shorten(text, WIDTH)
    return f"{title}\n{'=' * len(title)}"


def _where(directory: Path | None) -> str:
    if directory is None:
        return ""
    return f"Written   {directory / 'comparison.html'}\n          with comparison.xlsx beside it"


def _names(comparison: Comparison) -> list[str]:
    """Names short enough to stand side by side."""
    room = (WIDTH - _LABEL) // len(comparison.names) - _BETWEEN
    return list(distinct_labels(dict(enumerate(comparison.names)), min(_NAME, room)).values())


def _fitted(rows: list[list[str]]) -> str:
    """Rows in columns, their labels cut to the room that the numbers leave."""
    widths = (max(len(row[place]) for row in rows) for place in range(1, len(rows[0])))
    room = WIDTH - sum(width + _BETWEEN for width in widths)
    return columns_text([[shorten(label, max(room, 8)), *cells] for label, *cells in rows])


def _certificates_text(comparison: Comparison) -> str:
    rows = [["plan", "objective", "status", "gap", "verified", "digest"]]
    rows += [
        [
            shorten(each.name, 2 * _NAME),
            each.objective_kind,
            each.status,
            gap_text(each.gap),
            "yes" if each.is_verified else "NO",
            each.digest[:10],
        ]
        for each in comparison.certificates
    ]
    return columns_text(rows, left=6)


def _inputs_text(comparison: Comparison) -> str:
    if not comparison.inputs:
        return "No input differs." if comparison.deals else ""
    lines = [count_text(len(comparison.inputs), "input differs", "inputs differ")]
    lines += [_input_text(each, len(comparison.plans)) for each in comparison.inputs[:_MOST_INPUTS]]
    if len(comparison.inputs) > _MOST_INPUTS:
        lines.append(f"  … and {len(comparison.inputs) - _MOST_INPUTS} more")
    return "\n".join(lines)


def _input_text(each: InputDifference, count: int) -> str:
    texts = [each.text(0)]
    for number in range(1, count):
        share = each.relative(number)
        texts.append(each.text(number) + ("" if share is None else f" ({relative_text(share)})"))
    head = wrapped(f"  {each.address}: {' → '.join(texts)}", indent="    ")
    return head if each.place is None else f"{head}\n    {each.place}"


def _body(comparison: Comparison) -> list[str]:
    warnings = [wrapped(f"! {warning}") for warning in comparison.warnings]
    if comparison.is_same:
        return [*warnings, _totals_text(comparison), "No figure of any year differs."]
    listed = [_listed_text(comparison, *each) for each in _LISTED]
    return [
        "\n".join(warnings),
        _totals_text(comparison),
        *listed,
        _unit_costs_text(comparison),
        _rest_text(comparison),
    ]


def _totals_text(comparison: Comparison) -> str:
    names = _names(comparison)
    is_pair = len(names) == 2
    rows = [["", *names, *(["change", "%"] if is_pair else [])]]
    for figure in comparison.totals:
        size, word = _scale(figure)
        name = str(figure.key[0]).capitalize()
        currency = comparison.plans[0].currency
        unit = " ".join(part for part in (word, currency if currency in figure.unit else "") if part)
        label = f"{name}, {unit}" if unit else name
        rows.append([label, *_cells(figure, size, is_pair=is_pair)])
        if not is_pair and figure.is_changed:
            changes = [figure.relative(number) for number in range(1, len(names))]
            if all(share is None for share in changes):
                continue
            rows.append(["", "", *("" if share is None else relative_text(share) for share in changes)])
    return _fitted(rows)


def _cells(figure: Figure, size: float, *, is_pair: bool) -> list[str]:
    shown = [None if value is None else value / size for value in figure.values]
    decimals = 0 if all(value is None or _is_whole(value) or abs(value) >= 1e4 for value in shown) else 1
    cells = ["–" if value is None else number_text(value, decimals) for value in shown]
    if not is_pair:
        return cells
    change, share = figure.change(1), figure.relative(1)
    if not figure.is_changed:
        return [*cells, "", ""]
    return [
        *cells,
        "–" if change is None else change_text(change / size, decimals),
        "" if share is None else relative_text(share),
    ]


def _is_whole(value: float) -> bool:
    """Whether a number is whole to within what a solver leaves open."""
    return abs(value - round(value)) <= 1e-6 * max(1.0, abs(value))


def _scale(figure: Figure) -> tuple[float, str]:
    largest = max(abs(value or 0.0) for value in figure.values)
    return next(((size, word) for size, word in _SCALES if largest >= 100 * size), (1.0, ""))


def _unit_costs_text(comparison: Comparison) -> str:
    """What one more unit of a product that learns costs at the end, those that changed most by share."""
    changed = [
        figure
        for figure in comparison.of("learning")
        if figure.column == "unit_cost_end" and None not in figure.values
    ]
    heading = f"Unit cost at the end, {comparison.plans[0].currency}"
    return _figures_text(comparison, heading, changed, _largest_share)


def _largest_share(figure: Figure) -> float:
    return max(abs(figure.relative(number) or 0.0) for number in range(1, len(figure.values)))


def _listed_text(comparison: Comparison, table: str, heading: str, column: str, by: Sequence[str]) -> str:
    """The sums of one column that changed most, one a line."""
    sums = [figure for figure in comparison.summed(table, column, by=by) if figure.is_changed]
    return _figures_text(comparison, heading, sums, lambda figure: figure.largest_change)


def _figures_text(
    comparison: Comparison, heading: str, figures: Sequence[Figure], size_of: Callable[[Figure], float]
) -> str:
    """The figures that changed most, one a line; nothing where there are none."""
    if not figures:
        return ""
    found = sorted(figures, key=lambda figure: (-size_of(figure), str(figure.key)))[:_MOST_FIGURES]
    names = _names(comparison)
    is_pair = len(names) == 2
    size, word = max(map(_scale, found))
    rows = [[f"{heading}, {word}" if word else heading, *names, *(["change", "%"] if is_pair else [])]]
    for figure in found:
        label = " ".join(str(cell) for cell in figure.key)
        rows.append([label, *_cells(figure, size, is_pair=is_pair)])
    text = _fitted(rows)
    left = len(figures) - len(found)
    return f"{text}\n… and {left} more" if left else text


def _rest_text(comparison: Comparison) -> str:
    counts: dict[str, int] = {}
    for figure in comparison.differences:
        counts[figure.table] = counts.get(figure.table, 0) + 1
    listed = ", ".join(f"{table} {count}" for table, count in counts.items())
    return wrapped(f"Figures that differ: {listed}.")

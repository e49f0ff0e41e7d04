"""What `negotiate` prints: plain text of at most 80 columns."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from dronedeal.negotiation.record import FAIR_POINTS, FrontierPlan, Negotiation, Sides
from dronedeal.report.negotiation.wording import Voice
from dronedeal.report.wording import count_text, gap_text, number_text, percent_text, sentence, shorten
from dronedeal.solving import Progress
from dronedeal.terminal import columns_text, wrapped

_MOST_CLAUSES = 10
_LABEL = 24
_MOST_CONCLUSIONS = 6
_SCALES = ((1e9, "billion"), (1e6, "million"), (1e3, "thousand"), (1.0, ""))


def step_line(progress: Progress) -> str:
    """One line on a running negotiation: seconds, and what is being done.

    >>> step_line(Progress("zone, 1 questions answered", 12.34, None, None))
    '  12.3 s  zone, 1 questions answered'
    """
    return f"{progress.elapsed:6.1f} s  {progress.step}"


def negotiation_text(record: Negotiation, directory: Path) -> str:
    """Alternatives, zone, fair points and the clauses that divide both sides most."""
    parts = [
        wrapped(record.title),
        _zone_text(record),
        _points_text(record),
        _clauses_text(record),
        _futures_text(record),
        _conclusions_text(record),
        "\n".join(wrapped(warning) for warning in record.warnings),
        _where(directory),
        "Go on with the same command and --resume." if record.was_stopped else "",
    ]
    return "\n\n".join(part for part in parts if part)


def _zone_text(record: Negotiation) -> str:
    basis = f"{record.currency} at prices of {record.price_base_year}, discounted"
    return "\n".join(
        [
            wrapped(f"Zone    {record.zone.reason}", indent="        "),
            *(wrapped(f"        {change}", indent="        ") for change in record.zone.changes),
            f"Money   {basis}",
        ]
    )


def _points_text(record: Negotiation) -> str:
    """What each side has alone, at the ends of the frontier and at the fair points."""
    pairs: list[tuple[str, Sides, float | None]] = [("no agreement", record.alternatives, None)]
    pairs += [(f"frontier {point.id}", point.utilities, None) for point in _ends(record)]
    pairs += [(FAIR_POINTS[name], point.utilities, point.gap) for name, point in record.fair_points.items()]
    for side, opening in (("buyer", record.openings.buyer), ("seller", record.openings.seller)):
        if opening is not None and opening.utilities is not None:
            pairs.append((f"all as the {side} asks", opening.utilities, None))
    scale, word = money_scale([sides for _, sides, _ in pairs])
    rows = [["", "buyer", "seller", "both", "gap"]]
    for name, sides, gap in pairs:
        numbers = (sides.buyer, sides.seller, sides.buyer + sides.seller)
        cells = [number_text(number / scale, 2) for number in numbers]
        rows.append([name, *cells, "" if gap is None else gap_text(gap)])
    rows[0][0] = f"{record.currency} {word}".strip()
    return f"{columns_text(rows)}\n{wrapped(_frontier_words(record))}"


def _frontier_words(record: Negotiation) -> str:
    """How many points there are, and how many of them are plans that were made and checked."""
    size, made = len(record.frontier), sum(point.plan is not None for point in record.frontier)
    if not size:
        return "No point of the frontier is known."
    plans = "every one is a plan, checked" if made == size else f"the plans of {made} are made and checked"
    return f"The frontier has {count_text(size, 'point')}; {plans}."


def _ends(record: Negotiation) -> Sequence[FrontierPlan]:
    points = record.frontier
    return points if len(points) < 2 else (points[0], points[-1])


def _clauses_text(record: Negotiation) -> str:
    """Clauses that divide both sides most, and what each side gains when they go to the seller's position."""
    voice = Voice(record)
    moved = [(voice.clause_name(clause.id), clause.between) for clause in record.clauses]
    shown = [(name, change) for name, change in moved if change is not None][:_MOST_CLAUSES]
    if not shown:
        return ""
    scale, word = money_scale([change for _, change in shown])
    rows = [[f"Clauses, {record.currency} {word}".strip(), "buyer", "seller"]]
    rows += [
        [
            shorten(name, _LABEL),
            *(number_text(n / scale, 2) for n in (change.buyer, change.seller)),
        ]
        for name, change in shown
    ]
    note = (
        "What each side gains when a clause goes from the buyer's position to the seller's, all else as in "
        f"{record.clause_reference}; those that divide both sides most come first."
    )
    return f"{columns_text(rows)}\n{wrapped(note)}"


def _futures_text(record: Negotiation) -> str:
    """What utilities are over many futures, and how likely fair points fall below having no agreement."""
    futures = record.futures
    if futures is None:
        return ""
    rows = [["Chance of less than", "buyer", "seller", "buyer*", "seller*"]]
    rows += [
        [
            FAIR_POINTS[point.point],
            *(percent_text(each.below_alternative) for each in (point.buyer, point.seller)),
            *(percent_text(each.worse_than_alone) for each in (point.buyer, point.seller)),
        ]
        for point in futures.points
        if point.point in FAIR_POINTS
    ]
    note = (
        "Less than what the side has without an agreement as it weighs the futures; with * less than what "
        "it has without one in the same future."
    )
    words = wrapped(f"{futures.words} {sentence(futures.how[:1].upper() + futures.how[1:])}")
    return words if len(rows) == 1 else f"{words}\n\n{columns_text(rows)}\n{wrapped(note)}"


def _conclusions_text(record: Negotiation) -> str:
    """What many futures change against the deal as it is stated."""
    if not record.conclusions:
        return ""
    changed = [each for each in record.conclusions if each.changes]
    count = f"{len(changed)} of {count_text(len(record.conclusions), 'conclusion')}"
    lines = [wrapped(f"What many futures change against the deal as stated: {count}.")]
    lines += [
        wrapped(f"  {each.what}: {each.as_stated}; over many futures {each.over_futures}.", indent="    ")
        for each in changed[:_MOST_CONCLUSIONS]
    ]
    left = len(changed) - _MOST_CONCLUSIONS
    if left > 0:
        lines.append(f"  {left} more on the page.")
    return "\n".join(lines)


def money_scale(sides: Sequence[Sides]) -> tuple[float, str]:
    """The largest scale in which the largest number has three digits before the point at most."""
    most = max((max(abs(each.buyer), abs(each.seller)) for each in sides), default=0.0)
    return next(((size, word) for size, word in _SCALES if most >= size), _SCALES[-1])


def _where(directory: Path) -> str:
    return (
        f"Page      {directory / 'negotiation.html'}\n"
        "          with negotiation.xlsx, negotiation.json, plans/ and term-sheets/ beside it"
    )

"""What `stress` prints: plain text of at most 80 columns."""

from __future__ import annotations

from pathlib import Path

from dronedeal.exchange import StressProgress
from dronedeal.results.shape import Row
from dronedeal.results.stress.record import StressTest
from dronedeal.terminal import columns_text, money, wrapped

_NAMES = {
    "own_needs": "own needs",
    "coverage": "thresholds covered",
    "deliveries": "deliveries on time",
    "firm_minimum": "firm minima",
    "return_share": "returned output",
    "rule": "rules",
    "budget": "budgets",
    "ceiling": "ceiling",
    "cash_floor": "cash floor",
    "all": "every promise",
}
_MOST = 4


def stress_line(progress: StressProgress) -> str:
    """How far the work is, on one line.

    >>> stress_line(StressProgress(50, 1000, 12, 31.0))
    '  31.0 s  50 of 1,000 futures, a promise broken in 12'
    """
    return (
        f"{progress.elapsed:6.1f} s  {progress.done:,} of {progress.paths:,} futures, a promise broken in "
        f"{progress.failed:,}"
    )


def stress_text(test: StressTest, directory: Path) -> str:
    """How surely each promise is kept, what fails first and why, and where the rest stands."""
    parts = [
        wrapped(test.title),
        _head(test),
        _rates(test),
        _asked(test),
        _shares("What fails first", "words", test.tables["first_failures"]),
        _shares("What makes it fail", "cause", test.tables["causes"]),
        _worst(test),
        "\n".join(wrapped(f"note: {words}", indent="  ") for words in test.notes),
        f"Report    {directory / 'stress.html'}\n          with stress.json, stress.xlsx and stress-tables/ "
        "beside it",
    ]
    return "\n\n".join(part for part in parts if part)


def _head(test: StressTest) -> str:
    spread = next(row for row in test.tables["distributions"] if row["measure"] == "joint")
    lines = (
        f"Signed    {test.signed}",
        f"Futures   {test.done:,} drawn of {test.combinations:,} combinations, seed {test.seed}",
        f"Re-plans  {test.policy}",
        f"Worth     {money(test.planned, test.currency)} planned, {money(spread['mean'], test.currency)} on "
        f"average, {money(spread['worst_tenth'], test.currency)} in the worst tenth",
    )
    return "\n".join(wrapped(line, indent=" " * 10) for line in lines)


def _rates(test: StressTest) -> str:
    rows = [["Kept, % of futures", "rate", "Wilson from", "to", "exact from", "to"]]
    for row in test.tables["services"]:
        if row["subject"] == "*":
            values = (row[name] for name in ("rate", "low", "high", "exact_low", "exact_high"))
            rows.append([_NAMES[row["service"]], *(f"{100 * value:.1f}" for value in values)])
    return columns_text(rows)


def _asked(test: StressTest) -> str:
    """Own needs that may be missed with some chance: what is reached, beside what is asked for."""
    rows = [["Own needs, % of futures", "asked for", "reached"]]
    for row in test.tables["services"]:
        level = row.get("level")
        if level is not None and level < 1:
            rows.append(
                [f"{row['subject']} {row['fiscal_year']}", f"{100 * level:.1f}", f"{100 * row['rate']:.1f}"]
            )
    return columns_text(rows) if len(rows) > 1 else ""


def _shares(title: str, name: str, rows: tuple[Row, ...]) -> str:
    if not rows:
        return ""
    lines = [title]
    for row in rows[:_MOST]:
        lines.append(wrapped(f"  {100 * row['share']:5.1f} %  {row[name]}", indent=" " * 11))
    if len(rows) > _MOST:
        lines.append(f"           … and {len(rows) - _MOST} more in the report")
    return "\n".join(lines)


def _worst(test: StressTest) -> str:
    row = test.tables["paths"][0]
    if not row["broken"]:
        return ""
    return wrapped(
        f"Worst     path {row['path']}, {row['broken']} promises broken: {row['turned_out']}; see it again "
        "with "
        f"--path {row['path']} --seed {test.seed}",
        indent=" " * 10,
    )

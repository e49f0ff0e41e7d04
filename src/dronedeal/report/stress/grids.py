"""Tables of a stress test, as the page and the workbook show them."""

from __future__ import annotations

from dronedeal.report.fans import SHARES
from dronedeal.report.grid import Grid, GridColumn
from dronedeal.report.scenarios.wording import MEASURE_NAMES
from dronedeal.report.stress.charts import SERVICE_NAMES
from dronedeal.results.stress.record import StressTest

_RATE = (
    GridColumn("Paths", "whole"),
    GridColumn("Kept", "whole"),
    GridColumn("Rate", "percent"),
    GridColumn("Low", "percent", "Wilson"),
    GridColumn("High", "percent", "Wilson"),
    GridColumn("Low", "percent", "exact"),
    GridColumn("High", "percent", "exact"),
)
_RATES = ("paths", "kept", "rate", "low", "high", "exact_low", "exact_high")


def services_grid(test: StressTest) -> Grid:
    """How surely every service is kept."""
    rows = tuple(
        (
            SERVICE_NAMES[row["service"]],
            "all" if row["subject"] == "*" else row["subject"],
            "whole plan" if row["fiscal_year"] is None else str(row["fiscal_year"]),
            row["promised"],
            row.get("level"),
            *(row[name] for name in _RATES),
        )
        for row in test.tables["services"]
    )
    columns = (
        GridColumn("Service"), GridColumn("Of what"), GridColumn("Fiscal year"), GridColumn("Promised"),
        GridColumn("Asked for", "percent", "own needs"),
        *_RATE,
    )  # fmt: skip
    note = (
        "Promised is what the signed plan itself keeps where nothing turns out otherwise than stated. Asked "
        "for is the chance with which an own need shall keep its pace."
    )
    return Grid("Service levels", columns, rows, note=note, sheet="Service levels")


def spread_grid(test: StressTest) -> Grid:
    """How measures are spread over the paths."""
    names = ("planned", "mean", "least", "p05", "p25", "p50", "p75", "p95", "most", "worst_tenth")
    heads = ("Planned", "Mean", "Least", "5%", "25%", "Median", "75%", "95%", "Most", "Worst tenth")
    rows = []
    for row in test.tables["distributions"]:
        if row["measure"] == "broken_terms":
            continue
        size = 0.01 if row["measure"] in SHARES else 1e6
        rows.append(
            (
                MEASURE_NAMES[row["measure"]],
                "%" if row["measure"] in SHARES else f"million {test.currency}",
                "whole plan" if row["fiscal_year"] is None else str(row["fiscal_year"]),
                *(None if row[name] is None else row[name] / size for name in names),
            )
        )
    columns = (
        GridColumn("Measure"),
        GridColumn("Unit"),
        GridColumn("Fiscal year"),
        *(GridColumn(head, "figure") for head in heads),
    )
    note = "Worst tenth is the mean over the worst tenth of the paths."
    return Grid("Distributions", columns, tuple(rows), note=note, sheet="Distributions")


def failures_grid(test: StressTest) -> Grid:
    """What failed first."""
    rows = tuple(
        (row["words"], row["paths"], row["share"], row["low"], row["high"])
        for row in test.tables["first_failures"]
    )
    return Grid("First failures", (GridColumn("What fails first"), *_SHARE), rows, sheet="First failures")


def causes_grid(test: StressTest) -> Grid:
    """What made the first promise fail."""
    rows = tuple(
        (row["cause"], row["alone"], row["paths"], row["share"], row["low"], row["high"])
        for row in test.tables["causes"]
    )
    columns = (GridColumn("Cause"), GridColumn("Alone"), *_SHARE)
    note = (
        "Each outcome was tried alone, all else as stated: of those that alone break the promise the one "
        "that "
        "breaks it most is the cause."
    )
    return Grid("Causes", columns, rows, note=note, sheet="Causes")


_SHARE = (
    GridColumn("Paths", "whole"),
    GridColumn("Share", "percent"),
    GridColumn("Low", "percent", "Wilson"),
    GridColumn("High", "percent", "Wilson"),
)


def paths_grid(test: StressTest, *, most: int | None = None) -> Grid:
    """The paths, the worst first."""
    rows = test.tables["paths"][:most]
    columns = (
        GridColumn("Path", "whole"),
        GridColumn("Promises broken", "whole"),
        GridColumn("Worth to both sides", "money", test.currency),
        GridColumn("Fails first"),
        GridColumn("Month"),
        GridColumn("Cause"),
        GridColumn("What turned out"),
    )
    names = ("path", "broken", "joint", "first_failed", "month", "cause", "turned_out")
    note = f"dronedeal stress PLAN DEAL --path K --seed {test.seed} makes a path again, as an ordinary plan."
    return Grid(
        "Paths, the worst first", columns, tuple(tuple(row[name] for name in names) for row in rows),
        note=note, sheet="Paths", is_open=most is not None,
    )  # fmt: skip

"""Pictures of how far needs are met: the buyer's requirements and the seller's own needs."""

from __future__ import annotations

from collections.abc import Sequence

from dronedeal.report.charts.bullets import PERCENT_TICKS, Bullet, BulletStyle, bullet_panels
from dronedeal.report.charts.style import HATCH, LABEL_LIMIT, SKY
from dronedeal.report.charts.text import distinct_labels
from dronedeal.report.figure import Figure, figure
from dronedeal.report.grid import Grid, GridColumn
from dronedeal.report.view import Row, View, is_reached, total, totals
from dronedeal.report.wording import count_text, list_text, percent_text

REQUIREMENTS_SHOWN = 24
NEEDS_SHOWN = 16
AT_OBJECTIVE, AT_THRESHOLD, BELOW = "objective reached", "threshold reached", "below threshold"
STATES = {AT_OBJECTIVE: "#009E73", AT_THRESHOLD: SKY, BELOW: HATCH}
SERVED, BEHIND = "required share met on time", "behind the required pace"
# Bars may run a little past what is wanted; more would squeeze the rest.
BAR_LIMIT = 1.15


def coverage_state(row: Row) -> str:
    """Which of the three states a row of the coverage table is in."""
    if is_reached(row["short_of_objective"], row["objective"]):
        return AT_OBJECTIVE
    return AT_THRESHOLD if is_reached(row["short_of_threshold"], row["threshold"]) else BELOW


def needed_rows(view: View) -> list[Row]:
    """Rows of the coverage table in which anything is wanted."""
    return [row for row in view.rows("coverage") if row["objective"] > 0]


@figure("coverage", order=4)
def coverage(view: View) -> Figure:
    """Coverage of each requirement as a share of its objective, by fiscal year."""
    rows = needed_rows(view)
    title = "Coverage of each requirement by fiscal year, share of its objective"
    grid = coverage_grid(view)
    if not rows:
        return Figure("coverage", title, "No requirement asks for anything inside the plan.", None, grid)
    shown = _worthiest(view, rows)
    names = {
        name: _requirement_label(view, name, branch)
        for name, branch in dict.fromkeys((row["requirement"], row["branch"]) for row in rows)
    }
    labels = distinct_labels(names, LABEL_LIMIT + 8)
    bullets = [
        Bullet(
            label=labels[row["requirement"]],
            panel=view.year_text(row["fiscal_year"], view.buyer_years),
            value=row["quantity"] / row["objective"],
            mark=row["threshold"] / row["objective"],
            track=1.0,
            state=coverage_state(row),
        )
        for row in rows
        if row["requirement"] in shown
    ]
    style = BulletStyle(
        STATES,
        "bar: effective units · tick: threshold · pale bar: objective (100%)",
        BAR_LIMIT,
        PERCENT_TICKS,
    )
    left = len(labels) - len(shown)
    note = f"{count_text(left, 'requirement')} of less value only in the table." if left else ""
    return Figure("coverage", title, coverage_summary(rows), bullet_panels(bullets, style), grid, note)


def _requirement_label(view: View, requirement: str, branch: str) -> str:
    """Requirement and branch; a name that ends with its branch already is enough."""
    name, of_branch = view.names.requirement(requirement), view.names.short_branch(branch)
    bare = name.removesuffix(f" ({of_branch})")
    return f"{bare} · {of_branch}"


def coverage_summary(rows: Sequence[Row]) -> str:
    """How many requirement-years are in each state, in one sentence."""
    states = [coverage_state(row) for row in rows]
    reached = sum(state != BELOW for state in states)
    full = states.count(AT_OBJECTIVE)
    years = totals(
        [{**row, "one": 1, "met": coverage_state(row) != BELOW} for row in rows],
        lambda row: row["fiscal_year"],
        "met",
        "one",
    )
    by_year = list_text(
        [f"FY{year} {int(met)} of {int(count)}" for year, (met, count) in sorted(years.items())]
    )
    return (
        f"The threshold is reached in {reached} of {len(rows)} requirement-years and the objective in "
        f"{full}; "
        f"thresholds reached by year: {by_year}."
    )


def _worthiest(view: View, rows: Sequence[Row]) -> frozenset[str]:
    """The requirements with the most value at stake, as many as the picture has room for."""
    value = {row.id: row.worth[0] for row in view.requirements}
    stakes = {
        name: objective * value.get(name, 0.0)
        for name, (objective,) in totals(rows, lambda row: row["requirement"], "objective").items()
    }
    return frozenset(sorted(stakes, key=lambda name: (-stakes[name], name))[:REQUIREMENTS_SHOWN])


def coverage_grid(view: View) -> Grid:
    """Every row of the coverage table."""
    return Grid(
        "Coverage of each requirement by fiscal year, in effective units",
        (
            GridColumn("Requirement"),
            GridColumn("Branch"),
            GridColumn("Counts"),
            GridColumn("Fiscal year", "year"),
            GridColumn("Threshold", "quantity", "effective units"),
            GridColumn("Objective", "quantity", "effective units"),
            GridColumn("Covered", "quantity", "effective units"),
            GridColumn("Short of threshold", "quantity", "effective units"),
            GridColumn("Short of objective", "quantity", "effective units"),
            GridColumn("Value", "money", f"{view.base_unit}, undiscounted"),
        ),
        tuple(
            (
                view.names.requirement(row["requirement"]),
                view.names.branch(row["branch"]),
                _kind(row["kind"]),
                row["fiscal_year"],
                row["threshold"],
                row["objective"],
                row["quantity"],
                row["short_of_threshold"],
                row["short_of_objective"],
                row["amount"],
            )
            for row in view.rows("coverage")
        ),
        note="“Delivered”: units delivered within the year count. “On hand”: units on hand at its end count.",
    )


def _kind(kind: str) -> str:
    return {"use": "delivered", "stock": "on hand"}.get(kind, kind)


@figure("own_needs", order=5)
def own_needs(view: View) -> Figure:
    """The seller's own needs by fiscal year: delivered, required before export, needed."""
    rows = [row for row in view.rows("home_coverage") if row["needed"] > 0]
    title = f"Own needs of {view.seller} by fiscal year, share of the need"
    grid = _own_grid(view)
    if not rows:
        return Figure("own_needs", title, f"The deal states no own needs of {view.seller}.", None, grid)
    largest = totals(rows, lambda row: row["need"], "needed")
    shown = set(sorted(largest, key=lambda name: (-largest[name][0], name))[:NEEDS_SHOWN])
    labels = distinct_labels({name: view.names.need(name) for name in largest}, LABEL_LIMIT)
    bullets = [
        Bullet(
            label=labels[row["need"]],
            panel=view.year_text(row["fiscal_year"], view.seller_years),
            value=row["quantity"] / row["needed"],
            mark=row["required"] / row["needed"],
            track=1.0,
            state=SERVED if is_reached(row["shortfall"], row["required"]) else BEHIND,
        )
        for row in rows
        if row["need"] in shown
    ]
    style = BulletStyle(
        {SERVED: "#0072B2", BEHIND: HATCH},
        "bar: delivered · tick: share that goes before export · pale bar: whole need (100%)",
        BAR_LIMIT,
        PERCENT_TICKS,
    )
    left = len(largest) - len(shown)
    note = f"{count_text(left, 'smaller need')} only in the table." if left else ""
    return Figure(
        "own_needs", title, own_needs_summary(view, rows), bullet_panels(bullets, style), grid, note
    )


def own_needs_summary(view: View, rows: Sequence[Row]) -> str:
    """Whether the required share of every own need is met, in one sentence."""
    late = [row for row in rows if not is_reached(row["shortfall"], row["required"])]
    served, needed = total(rows, "quantity"), total(rows, "needed")
    whole = f"{percent_text(served / needed)} of all units needed are delivered"
    if not late:
        return (
            f"The required share of the own needs of {view.seller} is met in every month of "
            f"all {count_text(len(rows), 'need-year')}; {whole}."
        )
    worst = sorted({view.names.need(row["need"]) for row in late})
    return (
        f"In {len(late)} of {count_text(len(rows), 'need-year')} the required share of the own needs of "
        f"{view.seller} is not met on time ({list_text(worst, 4)}); {whole}."
    )


def _own_grid(view: View) -> Grid:
    return Grid(
        f"Own needs of {view.seller} by fiscal year",
        (
            GridColumn("Need"),
            GridColumn("Fiscal year", "year"),
            GridColumn("Needed", "quantity", "units"),
            GridColumn("Goes before export", "quantity", "units"),
            GridColumn("Delivered", "quantity", "units"),
            GridColumn("Delivered", "percent", "of the need"),
            GridColumn("Behind the monthly pace", "quantity", "units, at worst"),
        ),
        tuple(
            (
                view.names.need(row["need"]),
                row["fiscal_year"],
                row["needed"],
                row["required"],
                row["quantity"],
                row["quantity"] / row["needed"] if row["needed"] > 0 else None,
                row["shortfall"],
            )
            for row in view.rows("home_coverage")
        ),
        note=f"Fiscal years of {view.seller}; a need counts for the months of the year that are inside the "
        "plan.",
    )

"""Picture of integration work and technical-cooperation projects: from when to when each goes on."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from dronedeal.report.charts.style import (
    LABEL_LIMIT,
    ROW_HEIGHT,
    ROWS_SHOWN,
    document,
    legend,
    plot_width,
)
from dronedeal.report.charts.text import distinct_labels
from dronedeal.report.figure import Figure, figure
from dronedeal.report.grid import Grid, GridColumn
from dronedeal.report.view import View
from dronedeal.report.wording import count_text, month_text, plain, short_month_text
from dronedeal.results.vocabulary import SUBJECT_SEPARATOR

WORK, PROJECT = "integration work", "project"
COLOURS = {WORK: "#6baed6", PROJECT: "#E69F00"}


@dataclass(frozen=True)
class Effort:
    """One work or project: what it is called, what it is for, its months and its cost to each side."""

    key: str
    label: str
    kind: str
    purpose: str
    start: str
    done: str
    buyer: float
    seller: float


def efforts(view: View) -> list[Effort]:
    """Everything that is begun, in the order of the months."""
    buyer, seller = view.deal.settings.buyer.id, view.deal.settings.seller.id
    found = [_work(view, row, buyer, seller) for row in view.rows("integrations")]
    names = {project.id: project.name for project in view.deal.projects}
    found += [
        Effort(
            key=f"project {row['project']}",
            label=plain(names.get(row["project"]) or row["project"]),
            kind=PROJECT,
            purpose=view.names.in_words(row["words"]),
            start=row["begin"],
            done=row["done"],
            buyer=row["amount_buyer"],
            seller=row["amount_seller"],
        )
        for row in view.rows("projects")
    ]
    return sorted(found, key=lambda effort: (effort.start, effort.done, effort.key))


def _work(view: View, row: Any, buyer: str, seller: str) -> Effort:
    branches = [view.names.branch(name) for name in str(row["branches"]).split(SUBJECT_SEPARATOR)]
    return Effort(
        key=f"{row['system']} {row['standard']}",
        label=view.names.system(row["system"]),
        kind=WORK,
        purpose=f"{plain(row['standard'])}, for {', '.join(branches)}",
        start=row["start"],
        done=row["done"],
        buyer=row["amount"] if row["payer"] == buyer else 0.0,
        seller=row["amount"] if row["payer"] == seller else 0.0,
    )


@figure("cooperation", order=4)
def cooperation(view: View) -> Figure:
    """Integration work and projects as bars from their first month to the one in which they are done."""
    found = efforts(view)
    title = "Integration work and joint projects, from the beginning until they are done"
    if not found:
        return Figure(
            "cooperation", title, "No integration work and no project is begun.", None, _grid(view, found)
        )
    works = sum(effort.kind == WORK for effort in found)
    cost = sum(effort.buyer + effort.seller for effort in found)
    summary = (
        f"{count_text(works, 'piece')} of integration work and {count_text(len(found) - works, 'project')} "
        f"are begun, which cost both sides {view.money(cost)} ({view.base_unit}) together."
    )
    left = len(found) - ROWS_SHOWN
    note = f"{count_text(left, 'later one')} only in the table." if left > 0 else ""
    return Figure("cooperation", title, summary, _spec(view, found[:ROWS_SHOWN]), _grid(view, found), note)


def _grid(view: View, found: list[Effort]) -> Grid:
    return Grid(
        "Integration work and joint projects",
        (
            GridColumn("Work or project"),
            GridColumn("Kind"),
            GridColumn("For"),
            GridColumn("Begins"),
            GridColumn("Done"),
            GridColumn("Buyer pays", "money", view.base_unit),
            GridColumn("Seller pays", "money", view.base_unit),
        ),
        tuple(
            (
                effort.label,
                effort.kind,
                effort.purpose,
                month_text(effort.start),
                month_text(effort.done),
                effort.buyer,
                effort.seller,
            )
            for effort in found
        ),
        note="The cost of a project is that of all its years. What a third party pays is in neither column.",
    )


def _spec(view: View, shown: list[Effort]) -> dict[str, Any]:
    labels = distinct_labels({effort.key: effort.label for effort in shown}, LABEL_LIMIT)
    values = [
        {
            "label": labels[effort.key],
            "from": view.calendar.index(effort.start),
            "to": max(view.calendar.index(effort.done), view.calendar.index(effort.start) + 0.5),
            "kind": effort.kind,
        }
        for effort in shown
    ]
    first_months = [
        months[0] for year in view.buyer_years.names if (months := view.buyer_years.months_in(year))
    ]
    ticks = {str(month): short_month_text(view.calendar.label(month)) for month in first_months}
    kinds = [kind for kind in COLOURS if any(effort.kind == kind for effort in shown)]
    order = list(labels.values())
    return document(
        labels=order,
        width=plot_width(order),
        height={"step": ROW_HEIGHT},
        data={"values": values},
        mark={"type": "bar", "height": {"band": 0.7}, "stroke": "#8a8a8a", "strokeWidth": 0.6},
        encoding={
            "y": {
                "field": "label",
                "type": "nominal",
                "sort": order,
                "title": None,
                "axis": {"ticks": False},
                "scale": {"domain": order},
            },
            "x": {
                "field": "from",
                "type": "quantitative",
                "title": None,
                "scale": {"domain": [0, view.plan.months], "nice": False},
                "axis": {
                    "values": first_months,
                    "labelExpr": f"({ticks})[toString(datum.value)]",
                    "labelAlign": "left",
                    "labelOffset": -4,
                },
            },
            "x2": {"field": "to"},
            "fill": {
                "field": "kind",
                "type": "nominal",
                "legend": legend(kinds, plot_width(order)),
                "scale": {"domain": kinds, "range": [COLOURS[kind] for kind in kinds]},
            },
        },
    )

"""Pictures of what is bought, by year, by branch and by system."""

from __future__ import annotations

from typing import Any

from dronedeal.report.charts.columns import stacked_columns
from dronedeal.report.charts.style import (
    BLUE,
    INK,
    LABEL_LIMIT,
    ORANGE,
    ROW_HEIGHT,
    ROWS_SHOWN,
    SERIES,
    document,
    legend,
    money_scale,
    plot_width,
)
from dronedeal.report.charts.text import distinct_labels
from dronedeal.report.figure import Figure, figure
from dronedeal.report.grid import Grid, GridColumn
from dronedeal.report.view import View, totals
from dronedeal.report.wording import count_text, list_text, number_text, percent_text

OTHERS = "all others"


@figure("purchases", order=1)
def purchases(view: View) -> Figure:
    """Money for deliveries by fiscal year and branch."""
    rows = view.rows("purchases")
    sums = totals(
        rows, lambda row: (row["fiscal_year"], row["branch"]), "amount", "quantity", "amount_then_year"
    )
    by_year = totals(rows, lambda row: row["fiscal_year"], "amount")
    title = f"Purchases by fiscal year and branch, {view.base_unit}"
    grid = Grid(
        "Purchases by fiscal year and branch",
        (
            GridColumn("Fiscal year", "year"),
            GridColumn("Branch"),
            GridColumn("Units", "whole", "units, all systems"),
            GridColumn("Amount", "money", view.base_unit),
            GridColumn("Amount as paid", "money", view.then_unit),
        ),
        tuple(
            (year, view.names.branch(branch), quantity, amount, then)
            for (year, branch), (amount, quantity, then) in sorted(sums.items())
            if quantity > 0
        ),
    )
    if not any(amount > 0 for (amount,) in by_year.values()):
        return Figure("purchases", title, "The plan buys nothing.", None, grid)
    branches = _largest(totals(rows, lambda row: row["branch"], "amount"), len(SERIES) - 1)
    amounts: dict[tuple[str, str], float] = {}
    for (year, branch), (amount, _, _) in sums.items():
        series = view.names.short_branch(branch) if branch in branches else OTHERS
        key = (view.year_text(year, view.buyer_years), series)
        amounts[key] = amounts.get(key, 0.0) + amount
    names = [view.names.short_branch(branch) for branch in branches]
    if any(series == OTHERS for _, series in amounts):
        names.append(OTHERS)
    years = [view.year_text(year, view.buyer_years) for year in view.buyer_years.names]
    spec = stacked_columns(amounts, years=years, series=names, unit=view.base_unit)
    return Figure("purchases", title, _purchases_summary(view, by_year, branches), spec, grid)


def _purchases_summary(view: View, by_year: dict[int, tuple[float, ...]], branches: dict[str, float]) -> str:
    whole = sum(amount for (amount,) in by_year.values())
    peak = max(by_year, key=lambda year: by_year[year][0])
    first = next(iter(branches))
    return (
        f"{view.money(whole)} ({view.base_unit}) over the plan, most of it in "
        f"{view.year_text(peak, view.buyer_years)} with {view.money(by_year[peak][0])}; "
        f"the largest buyer is {view.names.short_branch(first)} with {percent_text(branches[first] / whole)}."
    )


def _largest(sums: dict[str, tuple[float, ...]], count: int) -> dict[str, float]:
    """The `count` keys with the largest sums, largest first; ties in alphabetical order."""
    positive = [(name, amount) for name, (amount, *_) in sums.items() if amount > 0]
    return dict(sorted(positive, key=lambda pair: (-pair[1], pair[0]))[:count])


@figure("systems", order=2)
def systems(view: View) -> Figure:
    """Money and units by system over the whole plan."""
    sums = totals(view.rows("purchases"), lambda row: row["system"], "amount", "quantity", "amount_then_year")
    title = f"Purchases by system over the whole plan, {view.base_unit}"
    bought = {name: values for name, values in sums.items() if values[1] > 0}
    order = sorted(bought, key=lambda name: (-bought[name][0], name))
    grid = Grid(
        "Purchases by system over the whole plan",
        (
            GridColumn("System"),
            GridColumn("Supplier"),
            GridColumn("Units", "whole", "units"),
            GridColumn("Amount", "money", view.base_unit),
            GridColumn("Amount as paid", "money", view.then_unit),
        ),
        tuple(
            (
                view.names.system(name),
                _supplier(view, name),
                bought[name][1],
                bought[name][0],
                bought[name][2],
            )
            for name in order
        ),
    )
    if not order:
        return Figure("systems", title, "The plan buys no system.", None, grid)
    shown = order[:ROWS_SHOWN]
    left = len(order) - len(shown)
    rest = sum(bought[name][0] for name in order[ROWS_SHOWN:])
    note = f"{count_text(left, 'smaller system')} for {view.money(rest)} only in the table." if left else ""
    return Figure(
        "systems",
        title,
        _systems_summary(view, bought, order),
        _systems_spec(view, bought, shown),
        grid,
        note,
    )


def _supplier(view: View, system: str) -> str:
    suppliers = {row.id: row.supplier for row in view.deal.systems}
    return view.names.party(suppliers[system]) if system in suppliers else system


def _systems_summary(view: View, bought: dict[str, tuple[float, ...]], order: list[str]) -> str:
    whole = sum(values[0] for values in bought.values())
    own = sum(bought[name][0] for name in order if name in view.seller_systems)
    share = f", {percent_text(own / whole)} of the money to systems of {view.seller}" if whole > 0 else ""
    leaders = [f"{view.names.system(name)} ({number_text(bought[name][1], 0)} units)" for name in order[:3]]
    return f"{count_text(len(order), 'system')} bought{share}; most money goes to {list_text(leaders)}."


def _systems_spec(view: View, bought: dict[str, tuple[float, ...]], shown: list[str]) -> dict[str, Any]:
    size, word = money_scale(bought[shown[0]][0])
    names = distinct_labels({name: view.names.system(name) for name in shown}, LABEL_LIMIT)
    sides = {True: f"systems of {view.seller}", False: "systems of others"}
    values = [
        {
            "label": names[name],
            "amount": bought[name][0] / size,
            "side": sides[name in view.seller_systems],
            "text": f"{number_text(bought[name][1], 0)} units",
        }
        for name in shown
    ]
    labels = list(names.values())
    y = {"field": "label", "type": "nominal", "sort": labels, "title": None, "axis": {"ticks": False}}
    x = {
        "field": "amount",
        "type": "quantitative",
        "title": f"{word}{view.base_unit}",
        "axis": {"tickCount": 5},
        # Room at the end of the longest bar for its text.
        "scale": {"domain": [0, bought[shown[0]][0] / size * 1.25], "nice": False},
    }
    side = {
        "field": "side",
        "type": "nominal",
        "legend": legend(list(sides.values()), plot_width(labels)),
        "scale": {"domain": list(sides.values()), "range": [BLUE, ORANGE]},
    }
    return document(
        labels=labels,
        data={"values": values},
        width=plot_width(labels),
        height={"step": ROW_HEIGHT},
        layer=[
            {"mark": {"type": "bar", "height": {"band": 0.7}}, "encoding": {"y": y, "x": x, "color": side}},
            {
                "mark": {"type": "text", "align": "left", "dx": 5, "color": INK},
                "encoding": {"y": y, "x": x, "text": {"field": "text"}},
            },
        ],
    )

"""Pictures of money: budgets of the buyer and sales to other buyers."""

from __future__ import annotations

from collections.abc import Sequence

from dronedeal.report.charts.bullets import Bullet, BulletStyle, bullet_panels, number_ticks
from dronedeal.report.charts.columns import stacked_columns
from dronedeal.report.charts.style import BLUE, HATCH, LABEL_LIMIT, ROWS_SHOWN, SERIES, money_scale
from dronedeal.report.charts.text import distinct_labels
from dronedeal.report.figure import Figure, figure
from dronedeal.report.grid import Grid, GridColumn
from dronedeal.report.view import Row, View, is_reached, total, totals
from dronedeal.report.wording import count_text, number_text, percent_text, plain

WITHIN, OVER = "spent within the budget", "more spent than voted"


@figure("budgets", order=6)
def budgets(view: View) -> Figure:
    """Money voted and spent, by branch, appropriation and budget year."""
    rows = view.rows("budgets")
    title = f"Budgets and what is spent of them, {view.then_unit}"
    grid = _budget_grid(view, rows)
    if not rows:
        return Figure("budgets", title, "The deal states no budgets.", None, grid)
    sums = totals(rows, lambda row: (row["branch"], row["appropriation"]), "amount_then_year", "spent")
    order = sorted(sums, key=lambda key: (-max(sums[key]), key))
    shown = set(order[:ROWS_SHOWN])
    size, word = money_scale(max(max(row["amount_then_year"], row["spent"]) for row in rows))
    names = {key: f"{view.names.short_branch(key[0])} · {plain(key[1])}" for key in order}
    labels = distinct_labels(names, LABEL_LIMIT)
    bullets = [
        Bullet(
            label=labels[row["branch"], row["appropriation"]],
            panel=view.year_text(row["budget_year"], view.buyer_years),
            value=row["spent"] / size,
            mark=row["amount_then_year"] / size,
            track=row["amount_then_year"] / size,
            state=WITHIN if is_reached(row["overspent"], row["amount_then_year"]) else OVER,
        )
        for row in sorted(
            rows, key=lambda row: (order.index((row["branch"], row["appropriation"])), row["budget_year"])
        )
        if (row["branch"], row["appropriation"]) in shown
    ]
    bullets.sort(key=lambda bullet: bullet.panel)
    states = {WITHIN: BLUE, **({OVER: HATCH} if any(bullet.state == OVER for bullet in bullets) else {})}
    limit = max(max(bullet.value, bullet.track) for bullet in bullets) or 1.0
    style = BulletStyle(
        states,
        f"bar: spent · tick and pale bar: voted · {word}{view.then_unit}, by year of the vote",
        limit,
        number_ticks(limit),
    )
    left = len(order) - len(shown)
    note = f"{count_text(left, 'smaller budget')} only in the table." if left else ""
    return Figure("budgets", title, _budget_summary(view, rows), bullet_panels(bullets, style), grid, note)


def _budget_summary(view: View, rows: Sequence[Row]) -> str:
    voted, spent = total(rows, "amount_then_year"), total(rows, "spent")
    over = [row for row in rows if not is_reached(row["overspent"], row["amount_then_year"])]
    used = [
        row
        for row in rows
        if row["amount_then_year"] > 0 and is_reached(row["left"], row["amount_then_year"])
    ]
    share = f" ({percent_text(spent / voted)})" if voted > 0 else ""
    tail = f"{len(over)} are overspent" if over else "none is overspent"
    return (
        f"{view.money(spent)} of {view.money(voted)} voted is spent{share}, in {view.then_unit}; "
        f"{len(used)} of {count_text(len(rows), 'budget')} are used up and {tail}."
    )


def _budget_grid(view: View, rows: Sequence[Row]) -> Grid:
    return Grid(
        "Budgets by branch, year of the vote and appropriation",
        (
            GridColumn("Branch"),
            GridColumn("Year of the vote", "year"),
            GridColumn("Appropriation"),
            GridColumn("Voted", "money", view.then_unit),
            GridColumn("Spent", "money", view.then_unit),
            GridColumn("Left", "money", view.then_unit),
            GridColumn("Overspent", "money", view.then_unit),
        ),
        tuple(
            (
                view.names.branch(row["branch"]),
                row["budget_year"],
                plain(row["appropriation"]),
                row["amount_then_year"],
                row["spent"],
                row["left"],
                row["overspent"],
            )
            for row in rows
        ),
    )


@figure("other_sales", order=8)
def other_sales(view: View) -> Figure:
    """Sales to other buyers by fiscal year of the seller and group of customers."""
    rows = view.rows("other_sales")
    title = f"Sales to other buyers by fiscal year of the seller, {view.base_unit}"
    sums = totals(
        rows,
        lambda row: (row["fiscal_year"], row["tier"], row["customer"], row["system"]),
        "amount",
        "quantity",
    )
    grid = Grid(
        "Sales to other buyers",
        (
            GridColumn("Fiscal year", "year"),
            GridColumn("Group"),
            GridColumn("Customer"),
            GridColumn("System"),
            GridColumn("Units", "quantity", "units"),
            GridColumn("Amount", "money", view.base_unit),
        ),
        tuple(
            (year, plain(tier), view.names.customer(customer), view.names.system(system), quantity, amount)
            for (year, tier, customer, system), (amount, quantity) in sorted(sums.items())
        ),
    )
    if not any(amount > 0 for amount, _ in sums.values()):
        words = (
            "The plan sells nothing to other buyers."
            if view.deal.other_buyers
            else "The deal names no other buyers."
        )
        return Figure("other_sales", title, words, None, grid)
    tiers = totals(rows, lambda row: row["tier"], "amount")
    order = sorted(tiers, key=lambda tier: (-tiers[tier][0], tier))[: len(SERIES)]
    amounts: dict[tuple[str, str], float] = {}
    for (year, tier, _, _), (amount, _) in sums.items():
        key = (view.year_text(year, view.seller_years), plain(tier))
        amounts[key] = amounts.get(key, 0.0) + amount
    years = [view.year_text(year, view.seller_years) for year in view.seller_years.names]
    spec = stacked_columns(amounts, years=years, series=[plain(tier) for tier in order], unit=view.base_unit)
    left = len(tiers) - len(order)
    note = f"{count_text(left, 'smaller group')} only in the table." if left else ""
    whole = total(rows, "amount")
    summary = (
        f"{view.money(whole)} ({view.base_unit}) from {number_text(total(rows, 'quantity'), 0)} units sold "
        "to other "
        f"buyers, {percent_text(tiers[order[0]][0] / whole)} of it to the group {plain(order[0])}."
    )
    return Figure("other_sales", title, summary, spec, grid, note)

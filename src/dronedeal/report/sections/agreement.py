"""Tables and words on what the agreement with the seller comes to: instalments, rebates, commitments."""

from __future__ import annotations

from dronedeal.report.grid import Grid, GridColumn
from dronedeal.report.view import View
from dronedeal.report.wording import list_text, number_text


def agreement_words(view: View) -> tuple[str, ...]:
    """What the terms of payment say; nothing where the deal states none."""
    terms = view.deal.settings.terms
    parts = []
    if terms.advance_share:
        parts.append(f"{number_text(terms.advance_share * 100)}% in the first month of the fiscal year")
    if terms.retention_share:
        parts.append(
            f"{number_text(terms.retention_share * 100)}% {terms.retention_months} months after its end"
        )
    words = []
    if parts:
        words.append(f"Of what the seller makes, the price is paid {list_text(parts)}, the rest at delivery.")
    if terms.ceiling is not None:
        currency = terms.currency or view.deal.settings.currency
        words.append(f"All payments to the seller together are at most {currency} {terms.ceiling:,.0f}.")
    if terms.cancellation_share:
        words.append(
            f"If the buyer cancelled at the end of a year, it would owe "
            f"{number_text(terms.cancellation_share * 100)}% of the price of what is firm in later years."
        )
    return tuple(words)


def agreement_tables(view: View) -> tuple[Grid, ...]:
    """The tables that have something to say."""
    return tuple(grid for grid in (_commitments(view), _rebates(view)) if grid.rows)


def _commitments(view: View) -> Grid:
    columns = (
        ("to_seller", "Owed for deliveries"),
        ("to_seller_so_far", "So far"),
        ("paid_in_advance", "Paid in advance"),
        ("paid_at_delivery", "Paid at delivery"),
        ("paid_after_retention", "Paid of what was kept back"),
        ("rebates", "Rebates"),
        ("firm", "Firm in the year"),
        ("firm_later", "Firm in later years"),
        ("cancellation", "Owed if cancelled"),
    )
    rows = view.rows("commitments")
    kept = [(name, title) for name, title in columns if any(row[name] for row in rows)]
    return Grid(
        "What the buyer owes and pays the seller, and what is firm",
        (
            GridColumn("Fiscal year", "year"),
            *(GridColumn(title, "money", view.then_unit) for _, title in kept),
        ),
        tuple((row["fiscal_year"], *(row[name] for name, _ in kept)) for row in rows) if kept else (),
        sheet="Agreement",
    )


def _rebates(view: View) -> Grid:
    return Grid(
        "Rebates of price tiers and bundles",
        (
            GridColumn("Fiscal year", "year"),
            GridColumn("For"),
            GridColumn("Branch"),
            GridColumn("Units or sets", "quantity"),
            GridColumn("Rebate", "money", view.then_unit),
        ),
        tuple(
            (
                row["fiscal_year"],
                f"{'tier of' if row['kind'] == 'tier' else 'bundle'} {row['subject']}",
                view.names.branch(row["branch"]),
                row["quantity"],
                row["amount_then_year"],
            )
            for row in view.rows("rebates")
        ),
        note="Shipments are shown at the price of the lowest tier; the rebate is settled in the last month "
        "of the year.",
        sheet="Rebate summary",
    )

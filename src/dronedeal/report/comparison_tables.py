"""The tables of a comparison: what differs in the deals, in the yearly figures, and in the certificates."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cached_property
from typing import Any

from dronedeal.report.grid import Grid, GridColumn
from dronedeal.report.names import Names
from dronedeal.report.wording import NO_BREAK_HYPHEN, NO_BREAK_SPACE, count_text, gap_text, plain
from dronedeal.results.compare import COMPARED, Comparison, Figure
from dronedeal.results.savings import ASSUMED

TITLES = {
    "utility_items": "Parts of each side's utility",
    "purchases": "Purchases by fiscal year, requirement, system and line",
    "coverage": "Coverage of requirements",
    "unmet": "What is short of the objective",
    "home_coverage": "Own needs of the seller",
    "payments": "Payments by fiscal year, branch and kind of money",
    "budgets": "Budgets",
    "rebates": "Rebates of price tiers and bundles",
    "commitments": "What the agreement comes to by fiscal year",
    "cash": "The cash account of the seller",
    "other_sales": "Sales to other buyers",
    "production": "Production and unit cost by calendar year, line and system",
    "learning": "Learning: experience and unit cost of each product",
    "openings": "Openings and steps",
    "substitutions": "Units made with substitute parts by calendar year",
    "integrations": "Integration work",
    "projects": "Technical-cooperation projects",
    "project_gains": "Effective units added by projects",
    "project_savings": "Units that cost less by projects",
    "rules": "Composition rules: what is broken, and what it costs",
    "violations": "Rules broken",
    "binding": "Rules that bind, and the worth of one more unit",
}
_YEARS = ("fiscal_year", "budget_year", "year")


class Labels:
    """Readable names of what a comparison speaks of; without deals the ids stand for themselves.

    Parameters
    ----------
    comparison : whose first deal, where it has one, gives the names
    """

    def __init__(self, comparison: Comparison) -> None:
        self._comparison = comparison

    @cached_property
    def _names(self) -> Names | None:
        return Names(self._comparison.deals[0]) if self._comparison.deals else None

    def cell(self, column: str, value: Any) -> Any:
        """What stands for a key cell; years stay numbers."""
        names = self._names
        if column in _YEARS or value is None:
            return value if column != "line" else "bought elsewhere"
        if names is None:
            return plain(value) if column in ("item", "kind") else value
        known = {
            "branch": names.branch,
            "requirement": names.requirement,
            "system": names.system,
            "line": names.line,
            "need": names.need,
            "customer": names.customer,
            "subject": names.subject,
            "party": names.party,
        }
        speak = known.get(column)
        return plain(value) if speak is None else speak(value)


def value_columns(comparison: Comparison) -> tuple[GridColumn, ...]:
    """A column for each plan, then change and relative change of each further one against the first."""
    first, *others = comparison.names
    found = [GridColumn(name, "figure") for name in comparison.names]
    for name in others:
        words = "" if len(others) == 1 else f"{name} "
        found += [
            GridColumn(f"{words}change", "change", f"against {first}"),
            GridColumn(f"{words}change, %", "relative", f"of {first}"),
        ]
    return tuple(found)


def value_cells(figure: Figure) -> tuple[float | None, ...]:
    """The cells of one figure under `value_columns`."""
    changes: list[float | None] = []
    for number in range(1, len(figure.values)):
        changes += [figure.change(number), figure.relative(number)]
    return (*figure.values, *changes)


def totals_grid(comparison: Comparison) -> Grid:
    """What each plan comes to as a whole."""
    return Grid(
        "What each plan comes to",
        (GridColumn("Figure"), GridColumn("Unit"), *value_columns(comparison)),
        tuple(
            (plain(figure.key[0]).capitalize(), figure.unit, *value_cells(figure))
            for figure in comparison.totals
        ),
        is_open=True,
    )


def savings_grid(comparison: Comparison) -> Grid:
    """Where the worth of the first plan over the second comes from."""
    unit = f"{comparison.plans[0].currency}, discounted"
    rows = [
        (plain(saving.source).capitalize(), saving.words, saving.buyer, saving.seller, saving.joint)
        for saving in comparison.savings
    ]
    total = tuple(sum(row[place] for row in rows) for place in (2, 3, 4))  # type: ignore[misc]
    return Grid(
        f"Worth of {comparison.names[0]} over {comparison.names[1]}, by source",
        (
            GridColumn("Source"),
            GridColumn("What it is"),
            GridColumn("Buyer", "money", unit),
            GridColumn("Seller", "money", unit),
            GridColumn("Both", "money", unit),
        ),
        (*rows, ("All together", "The difference of the two plans", *total)),
        note=f"Computed from the tables of both plans. {ASSUMED}",
        is_open=True,
    )


def table_grid(comparison: Comparison, table: str, labels: Labels) -> Grid:
    """The figures of one table that differ, one a row."""
    return Grid(
        TITLES[table],
        (*key_columns(table), GridColumn("Figure and unit"), *value_columns(comparison)),
        figure_rows(comparison.of(table), labels, is_unit_apart=False),
    )


def key_columns(table: str) -> tuple[GridColumn, ...]:
    """Columns of the key of a compared table."""
    return tuple(
        GridColumn(plain(name).capitalize(), "year" if name in _YEARS else "text")
        for name in COMPARED[table].key
    )


def figure_rows(
    figures: Sequence[Figure], labels: Labels, *, is_unit_apart: bool = True
) -> tuple[tuple[Any, ...], ...]:
    """Key in words, figure with its unit beside it or apart, values and changes of each figure."""
    return tuple(
        (
            *(
                labels.cell(name, cell)
                for name, cell in zip(COMPARED[figure.table].key, figure.key, strict=True)
            ),
            *_figure_cells(figure, is_unit_apart=is_unit_apart),
            *value_cells(figure),
        )
        for figure in figures
    )


def _figure_cells(figure: Figure, *, is_unit_apart: bool) -> tuple[str, ...]:
    name = plain(figure.column)
    # A unit that breaks into one word a line makes a row four lines high.
    whole = figure.unit.replace(" ", NO_BREAK_SPACE).replace("-", NO_BREAK_HYPHEN)
    return (name, figure.unit) if is_unit_apart else (f"{name}, {whole}",)


def inputs_grid(comparison: Comparison) -> Grid:
    """What differs between the deals, row by row with its address."""
    others = range(1, len(comparison.plans))
    relative = [
        GridColumn("Change, %" if len(others) == 1 else f"{comparison.names[number]} change, %", "relative")
        for number in others
    ]
    return Grid(
        f"{count_text(len(comparison.inputs), 'input differs', 'inputs differ')}",
        (
            GridColumn("Address"),
            *(GridColumn(name) for name in comparison.names),
            *relative,
            GridColumn("Unit"),
            GridColumn("Where it stands"),
        ),
        tuple(
            (
                each.address,
                *map(each.text, range(len(comparison.plans))),
                *map(each.relative, others),
                each.unit or None,
                None if each.place is None else str(each.place),
            )
            for each in comparison.inputs
        ),
        is_open=True,
    )


def certificates_grid(comparison: Comparison) -> Grid:
    """The certificates side by side, one a row."""
    return Grid(
        "Certificates",
        (
            GridColumn("Plan"),
            GridColumn("Deal"),
            GridColumn("Status"),
            GridColumn("Objective"),
            GridColumn("Worth", "money", comparison.total("objective").unit),
            GridColumn("Bound", "money", comparison.total("objective").unit),
            GridColumn("Gap"),
            GridColumn("Verified"),
            GridColumn("Digest of the deal"),
        ),
        tuple(
            (
                each.name,
                each.title,
                each.status,
                each.objective_kind,
                each.objective,
                each.bound,
                gap_text(each.gap),
                "yes" if each.is_verified else "no",
                each.digest[:16],
            )
            for each in comparison.certificates
        ),
        is_open=True,
    )

"""The unit in which the values of a clause are stated."""

from __future__ import annotations

from collections.abc import Mapping

from dronedeal.deal.clause_cells import Cell, Subjects
from dronedeal.deal.clauses import Clause
from dronedeal.deal.deal import Deal

# What the limit of a rule counts, by the kind of the rule.
_LIMIT_UNITS: Mapping[str, str] = {
    "component_origin_limit": "share",
    "local_content": "share",
    "work_share": "share",
    "price_cap": "currency per unit",
    "export_permit": "months",
    "mix": "share",
}
_BY_KIND = "by kind"


def clause_unit(deal: Deal, clause: Clause) -> str | None:
    """Unit of the values of a clause, the currency by its code and with its price basis.

    A clause with effects has the unit of those cells that take its value at both positions.

    Returns
    -------
    None where nothing is computed, the cells are words or days, or the values are a scale of their own

    Examples
    --------
    >>> from dronedeal.deal.synthetic import synthetic_deal
    >>> deal = synthetic_deal(systems=3, lines=3, requirements=2, seed=1)
    >>> clause = Clause(id="advance", kind="advance_share", subject="settings.terms.advance_share")
    >>> clause_unit(deal.with_table("clauses", [clause]), clause)
    'share of price'
    """
    for change in Subjects(deal).changes(clause):
        if change.ends is None or change.ends == (clause.buyer_position, clause.seller_position):
            units = {_unit(deal, change.column.unit, cell) for cell in change.cells}
            if len(units) == 1 and any(units):
                return units.pop()
    return None


def _unit(deal: Deal, unit: str, cell: Cell) -> str | None:
    """Unit of one cell; None: it has none."""
    row = deal.settings if cell.table == "settings" else deal.table(cell.table)[cell.row]
    if unit == _BY_KIND:
        unit = _LIMIT_UNITS.get(getattr(row, "kind", ""), "")
    if not unit.startswith("currency"):
        return unit or None
    settings = deal.settings
    is_then_year = "then-year" in unit or getattr(row, "price_basis", "base_year") == "then_year"
    basis = "then-year" if is_then_year else f"base-year {settings.price_base_year}"
    code = getattr(row, "currency", None) or settings.currency
    return f"{unit.removesuffix(', then-year').replace('currency', code, 1)}, {basis}"

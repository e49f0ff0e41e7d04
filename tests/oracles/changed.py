"""Deals changed so that what must become of their plans is known beforehand."""

from __future__ import annotations

import random
from typing import Any

from dronedeal.deal import Deal
from dronedeal.deal.record import Frozen
from dronedeal.deal.schema import TABLES


def scaled(deal: Deal, factor: float) -> Deal:
    """The same deal with every amount of money so many times as large."""
    for name in TABLES:
        deal = deal.with_table(name, [_scaled_row(row, factor) for row in deal.table(name)])
    return deal


def _scaled_row(row: Frozen, factor: float) -> Frozen:
    update = {
        name: _times(getattr(row, name), factor)
        for name, field in type(row).model_fields.items()
        if str((field.json_schema_extra or {}).get("unit", "")).startswith("currency")  # type: ignore[union-attr]
    }
    if getattr(row, "kind", "") == "price_cap":
        update["limit"] = _times(row.limit, factor)  # type: ignore[attr-defined]
    return row.model_copy(update=update)


def _times(value: Any, factor: float) -> Any:
    if isinstance(value, tuple):
        return tuple(part * factor for part in value)
    return None if value is None else value * factor


def permuted(deal: Deal, seed: int) -> Deal:
    """The same rows in another order, table by table."""
    draw = random.Random(seed)
    for name in TABLES:
        rows = list(deal.table(name))
        draw.shuffle(rows)
        deal = deal.with_table(name, rows)
    return deal


def renamed(deal: Deal) -> Deal:
    """The same deal with other names for systems, lines, requirements, branches and parts."""
    tables = ("systems", "lines", "requirements", "branches", "components")
    new = {
        row.id: f"x-{number:03d}" for number, row in enumerate(row for t in tables for row in deal.table(t))
    }
    for name in TABLES:
        deal = deal.with_table(name, [_renamed_row(row, new) for row in deal.table(name)])
    return deal


def _renamed_row(row: Frozen, new: dict[str, str]) -> Frozen:
    update: dict[str, Any] = {}
    for name in type(row).model_fields:
        value = getattr(row, name)
        if isinstance(value, str) and value in new:
            update[name] = new[value]
        elif isinstance(value, tuple) and any(part in new for part in value if isinstance(part, str)):
            update[name] = tuple(new.get(part, part) for part in value)
    return row.model_copy(update=update)


def with_halved_line(deal: Deal, line: str) -> Deal:
    """One existing line as two equal halves; it must have no prices and no parts of its own."""
    assert all(row.line != line for table in ("prices", "system_components") for row in deal.table(table))
    lines: list[Any] = []
    for row in deal.lines:
        half = {
            "initial_capacity": row.initial_capacity / 2,
            "fixed_cost": row.fixed_cost / 2,
            "max_steps": 0,
        }
        if row.id == line:
            lines += [row.model_copy(update=half), row.model_copy(update=half | {"id": f"{line}-half"})]
        else:
            lines.append(row)
    made: list[Any] = []
    for product in deal.line_systems:
        if product.line == line:
            part = product.model_copy(update={"initial_stock": product.initial_stock / 2})
            made += [part, part.model_copy(update={"line": f"{line}-half"})]
        else:
            made.append(product)
    return deal.with_table("lines", lines).with_table("line_systems", made)


def without_steps(deal: Deal, line: str) -> Deal:
    """The same deal with a line that never grows, as one that is halved must not."""
    rows = [row.model_copy(update={"max_steps": 0}) if row.id == line else row for row in deal.lines]
    return deal.with_table("lines", rows)


def with_factor(deal: Deal, table: str, column: str, *, factor: float) -> Deal:
    """Every figure of one column so many times as large; blank cells stay blank."""
    rows = [
        row.model_copy(update={column: _times(getattr(row, column), factor)}) for row in deal.table(table)
    ]
    return deal.with_table(table, rows)

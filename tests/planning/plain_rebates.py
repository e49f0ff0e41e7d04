"""Price tiers and bundles of the naive model: every delivery is split over the tiers."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any

from tests.planning.plain_terms import operator_of, unit_price

if TYPE_CHECKING:
    from tests.planning.plain_model import PlainModel, Terms

HAIR = 1e-5


def add_rebates(model: PlainModel) -> None:
    """All tiers and bundles; `model.rebate` keeps who pays how much less in which year."""
    for key in {(row.system, row.line, row.fiscal_year) for row in model.deal.prices}:
        rows = [row for row in model.deal.prices if (row.system, row.line, row.fiscal_year) == key]
        rows.sort(key=lambda row: row.tier_from)
        ships = [
            name
            for name in model.payment
            if model._price(name[1], model.year(model.buyer, name[3])) is rows[0]
        ]
        if len(rows) > 1 and ships:
            _tiers(model, rows, ships)
    for bundle in model.deal.bundles:
        _bundle(model, bundle)


def _much(model: PlainModel) -> float:
    worst = min(match.effectiveness for match in model.matches)
    return sum(row.objective for row in model.deal.requirement_quantities) / worst + 10


def _below(model: PlainModel, quantity: float) -> float:
    return math.ceil(quantity) - 1 if model.deal.settings.options.whole_units else quantity * (1 - HAIR)


def _tiers(model: PlainModel, rows: list[Any], ships: list[tuple[Any, ...]]) -> None:
    year = rows[0].fiscal_year
    share = model.share(model.buyer, year)
    starts = [0.0, *(row.tier_from * share for row in rows[1:]), _much(model)]
    at = [model.column("at", id(rows[0]), number, upper=1, is_integer=True) for number in range(len(rows))]
    parts = {(name, n): model.column("part", name, n) for name in ships for n in range(len(rows))}
    for name in ships:
        model.row({name: -1.0} | {parts[name, n]: 1.0 for n in range(len(rows))}, 0.0, 0.0)
    is_incremental = rows[0].tier_kind == "incremental"
    if not is_incremental:
        model.row(dict.fromkeys(at, 1.0), 1.0, 1.0)
    for n, column in enumerate(at):
        inside: Terms = {parts[name, n]: 1.0 for name in ships}
        if is_incremental:
            model.row(inside | {column: starts[n] - starts[n + 1]}, -math.inf, 0.0)
            if n + 1 < len(rows):
                model.row(inside | {at[n + 1]: starts[n] - starts[n + 1]}, 0.0, math.inf)
            continue
        end = _below(model, starts[n + 1]) if n + 1 < len(rows) else starts[n + 1]
        model.row(inside | {column: -end}, -math.inf, 0.0)
        model.row(inside | {column: -starts[n]}, 0.0, math.inf)
    prices = [unit_price(model, row, year) for row in rows]
    for (name, n), column in parts.items():
        _settle(model, column, name, year=year, amount=prices[0] - prices[n], royalty=rows[0].royalty)


def _settle(
    model: PlainModel,
    column: tuple[Any, ...],
    ship: tuple[Any, ...],
    *,
    year: int,
    amount: float,
    royalty: float,
) -> None:
    """Book a rebate on units of one delivery in the last month of the year."""
    last = model.months_of(model.buyer, year)[-1]
    operator, owner = operator_of(model, ship[1]), model.system[ship[1][1]].supplier
    now, then = model.discount(model.buyer, last), model.discount(model.seller, last)
    due = royalty * amount if owner == model.seller.id else 0.0
    model.utility["buyer"][column] += now * (due if operator == model.buyer.id else amount)
    model.utility["seller"][column] -= then * (amount if operator == model.seller.id else due)
    to_seller = {model.seller.id: amount, model.buyer.id: due}.get(operator, 0.0)
    model.rebate[column] = (ship[2], year, amount, to_seller)


def _bundle(model: PlainModel, bundle: Any) -> None:
    year, much = bundle.fiscal_year, _much(model)
    sets = model.column("sets", bundle.id, year, is_integer=True)
    amount = model.money(bundle.rebate, bundle, model.buyer, year)
    short, takers = [], {}
    for system, quantity in zip(bundle.systems, bundle.quantities, strict=True):
        ships = {
            name: 1.0
            for name in model.payment
            if name[1][1] == system
            and model.year(model.buyer, name[3]) == year
            and operator_of(model, name[1]) == model.seller.id
        }
        model.row(ships | {sets: -quantity}, 0.0, math.inf)
        short.append(model.column("short", bundle.id, year, system, upper=1, is_integer=True))
        model.row(ships | {sets: -quantity, short[-1]: much}, -math.inf, much + _below(model, quantity))
        for name in ships:
            takers.setdefault(name[2], {})[name] = 1.0 / quantity
    model.row(dict.fromkeys(short, 1.0), 1.0, math.inf)
    given = {need: model.column("given", bundle.id, year, need) for need in takers}
    model.row({sets: -1.0} | dict.fromkeys(given.values(), 1.0), 0.0, 0.0)
    last = model.months_of(model.buyer, year)[-1]
    for need, column in given.items():
        model.row(takers[need] | {column: -1.0}, 0.0, math.inf)
        model.utility["buyer"][column] += model.discount(model.buyer, last) * amount
        model.utility["seller"][column] -= model.discount(model.seller, last) * amount
        model.rebate[column] = (need, year, amount, amount)

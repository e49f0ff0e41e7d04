"""The terms of payment of the naive model, with loops only."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from tests.planning.plain_model import PlainModel, Terms


def unit_price(model: PlainModel, price: Any, year: int) -> float:
    """Base-year millions for one unit; a clause lets part of the price follow its index."""
    factor = 1.0
    if price.escalation_index is not None:
        level = {row.fiscal_year: row.value for row in model.deal.indices if row.id == price.escalation_index}
        growth = level[year] / level[model.deal.settings.price_base_year]
        factor = (1 - price.escalation_share) + price.escalation_share * growth
    return model.money(price.unit_price * factor, price, model.buyer, year)


def most(price: Any) -> float:
    """Units a year that a price row allows."""
    options = math.inf if price.option_quantity is None else (price.firm_minimum or 0) + price.option_quantity
    return min(options, math.inf if price.maximum is None else price.maximum)


def ceiling(model: PlainModel) -> None:
    """Then-year payments to the seller over the whole plan."""
    terms = model.deal.settings.terms
    if terms.ceiling is None:
        return
    rate = next(
        (
            row.value
            for row in model.deal.rates
            if (row.id, row.fiscal_year) == (terms.currency, model.deal.settings.price_base_year)
        ),
        1.0,
    )
    paid: Terms = {}
    for name, price in model.payment.items():
        product, year = name[1], model.year(model.buyer, name[3])
        owner = model.system[product[1]].supplier
        operator = operator_of(model, product)
        share = 1.0 if operator == model.seller.id else 0.0
        if operator == model.buyer.id and owner == model.seller.id:
            share = model._price(product, year).royalty
        paid[name] = share * price * model.index(model.buyer, year)
    for name, (_, year, _, to_seller) in model.rebate.items():
        paid[name] = -to_seller * model.index(model.buyer, year)
    model.terms_of_the_deal.add(len(model.rows))
    model.row(paid, -math.inf, terms.ceiling * rate / 1e6)


def operator_of(model: PlainModel, product: tuple[str | None, str]) -> str:
    """Who runs the line of a product, or sells it on the market."""
    line, system = product
    return str(model.system[system].supplier if line is None else model.line[line].operator)


def instalments(model: PlainModel, name: tuple[Any, ...], operator: str) -> list[tuple[int, float]]:
    """Months of payment of a delivery, each with its share of the price."""
    terms, t = model.deal.settings.terms, name[3]
    if operator != model.seller.id:
        return [(t, 1.0)]
    months = model.months_of(model.buyer, model.year(model.buyer, t))
    late = min(months[-1] + terms.retention_months, model.months - 1)
    rest = 1 - terms.advance_share - terms.retention_share
    return [(months[0], terms.advance_share), (t, rest), (late, terms.retention_share)]


def share_due(model: PlainModel, name: tuple[Any, ...], year: int) -> float:
    """Share of the price of a delivery that is due in a year of the buyer."""
    parts = instalments(model, name, operator_of(model, name[1]))
    return sum(share for t, share in parts if model.year(model.buyer, t) == year)

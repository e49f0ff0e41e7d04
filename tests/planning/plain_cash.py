"""The seller's cash account of the naive model: no account, only what every year's end must leave."""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from tests.planning import plain_terms
from tests.planning.plain_cooperation import seller_pays

if TYPE_CHECKING:
    from tests.planning.plain_model import PlainModel, Terms

Moved = tuple[int, tuple[Any, ...], float]


def cash(model: PlainModel) -> None:
    """`opening + Σ of all years so far ≥ floor` at the end of every year, and the share that is put back."""
    account = model.deal.settings.cash
    if account.opening is None:
        return
    rate = model.rate(account, model.deal.settings.price_base_year) / 1e6
    in_deal, apart = list(_proceeds(model)), list(_other_money(model))
    years = model.years(model.buyer)
    so_far: Terms = defaultdict(float)
    limit = account.floor * rate - account.opening * rate
    for year in years:
        months = set(model.months_of(model.buyer, year))
        fund = model.column("reinvest", year)
        model.utility["seller"][fund] += model.discount(model.seller, max(months)) * (account.fund_value - 1)
        share: Terms = defaultdict(float)
        for t, name, amount in in_deal:
            if t in months:
                share[name] -= account.reinvestment_share * amount
        for t, name, amount in (*in_deal, *apart):
            if t in months:
                so_far[name] += amount
        so_far[fund] -= 1.0
        share[fund] = 1.0
        limit += sum(_fixed(model, t) for t in months)
        model.row(dict(so_far), limit, math.inf)
        model.row(dict(share), 0.0, math.inf)


def _proceeds(model: PlainModel) -> Iterator[Moved]:
    for name, price in model.payment.items():
        operator = plain_terms.operator_of(model, name[1])
        owner, year = model.system[name[1][1]].supplier, model.year(model.buyer, name[3])
        if operator == model.seller.id:
            for t, share in plain_terms.instalments(model, name, operator):
                real = model.index(model.buyer, year) / model.index(model.buyer, model.year(model.buyer, t))
                yield t, name, share * price * real
        elif owner == model.seller.id:
            yield name[3], name, model._price(name[1], year).royalty * price
    for name in model.named("open"):
        line = model.line[name[1]]
        made = [model.system[row.system] for row in model.deal.line_systems if row.line == line.id]
        if line.operator != model.seller.id and any(item.supplier == model.seller.id for item in made):
            operator = model.party(line.operator)
            yield name[2], name, model.money(line.licence_fee, line, operator, model.year(operator, name[2]))


def _other_money(model: PlainModel) -> Iterator[Moved]:
    share = model.deal.settings.cash.home_receipt_share
    for name in list(model.names):
        if name[0] == "sale":
            row = model.deal.other_buyers[name[2]]
            yield name[3], name, model.money(row.price, row, model.seller, row.fiscal_year)
        elif name[0] == "home":
            need = model.deal.home_needs[name[2]]
            yield name[3], name, share * model.money(need.value, need, model.seller, need.fiscal_year)
        elif name[0] == "make" and model.line[name[1]].operator == model.seller.id:
            row = model.load[name[1], name[2]]
            cost = row.unit_cost * (1 + row.cost_premium)
            yield name[3], name, -model.money(cost, row, model.seller, model.year(model.seller, name[3]))
        elif name[0] in ("open", "steps"):
            yield from _of_line(model, name)
        elif name[0] in ("integrate", "begin"):
            yield from ((t, name, -cost) for t, cost in seller_pays(model, name))


def _of_line(model: PlainModel, name: tuple[Any, ...]) -> Iterator[Moved]:
    line, tau = model.line[name[1]], name[2]
    if (line.investor or line.operator) == model.seller.id:
        cost = line.open_cost if name[0] == "open" else line.step_cost
        yield tau, name, -model.money(cost, line, model.seller, model.year(model.seller, tau))
    if name[0] == "open" and line.operator == model.seller.id:
        lead = max(line.open_lead_months, line.technology_transfer_months) + line.qualification_months
        for t in range(tau + lead, model.months):
            yield t, name, -_monthly(model, line, t)


def _monthly(model: PlainModel, line: Any, t: int) -> float:
    return model.money(line.fixed_cost / 12, line, model.seller, model.year(model.seller, t))


def _fixed(model: PlainModel, t: int) -> float:
    """Fixed costs of the seller's existing lines in a month."""
    return sum(
        _monthly(model, line, t)
        for line in model.deal.lines
        if line.status == "existing" and line.operator == model.seller.id and t >= model._start(line)
    )

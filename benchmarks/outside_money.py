"""Both utilities, item by item."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from benchmarks.outside_supply import start_of
from benchmarks.outside_tables import MILLION
from benchmarks.outside_terms import instalments

from dronedeal.assessment import with_worth

if TYPE_CHECKING:
    from benchmarks.outside_model import OutsideModel


def utilities(model: OutsideModel) -> None:
    """Coverage, deliveries, own needs, other sales, production, investment and fixed costs."""
    _coverage_value(model)
    _deliveries(model)
    t = model.tables
    model.pay("seller", model.sale, t.sale.price, t.sale.t)
    model.earn("seller", model.home, (t.home.seller * t.home.value).to_numpy(dtype=float))
    taus = t.decision.tau.to_numpy(dtype=np.int64)
    fee = t.decision.fee.to_numpy(dtype=float)
    model.pay("seller", model.decide, fee, taus, is_proceeds=True)
    for party in ("buyer", "seller"):
        discount = t.month[party].to_numpy()
        is_mine = (t.make.operator == party).to_numpy()
        cost = -discount[t.make.t.to_numpy(dtype=np.int64)] * t.make.cost.to_numpy() * is_mine
        model.earn(party, model.make, cost)
        is_payer = (t.decision.investor == party).to_numpy()
        model.pay(party, model.decide, -t.decision.cost.to_numpy(dtype=float) * is_payer, taus)
        _fixed_cost(model, party)
    is_buyers = (t.decision.operator == "buyer").to_numpy(dtype=float)
    model.pay("buyer", model.decide, -fee * is_buyers, taus)


def _deliveries(model: OutsideModel) -> None:
    """Prices, in the instalments of the terms, and royalties at delivery."""
    ship = model.tables.ship
    price, royalty = ship.price.to_numpy(), (ship.royalty * ship.price).to_numpy()
    operator, is_sellers = ship.operator.to_numpy(), ship.is_sellers.to_numpy(dtype=bool)
    for month, share in instalments(model.tables):
        model.pay("buyer", model.ship, -price * share * (operator != "buyer"), month)
        model.pay("seller", model.ship, price * share * (operator == "seller"), month, is_proceeds=True)
    model.pay("buyer", model.ship, -royalty * ((operator == "buyer") & is_sellers), ship.t)
    owed = royalty * ((operator != "seller") & is_sellers)
    model.pay("seller", model.ship, owed, ship.t, is_proceeds=True)


def _coverage_value(model: OutsideModel) -> None:
    t, years, buyer = model.tables, model.tables.worth.buyer_years, model.deal.settings.buyer.id
    number = {row.id: row for row in with_worth(model.deal).requirements}
    low, high = [], []
    for row in model.asked:
        need, year = number[row.requirement], row.fiscal_year
        weight = years.share(year) if need.kind == "stock" else 1.0
        weight *= t.worth.discount(buyer, years.months_in(year)[-1]) / MILLION
        low.append(weight * t.worth.base_amount(need.worth[0], need, party=buyer, year=year))
        high.append(weight * t.worth.base_amount(need.worth[1], need, party=buyer, year=year))
    model.earn("buyer", model.low, low)
    model.earn("buyer", model.high, high)


def _fixed_cost(model: OutsideModel, party: str) -> None:
    """Fixed cost of existing lines as a constant, of candidates from the month they can first produce."""
    t, decision = model.tables, model.tables.decision
    at, amounts, months = [], [], []
    for number, line in enumerate(model.deal.lines):
        if t.role(line.operator) != party:
            continue
        years = t.worth.years(line.operator)
        paid = -np.array(
            [
                t.worth.base_amount(line.fixed_cost / 12, line, party=line.operator, year=years.of(m))
                / MILLION
                for m in range(t.months)
            ]
        )
        if line.status == "existing":
            paid[: start_of(model, line)] = 0.0
            model.constant[party] += float((paid * t.month[party].to_numpy()).sum())
            if party == "seller":
                model.constant_flow += paid
        for row in decision[(decision.kind == "open") & (decision.line == number)].itertuples():
            running = range(row.tau + row.lead, t.months)
            at += [row.Index] * len(running)
            amounts += paid[running.start :].tolist()
            months += running
    model.pay(party, model.decide, amounts, months, at=at)

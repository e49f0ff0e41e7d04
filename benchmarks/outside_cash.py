"""The seller's account (rule 18): no balance, only what the end of every buyer year must leave."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
from benchmarks.outside_learning import greatest
from benchmarks.outside_tables import MILLION

if TYPE_CHECKING:
    from benchmarks.outside_model import OutsideModel


def account(model: OutsideModel) -> None:
    """`opening + Σ of all years so far ≥ floor`, and the share of the proceeds that goes into the fund."""
    t, cash = model.tables, model.deal.settings.cash
    model.fund = None
    if cash.opening is None:
        return
    settings = model.deal.settings
    opening, floor = (
        t.worth.base_amount(amount, cash, party=settings.seller.id, year=settings.price_base_year) / MILLION
        for amount in (cash.opening, cash.floor)
    )
    years = list(t.worth.buyer_years.names)
    count = len(years)
    model.fund = model.add("fund", count)
    last = [t.worth.buyer_years.months_in(year)[-1] for year in years]
    model.earn("seller", model.fund, (cash.fund_value - 1) * t.month.seller.to_numpy()[last])
    year_of = t.month.buyer_year.to_numpy() - years[0]
    _floor(model, opening - floor, year_of, count)
    share: Any = model.total(model.fund, np.arange(count), count=count)
    for flow in model.flows:
        if flow.is_proceeds and len(flow.amount):
            factor = -cash.reinvestment_share * flow.amount
            share = share + model.total(
                flow.variable, year_of[flow.month], count=count, factor=factor, at=flow.at
            )
    model.limit("fund", share, ">=" if cash.fund_value > 1 else "=", 0.0, count=count)


def _floor(model: OutsideModel, room: float, year_of: Any, count: int) -> None:
    """Receipts less costs of this year and all before it."""
    t, cash = model.tables, model.deal.settings.cash
    moved = [(flow.variable, flow.amount, flow.month, flow.at) for flow in model.flows]
    paid_in = cash.home_receipt_share * t.home.value.to_numpy(dtype=float)
    moved.append((model.home, paid_in, t.home.t.to_numpy(dtype=np.int64), None))
    share = np.array([greatest(t, row) for row in model.deal.line_systems]).ravel()
    cost = -share * t.make.stated_cost.to_numpy() * (t.make.operator == "seller").to_numpy()
    moved.append((model.make, cost, t.make.t.to_numpy(dtype=np.int64), None))
    left: Any = 0
    for variable, amount, month, at in moved:
        chosen = np.flatnonzero(amount)
        places = chosen if at is None else np.asarray(at, dtype=np.int64)[chosen]
        first = year_of[month[chosen]]
        later = [np.arange(year, count) for year in first]
        times = [len(each) for each in later]
        if len(later):
            left = left + model.total(
                variable,
                np.concatenate(later),
                count=count,
                factor=np.repeat(amount[chosen], times),
                at=np.repeat(places, times),
            )
    pairs = [(year, before) for year in range(count) for before in range(year + 1)]
    rows, at = np.array(pairs).T
    left = left - model.total(model.fund, rows, count=count, at=at)
    fixed = np.cumsum(np.bincount(year_of, weights=model.constant_flow, minlength=count))
    model.limit("floor", left, ">=", -room - fixed, count=count)

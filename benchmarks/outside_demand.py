"""What the buyer takes and pays for: rules 5, 6, 10 and 17."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import numpy as np
from benchmarks.outside_terms import index_of, instalments

if TYPE_CHECKING:
    from benchmarks.outside_model import OutsideModel


def price_rows(model: OutsideModel) -> None:
    """Rule 5: most units on sale, options included, and firm minimum of each price row in use."""
    t, years = model.tables, model.tables.worth.buyer_years
    is_whole = model.deal.settings.options.whole_units
    used = np.unique(t.price.price_row.to_numpy(dtype=np.int64))
    least, most = {}, {}
    for number in used.tolist():
        row = model.deal.prices[number]
        share = years.share(row.fiscal_year)
        firm = row.firm_minimum or 0.0
        options = np.inf if row.option_quantity is None else firm + row.option_quantity
        most[number] = share * min(options, np.inf if row.maximum is None else row.maximum)
        least[number] = math.floor(share * firm + 1e-9) if is_whole else share * firm
    for name, sign, limits in (("maximum", "<=", most), ("firm_minimum", ">=", least)):
        rows = [number for number, limit in limits.items() if 0 < limit < np.inf or sign == "<="]
        rows = [number for number in rows if limits[number] < np.inf]
        place = np.full(len(model.deal.prices) + 1, -1)
        place[rows] = np.arange(len(rows))
        mine = place[t.ship.price_row.to_numpy(dtype=np.int64)]
        at = np.flatnonzero(mine >= 0)
        left = model.total(model.ship, mine[at], count=len(rows), at=at)
        model.limit(name, left, sign, np.array([limits[number] for number in rows]), count=len(rows))


def whole_units(model: OutsideModel) -> None:
    """Rule 17: what a requirement takes of a product in a buyer year is a whole number."""
    ship = model.tables.ship
    keys, of = np.unique(
        np.stack([ship.k, ship.r, ship.buyer_year]).astype(np.int64), axis=1, return_inverse=True
    )
    model.contracts, count = keys, keys.shape[1]
    model.contract = None
    if model.deal.settings.options.whole_units and len(ship):
        model.contract = model.add("contract", count, integer=True)
        taken = model.total(model.ship, of.ravel(), count=count)
        left = taken - model.total(model.contract, np.arange(count), count=count)
        model.limit("contract", left, "=", 0.0, count=count)


def coverage(model: OutsideModel) -> None:
    """Rule 6: effective units in the year or on hand at its end, up to threshold and up to objective."""
    t, years, months = model.tables, model.tables.worth.buyer_years, model.tables.months
    model.asked = [row for row in model.deal.requirement_quantities if row.fiscal_year in years.names]
    number = {row.id: r for r, row in enumerate(model.deal.requirements)}
    kinds = [model.deal.requirements[number[row.requirement]].kind for row in model.asked]
    sizes = np.array([t.asked(row, kind=kind) for row, kind in zip(model.asked, kinds, strict=True)])
    sizes = sizes.reshape(len(model.asked), 2)
    count = len(model.asked)
    model.low = model.add("low", count, upper=sizes[:, 0])
    model.high = model.add("high", count, upper=sizes[:, 1] - sizes[:, 0])
    row_of = {(number[row.requirement], row.fiscal_year): q for q, row in enumerate(model.asked)}
    is_use = np.array([row.kind == "use" for row in model.deal.requirements])
    rows = [
        row_of.get(key, -1) if is_use[key[0]] else -1 for key in zip(t.ship.r, t.ship.buyer_year, strict=True)
    ]
    mine = np.array(rows, dtype=np.int64)
    at = np.flatnonzero(mine >= 0)
    factor = t.ship.effectiveness.to_numpy()
    left = model.total(model.low, np.arange(count), count=count)
    left = left + model.total(model.high, np.arange(count), count=count)
    left = left - model.total(model.ship, mine[at], count=count, factor=factor[at], at=at)
    mine_boosts = np.array(
        [
            row_of.get((case.r, case.buyer_year), -1) if is_use[case.r] else -1
            for case in model.boosts.itertuples()
        ],
        dtype=np.int64,
    )
    left = left - _boosted(model, mine_boosts, count=count)
    stocks = [r for r, row in enumerate(model.deal.requirements) if row.kind == "stock"]
    model.hand = _hand(model, stocks)
    held = [q for q, row in enumerate(model.asked) if kinds[q] == "stock"]
    place = [stocks.index(number[model.asked[q].requirement]) for q in held]
    last = [years.months_in(model.asked[q].fiscal_year)[-1] for q in held]
    ends = np.array(place, dtype=np.int64) * months + np.array(last, dtype=np.int64)
    left = left - model.total(model.hand, held, count=count, at=ends)
    model.limit("coverage", left, "<=", 0.0, count=count)
    _intake(model, mine, at, mine_boosts)


def _boosted(model: OutsideModel, rows: Any, *, count: int) -> Any:
    """Effective units that projects add, by row number; none where the row is -1."""
    at = np.flatnonzero(rows >= 0)
    return model.total(model.boost, rows[at], count=count, at=at)


def _intake(model: OutsideModel, rows: Any, at: Any, boosts: Any) -> None:
    """Rule 6: a use takes no more than its objective, and nothing in a year in which it asks for none."""
    t = model.tables
    factor = t.ship.effectiveness.to_numpy()
    tops = np.array([t.asked(row, kind="use")[1] for row in model.asked])
    taken = model.total(model.ship, rows[at], count=len(model.asked), factor=factor[at], at=at)
    taken = taken + _boosted(model, boosts, count=len(model.asked))
    model.limit("intake", taken, "<=", tops, count=len(model.asked))
    is_use = np.array([row.kind == "use" for row in model.deal.requirements])
    idle = np.flatnonzero((rows < 0) & is_use[t.ship.r.to_numpy(dtype=np.int64)])
    if len(idle):
        nothing = model.total(model.ship, np.arange(len(idle)), count=len(idle), at=idle)
        model.limit("not_asked", nothing, "<=", 0.0, count=len(idle))


def _hand(model: OutsideModel, stocks: Sequence[int]) -> Any:
    """Effective units on hand of each stock requirement, month by month."""
    t, months = model.tables, model.tables.months
    count = len(stocks) * months
    hand = model.add("hand", count, upper=np.repeat([_most_on_hand(model, r) for r in stocks], months))
    keep = np.array([(1 - model.deal.requirements[r].loss_rate) ** (1 / 12) for r in stocks])
    every = np.arange(count)
    later = every[every % months > 0]
    position = np.full(len(model.deal.requirements), -1)
    position[list(stocks)] = np.arange(len(stocks))
    place = position[t.ship.r.to_numpy(dtype=np.int64)]
    at = np.flatnonzero(place >= 0)
    rows = place[at] * months + t.ship.t.to_numpy(dtype=np.int64)[at]
    balance = model.total(hand, every, count=count)
    balance = balance - model.total(hand, later, count=count, factor=keep[later // months], at=later - 1)
    balance = balance - model.total(
        model.ship, rows, count=count, factor=t.ship.effectiveness.to_numpy()[at], at=at
    )
    ends = [
        stocks.index(case.r) * months + model.tables.worth.buyer_years.months_in(case.buyer_year)[-1]
        if case.r in stocks
        else -1
        for case in model.boosts.itertuples()
    ]
    balance = balance - _boosted(model, np.array(ends, dtype=np.int64), count=count)
    start = np.zeros(count)
    start[::months] = keep * np.array([model.deal.requirements[r].on_hand for r in stocks])
    model.limit("hand", balance, "=", start, count=count)
    return hand


def _most_on_hand(model: OutsideModel, number: int) -> float:
    """The largest objective of a stock, or what is on hand at the start."""
    need = model.deal.requirements[number]
    return max([need.on_hand] + [row.objective for row in model.asked if row.requirement == need.id])


def budgets(model: OutsideModel) -> None:
    """Rule 10: a payment group pays in a year from budget rows that fit and are still valid."""
    t, years, ship = model.tables, list(model.tables.worth.buyer_years.names), model.tables.ship
    group = t.group_of[ship.r.to_numpy(dtype=np.int64)]
    for month, share in instalments(t):
        year = t.month.buyer_year.to_numpy()[month]
        model.owe(model.ship, group, year, ship.price.to_numpy() * share * index_of(t, year))
    count = len(t.groups) * len(years)
    spent_rows = t.spend.g * len(years) + t.spend.buyer_year - years[0]
    owed: Any = 0
    for debt in model.debts:
        at = np.flatnonzero(debt.amount)
        rows = np.asarray(debt.group)[at] * len(years) + np.asarray(debt.year)[at] - years[0]
        places = at if debt.at is None else np.asarray(debt.at)[at]
        owed = owed + model.total(debt.variable, rows, count=count, factor=debt.amount[at], at=places)
    model.limit("payments", owed - model.total(model.spend, spent_rows, count=count), "=", 0.0, count=count)
    amounts = np.array([t.budget_amount(b) for b in range(len(model.deal.budgets))])
    spent = model.total(model.spend, t.spend.b, count=len(amounts))
    model.limit("budgets", spent, "<=", amounts, count=len(amounts))

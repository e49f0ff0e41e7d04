"""The terms of the agreement (rule 16): instalments, tiers, bundles, ceiling."""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

import numpy as np
import numpy.typing as npt
from benchmarks.outside_tables import MILLION, FloatArray, Tables

from dronedeal.deal.terms import Bundle

if TYPE_CHECKING:
    from benchmarks.outside_model import OutsideModel

IntArray = npt.NDArray[np.int64]
HAIR = 1e-5
"""Where quantities need not be whole, less than a quantity is less by at least this share of it."""


def index_of(tables: Tables, year: Any) -> FloatArray:
    """Then-year over base-year prices of the buyer."""
    buyer = tables.deal.settings.buyer.id
    return np.array([tables.worth.index(buyer, int(each)) for each in np.asarray(year)], dtype=float)


def instalments(tables: Tables) -> Iterator[tuple[IntArray, FloatArray]]:
    """Month and share of the base-year price of every part in which deliveries are paid.

    What was kept back keeps its then-year amount, so that its share follows the index from year to year.
    """
    terms, ship, years = tables.deal.settings.terms, tables.ship, tables.worth.buyer_years
    is_sellers = (ship.operator == "seller").to_numpy(dtype=float)
    yield (
        ship.t.to_numpy(dtype=np.int64),
        1 - is_sellers * (terms.advance_share + terms.retention_share),
    )
    first = np.array([years.months_in(year)[0] for year in ship.buyer_year], dtype=np.int64)
    yield first, is_sellers * terms.advance_share
    last = np.array([years.months_in(year)[-1] for year in ship.buyer_year], dtype=np.int64)
    paid = np.minimum(last + terms.retention_months, tables.months - 1)
    later = tables.month.buyer_year.to_numpy()[paid]
    yield (
        paid,
        is_sellers * terms.retention_share * index_of(tables, ship.buyer_year) / index_of(tables, later),
    )


def below(tables: Tables, quantity: float) -> float:
    """The largest quantity that is less than another one."""
    is_whole = tables.deal.settings.options.whole_units
    return math.ceil(quantity - 1e-9) - 1.0 if is_whole else quantity * (1 - HAIR)


def most_units(tables: Tables) -> FloatArray:
    """More units than the requirement of each delivery could ever take."""
    top = np.array([row.on_hand for row in tables.deal.requirements], dtype=float)
    number = {row.id: r for r, row in enumerate(tables.deal.requirements)}
    for row in tables.deal.requirement_quantities:
        at = number[row.requirement]
        top[at] = max(top[at], row.objective)
    effective = tables.ship.effectiveness.to_numpy(dtype=float)
    most = (2 * top[tables.ship.r.to_numpy(dtype=np.int64)] + 1) / np.where(effective > 0, effective, 1.0)
    return np.where(effective > 0, most, 1e6)


def tiers(model: OutsideModel) -> None:
    """Every ladder of prices: what is bought is spread over the tiers that it reaches."""
    ladders: dict[Any, list[int]] = defaultdict(list)
    for number, row in enumerate(model.deal.prices):
        ladders[row.system, row.line, row.fiscal_year].append(number)
    model.ladders = []
    for rows in ladders.values():
        steps = sorted(rows, key=lambda number: model.deal.prices[number].tier_from)
        at = np.flatnonzero(model.tables.ship.price_row == steps[0])
        if len(steps) > 1 and len(at):
            _ladder(model, steps, at)


def _ladder(model: OutsideModel, steps: list[int], at: IntArray) -> None:
    """Tiers of one system, line and year; `inside` is laid out tier by tier, pile by pile."""
    t, prices = model.tables, [model.deal.prices[number] for number in steps]
    ship, count, name = t.ship.iloc[at], len(steps), f"ladder{steps[0]}"
    groups = t.group_of[ship.r.to_numpy(dtype=np.int64)]
    piles = sorted(set(zip(groups.tolist(), ship.operator, strict=True)))
    pile = [piles.index(key) for key in zip(groups.tolist(), ship.operator, strict=True)]
    inside = model.add(f"{name}_units", count * len(piles))
    reached = model.add(f"{name}_reached", count - 1, upper=1, integer=True)
    every = np.arange(count * len(piles))
    split = model.total(inside, every % len(piles), count=len(piles))
    split = split - model.total(model.ship, pile, count=len(piles), at=at)
    model.limit(f"{name}_split", split, "=", 0.0, count=len(piles))
    share = t.worth.buyer_years.share(prices[0].fiscal_year)
    start = np.array([0.0, *(row.tier_from * share for row in prices[1:])])
    highest = float(most_units(t)[at].sum()) + start[-1] + 1
    low, high = _widths(model, start, highest, is_incremental=prices[0].tier_kind == "incremental")
    units = model.total(inside, every // len(piles), count=count)
    for sign, (own, above) in (("<=", high), (">=", low)):
        # The lowest tier is always reached; a tier above the highest never is.
        rows = [*range(1, count), *range(count - 1)]
        places = [*range(count - 1), *range(count - 1)]
        factors = np.concatenate([own[1:], above[:-1]])
        used = np.flatnonzero(factors)
        taken = model.total(
            reached,
            np.array(rows)[used],
            count=count,
            factor=factors[used],
            at=np.array(places)[used],
        )
        right = np.zeros(count)
        right[0] = own[0]
        model.limit(f"{name}_{'top' if sign == '<=' else 'floor'}", units - taken, sign, right, count=count)
    model.ladders.append((steps, reached, at, start))
    _grant_tiers(model, steps, inside, piles)


def _widths(
    model: OutsideModel, start: FloatArray, highest: float, *, is_incremental: bool
) -> tuple[tuple[FloatArray, FloatArray], tuple[FloatArray, FloatArray]]:
    """Factors of `reached[i]` and `reached[i+1]` in the least and most units of tier `i`."""
    nothing = np.zeros(len(start))
    if is_incremental:
        width = np.append(np.diff(start), highest - start[-1])
        return (nothing, np.append(width[:-1], 0.0)), (width, nothing)
    end = np.array([*(below(model.tables, each) for each in start[1:]), highest])
    return (start, np.append(-start[:-1], 0.0)), (end, np.append(-end[:-1], 0.0))


def _grant_tiers(model: OutsideModel, steps: list[int], inside: Any, piles: list[tuple[int, str]]) -> None:
    t, lowest = model.tables, model.deal.prices[steps[0]]
    buyer, year = model.deal.settings.buyer.id, lowest.fiscal_year
    prices = [t.worth.unit_price(model.deal.prices[number], party=buyer, year=year) for number in steps]
    for tier in range(1, len(steps)):
        for number, (group, operator) in enumerate(piles):
            grant(
                model,
                inside,
                tier * len(piles) + number,
                group=group,
                year=year,
                amount=(prices[0] - prices[tier]) / MILLION,
                operator=operator,
                royalty=lowest.royalty * t.is_seller(t.system[lowest.system].supplier),
            )


def grant(  # noqa: PLR0913
    model: OutsideModel,
    variable: Any,
    place: int,
    *,
    group: int,
    year: int,
    amount: float,
    operator: str = "seller",
    royalty: float = 0.0,
) -> None:
    """Book a rebate of so many millions for each unit of one entry of a variable."""
    last = model.tables.worth.buyer_years.months_in(year)[-1]
    to_seller = {"seller": amount}.get(operator, royalty * amount)
    by_buyer = royalty * amount if operator == "buyer" else amount
    model.pay("buyer", variable, [by_buyer], [last], at=[place])
    model.pay("seller", variable, [-to_seller], [last], at=[place], is_proceeds=True)
    index = index_of(model.tables, [year])
    model.owe(variable, [group], [year], -amount * index, at=[place])
    if operator != "third":
        model.agreed.append((variable, -to_seller * index, [place]))


def bundles(model: OutsideModel) -> None:
    """A rebate for each whole set, granted exactly."""
    for number, bundle in enumerate(model.deal.bundles):
        if bundle.fiscal_year in model.tables.worth.buyer_years.names:
            _bundle(model, bundle, f"bundle{number}")


def _bundle(model: OutsideModel, bundle: Bundle, name: str) -> None:
    t = model.tables
    ship = t.ship[(t.ship.buyer_year == bundle.fiscal_year) & (t.ship.operator == "seller")]
    ship = ship[ship.system.isin(bundle.systems) & (ship.line >= 0)]
    member = np.array([bundle.systems.index(system) for system in ship.system], dtype=np.int64)
    at, count, size = ship.index.to_numpy(), len(bundle.systems), np.array(bundle.quantities)
    if len(set(member.tolist())) < count:
        return
    groups = t.group_of[ship.r.to_numpy(dtype=np.int64)]
    takers = sorted(set(groups.tolist()))
    sets = model.add(f"{name}_sets", 1, integer=True)
    scarce = model.add(f"{name}_scarce", count, upper=1, integer=True)
    given = model.add(f"{name}_given", len(takers))
    left = model.total(model.ship, member, count=count, at=at)
    left = left - model.total(sets, np.arange(count), count=count, factor=size, at=np.zeros(count))
    model.limit(f"{name}_whole", left, ">=", 0.0, count=count)
    most = float(most_units(t)[at].sum()) + 1
    tight = left + model.total(scarce, np.arange(count), count=count, factor=most)
    limit = most + np.array([below(t, each) for each in size])
    model.limit(f"{name}_no_more", tight, "<=", limit, count=count)
    model.limit(f"{name}_due", model.total(scarce, np.zeros(count), count=1), ">=", 1.0, count=1)
    shared = model.total(given, np.zeros(len(takers)), count=1) - model.total(sets, [0], count=1)
    model.limit(f"{name}_shared", shared, "=", 0.0, count=1)
    taken = [takers.index(group) for group in groups.tolist()]
    bought = model.total(model.ship, taken, count=len(takers), factor=1 / size[member], at=at)
    bought = bought - model.total(given, np.arange(len(takers)), count=len(takers))
    model.limit(f"{name}_takers", bought, ">=", 0.0, count=len(takers))
    buyer, year = model.deal.settings.buyer.id, bundle.fiscal_year
    rebate = t.worth.base_amount(bundle.rebate, bundle, party=buyer, year=year) / MILLION
    for place, group in enumerate(takers):
        grant(model, given, place, group=group, year=year, amount=rebate)


def ceiling(model: OutsideModel) -> None:
    """Then-year payments to the seller over the whole plan: prices and royalties, less rebates."""
    limit, ship = model.tables.worth.ceiling, model.tables.ship
    if limit is None:
        return
    royalty = (ship.operator == "buyer") & ship.is_sellers.astype(bool)
    share = (ship.operator == "seller") + royalty * ship.royalty
    paid = (share * ship.price).to_numpy(dtype=float) * index_of(model.tables, ship.buyer_year)
    left = model.total(model.ship, np.zeros(len(ship)), count=1, factor=paid)
    for variable, amount, at in model.agreed:
        left = left + model.total(variable, [0], count=1, factor=amount, at=at)
    model.limit("ceiling", left, "<=", limit / MILLION, count=1)

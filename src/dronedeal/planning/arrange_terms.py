"""The terms of payment of a deal as arrays."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence

import numpy as np

from dronedeal.assessment.valuation import Valuation
from dronedeal.deal import Deal
from dronedeal.deal.terms import Bundle, Price
from dronedeal.planning.data import MONEY_UNIT
from dronedeal.planning.data_terms import BundleData, TermsData, TierData

# Where quantities need not be whole, "less than 100" is "at most 100 less this share of it", ten times what
# the independent check cannot tell apart.
_LESS = 1e-5


def arrange_terms(deal: Deal, money: Valuation) -> TermsData:
    """The terms of payment, amounts in millions of the deal's currency.

    Parameters
    ----------
    deal : a deal that passed its checks
    money : its valuation
    """
    terms = deal.settings.terms
    ceiling = money.ceiling
    return TermsData(
        ceiling=np.inf if ceiling is None else ceiling / MONEY_UNIT,
        advance_share=terms.advance_share,
        retention_share=terms.retention_share,
        retention_months=terms.retention_months,
        tiers=_tiers(deal, money),
        bundles=_bundles(deal, money),
    )


def _tiers(deal: Deal, money: Valuation) -> TierData:
    """Every row of a system, line and year that has more than one, lowest first."""
    rows = [row for ladder in _ladders(deal.prices) for row in ladder]
    base = [ladder[0] for ladder in _ladders(deal.prices) for _ in ladder]
    prices = np.array([_price(deal, money, row) for row in rows])
    base_prices = np.array([_price(deal, money, row) for row in base])
    start = [0.0 if row == low else _start(deal, money, row) for row, low in zip(rows, base, strict=True)]
    first = money.buyer_years.names[0]
    return TierData(
        row=np.array(rows, dtype=np.int64),
        base=np.array(base, dtype=np.int64),
        start=np.array(start, dtype=float),
        end=np.array(_ends(deal, start, base), dtype=float),
        rebate=base_prices - prices,
        royalty=np.array([_royalty(deal, row) for row in base], dtype=float),
        is_incremental=np.array([deal.prices[row].tier_kind == "incremental" for row in base], dtype=bool),
        year=np.array([deal.prices[row].fiscal_year - first for row in rows], dtype=np.int64),
    )


def _ladders(prices: Sequence[Price]) -> list[list[int]]:
    """Numbers of the price rows that are tiers of one another, lowest first."""
    groups: dict[tuple[str, str | None, int], list[int]] = defaultdict(list)
    for number, row in enumerate(prices):
        groups[row.system, row.line, row.fiscal_year].append(number)
    ladders = [sorted(rows, key=lambda number: prices[number].tier_from) for rows in groups.values()]
    return [rows for rows in ladders if len(rows) > 1]


def _start(deal: Deal, money: Valuation, number: int) -> float:
    """Units inside the plan from which a tier holds."""
    return deal.prices[number].tier_from * money.buyer_years.share(deal.prices[number].fiscal_year)


def _price(deal: Deal, money: Valuation, number: int) -> float:
    row = deal.prices[number]
    return money.unit_price(row, party=deal.settings.buyer.id, year=row.fiscal_year) / MONEY_UNIT


def _royalty(deal: Deal, number: int) -> float:
    """Share of the price that whoever makes a design of the seller pays to it."""
    row = deal.prices[number]
    supplier = next(system.supplier for system in deal.systems if system.id == row.system)
    return row.royalty if supplier == deal.settings.seller.id else 0.0


def _bundles(deal: Deal, money: Valuation) -> BundleData:
    """Every bundle with its members."""
    numbers = {system.id: number for number, system in enumerate(deal.systems)}
    members = [
        (at, numbers[system], quantity)
        for at, row in enumerate(deal.bundles)
        for system, quantity in zip(row.systems, row.quantities, strict=True)
    ]
    quantities = np.array([quantity for _, _, quantity in members], dtype=float)
    is_whole = deal.settings.options.whole_units
    return BundleData(
        year=np.array([row.fiscal_year - money.buyer_years.names[0] for row in deal.bundles], dtype=np.int64),
        rebate=np.array([_rebate(deal, money, row) for row in deal.bundles], dtype=float),
        bundle=np.array([at for at, _, _ in members], dtype=np.int64),
        system=np.array([system for _, system, _ in members], dtype=np.int64),
        quantity=quantities,
        below=np.array([less_than(each, is_whole=is_whole) for each in quantities], dtype=float),
    )


def _rebate(deal: Deal, money: Valuation, row: Bundle) -> float:
    buyer = deal.settings.buyer.id
    return money.base_amount(row.rebate, row, party=buyer, year=row.fiscal_year) / MONEY_UNIT


def _ends(deal: Deal, start: Sequence[float], base: Sequence[int]) -> list[float]:
    """Largest quantity below the next tier: of all units a true quantity, of increments where they meet."""
    ends = []
    for at, low in enumerate(base):
        if at + 1 == len(base) or base[at + 1] != low:
            ends.append(np.inf)
        elif deal.prices[low].tier_kind == "incremental":
            ends.append(start[at + 1])
        else:
            ends.append(less_than(start[at + 1], is_whole=deal.settings.options.whole_units))
    return ends


def less_than(quantity: float, *, is_whole: bool) -> float:
    """The largest quantity that is below another one: a whole number, or a hair less.

    >>> less_than(100.0, is_whole=True), less_than(41.5, is_whole=True)
    (99.0, 41.0)
    """
    return float(np.ceil(quantity - 1e-9) - 1.0) if is_whole else quantity * (1.0 - _LESS)

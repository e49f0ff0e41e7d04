"""Arrays of what the two sides do together: integration work."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from typing import Any

import numpy as np

from dronedeal.deal import Deal
from dronedeal.deal.cooperation import Integration
from dronedeal.planning.data import BUYER, PaymentGroup
from dronedeal.planning.data_cooperation import WorkData
from dronedeal.planning.tree import FloatArray, IntArray

# An amount of a row in millions of base-year currency: (amount, row, party=…, year=…).
Million = Callable[..., float]


def works_of(deal: Deal) -> dict[tuple[str, str], list[int]]:
    """Row numbers of each work that costs money, by system and standard whatever its letters' case.

    What costs nothing is begun in the first month and needs no decision: its months are in the matching.
    """
    found: dict[tuple[str, str], list[int]] = {}
    for number, row in enumerate(deal.integrations):
        if row.cost > 0:
            found.setdefault((row.system, row.standard.casefold()), []).append(number)
    return found


def payment_groups(deal: Deal) -> tuple[PaymentGroup, ...]:
    """Needs of a branch with one appropriation, then its shares of integration work that the buyer pays."""
    groups = [PaymentGroup(row.branch, row.appropriation, "deliveries") for row in deal.requirements]
    groups += [
        PaymentGroup(row.branch, row.appropriation, "integration")
        for row in deal.integrations
        if row.cost > 0 and row.payer == deal.settings.buyer.id
    ]
    return tuple(dict.fromkeys(groups))


def arrange_works(
    deal: Deal, *, million: Million, role: Callable[[str], int], years: Callable[[str], IntArray]
) -> WorkData:
    """Integration work of a deal.

    Parameters
    ----------
    million : an amount of a row in millions of base-year currency
    role : of a party
    years : (T,) fiscal year of a party by month
    """
    works = list(works_of(deal).values())
    first = [deal.integrations[rows[0]] for rows in works]
    systems = [system.id for system in deal.systems]
    payers = [role(row.payer) for row in first]
    return WorkData(
        rows=tuple(tuple(rows) for rows in works),
        system=np.array([systems.index(row.system) for row in first], dtype=np.int64),
        months=np.array([row.months for row in first], dtype=np.int64),
        payer=np.array(payers, dtype=np.int64),
        cost=np.array([_cost_by_month(row, million, years(row.payer)) for row in first]).reshape(
            len(works), deal.settings.months
        ),
        is_for=np.array([_is_for(deal, rows) for rows in works], dtype=bool).reshape(
            len(works), len(deal.requirements)
        ),
        share=np.array(
            [_shares(deal, rows, payer) for rows, payer in zip(works, payers, strict=True)], dtype=float
        ).reshape(len(works), len(payment_groups(deal))),
    )


def _cost_by_month(row: Integration, million: Million, years: IntArray) -> list[float]:
    by_year = {
        year: million(row.cost, row, party=row.payer, year=year) for year in sorted(set(years.tolist()))
    }
    return [by_year[year] for year in years.tolist()]


def _is_for(deal: Deal, rows: Sequence[int]) -> list[bool]:
    branches = {deal.integrations[number].branch for number in rows}
    return [requirement.branch in branches for requirement in deal.requirements]


def _shares(deal: Deal, rows: Sequence[int], payer: int) -> FloatArray:
    """Equal parts of what the buyer pays, each out of the money of its branch."""
    groups = payment_groups(deal)
    shares = np.zeros(len(groups))
    for number in rows if payer == BUYER else ():
        row = deal.integrations[number]
        shares[groups.index(PaymentGroup(row.branch, row.appropriation, "integration"))] += 1 / len(rows)
    return shares


def work_labels(deal: Deal) -> tuple[str, ...]:
    """Names of the works in the letters that an address may have."""
    first: list[Any] = [deal.integrations[rows[0]] for rows in works_of(deal).values()]
    return tuple(f"{row.system}.{re.sub(r'[^A-Za-z0-9]+', '_', row.standard)}" for row in first)

"""Arrays of what the two sides do together: integration work and projects."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from typing import Any

import numpy as np

from dronedeal.deal import Deal
from dronedeal.deal.cooperation import Integration, Project
from dronedeal.planning.data import BUYER, THIRD, PairData, PaymentGroup, ProductData
from dronedeal.planning.data_cooperation import ProjectData, WorkData
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


# Effects that open something are there or not: they count whole, where they are likely enough.
_OPENING = ("successor", "compliant_part", "interface")


def arrange_projects(
    deal: Deal,
    *,
    products: ProductData,
    pairs: PairData,
    works: WorkData,
    million: Million,
    years: Callable[[str], IntArray],
    share_of_year: Callable[[int], float],
) -> ProjectData:
    """Technical-cooperation projects of a deal.

    Parameters
    ----------
    million : an amount of a row in millions of base-year currency
    years : (T,) fiscal year of a party by month
    share_of_year : of a fiscal year of the seller, the share inside the plan
    """
    rows, systems = deal.projects, [system.id for system in deal.systems]
    assurance = deal.settings.options.assurance
    count = len(rows)
    boost = np.zeros((count, *pairs.effectiveness.shape))
    room = np.maximum(0.0, 1.0 - pairs.effectiveness)
    saving = np.zeros((count, products.count))
    opens = np.zeros((count, len(systems)), dtype=bool)
    for number, row in enumerate(rows):
        chosen = np.isin(systems, row.systems)
        value, chance = row.effect_value or 0.0, row.success_probability
        if row.effect == "effectiveness":
            boost[number] = chance * np.minimum(value, room) * chosen[products.system[pairs.product]][:, None]
        elif row.effect == "unit_cost":
            made = chosen[products.system] & (products.line >= 0) & (products.operator < THIRD)
            saving[number, made] = chance * (1 - value) * products.unit_cost[made]
        elif row.effect == "successor":
            opens[number] = [system == row.effect_subject for system in systems]
    return ProjectData(
        months=np.array([row.months for row in rows], dtype=np.int64),
        cost=_project_costs(deal, million, years),
        counts=np.array(
            [row.effect not in _OPENING or row.success_probability >= assurance for row in rows], dtype=bool
        ),
        boost=boost,
        saving=saving,
        parts=np.array([_parts(deal, row, share_of_year) for row in rows]).reshape(
            count, len(deal.component_supply)
        ),
        opens=opens,
        spares=np.array([_spares(deal, row, works) for row in rows], dtype=bool).reshape(
            count, works.count, len(deal.requirements)
        ),
    )


def _project_costs(deal: Deal, million: Million, years: Callable[[str], IntArray]) -> FloatArray:
    """(J, 2, I, T) what buyer and seller pay for each year of a project, by the month of the payment."""
    length = max((len(row.cost_by_year) for row in deal.projects), default=0)
    cost = np.zeros((len(deal.projects), 2, length, deal.settings.months))
    for side, party in enumerate((deal.settings.buyer.id, deal.settings.seller.id)):
        by_month = years(party)
        for number, row in enumerate(deal.projects):
            share = row.buyer_share if side == BUYER else 1 - row.buyer_share
            for year in sorted(set(by_month.tolist())):
                worth = [million(amount, row, party=party, year=year) for amount in row.cost_by_year]
                paid = np.array(worth)[:, None] * share
                cost[number, side, : len(worth)][:, by_month == year] = paid
    return cost


def _parts(deal: Deal, row: Project, share_of_year: Callable[[int], float]) -> list[float]:
    if row.effect != "compliant_part":
        return [0.0] * len(deal.component_supply)
    return [
        (row.effect_value or 0.0) * share_of_year(supply.fiscal_year)
        if supply.component == row.effect_subject
        else 0.0
        for supply in deal.component_supply
    ]


def _spares(deal: Deal, row: Project, works: WorkData) -> list[list[bool]]:
    is_spared = row.effect == "interface"
    return [
        [
            is_spared and deal.systems[system].id in row.systems and need.branch == row.effect_subject
            for need in deal.requirements
        ]
        for system in works.system.tolist()
    ]

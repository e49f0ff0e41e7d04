"""Made-up deals of any size: valid, plausible, solvable without violations, the same for the same seed.

Systems fall into groups of one role with about eight members. Lines, needs, prices and budgets are drawn
group by group, so that a requirement has three to ten systems to choose from whatever the size of the deal.
Three margins keep every deal solvable: own needs take at most half of what the existing lines can make, parts
suffice for 70 % of all capacity, and firm minima stay below 5 % of the need and 2 % of the output.
"""

from __future__ import annotations

import random
from collections.abc import Iterable
from typing import Any

from dronedeal.deal.deal import Deal
from dronedeal.deal.made_up import demand, money, supply
from dronedeal.deal.made_up import systems as models
from dronedeal.deal.made_up.draft import (
    BASE_YEAR,
    BUYER,
    EAST,
    MADE_UP,
    SELLER,
    START_YEAR,
    WEST,
    Group,
    Years,
)
from dronedeal.deal.settings import EvidencePrior, EvidenceSettings, Party, Settings


def synthetic_deal(*, systems: int, lines: int, requirements: int, seed: int, months: int = 60) -> Deal:
    """A made-up deal of the asked size, the same for the same arguments.

    Parameters
    ----------
    systems : number of systems, at least 1; about a quarter of them are alternatives from elsewhere
    lines : number of production lines, at least 1; about a fifth are candidates
    requirements : number of requirements, at least 1
    seed : start of the random numbers
    months : length of the plan in months, at least 12

    Returns
    -------
    A deal that passes every cross-table check without errors and can be planned without violations.

    Raises
    ------
    ValueError : where a size is below its least value

    Examples
    --------
    >>> deal = synthetic_deal(systems=30, lines=30, requirements=20, seed=1)
    >>> len(deal.systems), len(deal.lines), len(deal.requirements)
    (30, 30, 20)
    """
    sizes = {"systems": systems, "lines": lines, "requirements": requirements}
    for name, size, least in (*((name, size, 1) for name, size in sizes.items()), ("months", months, 12)):
        if size < least:
            raise ValueError(f"{name} is {size}; a synthetic deal needs at least {least}")
    groups = _groups(random.Random(f"{seed}/groups"), (systems, lines, requirements), Years(months))
    tables = _tables(seed, groups, Years(months)) | {"branches": demand.branches(requirements)}
    title = (
        f"Synthetic deal with {systems} systems, {lines} lines and {requirements} requirements, seed {seed}"
    )
    deal = Deal(_settings(months, title))
    for name, rows in tables.items():
        deal = deal.with_table(name, tuple(rows))
    return deal


def _groups(draw: random.Random, sizes: tuple[int, int, int], years: Years) -> list[Group]:
    n_systems, n_lines, n_requirements = sizes
    groups = supply.with_lines(draw, models.draw_groups(draw, n_systems, n_lines), n_lines)
    return demand.with_requirements(draw, groups, n_requirements, years=years)


def _tables(seed: int, groups: list[Group], years: Years) -> dict[str, Iterable[Any]]:
    """Rows by table; each table has random numbers of its own, so that none depends on the others' order."""

    def draw(table: str) -> random.Random:
        return random.Random(f"{seed}/{table}")

    return {
        "systems": [model.record for group in groups for model in group.models],
        "attributes": models.attributes(groups),
        "trials": models.trials(draw("trials"), groups),
        "requirements": [row for group in groups for row in group.requirements],
        "requirement_quantities": [row for group in groups for row in group.quantities],
        "requirement_attributes": [row for group in groups for row in group.criteria],
        "lines": [row for group in groups for row in group.lines],
        "line_systems": [row for group in groups for row in group.products],
        "components": supply.components(),
        "system_components": supply.system_components(groups),
        "component_supply": supply.component_supply(groups, years),
        "prices": money.prices(draw("prices"), groups, years),
        "home_needs": demand.home_needs(draw("home_needs"), groups, years),
        "other_buyers": demand.other_buyers(draw("other_buyers"), groups, years),
        "budgets": money.budgets(draw("budgets"), groups, years),
        "integrations": demand.integrations(draw("integrations"), groups),
        "rules": money.rules(),
        "indices": money.indices(years),
        "rates": money.rates(years),
    }


def _settings(months: int, title: str) -> Settings:
    sides: tuple[dict[str, Any], ...] = (
        {
            "id": BUYER,
            "role": "buyer",
            "fiscal_year_start": 10,
            "discount_rate": 0.03,
            "escalation_index": "procurement",
        },
        {"id": SELLER, "role": "seller", "discount_rate": 0.06, "escalation_index": "producer"},
        {"id": WEST, "role": "third"},
        {"id": EAST, "role": "third"},
    )
    parties = tuple(Party(name=side["id"].capitalize(), **side, **MADE_UP) for side in sides)
    prior = EvidencePrior(measure="mission_success", successes=3, failures=1, **MADE_UP)
    return Settings(
        format=1,
        title=title,
        description="Made up by the program for work on scale; no figure in it stands for anything real.",
        start=f"{START_YEAR}-10",
        months=months,
        currency="USD",
        price_base_year=BASE_YEAR,
        parties=parties,
        evidence=EvidenceSettings(priors=(prior,)),
    )

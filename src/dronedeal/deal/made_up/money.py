"""Made-up money and terms: prices, budgets, indices, exchange rates, rules."""

from __future__ import annotations

import random
from collections.abc import Iterator, Mapping, Sequence

from dronedeal.deal.funds import Budget, Index, Rate
from dronedeal.deal.made_up.draft import BASE_YEAR, EAST, MADE_UP, SELLER, Group, Model, Years, rounded
from dronedeal.deal.production import Line
from dronedeal.deal.requirements import Requirement
from dronedeal.deal.terms import Price, Rule

FIRM_SHARE_OF_NEED, FIRM_SHARE_OF_OUTPUT = 0.05, 0.02
EURO = 1.1
"""Dollars for one euro in the base year."""
VALID_YEARS = {"procurement": 3.0, "operations": 1.0}


def prices(draw: random.Random, groups: Sequence[Group], years: Years) -> Iterator[Price]:
    """Prices of every system and year; some of the seller's with a firm minimum from the second year on."""
    for group in groups:
        committed = _committed(draw, group)
        for model in group.models:
            firm = committed.get(model.record.id, {})
            yield from _prices_of(draw, group, model, years=years, firm=firm)


def _prices_of(
    draw: random.Random, group: Group, model: Model, *, years: Years, firm: Mapping[int, float]
) -> Iterator[Price]:
    price, trend = model.price, draw.uniform(0.96, 1.0)
    is_own, in_euros = model.record.supplier == SELLER, model.record.supplier == EAST
    royalty = rounded(draw.uniform(0.03, 0.08), 2) if is_own else 0.0
    for year in years.buyer:
        yield Price(
            system=model.record.id,
            fiscal_year=year,
            unit_price=rounded(price / EURO if in_euros else price),
            currency="EUR" if in_euros else None,
            price_basis="then_year" if in_euros else "base_year",
            firm_minimum=firm.get(year),
            maximum=None if is_own else rounded(group.family.monthly_output * draw.uniform(1, 4)),
            royalty=royalty,
            **MADE_UP,
        )
        price *= trend


def _committed(draw: random.Random, group: Group) -> dict[str, dict[int, float]]:
    """Firm minima by system and year, small against the need and the output that they draw on.

    None in the first year, in which integration work may still close a system.
    """
    if draw.random() > 0.4:
        return {}
    choices = [
        (requirement, product.system, line)
        for line in group.home_lines
        for product in group.products
        for requirement in group.requirements
        if product.line == line.id and product.system in group.eligible[requirement.id]
    ]
    if not choices:
        return {}
    requirement, system, line = draw.choice(choices)
    return {system: dict(_minima(group, requirement, line))}


def _minima(group: Group, requirement: Requirement, line: Line) -> Iterator[tuple[int, float]]:
    output = FIRM_SHARE_OF_OUTPUT * group.yearly_output((line,))
    for row in group.quantities:
        if row.requirement == requirement.id and row.fiscal_year > BASE_YEAR:
            yield row.fiscal_year, rounded(min(output, FIRM_SHARE_OF_NEED * row.threshold))


def budgets(draw: random.Random, groups: Sequence[Group], years: Years) -> Iterator[Budget]:
    """Money for half to nine tenths of what every objective would cost, by branch, kind and year."""
    needed: dict[tuple[str, str, int], float] = {}
    for group in groups:
        kind_of = {row.id: row for row in group.requirements}
        for row in group.quantities:
            requirement = kind_of[row.requirement]
            part = 0.4 if requirement.kind == "stock" else 1.0
            cost = row.objective * group.mean_price * part
            kinds = (requirement.appropriation,) if requirement.appropriation else tuple(VALID_YEARS)
            for kind in kinds:
                key = (requirement.branch, kind, row.fiscal_year)
                needed[key] = needed.get(key, 0.0) + cost / len(kinds)
    for (branch, kind, year), cost in sorted(needed.items()):
        yield Budget(
            branch=branch,
            fiscal_year=year,
            appropriation=kind,
            amount=rounded(cost * draw.uniform(0.5, 0.9)),
            years_valid=VALID_YEARS[kind],
            **MADE_UP,
        )


def rules() -> Iterator[Rule]:
    """An export permit for every system of the air."""
    yield Rule(id="permit", kind="export_permit", subject="air", limit=2, **MADE_UP)


def indices(years: Years) -> Iterator[Index]:
    """One price index of each side, growing evenly."""
    for name, kind, growth, span in (
        ("procurement", "procurement", 1.02, years.buyer),
        ("producer", "producer", 1.04, years.seller),
    ):
        for year in span:
            value = rounded(100 * growth ** (year - BASE_YEAR), 6)
            yield Index(id=name, fiscal_year=year, value=value, kind=kind, **MADE_UP)


def rates(years: Years) -> Iterator[Rate]:
    """Dollars for a euro, slowly changing."""
    for year in years.buyer:
        value = rounded(EURO * 1.01 ** (year - BASE_YEAR), 5)
        yield Rate(id="EUR", fiscal_year=year, value=value, kind="forecast", **MADE_UP)

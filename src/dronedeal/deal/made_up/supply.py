"""Made-up lines, what they make, parts and their supply."""

from __future__ import annotations

import math
import random
from collections.abc import Iterator, Sequence
from dataclasses import replace

from dronedeal.deal.made_up.draft import (
    BUYER,
    MADE_UP,
    MOST_SYSTEMS_OF_A_LINE,
    SELLER,
    WEST,
    Group,
    Years,
    dealt,
    rounded,
    spread,
)
from dronedeal.deal.production import Component, ComponentSupply, Line, LineSystem, SystemComponent


def with_lines(draw: random.Random, groups: Sequence[Group], lines: int) -> list[Group]:
    """The groups with their lines; the first of each group exists, a quarter of the others are candidates."""
    done = []
    for index, group in enumerate(groups):
        numbers = dealt(index, len(groups), lines)
        rows = tuple(_line(draw, group, number, is_first=number == index) for number in numbers)
        done.append(replace(group, lines=rows, products=tuple(_products(draw, group, rows))))
    return done


def _line(draw: random.Random, group: Group, number: int, *, is_first: bool) -> Line:
    is_existing = is_first or draw.random() < 0.75
    operator = SELLER if is_existing else draw.choice((SELLER, BUYER, WEST))
    capacity = rounded(group.family.monthly_output * spread(draw, 0.4), 2)
    yearly_turnover = 12 * capacity * group.family.unit_cost
    step_share = draw.choice((0.25, 0.5))
    return Line(
        id=f"l{number + 1:03d}",
        site=f"Site {number + 1}",
        country={SELLER: "RV", BUYER: "NL", WEST: "WM"}[operator],
        operator=operator,
        investor=SELLER if operator == WEST else None,
        status="existing" if is_existing else "candidate",
        initial_capacity=capacity,
        step_size=rounded(capacity * step_share),
        step_cost=rounded(yearly_turnover * step_share * draw.uniform(0.1, 0.35)),
        step_lead_months=draw.randint(3, 8),
        max_steps=draw.choice((0, 0, 1, 1)) if is_existing else 0,
        open_cost=0.0 if is_existing else rounded(yearly_turnover * draw.uniform(0.15, 0.5)),
        open_lead_months=0 if is_existing else draw.randint(4, 12),
        ramp_months=1 if is_existing else draw.randint(1, 6),
        fixed_cost=rounded(yearly_turnover * draw.uniform(0.01, 0.04)),
        availability=draw.choice((0.85, 0.9, 0.95, 1.0)),
        return_share=draw.choice((0.1, 0.2)) if operator == WEST else 0.0,
        **MADE_UP,
    )


def _products(draw: random.Random, group: Group, lines: Sequence[Line]) -> Iterator[LineSystem]:
    """Every model of the seller on one line, then further models up to four to a line."""
    for index, line in enumerate(lines):
        own = list(group.own_models)
        made = [own[place] for place in dealt(index, len(lines), len(own))] or [draw.choice(own)]
        others = [model for model in own if model not in made]
        room = min(len(others), MOST_SYSTEMS_OF_A_LINE - len(made))
        made += draw.sample(others, draw.randint(0, room)) if room > 0 else []
        for model in made:
            yield LineSystem(
                line=line.id,
                system=model.record.id,
                load_per_unit=draw.choice((0.8, 1.0, 1.0, 1.25)),
                unit_cost=model.unit_cost,
                cost_premium=0.0 if line.status == "existing" else rounded(draw.uniform(0.02, 0.2), 2),
                units_already_made=rounded(group.family.monthly_output * draw.uniform(1, 24)),
                learning_slope=draw.choice((0.85, 0.9, 0.95)),
                yield_rate=draw.choice((0.95, 0.98, 1.0)),
                **MADE_UP,
            )


PARTS = (
    ("motor", "NL", 4.0, 40.0),
    ("motor", "EA", 4.0, 25.0),
    ("radio", "RV", 1.0, 120.0),
    ("radio", "WM", 1.0, 180.0),
    ("camera", "NL", 1.0, 150.0),
    ("camera", "EA", 1.0, 90.0),
    ("battery", "RV", 2.0, 60.0),
    ("battery", "EA", 2.0, 35.0),
    ("flight_controller", "RV", 1.0, 80.0),
    ("flight_controller", "WM", 1.0, 140.0),
)
"""Kind of part, country, parts in one unit, and cost of one part."""
PART_MARGIN = 0.7
"""Limited parts suffice for this share of all capacity; own needs take at most half of the existing lines."""


def _part_ids(group: Group) -> dict[str, list[tuple[str, float]]]:
    """Components and parts in a unit of each of the seller's models: every third of `PARTS`."""
    return {
        model.record.id: [
            (f"{kind}_{country.lower()}", quantity)
            for place, (kind, country, quantity, _) in enumerate(PARTS)
            if (place + number) % 3 == 0
        ]
        for number, model in enumerate(group.own_models)
    }


def components() -> Iterator[Component]:
    """The parts that systems are made of."""
    for kind, country, _, unit_cost in PARTS:
        yield Component(
            id=f"{kind}_{country.lower()}",
            name=f"{kind.replace('_', ' ').capitalize()} from {country}",
            category=kind,
            origin=country,
            unit_cost=unit_cost,
            is_critical=kind in ("radio", "camera", "flight_controller"),
            **MADE_UP,
        )


def system_components(groups: Sequence[Group]) -> Iterator[SystemComponent]:
    """Parts lists of the systems that lines make."""
    for group in groups:
        made = {row.system for row in group.products}
        for system, parts in _part_ids(group).items():
            for component, quantity in parts if system in made else ():
                yield SystemComponent(system=system, component=component, quantity=quantity, **MADE_UP)


def component_supply(groups: Sequence[Group], years: Years) -> Iterator[ComponentSupply]:
    """Yearly limits of the parts from one country, a margin below what all lines together could use."""
    most: dict[str, float] = {}
    for group in groups:
        parts_of = _part_ids(group)
        for line in group.lines:
            use: dict[str, float] = {}
            for product in (row for row in group.products if row.line == line.id):
                for component, quantity in parts_of[product.system]:
                    use[component] = max(use.get(component, 0.0), quantity / product.load_per_unit)
            for component, quantity in use.items():
                yearly = 12 * line.initial_capacity * line.availability * quantity
                most[component] = most.get(component, 0.0) + yearly
    for component in sorted(name for name in most if name.endswith("_ea")):
        for year in years.seller:
            yield ComponentSupply(
                component=component,
                fiscal_year=year,
                limit=math.ceil(PART_MARGIN * most[component]),
                **MADE_UP,
            )

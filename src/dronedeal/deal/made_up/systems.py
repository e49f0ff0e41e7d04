"""Made-up systems with their figures and trials."""

from __future__ import annotations

import datetime as dt
import random
from collections.abc import Iterator, Sequence

from dronedeal.deal.made_up.draft import (
    EAST,
    FAMILIES,
    GROUP_SIZE,
    MADE_UP,
    MOST_SYSTEMS_OF_A_LINE,
    SELLER,
    START_YEAR,
    WEST,
    Family,
    Group,
    Model,
    dealt,
    rounded,
    spread,
)
from dronedeal.deal.systems import Attribute, System, Trial


def draw_groups(draw: random.Random, systems: int, lines: int) -> list[Group]:
    """Groups of about eight systems; three quarters are the seller's where there are lines to make them."""
    count = max(1, round(systems / GROUP_SIZE))
    groups = []
    for index in range(count):
        family, generation = FAMILIES[index % len(FAMILIES)], index // len(FAMILIES)
        role = f"{family.role}_{generation + 1}" if count > len(FAMILIES) else family.role
        members = dealt(index, count, systems)
        own = min(
            max(1, round(0.75 * len(members))), MOST_SYSTEMS_OF_A_LINE * len(dealt(index, count, lines))
        )
        models = tuple(
            _model(draw, family, role, number=number, is_own=place < own)
            for place, number in enumerate(members)
        )
        groups.append(Group(family, role, models))
    return groups


def _model(draw: random.Random, family: Family, role: str, *, number: int, is_own: bool) -> Model:
    quality = spread(draw, 0.25)
    unit_cost = rounded(family.unit_cost * quality * spread(draw, 0.15))
    price = unit_cost * draw.uniform(1.15, 1.45) if is_own else unit_cost * draw.uniform(1.6, 2.8)
    version = draw.randint(1, 4)
    record = System(
        id=f"s{number + 1:03d}",
        name=f"Model {number + 1}",
        maker=f"Maker {draw.randint(1, 40)}",
        supplier=SELLER if is_own else draw.choice((WEST, EAST)),
        domain=family.domain,
        role=role,
        design_version=version,
        design_refresh_months=draw.choice((3, 6, 12)),
        **MADE_UP,
    )
    figures = tuple(rounded(usual * quality * spread(draw, 0.3)) for _, _, usual in family.figures)
    return Model(record, unit_cost, rounded(price), (figures[0], figures[1]))


def attributes(groups: Sequence[Group]) -> Iterator[Attribute]:
    """Two published figures of every system."""
    for group in groups:
        for model in group.models:
            for (name, unit, _), value in zip(group.family.figures, model.figures, strict=True):
                yield Attribute(
                    system=model.record.id,
                    attribute=name,
                    value=value,
                    unit=unit,
                    date=str(START_YEAR),
                    **MADE_UP,
                )


def trials(draw: random.Random, groups: Sequence[Group]) -> Iterator[Trial]:
    """One to three campaigns of every system, in the two years before the plan."""
    for group in groups:
        for model in group.models:
            chance = draw.uniform(0.55, 0.92)
            for _ in range(draw.randint(1, 3)):
                n_trials = draw.randint(15, 150)
                n_successes = sum(draw.random() < chance for _ in range(n_trials))
                yield Trial(
                    system=model.record.id,
                    measure="mission_success",
                    setting=draw.choice(("factory", "field")),
                    tester=draw.choice(("maker", "independent range")),
                    date=dt.date(START_YEAR, 9, 1) - dt.timedelta(days=draw.randint(0, 700)),
                    n_trials=n_trials,
                    n_successes=n_successes,
                    version=draw.randint(1, model.record.design_version),
                    **MADE_UP,
                )

"""Made-up needs: requirements with their criteria and sizes, own needs, other buyers, integration work."""

from __future__ import annotations

import random
from collections.abc import Iterator, Sequence
from dataclasses import replace

from dronedeal.deal.cooperation import Integration
from dronedeal.deal.demand import HomeNeed, OtherBuyer
from dronedeal.deal.made_up.draft import (
    BRANCHES,
    BUYER,
    MADE_UP,
    MOST_ELIGIBLE,
    SELLER,
    Group,
    Years,
    dealt,
    rounded,
    spread,
)
from dronedeal.deal.requirements import Branch, Requirement, RequirementAttribute, RequirementQuantity

FEWEST_ELIGIBLE = 3
HOME_SHARE = (0.2, 0.48)
"""Least and most of the existing lines' output that the seller itself needs."""


def branches(requirements: int) -> Iterator[Branch]:
    """As many services as there are requirements, at most all."""
    for branch, name in list(BRANCHES.items())[:requirements]:
        yield Branch(id=branch, party=BUYER, name=name, **MADE_UP)


def with_requirements(
    draw: random.Random, groups: Sequence[Group], requirements: int, *, years: Years
) -> list[Group]:
    """The groups with their requirements dealt round, so that every branch and most groups have one."""
    names = list(BRANCHES)[:requirements]
    done = []
    for index, group in enumerate(groups):
        numbers = dealt(index, len(groups), requirements)
        rows = tuple(
            _requirement(draw, group, number, branch=names[number % len(names)]) for number in numbers
        )
        drawn = [_criteria(draw, group, row) for row in rows]
        done.append(
            replace(
                group,
                requirements=rows,
                criteria=tuple(criterion for criteria, _ in drawn for criterion in criteria),
                eligible={row.id: systems for row, (_, systems) in zip(rows, drawn, strict=True)},
                quantities=tuple(_quantities(draw, group, rows, years=years)),
            )
        )
    return done


def _requirement(draw: random.Random, group: Group, number: int, *, branch: str) -> Requirement:
    is_stock = draw.random() < 0.3
    low, high = (0.6, 1.2) if is_stock else (1.6, 3.0)
    value = rounded(group.mean_price * draw.uniform(low, high))
    return Requirement(
        id=f"r{number + 1:03d}",
        branch=branch,
        name=f"{group.role.replace('_', ' ').capitalize()} for the {BRANCHES[branch]}",
        role=group.role,
        domain=group.family.domain,
        kind="stock" if is_stock else "use",
        value_threshold=value,
        value_objective=rounded(value * draw.uniform(0.4, 0.7)),
        loss_rate=draw.choice((0.1, 0.2, 0.3)) if is_stock else 0.0,
        effectiveness_measure="mission_success" if draw.random() < 0.6 else None,
        appropriation=draw.choice(("procurement" if is_stock else "operations", None)),
        **MADE_UP,
    )


def _criteria(
    draw: random.Random, group: Group, requirement: Requirement
) -> tuple[list[RequirementAttribute], frozenset[str]]:
    """Two criteria, and the systems that pass the hard one: at least three where the group has as many."""
    hard, soft = draw.sample((0, 1), 2)
    ranked = sorted(group.models, key=lambda model: -model.figures[hard])
    passing = draw.randint(min(FEWEST_ELIGIBLE, len(ranked)), min(MOST_ELIGIBLE, len(ranked)))
    limit = ranked[passing - 1].figures[hard]
    rows = [
        RequirementAttribute(
            requirement=requirement.id,
            attribute=name,
            threshold=threshold,
            objective=rounded(1.3 * threshold),
            unit=unit,
            hard=is_hard,
            **MADE_UP,
        )
        for (name, unit, _), threshold, is_hard in (
            (group.family.figures[hard], limit, True),
            (group.family.figures[soft], rounded(0.8 * group.family.figures[soft][2]), False),
        )
    ]
    return rows, frozenset(model.record.id for model in ranked if model.figures[hard] >= limit)


def _quantities(
    draw: random.Random, group: Group, requirements: Sequence[Requirement], *, years: Years
) -> Iterator[RequirementQuantity]:
    """Needs that together ask for about as much as the lines can spare."""
    supply = group.yearly_output(group.home_lines) or 6 * group.family.monthly_output
    for requirement in requirements:
        need = supply / len(requirements) * draw.uniform(0.3, 0.7)
        growth, desire = draw.uniform(1.0, 1.25), draw.uniform(1.2, 1.8)
        for year in years.buyer:
            threshold = rounded(max(1.0, need))
            yield RequirementQuantity(
                requirement=requirement.id,
                fiscal_year=year,
                threshold=threshold,
                objective=rounded(threshold * desire),
                **MADE_UP,
            )
            need *= growth


def home_needs(draw: random.Random, groups: Sequence[Group], years: Years) -> Iterator[HomeNeed]:
    """One need a role, within what the existing lines can keep up month by month from the first month."""
    for group in groups:
        output = group.yearly_output(group.home_lines)
        if not output:
            continue
        share, required = draw.uniform(*HOME_SHARE), draw.choice((0.6, 0.8, 1.0))
        for year in years.seller:
            yield HomeNeed(
                id=f"own_{group.role}",
                role=group.role,
                fiscal_year=year,
                quantity=rounded(output * share, 4),
                required_share=required,
                value=rounded(group.family.unit_cost * draw.uniform(1.0, 1.6)),
                **MADE_UP,
            )
            share = min(HOME_SHARE[1], share * draw.uniform(0.9, 1.1))


def other_buyers(draw: random.Random, groups: Sequence[Group], years: Years) -> Iterator[OtherBuyer]:
    """Customers elsewhere for about a third of the systems that the seller's own lines make."""
    for group in groups:
        output = group.yearly_output(group.home_lines)
        sellers = {line.id for line in group.lines if line.operator == SELLER}
        made = {row.system for row in group.products if row.line in sellers}
        for model in group.own_models:
            if draw.random() > 0.35 or model.record.id not in made:
                continue
            tier, markup = draw.choice(("gulf", "europe")), draw.uniform(0.9, 1.3)
            for year in years.seller:
                yield OtherBuyer(
                    id=f"{tier}_{model.record.id}",
                    tier=tier,
                    system=model.record.id,
                    fiscal_year=year,
                    maximum=rounded(output * draw.uniform(0.02, 0.1)),
                    price=rounded(model.price * markup),
                    **MADE_UP,
                )


def integrations(draw: random.Random, groups: Sequence[Group]) -> Iterator[Integration]:
    """Work of two to nine months before some systems may be fielded with a branch."""
    for group in groups:
        for branch in sorted({requirement.branch for requirement in group.requirements}):
            for model in group.models:
                if draw.random() > 0.3:
                    continue
                yield Integration(
                    system=model.record.id,
                    branch=branch,
                    standard=f"{BRANCHES[branch]} interface approval",
                    cost=rounded(group.family.unit_cost * 20 * spread(draw, 0.5)),
                    months=draw.randint(2, 9),
                    payer=BUYER,
                    **MADE_UP,
                )

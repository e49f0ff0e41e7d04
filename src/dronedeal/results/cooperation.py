"""Tables of what the two sides do together: integration work and projects."""

from __future__ import annotations

from typing import Any

import numpy as np

from dronedeal.deal.cooperation import Project
from dronedeal.planning.data import BUYER, MONEY_UNIT, SELLER
from dronedeal.results.reading import Reading
from dronedeal.results.vocabulary import subject

Row = dict[str, Any]


def integrations(reading: Reading) -> list[Row]:
    """Integration work that is begun, in the order of the months."""
    data, deal = reading.data, reading.deal
    rows = []
    for slot, work in zip(*np.nonzero(reading.integrated.T), strict=True):
        month = int(data.tree.slot_month[slot])
        members = [deal.integrations[number] for number in data.works.rows[work]]
        rows.append(
            {
                "system": members[0].system,
                "standard": members[0].standard,
                "branches": subject(*(member.branch for member in members)),
                "start": data.calendar.label(month),
                "done": data.calendar.label(month + int(data.works.months[work])),
                "payer": members[0].payer,
                "amount": float(data.works.cost[work, month]) * MONEY_UNIT,
            }
        )
    return rows


def projects(reading: Reading) -> list[Row]:
    """Projects that are begun, in the order of the months."""
    data, deal = reading.data, reading.deal
    rows = []
    for slot, project in zip(*np.nonzero(reading.begun.T), strict=True):
        month = int(data.tree.slot_month[slot])
        row = deal.projects[project]
        rows.append(
            {
                "project": row.id,
                "begin": data.calendar.label(month),
                "done": data.calendar.label(month + row.months),
                "amount_buyer": _cost(reading, project, BUYER, month=month),
                "amount_seller": _cost(reading, project, SELLER, month=month),
                "effect": row.effect,
                "words": effect_in_words(row),
            }
        )
    return rows


def _cost(reading: Reading, project: int, party: int, *, month: int) -> float:
    """Undiscounted base-year currency that a party pays for a project begun in a month."""
    cost = reading.data.projects.cost[project, party]
    last = reading.data.calendar.months - 1
    return sum(float(cost[year, min(month + 12 * year, last)]) for year in range(len(cost))) * MONEY_UNIT


def effect_in_words(project: Project) -> str:
    """What a plan counts of a project when it is done."""
    systems, value, chance = (
        ", ".join(project.systems),
        project.effect_value or 0.0,
        project.success_probability,
    )
    if project.effect == "effectiveness":
        gain = chance * value
        return f"a delivery of {systems} counts {gain:g} more ({value:g} with a chance of {chance:.0%})"
    if project.effect == "unit_cost":
        saving = chance * (1 - value)
        return f"{systems} cost {saving:.1%} less to make ({1 - value:.1%} with a chance of {chance:.0%})"
    if project.effect == "successor":
        return f"{project.effect_subject} can be delivered"
    if project.effect == "compliant_part":
        return f"{value:,.0f} more {project.effect_subject} a year"
    return f"{systems} need no further integration work with {project.effect_subject}"


def project_gains(reading: Reading) -> list[Row]:
    """Effective units that projects add, by requirement and year."""
    deal, years = reading.deal, reading.data.buyer_years.names
    return [
        {
            "project": deal.projects[project].id,
            "fiscal_year": years[reading.data.tree.stage[node]],
            "requirement": deal.requirements[requirement].id,
            "quantity": float(reading.boost[project, requirement, node]),
        }
        for project, requirement, node in zip(*np.nonzero(reading.boost), strict=True)
    ]


def project_savings(reading: Reading) -> list[Row]:
    """Units that cost less by a project, by product and year."""
    data, deal = reading.data, reading.deal
    rows = []
    for project, product, node in zip(*np.nonzero(reading.saved), strict=True):
        quantity = float(reading.saved[project, product, node])
        rows.append(
            {
                "project": deal.projects[project].id,
                "fiscal_year": data.buyer_years.names[data.tree.stage[node]],
                "line": deal.lines[data.products.line[product]].id,
                "system": deal.systems[data.products.system[product]].id,
                "quantity": quantity,
                "amount": quantity * float(data.projects.saving[project, product]) * MONEY_UNIT,
            }
        )
    return rows

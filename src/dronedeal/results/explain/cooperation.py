"""The words of what deliveries and savings wait for: integration work and projects."""

from __future__ import annotations

import numpy as np

from dronedeal.planning.data import MONEY_UNIT
from dronedeal.results.explain.registry import Coordinates, Term, cell_address, term
from dronedeal.results.reading import Reading
from dronedeal.results.vocabulary import subject


@term("integrated")
def integrated(reading: Reading, row: Coordinates) -> Term:
    """Deliveries of a year that wait for work which is not begun, or not in time."""
    data, deal = reading.data, reading.deal
    requirement = deal.requirements[row["requirement"]]
    number = next(
        n for n in data.works.rows[row["work"]] if deal.integrations[n].branch == requirement.branch
    )
    work = deal.integrations[number]
    year = data.buyer_years.names[int(data.tree.stage[row["node"]])]
    cost = float(data.works.cost[row["work"], 0]) * MONEY_UNIT
    return Term(
        kind="integration",
        about=subject(work.system, work.branch),
        year=year,
        address=cell_address(reading, "integrations", number, "cost"),
        says=f"the work for {work.standard} that {work.system} needs with {work.branch}, at a cost of "
        f"{deal.settings.currency} {cost:,.0f}, is not done for fiscal year {year}",
        size=1.0,
        one_more=f"one {work.system} delivered to {requirement.id} without it",
    )


@term("boost_done")
def boost_done(reading: Reading, row: Coordinates) -> Term:
    """A project that would make deliveries count more, and is not done."""
    requirement = reading.deal.requirements[row["requirement"]].id
    return _project(reading, row["project"], row["node"], f"one effective unit more of it for {requirement}")


@term("saved_done")
def saved_done(reading: Reading, row: Coordinates) -> Term:
    """A project that would make a product cheaper, and is not done."""
    system = reading.deal.systems[reading.data.products.system[row["product"]]].id
    return _project(reading, row["project"], row["node"], f"one {system} made at the lower cost")


@term("successor")
def successor(reading: Reading, row: Coordinates) -> Term:
    """A successor that waits for a project which is not done."""
    project = int(np.flatnonzero(reading.data.projects.opens[:, row["system"]])[0])
    node = int(reading.data.tree.slot_node[row["slot"]])
    system = reading.deal.systems[row["system"]].id
    return _project(reading, project, node, f"one {system} delivered without it")


def _project(reading: Reading, number: int, node: int, one_more: str) -> Term:
    deal, data = reading.deal, reading.data
    project = deal.projects[number]
    year = data.buyer_years.names[int(data.tree.stage[node])]
    cost = sum(project.cost_by_year)
    return Term(
        kind="project",
        about=project.id,
        year=year,
        address=cell_address(reading, "projects", number, "cost_by_year"),
        says=f"project {project.id}, at a cost of {project.currency or deal.settings.currency} {cost:,.0f}, "
        f"is not done for fiscal year {year}",
        size=1.0,
        one_more=one_more,
    )

"""The deal of four months with projects that are worth their cost."""

from __future__ import annotations

from tests.planning.every_family import every_family

from dronedeal.deal import Deal

PRICE = {"hawk": 900.0, "owl": 600.0}


def with_projects(cost: float) -> Deal:
    """Each project costs so much in its first year and half of it in its second.

    Integration work costs ten times more, hawks and owls less, motors are scarce in the last month, and no
    part has a substitute, which the naive model does not know.
    """
    deal = every_family()
    projects = [row.model_copy(update={"cost_by_year": (cost, cost / 2)}) for row in deal.projects]
    works = [row.model_copy(update={"cost": 10 * row.cost}) for row in deal.integrations]
    prices = [
        row.model_copy(update={"unit_price": PRICE.get(row.system, row.unit_price)}) for row in deal.prices
    ]
    supply = [*deal.component_supply[:1], deal.component_supply[1].model_copy(update={"limit": 1200.0})]
    deal = deal.with_table("projects", projects).with_table("integrations", works)
    parts = [row for row in deal.components if row.substitute_for is None]
    deal = deal.with_table("components", parts)
    return deal.with_table("prices", prices).with_table("component_supply", supply)

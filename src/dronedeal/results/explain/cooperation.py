"""The words of what deliveries wait for: integration work."""

from __future__ import annotations

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

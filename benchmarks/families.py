"""Small deals that use every family of the model, for the comparison with the second formulation."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from tests.planning.deals_with_cash import with_cash
from tests.planning.deals_with_projects import with_projects
from tests.planning.deals_with_terms import with_terms, with_tiers
from tests.planning.ruled_deal import ruled_deal

import dronedeal
from dronedeal.deal import Deal


def deals_by_family(folder: Path) -> Iterator[tuple[str, Deal]]:
    """Name and deal: those that the tests set against the naive model.

    Parameters
    ----------
    folder : where the deals of the repository are
    """
    first, licensed = (dronedeal.read(folder / name) for name in ("first-deal", "licensed-line"))
    yield "first-deal, all-units tiers and a bundle", with_tiers(first, "all_units")
    yield "first-deal, incremental tiers and a bundle", with_tiers(first, "incremental")
    yield "licensed-line, options, clauses, instalments, ceiling", with_terms(licensed)
    yield "licensed-line, the seller short of cash", with_cash(licensed, "licensed-line")
    yield "first-deal, short of cash under the same terms", with_cash(with_terms(first), "first-deal")
    for cost in (10, 1500):
        yield f"small deal, projects at {cost}", with_projects(cost)
    for seed in (1, 2, 3):
        yield f"made-up deal {seed} under composition rules", ruled_deal(seed)

"""What a reader must know of the scenarios of a plan."""

from __future__ import annotations

from dronedeal.deal import Deal
from dronedeal.deal.scenario_tree import ScenarioTree, Varied
from dronedeal.planning.scenarios.factors import buyer_years
from dronedeal.planning.scenarios.service import has_service_levels
from dronedeal.report.wording import list_text


def notes_of(deal: Deal, tree: ScenarioTree, *, is_grown: bool) -> list[str]:
    """What a reader must know of where the scenarios come from, and of what joins them.

    Parameters
    ----------
    deal, tree : what is planned
    is_grown : whether the tree was grown from the deal
    """
    notes = _of_service(deal)
    if not is_grown:
        return notes
    if not deal.uncertainty and len(tree.leaves) == 1:
        return [
            *notes,
            "There is one scenario, the figures as stated: the deal says of nothing how it may turn out. "
            "Fill the table uncertainty, or give a tree with --tree.",
        ]
    return [*notes, *_first_year(deal)]


def _of_service(deal: Deal) -> list[str]:
    if not has_service_levels(deal):
        return []
    return [
        "Own needs with a service level may be missed in some scenarios. It joins all scenarios, so that "
        "what knowing one of them is worth cannot be said."
    ]


def _first_year(deal: Deal) -> list[str]:
    """What is stated for the first fiscal year, which is planned before anything has turned out."""
    first = buyer_years(deal).names[0]
    names = {Varied(row.factor, row.subject).words for row in deal.uncertainty if row.fiscal_year == first}
    if not names:
        return []
    return [
        f"The first fiscal year is planned for the figures as stated; outcomes of {first} hold from "
        f"{first + 1} on: {list_text(sorted(names))}."
    ]

"""What a reader must know of the scenarios of a plan."""

from __future__ import annotations

from dronedeal.deal import Deal
from dronedeal.deal.scenario_tree import ScenarioTree, Varied
from dronedeal.planning.scenarios.factors import buyer_years, factors_of
from dronedeal.planning.scenarios.grow import shifts_of
from dronedeal.planning.scenarios.service import has_service_levels
from dronedeal.report.wording import count_text, list_text, percent_text

# Chances that differ by no more are said to be those that are stated.
_SHIFTED = 0.02


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
    return [*notes, *_first_year(deal), *_drawn(deal, tree)]


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


def _drawn(deal: Deal, tree: ScenarioTree) -> list[str]:
    """How far the chances of drawn outcomes are from those that are stated."""
    found = shifts_of(factors_of(deal), tree, buyer_years(deal).names)
    shifts = [each for each in found if abs(each.drawn - each.stated) > _SHIFTED]
    if not shifts:
        return []
    worst = max(shifts, key=lambda each: (abs(each.drawn - each.stated), each.words))
    return [
        f"Drawn scenarios are few: {count_text(len(shifts), 'outcome')} came at another chance than is "
        f"stated (the furthest, {worst.words}: {percent_text(worst.drawn)} in place of "
        f"{percent_text(worst.stated)}). More scenarios come closer."
    ]

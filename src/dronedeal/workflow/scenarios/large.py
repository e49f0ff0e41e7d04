"""Which trees are too large for one problem, and what a reader must know of a plan made in parts."""

from __future__ import annotations

import numpy as np

from dronedeal.errors import CommandError
from dronedeal.planning.model import build_problem
from dronedeal.planning.scenarios.by_node import OnTree, along
from dronedeal.report.wording import count_text, list_text, number_text, percent_text
from dronedeal.workflow.scenarios.by_parts import Broken, ByParts

# From so many columns on a tree is planned in parts, each of no more than the second number.
MOST_COLUMNS = 150_000
MOST_OF_A_PART = 40_000
# More than so many columns are no problem that ends in hours, or fits into the memory of a laptop.
MOST_OF_ONE = 1_000_000
# Trees of so few nodes are never large.
_FEW_NODES = 20
# What is broken, and whether it is counted in money.
_TERMS = {
    "home_need": ("own needs", False),
    "rule": ("hard rules", False),
    "firm_minimum": ("firm minima", False),
    "return_share": ("output to be returned", False),
    "budget": ("budgets", True),
    "ceiling": ("the ceiling", True),
    "cash_floor": ("the floor of the seller's account", True),
}


def nodes_of_parts(placed: OnTree, most_columns: int = MOST_COLUMNS) -> int | None:
    """Nodes that a part may have, the years before it included; None where one problem holds the whole tree.

    The columns of the tree are reckoned from those of one scenario.

    Parameters
    ----------
    placed : the deal on its tree
    most_columns : of one problem
    """
    tree = placed.tree
    if len(tree.nodes) <= _FEW_NODES:
        return None
    by_node = _columns_of_a_node(placed)
    if by_node * len(tree.nodes) <= most_columns:
        return None
    return max(tree.n_stages, int(min(MOST_OF_A_PART, most_columns) / by_node))


def require_one_problem(placed: OnTree, joined_by: str, most_columns: int = MOST_OF_ONE) -> None:
    """Refuse a tree that no single problem can hold where something joins all its scenarios in one.

    Parameters
    ----------
    placed : the deal on its tree
    joined_by : what joins the scenarios, in words of the user
    most_columns : of one problem

    Raises
    ------
    CommandError : before any work is begun that would not end
    """
    nodes, leaves = len(placed.tree.nodes), len(placed.tree.leaves)
    columns = _columns_of_a_node(placed) * nodes if nodes > _FEW_NODES else 0.0
    if columns <= most_columns:
        return
    fewer = max(1, int(leaves * most_columns / columns))
    raise CommandError(
        f"{joined_by} joins all scenarios in one problem, and that of {leaves:,} scenarios has about "
        f"{round(columns, -3):,.0f} columns; at most {most_columns:,} can be planned at once. Ask for about "
        f"{fewer:,} scenarios or fewer, or plan for both sides together without it: then the tree is planned "
        "in parts"
    )


def _columns_of_a_node(placed: OnTree) -> float:
    """Columns of one scenario by the number of its nodes."""
    return build_problem(along(placed.data, placed.tree.leaves[0])).n_columns / placed.tree.n_stages


def method_of(found: ByParts) -> str:
    """How a plan in parts was made, in words."""
    return f"{found.n_parts:,} parts of the tree, each below the decisions of the years that they share"


def notes_of_parts(found: ByParts) -> list[str]:
    """What a reader must know of a plan in parts and of its bound."""
    notes = [
        "The tree is too large for one problem. What several parts share is decided looking ahead to a few "
        "scenarios, the hardest among them; the bound lets each part decide the shared years for itself at a "
        "toll. What knowing the scenario is worth is left out: ask for it with fewer scenarios."
    ]
    if np.isfinite(found.bound):
        notes.append(_of_the_gap(found))
    if found.broken:
        notes.append(
            "Terms collide in some scenarios and are broken there, on average over all scenarios: "
            f"{list_text([_broken_words(each) for each in found.broken])}. The bound is one of all plans "
            "that break no term by more than this plan does in any scenario."
        )
    return notes


def _of_the_gap(found: ByParts) -> str:
    """What of the gap is left open by what."""
    worth = max(1e-6, abs(found.worth))
    curves = percent_text((found.kept_bound - found.worth) / worth, 2)
    shared = percent_text((found.bound - found.kept_bound) / worth, 2)
    return (
        f"Of the gap, {curves} are left open by costs that fall with experience and by whole numbers, and "
        f"{shared} by decisions that parts share: some of it is what knowing the part at once would be "
        "worth, and no plan can have it."
    )


def _broken_words(each: Broken) -> str:
    """What is broken of one kind of term, and what of it no part could have avoided."""
    words, in_money = _TERMS.get(each.kind, (each.kind.replace("_", " "), False))
    unit = "million" if in_money else "units"
    parts = count_text(each.parts, "part")
    if each.alone is None:
        return f"{words} by {number_text(each.quantity)} {unit} in {parts}"
    least = number_text(each.alone)
    return (
        f"{words} by {number_text(each.quantity)} {unit} in {parts} (no less than {least} by any decisions)"
    )

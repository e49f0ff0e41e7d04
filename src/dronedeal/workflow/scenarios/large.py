"""Which trees are too large for one problem, and what a reader must know of a plan made in parts."""

from __future__ import annotations

from dronedeal.planning.model import build_problem
from dronedeal.planning.scenarios.by_node import OnTree, along
from dronedeal.workflow.scenarios.by_parts import ByParts

# From so many columns on a tree is planned in parts, each of no more than the second number.
MOST_COLUMNS = 150_000
MOST_OF_A_PART = 40_000
# Trees of so few nodes are never large.
_FEW_NODES = 20


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
    by_node = build_problem(along(placed.data, tree.leaves[0])).n_columns / tree.n_stages
    if by_node * len(tree.nodes) <= most_columns:
        return None
    return max(tree.n_stages, int(min(MOST_OF_A_PART, most_columns) / by_node))


def method_of(found: ByParts) -> str:
    """How a plan in parts was made, in words."""
    return f"{found.n_parts:,} parts of the tree, each below the decisions of the years that they share"


def notes_of_parts(found: ByParts) -> list[str]:
    """What a reader must know of a plan in parts and of its bound."""
    notes = [
        "The tree is too large for one problem. What several parts share is decided looking ahead to a few "
        "scenarios; the bound lets each part decide the shared years for itself at a toll, so that the gap "
        "holds some of what knowing the part at once would be worth, too. What knowing the scenario is worth "
        "is left out: ask for it with fewer scenarios."
    ]
    if found.is_relaxed:
        notes.append(
            "Terms collide in some scenarios and are broken there at a price that makes it the last resort; "
            "the bound holds for plans that break no more in all."
        )
    return notes

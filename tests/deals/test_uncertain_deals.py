"""What may turn out differently in the deals that come with the program."""

from __future__ import annotations

from pathlib import Path

import pytest

import dronedeal
from dronedeal.planning import build_problem
from dronedeal.planning.scenarios.by_node import OnTree, along, on_tree
from dronedeal.planning.scenarios.factors import factors_of
from dronedeal.planning.scenarios.grow import exact_tree, scenario_tree

DEALS = Path(__file__).parents[2] / "deals"
NAMES = ("first-deal", "licensed-line", "ukraine-us")


@pytest.mark.parametrize("name", NAMES)
def test_every_row_is_a_marked_assumption_with_its_reason(name: str) -> None:
    deal = dronedeal.read(DEALS / name)
    assert deal.uncertainty
    for row in (*deal.uncertainty, *deal.correlations):
        assert row.basis == "assumption"
        assert row.note


@pytest.mark.parametrize("name", NAMES)
def test_its_outcomes_make_a_tree_whose_chances_are_whole(name: str) -> None:
    deal = dronedeal.read(DEALS / name)
    tree = scenario_tree(deal, leaves=9, seed=0)
    assert len(tree.leaves) > 5
    assert sum(tree.nodes[leaf].probability for leaf in tree.leaves) == pytest.approx(1.0)
    assert {factor.varied for factor in factors_of(deal)} == set(tree.varied)


@pytest.mark.parametrize("name", ["first-deal", "licensed-line"])
def test_every_factor_moves_a_figure_of_the_plan(name: str) -> None:
    """With all other factors gone, its lowest and its highest outcome are not the same problem."""
    deal = dronedeal.read(DEALS / name).with_table("correlations", [])
    for varied in {factor.varied for factor in factors_of(deal)}:
        rows = [row for row in deal.uncertainty if (row.factor, row.subject) == varied]
        alone = deal.with_table("uncertainty", rows)
        placed = on_tree(alone, exact_tree(alone))
        leaves = placed.tree.leaves
        assert _figures(placed, leaves[0]) != _figures(placed, leaves[-1]), varied.words


def _figures(placed: OnTree, leaf: int) -> list[list[float]]:
    problem = build_problem(along(placed.data, leaf))
    arrays = (
        problem.matrix.value,
        problem.lower,
        problem.upper,
        problem.row_lower,
        problem.row_upper,
        *problem.utility,
    )
    return [array.tolist() for array in arrays]

"""Growing trees: exact and drawn."""

from __future__ import annotations

import random
from collections.abc import Mapping

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.planning.scenarios.uncertain import THREE, TWO, Outcomes, with_correlations, with_uncertainty
from tests.planning.scenarios.years import four_years

from dronedeal.deal import Deal
from dronedeal.deal.scenario_tree import ScenarioTree, Varied
from dronedeal.errors import CommandError
from dronedeal.planning.scenarios.factors import buyer_years, factors_of
from dronedeal.planning.scenarios.grow import (
    branching,
    exact_tree,
    generator_of,
    scenario_tree,
    shifts_of,
    stages_of,
)


def uncertain() -> Deal:
    """Need in 2028, budget in 2028 and again in 2030, price in 2029."""
    return with_uncertainty(
        four_years(),
        ("buyer_need", "*", 2028, THREE),
        ("budget", "army", 2028, TWO),
        ("price", "*", 2029, {"up": (0.4, 1.25), "flat": (0.6, 1.0)}),
        ("budget", "army", 2030, THREE),
    )


def sums(tree: ScenarioTree) -> list[float]:
    return [
        sum(node.probability for node, at in zip(tree.nodes, tree.stage, strict=True) if at == stage)
        for stage in range(tree.n_stages)
    ]


def expectations(tree: ScenarioTree) -> Mapping[tuple[Varied, int], float]:
    return {(key, stage): tree.expected(key, stage) for key in tree.varied for stage in range(tree.n_stages)}


def test_independent_factors_multiply_out_year_by_year() -> None:
    tree = exact_tree(uncertain())
    assert [tree.stage.count(stage) for stage in range(4)] == [1, 6, 12, 36]
    assert sums(tree) == pytest.approx([1.0] * 4)
    assert tree.nodes[0].name == "2027"
    assert tree.nodes[0].outcomes == {}


def test_an_outcome_holds_until_the_next_one_of_the_same_factor_and_subject() -> None:
    tree = exact_tree(uncertain())
    budget, need = Varied("budget", "army"), Varied("buyer_need", "*")
    for leaf in tree.leaves:
        path = [tree.nodes[number].outcomes for number in tree.path_to(leaf)]
        assert path[1][budget] == path[2][budget]
        assert path[1][need] == path[2][need] == path[3][need]
    assert {tree.multiplier(leaf, budget) for leaf in tree.leaves} == {0.5, 1.0, 1.5}
    assert tree.expected(budget, 1) == pytest.approx(0.88)
    assert tree.expected(budget, 2) == pytest.approx(0.88)
    assert tree.expected(budget, 3) == pytest.approx(1.0)


def test_few_combinations_are_all_taken_and_many_are_drawn() -> None:
    deal = uncertain()
    assert scenario_tree(deal, leaves=36).nodes == exact_tree(deal).nodes
    assert scenario_tree(deal, leaves=10_000).nodes == exact_tree(deal).nodes
    assert 1 < len(scenario_tree(deal, leaves=12).leaves) <= 12
    assert branching(stages_of(deal), leaves=12) == [1, 3, 2, 2]


@settings(deadline=None, max_examples=25)
@given(leaves=st.integers(1, 40), seed=st.integers(0, 2**32))
def test_drawn_trees_are_sound_and_no_larger_than_asked_for(leaves: int, seed: int) -> None:
    tree = scenario_tree(uncertain(), leaves=leaves, seed=seed)
    assert sums(tree) == pytest.approx([1.0] * 4, abs=1e-12)
    assert len(tree.leaves) <= leaves


def test_expectations_of_drawn_trees_are_near_the_exact_ones() -> None:
    exact = expectations(exact_tree(uncertain()))
    found = [expectations(scenario_tree(uncertain(), leaves=24, seed=seed)) for seed in range(40)]
    for key, value in exact.items():
        assert np.mean([each.get(key, 1.0) for each in found]) == pytest.approx(value, abs=0.05)


def test_the_order_of_rows_changes_nothing() -> None:
    deal = uncertain()
    rows = list(deal.uncertainty)
    random.Random(3).shuffle(rows)
    mixed = deal.with_table("uncertainty", rows)
    assert exact_tree(mixed).nodes == exact_tree(deal).nodes
    assert scenario_tree(mixed, leaves=9, seed=5).nodes == scenario_tree(deal, leaves=9, seed=5).nodes


def test_splitting_an_outcome_in_two_halves_changes_nothing_but_its_name() -> None:
    halves: Outcomes = {"low": (0.25, 0.5), "mid1": (0.25, 1.0), "mid2": (0.25, 1.0), "high": (0.25, 1.5)}
    whole = with_uncertainty(four_years(), ("buyer_need", "*", 2028, THREE))
    split = with_uncertainty(four_years(), ("buyer_need", "*", 2028, halves))
    one, other = exact_tree(whole), exact_tree(split)
    assert [node.probability for node in one.nodes] == [node.probability for node in other.nodes]
    assert expectations(one) == expectations(other)


def test_the_draws_of_a_node_do_not_depend_on_the_rest_of_the_tree() -> None:
    """Only what follows 2029 differs, so that everything up to 2029 is drawn alike."""
    deal = uncertain()
    fewer = deal.with_table("uncertainty", [row for row in deal.uncertainty if row.fiscal_year < 2030])
    one = scenario_tree(deal, leaves=8, seed=11)
    other = scenario_tree(fewer, leaves=4, seed=11)
    assert branching(stages_of(deal), leaves=8)[:3] == branching(stages_of(fewer), leaves=4)[:3]
    for left, right in zip(one.nodes, other.nodes, strict=False):
        if left.name.startswith("2030"):
            break
        assert left == right


def test_random_numbers_of_a_node_are_fixed_by_seed_and_path() -> None:
    """Pinned: a plan on scenarios is the same on every machine and in every version."""
    assert generator_of(7, (0, 2)).integers(0, 1000, 4).tolist() == [511, 159, 169, 25]


def test_two_correlated_factors_have_an_exact_tree_and_three_are_drawn() -> None:
    deal = uncertain()
    pair = with_correlations(deal, [("buyer_need", "*", "budget", "army", 0.9)])
    tree = exact_tree(pair)
    both = sum(
        tree.nodes[number].probability
        for number in range(1, 7)
        if tree.multiplier(number, Varied("buyer_need", "*")) == 0.5
        and tree.multiplier(number, Varied("budget", "army")) == 0.6
    )
    assert both > 0.2 > 0.25 * 0.3
    assert sums(tree) == pytest.approx([1.0] * 4)
    third = with_uncertainty(
        four_years(),
        *((name, "*", 2028, TWO) for name in ("buyer_need", "budget", "price")),
    )
    three = with_correlations(
        third, [("buyer_need", "*", "budget", "*", 0.5), ("budget", "*", "price", "*", 0.5)]
    )
    with pytest.raises(CommandError, match="no more than two factors correlated"):
        exact_tree(three)
    assert sums(scenario_tree(three, leaves=8)) == pytest.approx([1.0] * 4)


def test_a_number_of_scenarios_out_of_range_is_refused() -> None:
    with pytest.raises(CommandError, match="scenarios: found 0; allowed: from 1 to 100,000"):
        scenario_tree(uncertain(), leaves=0)


def test_every_outcome_has_its_stated_chance_in_an_exact_tree_and_all_of_a_factor_make_one() -> None:
    deal = uncertain()
    factors, years = factors_of(deal), buyer_years(deal).names
    for shift in shifts_of(factors, exact_tree(deal), years):
        assert shift.drawn == pytest.approx(shift.stated), shift.words
    drawn = list(shifts_of(factors, scenario_tree(deal, leaves=4), years))
    assert sum(shift.drawn for shift in drawn) == pytest.approx(len(factors))
    # Two branches of 2028 cannot have three outcomes with their chances.
    assert max(abs(shift.drawn - shift.stated) for shift in drawn) > 0.05
    assert drawn[0].words.endswith(" in 2028")

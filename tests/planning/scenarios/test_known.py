"""Trees of which something is known, and trees on which one thing more turns out."""

from __future__ import annotations

import pytest
from tests.planning.scenarios.uncertain import THREE, TWO, with_uncertainty
from tests.planning.scenarios.years import four_years

from dronedeal.deal.scenario_tree import Outcome, ScenarioTree, Varied
from dronedeal.planning.scenarios.factors import Factor
from dronedeal.planning.scenarios.grow import exact_tree
from dronedeal.planning.scenarios.known import known_from, with_factor

NEED, BUDGET, SHOWN = Varied("buyer_need", "*"), Varied("budget", "army"), Varied("effectiveness", "x")
FACTOR = Factor(SHOWN, 1, (Outcome("bad", 0.5), Outcome("good", 1.25)), (0.25, 0.75))


def tree() -> ScenarioTree:
    deal = with_uncertainty(four_years(), ("buyer_need", "*", 2028, THREE), ("budget", "army", 2029, TWO))
    return exact_tree(deal)


def test_what_is_known_leaves_its_own_branch_with_its_own_chances() -> None:
    whole = tree()
    for child in whole.children[0]:
        left = known_from(whole, [child])
        assert len(left.children[0]) == 1
        assert sum(left.nodes[leaf].probability for leaf in left.leaves) == pytest.approx(1.0)
        assert left.multiplier(left.children[0][0], NEED) == whole.multiplier(child, NEED)
        assert left.expected(BUDGET, 3) == pytest.approx(whole.expected(BUDGET, 3))


def test_the_branches_together_are_the_whole_tree() -> None:
    whole = tree()
    for stage in range(whole.n_stages):
        expected = sum(
            whole.nodes[child].probability * known_from(whole, [child]).expected(NEED, stage)
            for child in whole.children[0]
        )
        assert expected == pytest.approx(whole.expected(NEED, stage))


def test_one_factor_more_leaves_all_others_as_they_were() -> None:
    whole = tree()
    more, firsts = with_factor(whole, FACTOR)
    assert len(more.leaves) == 2 * len(whole.leaves)
    assert more.stage == tuple(sorted(more.stage))
    for stage in range(1, whole.n_stages):
        assert more.expected(NEED, stage) == pytest.approx(whole.expected(NEED, stage))
        assert more.expected(SHOWN, stage) == pytest.approx(0.25 * 0.5 + 0.75 * 1.25)
    for nodes, outcome, chance in zip(firsts, FACTOR.outcomes, FACTOR.probability, strict=True):
        assert sum(more.nodes[node].probability for node in nodes) == pytest.approx(chance)
        left = known_from(more, nodes)
        assert len(left.leaves) == len(whole.leaves)
        for stage in range(1, whole.n_stages):
            assert left.expected(SHOWN, stage) == pytest.approx(outcome.multiplier)
            assert left.expected(BUDGET, stage) == pytest.approx(whole.expected(BUDGET, stage))
        assert left.multiplier(0, SHOWN) == 1.0

"""Trees of scenarios as values."""

from __future__ import annotations

import pytest

from dronedeal.deal.scenario_tree import Outcome, ScenarioNode, ScenarioTree, Varied, structure_faults

BUDGET = Varied("budget", "army")


def test_chances_that_do_not_add_up_are_refused() -> None:
    nodes = (ScenarioNode("2027", -1, 1.0, {}), ScenarioNode("2028", 0, 0.9, {}))
    with pytest.raises(ValueError, match=r"the nodes after '2027' have a chance of 0\.9 in all; allowed: 1"):
        ScenarioTree(nodes)


def test_a_root_with_less_than_certainty_is_refused() -> None:
    with pytest.raises(ValueError, match=r"the root has a chance of 0\.5"):
        ScenarioTree((ScenarioNode("2027", -1, 0.5, {}),))


@pytest.mark.parametrize(
    ("parents", "words"),
    [
        ([], "begins with its root"),
        ([0], "begins with its root"),
        ([-1, 2, 0], "does not come after"),
        ([-1, 0, 0, 1], "different years"),
    ],
)
def test_nodes_out_of_order_are_refused(parents: list[int], words: str) -> None:
    assert words in structure_faults(parents)[0]


def test_words_say_what_turned_out_and_what_changed() -> None:
    cut, more = {BUDGET: Outcome("cut", 0.7)}, {BUDGET: Outcome("more", 1.2)}
    nodes = (
        ScenarioNode("2027", -1, 1.0, {}),
        ScenarioNode("2028", 0, 1.0, cut),
        ScenarioNode("2029.1", 1, 0.5, cut),
        ScenarioNode("2029.2", 1, 0.5, more),
    )
    tree = ScenarioTree(nodes)
    assert tree.words(2) == "budget of army: cut"
    assert tree.words(3) == "budget of army: cut, then more"
    assert tree.path_to(3) == (0, 1, 3)
    assert tree.expected(BUDGET, 0) == 1.0

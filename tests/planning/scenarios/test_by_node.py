"""The arrays of a deal on a tree, and the problems built from them."""

from __future__ import annotations

from dataclasses import fields, is_dataclass
from typing import Any

import numpy as np
import pytest
from tests.planning.every_family import every_family
from tests.planning.scenarios.uncertain import TWO, Outcomes, with_uncertainty
from tests.planning.test_model import optimum

from dronedeal.assessment import assess
from dronedeal.deal import Deal
from dronedeal.deal.scenario_tree import Outcome, ScenarioNode, ScenarioTree, Varied, single_scenario
from dronedeal.planning.arrange import arrange
from dronedeal.planning.lp_format import lp_text
from dronedeal.planning.model import build_problem
from dronedeal.planning.scenarios.by_node import OnTree, along, on_tree
from dronedeal.planning.scenarios.grow import exact_tree
from dronedeal.planning.scenarios.under import rows_under

MORE: Outcomes = {"less": (0.4, 0.7), "more": (0.6, 1.25)}


def uncertain() -> Deal:
    """A factor of every kind, two outcomes each, in a deal with every family of columns and rows."""
    return with_uncertainty(
        every_family(),
        ("buyer_need", "*", 2028, MORE),
        ("home_need", "*", 2028, TWO),
        ("line_outage", "home", 2028, {"struck": (0.2, 0.6), "whole": (0.8, 1.0)}),
        ("component_supply", "*", 2028, MORE),
        ("budget", "*", 2028, TWO),
        ("price", "kite", 2028, MORE),
        ("effectiveness", "mule", 2028, TWO),
    )


@pytest.fixture(scope="module")
def placed() -> OnTree:
    deal = uncertain()
    return on_tree(deal, exact_tree(deal))


def arrays(value: Any, path: str = "") -> dict[str, Any]:
    """Every array of nested records by its name."""
    if is_dataclass(value):
        found: dict[str, Any] = {}
        for each in fields(value):
            found |= arrays(getattr(value, each.name), f"{path}.{each.name}")
        return found
    return {path: value} if isinstance(value, np.ndarray) else {}


def same(one: Any, other: Any) -> list[str]:
    """Names of arrays that differ."""
    left, right = arrays(one), arrays(other)
    assert left.keys() == right.keys()
    return [name for name in left if not np.array_equal(left[name], right[name])]


def test_one_scenario_without_outcomes_gives_the_problem_of_the_plan() -> None:
    deal = every_family()
    found = on_tree(deal, single_scenario(["2027", "2028"]))
    assert lp_text(build_problem(found.data)) == lp_text(build_problem(arrange(deal, assess(deal))))


def test_each_node_has_the_figures_of_its_own_state(placed: OnTree) -> None:
    tree, data = placed.tree, placed.data
    plain = arrange(uncertain(), assess(uncertain()))
    for node in range(1, len(tree.nodes)):
        need = tree.multiplier(node, Varied("buyer_need", "*"))
        assert data.requirements.objective[:, node] == pytest.approx(
            need * plain.requirements.objective[:, 1]
        )
        price = tree.multiplier(node, Varied("price", "kite"))
        is_kite = np.array([name.startswith("kite@") for name in plain.labels["product"]])
        assert data.prices.price[is_kite, node] == pytest.approx(price * plain.prices.price[is_kite, 1])
        assert data.prices.price[~is_kite, node] == pytest.approx(plain.prices.price[~is_kite, 1])
    assert np.array_equal(data.requirements.objective[:, 0], plain.requirements.objective[:, 0])


def test_only_what_has_an_axis_of_nodes_differs_between_states() -> None:
    """What a new family reads from a state must be given an axis, or it would be that of the root."""
    deal = uncertain()
    tree = exact_tree(deal)
    base, other = (arrange(*_state(deal, tree, node)) for node in (0, 1))  # 1: all that can be low is low
    known = {
        ".requirements.threshold", ".requirements.objective", ".pairs.effectiveness", ".prices.price",
        ".rules.shares.price", ".rules.shares.most", ".rules.penalty", ".rules.is_barred",
        ".substitutes.is_barred", ".projects.boost", ".curves.most", ".lines.initial", ".lines.step_size",
        ".pairs.first", ".pairs.last", ".works.months", ".terms.tiers.rebate", ".home.quantity",
        ".budgets.amount", ".components.limit",
    }  # fmt: skip
    found = {name for name in same(base, other) if not name.startswith(".tree")}
    assert found <= known
    assert {".prices.price", ".lines.initial", ".budgets.amount", ".home.quantity"} <= found


def _state(deal: Deal, tree: ScenarioTree, node: int) -> tuple[Deal, Any]:
    from dronedeal.planning.scenarios.under import Matching, state_deal

    return state_deal(deal, tree.nodes[node].outcomes), Matching(deal).under(tree.nodes[node].outcomes)


def test_a_scenario_is_the_deal_with_its_rows_as_they_turned_out() -> None:
    """Where only rows with fiscal years vary, each path is an ordinary deal."""
    deal = with_uncertainty(
        every_family(),
        ("buyer_need", "*", 2028, MORE),
        ("home_need", "*", 2028, TWO),
        ("budget", "*", 2028, TWO),
        ("component_supply", "*", 2028, MORE),
        ("price", "kite", 2028, MORE),
    )
    tree = exact_tree(deal)
    data = on_tree(deal, tree).data
    for leaf in tree.leaves[:: max(1, len(tree.leaves) // 6)]:
        outcomes = [tree.nodes[node].outcomes for node in tree.path_to(leaf)]
        stated = rows_under(deal, outcomes)
        expected = build_problem(arrange(stated, assess(stated)))
        found = build_problem(along(data, leaf))
        assert found.columns.keys() == expected.columns.keys()
        for name in ("lower", "upper", "row_lower", "row_upper", "utility", "utility_constant"):
            left, right = getattr(found, name), getattr(expected, name)
            if name != "upper":  # bounds of violations and of what is on hand may be looser
                assert left == pytest.approx(right, rel=1e-9, abs=1e-9), name
        assert found.matrix.column.tolist() == expected.matrix.column.tolist()


def test_the_path_of_a_tree_is_a_tree_of_one_path(placed: OnTree) -> None:
    """Cut out of the tree, or grown alone: the same problem but for how loose its bounds are."""
    deal = uncertain()
    for leaf in (placed.tree.leaves[0], placed.tree.leaves[-1]):
        path = placed.tree.path_to(leaf)
        nodes = tuple(
            ScenarioNode(placed.tree.nodes[node].name, at - 1, 1.0, placed.tree.nodes[node].outcomes)
            for at, node in enumerate(path)
        )
        alone = on_tree(deal, ScenarioTree(nodes)).data
        assert optimum(along(placed.data, leaf)) == pytest.approx(optimum(alone), rel=1e-9)


def test_columns_of_a_row_lie_on_one_path(placed: OnTree) -> None:
    """Nothing in a row can know what another branch brings (rule R4), read off the index."""
    problem, tree = build_problem(placed.data), placed.data.tree
    ancestors = [set(tree.path_to(node).tolist()) for node in range(tree.n_nodes)]
    starts = problem.matrix.start
    for row in range(problem.n_rows):
        nodes = set(problem.node[problem.matrix.column[starts[row] : starts[row + 1]]].tolist())
        assert not nodes or any(nodes <= ancestors[node] for node in nodes)
    for name, family in problem.columns.items():
        axes = family.coordinates
        of = axes["node"] if "node" in axes else tree.slot_node[axes["slot"]]
        assert np.array_equal(problem.node[family.slice], of), name


def test_splitting_a_scenario_in_two_halves_leaves_the_optimum() -> None:
    deal = with_uncertainty(every_family(), ("budget", "*", 2028, TWO))
    cut, kept = ({Varied("budget", "*"): Outcome(name, by)} for name, by in (("cut", 0.6), ("kept", 1.0)))
    root = ScenarioNode("2027", -1, 1.0, {})
    two = ScenarioTree((root, ScenarioNode("a", 0, 0.3, cut), ScenarioNode("b", 0, 0.7, kept)))
    three = ScenarioTree(
        (
            root,
            ScenarioNode("a", 0, 0.3, cut),
            ScenarioNode("b", 0, 0.35, kept),
            ScenarioNode("c", 0, 0.35, kept),
        )
    )
    whole, split = optimum(on_tree(deal, two).data), optimum(on_tree(deal, three).data)
    assert split == pytest.approx(whole, rel=1e-9)


def test_knowing_less_is_never_worth_more() -> None:
    """The plan on the tree is worth no more than the mean of the plans made for each scenario alone."""
    deal = with_uncertainty(every_family(), ("buyer_need", "*", 2028, MORE), ("budget", "*", 2028, TWO))
    tree = exact_tree(deal)
    data = on_tree(deal, tree).data
    alone = sum(tree.nodes[leaf].probability * optimum(along(data, leaf)) for leaf in tree.leaves)
    assert optimum(data) <= alone + 1e-9 * abs(alone)


def test_permits_and_work_take_as_long_as_in_the_node_of_the_delivery() -> None:
    deal = with_uncertainty(
        every_family(),
        ("permit_delay", "*", 2028, {"fast": (0.5, 1.0), "late": (0.5, 3.0)}),
        ("integration_delay", "*", 2028, {"fast": (0.5, 1.0), "late": (0.5, 2.0)}),
    )
    tree = exact_tree(deal)
    found = on_tree(deal, tree)
    data, plain = found.data, arrange(deal, assess(deal))
    assert data.pairs.count >= plain.pairs.count
    for node in range(1, len(tree.nodes)):
        late = tree.multiplier(node, Varied("integration_delay", "*"))
        assert data.at_node.work_months[:, node].tolist() == [
            int(months * late) for months in plain.works.months
        ]
    quick = next(n for n in tree.leaves if all(o.multiplier == 1.0 for o in tree.nodes[n].outcomes.values()))
    slow = next(n for n in tree.leaves if all(o.multiplier > 1.0 for o in tree.nodes[n].outcomes.values()))
    is_open = [data.is_deliverable[:, data.tree.slot_node == node].sum() for node in (quick, slow)]
    assert is_open[1] < is_open[0]
    assert (data.at_node.first[:, slow] >= data.at_node.first[:, quick]).all()

"""Trees too large for one problem: when that is so, and what the record of such a plan says."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.planning.scenarios.uncertain import with_uncertainty
from tests.results.scenarios.branching import FIRST_DEAL, planned, uncertain_first_deal

from dronedeal import plan_scenarios, read
from dronedeal.errors import CommandError
from dronedeal.planning.model import build_problem
from dronedeal.planning.scenarios.by_node import OnTree, on_tree
from dronedeal.planning.scenarios.grow import scenario_tree
from dronedeal.solving import SolveOptions
from dronedeal.workflow.scenarios import plan as plan_module
from dronedeal.workflow.scenarios.by_parts import Asked, Broken, plan_by_parts
from dronedeal.workflow.scenarios.large import nodes_of_parts, notes_of_parts, require_one_problem


def placed(leaves: int) -> OnTree:
    outcomes = {str(at): (0.025, 0.5 + at / 40) for at in range(40)}
    deal = with_uncertainty(read(FIRST_DEAL), ("buyer_need", "*", 2028, outcomes))
    return on_tree(deal, scenario_tree(deal, leaves=leaves))


def test_a_tree_is_large_by_its_columns_and_never_with_few_nodes() -> None:
    tree = placed(40)
    columns = build_problem(tree.data).n_columns
    assert nodes_of_parts(tree) is None
    assert nodes_of_parts(tree, most_columns=2 * columns) is None
    assert nodes_of_parts(placed(10), most_columns=1) is None
    cut = nodes_of_parts(tree, most_columns=columns // 4)
    assert cut is not None
    assert 2 <= cut <= len(tree.tree.nodes) // 3


def test_the_record_of_a_plan_in_parts_says_how_it_was_made(monkeypatch: pytest.MonkeyPatch) -> None:
    # In one problem, and kept: other tests must not find it made in parts.
    best = planned()
    monkeypatch.setattr(plan_module, "nodes_of_parts", lambda _: 2)
    seen: list[str] = []
    found = plan_scenarios(
        uncertain_first_deal(), scenarios=4, gap=1e-6, on_progress=lambda each: seen.append(each.step)
    )
    assert found.method == "4 parts of the tree, each below the decisions of the years that they share"
    assert found.worth is None
    assert "too large for one problem" in found.notes[-2]
    assert found.notes[-1].startswith("Of the gap, ")
    assert found.bound is not None
    assert best.bound is not None
    assert found.objective <= best.bound * (1 + 1e-6)
    assert best.objective * (1 - 1e-6) <= found.bound
    assert found.sizes["columns"] == best.sizes["columns"]
    assert found.sizes["integers"] == best.sizes["integers"]
    assert found.tables["policy"][0]["node"] == "2027"
    assert {name for name, rows in found.tables.items() if rows} == {
        name for name, rows in best.tables.items() if rows
    }
    assert seen[0] == "looking ahead: 1 of 1"
    assert seen[-1] == "parts bounded: 4 of 4"


def test_the_notes_say_what_the_gap_is_made_of_and_what_is_broken() -> None:
    found = plan_by_parts(Asked(uncertain_first_deal(), placed_in_four(), SolveOptions(1e-6), 2))
    wide = replace(
        found,
        worth=100.0,
        kept_bound=101.0,
        bound=103.5,
        broken=(Broken("home_need", 1500.0, 1200.0, 3), Broken("cash_floor", 2.5, None, 1)),
    )
    notes = notes_of_parts(wide)
    assert "1.00% are left open by costs that fall with experience" in notes[1]
    assert "and 2.50% by decisions that parts share" in notes[1]
    assert "own needs by 1,500 units in 3 parts (no less than 1,200 by any decisions)" in notes[2]
    assert "the floor of the seller's account by 2.5 million in 1 part" in notes[2]
    assert "break no term by more than this plan does" in notes[2]
    stopped = notes_of_parts(replace(found, bound=float("inf"), kept_bound=float("inf")))
    assert len(stopped) == 1
    assert len(notes_of_parts(found)) == 2


def placed_in_four() -> OnTree:
    deal = uncertain_first_deal()
    return on_tree(deal, scenario_tree(deal, leaves=4))


def test_what_joins_all_scenarios_of_a_tree_that_is_too_large_is_refused_at_once() -> None:
    tree = placed(40)
    columns = build_problem(tree.data).n_columns
    require_one_problem(tree, "--tail", most_columns=2 * columns)
    with pytest.raises(CommandError) as refused:
        require_one_problem(tree, "--tail", most_columns=columns // 2)
    words = str(refused.value)
    assert words.startswith("--tail joins all scenarios in one problem, and that of 40 scenarios has about ")
    assert "Ask for about 1" in words or "Ask for about 2" in words


def test_a_large_tree_for_one_side_is_refused_before_any_work(monkeypatch: pytest.MonkeyPatch) -> None:
    seen: list[str] = []

    def refuse(_: OnTree, joined_by: str) -> None:
        seen.append(joined_by)
        raise CommandError("too large")

    monkeypatch.setattr(plan_module, "require_one_problem", refuse)
    for options in ({"tail": 0.5}, {"objective": "seller"}):
        with pytest.raises(CommandError):
            plan_scenarios(uncertain_first_deal(), scenarios=4, **options)  # type: ignore[arg-type]
    assert seen == ["--tail", "--objective seller"]


def test_a_plan_of_one_side_is_made_in_one_problem(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(plan_module, "nodes_of_parts", lambda _: 2)
    found = plan_scenarios(uncertain_first_deal(), scenarios=4, objective="seller", worth=False)
    assert found.method.startswith("one problem over all scenarios")


@given(
    need=st.lists(st.sampled_from([0.4, 0.8, 1.0, 1.3]), min_size=2, max_size=3, unique=True),
    output=st.lists(st.sampled_from([0.3, 0.7, 1.0]), min_size=1, max_size=2, unique=True),
    home=st.sampled_from([0.5, 1.0, 1.2]),
)
@settings(max_examples=4, deadline=None)
def test_no_plan_for_all_scenarios_is_worth_more_than_the_bound_of_the_parts(
    need: list[float], output: list[float], home: float
) -> None:
    deal = with_uncertainty(
        read(FIRST_DEAL),
        ("buyer_need", "*", 2028, {str(each): (1 / len(need), each) for each in need}),
        ("line_outage", "*", 2028, {str(each): (1 / len(output), each) for each in output}),
        ("home_need", "*", 2028, {"other": (0.5, home), "stated": (0.5, 1.0)}),
    )
    best = plan_scenarios(deal, scenarios=9, gap=1e-5, worth=False)
    tree = on_tree(deal, scenario_tree(deal, leaves=9))
    found = plan_by_parts(Asked(deal, tree, SolveOptions(1e-5), 2))
    assert not [fault for _, each in found.verified for fault in each.failures]
    assert found.worth <= found.bound
    if best.status != "relaxed":
        assert best.bound is not None
        assert best.objective <= found.bound * 1e6 * (1 + 1e-6)
        if not found.is_relaxed:
            assert found.worth * 1e6 <= best.bound * (1 + 1e-6)

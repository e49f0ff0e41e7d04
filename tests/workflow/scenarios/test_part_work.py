"""Pieces of work on the parts of a large tree: they travel, and any order of them gives the same."""

from __future__ import annotations

import pickle
from dataclasses import replace
from functools import cache
from typing import Any, NoReturn

import numpy as np
import pytest
from tests.planning.learning_deal import learning_deal
from tests.planning.scenarios.uncertain import with_uncertainty
from tests.results.scenarios.branching import FIRST_DEAL, uncertain_first_deal

from dronedeal import read
from dronedeal.deal import Deal
from dronedeal.errors import SolverError
from dronedeal.planning.blocks.decisions import stock_room
from dronedeal.planning.held import decided_values
from dronedeal.planning.scenarios.by_node import on_tree
from dronedeal.planning.scenarios.grow import scenario_tree
from dronedeal.planning.scenarios.parts import part_ahead
from dronedeal.planning.scenarios.within import Part
from dronedeal.solving import SolveOptions, learning_bound
from dronedeal.workflow.scenarios import part_work
from dronedeal.workflow.scenarios.by_parts import agreed
from dronedeal.workflow.scenarios.part_work import Ahead, PartWork, Searched, Tolled, Whole


def work_on(deal: Deal, most_nodes: int) -> PartWork:
    placed = on_tree(deal, scenario_tree(deal, leaves=4))
    return PartWork(deal, placed, SolveOptions(1e-5), most_nodes, stock_room(placed.data))


@cache
def in_four() -> tuple[PartWork, dict[int, Whole]]:
    work = work_on(uncertain_first_deal(), 2)
    decided, _ = work.ahead(Ahead(0, {}))
    return work, {node: work.whole(Ahead(node, {0: decided})) for node in (1, 2, 3, 4)}


def test_a_piece_of_work_travels_and_gives_the_same_elsewhere() -> None:
    work, parts = in_four()
    decided, sizes = work.ahead(Ahead(0, {}))
    sent, asked = pickle.loads(pickle.dumps((work, Ahead(2, {0: decided}))))
    found = pickle.loads(pickle.dumps(sent.whole(asked)))
    assert np.array_equal(found.values, parts[2].values)
    assert found.bounds == parts[2].bounds
    assert [leaf for leaf, _, _ in found.scenarios] == [2]
    assert sizes[0] + sum(each.sizes[0] for each in parts.values()) > sizes[0] > 0


def test_who_looks_ahead_sees_as_much_as_it_may_and_decides_whole_numbers_of_its_own(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    work, _ = in_four()
    seen: list[int] = []

    def looking(*given: Any, **named: Any) -> Part:
        part = part_ahead(*given, **named)
        seen.append(len(part.nodes))
        return part

    monkeypatch.setattr(part_work, "part_ahead", looking)
    part, problem = work._part(0)
    for nodes in (2, 4):
        decided, _ = work.ahead(Ahead(0, {}, nodes=nodes))
        values = decided_values(problem, part.place, [decided])
        own = part.nodes[problem.node] == 0
        whole = values[own & (problem.is_integer | problem.is_whole)]
        assert len(whole)
        assert whole == pytest.approx(np.round(whole), abs=1e-6)
    assert seen == [2, 4]


def test_a_part_has_less_below_what_was_decided_than_by_itself() -> None:
    _, parts = in_four()
    for part in parts.values():
        assert not part.broken
        assert part.alone is None
        assert part.worth <= part.bounds.kept * (1 + 1e-6)
        assert part.bounds.kept <= part.bounds.free * (1 + 1e-9)


def test_tolls_add_up_to_nothing_and_lower_the_bound() -> None:
    work, parts = in_four()
    whole = list(parts.values())
    tolls = agreed({0: whole})
    first = tolls[1][0].families
    for name in first:
        total = sum(each.chance * tolls[each.node][0].families[name][1] for each in whole)
        assert total == pytest.approx(np.zeros(len(first[name][1])), abs=1e-9)
    plain = sum(each.chance * each.bounds.free for each in whole)
    by_share = [
        each.chance
        * np.array(work.tolled(Tolled(each.node, each.values, each.basis, tuple(tolls[each.node]))))
        for each in whole
    ]
    tolled = float(np.sum(by_share, axis=0).min())
    worth = sum(each.chance * each.worth for each in whole)
    assert worth <= tolled * (1 + 1e-6)
    assert tolled < plain
    unpriced = replace(whole[0], prices={})
    assert agreed({0: [unpriced, *whole[1:]]}) == {}


def test_a_part_breaks_no_more_than_it_must_below_what_was_decided() -> None:
    deal = with_uncertainty(
        read(FIRST_DEAL),
        ("home_need", "*", 2028, {"heavier": (0.5, 8.0), "stated": (0.5, 1.0)}),
        ("line_outage", "*", 2028, {"struck": (0.25, 0.5), "whole": (0.75, 1.0)}),
    )
    work = work_on(deal, 9)
    part = work.whole(Ahead(0, {}))
    assert part.alone is not None
    assert part.broken.keys() == part.alone.keys() == {"home_need"}
    assert part.broken["home_need"] == pytest.approx(part.alone["home_need"], rel=2e-2)
    assert part.broken["home_need"] >= part.alone["home_need"] * (1 - 1e-6)
    assert part.worth <= part.bounds.free


def test_a_part_like_another_starts_where_that_one_ended_and_has_the_same_bounds() -> None:
    work, parts = in_four()
    decided, _ = work.ahead(Ahead(0, {}))
    assert parts[1].start is not None
    hot = work.whole(Ahead(2, {0: decided}, parts[1].start))
    assert hot.start is None
    assert hot.bounds.free == pytest.approx(parts[2].bounds.free, rel=1e-7)
    assert hot.bounds.kept == pytest.approx(parts[2].bounds.kept, rel=1e-7)
    assert hot.worth == pytest.approx(parts[2].worth, rel=1e-4)


def test_a_search_by_learning_group_lowers_the_bound_of_a_part(monkeypatch: pytest.MonkeyPatch) -> None:
    """As in large problems: a small one would have its whole numbers searched in place of its groups."""
    monkeypatch.setattr(learning_bound, "_LEAST_INTEGERS", 0)
    monkeypatch.setattr(learning_bound, "_FEW_INTEGERS", 0)
    deal = read(FIRST_DEAL.parent / "licensed-line")
    placed = on_tree(deal, scenario_tree(deal, leaves=3))
    work = PartWork(deal, placed, SolveOptions(1e-5), 6, stock_room(placed.data))
    decided, _ = work.ahead(Ahead(0, {}))
    part = work.whole(Ahead(1, {0: decided}))
    paying = Tolled(1, part.values, part.basis, ())
    found = work.searched(Searched(paying, 0.0, part.bounds.free, 10))
    assert part.worth <= found < part.bounds.free * 0.999


@pytest.mark.parametrize("least_integers", [0, 60])
def test_no_search_takes_the_bound_of_a_part_that_pays_tolls_below_its_plan(
    least_integers: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(learning_bound, "_LEAST_INTEGERS", least_integers)
    deal = with_uncertainty(
        learning_deal(), ("buyer_need", "*", 2028, {"less": (0.4, 0.6), "more": (0.6, 1.0)})
    )
    placed = on_tree(deal, scenario_tree(deal, leaves=2))
    work = PartWork(deal, placed, SolveOptions(1e-5), 2, stock_room(placed.data))
    decided, _ = work.ahead(Ahead(0, {}))
    parts = [work.whole(Ahead(node, {0: decided})) for node in (1, 2)]
    tolls = agreed({0: parts})
    for part in parts:
        assert part.has_curves
        paying = Tolled(part.node, part.values, part.basis, tuple(tolls[part.node]))
        linear = work.tolled(paying)[-1]
        found = work.searched(Searched(paying, 1.0, linear, 10))
        paid = sum(
            float(amount @ decided.families[name][1])
            for name, (_, amount) in tolls[part.node][0].families.items()
        )
        assert (part.worth - paid) * (1 - 1e-6) <= found <= linear


def test_a_part_that_cannot_only_do_what_must_be_done_is_planned_after_a_stop_too(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """What was begun in years that are held can ask for more than a plan without any choice has."""

    def impossible(_: object) -> NoReturn:
        raise SolverError("infeasible")

    work, parts = in_four()
    decided, _ = work.ahead(Ahead(0, {}))
    stopped = replace(work, should_stop=lambda: True)
    assert stopped.whole(Ahead(2, {0: decided})).worth < parts[2].worth
    monkeypatch.setattr(part_work, "_idle", impossible)
    assert stopped.whole(Ahead(2, {0: decided})).worth == parts[2].worth

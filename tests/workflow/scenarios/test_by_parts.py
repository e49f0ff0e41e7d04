"""Plans on trees too large for one problem, against the plan of one problem over all scenarios."""

from __future__ import annotations

from functools import cache
from typing import Any

import pytest
from tests.planning.learning_deal import learning_deal
from tests.planning.scenarios.test_by_node import uncertain
from tests.planning.scenarios.uncertain import with_uncertainty
from tests.results.scenarios.branching import FIRST_DEAL, uncertain_first_deal

from dronedeal import read
from dronedeal.deal import Deal
from dronedeal.engine import Processes, Threads
from dronedeal.planning.scenarios.by_node import on_tree
from dronedeal.planning.scenarios.grow import scenario_tree
from dronedeal.results.scenarios.record import ScenarioPlan
from dronedeal.solving import SolveOptions, Termination
from dronedeal.workflow import plan_scenarios
from dronedeal.workflow.scenarios import by_parts as parts_module
from dronedeal.workflow.scenarios.by_parts import Asked, ByParts, plan_by_parts
from dronedeal.workflow.scenarios.part_work import PartWork, Searched

GAP = 1e-4
DEALS = {"first": uncertain_first_deal, "every family": uncertain}


@cache
def at_once(name: str, leaves: int) -> ScenarioPlan:
    return plan_scenarios(DEALS[name](), scenarios=leaves, gap=GAP, worth=False)


def by_parts(deal: Deal, leaves: int, most_nodes: int, options: SolveOptions | None = None) -> ByParts:
    placed = on_tree(deal, scenario_tree(deal, leaves=leaves))
    return plan_by_parts(Asked(deal, placed, options or SolveOptions(GAP), most_nodes))


@pytest.mark.parametrize(("name", "leaves"), [("first", 4), ("every family", 6)])
@pytest.mark.parametrize("most_nodes", [2, 4])
def test_the_bound_holds_for_the_best_plan_and_the_plan_is_no_better(
    name: str, leaves: int, most_nodes: int
) -> None:
    best, found = at_once(name, leaves), by_parts(DEALS[name](), leaves, most_nodes)
    assert found.n_parts > 1
    assert not [fault for _, each in found.verified for fault in each.failures]
    assert best.bound is not None
    assert not found.is_relaxed
    assert found.worth * 1e6 <= best.bound * (1 + 1e-6)
    assert found.bound * 1e6 >= best.objective * (1 - 1e-6)
    assert found.worth * 1e6 >= best.objective * 0.9
    assert [each.name for each in found.scenarios] == [row["scenario"] for row in best.tables["scenarios"]]


def test_parts_that_pay_for_what_they_share_prove_the_plan() -> None:
    found = by_parts(uncertain_first_deal(), 4, 2)
    assert found.n_parts == 4
    assert found.termination is Termination.OPTIMAL
    assert found.bound == pytest.approx(found.worth, rel=GAP)


def test_parts_planned_in_another_process_are_the_same() -> None:
    deal = uncertain_first_deal()
    placed = on_tree(deal, scenario_tree(deal, leaves=4))
    here = plan_by_parts(Asked(deal, placed, SolveOptions(GAP), 2))
    told: list[str] = []
    with Processes(1) as engine:
        asked = Asked(
            deal, placed, SolveOptions(GAP), 2, lambda progress: told.append(progress.step), engine=engine
        )
        there = plan_by_parts(asked)
    assert (there.worth, there.bound, there.kept_bound) == (here.worth, here.bound, here.kept_bound)
    for one, other in zip(there.scenarios, here.scenarios, strict=True):
        assert one.plan.to_json() == other.plan.to_json()
    assert "parts planned: 4 of 4" in told


def test_a_stop_gives_up_what_is_planned_elsewhere_and_the_rest_is_made_here() -> None:
    deal = uncertain_first_deal()
    placed = on_tree(deal, scenario_tree(deal, leaves=4))

    class Elsewhere:
        """Workers that have done no more than one piece when the stop comes."""

        is_stopped = False

        def map(self, function: Any, items: Any, /) -> Any:
            raise NotImplementedError

        def map_until(self, function: Any, items: Any, should_stop: Any, /) -> Any:
            yield function(items[0])
            self.is_stopped = True
            assert should_stop()

    engine = Elsewhere()
    found = plan_by_parts(
        Asked(deal, placed, SolveOptions(GAP), 2, should_stop=lambda: engine.is_stopped, engine=engine)
    )
    assert found.termination is Termination.INTERRUPTED
    assert len(found.scenarios) == 4
    assert not [fault for _, each in found.verified for fault in each.failures]


def test_one_part_of_everything_is_the_plan_of_one_problem() -> None:
    best, found = at_once("first", 4), by_parts(uncertain_first_deal(), 4, 99)
    assert found.n_parts == 1
    assert found.termination is Termination.OPTIMAL
    assert found.worth * 1e6 == pytest.approx(best.objective, rel=2 * GAP)
    assert found.sizes == {name: best.sizes[name] for name in found.sizes}


def test_each_node_has_one_decision_whatever_part_it_is_looked_at_from() -> None:
    found = by_parts(uncertain(), 6, 2)
    first = [
        [row for row in each.plan.tables["production"] if row["month"] < "2027-10"]
        for each in found.scenarios
    ]
    assert len(first) > 1
    assert all(rows == first[0] for rows in first)


def test_two_threads_find_what_one_finds() -> None:
    one, two = (by_parts(uncertain_first_deal(), 4, 2, SolveOptions(GAP, threads=n)) for n in (1, 2))
    assert one.worth == pytest.approx(two.worth, rel=1e-9)
    assert one.bound == pytest.approx(two.bound, rel=1e-9)


@pytest.mark.parametrize("has_processes", [False, True])
def test_only_where_processes_may_be_started_they_plan_the_parts(
    has_processes: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    made: list[int] = []

    class Counted(Threads):
        """Stands for processes, which take seconds to begin."""

        def __init__(self, workers: int) -> None:
            made.append(workers)
            super().__init__(workers)

    monkeypatch.setattr(parts_module, "Processes", Counted)
    deal = uncertain_first_deal()
    placed = on_tree(deal, scenario_tree(deal, leaves=4))
    options = SolveOptions(GAP, threads=2)
    found = plan_by_parts(Asked(deal, placed, options, 2, has_processes=has_processes))
    assert made == [2] * has_processes
    assert found.worth == pytest.approx(by_parts(deal, 4, 2).worth, rel=1e-9)


def test_a_stop_leaves_a_plan_of_what_must_be_done_and_no_bound() -> None:
    deal = uncertain_first_deal()
    placed = on_tree(deal, scenario_tree(deal, leaves=4))
    found = plan_by_parts(Asked(deal, placed, SolveOptions(GAP), 2, should_stop=lambda: True))
    assert found.termination is Termination.INTERRUPTED
    assert found.bound == float("inf")
    assert not [fault for _, each in found.verified for fault in each.failures]


@cache
def colliding() -> Deal:
    """Own needs that no line could meet in one future, and less still after an outage."""
    return with_uncertainty(
        read(FIRST_DEAL),
        ("home_need", "*", 2028, {"heavier": (0.5, 8.0), "stated": (0.5, 1.0)}),
        ("line_outage", "*", 2028, {"struck": (0.25, 0.5), "whole": (0.75, 1.0)}),
    )


@pytest.mark.parametrize("most_nodes", [2, 4])
def test_the_bound_holds_for_all_plans_that_break_no_more(most_nodes: int) -> None:
    """Only one need is broken, so that the plan which breaks least breaks it nowhere by more."""
    best = plan_scenarios(colliding(), scenarios=4, gap=GAP, worth=False)
    found = by_parts(colliding(), 4, most_nodes)
    assert best.status == "relaxed"
    assert found.is_relaxed
    assert not [fault for _, each in found.verified for fault in each.failures]
    assert found.bound * 1e6 >= best.objective * (1 - 1e-6)
    assert found.worth <= found.kept_bound <= found.bound < 2 * found.worth
    (broken,) = found.broken
    assert (broken.kind, broken.parts) == ("home_need", 2)
    assert broken.alone is not None
    assert broken.alone <= broken.quantity * (1 + 1e-6)


def test_who_looks_ahead_to_the_hardest_future_breaks_no_more_than_must_be() -> None:
    (broken,) = by_parts(colliding(), 4, 4).broken
    assert broken.alone is not None
    assert broken.quantity == pytest.approx(broken.alone, rel=2e-2)


def test_a_stop_after_the_parts_were_planned_leaves_them_and_their_bound() -> None:
    seen: list[str] = []
    deal = uncertain_first_deal()
    placed = on_tree(deal, scenario_tree(deal, leaves=4))
    options = SolveOptions(GAP, threads=1)
    asked = Asked(
        deal,
        placed,
        options,
        2,
        on_progress=lambda each: seen.append(each.step),
        should_stop=lambda: bool(seen) and seen[-1] == "parts planned: 4 of 4",
    )
    found, whole = plan_by_parts(asked), by_parts(deal, 4, 2)
    assert found.termination is Termination.INTERRUPTED
    assert found.worth == pytest.approx(whole.worth, rel=1e-9)
    assert whole.bound <= found.bound < float("inf")


def test_costs_that_fall_with_experience_run_along_the_whole_path() -> None:
    deal = with_uncertainty(
        learning_deal(), ("buyer_need", "*", 2028, {"less": (0.4, 0.6), "more": (0.6, 1.0)})
    )
    best = plan_scenarios(deal, scenarios=2, gap=GAP, worth=False)
    found = by_parts(deal, 2, 2)
    assert best.bound is not None
    assert found.bound * 1e6 >= best.objective * (1 - 1e-6)
    assert found.worth * 1e6 <= best.bound * (1 + 1e-6)
    assert not [fault for _, each in found.verified for fault in each.failures]


def test_where_parts_are_many_the_likeliest_are_searched_and_the_bound_holds(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    deal = with_uncertainty(
        learning_deal(),
        ("buyer_need", "*", 2028, {"less": (0.2, 0.6), "more": (0.5, 1.0), "most": (0.3, 1.2)}),
    )
    placed = on_tree(deal, scenario_tree(deal, leaves=3))
    tree = placed.tree
    searched: list[tuple[float, int]] = []
    search = PartWork.searched

    def counted(self: PartWork, asked: Searched) -> float:
        searched.append((tree.nodes[asked.paying.node].probability, asked.cuts))
        return search(self, asked)

    monkeypatch.setattr(PartWork, "searched", counted)
    bounds = {}
    for most_cuts, expected in {40: {0.3: 20, 0.5: 20}, 1500: {0.2: 120, 0.3: 120, 0.5: 120}}.items():
        monkeypatch.setattr(parts_module, "_MOST_CUTS", most_cuts)
        searched.clear()
        bounds[most_cuts] = plan_by_parts(Asked(deal, placed, SolveOptions(1e-9, threads=1), 2)).bound
        assert dict(searched) == pytest.approx(expected)
    best = plan_scenarios(deal, scenarios=3, gap=GAP, worth=False)
    assert best.objective * (1 - 1e-6) <= bounds[1500] * 1e6 <= bounds[40] * 1e6 * (1 + 1e-9)

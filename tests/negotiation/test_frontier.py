"""The frontier against enumeration, a published knapsack, closed forms and its own certificates."""

from __future__ import annotations

import math
import random
from dataclasses import replace
from functools import cache

import numpy as np
import pytest
from scipy.optimize import linprog
from tests.negotiation.evaluators import KNAPSACK_FRONT, Hasty, MixedInteger, Recording, knapsack, triangle
from tests.negotiation.small_deals import Pair, small_deal, undominated_pairs

from dronedeal.errors import InputError, SolverError
from dronedeal.negotiation.engine import Processes, Threads
from dronedeal.negotiation.evaluator import BUYER, SELLER, Answer, Outcome, Question, weighted
from dronedeal.negotiation.frontier import frontier
from dronedeal.negotiation.frontier_points import Frontier, undominated, with_known
from dronedeal.negotiation.inquiry import Inquiry, Memory
from dronedeal.negotiation.listed import ListedOutcomes


def pairs_of(found: Frontier) -> list[Pair]:
    return [(round(buyer, 6), round(seller, 6)) for buyer, seller in found.utilities.tolist()]


def test_the_whole_front_of_1000_small_deals_is_found_with_the_points_that_weighted_sums_miss() -> None:
    missed = 0
    for seed in range(1000):
        pairs = small_deal(seed)
        found = frontier(ListedOutcomes(pairs), points=None, step=1)
        assert pairs_of(found) == undominated_pairs(pairs), f"deal {seed}"
        assert found.is_whole
        assert all(point.gap < 1e-9 for point in found.points)
        missed += sum(not point.is_supported for point in found.points)
    assert missed > 100


def test_fronts_of_any_numbers_are_found_down_to_the_resolution() -> None:
    for seed in range(200):
        pairs = small_deal(seed, whole=False)
        found = frontier(ListedOutcomes(pairs), points=None, resolution=1e-5)
        expected = [(round(b, 6), round(s, 6)) for b, s in undominated_pairs(pairs)]
        assert pairs_of(found) == expected, f"deal {seed}"


@cache
def whole_knapsack() -> Frontier:
    return frontier(knapsack(), points=None, step=1)


def a_list() -> ListedOutcomes:
    """Outcomes of which some twenty are on the frontier."""
    chance = random.Random(5)
    angles = [chance.uniform(0, math.pi / 2) for _ in range(60)]
    sizes = [chance.uniform(80, 100) for _ in angles]
    return ListedOutcomes([(s * math.cos(a), s * math.sin(a)) for s, a in zip(sizes, angles, strict=True)])


def test_the_nine_points_of_the_knapsack_are_found_whole() -> None:
    found = whole_knapsack()
    assert pairs_of(found) == KNAPSACK_FRONT
    assert found.is_whole
    assert found.jumps == tuple(range(8))
    assert found.ideal == (955, 983)
    assert found.nadir == (918, 906)


def test_a_point_is_supported_where_some_weighted_sum_finds_it() -> None:
    found = whole_knapsack()
    front = np.array(KNAPSACK_FRONT, dtype=float)
    by_sums = {int(np.argmax(front @ (w, 1 - w))) for w in np.linspace(1e-3, 1 - 1e-3, 5000)}
    assert {at for at, point in enumerate(found.points) if point.is_supported} == by_sums


def test_points_of_a_linear_frontier_lie_on_the_line_and_are_spread_evenly() -> None:
    found = frontier(triangle(8.0, 2.0), points=17)
    buyer, seller = found.utilities.T
    assert np.allclose(buyer / 8.0 + seller / 2.0, 1.0, atol=1e-6)
    assert np.allclose(buyer, np.linspace(0.0, 8.0, 17), atol=1e-6)
    assert found.jumps == ()
    assert not found.is_whole


def polygon(seed: int) -> tuple[MixedInteger, np.ndarray, np.ndarray]:
    """A polyhedral set of utilities, by rows `rows · u ≤ limits` around the quarter plane."""
    chance = np.random.default_rng(seed)
    rows = chance.uniform(0.1, 1.0, (6, 2))
    limits = chance.uniform(3.0, 6.0, 6)
    return MixedInteger(np.eye(2), rows, limits, np.full(2, 100.0)), rows, limits


@pytest.mark.parametrize("seed", range(8))
def test_points_of_a_polyhedral_set_are_what_linear_programs_give(seed: int) -> None:
    evaluator, rows, limits = polygon(seed)
    found = frontier(evaluator, points=9)
    for buyer, seller in found.utilities.tolist():
        most = linprog([-1.0, 0.0], A_ub=rows, b_ub=limits, bounds=[(0, None), (seller - 1e-7, None)])
        assert buyer == pytest.approx(-most.fun, abs=1e-4)
    ends = [-linprog(c, A_ub=rows, b_ub=limits, bounds=[(0, None)] * 2).fun for c in ([-1, 0], [0, -1])]
    assert found.ideal == pytest.approx(ends, abs=1e-6)


def test_a_hole_in_the_frontier_is_found_and_proven() -> None:
    """Two segments, from (0, 10) to (2, 9) and from (8, 3) to (10, 0)."""
    along = np.linspace(0.0, 1.0, 401)[:, None]
    pairs = np.vstack([(1 - along) * (0, 10) + along * (2, 9), (1 - along) * (8, 3) + along * (10, 0)])
    found = frontier(ListedOutcomes(pairs), points=21)
    assert len(found.jumps) == 1
    at = found.jumps[0]
    assert found.utilities[at].tolist() == [2.0, 9.0]
    assert found.utilities[at + 1].tolist() == [8.0, 3.0]
    assert found.limit(SELLER, 5.0) == pytest.approx(3.0, abs=0.05)


def test_no_outcome_is_beyond_what_the_certificates_allow() -> None:
    for seed in range(100):
        pairs = small_deal(seed)
        found = frontier(ListedOutcomes(pairs), points=5)
        for buyer, seller in pairs:
            assert found.limit(BUYER, seller) >= buyer - 1e-9
            assert found.limit(SELLER, buyer) >= seller - 1e-9


def test_certificates_of_a_whole_front_leave_no_room_above_its_points() -> None:
    found = whole_knapsack()
    for buyer, seller in KNAPSACK_FRONT:
        assert found.limit(BUYER, seller) == pytest.approx(buyer, abs=0.6)
    assert found.limit(BUYER, 984) < 918
    assert found.limit(SELLER, 956) < 906


def test_points_carry_the_gap_of_the_evaluator() -> None:
    found = frontier(Hasty(ListedOutcomes([(0, 10), (4, 5), (10, 0)]), slack=0.25), points=None, step=1)
    assert [point.gap for point in found.points] == pytest.approx([0.25] * 3, abs=0.02)


def test_floors_cut_the_frontier_off() -> None:
    found = frontier(knapsack(), points=None, step=1, floors=(935.0, 930.0))
    assert pairs_of(found) == [(935, 947), (936, 942), (943, 940), (948, 939)]


def test_where_no_outcome_keeps_the_floors_the_frontier_is_empty() -> None:
    found = frontier(ListedOutcomes([(1, 2), (2, 1)]), floors=(2.0, 2.0))
    assert found.points == ()
    assert found.is_whole
    assert found.ideal is None
    assert found.limit(BUYER, 2.0) == 2.0


def test_one_point_and_one_indifferent_side_make_a_frontier_of_one_point() -> None:
    assert pairs_of(frontier(ListedOutcomes([(3, 4), (3, 4), (2, 4)]))) == [(3, 4)]
    assert pairs_of(frontier(ListedOutcomes([(1, 4), (3, 4), (2, 4)]))) == [(3, 4)]


def test_that_nothing_was_found_at_an_end_is_an_error_unless_it_is_proven() -> None:
    with pytest.raises(SolverError, match="nor proven that none exists"):
        frontier(Hasty(ListedOutcomes([(1, 2)]), gives_up=True))


def test_what_could_not_be_looked_into_leaves_the_frontier_open() -> None:
    class AfterTheEnds(Hasty):
        asked = 0

        def best(self, question: Question, /) -> Answer:
            self.asked += 1
            return self.evaluator.best(question) if self.asked <= 4 else Answer(None, math.inf)

    found = frontier(AfterTheEnds(ListedOutcomes([(0, 10), (4, 5), (10, 0)])), points=None, step=1)
    assert pairs_of(found) == [(0, 10), (10, 0)]
    assert not found.is_whole
    assert found.jumps == ()


@pytest.mark.parametrize("engine", [Threads(3), Processes(2)])
def test_the_frontier_does_not_depend_on_how_many_work_on_it(engine: Threads | Processes) -> None:
    alone = frontier(a_list(), points=None)
    with engine:
        together = frontier(Inquiry(a_list(), engine=engine), points=None)
    assert together == alone


def test_a_stopped_frontier_keeps_its_points_and_goes_on_from_its_checkpoint() -> None:
    memory, asked = Memory(), Recording(a_list())
    stopped = frontier(Inquiry(asked, memory=memory, should_stop=lambda: len(asked.asked) >= 12), points=None)
    assert stopped.was_stopped
    assert 2 <= len(stopped.points) < 15
    assert set(pairs_of(stopped)) <= set(pairs_of(frontier(a_list(), points=None)))
    resumed = Recording(a_list())
    found = frontier(Inquiry(resumed, memory=Memory(memory.entries)), points=None)
    whole = Recording(a_list())
    assert found == frontier(whole, points=None)
    assert len(resumed.asked) == len(whole.asked) - 12


def test_every_question_but_the_first_starts_from_an_outcome_that_it_allows() -> None:
    asked = Recording(a_list())
    frontier(asked, points=None)
    assert all(q.near is not None and q.admits(q.near.utilities, 1e-6) for q in asked.asked[2:])


@pytest.mark.parametrize(
    ("wrong", "says"),
    [
        ({"points": 1}, "points is 1; allowed: 2 or more"),
        ({"resolution": 1.0}, "resolution is 1.0; allowed: a share"),
        ({"step": 0.0}, "step is 0.0; allowed: numbers above 0"),
    ],
)
def test_numbers_that_cannot_be_used_are_refused(wrong: dict, says: str) -> None:
    with pytest.raises(InputError, match=says):
        frontier(knapsack(), **wrong)


def test_points_that_are_as_good_as_equal_count_once() -> None:
    near = [Outcome(pair) for pair in [(1.0, 5.0), (1.0 + 1e-9, 5.0 - 1e-9), (3.0, 1.0), (2.9999999, 1.0)]]
    kept = undominated(near, tolerance=(1e-6, 1e-6))
    assert len(kept) == 2
    assert ListedOutcomes([(1, 5)]).best(Question(weighted(1, 0))).bound == 1.0


def test_ends_with_a_small_weight_on_the_other_side_take_two_questions() -> None:
    asked = Recording(a_list())
    ends = frontier(asked, points=2, lean=1e-4)
    assert len(asked.asked) == 2
    assert pairs_of(ends) == pairs_of(frontier(a_list(), points=2))


def test_what_is_found_elsewhere_takes_the_place_of_what_it_beats() -> None:
    rough = frontier(a_list(), points=4)
    whole = frontier(a_list(), points=None)
    better = with_known(rough, [point.outcome for point in whole.points])
    assert set(pairs_of(rough)) <= set(pairs_of(better)) <= set(pairs_of(whole))
    worse = Outcome(tuple(u - 0.5 for u in rough.points[1].utilities))
    assert with_known(rough, [worse]).points == rough.points
    middle = rough.points[1]
    beaten = replace(rough, points=(rough.points[0], replace(middle, outcome=worse), *rough.points[2:]))
    assert pairs_of(with_known(beaten, [middle.outcome])) == pairs_of(rough)

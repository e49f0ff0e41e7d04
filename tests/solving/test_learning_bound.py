"""The proof of a plan on learning curves: nothing that is enumerated or tried beats its bound."""

from __future__ import annotations

import itertools

import numpy as np
import pytest
from tests.planning.learning_deal import learning_deal
from tests.solving.test_tangents import solved
from tests.width import width

from dronedeal.planning.curves import CurveData, Curves
from dronedeal.planning.problem import Problem, ProblemBuilder
from dronedeal.planning.tree import FloatArray, Tree, single_path
from dronedeal.quantities.calendar import Calendar, FiscalYears
from dronedeal.solving import ObjectiveKind, Solution, SolveOptions, Termination, learning_bound, solve_plan
from dronedeal.solving.forms import WEIGHTS
from dronedeal.solving.highs import HighsSolver
from dronedeal.solving.interface import ShouldStop, Status, never_stop, no_progress
from dronedeal.solving.learning_bound import LearningBound
from dronedeal.solving.work import Work

pytestmark = pytest.mark.usefixtures("full_proofs")

MONTHS = 4
NOTHING = np.array([], dtype=np.int64)
TREE = single_path(FiscalYears(Calendar("2026-10", MONTHS), 10))


def random_problem(draw: np.random.Generator, tree: Tree = TREE) -> Problem:
    """Two or three products that teach each other on two lines, each unit worth about what it costs."""
    count = int(draw.integers(2, 4))
    build = ProblemBuilder(tree, {}, np.ones((2, MONTHS)))
    product, slot = np.repeat(np.arange(count), MONTHS), np.tile(np.arange(MONTHS), count)
    make = build.add_columns("make", {"product": product, "slot": slot}, node=tree.slot_node[slot])
    line, capacity = draw.integers(0, 2, count), draw.choice([10.0, 40.0, 100.0], (2, MONTHS))
    rows = build.add_rows(
        "capacity",
        {"line": np.repeat([0, 1], MONTHS), "slot": np.tile(np.arange(MONTHS), 2)},
        count=2 * MONTHS,
        upper=capacity.ravel(),
    )
    build.add_entries(rows.start + line[product] * MONTHS + slot, make.numbers, 1.0)
    build.add_utility(1, make.numbers, draw.uniform(0.4, 1.1, count)[product] * 0.99**slot)
    pairs = [(one, other) for one in range(count) for other in range(count) if one != other]
    share, lag = draw.choice([0.0, 0.5, 1.0], count), draw.integers(0, 3, count)
    takers = np.array([one for one, _ in pairs])
    data = CurveData(
        product=np.arange(count),
        line=line,
        party=np.ones(count, dtype=np.int64),
        prior=draw.choice([10.0, 100.0], count),
        marginal=draw.uniform(0.7, 1.2, count),
        exponent=draw.choice([0.1, 0.3, 0.5], count),
        keep=draw.choice([1.0, 0.95], count),
        startup_cost=draw.choice([0.0, 0.1], count),
        startup_units=np.full(count, 30.0),
        taker=takers,
        giver=np.array([other for _, other in pairs]),
        share=share[takers],
        lag=lag[takers],
        most=np.cumsum(capacity, axis=1)[line],
    )
    weight = np.broadcast_to(0.99 ** np.arange(MONTHS), (count, MONTHS))
    build.curves = Curves(data, tree, make.numbers.reshape(count, MONTHS), weight, most=data.most)
    return build.build()


def outputs(problem: Problem, draw: np.random.Generator) -> list[FloatArray]:
    """Every plan that makes all or nothing of one product on each line and month, and some in between."""
    curves = problem.curves
    assert curves is not None
    line, capacity = curves.data.line, problem.row_upper.reshape(2, MONTHS)
    choices = [[-1, *np.flatnonzero(line == number).tolist()] for number in (0, 1) for _ in range(MONTHS)]
    whole = list(itertools.product(*choices))
    found = []
    for at in draw.choice(len(whole), min(len(whole), 120), replace=False):
        made = np.zeros((curves.data.count, MONTHS))
        for place, chosen in enumerate(whole[at]):
            if chosen >= 0:
                made[chosen, place % MONTHS] = capacity[place // MONTHS, place % MONTHS]
        found.append(made if draw.random() < 0.8 else made * draw.random(made.shape))
    return [made.ravel() for made in found]


def proven(
    problem: Problem,
    values: FloatArray,
    *,
    known: float = np.inf,
    should_stop: ShouldStop = never_stop,
    threads: int = 1,
) -> LearningBound:
    options = SolveOptions(gap=1e-9, threads=threads)
    work = Work(problem, HighsSolver(), options=options, on_progress=no_progress, should_stop=should_stop)
    worth = float(problem.utilities(values).sum())
    best = Solution(Status.OK, Termination.OPTIMAL, values, worth, np.inf, None, 0.0)
    proof = LearningBound(work, "joint", problem.upper, None, step="test", bound=known, best=best)
    proof.prove()
    return proof


@pytest.mark.parametrize("seed", range(width(8, wide=20)))
def test_no_enumerated_plan_beats_the_bound(seed: int, monkeypatch: pytest.MonkeyPatch) -> None:
    """Ten deals for each seed, proven around plans good and bad."""
    monkeypatch.setattr(learning_bound, "_CUTS", (2, 2))
    monkeypatch.setattr(learning_bound, "_LEAST_CUTS", 1)
    monkeypatch.setattr(learning_bound, "_PARTS", seed % 5)
    draw = np.random.default_rng(seed)
    for _ in range(10):
        problem = random_problem(draw)
        tried = outputs(problem, draw)
        worth = [float(problem.utilities(made).sum()) for made in tried]
        around = tried[int(np.argmax(worth))] if draw.random() < 0.7 else tried[0]
        assert proven(problem, around).bound >= max(worth) - 1e-7


def test_the_same_proof_is_found_again() -> None:
    bounds = []
    for _ in range(2):
        draw = np.random.default_rng(5)
        problem = random_problem(draw)
        bounds.append(proven(problem, outputs(problem, draw)[0]).bound)
    assert bounds[0] == bounds[1]


def test_tests_that_ask_for_proofs_of_few_parts_get_them(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(learning_bound, "_CUTS", (3, 2))
    draw = np.random.default_rng(5)
    problem = random_problem(draw)
    assert proven(problem, outputs(problem, draw)[0], should_stop=lambda: True).cuts == (3, 2)


def test_a_stop_leaves_the_bound_that_was_known() -> None:
    draw = np.random.default_rng(5)
    problem = random_problem(draw)
    proof = proven(problem, outputs(problem, draw)[0], known=123.0, should_stop=lambda: True)
    assert proof.bound == 123.0
    assert proof.stopped is Termination.INTERRUPTED


@pytest.mark.parametrize("kind", ["joint", "buyer", "seller"])
def test_no_plan_tried_at_random_beats_the_bound_of_a_deal(kind: ObjectiveKind) -> None:
    model, outcome = solved(learning_deal(), kind, gap=1e-6)
    problem, other = model.problem, 1 if kind == "buyer" else 0
    assert problem.curves is not None
    for seed in range(15):
        draw = np.random.default_rng(seed)
        made = problem.curves.most * draw.random(problem.curves.most.shape)
        values = np.zeros(problem.n_columns)
        exists = problem.curves.make >= 0
        values[problem.curves.make[exists]] = made[exists]
        tried = solve_plan(problem.tangent(values), HighsSolver(), no_deal=NOTHING).solution.values
        assert tried is not None
        worth = problem.utilities(tried)
        if outcome.alternative is None or worth[other] >= outcome.alternative:
            assert np.array(WEIGHTS[kind]) @ worth <= outcome.solution.bound + 1e-9


def test_whole_numbers_close_a_wide_gap() -> None:
    """Capacity comes in whole hundreds at 30 each, while no more than 60 units are worth anything."""
    problem = whole_hundreds()
    idle = np.zeros(problem.n_columns)
    proof = proven(problem, idle)
    relaxed = proof.work.solve(proof._form(proof.ranges), step="without whole numbers")
    assert relaxed.objective > 5.0
    assert proof.bound == pytest.approx(0.0, abs=1e-6)


def whole_hundreds() -> Problem:
    """One product worth 0.9 a unit that costs 0.5 at first, up to 60 units, on a line bought in hundreds."""
    tree = single_path(FiscalYears(Calendar("2026-10", 1), 10))
    build = ProblemBuilder(tree, {}, np.ones((2, 1)))
    none, node = np.zeros(1, dtype=np.int64), tree.slot_node
    make = build.add_columns("make", {"product": none, "slot": none}, node=node, upper=60.0)
    steps = build.add_columns("step", {"line": none, "slot": none}, node=node, upper=3.0, is_integer=True)
    rows = build.add_rows("capacity", {"line": none, "slot": none}, count=1, upper=0.0)
    build.add_entries(rows.start + none, make.numbers, 1.0)
    build.add_entries(rows.start + none, steps.numbers, -100.0)
    build.add_utility(1, make.numbers, 0.9)
    build.add_utility(1, steps.numbers, -30.0)
    one, empty = np.ones(1), np.zeros(0)
    data = CurveData(
        product=none,
        line=none,
        party=np.ones(1, dtype=np.int64),
        prior=100.0 * one,
        marginal=0.5 * one,
        exponent=0.3 * one,
        keep=one,
        startup_cost=0.0 * one,
        startup_units=one,
        taker=NOTHING,
        giver=NOTHING,
        share=empty,
        lag=NOTHING,
        most=np.full((1, 1), 60.0),
    )
    build.curves = Curves(data, tree, make.numbers.reshape(1, 1), np.ones((1, 1)), most=data.most)
    return build.build()

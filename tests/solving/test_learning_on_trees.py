"""The proof of a plan on learning curves on a tree: experience runs along the path of each node."""

from __future__ import annotations

import numpy as np
import pytest
from tests.solving.test_learning_bound import proven
from tests.width import width

from dronedeal.planning.curves import CurveData, Curves
from dronedeal.planning.problem import Problem, ProblemBuilder
from dronedeal.planning.tree import FloatArray, Tree
from dronedeal.solving import learning_bound

pytestmark = pytest.mark.usefixtures("full_proofs")

MONTHS = 4
FORK = Tree(
    parent=np.array([-1, 0, 0, 0]),
    probability=np.array([1.0, 0.2, 0.5, 0.3]),
    stage=np.array([0, 1, 1, 1]),
    first_month=np.array([0, 2, 2, 2]),
    end_month=np.array([2, 4, 4, 4]),
)


def random_problem(draw: np.random.Generator) -> tuple[Problem, FloatArray]:
    """Two or three products that teach each other on two lines, and the capacity of these by slot."""
    tree, count = FORK, int(draw.integers(2, 4))
    slots = tree.n_slots
    build = ProblemBuilder(tree, {}, np.ones((2, MONTHS)))
    product, slot = np.repeat(np.arange(count), slots), np.tile(np.arange(slots), count)
    make = build.add_columns("make", {"product": product, "slot": slot}, node=tree.slot_node[slot])
    line, capacity = draw.integers(0, 2, count), draw.choice([10.0, 40.0, 100.0], (2, slots))
    rows = build.add_rows(
        "capacity",
        {"line": np.repeat([0, 1], slots), "slot": np.tile(np.arange(slots), 2)},
        count=2 * slots,
        upper=capacity.ravel(),
    )
    build.add_entries(rows.start + line[product] * slots + slot, make.numbers, 1.0)
    weight = tree.probability[tree.slot_node] * 0.99**tree.slot_month
    worth = draw.uniform(0.4, 1.1, (count, slots))  # prices of their own in every node
    build.add_utility(1, make.numbers, (worth * weight).ravel())
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
        most=np.cumsum(np.full((count, MONTHS), 100.0), axis=1),
    )
    most = tree.so_far(capacity)[line]
    columns = make.numbers.reshape(count, slots)
    build.curves = Curves(data, tree, columns, np.broadcast_to(weight, (count, slots)), most=most)
    return build.build(), capacity


def plans(problem: Problem, capacity: FloatArray, draw: np.random.Generator) -> list[FloatArray]:
    """Plans that make all or nothing of one product on each line and slot, and some in between."""
    assert problem.curves is not None
    line, slots = problem.curves.data.line, FORK.n_slots
    found = []
    for _ in range(150):
        made = np.zeros((len(line), slots))
        for number in (0, 1):
            mine = [-1, *np.flatnonzero(line == number).tolist()]
            keeps_to_one = draw.random() < 0.5
            chosen = np.full(slots, draw.choice(mine)) if keeps_to_one else draw.choice(mine, slots)
            for slot in np.flatnonzero(chosen >= 0).tolist():
                made[chosen[slot], slot] = capacity[number, slot]
        found.append((made if draw.random() < 0.8 else made * draw.random(made.shape)).ravel())
    return found


@pytest.mark.parametrize("seed", range(width(5, wide=12)))
def test_no_plan_on_a_tree_beats_the_bound(seed: int, monkeypatch: pytest.MonkeyPatch) -> None:
    """Five problems for each seed, proven around plans good and bad."""
    monkeypatch.setattr(learning_bound, "_CUTS", (2, 2))
    monkeypatch.setattr(learning_bound, "_LEAST_CUTS", 1)
    draw = np.random.default_rng(100 + seed)
    for _ in range(5):
        problem, capacity = random_problem(draw)
        tried = plans(problem, capacity, draw)
        worth = [float(problem.utilities(made).sum()) for made in tried]
        around = tried[int(np.argmax(worth))] if draw.random() < 0.7 else tried[0]
        bound = proven(problem, around).bound
        assert max(worth) - 1e-7 <= bound < np.inf

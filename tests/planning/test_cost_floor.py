"""A floor under costs that fall with experience: no output inside the ranges may cost less."""

from __future__ import annotations

import numpy as np
import pytest
from tests.planning.test_model import fork_last_year
from tests.planning.test_tree import forked

from dronedeal.planning.cost_floor import CostFloor, Ranges
from dronedeal.planning.curves import CurveData, Curves
from dronedeal.planning.tree import FloatArray, Tree, single_path
from dronedeal.quantities.calendar import Calendar, FiscalYears

PATH = single_path(FiscalYears(Calendar("2026-10", 18), 10))
TREES = {"path": PATH, "fork": fork_last_year(PATH, 0.3), "short fork": forked()}


def random_curves(draw: np.random.Generator, tree: Tree) -> Curves:
    """Two groups that share and one product alone, on lines that some of them have in common."""
    count, months = 6, int(tree.slot_month.max()) + 1
    members = [[0, 1, 2], [3, 4]]
    pairs = [(one, other) for group in members for one in group for other in group if one != other]
    takers = [one for one, _ in pairs]
    share, lag = draw.choice([0.0, 0.3, 0.8, 1.0], count), draw.integers(0, 4, count)
    capacity = np.cumsum(draw.random((count, months)) * 40, axis=1)
    line = draw.integers(0, 4, count)
    most = np.cumsum(capacity, axis=1)
    discount = 0.995**tree.slot_month * tree.probability[tree.slot_node]
    party = draw.integers(0, 3, count)
    data = CurveData(
        product=np.arange(count),
        line=line,
        party=party,
        prior=draw.choice([5.0, 200.0, 5000.0], count),
        marginal=draw.random(count) + 0.2,
        exponent=draw.choice([0.0, 0.1, 0.3, 0.6], count),
        keep=draw.choice([1.0, 0.97], count),
        startup_cost=draw.choice([0.0, 0.2], count),
        startup_units=draw.choice([0.0, 50.0], count),
        taker=np.array(takers),
        giver=np.array([other for _, other in pairs]),
        share=share[takers],
        lag=lag[takers],
        most=most,
    )
    weight = np.where((party < 2)[:, None], discount, 0.0)
    make = np.arange(count * tree.n_slots).reshape(count, -1)
    return Curves(data, tree, make, weight, most=most[:, tree.slot_month])


def random_output(draw: np.random.Generator, curves: Curves) -> FloatArray:
    """Months at full capacity, without output, and between; products of one line share its capacity."""
    tree = curves.tree
    month = curves.most - tree.lagged(curves.most, 1)
    kind = draw.choice([0.0, 0.3, 1.0], month.shape, p=draw.dirichlet([1.0, 1.0, 1.0]))
    portion = draw.random(month.shape) ** draw.choice([0.1, 1.0, 5.0])
    for line in np.unique(curves.data.line):
        chosen = curves.data.line == line
        portion[chosen] /= np.maximum(1.0, portion[chosen].sum(axis=0))
    made: FloatArray = np.where(kind == 1.0, portion, kind * portion) * month
    return made


def ranges_around(draw: np.random.Generator, floor: CostFloor, total: FloatArray) -> Ranges:
    """Random ranges that hold an output, some of them no wider than that."""
    widest, group = floor.widest, np.zeros_like(floor.group_total)
    np.add.at(group, floor.group, total)

    def between(limit: FloatArray, inside: FloatArray) -> FloatArray:
        part = draw.choice([0.0, draw.random(), 1.0], inside.shape)
        result: FloatArray = inside + part * (limit - inside)
        return result

    if draw.random() < 0.3:
        return widest
    return Ranges(
        own_lower=between(widest.own_lower, total),
        own_upper=between(widest.own_upper, total),
        group_lower=between(widest.group_lower, group),
        group_upper=between(widest.group_upper, group),
    )


@pytest.mark.parametrize("name", TREES)
def test_no_output_inside_the_ranges_costs_less_than_the_floor(name: str) -> None:
    draw = np.random.default_rng(7)
    for _ in range(100):
        curves = random_curves(draw, TREES[name])
        floor = CostFloor(curves, random_output(draw, curves))
        made = random_output(draw, curves) if draw.random() < 0.8 else floor.made
        ranges = ranges_around(draw, floor, curves.tree.so_far(made))
        for party in (0, 1):
            found = floor.at(ranges, party)
            cost = (curves.weight * curves.cost(made))[curves.data.party == party].sum()
            assert found.constant + (found.slope * made).sum() <= cost + 1e-9 * max(1.0, abs(cost))

"""Costs that fall with experience: by hand, against a naive loop, against finite differences, and bounded."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from tests.planning import plain_learning
from tests.planning.learning_deal import MONTHS, learning_deal
from tests.planning.test_model import fork_last_year

from dronedeal.assessment import assess
from dronedeal.deal import Deal
from dronedeal.planning import PlanningData
from dronedeal.planning.arrange import arrange
from dronedeal.planning.blocks import COLUMN_BLOCKS
from dronedeal.planning.blocks.worth import cost_curves
from dronedeal.planning.curves import Curves
from dronedeal.planning.problem import ProblemBuilder
from dronedeal.planning.tree import FloatArray


def curves_of(data: PlanningData) -> tuple[Curves, int]:
    """The curves on the columns of a problem, and how many columns it has."""
    build = ProblemBuilder(data.tree, data.labels, data.discount)
    for block in COLUMN_BLOCKS.values():
        block(data, build)
    curves = cost_curves(data, build)
    assert curves is not None
    return curves, sum(family.count for family in build.columns.values())


def arranged(deal: Deal) -> PlanningData:
    return arrange(deal, assess(deal))


DATA = arranged(learning_deal(forgetting_rate=0.3))
FORKED = replace(DATA, tree=fork_last_year(DATA.tree, 0.3))


def output(curves: Curves, seed: int, share: float = 0.7) -> FloatArray:
    """Random output within what the lines can make, with months without any."""
    draw = np.random.default_rng(seed)
    capacity = np.diff(curves.data.most, axis=1, prepend=0.0)[:, curves.tree.slot_month]
    made: FloatArray = capacity * draw.random(capacity.shape) * share * (draw.random(capacity.shape) > 0.3)
    return made


def columns(curves: Curves, made: FloatArray, n_columns: int) -> FloatArray:
    values = np.zeros(n_columns)
    exists = curves.make >= 0
    values[curves.make[exists]] = made[exists]
    return values


@pytest.mark.parametrize("seed", range(5))
def test_cost_is_that_of_the_naive_loop(seed: int) -> None:
    deal = learning_deal(forgetting_rate=0.3)
    curves, _ = curves_of(DATA)
    made = output(curves, seed)
    by_product = {(row.line, row.system): made[at].tolist() for at, row in enumerate(deal.line_systems)}
    plain = plain_learning.cost(deal.line_systems, by_product, months=MONTHS)
    levels = plain_learning.experience(deal.line_systems, by_product, months=MONTHS)
    for at, row in enumerate(deal.line_systems):
        product = row.line, row.system
        assert curves.cost(made)[at] * 1e6 == pytest.approx(plain[product], rel=1e-6)
        if row.learning_slope is not None:
            assert curves.experience(made)[at] == pytest.approx(levels[product][:MONTHS], rel=1e-12)


def test_forgetting_and_transfer_by_hand() -> None:
    """A hundred made before, half of it kept over a year; ten of another line arrive two months later."""
    deal = learning_deal(forgetting_rate=0.5)
    curves, _ = curves_of(arranged(deal))
    made = np.zeros((4, MONTHS))
    made[0, 0], made[2, 0] = 20.0, 10.0
    keep = 0.5 ** (1 / 12)
    # The line `far` is in no group; `joint` is, with a share of one half and a lag of one month.
    made[3, 1] = 10.0
    expected = [100.0, keep * 120, keep**2 * 120, keep**3 * 120 + 5.0]
    assert curves.experience(made)[0, :4] == pytest.approx(expected)


def test_start_up_premium_by_hand() -> None:
    """Twenty units of the first month and five of the second pay half as much again, the rest do not."""
    curves, _ = curves_of(arranged(learning_deal()))
    made = np.zeros((4, MONTHS))
    made[2, :2] = 20.0
    assert curves.cost(made)[2, :2] * 1e6 == pytest.approx([20 * 820 * 1.5, 20 * 820 + 5 * 410])


@pytest.mark.parametrize("data", [DATA, FORKED], ids=["one path", "two paths"])
@pytest.mark.parametrize("seed", range(4))
def test_slopes_are_those_of_finite_differences(data: PlanningData, seed: int) -> None:
    curves, n_columns = curves_of(data)
    values = columns(curves, output(curves, seed), n_columns)
    draw = np.random.default_rng(100 + seed)
    direction = columns(curves, draw.normal(size=curves.make.shape), n_columns)
    slopes = curves.slopes(values) @ direction
    step = 1e-4
    change = (curves.worth(values + step * direction) - curves.worth(values - step * direction)) / (2 * step)
    assert slopes == pytest.approx(change, rel=1e-7)


@pytest.mark.parametrize("data", [DATA, FORKED], ids=["one path", "two paths"])
def test_no_output_costs_less_than_its_chords(data: PlanningData) -> None:
    curves, n_columns = curves_of(data)
    chords = curves.chords(n_columns)
    for seed in range(200):
        values = columns(curves, output(curves, seed, share=1.2 ** -(seed % 20)), n_columns)
        assert (curves.worth(values) <= chords @ values + 1e-12).all()


def test_chord_of_one_month_alone_is_the_chord_of_the_curve() -> None:
    """Sixty units in the last month, nobody to learn from but the lines' greatest output."""
    deal = learning_deal(transfer_share=0.0)
    curves, n_columns = curves_of(arranged(deal))
    made = np.zeros((4, MONTHS))
    made[0] = 60.0
    values = columns(curves, made, n_columns)
    # At the greatest output of every month the chords of a line that nobody teaches touch its curve.
    spent = float((curves.weight[0] * curves.cost(made)[0]).sum())
    assert float((curves.chords(n_columns) @ values).sum()) == pytest.approx(-spent)


def test_splitting_the_future_into_two_alike_changes_neither_worth_nor_chords() -> None:
    curves, n_columns = curves_of(DATA)
    made = output(curves, 1)
    forked, n_forked = curves_of(FORKED)
    twice = made[:, forked.tree.slot_month]
    one, two = columns(curves, made, n_columns), columns(forked, twice, n_forked)
    assert forked.worth(two) == pytest.approx(curves.worth(one), rel=1e-12)
    assert forked.chords(n_forked) @ two == pytest.approx(curves.chords(n_columns) @ one, rel=1e-12)


def test_two_equal_halves_that_share_everything_learn_like_one_line() -> None:
    """Only the month in which the other half works is learnt a month later; spread over two months each."""
    row = {"forgetting_rate": 0.0, "transfer_share": 1.0, "transfer_lag_months": 0}
    deal = learning_deal(**row)
    first = deal.line_systems[0]
    second = first.model_copy(update={"line": "far"})
    halves = deal.with_table("line_systems", [first, second])
    whole = deal.with_table("line_systems", [first.model_copy(update={"learning_group": None})])
    two, _ = curves_of(arranged(halves))
    one, _ = curves_of(arranged(whole))
    made = output(one, 3)
    split = two.experience(np.repeat(made / 2, 2, axis=0))
    assert split == pytest.approx(np.repeat(one.experience(made), 2, axis=0))
    # Inside a month neither half learns from the other: they cost more than one line, and less than
    # everything at the cost of the first unit of each month.
    whole_cost, half_cost = one.cost(made)[0], two.cost(np.repeat(made / 2, 2, axis=0)).sum(axis=0)
    assert (half_cost >= whole_cost - 1e-15).all()
    first = one.data.marginal[0] * (one.experience(made)[0] / 100.0) ** -one.data.exponent[0]
    assert (half_cost <= first * made[0] + 1e-15).all()
    assert half_cost.sum() == pytest.approx(whole_cost.sum(), rel=0.03)


def test_a_slope_of_one_is_no_curve() -> None:
    deal = learning_deal()
    rows = [
        row.model_copy(update={"learning_slope": 1.0, "startup_premium": 0.0}) for row in deal.line_systems
    ]
    assert arranged(deal.with_table("line_systems", rows)).curves.count == 0


def test_greatest_unit_cost_is_reached_by_a_line_that_forgets_and_makes_nothing_before() -> None:
    curves, _ = curves_of(DATA)
    greatest = curves.data.greatest_unit_cost
    made = np.zeros((4, MONTHS))
    made[:, MONTHS - 1] = 1e-6
    assert (curves.cost(made)[:, -1] / 1e-6) == pytest.approx(greatest[:, -1], rel=1e-6)
    for seed in range(20):
        made = output(curves, seed)
        assert (curves.cost(made) <= greatest * made * (1 + 1e-12)).all()

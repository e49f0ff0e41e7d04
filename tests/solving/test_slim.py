"""Linear problems without what decides nothing."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from scipy import sparse

from dronedeal.planning.problem import SparseRows
from dronedeal.solving import SolveOptions
from dronedeal.solving.highs_calls import solved_from
from dronedeal.solving.interface import MatrixForm
from dronedeal.solving.slim import slimmed


def random_form(seed: int) -> MatrixForm:
    """A small problem in which some columns are fixed and some rows name one column, or none that is free."""
    rng = np.random.default_rng(seed)
    rows, columns = 12, 8
    dense = rng.integers(-3, 4, (rows, columns)) * (rng.random((rows, columns)) < 0.3)
    matrix = sparse.csr_array(dense.astype(float))
    inside = rng.uniform(0.0, 4.0, columns).round(2)
    upper = np.where(rng.random(columns) < 0.3, inside, 5.0)
    activity = matrix @ inside
    return MatrixForm(
        objective=rng.integers(-4, 5, columns).astype(float),
        constant=1.5,
        lower=np.where(upper == inside, inside, 0.0),
        upper=upper,
        is_integer=np.zeros(columns, dtype=bool),
        row_lower=np.where(rng.random(rows) < 0.5, activity, -np.inf),
        row_upper=activity + rng.integers(0, 2, rows),
        matrix=SparseRows(matrix.indptr.astype(np.int64), matrix.indices.astype(np.int64), matrix.data),
    )


@pytest.mark.parametrize("seed", range(25))
def test_what_is_left_has_the_same_optimum_and_its_plan_keeps_every_row(seed: int) -> None:
    form = random_form(seed)
    slim = slimmed(form)
    assert slim is not None
    assert len(slim.row) + len(slim.column) < len(form.row_lower) + len(form.lower)
    whole, left = (solved_from(each, None, options=SolveOptions()) for each in (form, slim.form))
    assert whole.values is not None
    left_values = left.values if len(slim.column) else np.zeros(0)
    assert left_values is not None
    worth = slim.form.constant + slim.form.objective @ left_values
    assert worth == pytest.approx(whole.objective, abs=1e-6)
    values = slim.whole(left_values)
    assert form.constant + form.objective @ values == pytest.approx(whole.objective, abs=1e-6)
    activity = form.matrix.times(values)
    assert (activity >= form.row_lower - 1e-6).all()
    assert (activity <= form.row_upper + 1e-6).all()
    assert (values >= form.lower - 1e-6).all()
    assert (values <= form.upper + 1e-6).all()


def stock_of_a_line(capacity: float) -> MatrixForm:
    """Two products of one line in three months: make, stock and ship of each, and what sets a limit to none.

    Columns: make, stock and ship by product and month; rows: capacity of each month, balances of stock,
    shipments of all together.
    """
    months, products = 3, 2
    number = np.arange(3 * months * products).reshape(3, products, months)
    make, stock, ship = number
    dense = np.zeros((months + months * products + 1, number.size))
    dense[np.arange(months), make] = 1.0
    for product in range(products):
        for month in range(months):
            row = months + product * months + month
            dense[row, [make[product, month], stock[product, month], ship[product, month]]] = -1.0, 1.0, 1.0
            if month:
                dense[row, stock[product, month - 1]] = -1.0
    dense[-1, ship.ravel()] = 1.0
    matrix = sparse.csr_array(dense)
    balanced = np.zeros(months * products)
    return MatrixForm(
        objective=np.where(np.isin(np.arange(number.size), ship), 2.0, -1.0),
        constant=0.0,
        lower=np.zeros(number.size),
        upper=np.where(np.isin(np.arange(number.size), ship), 4.0, np.inf),
        is_integer=np.zeros(number.size, dtype=bool),
        row_lower=np.concatenate([np.full(months, -np.inf), balanced, [-np.inf]]),
        row_upper=np.concatenate([np.full(months, capacity), balanced, [100.0]]),
        matrix=SparseRows(matrix.indptr.astype(np.int64), matrix.indices.astype(np.int64), matrix.data),
    )


def test_of_a_line_that_makes_nothing_nothing_is_left() -> None:
    slim = slimmed(stock_of_a_line(0.0))
    assert slim is not None
    assert not len(slim.column)
    assert not len(slim.row)
    assert not slim.whole(np.zeros(0)).any()


def test_a_row_that_no_plan_breaks_goes() -> None:
    form = stock_of_a_line(3.0)
    slim = slimmed(form)
    assert slim is not None
    assert slim.row.tolist() == list(range(len(form.row_lower) - 1))
    assert len(slim.column) == len(form.lower)


def test_rows_that_no_plan_keeps_are_seen() -> None:
    # 2x ≥ 9 with x ≤ 4; and a row of fixed columns alone, 3 · 2 ≤ 5.
    one = MatrixForm(
        objective=np.array([1.0]),
        constant=0.0,
        lower=np.array([0.0]),
        upper=np.array([4.0]),
        is_integer=np.array([False]),
        row_lower=np.array([9.0]),
        row_upper=np.array([np.inf]),
        matrix=SparseRows(np.array([0, 1]), np.array([0]), np.array([2.0])),
    )
    assert slimmed(one) is None
    fixed = replace(
        one,
        lower=np.array([3.0]),
        upper=np.array([3.0]),
        row_lower=np.array([-np.inf]),
        row_upper=np.array([5.0]),
    )
    assert slimmed(fixed) is None
    kept = slimmed(replace(fixed, row_upper=np.array([6.0])))
    assert kept is not None
    assert kept.whole(np.zeros(len(kept.column))).tolist() == [3.0]


def test_a_column_that_two_rows_hold_at_both_its_bounds_leaves_no_plan() -> None:
    # x + y ≥ 2 holds both at 1, and x + z ≤ 0 holds both at 0.
    form = MatrixForm(
        objective=np.ones(3),
        constant=0.0,
        lower=np.zeros(3),
        upper=np.ones(3),
        is_integer=np.zeros(3, dtype=bool),
        row_lower=np.array([2.0, -np.inf]),
        row_upper=np.array([np.inf, 0.0]),
        matrix=SparseRows(np.array([0, 2, 4]), np.array([0, 1, 0, 2]), np.ones(4)),
    )
    assert slimmed(form) is None
    kept = slimmed(replace(form, row_upper=np.array([np.inf, 1.0])))
    assert kept is not None
    assert kept.whole(np.zeros(len(kept.column))).tolist() == [1.0, 1.0, 0.0]

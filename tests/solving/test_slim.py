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
    assert left.values is not None
    assert left.objective == pytest.approx(whole.objective, abs=1e-6)
    values = slim.whole(left.values)
    assert form.constant + form.objective @ values == pytest.approx(whole.objective, abs=1e-6)
    activity = form.matrix.times(values)
    assert (activity >= form.row_lower - 1e-6).all()
    assert (activity <= form.row_upper + 1e-6).all()
    assert (values >= form.lower - 1e-6).all()
    assert (values <= form.upper + 1e-6).all()


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

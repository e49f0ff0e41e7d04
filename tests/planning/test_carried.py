"""A plan carried from one problem to another."""

from __future__ import annotations

import numpy as np
from tests.planning.negotiated import built

from dronedeal.planning.carried import carried, places


def test_a_plan_finds_its_columns_by_their_names() -> None:
    old, new = built({"permit": 0.0}), built({"permit": 3.0})
    assert old.n_columns > new.n_columns
    values = np.random.default_rng(1).uniform(0.0, 1.0, old.n_columns)
    found = carried(values, old, new)
    names = {old.column_name(number): values[number] for number in range(old.n_columns)}
    expected = [names.get(new.column_name(number), 0.0) for number in range(new.n_columns)]
    np.testing.assert_allclose(found, np.clip(expected, new.lower, new.upper))
    np.testing.assert_array_equal(carried(found, new, new), found)


def test_columns_and_rows_are_found_by_their_names() -> None:
    old, new = built({"permit": 0.0}), built({"permit": 3.0})
    for one, other in ((old, new), (new, old)):
        found = places(one, other)
        columns = {one.column_name(number): number for number in range(one.n_columns)}
        rows = {one.row_name(number): number for number in range(one.n_rows)}
        assert found.columns.tolist() == [
            columns.get(other.column_name(number), -1) for number in range(other.n_columns)
        ]
        assert found.rows.tolist() == [rows.get(other.row_name(number), -1) for number in range(other.n_rows)]
    assert (places(new, old).columns == -1).any()
    assert (places(old, new).columns >= 0).all()

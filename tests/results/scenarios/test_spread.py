"""Means, quantiles and the worst tenth."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from dronedeal.results.scenarios.spread import quantile, spread, worst_weights


def test_the_worst_tenth_takes_a_part_of_the_scenario_at_its_edge() -> None:
    """Values 1, 2, 3 with chances 0.05, 0.15, 0.8: `(0.05·1 + 0.05·2) / 0.1 = 1.5`; costs: `3`."""
    found = spread([1.0, 2.0, 3.0], [0.05, 0.15, 0.8], is_cost=False)
    assert found["worst_tenth"] == pytest.approx(1.5)
    assert found["mean"] == pytest.approx(2.75)
    assert (found["p05"], found["p25"], found["p95"]) == (1.0, 3.0, 3.0)
    assert spread([1.0, 2.0, 3.0], [0.05, 0.15, 0.8], is_cost=True)["worst_tenth"] == pytest.approx(3.0)


@settings(deadline=None, max_examples=30)
@given(st.lists(st.tuples(st.floats(-1e6, 1e6), st.floats(0.01, 1.0)), min_size=1, max_size=12))
def test_spread_is_ordered_and_splitting_a_scenario_changes_nothing(rows: list[tuple[float, float]]) -> None:
    values, chances = [value for value, _ in rows], [chance for _, chance in rows]
    found = spread(values, chances, is_cost=False)
    levels = [found[name] for name in ("least", "p05", "p25", "p50", "p75", "p95", "most")]
    assert levels == sorted(levels)
    size = max(1.0, *(abs(value) for value in values))
    assert found["least"] - 1e-9 * size <= found["worst_tenth"] <= found["mean"] + 1e-9 * size
    halves = [chance / 2 for chance in chances]
    again = spread(values + values, halves + halves, is_cost=False)
    assert again["mean"] == pytest.approx(found["mean"], abs=1e-9 * size)
    assert again["worst_tenth"] == pytest.approx(found["worst_tenth"], abs=1e-9 * size)


def test_quantiles_and_weights_do_not_depend_on_the_order() -> None:
    values, chance = np.array([30.0, 10.0, 20.0]), np.array([0.3, 0.2, 0.5])
    assert [quantile(values, chance, level) for level in (0.1, 0.2, 0.7, 0.71)] == [10.0, 10.0, 20.0, 30.0]
    assert worst_weights(values, chance, is_cost=True).tolist() == [pytest.approx(0.1), 0.0, 0.0]

"""Intervals of rates against other ways to compute them."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.stats import binom, binomtest

from dronedeal.results.stress.intervals import clopper_pearson, wilson


@settings(deadline=None, max_examples=40)
@given(
    st.integers(1, 300).flatmap(lambda n: st.tuples(st.integers(0, n), st.just(n))),
    st.sampled_from([0.8, 0.95]),
)
def test_both_intervals_are_those_of_the_textbook(counts: tuple[int, int], level: float) -> None:
    kept, count = counts
    test = binomtest(kept, count)
    for ours, method in ((wilson, "wilson"), (clopper_pearson, "exact")):
        theirs = test.proportion_ci(level, method=method)
        found = ours(kept, count, confidence_level=level)
        assert found == pytest.approx((theirs.low, theirs.high), abs=1e-9)
        assert found.low <= kept / count <= found.high


def test_the_exact_interval_holds_the_true_rate_at_least_as_often_as_it_says() -> None:
    count, rate = 40, 0.9
    holds = sum(
        binom.pmf(kept, count, rate)
        for kept in range(count + 1)
        if clopper_pearson(kept, count).low <= rate <= clopper_pearson(kept, count).high
    )
    assert holds >= 0.95


@pytest.mark.parametrize("counts", [(-1, 3), (4, 3), (0, 0)])
def test_counts_that_cannot_be_are_refused(counts: tuple[int, int]) -> None:
    with pytest.raises(ValueError, match="give at least one trial"):
        wilson(*counts)
    with pytest.raises(ValueError, match="give at least one trial"):
        clopper_pearson(*counts)

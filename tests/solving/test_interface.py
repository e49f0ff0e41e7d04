"""The solver seam: gaps, progress, the closed sets of outcomes."""

from __future__ import annotations

import pytest

from dronedeal.solving import Progress, Solution, Status, Termination, relative_gap


@pytest.mark.parametrize(
    ("best", "bound", "gap"),
    [(200.0, 201.0, 0.005), (-200.0, -199.0, 0.005), (0.5, 0.6, 0.2), (10.0, 9.9999999, 0.0)],
)
def test_gap_is_relative_to_the_incumbent_and_never_negative(best: float, bound: float, gap: float) -> None:
    assert relative_gap(best, bound) == pytest.approx(gap)


def test_progress_has_no_gap_before_both_ends_are_known() -> None:
    assert Progress("relaxation", 1.0, None, 5.0).gap is None
    assert Progress("relaxation", 1.0, 4.0, 5.0).gap == pytest.approx(0.25)


def test_a_solution_without_values_has_an_infinite_gap() -> None:
    empty = Solution(Status.ABORTED, Termination.INTERRUPTED, None, float("-inf"), float("inf"), None, 0.0)
    assert not empty.has_values
    assert empty.gap == float("inf")

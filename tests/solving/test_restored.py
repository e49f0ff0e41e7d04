"""A plan that was made before, as the solver would have it."""

from __future__ import annotations

import numpy as np
import pytest
from tests.planning.learning_deal import learning_deal
from tests.planning.small_deal import small_deal
from tests.planning.test_restored import read_back
from tests.results.solved import EXACT

from dronedeal.deal import Deal
from dronedeal.solving import never_stop, no_progress, restored
from dronedeal.solving.highs import HighsSolver


def again(deal: Deal, *, spoil: float = 0.0) -> tuple[float, np.ndarray | None]:
    """The worth of the plan of a deal, and its columns found again from its decisions."""
    reading, decided = read_back(deal)
    make = reading.problem.columns["make"]
    decided[make.start + int(np.argmax(decided[make.slice]))] += spoil
    solver, options = HighsSolver(), EXACT
    values = restored(
        reading.problem, solver, decided, options=options, on_progress=no_progress, should_stop=never_stop
    )
    worth = reading.outcome.solution.objective
    return worth, None if values is None else reading.problem.utilities(values)


@pytest.mark.parametrize(
    "deal", [small_deal(), small_deal(whole_units=True), learning_deal()], ids=["small", "whole", "learning"]
)
def test_the_decisions_of_a_plan_bring_back_what_it_is_worth(deal: Deal) -> None:
    worth, utilities = again(deal)
    assert utilities is not None
    assert float(utilities.sum()) == pytest.approx(worth, rel=1e-7)


def test_decisions_that_break_a_rule_of_the_problem_bring_back_nothing() -> None:
    assert again(small_deal(), spoil=1e6)[1] is None

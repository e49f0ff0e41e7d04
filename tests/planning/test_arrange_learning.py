"""From `line_systems` to curves: who learns from whom, in which money, and how much can be made at most."""

from __future__ import annotations

import numpy as np
import pytest
from tests.planning.learning_deal import learning_deal

from dronedeal.assessment import assess
from dronedeal.deal import Deal
from dronedeal.planning.arrange import arrange
from dronedeal.planning.curves import CurveData


def curves(deal: Deal) -> CurveData:
    return arrange(deal, assess(deal)).curves


def test_products_of_a_group_learn_from_each_other_with_their_own_share_and_lag() -> None:
    found = curves(learning_deal())
    pairs = sorted(zip(found.taker.tolist(), found.giver.tolist(), found.lag.tolist(), strict=True))
    assert pairs == [(0, 1, 1), (0, 3, 1), (1, 0, 0), (1, 3, 0), (3, 0, 2), (3, 1, 2)]
    assert found.share.tolist() == [0.5] * 6


def test_money_premium_theory_and_forgetting_reach_the_curves() -> None:
    found = curves(learning_deal(forgetting_rate=0.5))
    average = 1 + np.log2(0.85)  # the next unit against the average so far
    assert found.marginal * 1e6 == pytest.approx([800, 1000 * average, 820, 875])
    assert found.startup_cost * 1e6 == pytest.approx([0, 0, 410, 175])
    assert found.exponent == pytest.approx([-np.log2(0.8), -np.log2(0.85), 0, -np.log2(0.9)])
    assert found.keep == pytest.approx([0.5 ** (1 / 12), 0.6 ** (1 / 12), 1, 1])


def test_a_product_that_only_teaches_has_a_flat_curve() -> None:
    deal = learning_deal()
    rows = [
        row.model_copy(update={"learning_slope": None, "units_already_made": None})
        if row.system == "lark"
        else row
        for row in deal.line_systems
    ]
    found = curves(deal.with_table("line_systems", rows))
    assert found.count == 4
    assert found.exponent[1] == 0
    assert 1 in found.giver.tolist()
    assert 1 not in found.taker.tolist()


def test_most_made_counts_every_opening_and_step_from_the_first_month_and_ramps_them() -> None:
    found = curves(learning_deal())
    assert found.most[0].tolist() == [60.0, 120.0, 180.0, 240.0, 300.0, 360.0]
    # A month of lead, then half and then all of 50 of the opening and 20 of the step.
    assert found.most[3] == pytest.approx([0, 35, 105, 175, 245, 315])


def test_nothing_is_made_before_the_line_is_available() -> None:
    deal = learning_deal()
    lines = [
        row.model_copy(update={"available_from": "2027-12"}) if row.id == "home" else row
        for row in deal.lines
    ]
    found = curves(deal.with_table("lines", lines))
    assert found.most[0].tolist() == [0.0, 0.0, 60.0, 120.0, 180.0, 240.0]

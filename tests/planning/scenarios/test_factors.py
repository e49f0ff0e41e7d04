"""From rows of uncertainty to factors."""

from __future__ import annotations

import pytest
from tests.planning.scenarios.uncertain import THREE, TWO, with_uncertainty
from tests.planning.scenarios.years import four_years

from dronedeal.deal.scenario_tree import Varied
from dronedeal.errors import CommandError
from dronedeal.planning.scenarios.factors import factors_of


def test_outcomes_stand_by_rising_multiplier_in_the_stage_of_their_fiscal_year() -> None:
    (factor,) = factors_of(with_uncertainty(four_years(), ("budget", "army", 2029, THREE)))
    assert factor.varied == Varied("budget", "army")
    assert factor.stage == 2
    assert [outcome.multiplier for outcome in factor.outcomes] == [0.5, 1.0, 1.5]
    assert factor.expected == pytest.approx(1.0)


def test_what_is_stated_for_the_first_year_turns_out_after_it() -> None:
    (factor,) = factors_of(with_uncertainty(four_years(), ("budget", "army", 2027, TWO)))
    assert factor.stage == 1


def test_outcomes_of_the_second_year_take_the_place_of_those_of_the_first() -> None:
    deal = with_uncertainty(four_years(), ("budget", "army", 2027, TWO), ("budget", "army", 2028, THREE))
    (factor,) = factors_of(deal)
    assert len(factor.outcomes) == 3


def test_a_deal_of_one_year_has_no_factors() -> None:
    deal = with_uncertainty(four_years(), ("budget", "army", 2027, TWO))
    short = deal.settings.model_copy(update={"months": 12})
    assert factors_of(type(deal)(short, uncertainty=deal.uncertainty)) == ()


def test_outcomes_without_a_chance_fall_away_and_equal_ones_are_one() -> None:
    split = {"a": (0.2, 0.6), "b": (0.1, 0.6), "c": (0.7, 1.0), "never": (0.0, 9.0)}
    (factor,) = factors_of(with_uncertainty(four_years(), ("price", "*", 2028, split)))
    assert [outcome.name for outcome in factor.outcomes] == ["a/b", "c"]
    assert factor.probability == pytest.approx((0.3, 0.7))


def test_chances_that_do_not_sum_to_one_are_refused() -> None:
    deal = with_uncertainty(four_years(), ("price", "*", 2028, {"a": (0.5, 1.0), "b": (0.4, 2.0)}))
    with pytest.raises(CommandError, match=r"chances of price of all from 2028 on sum to 0\.9; allowed: 1"):
        factors_of(deal)

"""The agreement zone against enumeration and by hand."""

from __future__ import annotations

import pytest
from tests.negotiation.evaluators import Hasty, triangle
from tests.negotiation.small_deals import in_zone, with_disagreement

from dronedeal.errors import InputError, SolverError
from dronedeal.negotiation.evaluator import NO_OUTCOME, Answer, Question
from dronedeal.negotiation.listed import ListedOutcomes
from dronedeal.negotiation.zone import PaymentRange, Transfer, agreement_zone, payment_range


def test_zones_of_1000_small_deals_are_those_of_enumeration() -> None:
    missing = paid = 0
    for seed in range(1000):
        pairs, (b, s) = with_disagreement(seed)
        zone = agreement_zone(ListedOutcomes(pairs), (b, s))
        assert zone is not None
        assert zone.is_proven
        inside = in_zone(pairs, (b, s))
        gains = [(x - b, y - s) for x, y in pairs]
        assert zone.exists == bool(inside)
        assert zone.total == max(map(sum, gains))
        assert zone.shortfall == max(0.0, -max(map(min, gains)))
        if inside:
            assert zone.ideal == tuple(max(p[side] for p in inside) for side in (0, 1))
            assert zone.transfer is None
            continue
        missing += 1
        assert zone.ideal is None
        # A payment opens a zone exactly where both sides together do not lose.
        assert (zone.transfer is not None) == (zone.total >= 0)
        if zone.transfer is not None:
            paid += 1
            assert zone.transfer.most - zone.transfer.amount == zone.total
            assert 0 < zone.transfer.amount <= zone.transfer.most
    assert missing > 50
    assert paid > 5


def test_without_a_zone_it_says_what_is_missing_and_which_payment_opens_one() -> None:
    zone = agreement_zone(ListedOutcomes([(20, 1), (4, 3)]), (5.0, 5.0))
    assert zone is not None
    assert (zone.exists, zone.shortfall, zone.nearest.utilities) == (False, 2.0, (4, 3))
    assert zone.transfer == Transfer(payer=0, amount=4.0, most=15.0)


def test_one_point_where_neither_gains_is_still_a_zone() -> None:
    zone = agreement_zone(ListedOutcomes([(5, 5)]), (5.0, 5.0))
    assert zone is not None
    assert (zone.exists, zone.total, zone.ideal) == (True, 0.0, (5, 5))


def test_a_zone_of_continuous_utilities() -> None:
    zone = agreement_zone(triangle(8.0, 2.0), (4.0, 0.5))
    assert zone is not None
    assert zone.ideal == pytest.approx((6.0, 1.0), abs=1e-6)
    assert zone.total == pytest.approx(8.0 - 4.5)
    none = agreement_zone(triangle(8.0, 2.0), (8.0, 0.5))
    assert none is not None
    # (8 − g) / 8 + (0.5 − g) / 2 = 1
    assert none.shortfall == pytest.approx(0.25 / (1 / 8 + 1 / 2), abs=1e-6)
    assert none.is_proven


def test_that_there_is_no_zone_is_certain_only_where_the_bound_says_so() -> None:
    pairs = ListedOutcomes([(4, 3)])
    near, far = (agreement_zone(Hasty(pairs, slack=slack), (5.0, 5.0)) for slack in (3.0, 1.0))
    assert near is not None
    assert far is not None
    assert (near.exists, near.is_proven) == (False, False)
    assert (far.exists, far.is_proven) == (False, True)


def test_where_nothing_can_be_agreed_there_is_no_zone_to_measure() -> None:
    class Nothing:
        def best(self, question: Question, /) -> Answer:
            return NO_OUTCOME

    assert agreement_zone(Nothing(), (0.0, 0.0)) is None
    with pytest.raises(SolverError, match="agreement zone"):
        agreement_zone(Hasty(Nothing(), gives_up=True), (0.0, 0.0))


def test_the_range_of_payments_leaves_each_side_its_alternative_at_one_end() -> None:
    worth = (-0.9, 0.8)
    found = payment_range((30.0, 5.0), (12.0, 9.0), payment=100.0, worth=worth)
    assert found == PaymentRange(lowest=pytest.approx(105.0), highest=pytest.approx(120.0))
    assert 5.0 + worth[1] * (found.lowest - 100.0) == pytest.approx(9.0)
    assert 30.0 + worth[0] * (found.highest - 100.0) == pytest.approx(12.0)
    assert found.is_zone
    assert found.missing == 0.0


def test_sides_that_are_apart_are_told_by_how_much() -> None:
    found = payment_range((10.0, 5.0), (12.0, 9.0), payment=100.0)
    assert not found.is_zone
    assert found.missing == pytest.approx(6.0)


@pytest.mark.parametrize("worth", [(0.0, 1.0), (-1.0, 0.0), (1.0, -1.0)])
def test_a_payment_must_cost_the_buyer_and_bring_the_seller_something(worth: tuple[float, float]) -> None:
    with pytest.raises(InputError, match="allowed: below 0 and above 0"):
        payment_range((1.0, 1.0), (0.0, 0.0), payment=1.0, worth=worth)

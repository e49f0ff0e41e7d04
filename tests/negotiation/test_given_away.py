"""What the Nash point gives away, on a straight frontier where it can be worked out by hand."""

from __future__ import annotations

import pytest

from dronedeal.negotiation.evaluator import Outcome
from dronedeal.negotiation.frontier_points import Frontier, FrontierPoint
from dronedeal.negotiation.given_away import given_away, moved_alternatives
from dronedeal.negotiation.plain_data import plain_data

# u_buyer + u_seller = 20 at eleven points.
PAIRS = [(2.0 * step, 20.0 - 2.0 * step) for step in range(11)]
LINE = Frontier(tuple(FrontierPoint(Outcome(pair), 0.0, True) for pair in PAIRS))
IDS = [f"p{place:02d}" for place in range(1, 12)]


def test_the_true_alternative_lies_within_what_the_point_reveals() -> None:
    """At (4, 0) the Nash point is (12, 8), a point of the frontier."""
    found = given_away(LINE, (4.0, 0.0), currency="EUR")
    assert found is not None
    for side, truth in ((found.buyer, 4.0), (found.seller, 0.0)):
        assert side.lowest is not None
        assert side.highest is not None
        assert side.lowest <= truth <= side.highest
        assert side.highest - side.lowest == pytest.approx(4.0, abs=0.5)
    assert plain_data(found)


def test_a_point_at_a_kink_reveals_an_interval_around_the_truth() -> None:
    """At (6, 6) the product of both gains is greatest for many alternatives, the true one among them."""
    kinked = Frontier(tuple(FrontierPoint(Outcome(pair), 0.0, True) for pair in [(0, 8), (6, 6), (8, 0)]))
    found = given_away(kinked, (1.0, 2.0), currency="EUR")
    assert found is not None
    for side, truth in ((found.buyer, 1.0), (found.seller, 2.0)):
        assert (side.lowest or -1e9) <= truth <= (side.highest or -1e9)


def test_half_of_an_overstatement_is_gained_as_long_as_there_is_an_agreement() -> None:
    """With 20 to divide the buyer gains half of what it overstates, while the seller still gains."""
    found = given_away(LINE, (4.0, 0.0), currency="EUR")
    assert found is not None
    assert found.buyer.gain_by_misstating == pytest.approx(7.2, rel=1e-3)
    assert found.buyer.misstatement == (
        "stating EUR 18 as what it has without an agreement, instead of EUR 4"
    )


def test_without_a_zone_nothing_is_given_away() -> None:
    assert given_away(LINE, (15.0, 15.0), currency="EUR") is None
    assert moved_alternatives(LINE, (15.0, 15.0), ids=IDS, currency="EUR") == ()


def test_a_better_alternative_moves_the_point_by_half_and_names_the_nearest() -> None:
    more, less, *_ = moved_alternatives(LINE, (4.0, 0.0), ids=IDS, currency="EUR")
    assert (more.input, more.moved) == ("what the buyer has without an agreement", "EUR 4 to EUR 6")
    assert more.change is not None
    assert (more.change.buyer, more.change.seller) == pytest.approx((1.0, -1.0), abs=1e-2)
    assert less.change is not None
    assert less.change.buyer == pytest.approx(-1.0, abs=1e-2)


def test_a_move_that_changes_the_nearest_point_changes_the_recommendation() -> None:
    found = moved_alternatives(LINE, (0.0, 0.0), ids=IDS, currency="EUR")
    assert [each.is_changed for each in found] == [True] * 4
    assert found[0].words == "The Nash point moves from near p06 to near p07."


def test_a_small_move_leaves_it() -> None:
    coarse = Frontier(tuple(FrontierPoint(Outcome(pair), 0.0, True) for pair in PAIRS[::5]))
    found = moved_alternatives(coarse, (8.0, 8.0), ids=["a", "b", "c"], currency="EUR")
    assert {(each.is_changed, each.words) for each in found} == {
        (False, "The Nash point stays nearest to b.")
    }

"""Deals that are matched alike, against the matching itself."""

from __future__ import annotations

import pytest
from tests.planning.small_deal import small_deal

from dronedeal.assessment import assess
from dronedeal.assessment.alike import is_matched_alike
from dronedeal.deal import Deal
from dronedeal.deal.change import apply_changes
from dronedeal.deal.terms import Rule


def capped_deal() -> Deal:
    deal = small_deal()
    cap = Rule(id="cap", kind="price_cap", subject="*", limit=1_000.0)
    return deal.with_table("rules", [*deal.rules, cap])


def fits(deal: Deal) -> list[tuple[object, ...]]:
    return [
        (each.is_eligible, each.effectiveness, each.first_month, each.last_month, each.by_year)
        for each in assess(deal).pairings
    ]


@pytest.mark.parametrize(
    ("change", "is_alike"),
    [
        ("prices[kite].unit_price=810", True),
        ("prices[kite].unit_price=1200", False),
        ("settings.terms.advance_share=0.4", True),
        ("rules[work].limit=0.3", True),
        ("rules[permit].limit=3", False),
        ("home_needs[own].required_share=0.6", True),
    ],
)
def test_what_is_called_alike_fits_alike(change: str, is_alike: bool) -> None:
    deal = capped_deal()
    other = apply_changes(deal, [change])
    assert is_matched_alike(deal, other) == is_alike
    if is_alike:
        assert fits(deal) == fits(other)

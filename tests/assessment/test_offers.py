"""Prices by line and year, and what a cap allows, worked by hand."""

from __future__ import annotations

from tests.assessment.small_deals import deal, price, rule

from dronedeal.assessment import Valuation
from dronedeal.assessment.offers import Offers
from dronedeal.deal import Deal
from dronedeal.deal.funds import Rate
from dronedeal.deal.production import Line, LineSystem


def made_on(*names: str) -> dict[str, object]:
    lines = tuple(
        Line(id=name, site="X", country="UA", operator="river", status="existing", initial_capacity=1)
        for name in names
    )
    return {
        "lines": lines,
        "line_systems": tuple(LineSystem(line=name, system="kestrel", unit_cost=1) for name in names),
    }


def offers(asked: Deal) -> Offers:
    return Offers(asked, Valuation(asked))


def test_the_row_of_a_line_goes_before_the_row_for_all_lines() -> None:
    prices = (price(), price(line="home", unit_price=1200.0), price(year=2028, unit_price=900.0))
    found = offers(deal(prices=prices, **made_on("home", "away")))
    assert sorted(found.prices("kestrel", 2027)) == [1000.0, 1200.0]
    assert found.prices("kestrel", 2028) == [900.0]
    assert found.prices("kestrel", 2029) == []


def test_the_lowest_tier_holds_whatever_the_order_of_rows() -> None:
    prices = (price(tier_from=50, unit_price=700.0), price(), price(tier_from=10, unit_price=800.0))
    assert offers(deal(prices=prices)).prices("kestrel", 2027) == [1000.0]


def test_a_row_of_a_line_is_no_offer_of_the_others() -> None:
    found = offers(deal(prices=(price(line="home"),), **made_on("home", "away")))
    assert found.prices("kestrel", 2027) == [1000.0]
    assert offers(deal(prices=(price(line="home"),), **made_on("away"))).prices("kestrel", 2027) == []


def test_a_cap_is_exchanged_into_the_deals_currency() -> None:
    asked = deal(rates=(Rate(id="EUR", fiscal_year=2027, value=2.0),))
    assert offers(asked).cap(rule("price_cap", limit=500, currency="EUR"), 2027) == 1000.0
    assert offers(asked).cap(rule("price_cap", limit=500), 2028) == 500.0

"""Terms of payment as arrays."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from tests.planning.small_deal import small_deal

from dronedeal.assessment import assess
from dronedeal.assessment.valuation import Valuation
from dronedeal.deal import Deal
from dronedeal.deal.funds import Rate
from dronedeal.deal.settings import PaymentTerms
from dronedeal.planning.arrange import arrange
from dronedeal.planning.arrange_terms import arrange_terms


def with_terms(**values: object) -> Deal:
    deal = small_deal()
    settings = deal.settings.model_copy(update={"terms": PaymentTerms.model_validate(values)})
    return replace(deal, settings=settings, rates=(Rate(id="EUR", fiscal_year=2027, value=1.25),))


@pytest.mark.parametrize(
    ("values", "expected"),
    [({}, np.inf), ({"ceiling": 3e6}, 3.0), ({"ceiling": 3e6, "currency": "EUR"}, 3.75)],
)
def test_ceiling_is_in_millions_of_the_deals_currency(values: dict[str, object], expected: float) -> None:
    deal = with_terms(**values)
    assert arrange_terms(deal, Valuation(deal)).ceiling == pytest.approx(expected)


def test_an_option_limits_a_price_row_with_its_firm_minimum() -> None:
    """240 firm and 60 more are 300 a year; two of twelve months lie in the plan."""
    deal = small_deal()
    rows = [row.model_copy(update={"option_quantity": 60.0, "maximum": None}) for row in deal.prices]
    deal = deal.with_table("prices", rows)
    prices = arrange(deal, assess(deal)).prices
    assert prices.maximum[:2].tolist() == pytest.approx([10.0, 50.0])
    rows[1] = rows[1].model_copy(update={"maximum": 270.0})
    deal = deal.with_table("prices", rows)
    assert arrange(deal, assess(deal)).prices.maximum[1] == pytest.approx(45.0)

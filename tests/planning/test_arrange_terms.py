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
from dronedeal.planning import Tree, build_problem
from dronedeal.planning.arrange import arrange
from dronedeal.planning.arrange_terms import arrange_terms, less_than


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


def test_tiers_of_the_small_deal() -> None:
    """A sixth of 1500 kites is 250, of 24 mules 4; below 250 is 249 whole ones; mules cost 7000 in 2028."""
    deal = small_deal(whole_units=True)
    tiers = arrange_terms(deal, Valuation(deal)).tiers
    assert tiers.start.tolist() == pytest.approx([0.0, 250.0, 0.0, 4.0])
    assert tiers.end.tolist() == pytest.approx([249.0, np.inf, 4.0, np.inf])
    assert tiers.rebate.tolist() == pytest.approx([0.0, 4e-5, 0.0, (7000 / 1.05 - 6500) / 1e6])
    assert tiers.royalty.tolist() == [0.1, 0.1, 0.0, 0.0]
    assert tiers.is_incremental.tolist() == [False, False, True, True]
    assert tiers.is_lowest.tolist() == [True, False, True, False]


def test_bundle_of_the_small_deal() -> None:
    deal = small_deal()
    bundles = arrange_terms(deal, Valuation(deal)).bundles
    assert (bundles.year.tolist(), bundles.rebate.tolist()) == ([1], pytest.approx([3e-4]))
    assert (bundles.system.tolist(), bundles.quantity.tolist()) == ([0, 1], [4.0, 1.0])


@pytest.mark.parametrize(
    ("quantity", "is_whole", "expected"),
    [(100.0, True, 99.0), (41.5, True, 41.0), (1.0, True, 0.0), (100.0, False, 99.999)],
)
def test_less_than_a_quantity(quantity: float, is_whole: bool, expected: float) -> None:
    assert less_than(quantity, is_whole=is_whole) == pytest.approx(expected)


def test_on_a_tree_every_node_of_a_year_has_tiers_and_bundles_of_its_own() -> None:
    deal = small_deal()
    data = arrange(deal, assess(deal))
    tree = Tree(
        parent=np.array([-1, 0, 0]),
        probability=np.array([1.0, 0.4, 0.6]),
        stage=np.array([0, 1, 1]),
        first_month=np.array([0, 2, 2]),
        end_month=np.array([2, 4, 4]),
    )
    problem = build_problem(replace(data, tree=tree))
    for name in ("reached", "tier", "sets", "scarce", "given"):
        family = problem.columns[name]
        assert family.count > 0
        assert set(family.coordinates["node"].tolist()) >= {1, 2}
        assert (problem.node[family.slice] == family.coordinates["node"]).all()
    for name in ("tier_floor", "tier_ceiling", "tier_quantity", "bundle_member", "bundle_scarce"):
        rows = problem.rows[name]
        for number, node in zip(rows.numbers, rows.coordinates["node"], strict=True):
            columns = problem.matrix.column[problem.matrix.row_of_entry == number]
            assert set(problem.node[columns].tolist()) == {int(node)}
    # the worth of a set is that of its chance
    sets = problem.columns["sets"]
    worth = problem.utility[0, sets.slice]
    assert worth[0] / worth[1] == pytest.approx(0.4 / 0.6)

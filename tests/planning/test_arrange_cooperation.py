"""Arrays of integration work: what is one work, what it costs, who shares it."""

from __future__ import annotations

import numpy as np
import pytest
from tests.planning.small_deal import small_deal

from dronedeal.assessment import assess
from dronedeal.deal import Deal
from dronedeal.planning import PlanningData
from dronedeal.planning.arrange import arrange
from dronedeal.planning.arrange_cooperation import payment_groups, works_of
from dronedeal.planning.data import BUYER, SELLER, PaymentGroup


def arranged(deal: Deal) -> PlanningData:
    return arrange(deal, assess(deal))


def changed(**update: object) -> Deal:
    """The small deal with other integration rows."""
    deal = small_deal()
    return deal.with_table("integrations", [row.model_copy(update=update) for row in deal.integrations])


def test_shared_work_is_one_work_whose_cost_its_branches_share() -> None:
    data = arranged(small_deal())
    assert data.labels["work"] == ("hawk.Link", "mule.Safety")
    assert data.labels["group"][3:] == ("army.any.integration", "navy.procurement.integration")
    assert data.works.rows == ((0, 1), (2,))
    assert data.works.share.tolist() == [[0, 0, 0, 0.5, 0.5], [0, 0, 0, 0, 0]]
    assert data.works.payer.tolist() == [BUYER, SELLER]
    assert data.works.cost == pytest.approx(np.array([[0.008] * 4, [0.003] * 4]))
    assert data.works.is_for.tolist() == [[True, True, True], [True, True, False]]
    assert data.budgets.fits[:, 3:].tolist() == [[True, False], [True, False], [False, True]]


def test_then_year_cost_is_brought_to_base_year_by_the_payers_year_of_each_month() -> None:
    # prices of the buyer rise by 5 % from 2027 to 2028; the seller has no index
    works = arranged(changed(price_basis="then_year")).works
    assert works.cost[0] == pytest.approx([0.008, 0.008, 0.008 / 1.05, 0.008 / 1.05])
    assert works.cost[1] == pytest.approx([0.003] * 4)


def test_letters_of_another_case_are_the_same_standard() -> None:
    deal = small_deal()
    rows = [deal.integrations[0], deal.integrations[1].model_copy(update={"standard": "LINK"})]
    assert works_of(deal.with_table("integrations", rows)) == {("hawk", "link"): [0, 1]}


def test_work_without_cost_needs_no_decision() -> None:
    deal = changed(cost=0.0)
    assert arranged(deal).works.count == 0
    assert {group.purpose for group in payment_groups(deal)} == {"deliveries"}


def test_work_that_the_seller_pays_takes_no_money_of_a_branch() -> None:
    groups = payment_groups(changed(payer="river"))
    assert PaymentGroup("army", None, "deliveries") in groups
    assert {group.purpose for group in groups} == {"deliveries"}

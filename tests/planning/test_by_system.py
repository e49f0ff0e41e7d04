"""What the buyer pays the seller for each system adds up to what the seller receives."""

from __future__ import annotations

import numpy as np
import pytest

from dronedeal import assessment as assessing
from dronedeal import planning, solving, workflow
from dronedeal.planning.data import BUYER, MONEY_UNIT, SELLER
from dronedeal.results.accounts import utility_items
from dronedeal.results.reading import Reading
from dronedeal.solving.highs import HighsSolver


@pytest.mark.parametrize("path", ["deals/first-deal", "deals/licensed-line"])
def test_payments_of_all_systems_are_what_the_seller_receives(path: str) -> None:
    deal = workflow.read(path)
    model = planning.build(deal, assessing.assess(deal))
    options = solving.SolveOptions(is_proven=False)
    no_deal = planning.no_deal_columns(model)
    outcome = solving.solve_plan(model.problem, HighsSolver(), no_deal=no_deal, options=options)
    values = outcome.solution.values
    assert values is not None
    found = planning.deliveries_by_system(model, values)
    items = {
        (row["party"], row["item"]): row["amount"] for row in utility_items(Reading(deal, model, outcome))
    }
    received = items["seller", "receipts"] + items["seller", "royalties"]
    total = np.sum([each.payment for each in found], axis=0) * MONEY_UNIT
    assert total[SELLER] == pytest.approx(received, rel=1e-6)
    assert total[BUYER] > 0
    suppliers = {system.id: system.supplier for system in deal.systems}
    seller = next(party.id for party in deal.settings.parties if party.role == "seller")
    assert [suppliers[each.system] for each in found] == [seller] * len(found)
    for each in found:
        assert 0 < each.discounted_quantity <= each.quantity
        assert len(set(each.columns.tolist())) == len(each.columns)
    delivered = {
        name
        for name, count in zip(
            model.data.labels["system"],
            np.bincount(
                model.data.products.system[model.data.pairs.product],
                Reading(deal, model, outcome).ship.sum(axis=1),
                minlength=len(model.data.labels["system"]),
            ),
            strict=True,
        )
        if count > 0 and suppliers[name] == seller
    }
    assert {each.system for each in found} == delivered
    assert sum(each.quantity for each in found) == pytest.approx(
        sum(
            quantity
            for pair, quantity in enumerate(Reading(deal, model, outcome).ship.sum(axis=1))
            if model.data.products.is_owned_by_seller[model.data.pairs.product[pair]]
        ),
        rel=1e-3,
    )

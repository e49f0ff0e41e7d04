"""When the price of a delivery by the seller is paid."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from tests.planning.small_deal import small_deal

from dronedeal.assessment import assess
from dronedeal.deal.settings import PaymentTerms
from dronedeal.planning import PlanningData, Tree, build_problem
from dronedeal.planning.arrange import arrange
from dronedeal.planning.instalments import instalments, retention_slots

TERMS = {"advance_share": 0.3, "retention_share": 0.2}


def data_with(**terms: float) -> PlanningData:
    deal = small_deal()
    settings = deal.settings.model_copy(update={"terms": PaymentTerms.model_validate(terms)})
    deal = replace(deal, settings=settings)
    return arrange(deal, assess(deal))


def product(data: PlanningData, name: str) -> int:
    return data.labels["product"].index(name)


def paid_parts(data: PlanningData, name: str, slot: int) -> list[tuple[int, float]]:
    parts = instalments(data, np.array([product(data, name)]), np.array([slot]))
    found = [(int(paid[0]), float(share[0])) for of, paid, share in parts if len(of)]
    return [(paid, share) for paid, share in found if share]


def test_without_terms_everything_is_paid_at_delivery() -> None:
    data = data_with()
    assert paid_parts(data, "kite@home", 2) == [(2, 1.0)]


def test_price_of_the_seller_is_paid_in_three_parts() -> None:
    """December 2027: advance in November, retention two months after December at prices 5 % higher."""
    data = data_with(**TERMS, retention_months=2)
    assert paid_parts(data, "kite@home", 1) == [
        (1, pytest.approx(0.5)),
        (0, 0.3),
        (3, pytest.approx(0.2 / 1.05)),
    ]


def test_retention_beyond_the_plan_is_paid_in_its_last_month() -> None:
    data = data_with(**TERMS, retention_months=12)
    assert paid_parts(data, "kite@home", 3) == [(3, pytest.approx(0.5)), (2, 0.3), (3, 0.2)]


@pytest.mark.parametrize("name", ["kite@joint", "kite@allied", "hawk@market"])
def test_what_others_make_is_paid_at_delivery(name: str) -> None:
    assert paid_parts(data_with(**TERMS), name, 1) == [(1, 1.0)]


def test_retention_is_paid_on_every_path_of_a_tree() -> None:
    """After one year of one node the tree branches in two with a chance of 0.4 and 0.6."""
    data = replace(data_with(**TERMS, retention_months=1), tree=branching())
    assert retention_slots(data, 0).tolist() == [2, 4]
    assert retention_slots(data, 2).tolist() == [5]
    problem = build_problem(data)
    rows = problem.rows["payment"]
    at = rows.lookup(data.budgets.fits.shape[1], data.tree.n_nodes)
    ship = problem.columns["assign"]
    is_first = (ship.coordinates["node"] == 0) & (
        data.pairs.product[ship.coordinates["pair"]] == product(data, "kite@home")
    )
    column = int(ship.numbers[is_first][0])
    group = data.requirements.group[data.pairs.requirement[ship.coordinates["pair"][is_first][0]]]
    price = 1000 / 1e6
    entries = {
        int(row): float(value)
        for row, entry, value in zip(
            problem.matrix.row_of_entry, problem.matrix.column, problem.matrix.value, strict=True
        )
        if entry == column and row in rows.numbers
    }
    assert entries == {
        int(at[group, 0]): pytest.approx(-0.8 * price),
        int(at[group, 1]): pytest.approx(-0.2 * price),
        int(at[group, 2]): pytest.approx(-0.2 * price),
    }


def branching() -> Tree:
    return Tree(
        parent=np.array([-1, 0, 0]),
        probability=np.array([1.0, 0.4, 0.6]),
        stage=np.array([0, 1, 1]),
        first_month=np.array([0, 2, 2]),
        end_month=np.array([2, 4, 4]),
    )

"""What rules cost or forbid, delivery by delivery, on the small deal of four months."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np
import pytest
from tests.planning.small_deal import small_deal

from dronedeal.assessment import assess
from dronedeal.deal import Deal
from dronedeal.deal.terms import Rule
from dronedeal.planning import PlanningData, build_problem
from dronedeal.planning.arrange import arrange
from dronedeal.solving import SolveOptions, solve_plan
from dronedeal.solving.highs import HighsSolver


def ruled(*rules: Rule) -> Deal:
    return small_deal().with_table("rules", rules)


def data_of(*rules: Rule) -> PlanningData:
    deal = ruled(*rules)
    return arrange(deal, assess(deal))


def by_pair(data: PlanningData, values: np.ndarray[Any, Any]) -> dict[str, list[float]]:
    """Rows that are not all zero, in currency, by label."""
    labels = data.labels["pair"]
    return {
        labels[pair]: np.round(values[pair] * 1e6, 6).tolist() for pair in np.flatnonzero(values.any(axis=1))
    }


def priced(kind: str, **changes: Any) -> Rule:
    row = {"id": "r", "kind": kind, "subject": "kite", "is_hard": False, "violation_price": 50}
    return Rule.model_validate(row | changes)


def test_content_is_short_by_line_and_costs_in_its_months() -> None:
    data = data_of(priced("local_content", origin=("NL",), limit=0.5, valid_from="2027-12", branch="army"))
    # kites of the joint line have one radio of 20 among parts of 100; all others have none from NL
    assert by_pair(data, data.rules.penalty) == {
        "kite@home:scouting": [0, 25, 25, 25],
        "kite@joint:scouting": [0, 15, 15, 15],
        "kite@allied:scouting": [0, 25, 25, 25],
    }


def test_an_origin_limit_counts_the_share_above_it() -> None:
    data = data_of(
        priced("component_origin_limit", subject="motor", origin=("RV",), limit=0.6, branch="navy")
    )
    # every motor is from RV; hawks have no parts list, so that all their parts may be
    assert by_pair(data, data.rules.penalty) == {
        f"{product}:patrol": [20] * 4 for product in ("kite@home", "kite@joint", "kite@allied", "hawk@market")
    }


def test_a_price_above_a_cap_costs_its_excess_in_each_year() -> None:
    data = data_of(priced("price_cap", limit=975, violation_price=0.5, branch="navy"))
    assert by_pair(data, data.rules.penalty) == {
        "kite@home:patrol": [12.5, 12.5, 0, 0],
        "kite@joint:patrol": [12.5, 12.5, 0, 0],
        "kite@allied:patrol": [12.5, 12.5, 62.5, 62.5],
    }


def test_a_price_above_a_hard_cap_is_not_for_sale() -> None:
    data = data_of(
        Rule(id="cap", kind="price_cap", subject="kite", limit=975, valid_from="2028-01", branch="navy")
    )
    labels = data.labels["pair"]
    barred = {labels[pair]: data.rules.is_barred[pair].tolist() for pair in range(data.pairs.count)}
    assert barred.pop("kite@allied:patrol") == [False, False, True, True]
    assert not any(any(months) for months in barred.values())
    pair = labels.index("kite@allied:patrol")
    assert data.is_deliverable[pair].tolist() == [True, True, False, False]


def test_a_priced_permit_costs_until_it_would_be_there() -> None:
    data = data_of(priced("export_permit", subject="scout", limit=3, branch="army"))
    assert by_pair(data, data.rules.penalty) == {
        f"kite@{line}:scouting": [50, 50, 50, 0] for line in ("home", "joint", "allied")
    }


def test_rules_add_up() -> None:
    one = priced("exclusion", subject="hawk")
    twice = data_of(one, one.model_copy(update={"id": "s", "violation_price": 7.0}))
    assert by_pair(twice, twice.rules.penalty)["hawk@market:patrol"] == [57] * 4


@pytest.mark.parametrize("start", ["2027-12", "2028-02"])
def test_a_rule_from_mid_year_on_charges_by_month_what_a_year_cannot(start: str) -> None:
    data = data_of(priced("local_content", origin=("NL",), limit=0.5, valid_from=start))
    year = 0 if start < "2028" else 1
    pairs = [label.startswith("kite") for label in data.labels["pair"]]
    assert not data.is_pooled[pairs, year].any()
    assert data.is_pooled[pairs, 1 - year].all()
    by_month = replace(data)
    by_month.__dict__["is_pooled"] = np.zeros_like(data.is_pooled)
    assert _optimum(by_month) == pytest.approx(_optimum(data), rel=1e-9)


def _optimum(data: PlanningData) -> float:
    outcome = solve_plan(
        build_problem(data), HighsSolver(), no_deal=np.array([], dtype=int), options=SolveOptions(gap=1e-9)
    )
    return outcome.solution.objective


def test_a_price_of_nothing_costs_nothing() -> None:
    free = priced("local_content", origin=("NL",), limit=0.5, violation_price=0)
    assert _optimum(data_of(free)) == pytest.approx(_optimum(data_of()), rel=1e-9)

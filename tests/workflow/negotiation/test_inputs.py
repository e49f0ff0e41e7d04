"""The main inputs: what each of them moves, and nothing else."""

from __future__ import annotations

import pytest

import dronedeal
from dronedeal.assessment import assess, with_worth
from dronedeal.deal import TABLES, Deal
from dronedeal.workflow.negotiation.inputs import MainInput, main_inputs


@pytest.fixture(scope="module")
def deal() -> Deal:
    return dronedeal.read("deals/licensed-line")


def of(deal: Deal, name: str) -> MainInput:
    return next(each for each in main_inputs(deal) if each.name == name)


MOVED = {
    "values": "requirements", "budgets": "budgets", "unit_costs": "line_systems",
    "prices_elsewhere": "prices", "other_sales": "other_buyers", "own_needs": "home_needs",
}  # fmt: skip


@pytest.mark.parametrize("name", MOVED)
def test_an_input_moves_the_figures_of_its_table_alone(deal: Deal, name: str) -> None:
    moved = of(deal, name).deal(deal, 0.25)
    unlike = {table for table in TABLES if moved.table(table) != deal.table(table)}
    assert unlike - {"preferences"} == {MOVED[name]}
    assert moved.settings == deal.settings
    assert dronedeal.check(moved).is_ok


def test_values_that_follow_from_statements_are_moved_as_what_they_come_to(deal: Deal) -> None:
    moved = of(deal, "values").deal(deal, -0.1)
    before, after = with_worth(deal).requirements, with_worth(moved).requirements
    for old, new in zip(before, after, strict=True):
        assert new.worth == pytest.approx([0.9 * value for value in old.worth])


def test_only_prices_of_other_suppliers_are_moved(deal: Deal) -> None:
    moved = of(deal, "prices_elsewhere").deal(deal, 0.5)
    factors = {
        row.system: new.unit_price / row.unit_price
        for row, new in zip(deal.prices, moved.prices, strict=True)
    }
    assert factors["merops"] == pytest.approx(1.5)
    assert {factors[name] for name in ("sting", "zirka", "octopus")} == {1.0}


def test_a_discount_rate_is_moved_by_points_and_never_below_nothing(deal: Deal) -> None:
    figures = of(deal, "discount_rate_buyer")
    rate = deal.settings.buyer.discount_rate
    assert figures.deal(deal, 0.02).settings.buyer.discount_rate == pytest.approx(rate + 0.02)
    assert figures.deal(deal, -1.0).settings.buyer.discount_rate == 0.0
    assert figures.deal(deal, 0.02).settings.seller == deal.settings.seller


def test_measured_effectiveness_is_moved_in_the_matching_and_stays_a_share() -> None:
    deal = dronedeal.read("deals/ukraine-us")
    figures, before = of(deal, "effectiveness"), assess(deal)
    after = figures.matching(before, deal, 0.5)
    assert figures.deal(deal, 0.5) is deal
    measured = {row.id for row in deal.requirements if row.effectiveness_measure}
    own = {row.id for row in deal.systems if row.supplier == deal.settings.seller.id}
    for old, new in zip(before.pairings, after.pairings, strict=True):
        is_moved = old.requirement in measured and old.system in own
        assert new.effectiveness == (min(1.0, 1.5 * old.effectiveness) if is_moved else old.effectiveness)


def test_a_deal_without_measures_or_other_customers_has_no_such_input() -> None:
    names = {each.name for each in main_inputs(dronedeal.read("deals/first-deal"))}
    assert {"values", "budgets", "unit_costs", "prices_elsewhere", "own_needs"} <= names
    assert names.isdisjoint({"effectiveness", "other_sales"})

"""What is negotiated in the deals that travel with the program: every clause can be computed and had."""

from __future__ import annotations

from pathlib import Path

import pytest

from dronedeal.deal import Deal
from dronedeal.deal.checks import run_checks
from dronedeal.deal.difference import input_differences
from dronedeal.deal.term_sheet import clause_range, deal_at, is_computed, position, value_now
from dronedeal.files import read_deal

FOLDER = Path(__file__).parents[2] / "deals"
# What the negotiation of a drone deal is about, and how many clauses of each kind the real deal has
KINDS = {
    "price": 7,
    "royalty": 1,
    "licence_fee": 1,
    "ip_transfer": 1,
    "component_origin_limit": 1,
    "component_date": 1,
    "re_export_consent": 1,
    "own_needs_share": 2,
    "work_share": 1,
    "joint_line_date": 1,
    "firm_minimum": 1,
    "option_quantity": 1,
    "advance_share": 1,
    "ceiling": 1,
    "return_share": 1,
    "export_permit": 1,
}


@pytest.fixture(scope="module", params=["ukraine-us", "licensed-line", "first-deal"])
def deal(request: pytest.FixtureRequest) -> Deal:
    return read_deal(FOLDER / request.param)


def errors(deal: Deal) -> list[str]:
    return [str(finding) for finding in run_checks(deal) if finding.severity == "error"]


def test_every_clause_can_be_computed_and_the_deal_stands_inside_its_range(deal: Deal) -> None:
    assert len(deal.clauses) >= 3
    for clause in deal.clauses:
        lower, upper = clause_range(deal, clause)
        now = value_now(deal, clause)
        assert is_computed(deal, clause)
        assert now is not None, clause.id
        assert lower <= now <= upper, clause.id
        assert deal_at(deal, {clause.id: now}).digest == deal.digest


def test_both_sides_say_at_the_table_what_they_ask_for_and_do_not_agree(deal: Deal) -> None:
    for clause in deal.clauses:
        buyer, seller = (position(deal, clause, side=side) for side in ("buyer", "seller"))
        assert None not in (buyer, seller), clause.id
        assert buyer != seller, clause.id


def test_every_end_of_every_clause_is_a_sound_deal_with_other_cells(deal: Deal) -> None:
    for clause in deal.clauses:
        for end in clause_range(deal, clause):
            agreed = deal_at(deal, {clause.id: end})
            assert errors(agreed) == [], clause.id
            assert end == value_now(deal, clause) or agreed.digest != deal.digest, clause.id


@pytest.mark.parametrize("side", ["buyer", "seller"])
def test_all_that_one_side_asks_for_is_a_sound_deal(deal: Deal, side: str) -> None:
    asked = {clause.id: getattr(clause, f"{side}_position") for clause in deal.clauses}
    agreed = deal_at(deal, asked)
    assert errors(agreed) == []
    assert {name: value_now(agreed, name) for name in asked} == pytest.approx(asked)


def test_the_real_deal_negotiates_what_the_public_reports_speak_of() -> None:
    deal = read_deal(FOLDER / "ukraine-us")
    kinds = [clause.kind for clause in deal.clauses]
    assert {kind: kinds.count(kind) for kind in kinds} == KINDS
    for row in (*deal.clauses, *deal.clause_effects):
        assert row.note, row
    assert all(clause.source for clause in deal.clauses)


def test_the_prices_of_a_class_keep_their_proportions() -> None:
    deal = read_deal(FOLDER / "ukraine-us")
    for clause in deal.clauses:
        if clause.kind != "price":
            continue
        now, lower = value_now(deal, clause), clause_range(deal, clause)[0]
        assert now is not None
        moved = input_differences([deal, deal_at(deal, {clause.id: lower})])
        assert len(moved) >= 10
        for each in moved:
            assert each.column == "unit_price"
            assert each.relative(1) == pytest.approx(lower / now - 1), each.address


def test_all_ukrainian_offers_are_in_the_price_of_their_class() -> None:
    deal = read_deal(FOLDER / "ukraine-us")
    owned = {system.id for system in deal.systems if system.supplier == "ua"}
    named = {effect.subject for effect in deal.clause_effects}
    for row in deal.prices:
        if row.system in owned and row.maximum != 0:
            subject = f"prices[{row.system}/{row.line or ''}/{row.fiscal_year}].unit_price"
            assert subject in named

"""An offer: its plan, its gains, its clauses and its improvement agree with plans made without it."""

from __future__ import annotations

import shutil
from dataclasses import replace
from functools import cache
from pathlib import Path

import pytest
from tests.workflow.negotiation.offered import Offered

import dronedeal
from dronedeal.deal import Deal
from dronedeal.deal.term_sheet import TermSheet, deal_at
from dronedeal.errors import CommandError, StoppedError, TermSheetError
from dronedeal.negotiation.offer_record import Offer
from dronedeal.workflow.negotiation.offer import OfferRun, offer
from dronedeal.workflow.negotiation.offer_findings import is_better, keeps

TERMS = {"price": 1100.0, "own_needs": 0.8}


@cache
def first_deal() -> Deal:
    return dronedeal.read("deals/first-deal")


@pytest.fixture
def run(offered: Offered) -> OfferRun:
    return offered.run


def joint(terms: dict[str, float]) -> dict[str, float]:
    return dict(dronedeal.plan(deal_at(first_deal(), terms), gap=0.0).utilities)


def test_the_plan_is_that_of_the_deal_under_the_terms(run: OfferRun) -> None:
    record, made = run.record, run.plans["offer"]
    assert made.verification.is_passed
    assert made.plan.digest == record.digest_under == deal_at(first_deal(), TERMS).digest
    assert record.digest == first_deal().digest
    assert vars_of(record) == pytest.approx(joint(TERMS))
    assert record.gap is not None
    assert record.gap <= 0.001
    assert record.bound == pytest.approx(sum(joint(TERMS).values()), rel=1e-3)


def vars_of(record: Offer) -> dict[str, float]:
    return {"buyer": record.utilities.buyer, "seller": record.utilities.seller}


def test_gains_are_over_computed_alternatives(run: OfferRun) -> None:
    record, deal = run.record, first_deal()
    assert record.alternatives.buyer == pytest.approx(dronedeal.plan(deal, objective="seller").alternative)
    assert record.alternatives.seller == pytest.approx(dronedeal.plan(deal, objective="buyer").alternative)
    assert record.gains.buyer == pytest.approx(record.utilities.buyer - record.alternatives.buyer)
    assert record.keeps_alternatives
    assert record.keeps_rules
    assert record.faults == ()


def test_the_worth_of_a_clause_is_the_difference_of_two_plans(run: OfferRun) -> None:
    clauses = {clause.id: clause for clause in run.record.clauses}
    whole, without, now, alone = joint(TERMS), joint({"own_needs": 0.8}), joint({}), joint({"price": 1100.0})
    price = clauses["price"]
    assert price.within is not None
    assert price.alone is not None
    for side in ("buyer", "seller"):
        assert getattr(price.within, side) == pytest.approx(whole[side] - without[side], abs=5)
        assert getattr(price.alone, side) == pytest.approx(alone[side] - now[side], abs=5)
    assert price.place == pytest.approx(2 / 3)
    assert clauses["own_needs"].place == 0.0
    assert clauses["royalty"].within is None
    assert not clauses["royalty"].is_named


def test_both_opening_positions_are_valued(run: OfferRun) -> None:
    openings = run.record.openings
    assert openings.buyer is not None
    assert openings.buyer.utilities is not None
    assert openings.buyer.terms == {"price": 900.0, "royalty": 0.0, "own_needs": 0.8}
    asked = joint(dict(openings.buyer.terms))
    assert openings.buyer.utilities.seller == pytest.approx(asked["seller"], rel=1e-6)


def test_the_improvement_is_a_verified_plan_that_helps_both_and_lies_within_the_bound(run: OfferRun) -> None:
    record, better = run.record, run.record.improvement
    assert better is not None
    assert run.plans["improvement"].verification.is_passed
    again = joint(dict(better.terms))
    assert better.utilities.buyer == pytest.approx(again["buyer"], rel=1e-6)
    assert min(better.change.buyer, better.change.seller) > 0
    assert better.change.buyer == pytest.approx(again["buyer"] - record.utilities.buyer)
    assert record.improvement_bound is not None
    assert min(better.change.buyer, better.change.seller) <= record.improvement_bound * (1 + 1e-6) + 5
    assert better.is_proven
    assert len(better.moves) == 1


def test_no_smaller_change_helps_both(run: OfferRun) -> None:
    """One clause moves; an improvement of fewer would be none at all."""
    better = run.record.improvement
    assert better is not None
    (move,) = better.moves
    assert {**TERMS, move.clause: move.proposed} == dict(better.terms)


def test_a_frozen_clause_stays_and_a_signed_text_is_said_to_stand(run: OfferRun) -> None:
    better = run.record.improvement
    assert better is not None
    (moved,) = (move.clause for move in better.moves)
    sheet = TermSheet(dict(TERMS), is_signed=True, frozen=(moved,))
    record = offer(first_deal(), sheet).record
    assert record.is_signed
    assert record.improvement is None or moved not in {move.clause for move in record.improvement.moves}
    assert next(clause for clause in record.clauses if clause.id == moved).is_frozen
    assert record.improvement_words.endswith("In that proof own needs stays as offered.")


@pytest.mark.parametrize("royalty", [0.0, 0.1])
def test_where_nothing_helps_both_it_is_proven(royalty: float) -> None:
    record = offer(first_deal(), {"price": 1100.0, "royalty": royalty, "own_needs": 0.5}).record
    assert record.improvement is None
    assert record.improvement_bound == pytest.approx(0.0, abs=1.0)
    assert record.improvement_words.startswith(
        "No change was found that helps both sides by more than the gap of the plan. "
        "It is proven that no change of terms in proportion helps both."
    )


def cheap_deal(firm_minimum: float) -> Deal:
    """The first deal with a Kestrel that can go for far less than it costs, some of them bought firmly."""
    deal = first_deal()
    rows = [row.model_copy(update={"lower": 100.0}) if row.id == "price" else row for row in deal.clauses]
    prices = [
        row.model_copy(update={"firm_minimum": firm_minimum}) if row.system == "kestrel" else row
        for row in deal.prices
    ]
    return deal.with_table("clauses", rows).with_table("prices", prices)


def test_where_the_joint_plan_is_worse_than_no_agreement_a_plan_that_is_not_is_shown() -> None:
    record = offer(cheap_deal(0.0), {"price": 150.0, "royalty": 0.0}, improve=False).record
    assert record.keeps_alternatives
    assert record.gains.seller == pytest.approx(0.0, abs=1000)
    assert record.plan_words.startswith("Of the plans that leave no side worse off")
    assert record.gap is not None
    assert record.gap < 0.01
    assert record.improvement_words == "A change that helps both was not looked for."


def test_terms_under_which_a_side_is_better_off_alone_are_told() -> None:
    """Seven hundred Kestrels a year at 100, which cost 600 to make: the seller loses 500 on each."""
    record = offer(cheap_deal(700.0), {"price": 100.0, "royalty": 0.0}, improve=False).record
    assert not record.keeps_alternatives
    assert record.keeps_rules
    assert record.gains.seller < 0
    (fault,) = record.faults
    assert (fault.kind, fault.subject) == ("alternative", "seller")
    assert f"the seller has USD {-record.gains.seller:,.0f} less than without an agreement" in fault.words
    assert "it is proven that no plan under the offer leaves both sides" in fault.words


def test_rules_that_collide_under_an_offer_are_told_in_contract_words() -> None:
    deal = first_deal()
    needs = [row.model_copy(update={"quantity": 5000.0}) for row in deal.home_needs]
    record = offer(deal.with_table("home_needs", needs), {"own_needs": 1.0, "price": 1100.0}).record
    assert not record.keeps_rules
    assert record.status == "relaxed"
    assert any(fault.kind == "rule" and "own need border" in fault.words for fault in record.faults)
    assert record.improvement is None


def test_a_term_that_changes_nothing_in_what_was_read_is_told(tmp_path: Path) -> None:
    """Own needs are the seller's table: the buyer, who does not estimate them, moves no row of them."""
    folder = tmp_path / "deal"
    shutil.copytree("deals/first-deal", folder)
    (folder / "buyer/estimates").mkdir()
    for name in ("lines.csv", "line_systems.csv"):
        shutil.copy(folder / "seller" / name, folder / "buyer/estimates" / name)
    ours = dronedeal.read(folder, sides=("shared", "buyer"))
    record = offer(ours, {"own_needs": 0.8}, improve=False).record
    (fault,) = [each for each in record.faults if each.kind == "no_effect"]
    assert fault.subject == "own_needs"
    assert "no row that was read is named by home_needs[border].required_share" in fault.words
    assert record.warnings[0].startswith("This run was given the folder of the buyer alone.")
    assert record.warnings[1] == "The offer changes nothing: the deal under it is the deal as it stands."


def test_what_a_sheet_says_each_side_has_at_least_is_kept_where_it_can_be() -> None:
    """The joint plan under these terms leaves the seller 1,086,000; the sheet says more."""
    sheet = TermSheet(dict(TERMS), least={"seller": 1_095_000.0})
    record = offer(first_deal(), sheet, improve=False).record
    assert record.utilities.seller >= 1_095_000.0 * (1 - 1e-6)
    assert record.utilities.buyer < 3_423_600
    assert record.plan_words.startswith("Of the plans that leave each side what the sheet says")
    assert not record.faults
    assert any("whatever the sheet says" in warning for warning in record.warnings)


def test_what_a_sheet_says_at_least_and_no_plan_leaves_is_told() -> None:
    sheet = TermSheet(dict(TERMS), least={"seller": 5_000_000.0})
    record = offer(first_deal(), sheet, improve=False).record
    (fault,) = record.faults
    assert (fault.kind, fault.subject) == ("least", "seller")
    short = 5_000_000 - record.utilities.seller
    assert fault.words == f"the seller has USD {short:,.0f} less than the sheet says at least"


def test_an_improvement_of_a_sheet_with_quantities_leaves_both_more_than_it_says() -> None:
    sheet = TermSheet(dict(TERMS), least={"seller": 1_095_000.0})
    record = offer(first_deal(), sheet).record
    better = record.improvement
    assert better is not None
    assert better.utilities.buyer > record.utilities.buyer
    assert better.utilities.seller > record.utilities.seller


def test_terms_that_cannot_be_had_and_a_deal_without_clauses_are_refused() -> None:
    with pytest.raises(TermSheetError, match="did you mean 'price'"):
        offer(first_deal(), {"prise": 1.0})
    with pytest.raises(TermSheetError, match="found 5000; allowed: 700 to 1400"):
        offer(first_deal(), {"price": 5000.0})
    with pytest.raises(TermSheetError, match="there is no clause of this name"):
        offer(first_deal(), TermSheet({}, frozen=("prise",)))
    with pytest.raises(CommandError, match="the deal has no clauses"):
        offer(first_deal().with_table("clauses", []), {})


def test_a_stop_before_the_plan_is_an_error_and_after_it_keeps_what_is_found() -> None:
    with pytest.raises(StoppedError):
        offer(first_deal(), TERMS, should_stop=lambda: True)
    steps: list[str] = []
    record = offer(
        first_deal(),
        TERMS,
        on_progress=lambda progress: steps.append(progress.step),
        should_stop=lambda: any(step.startswith("clause price") for step in steps),
    ).record
    assert record.improvement is None
    assert any("was stopped" in warning for warning in record.warnings)
    assert record.gains.buyer > 0


def test_floors_are_kept_up_to_rounding() -> None:
    assert keeps((1.0, 1.0), (1.0 + 1e-7, 0.0))
    assert not keeps((1.0, 1.0), (1.1, 0.0))
    assert is_better((1.1, 1.1), (1.0, 1.0))
    assert not is_better((1.1, 1.0), (1.0, 1.0))


def test_the_record_survives_its_file_and_every_step_is_told(run: OfferRun, offered: Offered) -> None:
    assert Offer.from_data(run.record.to_data()) == run.record
    assert replace(run.record, name=None).name is None
    for words in ("the buyer without the deal", "plan under the offer", "clause price, 1 of 2"):
        assert words in offered.steps

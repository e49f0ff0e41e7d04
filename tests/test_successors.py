"""A design that is replaced in the middle of a plan: plan, check, explanation and report."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest
from tests.planning.small_deal import small_deal

import dronedeal
from dronedeal.deal import Deal
from dronedeal.deal.change import apply_changes
from dronedeal.deal.systems import System, Trial

GAP = 1e-9


def succeeded(month: str | None, *, carry_over: float = 1.0) -> Deal:
    """The small deal without limits on kites, with field trials of them and a successor from a month on."""
    deal = small_deal()
    prices = [
        row.model_copy(update={"firm_minimum": None, "maximum": None}) if row.system == "kite" else row
        for row in deal.prices
    ]
    needs = [
        row.model_copy(update={"effectiveness_measure": "mission_success"}) if row.role == "scout" else row
        for row in deal.requirements
    ]
    trial = Trial(system="kite", measure="mission_success", setting="field", n_trials=30, n_successes=24)
    evidence = deal.settings.evidence.model_copy(update={"version_carry_over": carry_over})
    heir = System(
        id="kite2", name="Kite 2", maker="K", supplier="river", domain="air", role="scout",
        successor_of="kite" if month else None, available_from=month,
    )  # fmt: skip
    return replace(
        deal,
        settings=deal.settings.model_copy(update={"evidence": evidence}),
        systems=(*deal.systems, heir) if month else deal.systems,
        prices=tuple(prices),
        requirements=tuple(needs),
        trials=(trial,),
        # Rules and projects name a system, not what takes its place.
        rules=(),
        projects=(),
    )


@pytest.fixture(scope="module")
def plan() -> dronedeal.Plan:
    return dronedeal.plan(succeeded("2028-02", carry_over=0.7), gap=GAP)


def test_the_predecessor_is_delivered_until_the_month_before(plan: dronedeal.Plan) -> None:
    months: dict[str, set[str]] = {"kite": set(), "kite2": set()}
    for row in plan.tables["shipments"]:
        if row["system"] in months:
            months[row["system"]].add(row["month"])
    assert months["kite2"] == {"2028-02"}
    assert "2028-02" not in months["kite"]
    assert months["kite"]


def test_the_successor_counts_with_the_evidence_of_an_older_version(plan: dronedeal.Plan) -> None:
    for row in plan.tables["shipments"]:
        if row["system"] in ("kite", "kite2") and row["requirement"] in ("scouting", "patrol"):
            weight = 1.0 if row["system"] == "kite" else 0.7
            worth = (0.5 + 24 * weight) / (1 + 30 * weight)
            assert row["effective_quantity"] == pytest.approx(row["quantity"] * worth)


def test_the_check_finds_a_predecessor_that_is_delivered_too_late(plan: dronedeal.Plan) -> None:
    deal = succeeded("2028-02", carry_over=0.7)
    assert dronedeal.verify(plan, deal).is_passed
    rows = [
        row | {"system": "kite"} if row["system"] == "kite2" else dict(row)
        for row in plan.tables["shipments"]
    ]
    tables = dict(plan.tables) | {"shipments": tuple(rows)}
    found = dronedeal.verify(replace(plan, tables=tables), deal)
    assert {"eligibility", "purchases", "stock"} <= {failure.check for failure in found.failures}


def test_the_check_finds_evidence_that_was_not_discounted(plan: dronedeal.Plan) -> None:
    deal = succeeded("2028-02", carry_over=0.7)
    rows = [
        row | {"effective_quantity": row["quantity"] * 24.5 / 31} if row["system"] == "kite2" else dict(row)
        for row in plan.tables["shipments"]
    ]
    tables = dict(plan.tables) | {"shipments": tuple(rows)}
    found = dronedeal.verify(replace(plan, tables=tables), deal)
    assert {failure.check for failure in found.failures} == {"effective_quantity"}


def test_a_successor_like_its_predecessor_changes_the_worth_of_nothing() -> None:
    before = dronedeal.plan(succeeded(None), gap=GAP)
    after = dronedeal.plan(succeeded("2028-02"), gap=GAP)
    assert after.objective == pytest.approx(before.objective, rel=1e-8)


def test_a_successor_that_comes_after_the_plan_changes_nothing() -> None:
    before = dronedeal.plan(succeeded(None), gap=GAP)
    after = dronedeal.plan(succeeded("2029-01"), gap=GAP)
    assert after.objective == pytest.approx(before.objective, rel=1e-9)
    paid = [sum(row["amount"] for row in plan.tables["purchases"]) for plan in (before, after)]
    assert paid[1] == pytest.approx(paid[0])
    assert not [row for row in after.tables["purchases"] if row["system"] == "kite2"]


def test_the_matching_says_what_takes_the_place_of_what_and_names_the_row() -> None:
    deal = succeeded("2028-02")
    matched = dronedeal.match(deal)
    pairing = matched.pairing("scouting", "kite")
    (criterion,) = (item for item in pairing.criteria if item.subject == "until its successor")
    assert criterion.found == "replaced by kite2 in 2028-02"
    assert (pairing.first_month, pairing.last_month) == (0, 2)
    assert criterion.row == ("systems", 3)
    for each in matched.pairings:
        for item in each.criteria:
            assert item.row is None or item.row[1] < len(deal.table(item.row[0]))


def test_what_binds_is_addressed_in_the_stated_deal() -> None:
    deal = small_deal()
    heir = System(
        id="kite2", name="Kite 2", maker="K", supplier="river", domain="air", role="scout",
        successor_of="kite", available_from="2028-02",
    )  # fmt: skip
    limited = {"maximum": 120.0, "firm_minimum": None}
    prices = [
        row.model_copy(update=limited)
        if (row.system, row.fiscal_year, row.line) == ("kite", 2028, None)
        else row
        for row in deal.prices
    ]
    deal = replace(deal, systems=(*deal.systems, heir), prices=tuple(prices))
    rows = dronedeal.plan(deal, gap=GAP).tables["binding"]
    assert any(row["kind"] == "price_maximum" and row["subject"] == "kite2" for row in rows)
    addresses = {row["address"] for row in rows if row["kind"] == "price_maximum"}
    assert "prices[kite//2028/0].maximum" in addresses
    for address in addresses:
        assert apply_changes(deal, [f"{address}*=1"]) == deal


def test_an_explanation_finds_the_price_that_a_successor_inherits(plan: dronedeal.Plan) -> None:
    found = dronedeal.explain(plan, succeeded("2028-02", carry_over=0.7), system="kite2")
    words = " ".join(answer.text for answer in found.answers)
    assert "Kite 2" in words
    assert "no price in any year" not in words


def test_the_report_shows_what_replaces_what_and_where_effectiveness_changes(tmp_path: Path) -> None:
    deal = succeeded("2028-02", carry_over=0.7)
    systems = [
        row.model_copy(update={"design_refresh_months": 1}) if row.id == "kite" else row
        for row in deal.systems
    ]
    deal = deal.with_table("systems", systems)
    page = dronedeal.write_report(dronedeal.plan(deal), deal, tmp_path / "report")
    text = page.read_text(encoding="utf-8")
    assert "Designs that change during the plan" in text
    assert "every 1 month" in text
    # Two versions come out before the fiscal year 2028: (0.5 + 24 · 0.49) / (1 + 30 · 0.49).
    assert "Effectiveness by year" in text
    assert dronedeal.match(deal).pairing("scouting", "kite").by_year == pytest.approx(
        (24.5 / 31, 12.26 / 15.7)
    )

"""The plan of a point beside its term sheet: found, made sure of, and what the sheet is then worth."""

from __future__ import annotations

import importlib
import shutil
from dataclasses import replace
from pathlib import Path

import pytest

import dronedeal
from dronedeal import workflow
from dronedeal.deal.term_sheet import deal_at
from dronedeal.files import read_term_sheet, write_term_sheet
from dronedeal.negotiation.record import FairPlan
from dronedeal.negotiation.record_store import read_negotiation
from dronedeal.results.store import read_plan
from dronedeal.solving import SolveOptions
from dronedeal.workflow.negotiation.known_plan import known_plan, plan_beside
from dronedeal.workflow.negotiation.offered_plans import Asking

DEAL = "deals/first-deal"
ASKING = Asking(SolveOptions(is_proven=False), lambda _progress: None, lambda: False)


@pytest.fixture
def out(whole: Path) -> Path:
    """The folder of a negotiation."""
    return whole


def egalitarian(out: Path) -> FairPlan:
    """The point, whose terms have another joint plan."""
    point = read_negotiation(out).egalitarian
    assert point is not None
    return point


def test_the_plan_of_a_point_lies_beside_its_term_sheet(out: Path) -> None:
    file = out / "term-sheets/egalitarian.yaml"
    found, point = plan_beside(file, read_term_sheet(file)), egalitarian(out)
    assert found is not None
    assert found.digest == deal_at(dronedeal.read(DEAL), point.terms).digest
    assert found.utilities["buyer"] == pytest.approx(point.utilities.buyer, abs=1.0)


def test_a_sheet_with_other_terms_or_away_from_its_negotiation_has_no_plan(out: Path, tmp_path: Path) -> None:
    sheet = read_term_sheet(out / "term-sheets/egalitarian.yaml")
    edited = replace(sheet, terms={**sheet.terms, "price": 1234.0})
    assert plan_beside(out / "term-sheets/egalitarian.yaml", edited) is None
    assert plan_beside(tmp_path / "egalitarian.yaml", sheet) is None


def test_a_damaged_neighbour_leaves_a_sheet_as_it_is(out: Path, tmp_path: Path) -> None:
    sheet = read_term_sheet(out / "term-sheets/egalitarian.yaml")
    (tmp_path / "negotiation.json").write_text("{}")
    assert plan_beside(tmp_path / "egalitarian.yaml", sheet) is None


def test_a_plan_counts_only_under_the_terms_that_it_was_made_of(out: Path) -> None:
    deal, point = dronedeal.read(DEAL), egalitarian(out)
    assert point.plan is not None
    plan, under = read_plan(out / point.plan), deal_at(deal, point.terms)
    found = known_plan(under, plan, ASKING)
    assert found is not None
    assert found.run.plan.utilities["seller"] == pytest.approx(point.utilities.seller, abs=1.0)
    assert known_plan(deal_at(deal, {"price": 1234.0}), plan, ASKING) is None
    changed = replace(plan, utilities={**plan.utilities, "seller": 9e9})
    assert known_plan(under, changed, ASKING) is None


def test_the_sheet_of_a_point_of_a_large_deal_comes_back_to_the_plan_of_the_point(
    out: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    module = importlib.import_module("dronedeal.workflow.negotiation.offer")
    monkeypatch.setattr(module, "is_large", lambda _problem: True)
    point, file = egalitarian(out), out / "term-sheets/egalitarian.yaml"
    record = workflow.offer_to_folder(DEAL, file, improve=False).record
    assert not record.faults
    assert record.utilities.buyer == pytest.approx(point.utilities.buyer, abs=1.0)
    assert record.utilities.seller == pytest.approx(point.utilities.seller, abs=1.0)
    assert "of the point" in record.plan_words
    # What is edited beyond the terms is kept too: a side that asks for more gets another plan, or is told.
    copy = shutil.copytree(out, tmp_path / "copy") / "term-sheets/egalitarian.yaml"
    sheet = read_term_sheet(copy)
    write_term_sheet(replace(sheet, least={"seller": point.utilities.seller + 2e4}), copy, overwrite=True)
    assert "of the point" not in workflow.offer_to_folder(DEAL, copy, improve=False).record.plan_words

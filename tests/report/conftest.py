"""The made-up deal, its plan and its report, made once."""

from __future__ import annotations

from typing import Any

import pytest
from tests.report.sample import sample_assessment, sample_deal
from tests.report.sample_plan import sample_plan

from dronedeal.deal import Deal
from dronedeal.report import report_html
from dronedeal.report.sections import Subject
from dronedeal.report.view import View
from dronedeal.results.plan import Plan


@pytest.fixture(scope="session")
def deal() -> Deal:
    return sample_deal()


@pytest.fixture(scope="session")
def plan(deal: Deal) -> Plan:
    return sample_plan(deal)


@pytest.fixture(scope="session")
def assessment(deal: Deal) -> Any:
    return sample_assessment(deal)


@pytest.fixture(scope="session")
def view(plan: Plan, deal: Deal) -> View:
    return View(plan, deal)


@pytest.fixture(scope="session")
def subject(view: View, assessment: Any) -> Subject:
    return Subject(view, assessment)


@pytest.fixture(scope="session")
def html(plan: Plan, deal: Deal, assessment: Any) -> str:
    return report_html(plan, deal, assessment)

"""New design versions: when they come out, and what they take from the evidence, by hand."""

from __future__ import annotations

from dataclasses import replace

import pytest
from tests.planning.small_deal import small_deal

from dronedeal.assessment import assess
from dronedeal.assessment.design import DesignSteps
from dronedeal.assessment.evidence import Evidence
from dronedeal.deal import Deal
from dronedeal.deal.systems import System, Trial
from dronedeal.quantities.calendar import Calendar, FiscalYears

YEARS = FiscalYears(Calendar("2027-10", 30), 10)  # fiscal years 2028, 2029 and half of 2030


def kite(**changes: object) -> System:
    stated = {"id": "kite", "name": "Kite", "maker": "K", "supplier": "river", "domain": "air"}
    return System(**{**stated, "role": "scout", **changes})  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("every", "available", "expected"),
    [
        (None, None, (0, 0, 0)),
        (5, None, (0, 2, 4)),
        (12, None, (0, 1, 2)),
        (24, None, (0, 0, 1)),
        (5, "2028-08", (0, 0, 2)),  # 10 months on: 14 months later two versions have come out
        (5, "2026-01", (0, 2, 4)),  # the present version is that of the first month of the plan
    ],
)
def test_a_version_comes_out_every_so_many_months(
    every: int | None, available: str | None, expected: tuple[int, ...]
) -> None:
    assert DesignSteps(YEARS).by_year(kite(design_refresh_months=every, available_from=available)) == expected


def refreshed(every: int | None) -> Deal:
    """The small deal with 30 field trials of kites, 24 of them good, and an effectiveness from them."""
    deal = small_deal()
    systems = [
        row.model_copy(update={"design_refresh_months": every}) if row.id == "kite" else row
        for row in deal.systems
    ]
    needs = [
        row.model_copy(update={"effectiveness_measure": "mission_success"}) if row.role == "scout" else row
        for row in deal.requirements
    ]
    trial = Trial(system="kite", measure="mission_success", setting="field", n_trials=30, n_successes=24)
    return replace(deal, systems=tuple(systems), requirements=tuple(needs), trials=(trial,))


def test_every_version_discounts_the_trials_once_more() -> None:
    # Jeffreys' prior; 0.7 of the trials for each version: (0.5 + 24 w) / (1 + 30 w) with w = 1, 0.7 and 0.49.
    evidence = Evidence(refreshed(None))
    for versions, weight in ((0, 1.0), (1, 0.7), (2, 0.49)):
        found = evidence.posterior("kite", "mission_success", versions_on=versions)
        assert found is not None
        assert found.mean == pytest.approx((0.5 + 24 * weight) / (1 + 30 * weight))


def test_the_plan_counts_with_the_version_on_sale_in_the_first_month_of_a_year() -> None:
    # The plan runs from November 2027; the buyer's fiscal year 2028 starts two months later.
    first, second = (0.5 + 24) / 31, (0.5 + 24 * 0.7) / 22
    assert assess(refreshed(2)).pairing("scouting", "kite").by_year == pytest.approx((first, second))
    slow = assess(refreshed(3)).pairing("scouting", "kite")
    assert slow.by_year == ()
    assert slow.effectiveness_in(1) == slow.effectiveness == pytest.approx(first)


def test_no_refresh_changes_nothing() -> None:
    assert assess(refreshed(None)).pairings == assess(refreshed(240)).pairings

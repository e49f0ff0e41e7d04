"""Rules about currencies and price basis."""

from __future__ import annotations

import pytest
from tests.deal.checks.case import SOUND, Case, assert_found
from tests.deal.sound_deal import added, changed

from dronedeal.deal import TABLES
from dronedeal.deal.record import MoneyRecord

WITHOUT_YEAR = ("requirements", "lines", "line_systems", "components", "integrations", "projects", "rules")
CASES = (
    Case(
        "unknown_currency",
        changed(SOUND, "components", 0, currency="CNY"),
        at=(("components", 0, "currency"),),
        says=("currency of components 'motor_cn'; found 'CNY'", "in `rates`: EUR, USD"),
    ),
    Case(
        "missing_rate",
        changed(SOUND, "prices", 2, price_basis="then_year"),
        at=(("prices", 2, "currency"),),
        says=("found no rate of EUR for 2028; allowed: a currency with a rate for 2028; EUR has 2026",),
    ),
    Case(
        "missing_rate",
        changed(SOUND, "rates", 0, fiscal_year=2027),
        at=(("line_systems", 1, "currency"), ("prices", 2, "currency")),
        says=("found no rate of EUR for 2026",),
    ),
    Case(
        "rate_of_own_currency",
        added(SOUND, "rates", id="USD"),
        at=(("rates", 1, "value"),),
        says=("found 1.1; allowed: 1",),
    ),
    *(
        Case(
            "then_year_without_year",
            changed(SOUND, table, 0, price_basis="then_year"),
            at=((table, 0, "price_basis"),),
            says=("write the amounts in prices of 2026",),
        )
        for table in WITHOUT_YEAR
    ),
)


@pytest.mark.parametrize("case", CASES, ids=str)
def test_the_rule_finds_its_fault_and_no_other_rule_speaks(case: Case) -> None:
    assert_found(case)


def test_the_tables_that_need_base_year_prices_are_those_without_a_fiscal_year() -> None:
    money = {name: table for name, table in TABLES.items() if issubclass(table.record, MoneyRecord)}
    assert {name for name, table in money.items() if "fiscal_year" not in table.record.model_fields} == set(
        WITHOUT_YEAR
    )

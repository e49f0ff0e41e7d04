"""Rules about facts and assumptions."""

from __future__ import annotations

import pytest
from tests.deal.checks.case import SOUND, Case, assert_found
from tests.deal.sound_deal import changed, with_party, with_prior

from dronedeal.deal import TABLES
from dronedeal.deal.checks import run_checks

CASES = (
    Case(
        "unknown_fact",
        changed(SOUND, "attributes", 0, source="F1 F3 https://example.org/3 F2"),
        at=(("attributes", 0, "source"),),
        says=("source of attributes (system 'scout', attribute 'range'); found 'F3'"),
    ),
    Case("unknown_fact", with_party(SOUND, 1, source="F9"), at=("parties.1.source",)),
    Case("unknown_fact", with_prior(SOUND, 0, source="F9"), at=("evidence.priors.0.source",)),
    Case(
        "fact_without_source",
        changed(SOUND, "trials", 0, source=None),
        at=(("trials", 0, "source"),),
        says=("source of a row of trials; found a blank cell with the basis 'fact'",),
    ),
    Case("assumption_without_note", changed(SOUND, "lines", 0, note=None), at=(("lines", 0, "note"),)),
    Case("row_without_basis", changed(SOUND, "prices", 0, basis=None), at=(("prices", 0, "basis"),)),
    Case("row_without_basis", with_party(SOUND, 1, basis=None), at=("parties.1.basis",)),
)


@pytest.mark.parametrize("case", CASES, ids=str)
def test_the_rule_finds_its_fault_and_no_other_rule_speaks(case: Case) -> None:
    assert_found(case)


def test_without_facts_every_fact_that_a_row_names_is_unknown_and_no_basis_is_asked_for() -> None:
    deal = changed(SOUND, "prices", 0, basis=None).with_table("facts", ())
    findings = run_checks(deal)
    cited = sum(row.source == "F1" for name in TABLES for row in deal.table(name) if hasattr(row, "source"))
    assert {finding.rule for finding in findings} == {"unknown_fact"}
    assert len(findings) == cited + 1  # and the seller

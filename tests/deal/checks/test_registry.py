"""The registry: every rule has a case, all of them run, none of them ever fails on a deal."""

import importlib
import random
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.deal.checks.case import SOUND, Case
from tests.deal.sound_deal import changed, many, with_party

from dronedeal.deal import TABLES, Deal, Finding, Place
from dronedeal.deal.checks import RULES, registry, rule, run_checks
from dronedeal.deal.place import RowOrigin
from dronedeal.deal.record import Owner
from dronedeal.errors import ProgramError


def all_cases() -> Iterator[Case]:
    for file in sorted(Path(__file__).parent.glob("test_*.py")):
        if file.name != Path(__file__).name:
            yield from getattr(importlib.import_module(f"tests.deal.checks.{file.stem}"), "CASES", ())


@pytest.fixture
def scratch(monkeypatch: pytest.MonkeyPatch) -> None:
    """Rules that are registered in the test are gone after it."""
    rules = dict(registry._RULES)
    monkeypatch.setattr(registry, "_RULES", rules)
    monkeypatch.setattr(registry, "RULES", rules)


def test_the_sound_deal_uses_every_table_and_has_no_finding() -> None:
    assert [name for name in TABLES if not SOUND.table(name)] == []
    assert run_checks(SOUND) == ()


def test_every_rule_of_the_deal_has_a_case_that_triggers_it() -> None:
    rules = {name for name, registered in RULES.items() if registered.stage == "deal"}
    own = {name for name in rules if RULES[name].findings_of.__module__.startswith("dronedeal.deal.")}
    assert {case.rule for case in all_cases()} == own


def test_every_rule_is_named_like_its_function_and_says_what_it_finds_in_one_sentence() -> None:
    for name, registered in RULES.items():
        if registered.stage == "deal" and registered.findings_of.__module__.startswith("dronedeal.deal."):
            assert registered.findings_of.__name__ == name
            assert registered.meaning.endswith(".")
            assert "\n" not in registered.meaning
            assert len(registered.subject) < 60


def test_nothing_stops_at_the_first_finding() -> None:
    deal = changed(SOUND, "line_systems", 0, yield_rate=2, learning_slope=0.4)
    deal = changed(deal, "line_systems", 2, yield_rate=3)
    deal = changed(with_party(deal, 0, role="third"), "lines", 0, note=None)
    found = [finding.rule for finding in run_checks(deal)]
    assert found.count("yield_above_one") == 2
    assert {"one_buyer_one_seller", "learning_slope_outside_range", "assumption_without_note"} <= set(found)


def test_findings_come_in_the_order_of_the_registry() -> None:
    deal = changed(changed(SOUND, "lines", 0, note=None), "branches", 0, party="ua")
    order = list(RULES)
    found = [order.index(finding.rule) for finding in run_checks(deal)]
    assert found == sorted(found)


def test_a_finding_has_the_true_address_of_its_cell() -> None:
    origin = RowOrigin("seller/lines.csv", 12, {"note": 9, "id": 1})
    deal = changed(SOUND, "lines", 0, note=None)
    deal = Deal(
        **{"settings": deal.settings, **{name: deal.table(name) for name in TABLES}},
        origins={"lines": (origin, origin)},
        settings_places={"parties.0.source": Place("deal.yaml", 8, 5, "source")},
    )
    assert [str(finding.place) for finding in run_checks(deal)] == [
        "seller/lines.csv, line 12, column 9 (note)"
    ]


@given(st.integers(0, 2**32))
@settings(deadline=None, max_examples=60)
def test_rules_never_fail_on_a_deal_with_parts_missing(seed: int) -> None:
    draw = random.Random(seed)
    deal = SOUND
    for name in TABLES:
        rows = deal.table(name)
        deal = deal.with_table(name, draw.sample(rows, draw.randint(0, len(rows))))
    roles = ["buyer", "seller", "third"]
    for position in range(3):
        deal = with_party(deal, position, role=draw.choice(roles), id=draw.choice(["us", "ua", "dk"]))
    for finding in run_checks(deal):
        assert all((finding.rule, finding.subject, finding.found, finding.allowed, finding.next_step))
        assert str(finding.place)


@given(st.integers(0, 2**32))
@settings(deadline=None, max_examples=60)
def test_rules_never_fail_on_a_deal_with_cells_from_other_rows(seed: int) -> None:
    draw = random.Random(seed)
    deal = SOUND
    for name in draw.sample(sorted(TABLES), 6):
        first, second = draw.choice(deal.table(name)), draw.choice(deal.table(name))
        names = draw.sample(sorted(type(first).model_fields), 3)
        blank = {
            column: field.default
            for column, field in type(first).model_fields.items()
            if not field.is_required()
        }
        values = {column: draw.choice([getattr(second, column), blank.get(column)]) for column in names}
        mixed = first.model_copy(update={key: value for key, value in values.items() if value is not None})
        deal = deal.with_table(name, (*deal.table(name), mixed))
    assert all(finding.next_step for finding in run_checks(deal))


def test_checks_of_five_thousand_sound_rows_find_nothing() -> None:
    deal = many(SOUND, 5000)
    assert sum(len(deal.table(name)) for name in TABLES) > 5000
    assert run_checks(deal) == ()


def test_a_table_full_of_wrong_names_is_reported_in_full() -> None:
    prices = [SOUND.prices[0].model_copy(update={"system": f"unknown_{row}"}) for row in range(3000)]
    deal = SOUND.with_table("prices", prices)
    for table in ("clauses", "clause_effects", "buyer_positions", "seller_positions"):
        deal = deal.with_table(table, ())
    findings = run_checks(deal)
    assert sum(finding.rule == "dangling_reference" for finding in findings) == 3000


@pytest.mark.usefixtures("scratch")
def test_a_new_rule_runs_under_its_own_name_and_severity() -> None:
    @rule("too_long", severity="warning")
    def too_long(deal: Deal) -> Iterator[Finding]:
        """The plan is long."""
        yield Finding("", "error", deal.settings_place("months"), "months", "24", "12", "shorten it")

    assert registry.RULES["too_long"].meaning == "The plan is long."
    assert [(finding.rule, finding.severity) for finding in run_checks(SOUND)] == [("too_long", "warning")]


@pytest.mark.usefixtures("scratch")
def test_rules_that_need_an_assessment_run_on_their_own() -> None:
    @rule("late", severity="error", meaning="Late.", stage="assessment")
    def late(deal: Deal) -> Iterator[Finding]:
        yield Finding("", "error", deal.settings_place("months"), "months", "24", "12", "shorten it")

    assert run_checks(SOUND) == ()
    assert [finding.rule for finding in run_checks(SOUND, stage="assessment") if finding.rule == "late"] == [
        "late"
    ]


@pytest.mark.usefixtures("scratch")
def test_two_rules_of_one_name_and_rules_without_words_are_faults_of_the_program() -> None:
    with pytest.raises(ProgramError, match="rule 'yield_above_one' is registered twice"):
        rule("yield_above_one", severity="error", meaning="Another one.")(lambda deal: iter(()))
    with pytest.raises(ProgramError, match="does not say what it finds"):
        rule("silent", severity="error")(lambda deal: iter(()))


PUBLIC_WORDS = {
    "dangling_reference": (
        changed(SOUND, "lines", 1, operator="uaa"),
        "table lines, line 2 (operator): error [dangling_reference] operator of lines 'away'; found 'uaa'; "
        "allowed: an id of `parties` in deal.yaml: dk, ua, us; did you mean 'ua'? Otherwise add 'uaa' to "
        "`parties` in deal.yaml",
    ),
    "learning_slope_outside_range": (
        changed(SOUND, "line_systems", 0, learning_slope=85),
        "table line_systems, line 1 (learning_slope): error [learning_slope_outside_range] learning_slope of "
        "system 'scout' on line 'home'; found 85; allowed: above 0.5 and at most 1; write the cost ratio for "
        "each doubling, such as 0.85, or leave the cell blank",
    ),
    "threshold_above_objective": (
        changed(SOUND, "requirement_quantities", 0, threshold=90),
        "table requirement_quantities, line 1 (threshold): error [threshold_above_objective] threshold of "
        "requirement 'patrol' in 2027; found 90; allowed: at most the objective, 80; lower the threshold or "
        "raise the objective",
    ),
    "fiscal_year_outside_calendar": (
        changed(SOUND, "prices", 2, fiscal_year=2030),
        "table prices, line 3 (fiscal_year): error [fiscal_year_outside_calendar] fiscal year of prices "
        "(system 'falcon', fiscal_year 2030, tier_from 0); found 2030; allowed: a fiscal year of the buyer "
        "inside the plan: 2027 to 2028; mend the year, take the row out, or change `start` and `months` in "
        "deal.yaml",
    ),
    "missing_index_year": (
        SOUND.with_table("indices", SOUND.indices[1:]),
        "deal.yaml (parties.0.escalation_index): error [missing_index_year] index 'procurement' of party "
        "'us'; found no value for 2026; allowed: a value for the price base year and every fiscal year of "
        "the party in the plan; add the missing years to `indices`; there are 2027, 2028",
    ),
}


@pytest.mark.parametrize("name", PUBLIC_WORDS)
def test_public_messages_are_stable_word_for_word(name: str) -> None:
    deal, words = PUBLIC_WORDS[name]
    assert [str(finding) for finding in run_checks(deal)] == [words]


def test_the_rules_load_neither_numpy_nor_the_unit_library_nor_a_table_library() -> None:
    code = (
        "import sys, dronedeal.deal.checks\n"
        "sys.exit(bool({'numpy', 'pint', 'polars', 'scipy', 'openpyxl'} & set(sys.modules)))"
    )
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0


@pytest.mark.parametrize("sides", [("shared", "buyer"), ("shared", "seller"), ("shared",)])
def test_what_the_other_side_knows_is_not_judged(sides: tuple[Owner, ...]) -> None:
    given = SOUND
    for name, table in TABLES.items():
        if table.owner not in sides:
            given = given.with_table(name, [])
    alone = replace(given, sides=sides)
    assert [str(finding) for finding in run_checks(alone) if finding.severity == "error"] == []


def test_a_missing_row_is_still_found_where_the_side_was_given() -> None:
    deal = SOUND.with_table("lines", [])
    assert "dangling_reference" in {finding.rule for finding in run_checks(deal)}

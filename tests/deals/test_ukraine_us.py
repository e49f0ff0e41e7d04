"""The real deal is sound, stands alone, and states no fact that its source does not state."""

from __future__ import annotations

import math
import re
from collections import defaultdict
from collections.abc import Iterator
from pathlib import Path

import pytest

import dronedeal
from dronedeal.assessment import Assessment, assess
from dronedeal.assessment.checks import run_all_checks
from dronedeal.deal import TABLES, Deal
from dronedeal.deal.facts import Fact
from dronedeal.deal.record import Record
from dronedeal.files import read_deal

pytestmark = pytest.mark.usefixtures("full_proofs")

FOLDER = Path(__file__).parents[2] / "deals" / "ukraine-us"
FACT_ID = re.compile(r"\b[CDMRUX]\d{3}\b")
BRANCHES = {"army", "navy", "air_force", "marine_corps", "space_force", "socom", "coast_guard"}
BUYER_YEARS = {2027, 2028, 2029, 2030, 2031}
SELLER_YEARS = {2026, *BUYER_YEARS}
EVIDENCE_NEEDS = {"ddp_phase2", "ddp_phase3", "ddp_phase4", "army_fpv", "usmc_fpv", "socom_fpv"} | {
    "joint_cuas",
    "army_interceptor",
    "usmc_cuas",
    "navy_cuas",
    "af_cuas",
}
# Warnings that README.md explains, with the rows that they are about
EXPLAINED_WARNINGS = {
    "investment_outside_deal": {"de_qfi_2", "dk_firepoint", "dk_tencore", "ro_plant"},
    "prior_only": EVIDENCE_NEEDS,
    "successor_without_a_date": {"shark_m"},
}
# Reported rates: line -> fact and months that its figure spans
REPORTED_RATES = {
    "ua_taf": ("M035", 12),
    "ua_nord": ("M037", 1),
    "ua_3dtech": ("M038", 1),
    "ua_vampire": ("M044", 12),
    "ua_firepoint": ("M051", 12),
    "gb_octopus": ("X002", 1),
    "de_qfi": ("X016", 12),
    "de_qfi_2": ("X016", 12),
    "us_powerus": ("X036", 1),
    "us_skyfoundry": ("U020", 1),
}
# Reported terms of candidate lines: line, column -> fact and size of its unit; months are rounded up
REPORTED_TERMS = {
    ("gb_ukrspec_2", "open_cost"): ("X008", 1e6),
    ("gb_ukrspec_2", "open_lead_months"): ("X009", 1),
    ("gb_octopus_2", "open_lead_months"): ("X005", 1),
    ("de_qfi_2", "open_cost"): ("X017", 1e6),
    ("de_qfi_2", "open_lead_months"): ("X018", 1),
    ("dk_firepoint", "open_cost"): ("X029", 1e6),
    ("ro_plant", "open_cost"): ("X033", 1e6),
}
# Published market maxima: system, fiscal year -> fact
PUBLISHED_MAXIMA = {("ddp_vendor", 2027): "U007", ("ddp_vendor", 2028): "U009"}


@pytest.fixture(scope="module")
def deal() -> Deal:
    return read_deal(FOLDER)


@pytest.fixture(scope="module")
def assessment(deal: Deal) -> Assessment:
    return assess(deal)


@pytest.fixture(scope="module")
def facts(deal: Deal) -> dict[str, Fact]:
    return {fact.id: fact for fact in deal.facts}


def rows(deal: Deal) -> Iterator[tuple[str, Record]]:
    """Every row that must say where it comes from, with its address for the message."""
    for name in TABLES:
        if name != "facts":
            for position, row in enumerate(deal.table(name)):
                yield str(deal.place(name, position)), row


def cited(*texts: str | None) -> set[str]:
    return {found for text in texts if text for found in FACT_ID.findall(text)}


def figure(fact: Fact) -> float:
    """The figure of a fact, or the lower end of its range."""
    assert fact.value_low is not None, fact.id
    return fact.value_low


def states(fact: Fact, value: float, unit: str) -> bool:
    """Whether a fact states a value in a unit: inside its range, or word for word in its note."""
    low = fact.value_low if fact.value_low is not None else fact.value_high
    high = fact.value_high if fact.value_high is not None else fact.value_low
    is_inside = low is not None and high is not None and low - 1e-9 <= value <= high + 1e-9
    is_of_unit = (fact.unit or "").split()[:1] == [unit]
    return (is_inside and is_of_unit) or re.search(rf"\b{value:g} {unit}\b", fact.note or "") is not None


def test_the_folder_has_no_error_and_only_explained_warnings(deal: Deal) -> None:
    findings = run_all_checks(deal)
    assert not [str(finding) for finding in findings if finding.severity == "error"]
    by_rule = defaultdict(list)
    for finding in findings:
        by_rule[finding.rule].append(finding.subject)
    assert set(by_rule) == set(EXPLAINED_WARNINGS)
    for rule, expected in EXPLAINED_WARNINGS.items():
        named = {name for subject in by_rule[rule] for name in re.findall(r"'([a-z0-9_]+)'", subject)}
        assert named == expected, rule
    readme = (FOLDER / "README.md").read_text(encoding="utf-8")
    assert all(f"`{rule}`" in readme for rule in by_rule)


def test_the_deal_holds_what_the_real_deal_needs(deal: Deal) -> None:
    owned = [system for system in deal.systems if system.supplier == "ua"]
    assert len(owned) >= 24
    assert {system.domain for system in owned} >= {"air", "surface", "ground"}
    assert all(system.maker for system in deal.systems)
    assert {branch.id for branch in deal.branches} >= BRANCHES
    assert len(deal.requirements) >= 20
    alternatives = {system.id for system in deal.systems} - {system.id for system in owned}
    assert alternatives <= {price.system for price in deal.prices}
    candidates = {line.country for line in deal.lines if line.status == "candidate"}
    assert candidates >= {"US", "GB", "DE", "DK"}
    assert {buyer.tier for buyer in deal.other_buyers} == {"gulf", "europe"}


def test_needs_budgets_and_prices_reach_over_all_five_years(deal: Deal) -> None:
    assert {row.fiscal_year for row in deal.requirement_quantities if row.threshold > 0} == BUYER_YEARS
    needing = {need.branch for need in deal.requirements}
    for branch in needing:
        assert {row.fiscal_year for row in deal.budgets if row.branch == branch} == BUYER_YEARS
    assert {row.fiscal_year for row in deal.prices} == BUYER_YEARS
    for need in {row.id for row in deal.home_needs}:
        assert {row.fiscal_year for row in deal.home_needs if row.id == need} == SELLER_YEARS
    for currency in {row.id for row in deal.rates}:
        assert {row.fiscal_year for row in deal.rates if row.id == currency} == BUYER_YEARS


def test_validity_of_money_is_that_of_its_appropriation(deal: Deal, facts: dict[str, Fact]) -> None:
    published = {"operations": "R024", "rdte": "R025", "procurement": "R026"}
    for budget in deal.budgets:
        fact = published[budget.appropriation]
        assert budget.years_valid == facts[fact].value_low
        assert fact in cited(budget.source)


def test_no_need_is_invented_for_the_space_force(deal: Deal) -> None:
    (branch,) = [row for row in deal.branches if row.id == "space_force"]
    assert "No need was published" in (branch.note or "")
    assert "space_force" not in {need.branch for need in deal.requirements}
    assert "space_force" not in {budget.branch for budget in deal.budgets}


def test_every_row_says_fact_or_assumption_with_its_source_or_reason(deal: Deal) -> None:
    for place, row in rows(deal):
        assert row.basis in ("fact", "assumption"), place
        if row.basis == "fact":
            assert cited(row.source), place
        else:
            assert row.note, place
    for party in deal.settings.parties:
        assert party.basis == "assumption"
        assert party.note
    for prior in deal.settings.evidence.priors:
        assert prior.basis == "assumption"
        assert prior.note


def test_every_cited_fact_travels_with_the_deal(deal: Deal, facts: dict[str, Fact]) -> None:
    texts = [(FOLDER / name).read_text(encoding="utf-8") for name in ("README.md", "deal.yaml")]
    named = cited(*texts)
    for place, row in rows(deal):
        assert cited(row.source, row.note) <= set(facts), place
        named |= cited(row.source, row.note)
    assert named == set(facts), "facts that nothing speaks of are dropped, or are named in the README"


def test_facts_are_whole_and_addressed(deal: Deal) -> None:
    assert len(deal.facts) == 319
    for fact in deal.facts:
        assert fact.address.startswith(("http://", "https://")), fact.id
        assert None not in (fact.date, fact.unit, fact.confidence), fact.id
        if fact.value_low is not None and fact.value_high is not None:
            assert fact.value_low <= fact.value_high, fact.id


def test_attributes_that_are_facts_equal_their_fact(deal: Deal, facts: dict[str, Fact]) -> None:
    checked = 0
    for row in deal.attributes:
        if row.basis != "fact":
            continue
        assert row.value is not None
        assert row.unit is not None
        assert any(states(facts[name], row.value, row.unit) for name in cited(row.source)), row
        checked += 1
    assert checked >= 24


def test_prices_that_are_facts_equal_their_fact(deal: Deal, facts: dict[str, Fact]) -> None:
    checked = 0
    for row in deal.prices:
        if row.basis != "fact":
            continue
        assert row.currency in (None, "USD")
        assert any(states(facts[name], row.unit_price, "USD") for name in cited(row.source)), row
        checked += 1
    assert checked >= 9
    maxima = {(row.system, row.fiscal_year): row.maximum for row in deal.prices if row.line is None}
    for key, fact in PUBLISHED_MAXIMA.items():
        assert maxima[key] == facts[fact].value_low


def test_criteria_that_are_facts_equal_their_fact(deal: Deal, facts: dict[str, Fact]) -> None:
    published = [row for row in deal.requirement_attributes if row.basis == "fact"]
    assert {row.requirement for row in published} == {"ddp_phase2", "ddp_phase3", "ddp_phase4"}
    for row in published:
        assert row.threshold is not None
        assert row.unit is not None
        assert any(states(facts[name], row.threshold, row.unit) for name in cited(row.source)), row


def test_reported_rates_are_the_published_ones(deal: Deal, facts: dict[str, Fact]) -> None:
    lines = {line.id: line for line in deal.lines}
    for name, (fact, months) in REPORTED_RATES.items():
        assert fact in cited(lines[name].source)
        published = figure(facts[fact])
        assert lines[name].initial_capacity == pytest.approx(published / months, abs=0.5)
    assert lines["ua_general_cherry"].initial_capacity == 100 * figure(facts["M034"])
    interceptors = ("ua_sting", "ua_p1sun", "ua_octopus", "ua_zirka", "ua_interceptor_pool")
    assert sum(lines[name].initial_capacity for name in interceptors) == 30 * figure(facts["M026"])


def test_reported_terms_of_candidate_lines_are_the_published_ones(deal: Deal, facts: dict[str, Fact]) -> None:
    lines = {line.id: line for line in deal.lines}
    for (name, column), (fact, size) in REPORTED_TERMS.items():
        assert fact in cited(lines[name].source)
        published = figure(facts[fact])
        assert getattr(lines[name], column) == math.ceil(published * size)
        assert lines[name].status == "candidate"


def test_trials_are_the_published_scores_rounded_down(deal: Deal, facts: dict[str, Fact]) -> None:
    best, sixth = figure(facts["M070"]), figure(facts["M071"])
    expected = {"shrike10_ndaa": best, "udd_entry": sixth, "neros_class": best - 11.8}
    found = {row.system: row.n_successes for row in deal.trials}
    assert found == {name: math.floor(score) for name, score in expected.items()}
    assert all(row.n_trials == 100 and row.basis == "assumption" for row in deal.trials)


def test_published_quantities_stand_behind_the_requirements(deal: Deal, facts: dict[str, Fact]) -> None:
    size = {(row.requirement, row.fiscal_year): row for row in deal.requirement_quantities}
    (prior,) = [row for row in deal.settings.evidence.priors if row.role == "fpv_strike"]
    assert prior.successes is not None
    assert prior.failures is not None
    reference = prior.successes / (prior.successes + prior.failures)
    assert size["ddp_phase2", 2027].objective == pytest.approx(
        figure(facts["U005"]) * 4 / 6 * reference, rel=1e-3
    )
    assert size["ddp_phase3", 2027].objective == pytest.approx(figure(facts["U007"]) * reference, rel=1e-3)
    fourth = sum(size["ddp_phase4", year].objective for year in (2027, 2028))
    assert fourth == pytest.approx(figure(facts["U009"]) * reference, rel=1e-3)
    assert size["usmc_fpv", 2027].objective == pytest.approx(figure(facts["U026"]) * reference, rel=1e-3)
    assert size["army_srr", 2027].objective == pytest.approx(figure(facts["U022"]) / 5, rel=1e-2)
    assert size["cg_recon_short", 2027].threshold == 125


def test_unfunded_requests_are_not_counted(deal: Deal, facts: dict[str, Fact]) -> None:
    defence_wide = sum(
        row.amount for row in deal.budgets if row.branch == "defence_wide" and row.fiscal_year == 2027
    )
    assert defence_wide < 0.05 * figure(facts["U044"]) * 1e9
    assert sum(row.amount for row in deal.budgets) < 10e9


HOME_BUILDS = {"fpv_radio", "gc_bullet", "sting", "vampire", "zirka"}


def test_home_builds_with_chinese_parts_are_closed_by_component_origin(
    deal: Deal, assessment: Assessment
) -> None:
    chinese = {part.id for part in deal.components if part.origin == "CN" and part.is_critical}
    closed = {row.system for row in deal.system_components if row.component in chinese}
    assert {"fpv_radio", "shrike10", "sting", "vampire", "termit"} <= closed
    roles = {need.id: need.role for need in deal.requirements}
    judged = 0
    for pairing in assessment.pairings:
        system = next(item for item in deal.systems if item.id == pairing.system)
        if pairing.system in closed and system.role == roles[pairing.requirement]:
            blocking = {item.kind for item in pairing.criteria if item.is_hard and item.is_met is not True}
            substitutes = [item for item in pairing.criteria if "kept with substitute" in item.found]
            assert "component_origin" in blocking or substitutes
            assert not pairing.is_eligible or pairing.system in HOME_BUILDS
            judged += 1
    assert judged >= 20


def test_home_builds_made_with_substitutes_are_not_on_sale_at_the_home_price(deal: Deal) -> None:
    rows = [row for row in deal.prices if row.system in HOME_BUILDS]
    assert len(rows) == 25
    assert {row.maximum for row in rows} == {0.0}


def test_every_requirement_can_be_met_by_at_most_ten_systems(deal: Deal, assessment: Assessment) -> None:
    eligible = defaultdict(set)
    for pairing in assessment.pairings:
        if pairing.is_eligible:
            eligible[pairing.requirement].add(pairing.system)
    for need in deal.requirements:
        assert 1 <= len(eligible[need.id]) <= 10, need.id
    owned = {system.id for system in deal.systems if system.supplier == "ua"}
    assert sum(bool(systems & owned) for systems in eligible.values()) >= 20


def test_no_requirement_has_a_value_below_every_offered_price(deal: Deal) -> None:
    roles = {system.id: {system.role, *system.other_roles} for system in deal.systems}
    rate = {row.id: row.value for row in deal.rates}
    for need in deal.requirements:
        if need.kind == "use":
            offered = [
                price.unit_price * rate.get(price.currency or "USD", 1.0)
                for price in deal.prices
                if need.role in roles[price.system]
            ]
            assert need.value_threshold > min(offered), need.id


def test_capacity_carries_the_required_own_needs_from_the_first_month(deal: Deal) -> None:
    role = {system.id: system.role for system in deal.systems}
    monthly: dict[str, float] = defaultdict(float)
    for line in deal.lines:
        if line.operator == "ua" and line.status == "existing":
            first = next(row for row in deal.line_systems if row.line == line.id)
            output = line.availability * line.initial_capacity * first.yield_rate / first.load_per_unit
            monthly[role[first.system]] += output
    for need in deal.home_needs:
        assert need.role is not None
        assert monthly[need.role] >= need.required_share * need.quantity / 12, need.id


def test_parts_cost_less_than_the_system_and_home_cost_leaves_the_capped_profit(
    deal: Deal, facts: dict[str, Fact]
) -> None:
    price = {part.id: part.unit_cost for part in deal.components}
    parts: dict[str, float] = defaultdict(float)
    for row in deal.system_components:
        parts[row.system] += row.quantity * price[row.component]
    for made in deal.line_systems:
        assert 0 < parts[made.system] < made.unit_cost, made.system
    cap = 1 + figure(facts["C036"]) / 100
    cost = {row.system: row.unit_cost for row in deal.line_systems}
    published = {
        row.system: row.unit_price for row in deal.prices if row.basis == "fact" and row.line is None
    }
    for system in ("fpv_radio", "sting", "zirka", "gc_bullet", "vampire", "fp1"):
        assert cost[system] * cap == pytest.approx(published[system])


def test_tried_export_builds_stay_below_the_american_price(deal: Deal) -> None:
    price = {(row.system, row.fiscal_year): row.unit_price for row in deal.prices if row.line is None}
    for year in BUYER_YEARS:
        for system in ("shrike10_ndaa", "udd_entry", "gc_entry", "taf_fpv_ndaa", "nord_fpv_ndaa"):
            assert price[system, year] < price["ddp_vendor", year]
        assert price["sting_ndaa", year] < price["merops", year]


def test_learning_slopes_lie_inside_the_published_guides(deal: Deal, facts: dict[str, Fact]) -> None:
    guides = [facts[f"X{number:03}"] for number in range(41, 48)]
    low = min(fact.value_low or 0 for fact in guides) / 100
    high = max(fact.value_high or 0 for fact in guides) / 100
    for row in deal.line_systems:
        assert row.learning_slope is not None
        assert low <= row.learning_slope <= high
        assert row.units_already_made


def test_the_deal_as_delivered_needs_no_violation(deal: Deal) -> None:
    plan = dronedeal.plan(deal, gap=0.05)
    assert plan.status == "optimal"
    assert plan.tables["violations"] == ()
    assert plan.utilities["buyer"] > 0
    short = [row for row in plan.tables["home_coverage"] if row["shortfall"] > 1e-6]
    assert not short
    bought = {row["system"] for row in plan.tables["purchases"] if row["quantity"] > 0}
    owned = {system.id for system in deal.systems if system.supplier == "ua"}
    assert len(bought & owned) >= 5
    assert bought - owned, "some need is met from elsewhere"

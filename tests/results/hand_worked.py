"""A small deal and a plan for it that was worked out by hand, with no code of the program's own arithmetic.

Fifteen months from January 2027. The buyer's fiscal years start in October: 2027 has months 0 to 8 of the
plan (share 0.75), 2028 has months 9 to 14 (share 0.5). The seller's years start in January: 2027 has months
0 to 11 (share 1), 2028 has months 12 to 14 (share 0.25). Prices of the buyer rise by 5 % from 2027 to 2028.

Hawks are made in Kyiv by the seller, crows in Ohio by the buyer under licence, foxes bought on the market.
"""

from __future__ import annotations

import copy
from collections.abc import Mapping
from dataclasses import fields
from typing import Any

from tests.results import hand_cooperation
from tests.results.causes import CHANGES, NO_MORE, PASSED_OVER
from tests.results.hand_agreement import hand_commitments
from tests.results.hand_cooperation import GAIN
from tests.results.hand_seller import baseline_row, cash_rows

from dronedeal.assessment import Assessment, Pairing
from dronedeal.deal import Deal
from dronedeal.deal.demand import HomeNeed, OtherBuyer
from dronedeal.deal.funds import Budget, Index
from dronedeal.deal.production import Component, ComponentSupply, Line, LineSystem, SystemComponent
from dronedeal.deal.requirements import Branch, Requirement, RequirementQuantity
from dronedeal.deal.settings import CashAccount, EvidencePrior, EvidenceSettings, Options, Party, Settings
from dronedeal.deal.systems import System, Trial
from dronedeal.deal.terms import Price, Rule
from dronedeal.results.columns import PLAN_TABLES
from dronedeal.results.plan import Plan

Row = dict[str, Any]
Tables = dict[str, list[Row]]

MONTHS = [f"2027-{month:02d}" for month in range(1, 13)] + ["2028-01", "2028-02", "2028-03"]
BUYER_YEARS = [2027] * 9 + [2028] * 6
SELLER_YEARS = [2027] * 12 + [2028] * 3
HAWK, CROW = ("kyiv", "hawk"), ("ohio", "crow")
SOLD_OUT = "prices[crow/ohio/2028/0].maximum"
KEEP = 0.81 ** (1 / 12)


def hand_deal() -> Deal:
    """The deal: 3 systems, 2 lines, 2 requirements, 2 own needs, another buyer, 3 budgets."""
    return Deal(
        Settings(
            format=1,
            title="Hawks & crows <by hand>",
            start="2027-01",
            months=15,
            currency="USD",
            price_base_year=2027,
            parties=(
                Party(
                    id="us", name="United States", role="buyer", fiscal_year_start=10, discount_rate=0.21,
                    escalation_index="prices",
                ),
                Party(id="ua", name="Ukraine", role="seller", discount_rate=0.1),
                Party(id="eu", name="Europe", role="third"),
            ),
            options=Options(whole_units=False),  # a quarter of a firm minimum of 21 is 5.25
            cash=CashAccount(
                opening=735_000, floor=90_000, home_receipt_share=0.5, reinvestment_share=0.1,
                fund_value=1.5,
            ),
            evidence=EvidenceSettings(
                half_life_months=None,
                priors=(EvidencePrior(measure="mission_success", successes=1, failures=1),),
            ),
        ),
        systems=(
            System(id="hawk", name="Hawk", maker="A", supplier="ua", domain="air", role="scout",
                available_from="2027-03"),
            System(id="crow", name="Crow", maker="B", supplier="ua", domain="air", role="decoy"),
            System(id="fox", name="Fox", maker="C", supplier="eu", domain="air", role="scout"),
        ),
        trials=(
            Trial(system="hawk", measure="mission_success", setting="field", n_trials=10, n_successes=8),
        ),
        branches=(Branch(id="army", party="us", name="Army"), Branch(id="navy", party="us", name="Navy")),
        requirements=(
            Requirement(
                id="recon", branch="army", name="Reconnaissance", role="scout", domain="air", kind="use",
                value_threshold=5000, value_objective=3000, effectiveness_measure="mission_success",
            ),
            Requirement(
                id="depot", branch="navy", name="Decoys", role="decoy", domain="air", kind="stock",
                value_threshold=4000, value_objective=2000, loss_rate=0.19, on_hand=4,
                appropriation="procurement",
            ),
        ),
        requirement_quantities=(
            RequirementQuantity(requirement="recon", fiscal_year=2027, threshold=40, objective=80),
            RequirementQuantity(requirement="recon", fiscal_year=2028, threshold=60, objective=120),
            RequirementQuantity(requirement="depot", fiscal_year=2027, threshold=6, objective=10),
            RequirementQuantity(requirement="depot", fiscal_year=2028, threshold=8, objective=12),
        ),
        lines=(
            Line(
                id="kyiv", site="Kyiv", country="UA", operator="ua", status="existing", initial_capacity=10,
                step_size=5, step_cost=100_000, step_lead_months=2, max_steps=2, ramp_months=2,
                fixed_cost=12_000,
                availability=0.9,
            ),
            Line(
                id="ohio", site="Ohio", country="US", operator="us", investor="ua", status="candidate",
                initial_capacity=4, step_size=2, step_cost=40_000, step_lead_months=1, max_steps=1,
                open_cost=500_000, open_lead_months=2, technology_transfer_months=3, qualification_months=1,
                fixed_cost=24_000, return_share=0.25, licence_fee=20_000,
            ),
        ),
        line_systems=(
            LineSystem(line="kyiv", system="hawk", unit_cost=1000, yield_rate=0.8, initial_stock=3),
            LineSystem(line="ohio", system="crow", unit_cost=2000, cost_premium=0.1, load_per_unit=2),
        ),
        components=(
            Component(id="motor", name="Motor", category="motor", origin="UA", unit_cost=20),
            Component(id="motor_us", name="Motor", category="motor", origin="US", unit_cost=30,
                substitute_for="motor", premium=0.5),
        ),
        system_components=(
            SystemComponent(system="hawk", component="motor", quantity=4),
            SystemComponent(system="crow", component="motor", quantity=2),
            SystemComponent(system="crow", component="motor", quantity=1, line="ohio"),
        ),
        component_supply=(
            ComponentSupply(component="motor", fiscal_year=2027, limit=300),
            ComponentSupply(component="motor", fiscal_year=2028, limit=400),
        ),
        prices=(
            Price(
                system="hawk", fiscal_year=2027, unit_price=1600, price_basis="then_year", firm_minimum=16,
                maximum=80, option_quantity=14,
            ),
            Price(system="hawk", fiscal_year=2028, tier_from=50, unit_price=1500),
            Price(system="hawk", fiscal_year=2028, unit_price=1680, price_basis="then_year"),
            Price(system="crow", line="ohio", fiscal_year=2028, unit_price=3000, maximum=40, royalty=0.1),
            Price(system="fox", fiscal_year=2027, unit_price=2500, maximum=20),
        ),
        home_needs=(
            HomeNeed(id="scouts", role="scout", fiscal_year=2027, quantity=24, required_share=0.5,
                value=1500),
            HomeNeed(id="scouts", role="scout", fiscal_year=2028, quantity=24, required_share=0.5,
                value=1400),
            HomeNeed(id="decoys", system="crow", fiscal_year=2027, quantity=4, required_share=0, value=900),
            HomeNeed(id="decoys", system="crow", fiscal_year=2028, quantity=8, required_share=0, value=900),
        ),
        other_buyers=(OtherBuyer(id="oasis", tier="gulf", system="hawk", fiscal_year=2027, maximum=12,
            price=1800),),
        budgets=(
            Budget(branch="army", fiscal_year=2027, appropriation="procurement", amount=60_000,
                years_valid=2),
            Budget(
                branch="army", fiscal_year=2028, appropriation="operations", amount=50_000,
                price_basis="base_year"
            ),
            Budget(branch="navy", fiscal_year=2028, appropriation="procurement", amount=40_000),
        ),
        rules=(
            Rule(id="dear", kind="price_cap", subject="fox", limit=2400, valid_until="2027-02"),
            # hawks have no European part: half of a unit's value is short, 50 a hawk
            Rule(id="europe", kind="local_content", subject="hawk", origin=("EU",), limit=0.5,
                is_hard=False, violation_price=100),
            Rule(id="home_made", kind="work_share", subject="*", origin=("US",), limit=0.2, is_hard=False,
                violation_price=0.1),
            Rule(id="foxes", kind="mix", subject="fox", within="scout", limit=0.3, direction="at_most",
                measure="units", branch="army"),
            # all motors of a crow are from Ukraine: from 2028 on the navy takes those with American ones only
            Rule(id="motors", kind="component_origin_limit", subject="crow", origin=("UA",), limit=0,
                branch="navy", valid_from="2028-01"),
            Rule(id="few", kind="either_or", subject="*", systems=("fox", "crow"), limit=2),
        ),
        integrations=hand_cooperation.INTEGRATIONS,
        projects=hand_cooperation.PROJECTS,
        indices=(
            Index(id="prices", fiscal_year=2027, value=200, kind="procurement"),
            Index(id="prices", fiscal_year=2028, value=210, kind="procurement"),
        ),
    )  # fmt: skip


def hand_assessment() -> Assessment:
    """The matching: hawks are effective to (1 + 8)/(2 + 10), foxes, never tried, to 1/2."""
    return Assessment(
        pairings=(
            _pairing("recon", "hawk", 0.75, first_month=2),
            _pairing("recon", "crow", 0.5, is_eligible=False),
            _pairing("recon", "fox", 0.5),
            _pairing("depot", "hawk", 1.0, is_eligible=False),
            _pairing("depot", "crow", 1.0),
            _pairing("depot", "fox", 1.0, is_eligible=False),
        ),
        posteriors=(),
        growth=(),
    )


def _pairing(
    requirement: str, system: str, effectiveness: float, *, is_eligible: bool = True, first_month: int = 0
) -> Pairing:
    return Pairing(requirement, system, is_eligible, (), effectiveness, None, first_month, 14)


def hand_tables() -> Tables:
    """Every table of the plan, each figure from small arithmetic that can be followed with a pencil."""
    tables: Tables = {name: [] for name in PLAN_TABLES}
    tables["shipments"] = _shipments()
    tables["production"] = _production()
    tables["stock"] = _stock()
    tables["capacity"] = _capacity()
    tables["openings"] = [
        {"line": "kyiv", "kind": "step", "decided": "2027-01", "effective": "2027-03", "quantity": 1.0,
         "amount": 100_000.0, "investor": "ua", "licence_fee": 0.0},
        {"line": "ohio", "kind": "open", "decided": "2027-01", "effective": "2027-05", "quantity": 1.0,
         "amount": 500_000.0, "investor": "ua", "licence_fee": 20_000.0},
    ]  # fmt: skip
    tables |= hand_cooperation.tables()
    tables["home_supply"] = _home_supply()
    tables["home_coverage"] = [
        {
            "need": "scouts",
            "fiscal_year": 2027,
            "needed": 24.0,
            "required": 12.0,
            "quantity": 12.0,
            "shortfall": 0.0,
        },
        {
            "need": "scouts",
            "fiscal_year": 2028,
            "needed": 6.0,
            "required": 3.0,
            "quantity": 3.0,
            "shortfall": 0.0,
        },
        {
            "need": "decoys",
            "fiscal_year": 2027,
            "needed": 4.0,
            "required": 0.0,
            "quantity": 1.5,
            "shortfall": 0.0,
        },
        {
            "need": "decoys",
            "fiscal_year": 2028,
            "needed": 2.0,
            "required": 0.0,
            "quantity": 0.25,
            "shortfall": 0.0,
        },
    ]
    tables["other_sales"] = [
        {"month": "2027-06", "fiscal_year": 2027, "customer": "oasis", "tier": "gulf", "system": "hawk",
            "line": "kyiv",
         "quantity": 4.0, "unit_price": 1800.0, "amount": 7200.0},
    ]  # fmt: skip
    tables["coverage"] = _coverage()
    tables["purchases"] = [
        _purchase(2027, "army", "recon", "hawk", "kyiv", 18.0, 28_800.0, 28_800.0),
        _purchase(2027, "army", "recon", "fox", None, 5.0, 12_500.0, 12_500.0),
        _purchase(2028, "army", "recon", "hawk", "kyiv", 8.0, 12_800.0, 13_440.0),
        _purchase(2028, "navy", "depot", "crow", "ohio", 5.25, 15_750.0, 16_537.5),
    ]
    tables["payments"] = [
        _payment("army", 2027, 2027, "procurement", None, 41_300.0, 41_300.0),
        _payment("army", 2028, 2027, "procurement", None, 10_000.0, 10_000.0 / 1.05),
        _payment("army", 2028, 2028, "operations", None, 3_440.0, 3_440.0 / 1.05),
        _payment("navy", 2028, 2028, "procurement", "procurement", 16_537.5, 15_750.0),
        # the two branches share the work on the crow, in the prices of the year in which it begins
        _payment("army", 2028, 2028, "operations", None, 6_300.0, 6_000.0, purpose="integration"),
        _payment("navy", 2028, 2028, "procurement", "procurement", 6_300.0, 6_000.0, purpose="integration"),
    ]
    tables["budgets"] = [
        _budget("army", 2027, "procurement", 60_000.0, 51_300.0),
        _budget("army", 2028, "operations", 52_500.0, 9_740.0),
        _budget("navy", 2028, "procurement", 40_000.0, 22_837.5),
    ]
    tables["commitments"] = hand_commitments()
    tables["cash"] = cash_rows()
    tables["utility_items"] = _utility_items()
    tables["binding"] = [
        {"kind": "price_maximum", "subject": "crow / ohio", "address": SOLD_OUT,
         "month": None, "fiscal_year": 2028, "dual": 12.5,
         "unit": "units", "words": "one more crow adds USD 12.5"},
        {"kind": "home_need", "subject": "scouts", "address": None, "month": "2027-04",
         "fiscal_year": None, "dual": -100.0,
         "unit": "units", "words": "=SUM(A1) is text, not a formula"},
    ]  # fmt: skip
    tables["unmet"] = [
        _unmet("recon", "army", 2027, 60.0 - 16.0),
        _unmet("recon", "army", 2028, 60.0 - 6.0 - GAIN),
        _unmet("depot", "navy", 2027, 10.0 - _hand_2027()),
        _sold_out(_unmet("depot", "navy", 2028, 12.0 - _hand_2028())),
    ]
    tables["rules"] = _rules()
    tables["substitutions"] = [
        {"month": month, "line": "ohio", "system": "crow", "component": "motor", "substitute": "motor_us",
         "quantity": quantity, "parts": 3.0 * quantity, "amount": 3.0 * 0.5 * 20.0 * quantity}
        for month, quantity in (("2027-12", 0.5), ("2028-01", 1.0))
    ]  # fmt: skip
    tables["changes"] = [dict(row) for row in CHANGES]
    tables["passed_over"] = [dict(row) for row in PASSED_OVER]
    return tables


def _rules() -> list[Row]:
    def row(rule: str, year: int | None, *figures: float | None, unit: str = "units") -> Row:
        measured, limit, violation, penalty = figures
        return {
            "rule": rule, "fiscal_year": year, "branch": {"foxes": "army", "motors": "navy"}.get(rule),
            "measured": measured, "limit": limit, "violation": violation, "unit": unit, "penalty": penalty,
            "words": f"{rule} in {year}",
        }  # fmt: skip

    # lines deliver hawks for 18 × 1,600 in 2027, and for 8 × 1,600 and crows for 5.25 × 3,000 in 2028
    return [
        row("dear", 2027, None, 2400.0, 0.0, 0.0, unit="USD"),
        row("europe", 2027, 0.0, 0.5, 9.0, 900.0),
        row("europe", 2028, 0.0, 0.5, 4.0, 400.0),
        row("home_made", 2027, 0.0, 0.2, 0.2 * 28_800.0, 576.0, unit="USD"),
        row("home_made", 2028, 15_750.0 / 28_550.0, 0.2, 0.0, 0.0, unit="USD"),
        row("foxes", 2027, 5.0 / 23.0, 0.3, 0.0, 0.0),
        row("foxes", 2028, 0.0, 0.3, 0.0, 0.0),
        row("motors", 2028, 1.0, 0.0, 0.0, 0.0),
        row("few", None, 2.0, 2.0, 0.0, 0.0, unit="systems"),
    ]


def _shipments() -> list[Row]:
    def row(
        month: int, branch: str, requirement: str, product: tuple[str | None, str], *figures: float
    ) -> Row:
        quantity, effective, price, index = figures
        return {
            "month": MONTHS[month], "fiscal_year": BUYER_YEARS[month], "branch": branch,
            "requirement": requirement,
            "system": product[1], "line": product[0], "quantity": quantity, "effective_quantity": effective,
            "unit_price": price, "amount": price * quantity, "amount_then_year": price * quantity * index,
        }  # fmt: skip

    return [
        row(3, "army", "recon", HAWK, 6.0, 4.5, 1600.0, 1.0),
        row(4, "army", "recon", (None, "fox"), 5.0, 2.5, 2500.0, 1.0),
        row(8, "army", "recon", HAWK, 12.0, 9.0, 1600.0, 1.0),
        row(11, "army", "recon", HAWK, 8.0, 6.0, 1600.0, 1.05),
        row(11, "navy", "depot", CROW, 4.0, 4.0, 3000.0, 1.05),
        row(13, "navy", "depot", CROW, 1.25, 1.25, 3000.0, 1.05),
    ]


def _production() -> list[Row]:
    def row(month: int, line: str, system: str, *figures: float) -> Row:
        quantity, good, cost = figures
        return {
            "month": MONTHS[month], "line": line, "system": system, "quantity": quantity,
            "good_quantity": good,
            "unit_cost": cost, "amount": cost * quantity,
        }  # fmt: skip

    hawks = [row(month, *HAWK, 5.0, 4.0, 1000.0) for month in range(12)]
    return [
        *hawks,
        *(row(month, *CROW, 2.0, 2.0, 2200.0) for month in (9, 10, 11)),
        row(12, *CROW, 1.0, 1.0, 2200.0),
    ]


def _stock() -> list[Row]:
    # hawks: 3 at first, 4 good ones a month for a year, 1 home a month, 6 + 12 + 8 shipped, 4 sold
    hawks = [6, 9, 12, 9, 12, 11, 14, 17, 8, 11, 14, 9, 8, 7, 6]
    crows = {9: 2.0, 10: 4.0, 11: 0.5, 12: 1.25}
    rows = [(month, "kyiv", "hawk", float(level)) for month, level in enumerate(hawks)]
    rows += [(month, "ohio", "crow", level) for month, level in crows.items()]
    return [
        {"month": MONTHS[t], "line": line, "system": system, "quantity": level}
        for t, line, system, level in rows
    ]


def _capacity() -> list[Row]:
    # one step of 5 on top of 10, half of it from month 2, all of it from month 3; nine tenths are there
    kyiv = [9.0, 9.0, 11.25] + [13.5] * 12
    rows = [
        {"month": MONTHS[month], "line": "kyiv", "quantity": size, "used": 5.0 if month < 12 else 0.0}
        for month, size in enumerate(kyiv)
    ]
    used = {9: 4.0, 10: 4.0, 11: 4.0, 12: 2.0}
    return rows + [
        {"month": MONTHS[month], "line": "ohio", "quantity": 4.0, "used": used.get(month, 0.0)}
        for month in range(4, 15)
    ]


def _home_supply() -> list[Row]:
    def row(month: int, need: str, product: tuple[str, str], quantity: float, value: float) -> Row:
        return {
            "month": MONTHS[month], "fiscal_year": SELLER_YEARS[month], "need": need, "system": product[1],
            "line": product[0], "quantity": quantity, "amount": value * quantity,
        }  # fmt: skip

    first = [row(month, "scouts", HAWK, 1.0, 1500.0) for month in range(12)]
    second = [row(month, "scouts", HAWK, 1.0, 1400.0) for month in (12, 13, 14)]
    return [*first, *second, row(11, "decoys", CROW, 1.5, 900.0), row(12, "decoys", CROW, 0.25, 900.0)]


def _hand_2027() -> float:
    """Nine months of losses on the 4 decoys on hand."""
    return 4.0 * KEEP**9


def _hand_2028() -> float:
    """Of 4 on hand for fifteen months, 4 delivered three months and 1.25 one month before the end."""
    return 4.0 * KEEP**15 + 4.0 * KEEP**3 + 1.25 * KEEP


def _coverage() -> list[Row]:
    def row(requirement: str, kind: str, year: int, *figures: float) -> Row:
        threshold, objective, quantity, low, high, amount = figures
        return {
            "requirement": requirement, "branch": {"recon": "army", "depot": "navy"}[requirement],
            "kind": kind,
            "fiscal_year": year, "threshold": threshold, "objective": objective, "quantity": quantity,
            "to_threshold": low, "to_objective": high, "short_of_threshold": max(0.0, threshold - quantity),
            "short_of_objective": objective - quantity, "amount": amount,
        }  # fmt: skip

    before, after = _hand_2027(), _hand_2028()
    return [
        row("recon", "use", 2027, 30.0, 60.0, 16.0, 16.0, 0.0, 5000.0 * 16.0),
        row("recon", "use", 2028, 30.0, 60.0, 6.0 + GAIN, 6.0 + GAIN, 0.0, 5000.0 * (6.0 + GAIN)),
        row("depot", "stock", 2027, 6.0, 10.0, before, before, 0.0, 0.75 * 4000.0 * before),
        row(
            "depot",
            "stock",
            2028,
            8.0,
            12.0,
            after,
            8.0,
            after - 8.0,
            0.5 * (4000.0 * 8.0 + 2000.0 * (after - 8.0)),
        ),
    ]


def _purchase(
    year: int, branch: str, requirement: str, system: str, line: str | None, *figures: float
) -> Row:
    quantity, amount, then_year = figures
    return {
        "fiscal_year": year, "branch": branch, "requirement": requirement, "system": system, "line": line,
        "quantity": quantity, "amount": amount, "amount_then_year": then_year,
    }  # fmt: skip


def _payment(
    branch: str, year: int, voted: int, money: str, wanted: str | None, *figures: float,
    purpose: str = "deliveries",
) -> Row:  # fmt: skip
    return {
        "branch": branch, "fiscal_year": year, "budget_year": voted, "appropriation": money,
        "for_appropriation": wanted, "purpose": purpose, "amount_then_year": figures[0], "amount": figures[1],
    }  # fmt: skip


def _budget(branch: str, voted: int, money: str, amount: float, spent: float) -> Row:
    return {
        "branch": branch, "budget_year": voted, "appropriation": money, "amount_then_year": amount,
        "spent": spent,
        "left": amount - spent, "overspent": 0.0,
    }  # fmt: skip


def _unmet(requirement: str, branch: str, year: int, quantity: float) -> Row:
    return {
        "requirement": requirement, "branch": branch, "fiscal_year": year, "quantity": quantity,
        "cause": "money",
        **NO_MORE,
        "words": "no money is left",
    }  # fmt: skip


def _sold_out(row: Row) -> Row:
    """One more crow on sale is one more on hand, worth what the binding rule says."""
    cause = {
        "cause": "price_maximum", "address": SOLD_OUT, "system": "crow", "line": "ohio",
        "more": 12.5, "more_unit": "units", "reach": 1.0, "words": "no more crows are on sale",
    }  # fmt: skip
    return {**row, **cause}


def _utility_items() -> list[Row]:
    def buyer(month: int) -> float:
        return 1.21 ** (-month / 12)

    def seller(month: int) -> float:
        return 1.1 ** (-month / 12)

    after = _hand_2028()
    crow_money = {11: 4.0 * 3000.0, 13: 1.25 * 3000.0}
    hawk_money = {3: 6.0 * 1600.0, 8: 12.0 * 1600.0, 11: 8.0 * 1600.0}
    crows_started = {9: 2.0, 10: 2.0, 11: 2.0, 12: 1.0}
    home = dict.fromkeys(range(12), 1500.0) | dict.fromkeys((12, 13, 14), 1400.0)
    home[11] += 1.5 * 900.0
    home[12] += 0.25 * 900.0
    decoy_value = 0.5 * (4000.0 * 8.0 + 2000.0 * (after - 8.0))
    amounts = {
        ("buyer", "coverage"): buyer(8) * (5000.0 * 16.0 + 0.75 * 4000.0 * _hand_2027())
        + buyer(14) * (5000.0 * (6.0 + GAIN) + decoy_value),
        ("buyer", "payments"): -sum(buyer(t) * paid for t, paid in hawk_money.items())
        - buyer(4) * 5.0 * 2500.0,
        ("buyer", "rebates"): 0.0,
        ("buyer", "royalties"): -sum(buyer(t) * 0.1 * paid for t, paid in crow_money.items()),
        ("buyer", "production"): -sum(buyer(t) * 2200.0 * units for t, units in crows_started.items()),
        ("buyer", "fixed_cost"): -sum(buyer(t) * 2000.0 for t in range(4, 15)),
        ("buyer", "investment"): 0.0,
        ("buyer", "licence_fees"): -20_000.0,
        ("buyer", "rule_penalties"): -50.0 * (buyer(8) * 18.0 + buyer(14) * 8.0) - buyer(8) * 576.0,
        ("buyer", "substitutes"): -buyer(11) * 15.0 - buyer(12) * 30.0,
        ("buyer", "integration"): -buyer(9) * 12_000.0,
        ("buyer", "projects"): -0.4 * (30_000.0 + buyer(12) * 20_000.0) - 8000.0,
        ("buyer", "project_savings"): buyer(14) * 770.0,
        ("seller", "receipts"): sum(seller(t) * paid for t, paid in hawk_money.items()),
        ("seller", "rebates"): 0.0,
        ("seller", "royalties"): sum(seller(t) * 0.1 * paid for t, paid in crow_money.items()),
        ("seller", "other_sales"): seller(5) * 7200.0,
        ("seller", "home_supply"): sum(seller(t) * value for t, value in home.items()),
        ("seller", "production"): -sum(seller(t) * 5.0 * 1000.0 for t in range(12)),
        ("seller", "fixed_cost"): -sum(seller(t) * 1000.0 for t in range(15)),
        ("seller", "investment"): -600_000.0,
        ("seller", "licence_fees"): 20_000.0,
        ("seller", "integration"): -9000.0,
        ("seller", "reinvestment"): 0.5 * (seller(8) * 5_000.0 + seller(14) * 2_000.0),
        ("seller", "projects"): -0.6 * (30_000.0 + seller(12) * 20_000.0) - seller(6) * 5000.0,
        ("seller", "project_savings"): 0.0,
    }
    return [{"party": party, "item": item, "amount": amount} for (party, item), amount in amounts.items()]


def hand_values(deal: Deal | None = None) -> dict[str, Any]:
    """Every top-level value of the plan, free to be changed."""
    deal = deal or hand_deal()
    tables = hand_tables()
    utilities = {
        side: sum(row["amount"] for row in tables["utility_items"] if row["party"] == side)
        for side in ("buyer", "seller")
    }
    objective = utilities["buyer"] + utilities["seller"]
    tables["baselines"] = [
        baseline_row("all_seller", "optimal", 5_000.0, objective),
        baseline_row("all_buyer", "relaxed", 9_000.0, objective),
    ]
    # without the priced rule on European parts the buyer gains what it pays for it, and 100 more
    tables["rule_costs"] = [
        {"rule": "europe", "status": "optimal", "objective": objective + 1400.0, "difference": 1400.0,
         "buyer": utilities["buyer"] + 1900.0, "buyer_difference": 1900.0,
         "seller": utilities["seller"] - 500.0, "seller_difference": -500.0,
         "bound": objective + 1500.0, "gap": 100.0 / abs(objective + 1400.0), "words": "europe costs 1,400"},
    ]  # fmt: skip
    own_items = ("production", "fixed_cost", "investment", "integration", "substitutes", "projects",
                 "project_savings")  # fmt: skip
    own_cost = -sum(row["amount"] for row in tables["utility_items"] if row["item"] in own_items)
    return {
        "title": deal.settings.title, "currency": "USD", "price_base_year": 2027, "start": "2027-01",
        "months": 15,
        "status": "optimal", "termination": "optimal", "objective_kind": "joint", "objective": objective,
        "bound": objective + 100.0, "gap": 100.0 / abs(objective), "utilities": utilities,
        "gap_of_cost": 100.0 / own_cost,
        "sizes": {"columns": 10, "rows": 5, "nonzeros": 20, "integers": 2},
        "options": {"gap": 0.001, "time_limit": None, "is_quiet": True}, "seed": 7,
        "versions": {"dronedeal": "0.1.0"}, "digest": deal.digest, "alternative": None,
        "warnings": ["one source is old"], "not_counted": [], "tables": tables,
    }  # fmt: skip


def hand_plan() -> Plan:
    """The plan."""
    return Plan(**hand_values())


def values_of(plan: Plan) -> dict[str, Any]:
    """The values of a plan, free to be changed."""
    return copy.deepcopy({field.name: getattr(plan, field.name) for field in fields(plan)}) | {
        "tables": {name: [dict(row) for row in rows] for name, rows in plan.tables.items()}
    }


def row_of(tables: Mapping[str, list[Row]], table: str, **key: object) -> Row:
    """The one row of a table with these values."""
    (found,) = (row for row in tables[table] if all(row[name] == value for name, value in key.items()))
    return found

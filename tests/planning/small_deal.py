"""A deal of four months that has a case of every family of columns and rows.

The plan runs from November 2027 to February 2028. The buyer's fiscal years start in January, so that two
months lie in 2027 and two in 2028; the seller's start in February, so that three months lie in 2028
(named for the year it ends in) and one in 2029.
"""

from __future__ import annotations

from typing import Any

from dronedeal.deal import Deal, Party, Settings
from dronedeal.deal.cooperation import Integration
from dronedeal.deal.demand import HomeNeed, OtherBuyer
from dronedeal.deal.funds import Budget, Index
from dronedeal.deal.production import Component, ComponentSupply, Line, LineSystem, SystemComponent
from dronedeal.deal.requirements import Branch, Requirement, RequirementQuantity
from dronedeal.deal.settings import CashAccount, Options, PaymentTerms
from dronedeal.deal.systems import System
from dronedeal.deal.terms import Bundle, Price, Rule


def small_deal(*, whole_units: bool = False) -> Deal:
    """The deal; made-up round figures.

    Parameters
    ----------
    whole_units : whether contract quantities are whole numbers; without them an optimum is exact
    """
    parties = (
        Party(
            id="north",
            name="Northland",
            role="buyer",
            fiscal_year_start=1,
            discount_rate=0.06,
            escalation_index="prices",
        ),
        Party(id="river", name="Riverland", role="seller", fiscal_year_start=2, discount_rate=0.12),
        Party(id="west", name="Westmark", role="third"),
    )
    settings = Settings(
        format=1,
        title="Four months",
        start="2027-11",
        months=4,
        currency="USD",
        price_base_year=2027,
        parties=parties,
        options=Options(investment_months=2, whole_units=whole_units),
        terms=PaymentTerms(ceiling=900_000),
        cash=CashAccount(
            opening=100_000, floor=20_000, home_receipt_share=0.8, reinvestment_share=0.1, fund_value=1.2
        ),
    )
    return Deal(
        settings,
        systems=(
            System(id="kite", name="Kite", maker="K", supplier="river", domain="air", role="scout"),
            System(id="mule", name="Mule", maker="M", supplier="river", domain="ground", role="cargo"),
            System(id="hawk", name="Hawk", maker="H", supplier="west", domain="air", role="scout"),
        ),
        branches=(
            Branch(id="army", party="north", name="Army"),
            Branch(id="navy", party="north", name="Navy"),
        ),
        requirements=_requirements(),
        requirement_quantities=tuple(
            RequirementQuantity(requirement=name, fiscal_year=year, threshold=threshold, objective=objective)
            for name, threshold, objective in (
                ("scouting", 600, 1200),
                ("hauling", 40, 60),
                ("patrol", 300, 600),
            )
            for year in (2027, 2028)
        ),
        lines=_lines(),
        line_systems=(
            LineSystem(line="home", system="kite", unit_cost=600, initial_stock=15),
            LineSystem(line="home", system="mule", unit_cost=4000, load_per_unit=4, yield_rate=0.8),
            LineSystem(line="joint", system="kite", unit_cost=600, cost_premium=0.25),
            LineSystem(line="allied", system="kite", unit_cost=700),
        ),
        components=(
            Component(id="motor", name="Motor", category="motor", origin="RV", unit_cost=20),
            Component(id="radio", name="Radio", category="radio", origin="NL", unit_cost=20),
            Component(
                id="motor_nl",
                name="Motor",
                category="motor",
                origin="NL",
                unit_cost=26,
                substitute_for="motor",
                premium=0.3,
            ),
        ),
        system_components=(
            SystemComponent(system="kite", component="motor", quantity=4),
            SystemComponent(system="mule", component="motor", quantity=2, line="home"),
            SystemComponent(system="kite", component="radio", quantity=1, line="joint"),
        ),
        component_supply=(ComponentSupply(component="motor", fiscal_year=2028, limit=4000),),
        prices=_prices(),
        bundles=(
            Bundle(id="pair", fiscal_year=2028, systems=("kite", "mule"), quantities=(4, 1), rebate=300),
        ),
        home_needs=(
            HomeNeed(id="own", role="scout", fiscal_year=2028, quantity=240, required_share=0.75, value=900),
            HomeNeed(id="own", role="scout", fiscal_year=2029, quantity=240, required_share=0.75, value=900),
        ),
        other_buyers=(
            OtherBuyer(id="gulf", tier="gulf", system="kite", fiscal_year=2028, maximum=80, price=1500),
        ),
        budgets=(
            Budget(
                branch="army", fiscal_year=2027, appropriation="procurement", amount=200000, years_valid=2
            ),
            Budget(branch="army", fiscal_year=2028, appropriation="operations", amount=90000),
            Budget(
                branch="navy", fiscal_year=2027, appropriation="procurement", amount=120000, years_valid=3
            ),
        ),
        rules=_rules(),
        integrations=(
            Integration(system="hawk", branch="army", standard="Link", cost=8000, months=0, payer="north"),
            Integration(
                system="hawk",
                branch="navy",
                standard="Link",
                cost=8000,
                months=0,
                payer="north",
                appropriation="procurement",
            ),
            Integration(system="mule", branch="army", standard="Safety", cost=3000, months=1, payer="river"),
        ),
        indices=(
            Index(id="prices", fiscal_year=2027, value=100, kind="procurement"),
            Index(id="prices", fiscal_year=2028, value=105, kind="procurement"),
        ),
    )


def _rules() -> tuple[Rule, ...]:
    priced: dict[str, Any] = {"is_hard": False, "violation_price": 50}
    return (
        Rule(id="permit", kind="export_permit", subject="mule", limit=1),
        # kites have no part from NL, but on the joint line one of five: 0.5 or 0.3 short, 25 or 15 a unit
        Rule(
            id="content",
            kind="local_content",
            subject="kite",
            origin=("NL",),
            limit=0.5,
            valid_from="2028-01",
            **priced,
        ),
        # four motors from RV give way to motors from NL at 4 × 0.3 × 20 a kite
        Rule(
            id="parts",
            kind="component_origin_limit",
            subject="kite",
            origin=("RV",),
            limit=0.5,
            branch="navy",
            valid_from="2028-01",
        ),
        Rule(
            id="half", kind="mix", subject="kite", within="scout", limit=0.4, measure="units", branch="navy"
        ),
        Rule(
            id="work",
            kind="work_share",
            subject="kite",
            origin=("NL",),
            limit=0.2,
            valid_from="2028-01",
            is_hard=False,
            violation_price=0.1,
        ),
        Rule(id="one", kind="either_or", subject="*", limit=1, systems=("mule", "hawk"), branch="navy"),
        Rule(
            id="some",
            kind="either_or",
            subject="*",
            limit=1,
            systems=("kite", "hawk"),
            direction="at_least",
            is_hard=False,
            violation_price=10,
            branch="navy",
        ),
    )


def _requirements() -> tuple[Requirement, ...]:
    return (
        Requirement(
            id="scouting",
            branch="army",
            name="Scouting",
            role="scout",
            domain="air",
            kind="use",
            value_threshold=3000,
            value_objective=1500,
        ),
        Requirement(
            id="hauling",
            branch="army",
            name="Hauling",
            role="cargo",
            domain="ground",
            kind="stock",
            value_threshold=60000,
            value_objective=24000,
            loss_rate=0.4,
            on_hand=5,
            appropriation="procurement",
        ),
        Requirement(
            id="patrol",
            branch="navy",
            name="Patrol",
            role="scout",
            domain="air",
            kind="use",
            value_threshold=2500,
            value_objective=1000,
        ),
    )


def _lines() -> tuple[Line, ...]:
    return (
        Line(
            id="home",
            site="Harbour",
            country="RV",
            operator="river",
            status="existing",
            initial_capacity=60,
            availability=0.9,
            step_size=20,
            step_cost=8000,
            step_lead_months=1,
            max_steps=3,
            ramp_months=2,
            fixed_cost=12000,
        ),
        Line(
            id="joint",
            site="Hillside",
            country="NL",
            operator="north",
            status="candidate",
            initial_capacity=40,
            open_cost=5000,
            technology_transfer_months=1,
            licence_fee=500,
            fixed_cost=6000,
            step_size=10,
            step_cost=1000,
            max_steps=2,
        ),
        Line(
            id="allied",
            site="Westport",
            country="WM",
            operator="west",
            investor="river",
            status="candidate",
            initial_capacity=30,
            open_cost=2000,
            qualification_months=1,
            licence_fee=800,
            return_share=0.5,
        ),
    )


def _prices() -> tuple[Price, ...]:
    rows = [
        Price(system="kite", fiscal_year=2027, unit_price=1000, royalty=0.1),
        Price(system="kite", fiscal_year=2028, unit_price=950, royalty=0.1, firm_minimum=240),
        Price(system="kite", line="allied", fiscal_year=2028, unit_price=1100, royalty=0.05),
        Price(system="mule", fiscal_year=2027, unit_price=7000),
        Price(
            system="mule",
            fiscal_year=2028,
            unit_price=7000,
            price_basis="then_year",
            tier_kind="incremental",
        ),
    ]
    rows.append(
        Price(system="mule", fiscal_year=2028, tier_from=24, tier_kind="incremental", unit_price=6500)
    )
    rows.append(Price(system="kite", fiscal_year=2027, tier_from=1500, unit_price=960, royalty=0.1))
    rows += [Price(system="hawk", fiscal_year=year, unit_price=2000, maximum=150) for year in (2027, 2028)]
    return tuple(rows)

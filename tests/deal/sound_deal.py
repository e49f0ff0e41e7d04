"""One small deal without any finding that uses every table, and the means to change one thing in it."""

from __future__ import annotations

import datetime as dt
from typing import Any

from dronedeal.deal import TABLES, Deal, Party, Settings
from dronedeal.deal.clauses import BuyerPosition, Clause, ClauseEffect, SellerPosition
from dronedeal.deal.cooperation import Integration, Project
from dronedeal.deal.demand import HomeNeed, OtherBuyer
from dronedeal.deal.facts import Fact
from dronedeal.deal.funds import Budget, Index, Rate
from dronedeal.deal.production import Component, ComponentSupply, Line, LineSystem, SystemComponent
from dronedeal.deal.record import Frozen
from dronedeal.deal.requirements import (
    Branch,
    Preference,
    Requirement,
    RequirementAttribute,
    RequirementQuantity,
)
from dronedeal.deal.settings import EvidencePrior, EvidenceSettings
from dronedeal.deal.systems import Attribute, System, Trial
from dronedeal.deal.terms import Bundle, Price, Rule
from dronedeal.deal.uncertainty import Correlation, Uncertainty

MADE_UP: dict[str, Any] = {"basis": "assumption", "note": "Made up"}
STATED: dict[str, Any] = {"basis": "fact", "source": "F1"}


def sound_deal() -> Deal:
    """Two years from October 2026; the buyer's years are 2027 and 2028, the seller's 2026 to 2028."""
    return Deal(
        settings=_settings(),
        **_offer(),
        **_need(),
        **_production(),
        **_terms(),
        **_funds(),
    )


def changed(deal: Deal, table: str, row: int, **values: Any) -> Deal:
    """The deal with other values in one row."""
    rows = list(deal.table(table))
    rows[row] = type(rows[row])(**{**rows[row].model_dump(exclude_unset=True), **values})
    return deal.with_table(table, rows)


def without(deal: Deal, table: str, row: int) -> Deal:
    """The deal without one row."""
    rows = list(deal.table(table))
    del rows[row]
    return deal.with_table(table, rows)


def added(deal: Deal, table: str, like: int = 0, **values: Any) -> Deal:
    """The deal with one more row at the end of a table, like a row that it has but for the values given."""
    rows = list(deal.table(table))
    rows.append(type(rows[like])(**{**rows[like].model_dump(exclude_unset=True), **values}))
    return deal.with_table(table, rows)


def with_settings(deal: Deal, **values: Any) -> Deal:
    """The deal with other values in its settings."""
    settings = Settings(**{**deal.settings.model_dump(exclude_unset=True), **values})
    return Deal(settings=settings, **{name: deal.table(name) for name in TABLES})


def with_party(deal: Deal, position: int, **values: Any) -> Deal:
    """The deal with other values of one party."""
    parties = [party.model_dump(exclude_unset=True) for party in deal.settings.parties]
    parties[position] = {**parties[position], **values}
    return with_settings(deal, parties=parties)


def with_prior(deal: Deal, position: int, **values: Any) -> Deal:
    """The deal with other values of one prior."""
    priors = [prior.model_dump(exclude_unset=True) for prior in deal.settings.evidence.priors]
    priors[position] = {**priors[position], **values}
    return with_settings(deal, evidence={"priors": priors})


def many(deal: Deal, rows: int) -> Deal:
    """The deal with so many more requirements, quantities, systems and prices, all of them sound."""
    tables: dict[str, list[Frozen]] = {
        name: list(deal.table(name))
        for name in ("requirements", "requirement_quantities", "systems", "prices")
    }
    for number in range(rows // 4):
        for table, changes in (
            ("systems", {"id": f"falcon_{number}"}),
            ("prices", {"system": f"falcon_{number}"}),
            ("requirements", {"id": f"patrol_{number}"}),
            ("requirement_quantities", {"requirement": f"patrol_{number}"}),
        ):
            like = deal.table(table)[2 if table in ("systems", "prices") else 0]
            tables[table].append(type(like)(**{**like.model_dump(exclude_unset=True), **changes}))
    for name, records in tables.items():
        deal = deal.with_table(name, records)
    return deal


def _settings() -> Settings:
    return Settings(
        format=1,
        title="A sound deal",
        start="2026-10",
        months=24,
        currency="USD",
        price_base_year=2026,
        parties=(
            Party(
                id="us",
                name="Buyer",
                role="buyer",
                fiscal_year_start=10,
                discount_rate=0.03,
                escalation_index="procurement",
                **MADE_UP,
            ),
            Party(id="ua", name="Seller", role="seller", escalation_index="producer", **STATED),
            Party(id="dk", name="Maker elsewhere", role="third"),
        ),
        evidence=EvidenceSettings(
            priors=(
                EvidencePrior(measure="mission_success", role="recon", successes=1, failures=1, **MADE_UP),
            )
        ),
    )


def _offer() -> dict[str, Any]:
    system: dict[str, Any] = {"maker": "Works", "supplier": "ua", "domain": "air", "role": "recon", **MADE_UP}
    attribute: dict[str, Any] = {"attribute": "range", "unit": "km", **STATED}
    trial: dict[str, Any] = {"system": "scout", "setting": "field", "date": dt.date(2026, 5, 1), **STATED}
    return {
        "systems": (
            System(id="scout", name="Scout", design_version=2, **system),
            System(
                id="ranger",
                name="Ranger",
                successor_of="scout",
                available_from="2028-01",
                other_roles=("relay",),
                **system,
            ),
            System(id="falcon", name="Falcon", **{**system, "supplier": "dk"}),
        ),
        "attributes": (
            Attribute(system="scout", value=60, **attribute),
            Attribute(system="falcon", value=50, **{**attribute, "unit": "nmi"}),
            Attribute(system="ranger", attribute="interface", standard="STANAG 4586", **STATED),
        ),
        "trials": (
            Trial(measure="mission_success", n_trials=20, n_successes=17, version=1, **trial),
            Trial(measure="link_loss", exposure=300, exposure_unit="h", failures=4, **trial),
        ),
    }


def _need() -> dict[str, Any]:
    need: dict[str, Any] = {
        "branch": "army",
        "name": "Watch",
        "role": "recon",
        "domain": "air",
        "value_threshold": 3000,
        "value_objective": 1500,
        **MADE_UP,
    }
    criterion: dict[str, Any] = {"requirement": "patrol", **MADE_UP}
    return {
        "branches": (Branch(id="army", party="us", name="Army", **STATED),),
        "requirements": (
            Requirement(
                id="patrol",
                kind="use",
                effectiveness_measure="mission_success",
                appropriation="procurement",
                **need,
            ),
            Requirement(id="depot", kind="stock", on_hand=10, loss_rate=0.1, **need),
        ),
        "requirement_quantities": tuple(
            RequirementQuantity(requirement=name, fiscal_year=year, threshold=50, objective=80, **MADE_UP)
            for name in ("patrol", "depot")
            for year in (2027, 2028)
        ),
        "requirement_attributes": (
            RequirementAttribute(attribute="range", threshold=40, objective=50, unit="km", **criterion),
            RequirementAttribute(measure="mission_success", threshold=0.6, unit="1", **criterion),
            RequirementAttribute(standard="STANAG 4586", hard=False, **criterion),
            RequirementAttribute(
                measure="link_loss",
                direction="at_most",
                threshold=0.05,
                objective=0.02,
                unit="1/h",
                **criterion,
            ),
        ),
        "preferences": (
            Preference(
                id="as_falcon",
                requirement="patrol",
                kind="substitute",
                low=1,
                high=2,
                system="falcon",
                **MADE_UP,
            ),
            Preference(
                id="no_less", requirement="patrol", kind="ranking", other_requirement="depot", **MADE_UP
            ),
            Preference(
                id="half",
                requirement="depot",
                part="objective",
                kind="amount",
                low=1000,
                high=1600,
                **MADE_UP,
            ),
        ),
    }


def _production() -> dict[str, Any]:
    site: dict[str, Any] = {"site": "Town", **MADE_UP}
    learning: dict[str, Any] = {
        "units_already_made": 1000,
        "learning_slope": 0.9,
        "learning_group": "scouts",
        "transfer_share": 0.3,
        **MADE_UP,
    }
    motor: dict[str, Any] = {"category": "motor", "unit_cost": 50, **MADE_UP}
    return {
        "lines": (
            Line(
                id="home",
                country="UA",
                operator="ua",
                status="existing",
                initial_capacity=100,
                step_size=10,
                step_cost=5000,
                max_steps=3,
                **site,
            ),
            Line(
                id="away",
                country="DK",
                operator="dk",
                investor="ua",
                status="candidate",
                initial_capacity=60,
                open_cost=300_000,
                open_lead_months=6,
                return_share=0.5,
                **site,
            ),
        ),
        "line_systems": (
            LineSystem(line="home", system="scout", unit_cost=600, **learning),
            LineSystem(line="home", system="ranger", unit_cost=900, currency="EUR", **MADE_UP),
            LineSystem(line="away", system="scout", unit_cost=600, cost_premium=0.1, **learning),
        ),
        "components": (
            Component(id="motor_cn", name="Motor", origin="CN", **motor),
            Component(
                id="motor_ua", name="Motor", origin="UA", substitute_for="motor_cn", premium=0.2, **motor
            ),
        ),
        "system_components": (
            SystemComponent(system="scout", component="motor_cn", quantity=4, **MADE_UP),
            SystemComponent(system="scout", component="motor_ua", quantity=4, line="away", **MADE_UP),
        ),
        "component_supply": (ComponentSupply(component="motor_cn", fiscal_year=2027, limit=9000, **MADE_UP),),
        "home_needs": (
            HomeNeed(id="front", role="recon", fiscal_year=2027, quantity=300, value=900, **MADE_UP),
            HomeNeed(id="border", system="scout", fiscal_year=2027, quantity=100, value=900, **MADE_UP),
        ),
        "other_buyers": (
            OtherBuyer(
                id="gulf", tier="gulf", system="ranger", fiscal_year=2028, maximum=50, price=2000, **MADE_UP
            ),
        ),
    }


def _terms() -> dict[str, Any]:
    return {
        "prices": (
            Price(system="scout", fiscal_year=2027, unit_price=1000, firm_minimum=10, maximum=500, **MADE_UP),
            Price(system="scout", line="away", fiscal_year=2027, unit_price=1100, royalty=0.1, **MADE_UP),
            Price(system="falcon", fiscal_year=2028, unit_price=2000, maximum=30, currency="EUR", **STATED),
        ),
        "bundles": (
            Bundle(
                id="pair",
                fiscal_year=2027,
                systems=("scout", "ranger"),
                quantities=(4.0, 1.0),
                rebate=100,
                **MADE_UP,
            ),
        ),
        "integrations": (
            Integration(
                system="scout",
                branch="army",
                standard="STANAG 4586",
                cost=10_000,
                appropriation="procurement",
                months=3,
                payer="us",
                **MADE_UP,
            ),
        ),
        "projects": (
            Project(
                id="lighter",
                name="Lighter frame",
                systems=("scout", "ranger"),
                cost_by_year=(5000.0, 5000.0),
                buyer_share=0.5,
                months=12,
                effect="unit_cost",
                effect_value=0.9,
                result_owner="ua",
                **MADE_UP,
            ),
            Project(
                id="next",
                name="Successor",
                systems=("scout",),
                cost_by_year=(9000.0,),
                buyer_share=0.2,
                months=18,
                effect="successor",
                effect_subject="ranger",
                result_owner="ua",
                **MADE_UP,
            ),
        ),
        "rules": (
            Rule(
                id="origin", kind="component_origin_limit", subject="motor", origin=("CN",), limit=0, **STATED
            ),
            Rule(id="permit", kind="export_permit", subject="*", limit=2, valid_from="2026-10", **STATED),
            Rule(id="cap", kind="price_cap", subject="recon", limit=4000, valid_until="2028-01", **MADE_UP),
            Rule(id="ban", kind="exclusion", subject="falcon", is_hard=False, violation_price=10, **MADE_UP),
            Rule(
                id="mix",
                kind="mix",
                subject="recon",
                limit=0.5,
                direction="at_most",
                measure="units",
                within="air",
                **MADE_UP,
            ),
            Rule(id="choice", kind="either_or", subject="*", limit=1, systems=("scout", "falcon"), **MADE_UP),
        ),
        "clauses": (
            Clause(
                id="price",
                kind="price",
                subject="prices[scout//2027/0].unit_price",
                buyer_position=900,
                seller_position=1200,
                lower=800,
                upper=1300,
                **MADE_UP,
            ),
            Clause(id="rights", kind="rights", subject="*", buyer_position=1, seller_position=0, **MADE_UP),
        ),
        "clause_effects": (
            ClauseEffect(
                clause="rights",
                subject="lines[away].technology_transfer_months",
                buyer_value="0",
                seller_value="12",
                **MADE_UP,
            ),
            ClauseEffect(
                clause="rights",
                subject="rules[permit].valid_from",
                buyer_value="2026-10",
                seller_value="2027-10",
                **MADE_UP,
            ),
        ),
        "buyer_positions": (BuyerPosition(clause="price", position=950, **MADE_UP),),
        "seller_positions": (SellerPosition(clause="price", position=1100, **MADE_UP),),
        "uncertainty": tuple(
            Uncertainty(
                factor=factor,
                subject=subject,
                fiscal_year=2028,
                outcome=outcome,
                probability=chance,
                multiplier=multiplier,
                **MADE_UP,
            )
            for factor, subject, outcome, chance, multiplier in (
                ("buyer_need", "patrol", "less", 0.1, 0.5),
                ("buyer_need", "patrol", "same", 0.2, 1),
                ("buyer_need", "patrol", "more", 0.7, 1.2),
                ("budget", "army", "cut", 0.4, 0.8),
                ("budget", "army", "same", 0.6, 1),
            )
        ),
        "correlations": (
            Correlation(
                factor="buyer_need",
                subject="patrol",
                other_factor="budget",
                other_subject="army",
                coefficient=0.5,
                **MADE_UP,
            ),
        ),
    }


def _funds() -> dict[str, Any]:
    return {
        "budgets": (
            Budget(
                branch="army",
                fiscal_year=2026,
                appropriation="procurement",
                amount=9e6,
                years_valid=3,
                **STATED,
            ),
            Budget(branch="army", fiscal_year=2028, appropriation="operations", amount=1e6, **MADE_UP),
        ),
        "indices": tuple(
            Index(id=name, fiscal_year=year, value=100 + 2 * (year - 2026), kind="procurement", **MADE_UP)
            for name in ("procurement", "producer")
            for year in (2026, 2027, 2028)
        ),
        "rates": (Rate(id="EUR", fiscal_year=2026, value=1.1, **STATED),),
        "facts": (
            Fact(
                id="F1",
                subject="Scout",
                quantity_name="range",
                title="A page",
                address="https://example.org/1",
            ),
            Fact(
                id="F2", subject="Army", quantity_name="plan", title="A plan", address="https://example.org/2"
            ),
        ),
    }

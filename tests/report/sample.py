"""A small made-up deal with its assessment; `sample_plan.py` holds a plan of it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from types import SimpleNamespace
from typing import Any

from dronedeal.assessment.pairing import Criterion, Pairing
from dronedeal.assessment.posterior import Posterior
from dronedeal.deal import Deal, Party, Settings
from dronedeal.deal.demand import HomeNeed, OtherBuyer
from dronedeal.deal.facts import Fact
from dronedeal.deal.funds import Budget, Index
from dronedeal.deal.production import Line, LineSystem
from dronedeal.deal.requirements import Branch, Requirement, RequirementAttribute, RequirementQuantity
from dronedeal.deal.systems import Attribute, System
from dronedeal.deal.terms import Price, Rule
from dronedeal.quantities.calendar import Calendar, FiscalYears

START, MONTHS = "2026-10", 36
BUYER_YEARS = (2027, 2028, 2029)
SELLER_YEARS = (2026, 2027, 2028, 2029)
INDEX = {2027: 1.02, 2028: 1.04, 2029: 1.06}
CALENDAR = Calendar(START, MONTHS)
OF_BUYER = FiscalYears(CALENDAR, 10)
OF_SELLER = FiscalYears(CALENDAR, 1)

PRICE = {"bee": 850.0, "hornet": 4200.0, "pike": 265_000.0, "falcon": 5600.0}
EFFECTIVENESS = {
    ("strike", "bee"): 0.62,
    ("strike", "falcon"): 0.7,
    ("intercept", "hornet"): 0.55,
    ("patrol", "pike"): 1.0,
}
# Units a month by (requirement, system, line), in each of the three years.
MONTHLY = {
    ("strike", "bee", "kyiv"): (4000.0, 6000.0, 9000.0),
    ("strike", "falcon", None): (300.0, 300.0, 0.0),
    ("intercept", "hornet", "kyiv"): (250.0, 400.0, 500.0),
    ("intercept", "hornet", "texas"): (0.0, 150.0, 450.0),
    ("patrol", "pike", "odesa"): (1.0, 2.0, 2.0),
}
THRESHOLD = {
    "strike": (30_000.0, 45_000.0, 60_000.0),
    "intercept": (1500.0, 4000.0, 9000.0),
    "patrol": (20.0, 24.0, 24.0),
}
OBJECTIVE = {
    "strike": (40_000.0, 60_000.0, 90_000.0),
    "intercept": (2000.0, 6000.0, 9500.0),
    "patrol": (30.0, 36.0, 40.0),
}
VALUE = {"strike": 2400.0, "intercept": 5000.0, "patrol": 400_000.0}
BRANCH = {"strike": "army", "intercept": "army", "patrol": "navy"}
BUDGET = {"army": 160e6, "navy": 7e6}
KIND = {"strike": "use", "intercept": "stock", "patrol": "use"}


@dataclass(frozen=True)
class Known:
    """A posterior of which only the interval is known."""

    interval: tuple[float, float]


def sample_deal(names: Mapping[str, str] | None = None) -> Deal:
    """The deal; `names` replaces names in words by id, as for the tests with hostile text."""
    called = {
        "us": "United States",
        "ua": "Ukraine",
        "bee": "Bee 10",
        "hornet": "Hornet",
        "pike": "Pike 5",
        "falcon": "Falcon X",
        "army": "Army",
        "navy": "Navy",
        "strike": "One-way attack, short range",
        "intercept": "Interceptors against small aircraft",
        "patrol": "Uncrewed patrol boats",
        "kyiv": "Kyiv works",
        "odesa": "Odesa yard",
        "texas": "Texas joint line",
        "title": "Made-up deal",
        "note": "Round figure of the author",
        **(names or {}),
    }
    parties = (
        Party(
            id="us",
            name=called["us"],
            role="buyer",
            fiscal_year_start=10,
            discount_rate=0.03,
            escalation_index="pr",
        ),
        Party(id="ua", name=called["ua"], role="seller", discount_rate=0.08),
        Party(id="elsewhere", name="Other makers", role="third"),
    )
    assumed: Mapping[str, Any] = {"basis": "assumption", "note": called["note"]}
    settings = Settings(
        format=1,
        title=called["title"],
        start=START,
        months=MONTHS,
        currency="USD",
        price_base_year=2026,
        parties=parties,
    )
    return Deal(
        settings,
        systems=(
            System(
                id="bee",
                name=called["bee"],
                maker="Apiary",
                supplier="ua",
                domain="air",
                role="strike",
                source="F1",
                basis="fact",
            ),
            System(
                id="hornet",
                name=called["hornet"],
                maker="Apiary",
                supplier="ua",
                domain="air",
                role="intercept",
                source="F2",
                basis="fact",
            ),
            System(
                id="pike",
                name=called["pike"],
                maker="Yard",
                supplier="ua",
                domain="surface",
                role="patrol",
                **assumed,
            ),
            System(
                id="falcon",
                name=called["falcon"],
                maker="Falcon Inc",
                supplier="elsewhere",
                domain="air",
                role="strike",
                source="F3",
                basis="fact",
            ),
        ),
        attributes=(
            Attribute(system="bee", attribute="range", value=20, unit="km", source="F1", basis="fact"),
            Attribute(system="falcon", attribute="range", value=12, unit="km", **assumed),
        ),
        branches=(
            Branch(id="army", party="us", name=called["army"]),
            Branch(id="navy", party="us", name=called["navy"]),
            Branch(id="coast-guard", party="us", name="Coast Guard", note="No need was published"),
        ),
        requirements=tuple(
            Requirement(
                id=name,
                branch=BRANCH[name],
                name=called[name],
                role=name,
                domain="surface" if name == "patrol" else "air",
                kind=KIND[name],
                value_threshold=VALUE[name],
                value_objective=VALUE[name] / 2,
                on_hand=500.0 if name == "intercept" else 0.0,
                **assumed,
            )
            for name in THRESHOLD
        ),
        requirement_quantities=tuple(
            RequirementQuantity(
                requirement=name,
                fiscal_year=year,
                threshold=THRESHOLD[name][place],
                objective=OBJECTIVE[name][place],
                source="F4",
                basis="fact",
            )
            for name in THRESHOLD
            for place, year in enumerate(BUYER_YEARS)
        ),
        requirement_attributes=(
            RequirementAttribute(requirement="strike", attribute="range", threshold=10, unit="km", **assumed),
        ),
        lines=(
            Line(
                id="kyiv",
                name=called["kyiv"],
                site="Kyiv",
                country="UA",
                operator="ua",
                status="existing",
                initial_capacity=9000,
                step_size=3000,
                step_cost=2e6,
                max_steps=4,
                **assumed,
            ),
            Line(
                id="odesa",
                name=called["odesa"],
                site="Odesa",
                country="UA",
                operator="ua",
                status="existing",
                initial_capacity=4,
                **assumed,
            ),
            Line(
                id="texas",
                name=called["texas"],
                site="Waco",
                country="US",
                operator="us",
                status="candidate",
                initial_capacity=500,
                open_cost=30e6,
                open_lead_months=12,
                ramp_months=6,
                **assumed,
            ),
        ),
        line_systems=(
            LineSystem(line="kyiv", system="bee", unit_cost=500, **assumed),
            LineSystem(line="kyiv", system="hornet", unit_cost=2500, load_per_unit=2, **assumed),
            LineSystem(line="odesa", system="pike", unit_cost=180_000, **assumed),
            LineSystem(line="texas", system="hornet", unit_cost=3000, cost_premium=0.2, **assumed),
        ),
        prices=tuple(
            Price(system=system, fiscal_year=year, unit_price=price, **assumed)
            for system, price in PRICE.items()
            for year in BUYER_YEARS
        ),
        home_needs=tuple(
            HomeNeed(
                id="front",
                role="strike",
                fiscal_year=year,
                quantity=24_000,
                required_share=0.9,
                value=900,
                **assumed,
            )
            for year in SELLER_YEARS
        ),
        other_buyers=tuple(
            OtherBuyer(
                id="gulf-one",
                name="A Gulf state",
                tier="gulf",
                system="hornet",
                fiscal_year=year,
                maximum=600,
                price=5200,
                **assumed,
            )
            for year in SELLER_YEARS
        ),
        rules=(
            Rule(id="mix", kind="mix", subject="hornet", limit=0.6, direction="at_most", **assumed),
            Rule(
                id="made_in_us",
                kind="work_share",
                subject="*",
                origin=("US",),
                limit=0.3,
                is_hard=False,
                violation_price=0.2,
                **assumed,
            ),
        ),
        budgets=tuple(
            Budget(
                branch=branch,
                fiscal_year=year,
                appropriation="procurement",
                amount=amount,
                source="F4",
                basis="fact",
            )
            for branch, amount in BUDGET.items()
            for year in BUYER_YEARS
        ),
        indices=tuple(
            Index(id="pr", fiscal_year=year, value=value, kind="procurement", source="F4", basis="fact")
            for year, value in {2026: 1.0, **INDEX}.items()
        ),
        facts=tuple(
            Fact(
                id=f"F{number}",
                subject="Bee 10",
                quantity_name="range",
                value_low=18,
                value_high=20,
                unit="km",
                date="2026-03",
                title=f"Source {number}",
                address=f"https://example.org/{number}",
                confidence="medium",
            )
            for number in range(1, 5)
        ),
    )


def sample_assessment(deal: Deal | None = None) -> Any:
    """Pairings and posteriors as the matching would give them."""
    deal = deal or sample_deal()
    pairings = []
    for requirement in deal.requirements:
        for system in deal.systems:
            fits = system.role == requirement.role
            role = Criterion(
                "role",
                "role",
                fits,
                True,
                system.role,
                requirement.role,
                reason="" if fits else f"{system.name} is for {system.role}",
                row=("systems", 0),
            )
            criteria = [role]
            if fits and system.id == "falcon":
                criteria.append(
                    Criterion(
                        "attribute",
                        "endurance",
                        None,
                        False,
                        "no published figure",
                        "at least 20 min",
                        reason="endurance of Falcon X is not published; ask the maker",
                    )
                )
            effectiveness = EFFECTIVENESS.get((requirement.id, system.id), 1.0)
            known = Known((effectiveness - 0.1, min(1.0, effectiveness + 0.1)))
            pairings.append(
                Pairing(
                    requirement.id,
                    system.id,
                    fits,
                    tuple(criteria),
                    effectiveness if fits else 0.0,
                    known if effectiveness < 1 else None,
                    0,
                    MONTHS - 1 if fits else -1,
                )
            )
    posteriors = (
        Posterior(
            "bee",
            "mission_success",
            "any",
            family="beta",
            alpha=62,
            beta=38,
            n_rows=4,
            observed=140,
            effective=99,
            prior="half a success and half a failure",
            discounts=("2 rows from the factory count 80 %",),
        ),
        Posterior(
            "hornet",
            "mission_success",
            "any",
            family="beta",
            alpha=5.5,
            beta=4.5,
            n_rows=1,
            observed=12,
            effective=9,
        ),
    )
    return SimpleNamespace(pairings=tuple(pairings), posteriors=posteriors, growth=())

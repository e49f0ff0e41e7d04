"""A deal of six months in which three lines learn from one another, forget, and pay for their start."""

from __future__ import annotations

from typing import Any

from dronedeal.deal import Deal, Party, Settings
from dronedeal.deal.demand import HomeNeed
from dronedeal.deal.funds import Budget
from dronedeal.deal.production import Line, LineSystem
from dronedeal.deal.requirements import Branch, Requirement, RequirementQuantity
from dronedeal.deal.settings import Options
from dronedeal.deal.systems import System
from dronedeal.deal.terms import Price

MONTHS = 6


def learning_deal(**changes: Any) -> Deal:
    """The deal; made-up round figures. `changes` go into the row of the line `home`."""
    parties = (
        Party(id="north", name="Northland", role="buyer", fiscal_year_start=1, discount_rate=0.06),
        Party(id="river", name="Riverland", role="seller", fiscal_year_start=1, discount_rate=0.12),
    )
    settings = Settings(
        format=1,
        title="Six months of learning",
        start="2027-10",
        months=MONTHS,
        currency="USD",
        price_base_year=2027,
        parties=parties,
        options=Options(investment_months=3),
    )
    return Deal(
        settings,
        systems=tuple(
            System(id=name, name=name.title(), maker="K", supplier="river", domain="air", role="scout")
            for name in ("kite", "lark")
        ),
        branches=(Branch(id="army", party="north", name="Army"),),
        requirements=(
            Requirement(
                id="scouting",
                branch="army",
                name="Scouting",
                role="scout",
                domain="air",
                kind="use",
                value_threshold=1500,
                value_objective=1000,
            ),
        ),
        requirement_quantities=tuple(
            RequirementQuantity(requirement="scouting", fiscal_year=year, threshold=1200, objective=2400)
            for year in (2027, 2028)
        ),
        lines=_lines(),
        line_systems=_line_systems(**changes),
        prices=tuple(
            Price(system=system, fiscal_year=year, unit_price=price, royalty=0.1)
            for system, price in (("kite", 1000), ("lark", 900))
            for year in (2027, 2028)
        ),
        home_needs=tuple(
            HomeNeed(id="own", system="lark", fiscal_year=year, quantity=80, required_share=0.75, value=1100)
            for year in (2027, 2028)
        ),
        budgets=tuple(
            Budget(branch="army", fiscal_year=year, appropriation="procurement", amount=500_000)
            for year in (2027, 2028)
        ),
    )


def _lines() -> tuple[Line, ...]:
    common: dict[str, Any] = {"country": "RV", "site": "Harbour"}
    return (
        Line(id="home", operator="river", status="existing", initial_capacity=60, **common),
        Line(id="far", operator="river", status="existing", initial_capacity=40, **common),
        Line(
            id="joint",
            operator="north",
            status="candidate",
            initial_capacity=50,
            open_cost=4000,
            open_lead_months=1,
            ramp_months=2,
            step_size=20,
            max_steps=1,
            step_cost=1500,
            **common,
        ),
    )


def _line_systems(**changes: Any) -> tuple[LineSystem, ...]:
    group: dict[str, Any] = {"learning_group": "scouts", "transfer_share": 0.5}
    home: dict[str, Any] = {
        "line": "home",
        "system": "kite",
        "unit_cost": 800,
        "units_already_made": 100,
        "learning_slope": 0.8,
        "transfer_lag_months": 1,
        **group,
    }
    return (
        LineSystem(**(home | changes)),
        LineSystem(
            line="home",
            system="lark",
            unit_cost=1000,
            load_per_unit=1.5,
            units_already_made=50,
            learning_slope=0.85,
            learning_theory="cumulative_average",
            forgetting_rate=0.4,
            **group,
        ),
        LineSystem(line="far", system="kite", unit_cost=820, startup_premium=0.5, startup_units=25),
        LineSystem(
            line="joint",
            system="kite",
            unit_cost=700,
            cost_premium=0.25,
            units_already_made=20,
            learning_slope=0.9,
            transfer_lag_months=2,
            startup_premium=0.2,
            startup_units=30,
            **group,
        ),
    )

"""A deal of one year with price tiers and a bundle that can be worked out by hand.

The seller makes gulls and terns at a cost of 1, the price of both is 10, a unit is worth 12 to the buyer and
nobody discounts. Up to 100 gulls and 9 terns are asked for.
"""

from __future__ import annotations

from typing import Any

from dronedeal.deal import Deal, Party, Settings
from dronedeal.deal.funds import Budget
from dronedeal.deal.production import Line, LineSystem
from dronedeal.deal.requirements import Branch, Requirement, RequirementQuantity
from dronedeal.deal.settings import Options
from dronedeal.deal.systems import System
from dronedeal.deal.terms import Bundle, Price

ALL_UNITS = {"tier_from": 80, "unit_price": 8}
INCREMENTAL = ALL_UNITS | {"tier_kind": "incremental"}


def deal_with(*tiers: dict[str, Any], bundle: Bundle | None = None) -> Deal:
    parties = (Party(id="us", name="US", role="buyer"), Party(id="ua", name="UA", role="seller"))
    need: dict[str, Any] = {"domain": "air", "kind": "use", "value_threshold": 12, "value_objective": 12}
    first = {"tier_kind": tiers[0].get("tier_kind", "all_units")} if tiers else {}
    rows = [Price(system="gull", fiscal_year=2027, unit_price=10, **first)]
    rows += [Price(system="gull", fiscal_year=2027, **tier) for tier in tiers]
    return Deal(
        Settings(
            format=1,
            title="Gulls and terns",
            start="2027-01",
            months=12,
            currency="USD",
            price_base_year=2027,
            parties=parties,
            options=Options(),
        ),
        systems=tuple(
            System(id=name, name=name, maker="M", supplier="ua", domain="air", role=name)
            for name in ("gull", "tern")
        ),
        branches=(
            Branch(id="army", party="us", name="Army"),
            Branch(id="navy", party="us", name="Navy"),
        ),
        requirements=(
            Requirement(id="gulls", branch="army", name="Gulls", role="gull", **need),
            Requirement(id="terns", branch="navy", name="Terns", role="tern", **need),
        ),
        requirement_quantities=(
            RequirementQuantity(requirement="gulls", fiscal_year=2027, threshold=50, objective=100),
            RequirementQuantity(requirement="terns", fiscal_year=2027, threshold=5, objective=9),
        ),
        lines=(
            Line(id="works", site="K", country="UA", operator="ua", status="existing", initial_capacity=100),
        ),
        line_systems=tuple(LineSystem(line="works", system=name, unit_cost=1) for name in ("gull", "tern")),
        prices=(*rows, Price(system="tern", fiscal_year=2027, unit_price=10)),
        bundles=() if bundle is None else (bundle,),
        budgets=tuple(
            Budget(branch=name, fiscal_year=2027, appropriation="procurement", amount=5000)
            for name in ("army", "navy")
        ),
    )

"""The first deal with three futures from its second year on, planned once for all tests."""

from __future__ import annotations

from functools import cache
from pathlib import Path

from tests.planning.scenarios.uncertain import with_uncertainty

from dronedeal import read
from dronedeal.deal import Deal
from dronedeal.results.scenarios.record import ScenarioPlan
from dronedeal.workflow import plan_scenarios

FIRST_DEAL = Path(__file__).resolve().parents[3] / "deals" / "first-deal"
TREE = """node,parent,probability,buyer_need:*,budget:*,price:*,line_outage:*,effectiveness:*,home_need:*
now,,1,,,,,,
low,now,0.3,0.7,0.8,1.1,,,1.3
mid,now,0.5,,,,0.8,0.9,
high,now,0.2,1.3,1.2,0.9,,,0.5
"""


def uncertain_first_deal() -> Deal:
    """The first deal with rows of uncertainty: four scenarios."""
    return with_uncertainty(
        read(FIRST_DEAL),
        ("buyer_need", "*", 2028, {"less": (0.4, 0.6), "more": (0.6, 1.2)}),
        ("line_outage", "home", 2028, {"struck": (0.25, 0.5), "whole": (0.75, 1.0)}),
    )


@cache
def planned() -> ScenarioPlan:
    """The plan for the four scenarios."""
    return plan_scenarios(uncertain_first_deal(), scenarios=4, gap=1e-6)


@cache
def weighed() -> ScenarioPlan:
    """The same with the seller's worst tenth in place of its mean."""
    return plan_scenarios(
        uncertain_first_deal(),
        scenarios=4,
        gap=1e-6,
        tail=0.1,
        tail_of="seller",
        tail_weight=1.0,
        worth=False,
    )

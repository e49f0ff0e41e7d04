"""Made-up deals with composition rules of every kind, for the comparison with the naive model."""

from __future__ import annotations

from typing import Any

from dronedeal.deal import Deal
from dronedeal.deal.synthetic import synthetic_deal
from dronedeal.deal.terms import Rule


def ruled_deal(seed: int) -> Deal:
    """A synthetic deal of 18 months from October 2026 under priced and hard rules, some from mid-year on."""
    deal = synthetic_deal(systems=5, lines=3, requirements=3, seed=seed, months=18)
    return deal.with_table("rules", [*deal.rules, *_static(deal), *_summed(deal)])


def _static(deal: Deal) -> list[Rule]:
    """Rules that cost or close single deliveries."""
    prices = sorted(row.unit_price for row in deal.prices)
    middle, high = prices[len(prices) // 2], prices[-1]
    priced: dict[str, Any] = {"is_hard": False, "violation_price": 0.2 * middle}
    branches = [row.branch for row in deal.requirements]
    return [
        Rule(id="content", kind="local_content", subject="*", origin=("RV",), limit=0.6,
             valid_from="2027-03", **priced),
        Rule(id="origin", kind="component_origin_limit", subject="radio", origin=("WM", "EA"), limit=0.1,
             branch=branches[0], valid_until="2027-12", **priced),
        Rule(id="early", kind="export_permit", subject="*", limit=4, **priced),
        Rule(id="dear", kind="price_cap", subject="*", limit=middle, branch=branches[-1], is_hard=False,
             violation_price=0.5),
        Rule(id="too_dear", kind="price_cap", subject="*", limit=0.99 * high, valid_from="2027-06"),
    ]  # fmt: skip


def _summed(deal: Deal) -> list[Rule]:
    """Rules on what deliveries add up to; the hard ones can be kept by buying nothing."""
    systems = [system.id for system in deal.systems]
    branches = [row.branch for row in deal.requirements]
    country = deal.lines[-1].country
    return [
        Rule(id="work", kind="work_share", subject="*", origin=(country,),
             limit=0.9, valid_from="2027-02", is_hard=False, violation_price=0.3),
        Rule(id="mix", kind="mix", subject=systems[0], within="air", limit=0.35, direction="at_most",
             measure="units"),
        Rule(id="value", kind="mix", subject=systems[-1], limit=0.3, branch=branches[0], is_hard=False,
             violation_price=0.2),
        Rule(id="units", kind="mix", subject="radio", limit=0.8, measure="units", direction="at_most",
             is_hard=False, violation_price=500),
        Rule(id="one", kind="either_or", subject="*", systems=tuple(systems[:3]), limit=1,
             valid_from="2027-01"),
        Rule(id="some", kind="either_or", subject="*", systems=tuple(systems[1:]), limit=2,
             direction="at_least", is_hard=False, violation_price=50_000),
    ]  # fmt: skip

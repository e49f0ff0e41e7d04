"""Made-up deals with composition rules of every kind, for the comparison with the naive model."""

from __future__ import annotations

from typing import Any

from dronedeal.deal import Deal
from dronedeal.deal.synthetic import synthetic_deal
from dronedeal.deal.terms import Rule


def ruled_deal(seed: int) -> Deal:
    """A synthetic deal of 18 months from October 2026 under priced and hard rules, some from mid-year on."""
    deal = synthetic_deal(systems=5, lines=3, requirements=3, seed=seed, months=18)
    return deal.with_table("rules", [*deal.rules, *_static(deal)])


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

"""The table of what each composition rule costs: the deal planned without it against the plan."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from dronedeal.results.plan import Plan

Row = dict[str, Any]


def with_rule_costs(plan: Plan, others: Mapping[str, Plan]) -> Plan:
    """The plan with a row for each rule that was left out.

    Parameters
    ----------
    plan : of the whole deal
    others : the plan without each rule, by the rule, with the same objective

    Returns
    -------
    the same plan with the table `rule_costs`; `difference` is what leaving the rule out would bring
    """
    rows = tuple(_row(plan, rule, other) for rule, other in others.items())
    return replace(plan, tables={**plan.tables, "rule_costs": rows})


def _row(plan: Plan, rule: str, other: Plan) -> Row:
    return {
        "rule": rule,
        "status": other.status,
        "objective": other.objective,
        "difference": other.objective - plan.objective,
        "buyer": other.utilities["buyer"],
        "buyer_difference": other.utilities["buyer"] - plan.utilities["buyer"],
        "seller": other.utilities["seller"],
        "seller_difference": other.utilities["seller"] - plan.utilities["seller"],
        "bound": other.bound,
        "gap": other.gap,
        "words": _words(plan, rule, other),
    }


def _words(plan: Plan, rule: str, other: Plan) -> str:
    """One sentence, with a warning where the gaps of the two plans are larger than what sets them apart."""
    gain = other.objective - plan.objective
    moved = ", ".join(
        f"{plan.currency} {abs(change):,.0f} {'more' if change >= 0 else 'less'} for the {side}"
        for side in ("buyer", "seller")
        if (change := other.utilities[side] - plan.utilities[side]) is not None
    )
    words = (
        f"without rule {rule} the objective is {plan.currency} {abs(gain):,.0f} "
        f"{'higher' if gain >= 0 else 'lower'}: {moved}"
    )
    if other.bound is None or plan.bound is None:
        return f"{words}; no bound is known, so that this may be chance"
    unsettled = max(other.bound - other.objective, plan.bound - plan.objective)
    return words if abs(gain) > unsettled else f"{words}; within the gaps of the two plans, and may be chance"

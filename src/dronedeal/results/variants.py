"""The tables of variants: the same deal planned again with lines closed, or without one of its rules."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from dronedeal.results.plan import Plan

Row = Mapping[str, Any]


def with_baselines(plan: Plan, others: Mapping[str, Plan]) -> Plan:
    """The plan with a row for each baseline.

    Parameters
    ----------
    plan : of the whole deal
    others : the plan of each baseline by its kind, with the same objective

    Returns
    -------
    the same plan with the table `baselines`; `difference` is what the plan is worth more
    """
    rows = tuple(
        {
            "kind": kind,
            **_worth(other),
            "difference": plan.objective - other.objective,
            "gap": other.gap,
            "delivered": float(sum(row["quantity"] for row in other.tables["purchases"])),
            "broken": len(other.tables["violations"]),
        }
        for kind, other in others.items()
    )
    return replace(plan, tables={**plan.tables, "baselines": rows})


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
    rows = []
    for rule, other in others.items():
        row = {
            "rule": rule,
            **_worth(other),
            "difference": other.objective - plan.objective,
            **{f"{side}_difference": other.utilities[side] - plan.utilities[side] for side in _SIDES},
            "bound": other.bound,
            "gap": other.gap,
        }
        rows.append({**row, "words": _words_without(plan, row)})
    return replace(plan, tables={**plan.tables, "rule_costs": tuple(rows)})


_SIDES = ("buyer", "seller")


def _worth(other: Plan) -> dict[str, Any]:
    return {
        "status": other.status,
        "objective": other.objective,
        **{side: other.utilities[side] for side in _SIDES},
    }


def open_between(plan: Plan, row: Row) -> float | None:
    """What the gaps of a plan and of a variant leave open of their difference; None without a bound.

    Were both searched to the end, the difference could change by as much, one way or the other: the best of
    the plan lies between its objective and its bound, and so does that of the variant.

    Parameters
    ----------
    plan : of the whole deal
    row : of its table `baselines` or `rule_costs`

    Returns
    -------
    the larger of the two distances, discounted base-year currency
    """
    if plan.bound is None or row["gap"] is None:
        return None
    distance = float(row["gap"]) * max(1.0, abs(row["objective"]))
    left_open: float = max(distance, plan.bound - plan.objective, 0.0)
    return left_open


def is_settled(plan: Plan, row: Row) -> bool:
    """Whether the difference of a variant is larger than what the gaps leave open.

    Parameters
    ----------
    plan : of the whole deal
    row : of its table `baselines` or `rule_costs`
    """
    left_open = open_between(plan, row)
    return left_open is not None and abs(row["difference"]) > left_open


def _words_without(plan: Plan, row: Row) -> str:
    """One sentence, with a warning where the gaps of the two plans are larger than what sets them apart."""
    gain = row["difference"]
    moved = ", ".join(
        f"{plan.currency} {abs(change):,.0f} {'more' if change >= 0 else 'less'} for the {side}"
        for side in _SIDES
        for change in (row[f"{side}_difference"],)
    )
    words = (
        f"without rule {row['rule']} the objective is {plan.currency} {abs(gain):,.0f} "
        f"{'higher' if gain >= 0 else 'lower'}: {moved}"
    )
    if open_between(plan, row) is None:
        return f"{words}; no bound is known, so that this may be chance"
    return words if is_settled(plan, row) else f"{words}; within the gaps of the two plans, and may be chance"


def relaxed_where_broken(plan: Plan) -> Plan:
    """A plan that misses firm minima which bind nobody in its baseline says so by its status."""
    return replace(plan, status="relaxed") if plan.tables["violations"] else plan

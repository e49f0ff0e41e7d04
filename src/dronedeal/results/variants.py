"""The tables of variants: the same deal planned again with lines closed, or without one of its rules."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from dronedeal.results.plan import Plan

Row = Mapping[str, Any]
ALL = "all "
"""What stands before a kind of rules where all of them are left out at once."""


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
    """The plan with a row for each rule, or kind of rules, that was left out.

    Parameters
    ----------
    plan : of the whole deal
    others : the plan without each rule, by the rule, and without all rules of a kind, by `ALL` and the kind;
        with the same objective

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


def least_and_most(plan: Plan, row: Row) -> tuple[float, float] | None:
    """What a difference can be at least and at most, were both searches brought to their end.

    The best of the plan lies between its objective `z` and its bound `u`, that of the variant between `z'`
    and `u'`: what the plan is worth more than a baseline lies in `[z − u', u − z']`, what leaving out a rule
    brings in `[z' − u, u' − z]`. A baseline has fewer lines and a deal without a rule asks for less, so that
    neither is below zero where both sides together are maximised and no rule is broken.

    Parameters
    ----------
    plan : of the whole deal
    row : of its table `baselines` or `rule_costs`

    Returns
    -------
    discounted base-year currency; None where a bound is not known
    """
    if plan.bound is None or row["gap"] is None:
        return None
    bound = float(row["objective"]) + float(row["gap"]) * max(1.0, abs(row["objective"]))
    least, most = float(plan.objective) - bound, float(plan.bound) - row["objective"]
    if "rule" in row:
        least, most = -most, -least
    if plan.objective_kind == "joint" and "relaxed" not in (plan.status, row["status"]):
        least = max(0.0, least)
    return least, most


def is_settled(plan: Plan, row: Row) -> bool:
    """Whether the gaps leave no doubt that the difference of a variant is above zero, or below it.

    Parameters
    ----------
    plan : of the whole deal
    row : of its table `baselines` or `rule_costs`
    """
    found = least_and_most(plan, row)
    return found is not None and (found[0] > 0 or found[1] < 0)


def _words_without(plan: Plan, row: Row) -> str:
    """One sentence, with what the gaps of the two plans leave open of it."""
    gain = row["difference"]
    moved = ", ".join(
        f"{plan.currency} {abs(change):,.0f} {'more' if change >= 0 else 'less'} for the {side}"
        for side in _SIDES
        for change in (row[f"{side}_difference"],)
    )
    kind = row["rule"].removeprefix(ALL)
    left_out = f"rule {kind}" if kind == row["rule"] else f"all rules of the kind {kind}"
    words = (
        f"without {left_out} the objective is {plan.currency} {abs(gain):,.0f} "
        f"{'higher' if gain >= 0 else 'lower'}: {moved}"
    )
    found = least_and_most(plan, row)
    if found is None:
        return f"{words}; no bound is known, so that this may be chance"
    if not is_settled(plan, row):
        return f"{words}; within the gaps of the two plans, and may be chance"
    least, most = found
    return f"{words}; after all that the gaps leave open {least:,.0f} to {most:,.0f}"


def relaxed_where_broken(plan: Plan) -> Plan:
    """A plan that misses firm minima which bind nobody in its baseline says so by its status."""
    return replace(plan, status="relaxed") if plan.tables["violations"] else plan

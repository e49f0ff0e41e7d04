"""Checks of the baselines that joint production is judged against (rule 12)."""

from __future__ import annotations

from dronedeal.results.verify.compare import Comparer
from dronedeal.results.verify.ledger import Ledger
from dronedeal.results.verify.registry import check


@check("baselines", meaning="a baseline is worth what its sides gain, and no more than the plan could be")
def baselines(ledger: Ledger, compare: Comparer) -> None:
    plan = ledger.plan
    compare.count(1)  # a plan that was not asked for its baselines has none
    sides = ("buyer", "seller") if plan.objective_kind == "joint" else (plan.objective_kind,)
    for row in ledger.rows("baselines"):
        subject = ("baselines", row)
        gross = abs(row["buyer"]) + abs(row["seller"]) + abs(plan.objective)
        worth = sum(row[side] for side in sides)
        words = f"the objective is the utility of {' and '.join(sides)}"
        compare.equal(subject, row["objective"], worth, words, magnitude=gross)
        words = "the difference is what the plan is worth more"
        more = plan.objective - row["objective"]
        compare.equal(subject, row["difference"], more, words, magnitude=gross)
        is_relaxed, broken = row["status"] == "relaxed", f"{row['broken']:g} broken rules"
        words = "a baseline is relaxed exactly when it breaks a rule"
        compare.holds(
            subject, is_relaxed == (row["broken"] > 0), words, stated=row["status"], computed=broken
        )
        if (
            plan.objective_kind == "joint"
            and plan.status != "relaxed"
            and not is_relaxed
            and plan.bound is not None
        ):
            words = "a baseline keeps the same rules with fewer lines, so that it is under the plan's bound"
            compare.at_most(subject, row["objective"], plan.bound, words, magnitude=gross)

"""Checks of what each composition rule costs (rule 13)."""

from __future__ import annotations

from dronedeal.results.verify.compare import Comparer
from dronedeal.results.verify.ledger import Ledger
from dronedeal.results.verify.registry import check


@check("rule_costs", meaning="without a rule a deal is worth what its sides gain, and no less than with it")
def rule_costs(ledger: Ledger, compare: Comparer) -> None:
    plan = ledger.plan
    compare.count(1)  # a plan that was not asked what its rules cost says nothing of it
    sides = ("buyer", "seller") if plan.objective_kind == "joint" else (plan.objective_kind,)
    known = {name for rule in ledger.deal.rules for name in (rule.id, f"all {rule.kind}")}
    for row in ledger.rows("rule_costs"):
        subject = ("rule_costs", row)
        words = "the deal has such a rule, or rules of the kind"
        compare.holds(subject, row["rule"] in known, words, stated=row["rule"], computed="none")
        gross = abs(row["buyer"]) + abs(row["seller"]) + sum(map(abs, plan.utilities.values()))
        worth = sum(row[side] for side in sides)
        words = f"the objective is the utility of {' and '.join(sides)}"
        compare.equal(subject, row["objective"], worth, words, magnitude=gross)
        for name, stated, without in (
            ("difference", row["objective"], plan.objective),
            ("buyer_difference", row["buyer"], plan.utilities["buyer"]),
            ("seller_difference", row["seller"], plan.utilities["seller"]),
        ):
            words = f"the {name} is what leaving the rule out would bring"
            compare.equal(subject, row[name], stated - without, words, magnitude=gross)
        if row["bound"] is None:
            words = "without a bound there is no gap"
            compare.holds(subject, row["gap"] is None, words, stated=row["gap"], computed="null")
            continue
        words = "no plan can be worth more than its bound"
        compare.at_most(subject, row["objective"], row["bound"], words, magnitude=gross)
        if plan.objective_kind == "joint" and "relaxed" not in (plan.status, row["status"]):
            words = "the plan keeps all that is asked for without the rule, so that it is under that bound"
            compare.at_most(subject, plan.objective, row["bound"], words, magnitude=gross)

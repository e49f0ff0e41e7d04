"""The words of a plan that are a closed list: statuses, kinds of violation, parts of a utility."""

from __future__ import annotations

from collections.abc import Mapping

PLAN_FORMAT = "dronedeal-plan/1"
SUBJECT_SEPARATOR = " / "

STATUSES: Mapping[str, str] = {
    "optimal": "the gap was closed to the limit asked for",
    "feasible": "the search ended before the gap was closed; the plan keeps every rule",
    "relaxed": "rules collide; the violations say which were broken and by how much",
}
OBJECTIVE_KINDS: Mapping[str, str] = {
    "joint": "the sum of both utilities",
    "buyer": "the buyer's utility, with the seller at least at its alternative",
    "seller": "the seller's utility, with the buyer at least at its alternative",
}
OPENING_KINDS: Mapping[str, str] = {
    "open": "a candidate line is opened",
    "step": "capacity is added to a line",
}
REBATE_KINDS: Mapping[str, str] = {
    "tier": "units priced below the lowest tier",
    "bundle": "whole sets of a bundle",
}
REQUIREMENT_KINDS: Mapping[str, str] = {
    "use": "units delivered within the fiscal year count",
    "stock": "units on hand at the end of the fiscal year count",
}
PROJECT_EFFECTS: Mapping[str, str] = {
    "effectiveness": "deliveries of its systems count more, with the chance of success",
    "unit_cost": "its systems cost less to make, with the chance of success",
    "successor": "a successor can be delivered",
    "compliant_part": "more of a component can be had",
    "interface": "integration work of its systems with a branch is no longer needed",
}
PAYMENT_PURPOSES: Mapping[str, str] = {
    "deliveries": "what is delivered to the requirements of the branch",
    "integration": "the branch's part of integration work",
}
CHANGE_KINDS: Mapping[str, str] = {
    "purchase": "units of a system that a requirement takes in a fiscal year",
    "open": "a candidate line is opened",
    "step": "capacity is added to a line",
    "integration": "integration work is begun",
    "project": "a technical-cooperation project is begun",
}
FROZEN_KINDS: Mapping[str, str] = {
    "make": "units started; subject: system, line",
    "ship": "units delivered to a requirement; subject: requirement, system, line",
    "home": "units delivered to an own need; subject: need, system, line",
    "sale": "units sold to another buyer; subject: customer, system, line",
    "open": "a candidate line is opened; subject: line",
    "step": "capacity is added to a line; subject: line",
    "integration": "integration work is begun; subject: system, standard",
    "project": "a technical-cooperation project is begun; subject: project",
    "substitute": "units started with a substitute; subject: system, line, part, substitute",
}
VIOLATION_KINDS: Mapping[str, str] = {
    "firm_minimum": "fewer units bought than the firm minimum of a price; subject: system, or system / line",
    "home_need": "own needs behind their monthly pace; subject: need",
    "return_share": "less output returned to the owner than agreed; subject: line",
    "rule": "hard work share, mix or choice not kept; subject: rule, fiscal year (of a choice the last one)",
    "budget": "more money spent than voted; subject: branch / appropriation, fiscal year of the vote",
    "ceiling": "more paid to the seller than the ceiling of the agreement; subject: seller, last fiscal year",
    "cash_floor": "less money in the seller's account than its floor; subject: the seller",
    "frozen": "less done than frozen of a decision of an earlier plan; subject: kind of decision, ids, month",
}
UTILITY_ITEMS: Mapping[str, Mapping[str, str]] = {
    "buyer": {
        "coverage": "value of the coverage of the requirements",
        "payments": "prices paid for products that it does not operate (negative)",
        "rebates": "rebates of price tiers and bundles, and royalties saved with them",
        "royalties": "royalties to the seller on output of its own lines (negative)",
        "production": "cost of the units started on the lines that it operates (negative)",
        "fixed_cost": "fixed costs of the lines that it operates (negative)",
        "investment": "openings and steps that it pays for (negative)",
        "licence_fees": "licence fees to the seller for lines that it operates (negative)",
        "rule_penalties": "price of breaking composition rules that are not hard (negative)",
        "substitutes": "premium of substitute parts on the lines that it operates (negative)",
        "integration": "integration work that it pays for (negative)",
        "projects": "its part of the cost of technical-cooperation projects (negative)",
        "project_savings": "what projects save on units that it makes",
    },
    "seller": {
        "receipts": "prices received from the buyer for products that it operates",
        "rebates": "rebates of price tiers and bundles, and royalties lost with them (negative)",
        "royalties": "royalties on its designs made by others",
        "other_sales": "sales to other buyers",
        "home_supply": "value of its own needs served",
        "production": "cost of the units started on the lines that it operates (negative)",
        "fixed_cost": "fixed costs of the lines that it operates (negative)",
        "investment": "openings and steps that it pays for (negative)",
        "licence_fees": "licence fees for lines of others that make its designs",
        "integration": "integration work that it pays for (negative)",
        "substitutes": "premium of substitute parts on the lines that it operates (negative)",
        "reinvestment": "worth of the money put into its development fund, less that money",
        "projects": "its part of the cost of technical-cooperation projects (negative)",
        "project_savings": "what projects save on units that it makes",
    },
}
OWN_COST_ITEMS = frozenset(
    {"production", "fixed_cost", "investment", "integration", "substitutes", "projects", "project_savings"}
)
"""Items that are the plan's own cost, whichever side bears them; what projects save lowers it."""

BASELINE_KINDS: Mapping[str, str] = {
    "all_seller": "all made by the seller: no line of another operator makes its designs",
    "all_buyer": "all made by the buyer's side: nothing is delivered from lines that the seller operates",
}
CASH_RECEIPTS: Mapping[str, str] = {
    "receipts": "payments of the buyer for products that the seller operates, less rebates",
    "royalties": "royalties on its designs made by others",
    "licence_fees": "licence fees for lines of others that make its designs",
    "other_sales": "sales to other buyers",
    "own_needs": "the part of the value of its own needs met that is paid in",
}
CASH_COSTS: Mapping[str, str] = {
    "production": "what the lines that it operates pay for the units started",
    "substitutes": "premium of substitute parts on the lines that it operates",
    "fixed_cost": "fixed costs of the lines that it operates",
    "investment": "openings and steps that it pays for",
    "cooperation": "integration work and cooperation projects that it pays for",
    "reinvested": "money put into its development fund",
}
CASH_PROCEEDS = ("receipts", "royalties", "licence_fees")


def subject(*ids: str | None) -> str:
    """What a violation or a binding rule is about: ids of the deal, from the general to the particular.

    >>> subject("hornet", None), subject("army", "procurement")
    ('hornet', 'army / procurement')
    """
    return SUBJECT_SEPARATOR.join(part for part in ids if part is not None)

"""The one definition of the tables of a plan and their columns.

The JSON Schema, the reference page, the typed data frames and the reader of `plan.json` all walk
`PLAN_TABLES` (and `PLAN_KEYS` in `keys.py`); nothing about a column is written down twice.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Literal

from dronedeal.results.vocabulary import (
    BASELINE_KINDS,
    CASH_COSTS,
    CASH_RECEIPTS,
    CHANGE_KINDS,
    FROZEN_KINDS,
    OPENING_KINDS,
    PAYMENT_PURPOSES,
    PROJECT_EFFECTS,
    REBATE_KINDS,
    REQUIREMENT_KINDS,
    STATUSES,
    UTILITY_ITEMS,
    VIOLATION_KINDS,
)

ColumnKind = Literal["id", "text", "choice", "month", "fiscal_year", "number"]


@dataclass(frozen=True, slots=True)
class PlanColumn:
    """One column of a plan table.

    Parameters
    ----------
    name, kind, unit, meaning : as the reference page shows them
    is_nullable : whether null is allowed, with the sense that `meaning` gives it
    is_signed : whether a number may be negative
    choices : the words allowed where `kind` is `choice`
    """

    name: str
    kind: ColumnKind
    meaning: str
    unit: str = ""
    is_nullable: bool = False
    is_signed: bool = False
    choices: tuple[str, ...] = ()


@dataclass(frozen=True)
class PlanTable:
    """One table: what a row is, which columns tell rows apart, and all columns in their order."""

    name: str
    meaning: str
    key: tuple[str, ...]
    columns: tuple[PlanColumn, ...]

    @cached_property
    def names(self) -> tuple[str, ...]:
        """Names of the columns in their order."""
        return tuple(column.name for column in self.columns)


MONEY = "currency"
THEN_YEAR = "currency, then-year"
UNITS = "units"
EFFECTIVE = "effective units"
LOAD = "load units"

_MONTH = PlanColumn("month", "month", "Month")
_BUYER_YEAR = PlanColumn("fiscal_year", "fiscal_year", "Fiscal year of the buyer")
_SELLER_YEAR = PlanColumn("fiscal_year", "fiscal_year", "Fiscal year of the seller")
_BRANCH = PlanColumn("branch", "id", "Branch of the buyer")
_REQUIREMENT = PlanColumn("requirement", "id", "Requirement")
_SYSTEM = PlanColumn("system", "id", "System")
_LINE = PlanColumn("line", "id", "Line")
_LINE_OR_MARKET = PlanColumn("line", "id", "Line that made it; null: bought on the market", is_nullable=True)
_PRICE = PlanColumn("unit_price", "number", "Price of one unit", f"{MONEY} per unit")
_WORDS = PlanColumn("words", "text", "One sentence for the reader")
_ADDRESS = PlanColumn(
    "address", "text", "Cell of the deal that says it, as `table[key].column`; null: no single one",
    is_nullable=True,
)  # fmt: skip


def _number(
    name: str, unit: str, meaning: str, *, is_signed: bool = False, is_nullable: bool = False
) -> PlanColumn:
    return PlanColumn(name, "number", meaning, unit, is_nullable, is_signed)


def _choice(name: str, meaning: str, choices: Mapping[str, str]) -> PlanColumn:
    return PlanColumn(name, "choice", meaning, choices=tuple(choices))


def _items() -> tuple[str, ...]:
    return tuple(dict.fromkeys(item for items in UTILITY_ITEMS.values() for item in items))


_SHIPMENTS = PlanTable(
    "shipments", "Units delivered to a requirement of the buyer in one month",
    ("month", "requirement", "system", "line"),
    (
        _MONTH, _BUYER_YEAR, _BRANCH, _REQUIREMENT, _SYSTEM, _LINE_OR_MARKET,
        _number("quantity", UNITS, "Units delivered"),
        _number("effective_quantity", EFFECTIVE, "Units times the effectiveness found by the matching"),
        _PRICE,
        _number("amount", MONEY, "Quantity times unit price"),
        _number("amount_then_year", THEN_YEAR, "The same in prices of the fiscal year"),
    ),
)  # fmt: skip

_PRODUCTION = PlanTable(
    "production", "Units of a system started on a line in one month", ("month", "line", "system"),
    (
        _MONTH, _LINE, _SYSTEM,
        _number("quantity", UNITS, "Units started"),
        _number("good_quantity", UNITS, "Units started times the yield"),
        _number("unit_cost", f"{MONEY} per unit", "Average cost of a unit of the month, premiums included"),
        _number("amount", MONEY, "What they cost together, on the learning curve where there is one"),
    ),
)  # fmt: skip

_LEARNING = PlanTable(
    "learning",
    "A product whose unit cost falls with experience, over the whole plan",
    ("line", "system"),
    (
        _LINE, _SYSTEM,
        PlanColumn("learning_group", "id", "Group that shares experience; null: none", is_nullable=True),
        _number("experience_start", UNITS, "Units already made when the plan starts"),
        _number("made", UNITS, "Units started in the plan"),
        _number("learnt", UNITS, "Units of experience that arrived from others of the group"),
        _number("forgotten", UNITS, "Units of experience that were lost"),
        _number("experience_end", UNITS, "Experience at the end: start, made and learnt, less forgotten"),
        _number("unit_cost_start", f"{MONEY} per unit", "Cost of the first unit, without a start-up premium"),
        _number("unit_cost_end", f"{MONEY} per unit", "Cost that one more unit would have at the end"),
        PlanColumn("unit_cost", "number", "Average cost of the units started; null: none was",
            f"{MONEY} per unit", is_nullable=True),
    ),
)  # fmt: skip

_STOCK = PlanTable(
    "stock",
    "Finished units of a product at the end of a month",
    ("month", "line", "system"),
    (_MONTH, _LINE, _SYSTEM, _number("quantity", UNITS, "Finished units at the end of the month")),
)

_CAPACITY = PlanTable(
    "capacity", "What a line can carry in one month, and what it carries", ("month", "line"),
    (
        _MONTH, _LINE,
        _number("quantity", LOAD, "Capacity available: availability times installed and ramped capacity"),
        _number("used", LOAD, "Load of the units started"),
    ),
)  # fmt: skip

_OPENINGS = PlanTable(
    "openings",
    "A decision to open a candidate line or to add steps to a line",
    ("line", "kind", "decided"),
    (
        _LINE,
        _choice("kind", "`open` or `step`", OPENING_KINDS),
        PlanColumn("decided", "month", "Month of the decision, in which it is paid"),
        PlanColumn("effective", "month", "Month of the first output"),
        _number("quantity", "whole number", "Number of steps; 1 for an opening"),
        _number("amount", MONEY, "Investment"),
        PlanColumn("investor", "id", "Party that pays"),
        _number("licence_fee", MONEY, "Paid to the seller by the operator with an opening; 0: none is due"),
    ),
)

_INTEGRATIONS = PlanTable(
    "integrations",
    "Integration work that is begun; works that cost nothing are done without a decision",
    ("system", "standard"),
    (
        _SYSTEM,
        PlanColumn("standard", "text", "Standard or approval that the work leads to"),
        PlanColumn("branches", "text", "Branches that it is done for, separated by ` / `"),
        PlanColumn("start", "month", "Month in which it begins and is paid"),
        PlanColumn("done", "month", "First month in which a delivery that waits for it is possible"),
        PlanColumn("payer", "id", "Party that pays; the buyer in equal parts from the money of the branches"),
        _number("amount", MONEY, "Cost of the work, counted once for all branches"),
    ),
)

_PROJECT = PlanColumn("project", "id", "Technical-cooperation project")

_PROJECTS = PlanTable(
    "projects",
    "A technical-cooperation project that is begun",
    ("project",),
    (
        _PROJECT,
        PlanColumn(
            "begin", "month", "Month in which it begins; its cost is paid then and every twelve months"
        ),
        PlanColumn("done", "month", "First month in which its effect counts"),
        _number("amount_buyer", MONEY, "What the buyer pays, all years"),
        _number("amount_seller", MONEY, "What the seller pays, all years"),
        _choice("effect", "What changes", PROJECT_EFFECTS),
        PlanColumn("words", "text", "What the plan counts of it"),
    ),
)

_PROJECT_GAINS = PlanTable(
    "project_gains",
    "Effective units that a project adds to the deliveries of a fiscal year",
    ("project", "fiscal_year", "requirement"),
    (
        _PROJECT, _BUYER_YEAR, _REQUIREMENT,
        _number("quantity", EFFECTIVE, "At most units delivered times chance times added effectiveness"),
    ),
)  # fmt: skip

_PROJECT_SAVINGS = PlanTable(
    "project_savings",
    "Units started in a fiscal year that cost less by a project",
    ("project", "fiscal_year", "line", "system"),
    (
        _PROJECT, _BUYER_YEAR, _LINE, _SYSTEM,
        _number("quantity", UNITS, "Units started"),
        _number("amount", MONEY, "Saving expected: quantity times chance times what is saved a unit"),
    ),
)  # fmt: skip

_HOME_SUPPLY = PlanTable(
    "home_supply",
    "Units delivered to an own need of the seller in one month",
    ("month", "need", "system", "line"),
    (
        _MONTH, _SELLER_YEAR,
        PlanColumn("need", "id", "Own need of the seller"),
        _SYSTEM, _LINE,
        _number("quantity", UNITS, "Units delivered"),
        _number("amount", MONEY, "Their value to the seller"),
    ),
)  # fmt: skip

_HOME_COVERAGE = PlanTable(
    "home_coverage",
    "How far an own need of the seller is served in one fiscal year",
    ("need", "fiscal_year"),
    (
        PlanColumn("need", "id", "Own need of the seller"),
        _SELLER_YEAR,
        _number("needed", UNITS, "Units needed in the months of the year inside the plan"),
        _number("required", UNITS, "Share of them that goes before any export"),
        _number("quantity", UNITS, "Units delivered"),
        _number("shortfall", UNITS, "Units behind the monthly pace of the required share, at worst"),
    ),
)

_OTHER_SALES = PlanTable(
    "other_sales", "Units sold to another buyer in one month", ("month", "customer", "system", "line"),
    (
        _MONTH, _SELLER_YEAR,
        PlanColumn("customer", "id", "Customer"),
        PlanColumn("tier", "id", "Group of customers"),
        _SYSTEM, _LINE,
        _number("quantity", UNITS, "Units sold"),
        _PRICE,
        _number("amount", MONEY, "Quantity times unit price"),
    ),
)  # fmt: skip

_COVERAGE = PlanTable(
    "coverage",
    "How far a requirement is met in one fiscal year",
    ("requirement", "fiscal_year"),
    (
        _REQUIREMENT, _BRANCH,
        _choice("kind", "`use` or `stock`", REQUIREMENT_KINDS),
        _BUYER_YEAR,
        _number("threshold", EFFECTIVE, "Quantity to be reached (of a use: times the share of the year)"),
        _number("objective", EFFECTIVE, "Quantity desired (of a use: times the share of the year)"),
        _number("quantity", EFFECTIVE, "Effective units that count: used in the year, or on hand at its end"),
        _number("to_threshold", EFFECTIVE, "Of these, up to the threshold"),
        _number("to_objective", EFFECTIVE, "Of these, from the threshold to the objective"),
        _number("short_of_threshold", EFFECTIVE, "Threshold minus quantity, at least 0"),
        _number("short_of_objective", EFFECTIVE, "Objective minus quantity, at least 0"),
        _number("amount", MONEY, "Value of the coverage, undiscounted"),
    ),
)  # fmt: skip

_PURCHASES = PlanTable(
    "purchases",
    "Shipments of one fiscal year added up",
    ("fiscal_year", "requirement", "system", "line"),
    (
        _BUYER_YEAR, _BRANCH, _REQUIREMENT, _SYSTEM, _LINE_OR_MARKET,
        _number("quantity", UNITS, "Units delivered"),
        _number("amount", MONEY, "What they cost"),
        _number("amount_then_year", THEN_YEAR, "The same in prices of the fiscal year"),
    ),
)  # fmt: skip

_PAYMENTS = PlanTable(
    "payments",
    "Money of one budget row spent in one fiscal year on one group of requirements, or on integration work",
    ("branch", "fiscal_year", "budget_year", "appropriation", "for_appropriation", "purpose"),
    (
        _BRANCH,
        PlanColumn("fiscal_year", "fiscal_year", "Fiscal year of the buyer in which it is paid"),
        PlanColumn("budget_year", "fiscal_year", "Fiscal year of the buyer in which the money was voted"),
        PlanColumn("appropriation", "id", "Kind of money"),
        PlanColumn(
            "for_appropriation",
            "id",
            "Appropriation that the requirements or the work name; null: any",
            is_nullable=True,
        ),
        _choice("purpose", "What it is spent on", PAYMENT_PURPOSES),
        _number("amount_then_year", THEN_YEAR, "Money spent"),
        _number("amount", MONEY, "The same at base-year prices"),
    ),
)

_BUDGETS = PlanTable(
    "budgets",
    "Money of a branch against what is spent of it",
    ("branch", "budget_year", "appropriation"),
    (
        _BRANCH,
        PlanColumn("budget_year", "fiscal_year", "Fiscal year of the buyer in which the money was voted"),
        PlanColumn("appropriation", "id", "Kind of money"),
        _number("amount_then_year", THEN_YEAR, "Money voted"),
        _number("spent", THEN_YEAR, "Money spent over all years"),
        _number("left", THEN_YEAR, "Voted minus spent, at least 0"),
        _number("overspent", THEN_YEAR, "Spent minus voted, at least 0"),
    ),
)

_REBATES = PlanTable(
    "rebates",
    "What a price tier or a bundle gives back to a group of requirements for one fiscal year",
    ("fiscal_year", "kind", "subject", "branch", "for_appropriation"),
    (
        _BUYER_YEAR,
        _choice("kind", "`tier` or `bundle`", REBATE_KINDS),
        PlanColumn("subject", "text", "System, or system / line, of the price; id of the bundle"),
        _BRANCH,
        PlanColumn(
            "for_appropriation", "id", "Appropriation that the requirements name; null: any", is_nullable=True
        ),
        _number("quantity", "units, or sets", "Units at another price than that of the lowest tier, or sets"),
        _number("amount", MONEY, "Rebate; below zero where a higher tier is dearer", is_signed=True),
        _number("amount_then_year", THEN_YEAR, "The same in prices of the fiscal year", is_signed=True),
    ),
)

_COMMITMENTS = PlanTable(
    "commitments",
    "What the agreement with the seller comes to in one fiscal year of the buyer",
    ("fiscal_year",),
    (
        _BUYER_YEAR,
        _number("to_seller", THEN_YEAR, "Owed to the seller for the deliveries of the year, less rebates"),
        _number("to_seller_so_far", THEN_YEAR, "The same since the start, held against the ceiling"),
        _number("paid_in_advance", THEN_YEAR, "Paid in the year in advance of its deliveries"),
        _number("paid_at_delivery", THEN_YEAR, "Paid in the year at delivery, royalties included"),
        _number("paid_after_retention", THEN_YEAR, "Paid in the year of what was kept back"),
        _number("rebates", THEN_YEAR, "Rebates of the year that lower what is owed", is_signed=True),
        _number("firm", THEN_YEAR, "Price of the firm quantities of the seller's systems in the year"),
        _number("firm_later", THEN_YEAR, "Price of the firm quantities of all later years"),
        _number("cancellation", THEN_YEAR, "Owed if the buyer cancelled at the end of the year; not paid"),
    ),
)

_UTILITY_ITEMS = PlanTable(
    "utility_items",
    "One part of a side's utility; the parts add up to it",
    ("party", "item"),
    (
        PlanColumn("party", "choice", "Side of the deal", choices=("buyer", "seller")),
        PlanColumn("item", "choice", "Part of the utility", choices=_items()),
        _number("amount", f"{MONEY}, discounted", "Contribution; costs are negative", is_signed=True),
    ),
)

_CASH = PlanTable(
    "cash",
    "The seller's cash account in one fiscal year of the buyer, undiscounted; no rows where none is kept",
    ("fiscal_year",),
    (
        _BUYER_YEAR,
        _number("opening", MONEY, "Money at the start of the year", is_signed=True),
        *(_number(name, MONEY, f"Paid in: {meaning}") for name, meaning in CASH_RECEIPTS.items()),
        *(_number(name, MONEY, f"Paid out: {meaning}") for name, meaning in CASH_COSTS.items()),
        _number("closing", MONEY, "Money at the end of the year", is_signed=True),
        _number("planned_closing", MONEY, "The same were every unit made at its greatest cost",
                is_signed=True),
        _number("floor", MONEY, "Least money that must be there at the end of the year", is_signed=True),
        _number("short", MONEY, "Floor minus planned closing, at least 0"),
    ),
)  # fmt: skip

_BASELINES = PlanTable(
    "baselines",
    "What the same deal is worth where one side makes everything; no rows where nobody asked for them",
    ("kind",),
    (
        _choice("kind", "Baseline", BASELINE_KINDS),
        _choice("status", "As of a plan", STATUSES),
        _number("objective", f"{MONEY}, discounted", "Its objective, of the plan's kind", is_signed=True),
        _number("buyer", f"{MONEY}, discounted", "Its worth to the buyer", is_signed=True),
        _number("seller", f"{MONEY}, discounted", "Its worth to the seller", is_signed=True),
        _number("difference", f"{MONEY}, discounted", "Objective of the plan minus that of the baseline",
                is_signed=True),
        PlanColumn("gap", "number", "Its gap; null: no bound is known", is_nullable=True),
        _number("delivered", UNITS, "Units delivered to the buyer"),
        _number("broken", "whole number", "Rules that it breaks, with firm minima that nothing serves"),
    ),
)  # fmt: skip

_RULE_COSTS = PlanTable(
    "rule_costs",
    "What the same deal is worth without a composition rule; no rows where nobody asked for them",
    ("rule",),
    (
        PlanColumn("rule", "text", "Rule that is left out; `all` and a kind: all rules of the kind"),
        _choice("status", "As of a plan", STATUSES),
        _number("objective", f"{MONEY}, discounted", "The objective without it", is_signed=True),
        _number("difference", f"{MONEY}, discounted", "What leaving it out would bring", is_signed=True),
        _number("buyer", f"{MONEY}, discounted", "Worth to the buyer without it", is_signed=True),
        _number("buyer_difference", f"{MONEY}, discounted", "Of the difference, the buyer's", is_signed=True),
        _number("seller", f"{MONEY}, discounted", "Worth to the seller without it", is_signed=True),
        _number("seller_difference", f"{MONEY}, discounted", "Of the difference, the seller's",
                is_signed=True),
        PlanColumn("bound", "number", "No plan without it is worth more; null: no bound is known",
                   f"{MONEY}, discounted", is_nullable=True, is_signed=True),
        PlanColumn("gap", "number", "Gap of the plan without it; null: no bound is known", is_nullable=True),
        _WORDS,
    ),
)  # fmt: skip

_VIOLATIONS = PlanTable(
    "violations",
    "A rule that the plan breaks",
    ("kind", "subject", "fiscal_year"),
    (
        _choice("kind", "Rule", VIOLATION_KINDS),
        PlanColumn("subject", "text", "Ids of what it is about, separated by ` / `"),
        PlanColumn("fiscal_year", "fiscal_year", "Fiscal year of the side that the rule binds"),
        _number("quantity", "unit", "By how much it is broken"),
        PlanColumn("unit", "text", "`units`, or the currency (then-year) for a budget"),
        _WORDS,
    ),
)

_BINDING = PlanTable(
    "binding",
    "A rule that holds the plan back, and what one more unit of it is worth",
    ("kind", "subject", "month", "fiscal_year"),
    (
        PlanColumn("kind", "id", "Rule"),
        PlanColumn("subject", "text", "Ids of what it is about, separated by ` / `"),
        _ADDRESS,
        PlanColumn("month", "month", "Month; null: a rule of a year or of the plan", is_nullable=True),
        PlanColumn("fiscal_year", "fiscal_year", "Fiscal year; null: a rule of a month or of the plan",
                   is_nullable=True),
        _number("dual", f"{MONEY}, discounted, per unit", "Change of the objective for one more unit",
                is_signed=True),
        PlanColumn("unit", "text", "Unit of the rule"),
        _WORDS,
    ),
)  # fmt: skip

_UNMET = PlanTable(
    "unmet",
    "A requirement that stays short of its objective in one fiscal year, and why",
    ("requirement", "fiscal_year"),
    (
        _REQUIREMENT, _BRANCH, _BUYER_YEAR,
        _number("quantity", EFFECTIVE, "Effective units short of the objective"),
        PlanColumn("cause", "id", "What holds it back: a kind of rule of `binding`, or in a word"),
        _ADDRESS,
        PlanColumn("month", "month", "Month of the cause; null: not of one month", is_nullable=True),
        PlanColumn("system", "id", "System of the best delivery that is left; null: none is left",
                   is_nullable=True),
        PlanColumn("line", "id", "Line that would make it; null: none, or the market", is_nullable=True),
        _number("more", f"{MONEY}, discounted, per unit",
                "Change of the objective for one more unit of the cause; null: it has no unit",
                is_signed=True, is_nullable=True),
        PlanColumn("more_unit", "text", "Unit of the cause; null: it has none", is_nullable=True),
        _number("reach", EFFECTIVE,
                "Effective units of the requirement that one more unit of the cause is enough for",
                is_signed=True, is_nullable=True),
        _WORDS,
    ),
)  # fmt: skip

_RULES = PlanTable(
    "rules",
    "A composition rule in one fiscal year in which it holds: what was measured, and what it costs to break",
    ("rule", "fiscal_year"),
    (
        PlanColumn("rule", "id", "Composition rule"),
        PlanColumn("fiscal_year", "fiscal_year", "Fiscal year of the buyer; null: the whole plan",
                   is_nullable=True),
        PlanColumn("branch", "id", "Branch of the buyer that it holds for; null: all", is_nullable=True),
        PlanColumn("measured", "number", "Share, greatest price, early units, or number of systems; "
                   "null: nothing is delivered that it speaks of", "by kind", is_nullable=True),
        _number("limit", "by kind", "What the rule allows or asks for; a price at base-year prices"),
        _number("violation", "unit", "By how much all deliveries of the year break it"),
        PlanColumn("unit", "text", "`units` (of a limit on parts: times the share beyond it), `systems`, "
                   "or the currency"),
        _number("penalty", MONEY, "What breaking it costs the buyer, undiscounted; 0 of a hard rule"),
        _WORDS,
    ),
)  # fmt: skip

_SUBSTITUTIONS = PlanTable(
    "substitutions",
    "Units started in one month with a substitute in place of a part",
    ("month", "line", "system", "component", "substitute"),
    (
        _MONTH, _LINE, _SYSTEM,
        PlanColumn("component", "id", "Part that the parts list names"),
        PlanColumn("substitute", "id", "Part that takes its place"),
        _number("quantity", UNITS, "Units started with it"),
        _number("parts", "parts", "Parts of the substitute in them"),
        _number("amount", MONEY, "What it costs the operator more"),
    ),
)  # fmt: skip

_PASSED_OVER = PlanTable(
    "passed_over",
    "A system of which nothing is delivered to a requirement of its kind, and what would bring it in with "
    "openings and steps as they are",
    ("system", "requirement"),
    (
        _SYSTEM, _REQUIREMENT, _BRANCH,
        PlanColumn("cause", "id", "What stands in its way: a kind of rule of `binding`, or in a word"),
        _ADDRESS,
        PlanColumn("fiscal_year", "fiscal_year", "Fiscal year of the buyer of the delivery that lacks least; "
                   "null: none is possible", is_nullable=True),
        PlanColumn("made_on", "id", "Line that would make it; null: none, or the market", is_nullable=True),
        _number("effectiveness", "effective units per unit", "Effectiveness found by the matching; null: the "
                "system is not eligible", is_nullable=True),
        _number("unit_price", f"{MONEY} per unit", "Price of one unit; null: no delivery is possible",
                is_nullable=True),
        _number("lacks", f"{MONEY}, discounted, per unit", "What one more unit would cost the objective; "
                "null: no delivery is possible", is_nullable=True),
        _number("price_needed", f"{MONEY} per unit", "Price at which it would come in; null: none is known",
                is_nullable=True),
        PlanColumn("price_year", "fiscal_year", "Fiscal year of that price", is_nullable=True),
        _number("effectiveness_needed", "effective units per unit",
                "Effectiveness at which it would come in; null: none up to 1 is known", is_nullable=True),
        _WORDS,
    ),
)  # fmt: skip

_CHANGES = PlanTable(
    "changes",
    "What the plan changes of the earlier plan that it stays near; empty where it stays near none",
    ("what", "subject", "fiscal_year", "month"),
    (
        _choice("what", "Purchase of a year, or decision", CHANGE_KINDS),
        PlanColumn("subject", "text", "Ids of what it is about, separated by ` / `"),
        PlanColumn("fiscal_year", "fiscal_year", "Fiscal year of the buyer; null: a decision of a month",
                   is_nullable=True),
        PlanColumn("month", "month", "Month of the decision; null: a purchase of a year", is_nullable=True),
        _number("old", "units or whole number", "In the earlier plan"),
        _number("new", "units or whole number", "In this plan"),
        _WORDS,
    ),
)  # fmt: skip

_FROZEN = PlanTable(
    "frozen", "A decision of the earlier plan in a month that is frozen; empty where nothing is",
    ("what", "subject", "month"),
    (
        _choice("what", "Kind of decision", FROZEN_KINDS),
        PlanColumn("subject", "text", "Ids of what it is about, separated by ` / `"), _MONTH,
        _number("old", "units or whole number", "In the earlier plan"),
        _number("new", "units or whole number", "In this plan; less only where the deal has changed"),
    ),
)  # fmt: skip

PLAN_TABLES: Mapping[str, PlanTable] = {
    table.name: table
    for table in (
        _SHIPMENTS, _PRODUCTION, _LEARNING, _STOCK, _CAPACITY, _OPENINGS,
        _INTEGRATIONS, _PROJECTS, _PROJECT_GAINS, _PROJECT_SAVINGS, _HOME_SUPPLY,
        _HOME_COVERAGE, _OTHER_SALES,
        _COVERAGE, _PURCHASES, _PAYMENTS, _BUDGETS, _REBATES, _COMMITMENTS,
        _CASH, _UTILITY_ITEMS, _VIOLATIONS, _BINDING, _UNMET, _PASSED_OVER, _CHANGES, _FROZEN, _RULES,
        _SUBSTITUTIONS, _RULE_COSTS, _BASELINES,
    )
}  # fmt: skip

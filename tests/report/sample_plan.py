"""A plan of the made-up deal that somebody could have drawn up by hand.

The tables are made by plain arithmetic and agree with one another; the plan is plausible, not optimal, and it
is short of some requirements on purpose.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from typing import Any

from tests.report.sample import (
    BRANCH,
    BUDGET,
    BUYER_YEARS,
    CALENDAR,
    EFFECTIVENESS,
    INDEX,
    KIND,
    MONTHLY,
    MONTHS,
    OBJECTIVE,
    OF_BUYER,
    OF_SELLER,
    PRICE,
    SELLER_YEARS,
    START,
    THRESHOLD,
    VALUE,
    sample_deal,
)
from tests.results.causes import NO_MORE

from dronedeal.deal import Deal
from dronedeal.results.columns import PLAN_TABLES
from dronedeal.results.plan import Plan


def sample_plan(deal: Deal | None = None, **changes: Any) -> Plan:
    """The plan of `sample_deal`; `changes` replaces top-level keys; of `tables`, those named."""
    deal = deal or sample_deal()
    tables = {**_tables(), **changes.pop("tables", {})}
    utilities = {
        side: sum(row["amount"] for row in tables["utility_items"] if row["party"] == side)
        for side in ("buyer", "seller")
    }
    objective = sum(utilities.values())
    content: dict[str, Any] = {
        "title": deal.settings.title,
        "currency": "USD",
        "price_base_year": 2026,
        "start": START,
        "months": MONTHS,
        "status": "optimal",
        "termination": "optimal",
        "objective_kind": "joint",
        "objective": objective,
        "bound": objective * 1.0004,
        "gap": 0.0004,
        "gap_of_cost": 0.006,
        "utilities": utilities,
        "sizes": {"columns": 1200, "rows": 900, "nonzeros": 5400, "integers": 18},
        "options": {"gap": 0.001, "time_limit": 60.0, "objective": "joint"},
        "seed": 7,
        "versions": {"dronedeal": "0.1.0", "highspy": "1.15.1"},
        "digest": deal.digest,
        "verification": {
            "is_passed": True,
            "checks": [
                {"name": "capacity", "comparisons": 108, "largest_residual": 2.5e-9},
                {"name": "budgets", "comparisons": 6, "largest_residual": 0.0},
            ],
        },
        "warnings": [
            "buyer/branches.csv, line 4: warning [branch_without_need] Coast Guard has no requirement"
        ],
        "not_counted": ["learning: unit costs stay as they are"],
        "tables": {name: tables.get(name, ()) for name in PLAN_TABLES},
    }
    return Plan(**{**content, **changes})


def _rule(rule: str, year: int, **figures: float | None) -> Mapping[str, Any]:
    words = f"rule {rule} in fiscal year {year}"
    return {"rule": rule, "fiscal_year": year, "branch": None, "unit": "USD", "words": words, **figures}


def _rule_cost(rule: str, *, buyer: float, seller: float) -> Mapping[str, Any]:
    """A rule without which both sides are worth so much more than 126 and 138 million."""
    objective = 264e6 + buyer + seller
    return {
        "rule": rule, "status": "optimal", "objective": objective, "difference": buyer + seller,
        "buyer": 126e6 + buyer, "buyer_difference": buyer, "seller": 138e6 + seller,
        "seller_difference": seller, "bound": objective, "gap": 0.0,
        "words": f"without rule {rule} the objective is higher",
    }  # fmt: skip


def _tables() -> dict[str, Sequence[Mapping[str, Any]]]:
    shipments = _shipments()
    home = _home_supply()
    sales = _other_sales()
    coverage = _coverage(shipments)
    purchases = _summed(
        shipments,
        ("fiscal_year", "branch", "requirement", "system", "line"),
        ("quantity", "amount", "amount_then_year"),
    )
    payments, budgets = _money(purchases)
    production = _production(shipments, home, sales)
    return {
        "shipments": shipments,
        "production": production,
        "learning": _learning(production),
        "stock": [
            {"month": CALENDAR.label(month), "line": "odesa", "system": "pike", "quantity": 1.0}
            for month in range(12)
        ],
        "capacity": _capacity(production),
        "openings": [
            {
                "line": "texas",
                "kind": "open",
                "decided": "2026-10",
                "effective": "2027-10",
                "quantity": 1.0,
                "amount": 30e6,
                "investor": "us",
                "licence_fee": 0.0,
            },
            {
                "line": "kyiv",
                "kind": "step",
                "decided": "2027-04",
                "effective": "2027-10",
                "quantity": 2.0,
                "amount": 4e6,
                "investor": "ua",
                "licence_fee": 0.0,
            },
        ],
        "integrations": [
            {
                "system": "hornet",
                "standard": "Safety release",
                "branches": "army / navy",
                "start": "2026-10",
                "done": "2027-04",
                "payer": "us",
                "amount": 1.5e6,
            },
            {
                "system": "pike",
                "standard": "Harbour trials",
                "branches": "navy",
                "start": "2026-10",
                "done": "2027-10",
                "payer": "ua",
                "amount": 2e6,
            },
        ],
        "projects": [
            {
                "project": "seeker",
                "begin": "2027-04",
                "done": "2028-10",
                "amount_buyer": 4e6,
                "amount_seller": 6e6,
                "effect": "effectiveness",
                "words": "a delivery of hornet counts 0.07 more (0.1 with a chance of 70%)",
            }
        ],
        "project_gains": [],
        "project_savings": [],
        "home_supply": home,
        "home_coverage": _home_coverage(home),
        "other_sales": sales,
        "coverage": coverage,
        "purchases": purchases,
        "payments": payments,
        "budgets": budgets,
        "cash": [_account(2026, 9e6, 12e6), _account(2027, 12e6, 11e6), _account(2028, 11e6, 14e6)],
        "baselines": [_baseline("all_seller", 240e6), _baseline("all_buyer", 95e6)],
        "utility_items": [
            {"party": party, "item": item, "amount": amount}
            for party, item, amount in (
                ("buyer", "coverage", 410e6),
                ("buyer", "payments", -230e6),
                ("buyer", "royalties", 0.0),
                ("buyer", "production", -24e6),
                ("buyer", "fixed_cost", 0.0),
                ("buyer", "investment", -30e6),
                ("buyer", "integration", 0.0),
                ("buyer", "projects", 0.0),
                ("buyer", "project_savings", 0.0),
                ("seller", "receipts", 228e6),
                ("seller", "royalties", 0.0),
                ("seller", "other_sales", 6e6),
                ("seller", "home_supply", 58e6),
                ("seller", "production", -150e6),
                ("seller", "fixed_cost", 0.0),
                ("seller", "investment", -4e6),
                ("seller", "integration", 0.0),
                ("seller", "projects", 0.0),
                ("seller", "project_savings", 0.0),
            )
        ],
        "violations": [],
        "binding": [
            {
                "kind": "capacity",
                "subject": "kyiv",
                "address": "lines[kyiv].initial_capacity",
                "month": "2028-09",
                "fiscal_year": None,
                "dual": 410.25,
                "unit": "load units",
                "words": "kyiv is full in September 2028: one more load unit adds USD 410 to the objective",
            },
            {
                "kind": "budget",
                "subject": "navy / procurement",
                "address": "budgets[navy/2027/procurement].amount",
                "month": None,
                "fiscal_year": 2027,
                "dual": 0.43,
                "unit": "then-year money",
                "words": "procurement money of navy voted in fiscal year 2027 is used up",
            },
        ],
        "rules": [
            _rule("mix", 2027, measured=0.55, limit=0.6, violation=0.0, penalty=0.0),
            _rule("made_in_us", 2027, measured=0.1, limit=0.3, violation=5e6, penalty=1e6),
            _rule("made_in_us", 2028, measured=None, limit=0.3, violation=0.0, penalty=0.0),
        ],
        "substitutions": [
            {
                "month": month,
                "line": "kyiv",
                "system": "hornet",
                "component": "camera",
                "substitute": "lens",
                "quantity": 10.0,
                "parts": 20.0,
                "amount": 4000.0,
            }
            for month in ("2026-11", "2027-02")
        ],
        "rule_costs": [
            _rule_cost("mix", buyer=3.2e6, seller=-0.4e6),
            _rule_cost("made_in_us", buyer=1.1e6, seller=9.5e6),
        ],
        "unmet": [
            {
                "requirement": row["requirement"],
                "branch": row["branch"],
                "fiscal_year": row["fiscal_year"],
                "quantity": row["short_of_objective"],
                "cause": "capacity" if row["requirement"] == "patrol" else "money",
                **NO_MORE,
                "words": f"line has no room for more {row['requirement']}; one more would add USD 1,200 to "
                "the objective",
            }
            for row in coverage
            if row["short_of_objective"] > 0
        ],
    }


def _shipments() -> list[dict[str, Any]]:
    rows = []
    for month in range(MONTHS):
        year = OF_BUYER.of(month)
        for (requirement, system, line), quantities in MONTHLY.items():
            quantity = quantities[BUYER_YEARS.index(year)]
            if quantity == 0:
                continue
            amount = quantity * PRICE[system]
            rows.append(
                {
                    "month": CALENDAR.label(month),
                    "fiscal_year": year,
                    "branch": BRANCH[requirement],
                    "requirement": requirement,
                    "system": system,
                    "line": line,
                    "quantity": quantity,
                    "effective_quantity": quantity * EFFECTIVENESS[requirement, system],
                    "unit_price": PRICE[system],
                    "amount": amount,
                    "amount_then_year": amount * INDEX[year],
                }
            )
    return rows


def _home_supply() -> list[dict[str, Any]]:
    return [
        {
            "month": CALENDAR.label(month),
            "fiscal_year": OF_SELLER.of(month),
            "need": "front",
            "system": "bee",
            "line": "kyiv",
            "quantity": 1900.0,
            "amount": 1900.0 * 900,
        }
        for month in range(MONTHS)
    ]


def _home_coverage(home: Sequence[Mapping[str, Any]]) -> list[dict[str, Any]]:
    rows = []
    for year in SELLER_YEARS:
        needed = 24_000 * OF_SELLER.share(year)
        quantity = sum(row["quantity"] for row in home if row["fiscal_year"] == year)
        rows.append(
            {
                "need": "front",
                "fiscal_year": year,
                "needed": needed,
                "required": 0.9 * needed,
                "quantity": quantity,
                "shortfall": 0.0,
            }
        )
    return rows


def _other_sales() -> list[dict[str, Any]]:
    return [
        {
            "month": CALENDAR.label(month),
            "fiscal_year": OF_SELLER.of(month),
            "customer": "gulf-one",
            "tier": "gulf",
            "system": "hornet",
            "line": "kyiv",
            "quantity": 40.0,
            "unit_price": 5200.0,
            "amount": 40.0 * 5200,
        }
        for month in range(6, MONTHS)
    ]


def _coverage(shipments: Sequence[Mapping[str, Any]]) -> list[dict[str, Any]]:
    rows = []
    for name in THRESHOLD:
        on_hand = 500.0
        for place, year in enumerate(BUYER_YEARS):
            effective = sum(
                row["effective_quantity"]
                for row in shipments
                if row["requirement"] == name and row["fiscal_year"] == year
            )
            on_hand += effective
            quantity = on_hand if KIND[name] == "stock" else effective
            threshold, objective = THRESHOLD[name][place], OBJECTIVE[name][place]
            low, high = min(quantity, threshold), max(0.0, min(quantity, objective) - threshold)
            rows.append(
                {
                    "requirement": name,
                    "branch": BRANCH[name],
                    "kind": KIND[name],
                    "fiscal_year": year,
                    "threshold": threshold,
                    "objective": objective,
                    "quantity": quantity,
                    "to_threshold": low,
                    "to_objective": high,
                    "short_of_threshold": threshold - low,
                    "short_of_objective": max(0.0, objective - quantity),
                    "amount": VALUE[name] * (low + high / 2),
                }
            )
    return rows


def _money(purchases: Sequence[Mapping[str, Any]]) -> tuple[list[dict[str, Any]], list[dict[str, Any]]]:
    payments, budgets = [], []
    for branch, amount in BUDGET.items():
        for year in BUYER_YEARS:
            rows = [row for row in purchases if row["branch"] == branch and row["fiscal_year"] == year]
            spent = sum(row["amount_then_year"] for row in rows)
            payments.append(
                {
                    "branch": branch,
                    "fiscal_year": year,
                    "budget_year": year,
                    "appropriation": "procurement",
                    "for_appropriation": None,
                    "purpose": "deliveries",
                    "amount_then_year": spent,
                    "amount": sum(row["amount"] for row in rows),
                }
            )
            budgets.append(
                {
                    "branch": branch,
                    "budget_year": year,
                    "appropriation": "procurement",
                    "amount_then_year": amount,
                    "spent": spent,
                    "left": max(0.0, amount - spent),
                    "overspent": max(0.0, spent - amount),
                }
            )
    return payments, budgets


def _production(*deliveries: Sequence[Mapping[str, Any]]) -> list[dict[str, Any]]:
    cost = {"bee": 500.0, "hornet": 2500.0, "pike": 180_000.0}
    made: dict[tuple[str, str, str], float] = defaultdict(float)
    for rows in deliveries:
        for row in rows:
            if row["line"] is not None:
                made[row["month"], row["line"], row["system"]] += row["quantity"]
    return [
        {
            "month": month,
            "line": line,
            "system": system,
            "quantity": quantity,
            "good_quantity": quantity,
            "unit_cost": cost[system],
            "amount": quantity * cost[system],
        }
        for (month, line, system), quantity in sorted(made.items())
    ]


def _learning(production: Sequence[Mapping[str, Any]]) -> list[dict[str, Any]]:
    """Hornets from Kyiv and from Texas learn from each other; a tenth cheaper at the end."""
    rows = []
    for line, experience in (("kyiv", 4000.0), ("texas", 500.0)):
        made = sum(row["quantity"] for row in production if (row["line"], row["system"]) == (line, "hornet"))
        rows.append(
            {
                "line": line,
                "system": "hornet",
                "learning_group": "hornets",
                "experience_start": experience,
                "made": made,
                "learnt": 120.0,
                "forgotten": 20.0,
                "experience_end": experience + made + 100.0,
                "unit_cost_start": 2500.0,
                "unit_cost_end": 2250.0,
                "unit_cost": 2350.0,
            }
        )
    return rows


def _capacity(production: Sequence[Mapping[str, Any]]) -> list[dict[str, Any]]:
    load: dict[tuple[str, str], float] = defaultdict(float)
    for row in production:
        load[row["month"], row["line"]] += row["quantity"] * (
            2 if row["line"] == "kyiv" and row["system"] == "hornet" else 1
        )
    rows = []
    for month in range(MONTHS):
        available = {
            "kyiv": 15_000.0 if month >= 12 else 9000.0,
            "odesa": 4.0,
            "texas": 500.0 * min(1.0, max(0, month - 11) / 6),
        }
        for line, quantity in available.items():
            label = CALENDAR.label(month)
            if quantity > 0:
                rows.append({"month": label, "line": line, "quantity": quantity, "used": load[label, line]})
    return rows


def _summed(
    rows: Sequence[Mapping[str, Any]], keys: Sequence[str], columns: Sequence[str]
) -> list[dict[str, Any]]:
    sums: dict[tuple[Any, ...], dict[str, float]] = {}
    for row in rows:
        entry = sums.setdefault(tuple(row[key] for key in keys), dict.fromkeys(columns, 0.0))
        for column in columns:
            entry[column] += row[column]
    return [{**dict(zip(keys, key, strict=True)), **entry} for key, entry in sums.items()]


def _account(year: int, opening: float, closing: float) -> dict[str, Any]:
    """A year of the seller's account: 76 million come in, and what is left over goes into the fund."""
    receipts = {"receipts": 70e6, "royalties": 1e6, "licence_fees": 0.0, "other_sales": 2e6, "own_needs": 3e6}
    costs = {"production": 50e6, "fixed_cost": 2e6, "investment": 4e6, "cooperation": 1e6, "substitutes": 0.0}
    left = opening + sum(receipts.values()) - sum(costs.values()) - closing
    ends = {"closing": closing, "planned_closing": closing, "floor": 10e6, "short": 0.0}
    return {"fiscal_year": year, "opening": opening, **receipts, **costs, "reinvested": left, **ends}


def _baseline(kind: str, worth: float) -> dict[str, Any]:
    return {
        "kind": kind,
        "status": "optimal",
        "objective": worth,
        "buyer": worth * 0.6,
        "seller": worth * 0.4,
        "difference": 264e6 - worth,
        "gap": 0.0004,
        "delivered": 4000.0,
        "broken": 0,
    }

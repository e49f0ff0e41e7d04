"""What the composition rules of a deal say of each delivery, read from the deal's own rows."""

from __future__ import annotations

import math
from collections.abc import Iterator

from dronedeal.deal.terms import Rule
from dronedeal.results.verify.books import Product, Row
from dronedeal.results.verify.ledger import Ledger

_SAME = 1e-12


def is_held(ledger: Ledger, rule: Rule, month: int) -> bool:
    """Whether a rule holds in a month of the plan."""
    label = ledger.labels[month]
    return (rule.valid_from or label) <= label <= (rule.valid_until or label)


def speaks_of(ledger: Ledger, rule: Rule, row: Row) -> bool:
    """Whether a rule holds for a delivery: for its branch and in its month."""
    branch = ledger.requirements[row["requirement"]].branch
    return rule.branch in (None, branch) and is_held(ledger, rule, ledger.month_number[row["month"]])


def is_named(ledger: Ledger, subject: str, system: str) -> bool:
    """Whether a subject means a system by `*`, its id, a role or its domain."""
    row = ledger.systems[system]
    return subject == "*" or subject in {row.id, row.role, row.domain, *row.other_roles}


def parts_of(ledger: Ledger, product: Product) -> list[tuple[str, str, float]]:
    """Category, country and value of the parts in one unit of a product."""
    line, system = product
    components = {row.id: row for row in ledger.deal.components}
    found = []
    for part in ledger.deal.system_components:
        if part.system == system and part.line in (None, line) and part.component in components:
            row = components[part.component]
            year = ledger.seller_years.names[0]
            cost = ledger.money.base_amount(row.unit_cost, row, party=ledger.seller, year=year)
            found.append((row.category, row.origin.upper(), part.quantity * cost))
    return found


def unit_excess(ledger: Ledger, rule: Rule, product: Product) -> float:
    """How far one unit breaks a rule on origin, content or exclusion; what is not known, as far as can be."""
    if rule.kind not in ("component_origin_limit", "local_content", "exclusion"):
        return 0.0
    parts = parts_of(ledger, product)
    is_by_category = not is_named(ledger, rule.subject, product[1])
    if is_by_category and rule.subject not in {row.category for row in ledger.deal.components}:
        return 0.0
    counted = [part for part in parts if not is_by_category or part[0] == rule.subject]
    if rule.kind == "exclusion" and not rule.origin:
        return float(not is_by_category or bool(counted) or not parts)
    countries = {code.upper() for code in rule.origin}
    named = [value for _, country, value in counted if country in countries]
    total = sum(value for _, _, value in counted)
    share = sum(named) / total if total > 0 else None
    limit = rule.limit or 0.0 if rule.kind != "exclusion" else 0.0
    if rule.kind == "local_content":
        if parts and not counted:
            return 0.0
        return _beyond(limit - (share or 0.0) if total > 0 or not named else limit)
    if share is None:
        share = 0.0 if parts and not named else 1.0
    return _beyond(share - limit)


def _beyond(excess: float) -> float:
    return excess if excess > _SAME else 0.0


def unit_penalty(ledger: Ledger, rule: Rule, row: Row) -> float:
    """Base-year currency that a priced rule asks for one unit of a delivery for which it holds."""
    month = ledger.month_number[row["month"]]
    year = ledger.buyer_year[month]
    product: Product = (row["line"], row["system"])
    price = rule.violation_price or 0.0
    if rule.kind == "price_cap":
        return price * above_cap(ledger, rule, row)
    weight = ledger.money.base_amount(price, rule, party=ledger.buyer, year=year)
    if rule.kind == "export_permit":
        is_sellers = ledger.systems[row["system"]].supplier == ledger.seller
        is_waiting = month < math.ceil(rule.limit or 0.0)
        return weight * (is_sellers and is_waiting and is_named(ledger, rule.subject, row["system"]))
    return weight * unit_excess(ledger, rule, product)


def above_cap(ledger: Ledger, rule: Rule, row: Row) -> float:
    """Base-year currency by which the price of a delivery is above a cap."""
    year = ledger.buyer_year[ledger.month_number[row["month"]]]
    price = ledger.price((row["line"], row["system"]), year)
    if price is None or not is_named(ledger, rule.subject, row["system"]):
        return 0.0
    cap = ledger.money.base_amount(rule.limit or 0.0, rule, party=ledger.buyer, year=year)
    return price[1] - cap if price[1] > cap * (1 + 1e-9) else 0.0


def penalties(ledger: Ledger) -> Iterator[tuple[Rule, int, float]]:
    """Priced rules that deliveries break: rule, fiscal year of the buyer, undiscounted base-year currency."""
    priced = [rule for rule in ledger.deal.rules if not rule.is_hard]
    for row in ledger.rows("shipments") if priced else ():
        year = ledger.buyer_year[ledger.month_number[row["month"]]]
        for rule in priced:
            if speaks_of(ledger, rule, row):
                amount = unit_penalty(ledger, rule, row) * row["quantity"]
                if amount:
                    yield rule, year, amount

"""What the composition rules of a deal say of each delivery, read from the deal's own rows."""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass

from dronedeal.deal.terms import Rule
from dronedeal.results.verify.books import Product, Row, known_once
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


@known_once
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


def unit_share(ledger: Ledger, rule: Rule, product: Product) -> float | None:
    """Share of a unit's parts that a rule on origin, content or exclusion counts; None: it says nothing.

    What is not known is as bad as can be.
    """
    return _unit_share(ledger, rule.id, product)


@known_once
def _unit_share(ledger: Ledger, name: str, product: Product) -> float | None:
    rule = next(rule for rule in ledger.deal.rules if rule.id == name)
    if rule.kind not in ("component_origin_limit", "local_content", "exclusion"):
        return None
    parts = parts_of(ledger, product)
    is_by_category = not is_named(ledger, rule.subject, product[1])
    if is_by_category and rule.subject not in {row.category for row in ledger.deal.components}:
        return None
    counted = [part for part in parts if not is_by_category or part[0] == rule.subject]
    if rule.kind == "exclusion" and not rule.origin:
        return float(not is_by_category or bool(counted) or not parts)
    countries = {code.upper() for code in rule.origin}
    named = [value for _, country, value in counted if country in countries]
    total = sum(value for _, _, value in counted)
    if rule.kind == "local_content" and parts and not counted:
        return 1.0
    if total > 0:
        return sum(named) / total
    is_none = bool(parts) and not named
    return 0.0 if is_none or rule.kind == "local_content" else 1.0


def share_limit(rule: Rule) -> float:
    """The share that a rule allows or asks for; an exclusion allows none."""
    return 0.0 if rule.kind == "exclusion" else rule.limit or 0.0


def unit_excess(ledger: Ledger, rule: Rule, product: Product) -> float:
    """How far one unit breaks a rule on origin, content or exclusion."""
    share = unit_share(ledger, rule, product)
    if share is None:
        return 0.0
    excess = share_limit(rule) - share if rule.kind == "local_content" else share - share_limit(rule)
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
    """Priced rules that are broken: rule, fiscal year of the buyer, undiscounted base-year currency."""
    for (name, year), found in sums(ledger).items():
        if found.penalty:
            yield next(rule for rule in ledger.deal.rules if rule.id == name), year, found.penalty
    priced = [rule for rule in ledger.deal.rules if not rule.is_hard]
    for row in ledger.rows("shipments") if priced else ():
        year = ledger.buyer_year[ledger.month_number[row["month"]]]
        for rule in priced:
            if speaks_of(ledger, rule, row):
                amount = unit_penalty(ledger, rule, row) * row["quantity"]
                if amount:
                    yield rule, year, amount


@dataclass(frozen=True, slots=True)
class Sum:
    """How deliveries stand to a work share, mix or choice, recomputed.

    Parameters
    ----------
    measured : share, or number of systems bought; None where nothing is delivered that it speaks of
    broken : units, base-year currency or systems by which it is broken
    penalty : undiscounted base-year currency that it costs, 0 of a hard rule
    whole : units or currency behind the share, the measure of rounding
    """

    measured: float | None
    broken: float
    penalty: float
    whole: float


@known_once
def sums(ledger: Ledger) -> dict[tuple[str, int], Sum]:
    """Work shares and mixes in each fiscal year in which they hold, choices in the last one, by rule."""
    found = {}
    for rule in ledger.deal.rules:
        years = sorted({ledger.buyer_year[t] for t in range(len(ledger.labels)) if is_held(ledger, rule, t)})
        if rule.kind in ("work_share", "mix"):
            for year in years:
                found[rule.id, year] = _share(ledger, rule, year)
        elif rule.kind == "either_or" and years:
            found[rule.id, years[-1]] = _choice(ledger, rule, years)
    return found


def _share(ledger: Ledger, rule: Rule, year: int) -> Sum:
    part = whole = 0.0
    for row in ledger.rows("shipments"):
        product = (row["line"], row["system"])
        if ledger.buyer_year[ledger.month_number[row["month"]]] != year or not speaks_of(ledger, rule, row):
            continue
        price = ledger.price(product, year)
        weight = (
            row["quantity"] if rule.measure == "units" else row["quantity"] * (price[1] if price else 0.0)
        )
        if rule.kind == "mix":
            is_whole = is_meant(ledger, rule.within or "*", product)
            is_part = is_meant(ledger, rule.subject, product)
        else:
            line = None if row["line"] is None else ledger.lines[row["line"]]
            is_whole = line is not None and is_meant(ledger, rule.subject, product)
            countries = {code.upper() for code in rule.origin}
            is_part = line is not None and line.country.upper() in countries
        whole += weight * is_whole
        part += weight * (is_whole and is_part)
    short = (rule.limit or 0.0) * whole - part
    broken = max(0.0, -short if rule.direction == "at_most" else short)
    broken = broken if broken > 1e-6 * whole else 0.0
    price_of = rule.violation_price or 0.0
    if rule.measure == "units":
        price_of = ledger.money.base_amount(price_of, rule, party=ledger.buyer, year=year)
    return Sum(part / whole if whole else None, broken, 0.0 if rule.is_hard else price_of * broken, whole)


def is_meant(ledger: Ledger, subject: str, product: Product) -> bool:
    """Whether a subject means a product: its system, the line that makes it, or a kind of part in it."""
    if is_named(ledger, subject, product[1]) or subject == product[0]:
        return True
    return subject in {category for category, _, _ in parts_of(ledger, product)}


def _choice(ledger: Ledger, rule: Rule, years: list[int]) -> Sum:
    units: dict[tuple[str, int], float] = defaultdict(float)
    for row in ledger.rows("shipments"):
        if row["system"] in rule.systems and speaks_of(ledger, rule, row):
            year = ledger.buyer_year[ledger.month_number[row["month"]]]
            units[row["system"], year] += row["quantity"]
    is_at_least = rule.direction == "at_least"
    least = 1.0 - 1e-6 if is_at_least else 0.0
    bought = len({system for (system, _), quantity in units.items() if quantity > least})
    beyond = (rule.limit or 0.0) - bought
    broken = max(0.0, beyond if is_at_least else -beyond)
    price = ledger.money.base_amount(rule.violation_price or 0.0, rule, party=ledger.buyer, year=years[-1])
    return Sum(float(bought), broken, 0.0 if rule.is_hard else price * broken, float(len(rule.systems)))


def sum_unit(ledger: Ledger, rule: Rule) -> str:
    """Unit in which a work share, mix or choice is broken."""
    if rule.kind == "either_or":
        return "systems"
    return ledger.plan.currency if rule.measure == "value" else "units"


@dataclass(frozen=True, slots=True)
class Figures:
    """A row of the table `rules`, recomputed.

    `size` is the measure of rounding of what is measured, `whole` that of violation and penalty.
    """

    measured: float | None
    limit: float
    violation: float
    unit: str
    penalty: float
    size: float
    whole: float


def expected_rows(ledger: Ledger) -> Iterator[tuple[tuple[str, int | None], Figures]]:
    """Every row that the table of rules must have, by rule and fiscal year (None: the whole plan)."""
    total = sums(ledger)
    for rule in ledger.deal.rules:
        for (name, year), found in total.items():
            if name == rule.id:
                key = (name, None if rule.kind == "either_or" else year)
                unit, limit = sum_unit(ledger, rule), rule.limit or 0.0
                whole = found.whole + found.penalty
                yield key, Figures(found.measured, limit, found.broken, unit, found.penalty, 1.0, whole)
        is_permit = rule.kind == "export_permit" and not rule.is_hard
        if is_permit or rule.kind in ("component_origin_limit", "local_content", "exclusion", "price_cap"):
            held = (t for t in range(len(ledger.labels)) if is_held(ledger, rule, t))
            for year in sorted({ledger.buyer_year[t] for t in held}):
                yield (rule.id, year), _by_delivery(ledger, rule, year)


def _by_delivery(ledger: Ledger, rule: Rule, year: int) -> Figures:
    """What the deliveries of a year come to under a rule that each keeps or breaks by itself."""
    units = weighted = violation = penalty = dearest = 0.0
    for row in ledger.rows("shipments"):
        is_of_year = ledger.buyer_year[ledger.month_number[row["month"]]] == year
        figure = _measured(ledger, rule, row) if is_of_year and speaks_of(ledger, rule, row) else None
        if figure is not None:
            measured, excess = figure
            units += row["quantity"]
            weighted += measured * row["quantity"]
            dearest = max(dearest, measured)
            violation += excess * row["quantity"]
            penalty += 0.0 if rule.is_hard else unit_penalty(ledger, rule, row) * row["quantity"]
    unit, limit, shown = "units", share_limit(rule), weighted / units if units else None
    if rule.kind == "price_cap":
        unit, shown = ledger.plan.currency, dearest if units else None
        limit = ledger.money.base_amount(rule.limit or 0.0, rule, party=ledger.buyer, year=year)
    elif rule.kind == "export_permit":
        shown = units or None
    violation = 0.0 if rule.is_hard else violation
    return Figures(
        shown, limit, violation, unit, penalty, max(1.0, shown or 0.0), units + violation + penalty
    )


def _measured(ledger: Ledger, rule: Rule, row: Row) -> tuple[float, float] | None:
    """What one unit of a delivery has of what a rule measures, and how far that breaks it."""
    product: Product = (row["line"], row["system"])
    if rule.kind == "price_cap":
        price = ledger.price(product, ledger.buyer_year[ledger.month_number[row["month"]]])
        is_asked = price is not None and is_named(ledger, rule.subject, row["system"])
        return (price[1], above_cap(ledger, rule, row)) if price is not None and is_asked else None
    if rule.kind == "export_permit":
        is_sellers = ledger.systems[row["system"]].supplier == ledger.seller
        is_early = ledger.month_number[row["month"]] < math.ceil(rule.limit or 0.0)
        return (
            (1.0, 1.0) if is_sellers and is_early and is_named(ledger, rule.subject, row["system"]) else None
        )
    share = unit_share(ledger, rule, product)
    return None if share is None else (share, unit_excess(ledger, rule, product))

"""Checks of substitutes: what they take the place of, and deliveries that rules allow only with them."""

from __future__ import annotations

from collections import defaultdict

from dronedeal.deal.production import Component
from dronedeal.deal.terms import Rule
from dronedeal.results.verify.books import Product
from dronedeal.results.verify.compare import Comparer
from dronedeal.results.verify.ledger import Ledger
from dronedeal.results.verify.registry import check
from dronedeal.results.verify.rulebook import is_named, share_limit, speaks_of, unit_excess

Need = tuple[Product, str, frozenset[str]]  # a product, a part of it, and the substitutes that would do


@check("substitutions", meaning="each substitute takes the place of a part of the unit, at its premium")
def substitutions(ledger: Ledger, compare: Comparer) -> None:
    components = {row.id: row for row in ledger.deal.components}
    swapped: dict[tuple[Product, str, int], float] = defaultdict(float)
    compare.count(1)
    for row in ledger.rows("substitutions"):
        product, subject = (row["line"], row["system"]), ("substitutions", row)
        part, substitute = components[row["component"]], components[row["substitute"]]
        is_one = substitute.substitute_for == part.id
        words = "the substitute is not for this part"
        compare.holds(subject, is_one, words, stated=substitute.id, computed=substitute.substitute_for)
        count = _count(ledger, product, part.id)
        words = "parts are units times their number in the parts list"
        compare.equal(subject, row["parts"], count * row["quantity"], words)
        extra = ledger.substitute_premium(part.id, substitute.id, row["line"])
        words = "the amount is parts times premium times the cost of the part in whose place they are"
        compare.equal(subject, row["amount"], extra * row["parts"], words)
        swapped[product, part.id, ledger.month_number[row["month"]]] += row["quantity"]
    for (product, name, month), quantity in swapped.items():
        made = ledger.made[product][month] if product in ledger.made else 0.0
        label = f"substitutions: {product[1]} of {product[0]}, {name}, {ledger.labels[month]}"
        compare.at_most(label, quantity, made, "no more units were started", unit="units")


def _count(ledger: Ledger, product: Product, component: str) -> float:
    """Number of a part in one unit of a product."""
    return sum(
        row.quantity
        for row in ledger.deal.system_components
        if (row.system, row.component) == (product[1], component) and row.line in (None, product[0])
    )


@check(
    "made_with_substitutes",
    meaning="what hard limits on origins allow only with substitutes was made with them by then",
)
def made_with_substitutes(ledger: Ledger, compare: Comparer) -> None:
    compare.count(1)
    hard = [
        rule
        for rule in ledger.deal.rules
        if rule.is_hard and rule.origin and rule.kind in ("component_origin_limit", "exclusion")
    ]
    needs: dict[Need, list[tuple[int, float]]] = defaultdict(list)
    known: dict[tuple[str, Product], dict[str, frozenset[str]]] = {}
    for row in ledger.rows("shipments") if hard else ():
        product, month = (row["line"], row["system"]), ledger.month_number[row["month"]]
        wanted: dict[str, frozenset[str]] = {}
        for rule in hard:
            if not speaks_of(ledger, rule, row) or not unit_excess(ledger, rule, product):
                continue
            if (rule.id, product) not in known:
                known[rule.id, product] = _needed(ledger, rule, product)
            for part, allowed in known[rule.id, product].items():
                wanted[part] = wanted.get(part, allowed) & allowed
            words = f"rule {rule.id} forbids its parts, and no substitutes would do"
            is_possible = bool(known[rule.id, product]) and all(wanted.values())
            compare.holds(("shipments", row), is_possible, words, stated=row["system"], computed="none")
        for part, allowed in wanted.items():
            needs[product, part, allowed].append((month, row["quantity"]))
    for need, delivered in needs.items():
        _enough(ledger, compare, need, delivered)


def _needed(ledger: Ledger, rule: Rule, product: Product) -> dict[str, frozenset[str]]:
    """Parts to be replaced, the most valuable first, and the substitutes that the rule allows for each."""
    components = {row.id: row for row in ledger.deal.components}
    countries = {code.upper() for code in rule.origin}
    counted = [
        (value, row)
        for row in components.values()
        if (value := _value(ledger, product, row)) is not None
        and (is_named(ledger, rule.subject, product[1]) or row.category == rule.subject)
    ]
    total = sum(value for value, _ in counted)
    left = {row.id: value for value, row in counted if row.origin.upper() in countries}
    found = {}
    for name in sorted(left, key=lambda each: (-left[each], each)):
        allowed = frozenset(
            row.id
            for row in components.values()
            if row.substitute_for == name and row.origin.upper() not in countries
        )
        if allowed and sum(left.values()) > (share_limit(rule) + 1e-12) * total:
            found[name] = allowed
            left = {**left, name: 0.0}
    return found if sum(left.values()) <= (share_limit(rule) + 1e-12) * total else {}


def _value(ledger: Ledger, product: Product, component: Component) -> float | None:
    """Value of a part in one unit; None where it is not in the unit."""
    count = _count(ledger, product, component.id)
    year = ledger.seller_years.names[0]
    cost = ledger.money.base_amount(component.unit_cost, component, party=ledger.seller, year=year)
    return count * cost if count else None


def _enough(ledger: Ledger, compare: Comparer, need: Need, delivered: list[tuple[int, float]]) -> None:
    """No more so far, by the end of each year of the buyer with such deliveries, than was made with them."""
    product, part, allowed = need
    good = ledger.makes[product].yield_rate
    for year in sorted({ledger.buyer_year[month] for month, _ in delivered}):
        last = ledger.buyer_years.months_in(year)[-1]
        so_far = sum(quantity for month, quantity in delivered if month <= last)
        made = sum(
            good * row["quantity"]
            for row in ledger.rows("substitutions")
            if (row["line"], row["system"]) == product
            and row["component"] == part
            and row["substitute"] in allowed
            and ledger.month_number[row["month"]] <= last
        )
        label = f"{product[1]} of {product[0]} with a substitute for {part}, by the end of {year}"
        compare.at_most(label, so_far, made, "rules on origin allow it only with one", unit="units")

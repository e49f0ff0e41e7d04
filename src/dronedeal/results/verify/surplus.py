"""Checks of own needs, returned output and other buyers (rules 7 to 9)."""

from __future__ import annotations

from collections import defaultdict

from dronedeal.results.verify.compare import Comparer
from dronedeal.results.verify.ledger import Ledger
from dronedeal.results.verify.registry import check


@check("home_supply", meaning="own needs are served by lines and systems that may, at their stated value")
def home_supply(ledger: Ledger, compare: Comparer) -> None:
    for row in ledger.plan.tables["home_supply"]:
        if row["month"] in ledger.month_number:
            words = "the need has no row for the fiscal year of the month"
            has_need = ledger.need_of(row) is not None
            compare.holds(("home_supply", row), has_need, words, stated=row["need"], computed="no row")
    for row in ledger.rows("home_supply"):
        need = ledger.need_of(row)
        if need is None:
            continue
        line, system = ledger.lines[row["line"]], ledger.systems[row["system"]]
        subject = ("home_supply", row)
        may_serve = line.operator == ledger.seller or line.return_share > 0
        words = "only lines of the seller, or with a return share, serve own needs"
        compare.holds(subject, may_serve, words, stated=line.id, computed=f"operated by {line.operator}")
        fits = need.system == system.id if need.system else need.role in (system.role, *system.other_roles)
        words = "the need asks for another system or role"
        compare.holds(subject, fits, words, stated=system.id, computed=need.system or need.role)
        amount = ledger.home_value(need) * row["quantity"]
        compare.equal(subject, row["amount"], amount, "the amount is quantity times the need's value")


@check(
    "home_coverage",
    meaning="own needs: sizes, deliveries within them, and the shortfall behind the pace (rule 7)",
)
def home_coverage(ledger: Ledger, compare: Comparer) -> None:
    stated = {(row["need"], row["fiscal_year"]): row for row in ledger.rows("home_coverage")}
    for key, pace in ledger.home_pace.items():
        label = f"home_coverage: {key[0]}, {key[1]}"
        words = "every need has a row for each of its years inside the plan"
        compare.holds(label, key in stated, words, stated="no row", computed="one row")
        compare.at_most(label, pace.delivered, pace.needed, "no more is delivered than needed", unit="units")
        row = stated.get(key)
        if row is None:
            continue
        for name, computed, words in (
            ("needed", pace.needed, "the quantity times the share of the year"),
            ("required", pace.required, "the required share of what is needed"),
            ("quantity", pace.delivered, "the sum of the deliveries"),
            ("shortfall", pace.shortfall, "the distance behind the monthly pace, at worst"),
        ):
            compare.equal(
                label, row[name], computed, f"{name} is {words}", unit="units", magnitude=pace.needed
            )
    for key in stated.keys() - ledger.home_pace.keys():
        words = "the deal has no such need in the year"
        compare.holds(f"home_coverage: {key[0]}, {key[1]}", False, words, stated="a row", computed="none")


@check(
    "other_sales",
    meaning="sales are from the seller's lines, at the customer's price, within its maximum (rule 9)",
)
def other_sales(ledger: Ledger, compare: Comparer) -> None:
    for row in ledger.plan.tables["other_sales"]:
        if row["month"] in ledger.month_number:
            words = "the customer has no row for the system and the fiscal year of the month"
            has_row = ledger.customer_of(row) is not None
            compare.holds(("other_sales", row), has_row, words, stated=row["customer"], computed="no row")
    sums: dict[tuple[str, str, int], float] = defaultdict(float)
    for row in ledger.rows("other_sales"):
        customer = ledger.customer_of(row)
        if customer is None:
            continue
        subject = ("other_sales", row)
        sums[customer.id, customer.system, customer.fiscal_year] += row["quantity"]
        operator = ledger.lines[row["line"]].operator
        words = "only lines of the seller sell to other buyers"
        compare.holds(
            subject, operator == ledger.seller, words, stated=row["line"], computed=f"operated by {operator}"
        )
        words = "the customer is of another tier"
        compare.holds(
            subject, row["tier"] == customer.tier, words, stated=row["tier"], computed=customer.tier
        )
        price = ledger.sale_price(customer)
        compare.equal(subject, row["unit_price"], price, "the unit price is the customer's")
        compare.equal(
            subject, row["amount"], price * row["quantity"], "the amount is quantity times unit price"
        )
    for key, total in sums.items():
        limit = ledger.customers[key].maximum * ledger.seller_years.share(key[2])
        label = f"{key[0]}, {key[1]}, fiscal year {key[2]}"
        compare.at_most(label, total, limit, "the customer takes no more", unit="units")

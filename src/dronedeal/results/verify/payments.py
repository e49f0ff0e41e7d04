"""Checks of money: payments and budgets (rule 10)."""

from __future__ import annotations

from collections import defaultdict

from dronedeal.results.verify.books import Row
from dronedeal.results.verify.compare import Comparer
from dronedeal.results.verify.ledger import Ledger, instalments
from dronedeal.results.verify.registry import check

Group = tuple[str, int, str | None, str]


@check(
    "payments",
    meaning="all is paid in the year that the terms say: shipments by instalments, and work that is begun",
)
def payments(ledger: Ledger, compare: Comparer) -> None:
    owed: dict[Group, float] = defaultdict(float)
    for row in ledger.rows("shipments"):
        requirement = ledger.requirements[row["requirement"]]
        year = ledger.buyer_year[ledger.month_number[row["month"]]]
        price = ledger.price((row["line"], row["system"]), year)
        if price is not None:
            amount = price[1] * row["quantity"] * ledger.money.index(ledger.buyer, year)
            product, month = (row["line"], row["system"]), ledger.month_number[row["month"]]
            for paid_in, share in instalments(ledger, product, month):
                due = ledger.buyer_year[paid_in]
                owed[requirement.branch, due, requirement.appropriation, "deliveries"] += share * amount
    for row in ledger.rows("rebates"):
        group = (row["branch"], row["fiscal_year"], row["for_appropriation"], "deliveries")
        owed[group] -= row["amount_then_year"]
    _owe_for_work(ledger, owed)
    paid: dict[Group, float] = defaultdict(float)
    for row in ledger.rows("payments"):
        paid[row["branch"], row["fiscal_year"], row["for_appropriation"], row["purpose"]] += row[
            "amount_then_year"
        ]
        base = row["amount_then_year"] / ledger.money.index(ledger.buyer, row["fiscal_year"])
        words = "the amount is the then-year amount divided by the buyer's index"
        compare.equal(("payments", row), row["amount"], base, words)
    for group in {**owed, **paid}:
        money = group[2] or "any appropriation"
        label = f"payments of {group[0]}, fiscal year {group[1]}, for {group[3]} from {money}"
        words = f"payments are the then-year cost of the {group[3]}, in the instalments of the terms"
        compare.equal(label, paid.get(group, 0.0), owed.get(group, 0.0), words, unit="money")


def _owe_for_work(ledger: Ledger, owed: dict[Group, float]) -> None:
    """Equal parts of the work that the buyer pays, each by its branch in the year in which it begins."""
    for row in ledger.rows("integrations"):
        members = ledger.works.get((row["system"], row["standard"].casefold()), [])
        start = ledger.month_number[row["start"]]
        for work in members:
            if work.payer == ledger.buyer:
                year = ledger.buyer_year[start]
                part = ledger.work_cost(work, start) / len(members)
                group = (work.branch, year, work.appropriation, "integration")
                owed[group] += part * ledger.money.index(ledger.buyer, year)


@check("payment_rules", meaning="each payment is from money of the branch that fits and is still valid")
def payment_rules(ledger: Ledger, compare: Comparer) -> None:
    valid = {(row.branch, row.fiscal_year, row.appropriation): row.years_valid for row in ledger.deal.budgets}
    for row in ledger.rows("payments"):
        subject = ("payments", row)
        years = valid.get((row["branch"], row["budget_year"], row["appropriation"]))
        if years is None:
            compare.holds(
                subject, False, "there is no such budget row", stated=row["appropriation"], computed="none"
            )
            continue
        fits = row["for_appropriation"] in (None, row["appropriation"])
        compare.holds(
            subject, fits, "the requirements ask for another appropriation",
            stated=row["appropriation"], computed=row["for_appropriation"],
        )  # fmt: skip
        last = row["budget_year"] + years - 1
        compare.holds(
            subject, row["budget_year"] <= row["fiscal_year"] <= last, "the money is not valid in the year",
            stated=row["fiscal_year"], computed=f"{row['budget_year']} to {last:g}",
        )  # fmt: skip


@check("budgets", meaning="money voted, spent, left and overspent of each budget row")
def budgets(ledger: Ledger, compare: Comparer) -> None:
    stated = {_key(row): row for row in ledger.rows("budgets")}
    for key, voted in ledger.voted.items():
        label = f"budgets: {key[0]}, {key[1]}, {key[2]}"
        words = "every budget row is listed"
        compare.holds(label, key in stated, words, stated="no row", computed="one row")
        row = stated.get(key)
        if row is None:
            continue
        spent = ledger.spent.get(key, 0.0)
        for name, computed, words in (
            ("amount_then_year", voted, "the money voted, in then-year money"),
            ("spent", spent, "the sum of the payments"),
            ("left", max(0.0, voted - spent), "voted minus spent"),
            ("overspent", max(0.0, spent - voted), "spent minus voted"),
        ):
            compare.equal(
                label, row[name], computed, f"{name} is {words}", unit="money", magnitude=voted + spent
            )
    for key in stated.keys() - ledger.voted.keys():
        row = stated[key]
        words = "the deal has no such budget"
        compare.holds(("budgets", row), False, words, stated=row["amount_then_year"], computed="none")


def _key(row: Row) -> tuple[str, int, str]:
    return row["branch"], row["budget_year"], row["appropriation"]

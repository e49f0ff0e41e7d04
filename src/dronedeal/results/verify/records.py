"""Checks of the rows themselves: whose deal, known ids and months, unique keys, signs."""

from __future__ import annotations

from collections.abc import Collection

from dronedeal.results.columns import PLAN_TABLES
from dronedeal.results.verify.books import SELLER_YEAR_TABLES
from dronedeal.results.verify.compare import Comparer
from dronedeal.results.verify.ledger import Ledger
from dronedeal.results.verify.registry import check


@check("digest", meaning="the plan was made from this deal, and says so in its head")
def digest(ledger: Ledger, compare: Comparer) -> None:
    plan, settings = ledger.plan, ledger.deal.settings
    compare.holds(
        "digest",
        plan.digest == ledger.deal.digest,
        "the plan was made from another deal or the deal has changed since; plan again",
        stated=plan.digest,
        computed=ledger.deal.digest,
    )
    for name in ("title", "currency", "price_base_year", "start", "months"):
        stated, computed = getattr(plan, name), getattr(settings, name)
        compare.holds(name, stated == computed, "the deal says otherwise", stated=stated, computed=computed)


@check("ids", meaning="every branch, requirement, system, line, need, customer and party is of the deal")
def ids(ledger: Ledger, compare: Comparer) -> None:
    for table in PLAN_TABLES.values():
        rows = ledger.plan.tables[table.name]
        for name in (column.name for column in table.columns if column.kind == "id"):
            known = ledger.known_ids.get(name)
            if known is None:
                continue
            compare.count(len(rows))
            for row in rows:
                if row[name] not in known and row[name] is not None:
                    compare.holds(
                        (table.name, row),
                        False,
                        f"the deal has no such {name}",
                        stated=row[name],
                        computed="none",
                    )


@check("products", meaning="a line makes each system that comes from it; what has no line is on the market")
def products(ledger: Ledger, compare: Comparer) -> None:
    for table in PLAN_TABLES.values():
        if not {"system", "line"} <= set(table.names):
            continue
        for row in ledger.plan.tables[table.name]:
            product = f"{row['system']} from {row['line'] or 'the market'}"
            compare.holds(
                (table.name, row),
                ledger.is_known_product(row),
                "the line does not make the system, or the system is not sold on the market",
                stated=product,
                computed="none",
            )


@check("months", meaning="months are of the plan, and fiscal years are those of their months")
def months(ledger: Ledger, compare: Comparer) -> None:
    for table in PLAN_TABLES.values():
        for column in table.columns:
            if column.kind == "month":
                _allowed_only(ledger, compare, table.name, column.name, ledger.month_number)
            elif column.kind == "fiscal_year":
                years = ledger.years_allowed(table.name, column.name)
                _allowed_only(ledger, compare, table.name, column.name, years)
    _years_of_months(ledger, compare)


def _allowed_only(
    ledger: Ledger, compare: Comparer, table: str, column: str, allowed: Collection[int] | Collection[str]
) -> None:
    rows = ledger.plan.tables[table]
    compare.count(len(rows))
    for row in rows:
        if row[column] not in allowed and row[column] is not None:
            span = f"{min(allowed, default='none')} to {max(allowed, default='none')}"
            words = f"{column} is outside the plan"
            compare.holds((table, row), False, words, stated=row[column], computed=span)


def _years_of_months(ledger: Ledger, compare: Comparer) -> None:
    for name, table in PLAN_TABLES.items():
        if table.key[0] != "month" or "fiscal_year" not in table.names:
            continue
        years = ledger.seller_year if name in SELLER_YEAR_TABLES else ledger.buyer_year
        rows = ledger.rows(name)
        compare.count(len(rows))
        for row in rows:
            year = years[ledger.month_number[row["month"]]]
            if row["fiscal_year"] != year:
                words = "the fiscal year is not the one of the month"
                compare.holds((name, row), False, words, stated=row["fiscal_year"], computed=year)


@check("keys", meaning="no two rows of a table have the same key")
def keys(ledger: Ledger, compare: Comparer) -> None:
    for name, table in PLAN_TABLES.items():
        seen = set()
        for row in ledger.plan.tables[name]:
            key = tuple(row[column] for column in table.key)
            compare.holds(
                (name, row), key not in seen, "the row stands twice", stated="twice", computed="once"
            )
            seen.add(key)


@check("not_negative", meaning="no quantity, price or amount is below zero, discounted costs apart")
def not_negative(ledger: Ledger, compare: Comparer) -> None:
    for name, table in PLAN_TABLES.items():
        rows = ledger.plan.tables[name]
        for column in table.columns:
            if column.kind != "number" or column.is_signed:
                continue
            compare.count(len(rows))
            for row in rows:
                if row[column.name] is not None and row[column.name] < 0:
                    words = f"{column.name} is below zero"
                    compare.holds((name, row), False, words, stated=row[column.name], computed="at least 0")

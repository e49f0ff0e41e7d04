"""Checks of investment and production: openings, capacity, stock, components (rules 1 to 4)."""

from __future__ import annotations

from collections import defaultdict

from dronedeal.results.verify.books import Product, Row
from dronedeal.results.verify.compare import Comparer
from dronedeal.results.verify.ledger import Ledger, lead_months
from dronedeal.results.verify.registry import check


@check("whole_numbers", meaning="lines are opened once and steps come in whole numbers")
def whole_numbers(ledger: Ledger, compare: Comparer) -> None:
    for row in ledger.rows("openings"):
        quantity = row["quantity"]
        nearest = max(1.0, float(round(quantity)))
        compare.equal(("openings", row), quantity, nearest, "openings and steps come in whole numbers")
        if row["kind"] == "open":
            compare.equal(("openings", row), quantity, 1.0, "a line is opened once")


@check(
    "openings", meaning="decisions stand in allowed months, take their lead and keep their limits (rule 2)"
)
def openings(ledger: Ledger, compare: Comparer) -> None:
    every = ledger.deal.settings.options.investment_months
    by_line: dict[str, list[Row]] = defaultdict(list)
    for row in ledger.rows("openings"):
        line = ledger.lines[row["line"]]
        by_line[line.id].append(row)
        decided = ledger.month_number[row["decided"]]
        words = f"decisions are made every {every} months"
        compare.holds(
            ("openings", row), decided % every == 0, words, stated=row["decided"], computed="another month"
        )
        first = ledger.calendar.label(decided + lead_months(line, row["kind"]))
        compare.holds(
            ("openings", row), row["effective"] == first, "the first output follows the lead of the line",
            stated=row["effective"], computed=first,
        )  # fmt: skip
        if row["kind"] == "open":
            compare.holds(
                ("openings", row), line.status == "candidate", "only a candidate line is opened",
                stated="opened", computed=f"a line that is {line.status}",
            )  # fmt: skip
    for name, rows in by_line.items():
        _opening_limits(ledger, compare, name, rows)


def _opening_limits(ledger: Ledger, compare: Comparer, name: str, rows: list[Row]) -> None:
    """One opening at most, steps within their number and not before the line is opened."""
    line = ledger.lines[name]
    opened = [row for row in rows if row["kind"] == "open"]
    steps = [row for row in rows if row["kind"] == "step"]
    compare.at_most(f"openings of {name}", len(opened), 1, "a line is opened once at most")
    total = sum(row["quantity"] for row in steps)
    compare.at_most(f"steps of {name}", total, line.max_steps, "the line allows no more steps")
    if line.status != "candidate":
        return
    start = min((row["decided"] for row in opened), default=None)
    words = "a candidate line takes steps only when it is opened"
    for row in steps:
        is_open = start is not None and row["decided"] >= start
        compare.holds(
            ("openings", row), is_open, words, stated=row["decided"], computed=start or "never opened"
        )


@check("opening_amounts", meaning="investment and licence fee are those of the line, paid by its investor")
def opening_amounts(ledger: Ledger, compare: Comparer) -> None:
    for row in ledger.rows("openings"):
        line = ledger.lines[row["line"]]
        payer = line.investor or line.operator
        cost = line.open_cost if row["kind"] == "open" else line.step_cost
        amount = ledger.undated(cost, line, party=payer) * row["quantity"]
        compare.equal(
            ("openings", row), row["amount"], amount, "the amount is the line's cost times the quantity"
        )
        fee = ledger.licence_fee(line) if row["kind"] == "open" else 0.0
        words = "the licence fee is due once, with the opening of a line that makes a design of the seller"
        compare.equal(("openings", row), row["licence_fee"], fee, words)
        words = "the line's investor pays, else its operator"
        compare.holds(
            ("openings", row), row["investor"] == payer, words, stated=row["investor"], computed=payer
        )


@check(
    "capacity", meaning="the load of what is started fits the capacity recomputed from the openings (rule 1)"
)
def capacity(ledger: Ledger, compare: Comparer) -> None:
    for name, available in ledger.capacity.items():
        used = ledger.load[name]
        for month, limit in enumerate(available):
            label = f"{name}, {ledger.labels[month]}"
            compare.at_most(label, used[month], limit, "the line cannot carry so much", unit="load")


@check("capacity_rows", meaning="stated capacity and use are those recomputed; no line and month is missing")
def capacity_rows(ledger: Ledger, compare: Comparer) -> None:
    stated = {(row["line"], row["month"]): row for row in ledger.rows("capacity")}
    for name, available in ledger.capacity.items():
        for month, limit in enumerate(available):
            key = (name, ledger.labels[month])
            row = stated.get(key, {"line": name, "month": key[1], "quantity": 0.0, "used": 0.0})
            compare.equal(
                ("capacity", row), row["quantity"], limit, "capacity follows from the openings", unit="load"
            )
            words = "the use of capacity is the load of what is started"
            compare.equal(("capacity", row), row["used"], ledger.load[name][month], words, unit="load")


@check("production", meaning="good units are units started times the yield")
def production(ledger: Ledger, compare: Comparer) -> None:
    for row in ledger.rows("production"):
        product = (row["line"], row["system"])
        subject = ("production", row)
        good = ledger.makes[product].yield_rate * row["quantity"]
        compare.equal(subject, row["good_quantity"], good, "good units are units started times the yield")


@check(
    "stock",
    meaning="stock grows by good units and shrinks by all deliveries, from the initial stock (rule 3)",
)
def stock(ledger: Ledger, compare: Comparer) -> None:
    flows = (ledger.shipped, ledger.supplied_home, ledger.sold)
    nothing = [0.0] * ledger.calendar.months
    for product, line_system in ledger.makes.items():
        level = ledger.in_stock.get(product, nothing)
        made = ledger.made.get(product, nothing)
        gone = [flow.get(product, nothing) for flow in flows]
        before = line_system.initial_stock
        for month, stated in enumerate(level):
            good = line_system.yield_rate * made[month]
            out = sum(flow[month] for flow in gone)
            row = {"month": ledger.labels[month], "line": product[0], "system": product[1]}
            balance = before + good - out
            words = "stock is the month before, plus good units, minus deliveries"
            gross = before + good + out
            compare.equal(("stock", row), stated, balance, words, unit="units", magnitude=gross)
            before = stated


@check(
    "component_supply", meaning="parts used in a fiscal year of the seller are within their supply (rule 4)"
)
def component_supply(ledger: Ledger, compare: Comparer) -> None:
    parts: dict[str, dict[Product, float]] = defaultdict(lambda: defaultdict(float))
    for part in ledger.deal.system_components:
        for line, system in ledger.makes:
            if system == part.system and part.line in (None, line):
                parts[part.component][line, system] += part.quantity
    for row in ledger.deal.component_supply:
        months = ledger.seller_years.months_in(row.fiscal_year)
        used = sum(
            count * ledger.made[product][month]
            for product, count in parts[row.component].items()
            if product in ledger.made
            for month in months
        )
        used += _put_in_place(ledger, row.component, months)
        more = sum(
            ledger.projects[project].effect_value or 0.0
            for project, done in ledger.done.items()
            if ledger.projects[project].effect == "compliant_part"
            and ledger.projects[project].effect_subject == row.component
            and months
            and done <= months[0]
        )
        limit = (row.limit + more) * ledger.seller_years.share(row.fiscal_year)
        label = f"{row.component}, fiscal year {row.fiscal_year}"
        compare.at_most(label, used, limit, "there are not so many parts", unit="units")


def _put_in_place(ledger: Ledger, component: str, months: range) -> float:
    """Parts of a component that substitutes take in some months, less those that they save."""
    taken: float = sum(
        row["parts"] * ((row["substitute"] == component) - (row["component"] == component))
        for row in ledger.rows("substitutions")
        if ledger.month_number[row["month"]] in months
    )
    return taken

"""Checks of the causes of what is short: the cells they name, their worth, how far one more unit reaches."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from typing import Any

from dronedeal.deal import Deal
from dronedeal.deal.address import KeyIndex, UnreadableAddressError, cell_text, read_address
from dronedeal.results.verify.compare import Comparer
from dronedeal.results.verify.ledger import Ledger, instalments
from dronedeal.results.verify.registry import check
from dronedeal.results.vocabulary import SUBJECT_SEPARATOR

Row = Mapping[str, Any]


@check("addresses", meaning="every cell that a table of the plan names is one cell of the deal")
def addresses(ledger: Ledger, compare: Comparer) -> None:
    index = KeyIndex(ledger.deal)
    for table in ("binding", "unmet", "passed_over"):
        for row in ledger.rows(table):
            if row["address"] is not None:
                count = _rows_named(ledger.deal, index, row["address"])
                words = "the address names one cell of the deal"
                compare.holds(
                    (table, row), count == 1, words, stated=row["address"], computed=f"{count} rows"
                )


def _rows_named(deal: Deal, index: KeyIndex, text: str) -> int:
    if text.startswith("settings."):
        return int(_is_setting(deal, text.split(".")[1:]))
    try:
        address = read_address(text)
    except UnreadableAddressError:
        return 0
    return len(index.rows(address.table, address.key))


def _is_setting(deal: Deal, path: Sequence[str]) -> bool:
    found: Any = deal.settings
    for name in path:
        found = getattr(found, name, None)
    return found is not None


@check("cause_worth", meaning="one more unit of a cause is worth what the table of binding rules says")
def cause_worth(ledger: Ledger, compare: Comparer) -> None:
    duals: dict[tuple[str, str | None], list[float]] = {}
    for row in ledger.rows("binding"):
        duals.setdefault((row["kind"], row["address"]), []).append(row["dual"])
    for row in ledger.rows("unmet"):
        if row["more"] is None:
            continue
        known = duals.get((row["cause"], row["address"]), [0.0])
        nearest = min(known, key=lambda dual: abs(dual - row["more"]))
        words = "the worth is that of a binding rule with this kind and address"
        compare.equal(("unmet", row), row["more"], nearest, words, unit="money")


@check(
    "cause_reach",
    meaning="one more unit of a cause is enough for what effectiveness, price, load and parts say",
)
def cause_reach(ledger: Ledger, compare: Comparer) -> None:
    for row in ledger.rows("unmet"):
        if row["reach"] is None:
            continue
        possible = _possible_reach(ledger, row)
        if possible:
            nearest = min(possible, key=lambda reach: abs(reach - row["reach"]))
            words = "the reach is the effectiveness over what one unit takes of the cause"
            compare.equal(("unmet", row), row["reach"], nearest, words)


def _possible_reach(ledger: Ledger, row: Row) -> list[float]:
    """Effective units for one more unit of the cause, in each year in which the delivery may lie.

    A stock is served by deliveries of its year or, where none are possible in it, of earlier ones.
    """
    pairing = ledger.pairings.get((row["requirement"], row["system"]))
    if pairing is None:
        return []
    product = (row["line"], row["system"])
    years = [year for year in ledger.buyer_years.names if year <= row["fiscal_year"]]
    first = ledger.buyer_years.names[0]
    effective = {year: pairing.effectiveness_in(year - first) for year in years}
    if row["cause"] == "price_maximum":
        return list(effective.values())
    if row["cause"] == "budget":
        paid = {year: _paid_from(ledger, row, year) for year in years}
        return [effective[year] / amount for year in years for amount in paid[year] if amount > 0]
    made = ledger.makes.get(product)
    if made is None:
        return []
    good = {year: units * made.yield_rate for year, units in effective.items()}
    if row["cause"] == "capacity":
        months = (len(ledger.buyer_years.months_in(year)) for year in years)
        return [count * units / made.load_per_unit for count in months for units in good.values()]
    if row["cause"] == "component_supply":
        parts = _parts(ledger, row)
        return [units / parts for units in good.values()] if parts else []
    return []


def _paid_from(ledger: Ledger, row: Row, year: int) -> list[float]:
    """Then-year money that the budget row of the cause can pay for one unit delivered in a year.

    One of the instalments that fall due while the money is valid, or all of them.
    """
    product = (row["line"], row["system"])
    price, key = ledger.price(product, year), read_address(row["address"]).key
    if price is None:
        return []
    amount = price[1] * ledger.money.index(ledger.buyer, year)
    last = ledger.buyer_years.months_in(year)[-1]
    found = []
    for money in ledger.deal.budgets:
        if tuple(map(cell_text, (money.branch, money.fiscal_year, money.appropriation))) == key:
            until = money.fiscal_year + money.years_valid
            due: dict[int, float] = defaultdict(float)
            for paid_in, share in instalments(ledger, product, last):
                due[ledger.buyer_year[paid_in]] += share * amount
            found += [part for year, part in due.items() if money.fiscal_year <= year < until]
    return [*found, sum(found)]


def _parts(ledger: Ledger, row: Row) -> float:
    """Parts of the component that the cause names in one unit started."""
    component = read_address(row["address"]).key[0]
    return sum(
        part.quantity
        for part in ledger.deal.system_components
        if part.component == component and part.system == row["system"] and part.line in (None, row["line"])
    )


@check("passed_over", meaning="what is passed over is every eligible pair without a delivery")
def passed_over(ledger: Ledger, compare: Comparer) -> None:
    served = {(row["requirement"], row["system"]) for row in ledger.rows("shipments")}
    listed = set()
    first = ledger.buyer_years.names[0]
    for row in ledger.rows("passed_over"):
        key = (row["requirement"], row["system"])
        listed.add(key)
        words = "a system that is delivered to the requirement is not passed over"
        compare.holds(("passed_over", row), key not in served, words, stated="passed over", computed="bought")
        pairing = ledger.pairings.get(key)
        is_eligible = pairing is not None and pairing.is_eligible
        words = "a system has an effectiveness here exactly when it is eligible"
        known = row["effectiveness"] is not None
        compare.holds(("passed_over", row), known == is_eligible, words, stated=known, computed=is_eligible)
        if pairing is not None and row["fiscal_year"] is not None and known:
            effective = pairing.effectiveness_in(row["fiscal_year"] - first)
            words = "the effectiveness is that of the matching"
            compare.equal(("passed_over", row), row["effectiveness"], effective, words)
    for key, pairing in ledger.pairings.items():
        is_told = key in served or key in listed or not pairing.is_eligible
        words = "every eligible pair has a delivery or is passed over"
        compare.holds(
            f"passed_over: {', '.join(key)}", is_told, words, stated="left out", computed="eligible"
        )


@check("changes", meaning="what the plan changes of an earlier one ends at the plan's own figures")
def changes(ledger: Ledger, compare: Comparer) -> None:
    bought: dict[tuple[str, int], float] = {}
    for row in ledger.plan.tables["purchases"]:
        ids = (row["requirement"], row["system"], row["line"])
        bought[SUBJECT_SEPARATOR.join(filter(None, ids)), row["fiscal_year"]] = row["quantity"]
    decided = {
        (row["kind"], row["line"], row["decided"]): row["quantity"] for row in ledger.plan.tables["openings"]
    }
    for row in ledger.plan.tables["integrations"]:
        about = SUBJECT_SEPARATOR.join((row["system"], row["standard"]))
        decided["integration", about, row["start"]] = 1.0
    decided |= {("project", row["project"], row["begin"]): 1.0 for row in ledger.plan.tables["projects"]}
    for row in ledger.plan.tables["changes"]:
        if row["what"] == "purchase":
            new = bought.get((row["subject"], row["fiscal_year"]), 0.0)
        else:
            new = decided.get((row["what"], row["subject"], row["month"]), 0.0)
        compare.equal(("changes", row), row["new"], new, "the new figure is that of the plan", unit="units")
        words = "what is listed as a change is one"
        is_change = row["old"] != row["new"]
        compare.holds(("changes", row), is_change, words, stated=row["old"], computed=row["new"])

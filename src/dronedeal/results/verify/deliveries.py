"""Checks of deliveries to the buyer: eligibility, prices, limits, coverage (rules 5 and 6)."""

from __future__ import annotations

from collections import defaultdict
from typing import Any

from dronedeal.results.verify.books import Row
from dronedeal.results.verify.compare import Comparer
from dronedeal.results.verify.ledger import Ledger
from dronedeal.results.verify.registry import check


@check("eligibility", meaning="each delivery is of a system that the matching found eligible, in its months")
def eligibility(ledger: Ledger, compare: Comparer) -> None:
    for row in ledger.rows("shipments"):
        pairing = ledger.pairings.get((row["requirement"], row["system"]))
        subject = ("shipments", row)
        if pairing is None or not pairing.is_eligible:
            words = "the matching found the system not eligible"
            compare.holds(subject, False, words, stated=row["system"], computed="not eligible")
            continue
        month = ledger.month_number[row["month"]]
        first, last = max(0, pairing.first_month), min(pairing.last_month, ledger.calendar.months - 1)
        window = "never" if last < first else f"{ledger.labels[first]} to {ledger.labels[last]}"
        words = "integration, permit or availability do not allow delivery in this month"
        compare.holds(subject, first <= month <= last, words, stated=row["month"], computed=window)


@check(
    "branches",
    meaning="rows name the branch and the kind of their requirement",
)
def branches(ledger: Ledger, compare: Comparer) -> None:
    for table in ("shipments", "purchases", "coverage", "unmet"):
        for row in ledger.rows(table):
            requirement = ledger.requirements[row["requirement"]]
            words = "the requirement is of another branch"
            is_same = row["branch"] == requirement.branch
            compare.holds((table, row), is_same, words, stated=row["branch"], computed=requirement.branch)
            if table == "coverage":
                words = "the requirement is of another kind"
                is_same = row["kind"] == requirement.kind
                compare.holds((table, row), is_same, words, stated=row["kind"], computed=requirement.kind)


@check(
    "prices", meaning="each delivery is paid at the price row that holds, in base-year and then-year money"
)
def prices(ledger: Ledger, compare: Comparer) -> None:
    for row in ledger.rows("shipments"):
        year = ledger.buyer_year[ledger.month_number[row["month"]]]
        price = ledger.price((row["line"], row["system"]), year)
        subject = ("shipments", row)
        if price is None:
            compare.holds(
                subject,
                False,
                "the system is not on sale in the year",
                stated=row["unit_price"],
                computed="no price",
            )
            continue
        amount = price[1] * row["quantity"]
        compare.equal(
            subject, row["unit_price"], price[1], "the unit price is that of the price row that holds"
        )
        compare.equal(subject, row["amount"], amount, "the amount is quantity times unit price")
        then_year = amount * ledger.money.index(ledger.buyer, year)
        words = "the then-year amount is the amount times the buyer's index"
        compare.equal(subject, row["amount_then_year"], then_year, words)


@check("effective_quantity", meaning="effective units are units times the effectiveness of the matching")
def effective_quantity(ledger: Ledger, compare: Comparer) -> None:
    for row in ledger.rows("shipments"):
        pairing = ledger.pairings.get((row["requirement"], row["system"]))
        if pairing is not None:
            year = ledger.buyer_year[ledger.month_number[row["month"]]] - ledger.buyer_years.names[0]
            effective = pairing.effectiveness_in(year) * row["quantity"]
            words = "effective units are units times effectiveness"
            compare.equal(("shipments", row), row["effective_quantity"], effective, words)


@check("price_maximum", meaning="no more is bought at a price row than is on sale (rule 5)")
def price_maximum(ledger: Ledger, compare: Comparer) -> None:
    for number in ledger.price_rows_in_use:
        price = ledger.deal.prices[number]
        share = ledger.buyer_years.share(price.fiscal_year)
        bought = ledger.bought.get(number, 0.0)
        label = f"price of {price.system} from {price.line or 'any line'}, fiscal year {price.fiscal_year}"
        if price.maximum is not None:
            limit = price.maximum * share
            compare.at_most(label, bought, limit, "no more is on sale", unit="units")
        if price.option_quantity is not None:
            limit = ((price.firm_minimum or 0.0) + price.option_quantity) * share
            words = "no more can be called off than the firm minimum and the option"
            compare.at_most(label, bought, limit, words, unit="units")


@check("purchases", meaning="purchases are the shipments of the year added up, and none is missing")
def purchases(ledger: Ledger, compare: Comparer) -> None:
    figures = ("quantity", "amount", "amount_then_year")
    sums: dict[tuple[Any, ...], list[float]] = defaultdict(lambda: [0.0, 0.0, 0.0])
    for row in ledger.rows("shipments"):
        year = ledger.buyer_year[ledger.month_number[row["month"]]]
        total = sums[year, row["requirement"], row["system"], row["line"]]
        for place, name in enumerate(figures):
            total[place] += row[name]
    stated = {_purchase_key(row): row for row in ledger.rows("purchases")}
    for key in {**sums, **stated}:
        row = stated.get(key) or dict(zip(("fiscal_year", "requirement", "system", "line"), key, strict=True))
        for place, name in enumerate(figures):
            total_stated, computed = row.get(name, 0.0), sums[key][place]
            words = f"{name} is the sum over the shipments of the year"
            compare.equal(("purchases", row), total_stated, computed, words)


def _purchase_key(row: Row) -> tuple[Any, ...]:
    return row["fiscal_year"], row["requirement"], row["system"], row["line"]


@check(
    "coverage",
    meaning="units that count are recomputed from the shipments, stocks with their losses (rule 6)",
)
def coverage(ledger: Ledger, compare: Comparer) -> None:
    stated = {(row["requirement"], row["fiscal_year"]): row for row in ledger.rows("coverage")}
    for key in ledger.quantities:
        if key in ledger.coverage:
            words = "every requirement has a row for each year in which it has a size"
            subject = f"coverage: {key[0]}, {key[1]}"
            compare.holds(subject, key in stated, words, stated="no row", computed="one row")
    for key, row in stated.items():
        covered = ledger.coverage[key]
        subject_row = ("coverage", row)
        compare.equal(subject_row, row["threshold"], covered.threshold, "the threshold is that of the deal")
        compare.equal(subject_row, row["objective"], covered.objective, "the objective is that of the deal")
        compare.equal(
            subject_row, row["quantity"], covered.effective, "units that count follow from the shipments",
            unit="units", magnitude=covered.gross,
        )  # fmt: skip


@check("intake", meaning="nobody takes more than the objective of a use, or the largest of a stock (rule 6)")
def intake(ledger: Ledger, compare: Comparer) -> None:
    words = "deliveries stop at the objective"
    for name, requirement in ledger.requirements.items():
        asked = {year: ledger.coverage[name, year] for year in ledger.buyer_years.names}
        if requirement.kind == "use":
            for year, covered in asked.items():
                subject = f"shipments: {name}, {year}"
                compare.at_most(
                    subject,
                    covered.effective,
                    covered.objective,
                    words,
                    unit="units",
                    magnitude=covered.gross,
                )
            continue
        most = max(requirement.on_hand, *(covered.objective for covered in asked.values()))
        keep = (1.0 - requirement.loss_rate) ** (1.0 / 12.0)
        on_hand = requirement.on_hand
        for month, units in enumerate(ledger.effective[name]):
            on_hand = keep * on_hand + units + ledger.gain_at_the_end(name, month)
            subject = f"shipments: {name} on hand in {ledger.calendar.label(month)}"
            compare.at_most(subject, on_hand, most, words, unit="units", magnitude=most)


@check("coverage_split", meaning="coverage up to threshold and objective, what is short, and its value")
def coverage_split(ledger: Ledger, compare: Comparer) -> None:
    for row in ledger.rows("coverage"):
        covered = ledger.coverage[row["requirement"], row["fiscal_year"]]
        magnitude = max(covered.objective, covered.gross)
        for name, computed, words in (
            ("to_threshold", covered.to_threshold, "the smaller of quantity and threshold"),
            ("to_objective", covered.to_objective, "what counts beyond the threshold, up to the objective"),
            (
                "short_of_threshold",
                max(0.0, covered.threshold - covered.effective),
                "threshold minus quantity",
            ),
            (
                "short_of_objective",
                max(0.0, covered.objective - covered.effective),
                "objective minus quantity",
            ),
        ):
            compare.equal(
                ("coverage", row),
                row[name],
                computed,
                f"{name} is {words}",
                unit="units",
                magnitude=magnitude,
            )
        words = "the amount is the value of the coverage"
        compare.equal(("coverage", row), row["amount"], covered.amount, words, unit="money")

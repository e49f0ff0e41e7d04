"""Checks of what the agreement with the seller comes to: payments by year, firm quantities (rule 16)."""

from __future__ import annotations

from collections import defaultdict

from dronedeal.results.verify.compare import Comparer
from dronedeal.results.verify.ledger import Ledger, retention_month
from dronedeal.results.verify.rebates import rebates_of_seller
from dronedeal.results.verify.registry import check


def owed_to_seller(ledger: Ledger) -> dict[int, float]:
    """Then-year currency owed to the seller for the deliveries of each year of the buyer, less rebates."""
    owed: dict[int, float] = defaultdict(float)
    for row in ledger.rows("shipments"):
        product = (row["line"], row["system"])
        year = ledger.buyer_year[ledger.month_number[row["month"]]]
        price = ledger.price(product, year)
        if price is None:
            continue
        amount = price[1] * row["quantity"] * ledger.money.index(ledger.buyer, year)
        operator = ledger.operator(product)
        if operator == ledger.seller:
            owed[year] += amount
        elif operator == ledger.buyer and ledger.systems[row["system"]].supplier == ledger.seller:
            owed[year] += ledger.deal.prices[price[0]].royalty * amount
    for year, rebate in rebates_of_seller(ledger).items():
        owed[year] -= rebate
    return owed


def instalments_by_year(ledger: Ledger) -> dict[tuple[str, int], float]:
    """Then-year currency paid to the seller by kind of instalment and year of payment."""
    paid: dict[tuple[str, int], float] = defaultdict(float)
    terms = ledger.deal.settings.terms
    for row in ledger.rows("shipments"):
        product, month = (row["line"], row["system"]), ledger.month_number[row["month"]]
        price = ledger.price(product, ledger.buyer_year[month])
        if price is None:
            continue
        year = ledger.buyer_year[month]
        amount = price[1] * row["quantity"] * ledger.money.index(ledger.buyer, year)
        operator = ledger.operator(product)
        if operator == ledger.seller:
            late = ledger.buyer_year[retention_month(ledger, month)]
            paid["paid_in_advance", year] += terms.advance_share * amount
            paid["paid_after_retention", late] += terms.retention_share * amount
            at_delivery = 1.0 - terms.advance_share - terms.retention_share
            paid["paid_at_delivery", year] += at_delivery * amount
        elif operator == ledger.buyer and ledger.systems[row["system"]].supplier == ledger.seller:
            paid["paid_at_delivery", year] += ledger.deal.prices[price[0]].royalty * amount
    return paid


def firm_amounts(ledger: Ledger) -> dict[int, float]:
    """Then-year price of the firm quantities of the seller's systems in each year of the buyer."""
    firm: dict[int, float] = defaultdict(float)
    for number in ledger.price_rows_in_use:
        row = ledger.deal.prices[number]
        if row.firm_minimum and ledger.systems[row.system].supplier == ledger.seller:
            year = row.fiscal_year
            quantity = ledger.firm_units(row)
            price = ledger.money.unit_price(row, party=ledger.buyer, year=year)
            firm[year] += price * quantity * ledger.money.index(ledger.buyer, year)
    return firm


@check(
    "commitments",
    meaning="what is owed to the seller and what is firm by year follow from shipments and price rows",
)
def commitments(ledger: Ledger, compare: Comparer) -> None:
    stated = {row["fiscal_year"]: row for row in ledger.rows("commitments")}
    owed, firm, paid = owed_to_seller(ledger), firm_amounts(ledger), instalments_by_year(ledger)
    rebates = rebates_of_seller(ledger)
    so_far, later = 0.0, sum(firm.values())
    for year in ledger.buyer_years.names:
        label = f"commitments: {year}"
        words = "every fiscal year of the buyer has a row"
        compare.holds(label, year in stated, words, stated="no row", computed="one row")
        so_far += owed.get(year, 0.0)
        later -= firm.get(year, 0.0)
        cancelled = ledger.deal.settings.terms.cancellation_share * max(0.0, later)
        for name, computed, words in (
            ("to_seller", owed.get(year, 0.0), "the sum over the shipments that the seller is paid for"),
            ("to_seller_so_far", so_far, "the sum over the years so far"),
            *(
                (name, paid.get((name, year), 0.0), "what the terms of payment make due in the year")
                for name in ("paid_in_advance", "paid_at_delivery", "paid_after_retention")
            ),
            ("rebates", rebates.get(year, 0.0), "what tiers and bundles take off"),
            ("cancellation", cancelled, "the cancellation share of the firm quantities of later years"),
            ("firm", firm.get(year, 0.0), "the price of the firm quantities of the year"),
            ("firm_later", max(0.0, later), "the price of the firm quantities of later years"),
        ):
            if year in stated:
                compare.equal(label, stated[year][name], computed, f"{name} is {words}", unit="money")

"""Terms of prices and payments."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator

from dronedeal.deal.checks import drafts
from dronedeal.deal.checks.registry import rule
from dronedeal.deal.deal import Deal
from dronedeal.deal.finding import Finding


@rule("escalation_clause_at_base_year_prices", severity="error")
def escalation_clause_at_base_year_prices(deal: Deal) -> Iterator[Finding]:
    """A price with an escalation clause is marked as base-year money; a clause yields then-year money."""
    for row, price in enumerate(deal.prices):
        if price.escalation_index is not None and price.price_basis == "base_year":
            yield drafts.cell(
                deal,
                ("prices", row, "price_basis"),
                subject=f"price_basis of {drafts.row_name('prices', price)}",
                found="'base_year' beside an escalation clause",
                allowed="'then_year' in a row with an escalation_index",
                next_step="set price_basis to then_year, or leave escalation_index blank",
            )


@rule("escalation_clause_without_index_value", severity="error")
def escalation_clause_without_index_value(deal: Deal) -> Iterator[Finding]:
    """The index of an escalation clause lacks the price base year or the year of delivery."""
    known: dict[str, set[int]] = defaultdict(set)
    for level in deal.indices:
        known[level.id].add(level.fiscal_year)
    for row, price in enumerate(deal.prices):
        # an index without any row is a dangling reference
        if price.escalation_index is None or price.escalation_index not in known:
            continue
        years = known[price.escalation_index]
        missing = {deal.settings.price_base_year, price.fiscal_year} - years
        if missing:
            yield drafts.cell(
                deal,
                ("prices", row, "escalation_index"),
                subject=f"index '{price.escalation_index}' of {drafts.row_name('prices', price)}",
                found=f"no value for {', '.join(str(year) for year in sorted(missing))}",
                allowed="a value for the price base year and the fiscal year of the row; "
                f"there are {drafts.listed(years)}",
                next_step="add the missing years to `indices`",
            )


@rule("ceiling_without_rate", severity="error")
def ceiling_without_rate(deal: Deal) -> Iterator[Finding]:
    """The ceiling of the payments is in a currency without an exchange rate for the price base year."""
    settings = deal.settings
    currency = settings.terms.currency
    if settings.terms.ceiling is None or currency in (None, settings.currency):
        return
    years = {rate.fiscal_year for rate in deal.rates if rate.id == currency}
    if settings.price_base_year not in years:
        yield drafts.at(
            deal.settings_place("terms.currency"),
            subject="currency of the ceiling of the payments to the seller",
            found=f"no rate of {currency} for {settings.price_base_year}",
            allowed=f"the deal's currency or one with a rate for {settings.price_base_year}",
            next_step=f"add the rate of {currency} for {settings.price_base_year} to `rates`",
        )


@rule("advance_and_retention_above_price", severity="error")
def advance_and_retention_above_price(deal: Deal) -> Iterator[Finding]:
    """What is paid in advance and what is kept back come to more than the price."""
    terms = deal.settings.terms
    total = terms.advance_share + terms.retention_share
    if total > 1:
        yield drafts.at(
            deal.settings_place("terms.retention_share"),
            subject="advance_share and retention_share of the terms of payment",
            found=f"{drafts.number(round(total, 12))} together",
            allowed="at most 1, the whole price",
            next_step="lower one of the two shares",
        )

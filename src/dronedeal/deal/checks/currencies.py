"""Currencies and price basis."""

from __future__ import annotations

from collections.abc import Iterator

from dronedeal.deal.checks import drafts
from dronedeal.deal.checks.registry import rule
from dronedeal.deal.deal import Deal
from dronedeal.deal.finding import Finding
from dronedeal.deal.record import MoneyRecord
from dronedeal.deal.schema import TABLES


@rule("unknown_currency", severity="error")
def unknown_currency(deal: Deal) -> Iterator[Finding]:
    """An amount is in a currency that has no exchange rate and is not the deal's own."""
    known = drafts.Names((deal.settings.currency, *(rate.id for rate in deal.rates)))
    for table, row, record, currency in _foreign_rows(deal):
        if currency not in known:
            yield drafts.cell(
                deal,
                (table, row, "currency"),
                subject=f"currency of {drafts.row_name(table, record)}",
                found=drafts.quoted(currency),
                allowed=f"the deal's currency or one with a row in `rates`: {known.text}",
                next_step=known.advice(currency, otherwise=f"add the rate of {currency} to `rates`"),
            )


@rule("missing_rate", severity="error")
def missing_rate(deal: Deal) -> Iterator[Finding]:
    """A currency lacks the exchange rate of the price base year or of a then-year amount."""
    known: dict[str, set[int]] = {}
    for rate in deal.rates:
        known.setdefault(rate.id, set()).add(rate.fiscal_year)
    for table, row, record, currency in _foreign_rows(deal):
        year = _rate_year(deal, record)
        rated = known.get(currency)
        # a currency without any rate has its own finding
        if rated is not None and year is not None and year not in rated:
            yield drafts.cell(
                deal,
                (table, row, "currency"),
                subject=f"exchange rate for {drafts.row_name(table, record)}",
                found=f"no rate of {currency} for {year}",
                allowed=f"a currency with a rate for {year}; {currency} has {drafts.listed(rated)}",
                next_step=f"add the rate of {currency} for {year} to `rates`",
            )


@rule("rate_of_own_currency", severity="error")
def rate_of_own_currency(deal: Deal) -> Iterator[Finding]:
    """The deal's own currency has an exchange rate other than 1."""
    for row, rate in enumerate(deal.rates):
        if rate.id == deal.settings.currency and rate.value != 1:
            yield drafts.cell(
                deal,
                ("rates", row, "value"),
                subject=f"rate of {rate.id} in {rate.fiscal_year}",
                found=drafts.number(rate.value),
                allowed="1, for it is the deal's own currency",
                next_step="take the row out, or mend the currency in deal.yaml",
            )


@rule("then_year_without_year", severity="error")
def then_year_without_year(deal: Deal) -> Iterator[Finding]:
    """A row states then-year prices and has no fiscal year that would say of which year."""
    for name, table in TABLES.items():
        if not issubclass(table.record, MoneyRecord) or "fiscal_year" in table.record.model_fields:
            continue
        for row, record in enumerate(deal.table(name)):
            if record.price_basis == "then_year":
                yield drafts.cell(
                    deal,
                    (name, row, "price_basis"),
                    subject=f"price_basis of {drafts.row_name(name, record)}",
                    found="'then_year'",
                    allowed="'base_year' in a table without fiscal years",
                    next_step=f"write the amounts in prices of {deal.settings.price_base_year}",
                )


def _foreign_rows(deal: Deal) -> Iterator[tuple[str, int, MoneyRecord, str]]:
    """Table, 0-based row, record and currency of every row with a currency other than the deal's."""
    for name, table in TABLES.items():
        if issubclass(table.record, MoneyRecord):
            for row, record in enumerate(deal.table(name)):
                if record.currency is not None and record.currency != deal.settings.currency:
                    yield name, row, record, record.currency


def _rate_year(deal: Deal, record: MoneyRecord) -> int | None:
    """Fiscal year whose rate counts; None for then-year prices without a year."""
    if record.price_basis == "base_year":
        return deal.settings.price_base_year
    year: int | None = getattr(record, "fiscal_year", None)
    return year

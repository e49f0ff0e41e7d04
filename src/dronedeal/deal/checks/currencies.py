"""Currencies and price basis."""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from dronedeal.deal import drafts
from dronedeal.deal.checks.registry import rule
from dronedeal.deal.deal import Deal
from dronedeal.deal.finding import Finding
from dronedeal.deal.place import Place
from dronedeal.deal.record import MoneyRecord
from dronedeal.deal.schema import TABLES


@rule("unknown_currency", severity="error")
def unknown_currency(deal: Deal) -> Iterator[Finding]:
    """An amount is in a currency that has no exchange rate and is not the deal's own."""
    known = drafts.Names((deal.settings.currency, *(rate.id for rate in deal.rates)))
    for stated in _foreign(deal):
        currency = stated.record.currency
        if currency is not None and currency not in known:
            yield drafts.at(
                stated.place(deal, "currency"),
                subject=f"currency of {stated.name}",
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
    for stated in _foreign(deal):
        currency = stated.record.currency or deal.settings.currency
        year = _rate_year(deal, stated.record)
        rated = known.get(currency)
        # a currency without any rate has its own finding
        if rated is not None and year is not None and year not in rated:
            yield drafts.at(
                stated.place(deal, "currency"),
                subject=f"exchange rate for {stated.name}",
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
    for stated in _statements(deal):
        if "fiscal_year" not in type(stated.record).model_fields and stated.record.price_basis == "then_year":
            yield drafts.at(
                stated.place(deal, "price_basis"),
                subject=f"price_basis of {stated.name}",
                found="'then_year'",
                allowed="'base_year' where there is no fiscal year",
                next_step=f"write the amounts in prices of {deal.settings.price_base_year}",
            )


class _Statement(NamedTuple):
    """A row with amounts of money, or what stands under a key of `deal.yaml` (then without a table)."""

    record: MoneyRecord
    table: str | None
    row: int
    key: str

    @property
    def name(self) -> str:
        return drafts.row_name(self.table, self.record) if self.table else self.key

    def place(self, deal: Deal, column: str) -> Place:
        if self.table:
            return deal.place(self.table, self.row, column)
        return deal.settings_place(f"{self.key}.{column}")


def _statements(deal: Deal) -> Iterator[_Statement]:
    yield _Statement(deal.settings.cash, None, 0, "cash")
    for name, table in TABLES.items():
        if issubclass(table.record, MoneyRecord):
            for row, record in enumerate(deal.table(name)):
                yield _Statement(record, name, row, "")


def _foreign(deal: Deal) -> Iterator[_Statement]:
    """Everything with a currency other than the deal's."""
    for stated in _statements(deal):
        if stated.record.currency not in (None, deal.settings.currency):
            yield stated


def _rate_year(deal: Deal, record: MoneyRecord) -> int | None:
    """Fiscal year whose rate counts; None for then-year prices without a year."""
    if record.price_basis == "base_year":
        return deal.settings.price_base_year
    year: int | None = getattr(record, "fiscal_year", None)
    return year

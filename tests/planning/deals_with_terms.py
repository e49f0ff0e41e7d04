"""Deals with other terms of payment than they came with."""

from __future__ import annotations

from dataclasses import replace
from typing import Literal

from dronedeal.deal import Deal
from dronedeal.deal.funds import Index, Rate
from dronedeal.deal.settings import PaymentTerms
from dronedeal.deal.terms import Bundle


def with_terms(deal: Deal) -> Deal:
    """The same deal with clauses and options in every price, a ceiling in euros and instalments."""
    index = [
        Index(id="wages", fiscal_year=year, value=100 + 4 * (year - 2027) ** 2, kind="labour")
        for year in {deal.settings.price_base_year, *(row.fiscal_year for row in deal.prices)}
    ]
    prices = [
        row.model_copy(
            update={
                "price_basis": "then_year",
                "escalation_index": "wages",
                "escalation_share": 0.4,
                "option_quantity": 300.0 + 200 * number,
            }
        )
        for number, row in enumerate(deal.prices)
    ]
    settings = deal.settings.model_copy(
        update={
            "terms": PaymentTerms(
                ceiling=900_000,
                currency="EUR",
                advance_share=0.25,
                retention_share=0.1,
                retention_months=7,
            )
        }
    )
    year = deal.settings.price_base_year
    changed = replace(deal, settings=settings)
    for name, rows in (
        ("indices", index),
        ("prices", prices),
        ("rates", [Rate(id="EUR", fiscal_year=year, value=1.25)]),
    ):
        changed = changed.with_table(name, [*(deal.table(name) if name != "prices" else ()), *rows])
    return changed


def with_tiers(deal: Deal, kind: Literal["all_units", "incremental"]) -> Deal:
    """The same deal with two cheaper tiers and a dearer one for every system, and a bundle of all in 2028."""
    makers: dict[str, list[str | None]] = {}
    for made in deal.line_systems:
        makers.setdefault(made.system, []).append(made.line)
    lowest = [
        row.model_copy(update={"tier_kind": kind, "line": line})
        for row in deal.prices
        for line in (makers.get(row.system, [None]) if kind == "incremental" else [row.line])
    ]
    tiers = [
        row.model_copy(
            update={
                "tier_from": start,
                "unit_price": row.unit_price * factor,
                "firm_minimum": None,
                "option_quantity": None,
                "maximum": None,
            }
        )
        for row in lowest
        for start, factor in ((200.0, 0.95), (600.0, 0.8), (900.0, 0.85))
    ]
    supplier = {system.id: system.supplier for system in deal.systems}
    own = sorted({row.system for row in lowest if supplier[row.system] == deal.settings.seller.id})
    bundles = [Bundle(id="all", fiscal_year=2028, systems=own, quantities=(100.0,) * len(own), rebate=3000)]
    return deal.with_table("prices", [*lowest, *tiers]).with_table("bundles", bundles)


def with_currencies(deal: Deal) -> Deal:
    """Tiers and a bundle in three currencies: prices in then-year euros, tiers in pounds, at dated rates."""
    deal = with_tiers(deal, "all_units")
    names = {0.0: "EUR"}
    prices = [
        row.model_copy(update={"currency": names.get(row.tier_from, "GBP"), "price_basis": "then_year"})
        for row in deal.prices
    ]
    bundles = [row.model_copy(update={"currency": "EUR", "price_basis": "then_year"}) for row in deal.bundles]
    years = sorted({deal.settings.price_base_year, *(row.fiscal_year for row in deal.prices)})
    rates = [
        Rate(id=name, fiscal_year=year, value=round(first * growth**number, 4))
        for name, first, growth in (("EUR", 1.1, 1.02), ("GBP", 1.05, 0.97))
        for number, year in enumerate(years)
    ]
    terms = PaymentTerms(ceiling=1_500_000, currency="GBP", advance_share=0.2, retention_share=0.1)
    changed = replace(deal, settings=deal.settings.model_copy(update={"terms": terms}))
    for name, rows in (("prices", prices), ("bundles", bundles), ("rates", rates)):
        changed = changed.with_table(name, rows)
    return changed

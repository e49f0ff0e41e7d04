"""Deals with other terms of payment than they came with."""

from __future__ import annotations

from dataclasses import replace

from dronedeal.deal import Deal
from dronedeal.deal.funds import Index, Rate
from dronedeal.deal.settings import PaymentTerms


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

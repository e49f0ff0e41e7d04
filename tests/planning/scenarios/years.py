"""A deal of four fiscal years with nothing but settings: enough to grow trees from."""

from __future__ import annotations

from dronedeal.deal import Deal, Party, Settings


def four_years() -> Deal:
    """From October 2026 to September 2030, the buyer's fiscal years 2027 to 2030."""
    parties = (
        Party(id="north", name="Northland", role="buyer", fiscal_year_start=10, discount_rate=0.0),
        Party(id="river", name="Riverland", role="seller", fiscal_year_start=1, discount_rate=0.0),
    )
    settings = Settings(
        format=1,
        title="Four years",
        start="2026-10",
        months=48,
        currency="USD",
        price_base_year=2027,
        parties=parties,
    )
    return Deal(settings)

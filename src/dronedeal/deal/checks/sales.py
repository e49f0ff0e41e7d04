"""Prices and markets."""

from __future__ import annotations

from collections.abc import Iterator

from dronedeal.deal import drafts
from dronedeal.deal.checks import lookup
from dronedeal.deal.checks.registry import rule
from dronedeal.deal.deal import Deal
from dronedeal.deal.finding import Finding


@rule("firm_minimum_above_maximum", severity="error")
def firm_minimum_above_maximum(deal: Deal) -> Iterator[Finding]:
    """The buyer commits to take more units in a year than are on sale."""
    for row, price in enumerate(deal.prices):
        if (
            price.firm_minimum is not None
            and price.maximum is not None
            and price.firm_minimum > price.maximum
        ):
            yield drafts.cell(
                deal,
                ("prices", row, "firm_minimum"),
                subject=f"firm_minimum of {drafts.row_name('prices', price)}",
                found=drafts.number(price.firm_minimum),
                allowed=f"at most the maximum, {drafts.number(price.maximum)}",
                next_step="lower firm_minimum or raise maximum",
            )


@rule("market_system_without_price", severity="warning")
def market_system_without_price(deal: Deal) -> Iterator[Finding]:
    """An alternative from elsewhere has no price, so that it can never be bought."""
    market = lookup.market_systems(deal)
    priced = {price.system for price in deal.prices}
    for row, system in enumerate(deal.systems):
        if system.id in market and system.id not in priced:
            yield drafts.cell(
                deal,
                ("systems", row, "id"),
                subject=f"price of system '{system.id}' of '{system.supplier}'",
                found="none, and no line makes it",
                allowed="at least one row of `prices` or `line_systems`",
                next_step="add its price in each fiscal year to `prices`, or take the system out",
            )


@rule("market_price_without_maximum", severity="warning", needs=("line_systems",))
def market_price_without_maximum(deal: Deal) -> Iterator[Finding]:
    """An alternative from elsewhere is on sale in any quantity, for no line limits it."""
    market = lookup.market_systems(deal)
    for row, price in enumerate(deal.prices):
        if price.system in market and price.maximum is None:
            yield drafts.cell(
                deal,
                ("prices", row, "maximum"),
                subject=f"maximum of {drafts.row_name('prices', price)}",
                found="a blank cell",
                allowed="the most units that its maker can deliver in the year",
                next_step="fill in a maximum; without one the plan can buy any quantity of it",
            )

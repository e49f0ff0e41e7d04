"""Deals in which the seller's money is short."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from dronedeal.deal import Deal
from dronedeal.deal.settings import CashAccount

# What is short in each deal, found by hand: enough to begin, not enough for all that would pay.
ACCOUNTS: dict[str, dict[str, Any]] = {
    "first-deal": {"opening": 1_000_000, "floor": 200_000, "home_receipt_share": 0.5, "fund_value": 1.3},
    "licensed-line": {
        "opening": 30_000_000,
        "floor": 20_000_000,
        "home_receipt_share": 0.36,
        "reinvestment_share": 0.4,
    },
}


def with_cash(deal: Deal, name: str) -> Deal:
    """The deal of that name with the account in which money is short."""
    return with_account(deal, **ACCOUNTS[name])


def with_account(deal: Deal, **values: Any) -> Deal:
    """The same deal with another account of the seller; without an opening none is kept."""
    account = CashAccount.model_validate(values)
    return replace(deal, settings=deal.settings.model_copy(update={"cash": account}))

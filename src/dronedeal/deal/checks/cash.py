"""The seller's cash account."""

from __future__ import annotations

from collections.abc import Iterator

from dronedeal.deal import drafts
from dronedeal.deal.checks.registry import rule
from dronedeal.deal.deal import Deal
from dronedeal.deal.finding import Finding
from dronedeal.deal.settings import CashAccount

_TERMS = ("floor", "home_receipt_share", "reinvestment_share", "fund_value")


@rule("cash_without_opening", severity="warning")
def cash_without_opening(deal: Deal) -> Iterator[Finding]:
    """Terms of the seller's cash account are stated and its opening is not, so that no account is kept."""
    account = deal.settings.cash
    # A workbook states every key; what stands at its default says nothing.
    usual = CashAccount()
    stated = [name for name in _TERMS if getattr(account, name) != getattr(usual, name)]
    if stated and not account.is_kept:
        yield drafts.at(
            deal.settings_place("cash.opening"),
            subject="opening of the seller's cash account",
            found=f"nothing, beside {', '.join(stated)}",
            allowed="the money in the account when the plan starts, which may be 0",
            next_step="fill in cash.opening, or take the other keys of cash out",
        )


@rule("cash_below_floor_at_once", severity="warning")
def cash_below_floor_at_once(deal: Deal) -> Iterator[Finding]:
    """The seller's cash account opens below its floor, and must be filled within the first year."""
    account = deal.settings.cash
    if account.opening is not None and account.opening < account.floor:
        yield drafts.at(
            deal.settings_place("cash.opening"),
            subject="opening of the seller's cash account",
            found=drafts.number(account.opening),
            allowed=f"at least the floor, {drafts.number(account.floor)}",
            next_step="raise the opening or lower the floor, unless the first year is to fill the account",
        )

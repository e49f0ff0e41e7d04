"""The seller's cash account as figures."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class CashData:
    """The account that the seller's money goes through, year by year.

    is_kept : whether there is one; without it money of the seller is no limit and all else has no meaning;
    opening, floor : million of base-year money; home_receipt_share : share of the value of own needs met
    that is paid in; reinvestment_share : least share of the proceeds of the deal that goes into the fund;
    fund_value : worth of an amount in the fund over the amount
    """

    is_kept: bool
    opening: float
    floor: float
    home_receipt_share: float
    reinvestment_share: float
    fund_value: float

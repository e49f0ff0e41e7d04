"""From the settings of a deal to the figures of the seller's cash account."""

from __future__ import annotations

from dronedeal.assessment.valuation import Valuation
from dronedeal.deal import Deal
from dronedeal.planning.data_cash import CashData

_MONEY_UNIT = 1e6


def arrange_cash(deal: Deal, money: Valuation) -> CashData:
    """The account that the deal states, in millions of its currency at base-year prices.

    Parameters
    ----------
    deal : a deal that passed its checks
    money : what its amounts are worth
    """
    account, settings = deal.settings.cash, deal.settings
    year, seller = settings.price_base_year, settings.seller.id
    opening, floor = (
        money.base_amount(amount, account, party=seller, year=year) / _MONEY_UNIT
        for amount in (account.opening or 0.0, account.floor)
    )
    return CashData(
        account.is_kept,
        opening,
        floor,
        account.home_receipt_share,
        account.reinvestment_share,
        account.fund_value,
    )

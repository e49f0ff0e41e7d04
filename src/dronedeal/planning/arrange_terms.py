"""The terms of payment of a deal as arrays."""

from __future__ import annotations

import numpy as np

from dronedeal.assessment.valuation import Valuation
from dronedeal.deal import Deal
from dronedeal.planning.data import MONEY_UNIT, TermsData


def arrange_terms(deal: Deal, money: Valuation) -> TermsData:
    """The terms of payment, amounts in millions of the deal's currency.

    Parameters
    ----------
    deal : a deal that passed its checks
    money : its valuation
    """
    terms = deal.settings.terms
    ceiling = money.ceiling
    return TermsData(
        ceiling=np.inf if ceiling is None else ceiling / MONEY_UNIT,
        advance_share=terms.advance_share,
        retention_share=terms.retention_share,
        retention_months=terms.retention_months,
    )

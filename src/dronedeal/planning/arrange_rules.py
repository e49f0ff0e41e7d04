"""From the composition rules of a deal to arrays over the pairs of a plan."""

from __future__ import annotations

import math

import numpy as np

from dronedeal.assessment.composition import SHARE_KINDS, Composition, held_months, is_subject
from dronedeal.assessment.offers import PRICE_ROUNDING, Offers
from dronedeal.assessment.valuation import Valuation
from dronedeal.deal import Deal
from dronedeal.deal.systems import System
from dronedeal.deal.terms import Rule
from dronedeal.planning.data import MONEY_UNIT, PairData, PriceData, ProductData
from dronedeal.planning.data_rules import BoolArray, RuleData
from dronedeal.planning.tree import FloatArray


def arrange_rules(
    deal: Deal, money: Valuation, *, products: ProductData, pairs: PairData, prices: PriceData
) -> RuleData:
    """Arrays of all composition rules.

    Parameters
    ----------
    deal, money : the deal and the value of its amounts
    products, pairs, prices : arrays of the same deal, in their order
    """
    arranger = _RuleArranger(deal, money, products=products, pairs=pairs, prices=prices)
    return RuleData(penalty=arranger.penalty(), is_barred=arranger.is_barred())


class _RuleArranger:
    """Each method fills one part of the rules' data."""

    def __init__(
        self, deal: Deal, money: Valuation, *, products: ProductData, pairs: PairData, prices: PriceData
    ) -> None:
        self.deal = deal
        self.money = money
        self.products = products
        self.pairs = pairs
        self.prices = prices
        self.composition = Composition(deal, money)
        self.offers = Offers(deal, money)
        self.buyer = deal.settings.buyer.id
        self.years = money.buyer_years
        self.branches = [deal.requirements[number].branch for number in pairs.requirement.tolist()]
        self.rules = [(rule, held) for rule in deal.rules if (held := held_months(rule, money.calendar))]

    def system(self, product: int) -> System:
        return self.deal.systems[int(self.products.system[product])]

    def line(self, product: int) -> str | None:
        line = int(self.products.line[product])
        return None if line < 0 else self.deal.lines[line].id

    def penalty(self) -> FloatArray:
        """`Σ violation_price · excess` of the priced rules that hold in the month, by pair."""
        penalty = np.zeros((self.pairs.count, self.money.calendar.months))
        for rule, held in self.rules:
            if rule.is_hard or rule.violation_price is None:
                continue
            by_month = self._by_month(rule, held)
            for pair, product in enumerate(self.pairs.product.tolist()):
                if rule.branch in (None, self.branches[pair]) and product in by_month:
                    penalty[pair] += by_month[product]
        return penalty

    def _by_month(self, rule: Rule, held: range) -> dict[int, FloatArray]:
        """(T,) million per unit of each product that breaks a priced rule."""
        found = {}
        for product in np.unique(self.pairs.product).tolist():
            cost = np.zeros(self.money.calendar.months)
            for year in self.years.names:
                inside = [month for month in self.years.months_in(year) if month in held]
                if inside:
                    cost[inside] = self._unit_penalty(rule, product, inside=inside, year=year)
            if cost.any():
                found[product] = cost
        return found

    def _unit_penalty(self, rule: Rule, product: int, *, inside: list[int], year: int) -> FloatArray | float:
        """What one unit delivered in the months inside a fiscal year costs, million."""
        price = rule.violation_price or 0.0
        if rule.kind == "price_cap":
            return price * self._above_cap(rule, product, year)
        weight = self.money.base_amount(price, rule, party=self.buyer, year=year) / MONEY_UNIT
        if rule.kind in SHARE_KINDS:
            return weight * self.composition.excess(rule, self.system(product), line=self.line(product))
        if rule.kind == "export_permit" and self._needs_permit(rule, product):
            is_waiting = np.array(inside) < math.ceil(rule.limit or 0.0)
            return np.where(is_waiting, weight, 0.0)
        return 0.0

    def _needs_permit(self, rule: Rule, product: int) -> bool:
        is_subject_of = is_subject(rule.subject, self.system(product))
        return bool(self.products.is_owned_by_seller[product]) and is_subject_of

    def _above_cap(self, rule: Rule, product: int, year: int) -> float:
        """Price of a product above a cap in a fiscal year, million; 0 where it is not for sale."""
        at = year - self.years.names[0]
        if self.prices.row[product, at] < 0 or not is_subject(rule.subject, self.system(product)):
            return 0.0
        cap = self.offers.cap(rule, year) / MONEY_UNIT
        above = float(self.prices.price[product, at]) - cap
        return above if above > PRICE_ROUNDING * cap else 0.0

    def is_barred(self) -> BoolArray:
        """Pairs whose price is above a hard cap in the month."""
        barred = np.zeros((self.pairs.count, self.money.calendar.months), dtype=bool)
        for rule, held in self.rules:
            if rule.kind != "price_cap" or not rule.is_hard:
                continue
            for pair, product in enumerate(self.pairs.product.tolist()):
                if rule.branch in (None, self.branches[pair]):
                    for month in held:
                        barred[pair, month] |= self._above_cap(rule, product, self.years.of(month)) > 0
        return barred

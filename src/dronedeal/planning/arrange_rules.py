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
from dronedeal.planning.data_rules import BoolArray, ChoiceData, RuleData, ShareData
from dronedeal.planning.tree import FloatArray


def arrange_rules(
    deal: Deal,
    money: Valuation,
    *,
    products: ProductData,
    pairs: PairData,
    prices: PriceData,
) -> RuleData:
    """Arrays of all composition rules.

    Parameters
    ----------
    deal, money : the deal and the value of its amounts
    products, pairs, prices : arrays of the same deal, in their order
    """
    book = _RuleBook(deal, money, products=products, pairs=pairs, prices=prices)
    return RuleData(
        penalty=book.penalty(), is_barred=book.is_barred(), shares=_shares(book), choices=_choices(book)
    )


class _RuleBook:
    """The rules beside the products, pairs and prices that they speak of."""

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
        self.row_of = {rule.id: number for number, rule in enumerate(deal.rules)}

    def system(self, product: int) -> System:
        return self.deal.systems[int(self.products.system[product])]

    def line(self, product: int) -> str | None:
        line = int(self.products.line[product])
        return None if line < 0 else self.deal.lines[line].id

    def of_kind(self, *kinds: str) -> list[tuple[Rule, range]]:
        """Rules of some kinds with the months in which they hold."""
        return [(rule, held) for rule, held in self.rules if rule.kind in kinds]

    def meant(self, rule: Rule, subject: str) -> BoolArray:
        """(P,) pairs of the rule's branch whose product a subject means."""
        by_product = {
            product: self.composition.means(subject, self.system(product), line=self.line(product))
            for product in np.unique(self.pairs.product).tolist()
        }
        found = [
            by_product[product] and rule.branch in (None, branch)
            for product, branch in zip(self.pairs.product.tolist(), self.branches, strict=True)
        ]
        return np.array(found, dtype=bool)

    def months(self, held: range) -> BoolArray:
        """(T,) whether a rule holds."""
        is_held = np.zeros(self.money.calendar.months, dtype=bool)
        is_held[list(held)] = True
        return is_held

    def million(self, rule: Rule, year: int) -> float:
        """The violation price of a rule in a fiscal year."""
        amount = rule.violation_price or 0.0
        return self.money.base_amount(amount, rule, party=self.buyer, year=year) / MONEY_UNIT

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
        if rule.kind == "price_cap":
            return (rule.violation_price or 0.0) * self._above_cap(rule, product, year)
        weight = self.million(rule, year)
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


def _shares(book: _RuleBook) -> ShareData:
    """Work shares and mixes."""
    rules = book.of_kind("work_share", "mix")
    numerators, denominators = [], []
    for rule, _ in rules:
        whole = book.meant(rule, (rule.within or "*") if rule.kind == "mix" else rule.subject)
        if rule.kind == "mix":
            part = whole & book.meant(rule, rule.subject)
        else:
            whole &= book.products.line[book.pairs.product] >= 0
            part = whole & _made_in(book, rule)
        numerators.append(part)
        denominators.append(whole)
    shape, years = (len(rules), book.pairs.count), book.years.names
    is_at_least = np.array([rule.direction != "at_most" for rule, _ in rules], dtype=bool)
    limit = np.array([rule.limit or 0.0 for rule, _ in rules], dtype=float)
    in_value = np.array([rule.measure == "value" for rule, _ in rules], dtype=bool)
    price = [[0.0 if rule.is_hard else _short_price(book, rule, year) for year in years] for rule, _ in rules]
    denominator = np.array(denominators, dtype=bool).reshape(shape)
    return ShareData(
        rule=np.array([book.row_of[rule.id] for rule, _ in rules], dtype=np.int64),
        limit=limit,
        is_at_least=is_at_least,
        is_hard=np.array([rule.is_hard for rule, _ in rules], dtype=bool),
        in_value=in_value,
        numerator=np.array(numerators, dtype=bool).reshape(shape),
        denominator=denominator,
        is_held=_held(book, rules),
        price=np.array(price, dtype=float).reshape(len(rules), len(years)),
        most=np.where(is_at_least, limit, 1 - limit)[:, None] * _forced(book, denominator, in_value),
    )


def _made_in(book: _RuleBook, rule: Rule) -> BoolArray:
    """(P,) pairs whose line stands in one of the countries of a rule."""
    countries = {code.upper() for code in rule.origin}
    is_there = np.array([line.country.upper() in countries for line in book.deal.lines] + [False], dtype=bool)
    found: BoolArray = is_there[book.products.line[book.pairs.product]]
    return found


def _held(book: _RuleBook, rules: list[tuple[Rule, range]]) -> BoolArray:
    held = [book.months(held) for _, held in rules]
    return np.array(held, dtype=bool).reshape(len(rules), book.money.calendar.months)


def _short_price(book: _RuleBook, rule: Rule, year: int) -> float:
    return (rule.violation_price or 0.0) if rule.measure == "value" else book.million(rule, year)


def _forced(book: _RuleBook, denominator: BoolArray, in_value: BoolArray) -> FloatArray:
    """(Q, Y) units, or millions, of the deliveries behind each share that something forces.

    Only firm minima, and choices of which at least so many systems must be bought, force deliveries; a hard
    share need never be broken by more than they bring.
    """
    prices, n_years = book.prices, len(book.years.names)
    forced = np.zeros((len(in_value), n_years))
    chosen = sum(len(rule.systems) for rule, _ in book.of_kind("either_or") if rule.direction == "at_least")
    for number, counts in enumerate(denominator):
        products = np.unique(book.pairs.product[counts])
        for year in range(n_years):
            rows = np.unique(prices.row[products, year]) if len(products) else np.zeros(0, dtype=np.int64)
            rounded = int(counts.sum())  # each contract quantity may be rounded up to a whole unit
            units = float(prices.firm_minimum[rows[rows >= 0]].sum()) + chosen + rounded
            dearest = float(prices.price[products, year].max(initial=0.0))
            forced[number, year] = units * dearest if in_value[number] else units
    return forced


def _choices(book: _RuleBook) -> ChoiceData:
    """Choices of at most, or at least, so many of some systems."""
    rules = book.of_kind("either_or")
    numbers = {system.id: number for number, system in enumerate(book.deal.systems)}
    options = [
        (number, numbers[name], rule)
        for number, (rule, _) in enumerate(rules)
        for name in dict.fromkeys(rule.systems)
    ]
    pairs = [
        book.meant(rule, book.deal.systems[system].id) & _is_of(book, system) for _, system, rule in options
    ]
    price = [0.0 if rule.is_hard else book.million(rule, book.years.of(held[-1])) for rule, held in rules]
    return ChoiceData(
        rule=np.array([book.row_of[rule.id] for rule, _ in rules], dtype=np.int64),
        limit=np.array([rule.limit or 0.0 for rule, _ in rules], dtype=float),
        is_at_least=np.array([rule.direction == "at_least" for rule, _ in rules], dtype=bool),
        is_hard=np.array([rule.is_hard for rule, _ in rules], dtype=bool),
        is_held=_held(book, rules),
        price=np.array(price, dtype=float),
        choice=np.array([number for number, _, _ in options], dtype=np.int64),
        system=np.array([system for _, system, _ in options], dtype=np.int64),
        pairs=np.array(pairs, dtype=bool).reshape(len(options), book.pairs.count),
    )


def _is_of(book: _RuleBook, system: int) -> BoolArray:
    found: BoolArray = book.products.system[book.pairs.product] == system
    return found

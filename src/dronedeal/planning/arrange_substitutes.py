"""From the parts lists and hard limits on origins of a deal to the substitutes that a plan may use."""

from __future__ import annotations

from collections import defaultdict
from itertools import combinations

import numpy as np

from dronedeal.assessment.composition import Composition, held_months
from dronedeal.assessment.valuation import Valuation
from dronedeal.deal import Deal
from dronedeal.planning.data import MONEY_UNIT, PairData, ProductData
from dronedeal.planning.data_rules import BoolArray, SubstituteData

Allowed = frozenset[str]
# Sets of substitutes that rules allow for one part are few; beyond this many only the largest are joined.
_MOST_SETS = 6


def arrange_substitutes(
    deal: Deal, money: Valuation, *, products: ProductData, pairs: PairData
) -> SubstituteData:
    """Substitutes that keep a hard limit or stretch a part in short supply, and what must be made with them.

    Parameters
    ----------
    deal, money : the deal and the value of its amounts
    products, pairs : arrays of the same deal, in their order
    """
    return _Arranger(deal, money, products=products, pairs=pairs).data()


class _Arranger:
    """The parts of each product beside the rules on its deliveries."""

    def __init__(self, deal: Deal, money: Valuation, *, products: ProductData, pairs: PairData) -> None:
        self.deal = deal
        self.money = money
        self.products = products
        self.pairs = pairs
        self.months = money.calendar.months
        self.numbers = {component.id: number for number, component in enumerate(deal.components)}
        self.branches = np.array(
            [deal.requirements[number].branch for number in pairs.requirement.tolist()], dtype=object
        )
        self.is_barred = np.zeros((pairs.count, self.months), dtype=bool)

    def data(self) -> SubstituteData:
        """All arrays."""
        required = self._required()
        duties = [
            (product, part, allowed, counts)
            for (product, part), by_set in required.items()
            for allowed, counts in self._joined(by_set)
        ]
        swaps = self._swaps({(product, part) for product, part, _, _ in duties})
        n_duties, n_swaps = len(duties), len(swaps)
        serves = [
            [(product, part) == swap[:2] and swap[2] in allowed for swap in swaps]
            for product, part, allowed, _ in duties
        ]
        counted = [counts for _, _, _, counts in duties]
        return SubstituteData(
            product=np.array([product for product, _, _, _ in swaps], dtype=np.int64),
            part=np.array([self.numbers[part] for _, part, _, _ in swaps], dtype=np.int64),
            substitute=np.array([self.numbers[name] for _, _, name, _ in swaps], dtype=np.int64),
            quantity=np.array([quantity for _, _, _, quantity in swaps], dtype=float),
            cost=np.array([self._cost(swap) for swap in swaps], dtype=float),
            duty_product=np.array([product for product, _, _, _ in duties], dtype=np.int64),
            duty_part=np.array([self.numbers[part] for _, part, _, _ in duties], dtype=np.int64),
            counted=np.array(counted, dtype=bool).reshape(n_duties, self.pairs.count, self.months),
            serves=np.array(serves, dtype=bool).reshape(n_duties, n_swaps),
            is_barred=self.is_barred,
        )

    def _required(self) -> dict[tuple[int, str], dict[Allowed, BoolArray]]:
        """For each product and part, the deliveries (P, T) that need one of a set of substitutes for it.

        A delivery under several rules needs a substitute that all of them allow; where there is none it is
        barred.
        """
        needed: dict[tuple[int, str], list[tuple[Allowed, BoolArray]]] = defaultdict(list)
        composition = Composition(self.deal, self.money)
        for rule in self.deal.rules:
            held = list(held_months(rule, self.money.calendar))
            if not rule.is_hard or rule.kind not in ("component_origin_limit", "exclusion") or not held:
                continue
            for product in np.unique(self.pairs.product).tolist():
                line = int(self.products.line[product])
                system = self.deal.systems[int(self.products.system[product])]
                name = None if line < 0 else self.deal.lines[line].id
                under = self.pairs.product == product
                under &= (self.branches == rule.branch) | (rule.branch is None)
                counts = np.zeros((self.pairs.count, self.months), dtype=bool)
                counts[np.ix_(under, held)] = True
                for part, allowed in (composition.substitutes(rule, system, line=name) or {}).items():
                    needed[product, part].append((frozenset(allowed), counts))
        return {key: self._by_set(cases) for key, cases in needed.items()}

    def _by_set(self, cases: list[tuple[Allowed, BoolArray]]) -> dict[Allowed, BoolArray]:
        """Deliveries by the set of substitutes that all rules on them allow."""
        under = np.stack([counts.ravel() for _, counts in cases])
        of = np.zeros(under.shape[1], dtype=np.int64)
        for case in under:  # to tell patterns apart one case after the other takes far less than by columns
            _, first, of = np.unique(2 * of + case, return_index=True, return_inverse=True)
        found: dict[Allowed, BoolArray] = {}
        for number, pattern in enumerate(under[:, first].T):
            if not pattern.any():
                continue
            sets = [allowed for (allowed, _), is_under in zip(cases, pattern, strict=True) if is_under]
            allowed = sets[0].intersection(*sets[1:])
            counts = (of == number).reshape(self.is_barred.shape)
            found[allowed] = found.get(allowed, np.zeros_like(counts)) | counts
        self.is_barred |= found.pop(frozenset(), np.zeros_like(self.is_barred))
        return found

    def _joined(self, by_set: dict[Allowed, BoolArray]) -> list[tuple[Allowed, BoolArray]]:
        """Every union of the sets with all deliveries that need something inside it (Hall's condition).

        Units made with substitutes suffice for all deliveries at once exactly where, for each union of
        sets, no more deliveries need something inside it than units are made with something inside it.
        """
        sets = sorted(by_set, key=lambda each: (-len(each), sorted(each)))[:_MOST_SETS]
        unions = {
            frozenset().union(*chosen)
            for count in range(1, len(sets) + 1)
            for chosen in combinations(sets, count)
        }
        return [
            (union, np.logical_or.reduce([counts for each, counts in by_set.items() if each <= union]))
            for union in sorted(unions, key=sorted)
        ]

    def _swaps(self, places: set[tuple[int, str]]) -> list[tuple[int, str, str, float]]:
        """Product, part, substitute and number of parts in a unit, wherever a substitute can be of use."""
        short = {row.component for row in self.deal.component_supply}
        replacing = defaultdict(list)
        for component in self.deal.components:
            if component.substitute_for is not None:
                replacing[component.substitute_for].append(component.id)
        found = []
        for product in np.flatnonzero(self.products.line >= 0).tolist():
            for part, quantity in self._parts_of(product).items():
                if (product, part) in places or part in short:
                    found += [(product, part, name, quantity) for name in replacing[part]]
        return found

    def _parts_of(self, product: int) -> dict[str, float]:
        """Number of each part in one unit of a line product."""
        system = self.deal.systems[int(self.products.system[product])].id
        line = self.deal.lines[int(self.products.line[product])].id
        counts: dict[str, float] = {}
        for row in self.deal.system_components:
            if row.system == system and row.line in (None, line):
                counts[row.component] = counts.get(row.component, 0.0) + row.quantity
        return counts

    def _cost(self, swap: tuple[int, str, str, float]) -> float:
        """`quantity · premium of the substitute · unit cost of the part`, million per unit."""
        product, part, name, quantity = swap
        row = self.deal.components[self.numbers[part]]
        premium = self.deal.components[self.numbers[name]].premium
        operator = self.deal.lines[int(self.products.line[product])].operator
        year = self.deal.settings.price_base_year
        unit_cost = self.money.base_amount(row.unit_cost, row, party=operator, year=year)
        return quantity * premium * unit_cost / MONEY_UNIT


def substitute_labels(
    substitutes: SubstituteData, products: tuple[str, ...], deal: Deal
) -> dict[str, tuple[str, ...]]:
    """Names of components, of products made with a substitute, and of what must be made with one.

    Parameters
    ----------
    products : names of the products, in index order
    """
    names = [row.id for row in deal.components]
    swaps = zip(substitutes.product, substitutes.part, substitutes.substitute, strict=True)
    duties = zip(substitutes.duty_product, substitutes.duty_part, strict=True)
    allowed = [
        "/".join(names[substitutes.substitute[number]] for number in np.flatnonzero(serves))
        for serves in substitutes.serves
    ]
    return {
        "component": tuple(names),
        "swap": tuple(f"{products[product]}:{names[part]}>{names[name]}" for product, part, name in swaps),
        "duty": tuple(
            f"{products[product]}:{names[part]}>{within}"
            for (product, part), within in zip(duties, allowed, strict=True)
        ),
    }

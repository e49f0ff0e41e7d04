"""Deals so small that every plan of them can be written down, and the best of those plans by plain counting.

Two years of twelve months, no discounting, whole units, deliveries at the end of each year. Then a plan is
no more than how many units of each product each requirement takes in each year, and whether the one candidate
line is opened at once: a few thousand cases, all of which are judged by array arithmetic that follows the
words of docs/explanation/model.md and knows nothing of columns and rows.
"""

from __future__ import annotations

import itertools
import math
import random
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np

from dronedeal.deal import Deal, Party, Settings
from dronedeal.deal.cooperation import Integration
from dronedeal.deal.funds import Budget
from dronedeal.deal.production import Component, ComponentSupply, Line, LineSystem, SystemComponent
from dronedeal.deal.requirements import Branch, Requirement, RequirementQuantity
from dronedeal.deal.settings import Options
from dronedeal.deal.systems import System
from dronedeal.deal.terms import Price, Rule

YEARS = (2027, 2028)
MILLION = 1e6
PARTIES = (
    Party(id="buyer", name="Buyer", role="buyer"),
    Party(id="seller", name="Seller", role="seller"),
    Party(id="market", name="Market", role="third"),
)
Values = np.ndarray[Any, np.dtype[np.float64]]


@dataclass(frozen=True)
class Small:
    """A random deal of at most three products and two requirements as plain numbers; money in millions.

    Products are `own` (existing line of the seller), `joint` (candidate line of the buyer, the same system)
    and `other` (another system from the market). `pairs` are those that the matching must find.
    """

    pairs: tuple[tuple[str, str], ...]
    price: Mapping[str, float]
    second_price: float | None
    tier_from: int
    royalty: float
    cost: Mapping[str, float]
    capacity: Mapping[str, float]
    open_cost: float
    licence_fee: float
    value: Mapping[str, tuple[float, float]]
    threshold: Mapping[tuple[str, int], int]
    objective: Mapping[tuple[str, int], int]
    budget: Mapping[int, float]
    maximum: int | None
    firm_minimum: int
    integration: float
    parts: Mapping[int, int] | None
    at_most_one: bool
    slope: float | None = None
    prior: int = 1

    @property
    def deal(self) -> Deal:
        """The same as a deal."""
        return Deal(_settings(), **_offer(self), **_needs(self))


def small_deal(seed: int) -> Small:
    """A deal of that seed; every kind of rule is in about a third of them."""
    draw = random.Random(seed)

    def sometimes(value: Any, otherwise: Any = None) -> Any:
        return value if draw.random() < 0.35 else otherwise

    has_joint, has_other, has_second = (draw.random() < 0.6 for _ in range(3))
    requirements = ["first", "second"] if has_second else ["first"]
    products = ["own", *(["joint"] if has_joint else []), *(["other"] if has_other else [])]
    pairs = [(product, need) for need in requirements for product in products]
    most = 2 if len(pairs) > 4 else 3
    objective = {(need, year): draw.randint(1, most) for need in requirements for year in YEARS}
    low = {need: draw.randint(20, 80) for need in requirements}
    return Small(
        pairs=tuple(pairs),
        price={"own": draw.randint(20, 50), "joint": draw.randint(20, 60), "other": draw.randint(20, 70)},
        second_price=sometimes(draw.randint(10, 19)),
        tier_from=draw.randint(2, 4),
        royalty=sometimes(0.1, 0.0),
        cost={"own": draw.randint(5, 45), "joint": draw.randint(5, 45)},
        capacity={"own": draw.choice([0.125, 0.25, 1.0]), "joint": draw.choice([0.25, 1.0])},
        open_cost=draw.randint(0, 40),
        licence_fee=sometimes(draw.randint(1, 20), 0),
        value={need: (float(low[need]), float(low[need] // draw.choice([1, 2]))) for need in requirements},
        threshold={key: draw.randint(0, top) for key, top in objective.items()},
        objective=objective,
        budget={year: draw.randint(30, 300) for year in YEARS},
        maximum=sometimes(draw.randint(1, 3)),
        firm_minimum=sometimes(1, 0),
        integration=sometimes(draw.randint(1, 60), 0),
        parts=sometimes({year: draw.randint(1, 5) for year in YEARS}),
        at_most_one=has_other and bool(sometimes(1, 0)),
    )


def _settings() -> Settings:
    return Settings(
        format=1,
        title="Small",
        start="2027-01",
        months=24,
        currency="USD",
        price_base_year=2027,
        parties=PARTIES,
        options=Options(investment_months=12),
    )


def _offer(small: Small) -> dict[str, Any]:
    products = {product for product, _ in small.pairs}
    makers = [name for name in ("own", "joint") if name in products]
    system = {"id": "kestrel", "name": "Kestrel", "maker": "Seller", "supplier": "seller"}
    other = {"id": "heron", "name": "Heron", "maker": "Market", "supplier": "market"}
    systems = [system, *([other] if "other" in products else [])]
    found: dict[str, Any] = {
        "systems": tuple(System(domain="air", role="scout", **row) for row in systems),
        "lines": tuple(_line(small, name) for name in makers),
        "line_systems": tuple(
            LineSystem(
                line=name,
                system="kestrel",
                unit_cost=small.cost[name] * MILLION,
                learning_slope=small.slope,
                units_already_made=small.prior,
            )
            for name in makers
        ),
        "prices": tuple(row for year in YEARS for row in _prices(small, year, products)),
    }
    if small.parts is not None:
        found["components"] = (Component(id="chip", name="Chip", category="chip", origin="UA", unit_cost=1),)
        found["system_components"] = (SystemComponent(system="kestrel", component="chip", quantity=1),)
        found["component_supply"] = tuple(
            ComponentSupply(component="chip", fiscal_year=year, limit=small.parts[year]) for year in YEARS
        )
    if small.integration:
        found["integrations"] = (
            Integration(
                system="kestrel",
                branch="army",
                standard="link",
                cost=small.integration * MILLION,
                months=0,
                payer="seller",
            ),
        )
    if small.at_most_one:
        found["rules"] = (
            Rule(id="one_model", kind="either_or", subject="*", systems=("kestrel", "heron"), limit=1),
        )
    return found


def _line(small: Small, name: str) -> Line:
    is_own = name == "own"
    return Line(
        id=name,
        site="X",
        country="UA" if is_own else "US",
        operator="seller" if is_own else "buyer",
        status="existing" if is_own else "candidate",
        initial_capacity=small.capacity[name],
        open_cost=0 if is_own else small.open_cost * MILLION,
        licence_fee=0 if is_own else small.licence_fee * MILLION,
    )


def _prices(small: Small, year: int, products: set[str]) -> list[Price]:
    rows = [
        Price(
            system="kestrel",
            line=name,
            fiscal_year=year,
            unit_price=small.price[name] * MILLION,
            royalty=small.royalty if name == "joint" else 0.0,
            maximum=small.maximum if name == "own" else None,
            firm_minimum=small.firm_minimum or None if name == "own" else None,
        )
        for name in ("own", "joint")
        if name in products
    ]
    if small.second_price is not None:
        rows.append(
            Price(
                system="kestrel",
                line="own",
                fiscal_year=year,
                tier_from=small.tier_from,
                unit_price=small.second_price * MILLION,
            )
        )
    if "other" in products:
        rows.append(Price(system="heron", fiscal_year=year, unit_price=small.price["other"] * MILLION))
    return rows


def _needs(small: Small) -> dict[str, Any]:
    needs = sorted({need for _, need in small.pairs})
    return {
        "branches": (Branch(id="army", party="buyer", name="Army"),),
        "requirements": tuple(
            Requirement(
                id=need,
                branch="army",
                name=need,
                role="scout",
                domain="air",
                kind="use",
                value_threshold=small.value[need][0] * MILLION,
                value_objective=small.value[need][1] * MILLION,
            )
            for need in needs
        ),
        "requirement_quantities": tuple(
            RequirementQuantity(
                requirement=need,
                fiscal_year=year,
                threshold=small.threshold[need, year],
                objective=small.objective[need, year],
            )
            for need in needs
            for year in YEARS
        ),
        "budgets": tuple(
            Budget(
                branch="army",
                fiscal_year=year,
                appropriation="procurement",
                amount=small.budget[year] * MILLION,
            )
            for year in YEARS
        ),
    }


def _shares(products: int, most: int) -> Values:
    """Every way in which a requirement can take at most so many units of its products."""
    every = itertools.product(range(most + 1), repeat=products)
    return np.array([units for units in every if sum(units) <= most], dtype=float)


class Enumeration:
    """Every plan of a small deal and what it is worth to both sides."""

    def __init__(self, small: Small) -> None:
        self.small = small
        self.keys: list[tuple[str, str, int]] = []
        shares: list[Values] = []
        for (need, year), most in small.objective.items():
            mine = [(product, need, year) for product, asked in small.pairs if asked == need]
            self.keys += mine
            shares.append(_shares(len(mine), most))
        if any(product == "joint" for product, _ in small.pairs):
            shares.append(np.array([[0.0], [1.0]]))
        chosen = np.meshgrid(*(np.arange(len(part)) for part in shares), indexing="ij")
        grid = np.concatenate([part[at.ravel()] for part, at in zip(shares, chosen, strict=True)], axis=1)
        self.taken = grid[:, : len(self.keys)]
        has_line = grid.shape[1] > len(self.keys)
        self.is_open = grid[:, -1] > 0 if has_line else np.zeros(len(grid), dtype=bool)

    def units(self, product: str, year: int | None = None) -> Values:
        """Units of a product in a year, or in both."""
        chosen = [at for at, key in enumerate(self.keys) if key[0] == product and year in (None, key[2])]
        total: Values = self.taken[:, chosen].sum(axis=1)
        return total

    def spent(self, product: str, year: int) -> Values:
        """What the buyer pays for a product in a year, the tier reached holding for every unit."""
        units, small = self.units(product, year), self.small
        price = np.full(len(units), float(small.price[product]))
        if product == "own" and small.second_price is not None:
            price[units >= small.tier_from] = small.second_price
        return price * units

    def made_for(self, product: str) -> Values:
        """Cost of all units of a product, on Crawford's curve where it has one; each line learns alone."""
        small, units = self.small, self.units(product)
        if small.slope is None:
            return small.cost[product] * units
        exponent = -math.log2(small.slope)
        first_unit = small.cost[product] * small.prior**exponent
        power = 1.0 - exponent
        grown: Values = (small.prior + units) ** power - small.prior**power
        return first_unit * grown / power

    @property
    def is_possible(self) -> Any:
        """Which plans keep every rule but firm minima."""
        small = self.small
        fits = np.ones(len(self.taken), dtype=bool)
        for need, year in small.objective:
            mine = [at for at, key in enumerate(self.keys) if key[1:] == (need, year)]
            fits &= self.taken[:, mine].sum(axis=1) <= small.objective[need, year]
        for year in YEARS:
            fits &= sum(self.spent(name, year) for name in small.price) <= small.budget[year] + 1e-9
            if small.maximum is not None:
                fits &= self.units("own", year) <= small.maximum
        fits &= self._can_be_made()
        if small.at_most_one:
            fits &= (self.units("own") + self.units("joint") == 0) | (self.units("other") == 0)
        return fits

    def _can_be_made(self) -> Any:
        """Whether capacity and parts suffice; a unit is made in the year of its delivery or before."""
        small, (first, second) = self.small, YEARS
        fits = np.ones(len(self.taken), dtype=bool)
        total, least, most = (np.zeros(len(fits)) for _ in range(3))
        for product in ("own", "joint"):
            year = 12 * small.capacity[product] * (np.ones(len(fits)) if product == "own" else self.is_open)
            both = self.units(product, first) + self.units(product, second)
            early = np.maximum(self.units(product, first), both - year)  # what must be made in the first year
            fits &= early <= year + 1e-9
            total, least, most = total + both, least + early, most + np.minimum(year, both)
        if small.parts is None:
            return fits
        enough = np.minimum(most, small.parts[first])
        return fits & (least <= small.parts[first] + 1e-9) & (total - small.parts[second] <= enough + 1e-9)

    @property
    def is_firm(self) -> Any:
        """Which plans take the firm minimum in every year."""
        least = self.small.firm_minimum
        return np.all([self.units("own", year) >= least for year in YEARS], axis=0)

    @property
    def utilities(self) -> tuple[Values, Values]:
        """Worth of every plan to buyer and seller."""
        small = self.small
        buyer, seller = np.zeros(len(self.taken)), np.zeros(len(self.taken))
        for (need, year), threshold in small.threshold.items():
            mine = [at for at, key in enumerate(self.keys) if key[1:] == (need, year)]
            units = self.taken[:, mine].sum(axis=1)
            low = np.minimum(units, threshold)
            buyer += small.value[need][0] * low + small.value[need][1] * (units - low)
        own = sum(self.spent("own", year) for year in YEARS)
        royalty = small.royalty * small.price["joint"] * self.units("joint")
        fee = small.licence_fee * self.is_open
        buyer -= own + sum(self.spent("other", year) for year in YEARS)
        buyer -= royalty + fee + self.made_for("joint") + small.open_cost * self.is_open
        seller += own + royalty + fee - self.made_for("own")
        is_worked = (self.units("own") + self.units("joint")) > 0
        seller -= small.integration * is_worked
        return buyer, seller

    def best(self, objective: str) -> float:
        """Best value of `joint`, `buyer` or `seller` in millions; NaN where no plan keeps the rules."""
        buyer, seller = self.utilities
        no_deal = (self.units("own") + self.units("joint") == 0) & ~self.is_open & self.is_possible
        allowed = self.is_possible & self.is_firm
        worth = {"joint": buyer + seller, "buyer": buyer, "seller": seller}[objective]
        if objective == "buyer":
            allowed &= seller >= seller[no_deal].max() - 1e-9
        if objective == "seller":
            allowed &= buyer >= buyer[no_deal].max() - 1e-9
        return float(worth[allowed].max()) if allowed.any() else float("nan")

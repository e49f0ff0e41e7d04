"""Composition rules (rule 13): what single deliveries cost, shares of a year, choices among systems."""

from __future__ import annotations

import math
from collections import defaultdict
from typing import TYPE_CHECKING, Any

import numpy as np
import numpy.typing as npt
import pandas as pd
from benchmarks.outside_tables import MILLION, FloatArray, Tables
from benchmarks.outside_terms import most_units

from dronedeal.deal.production import Component
from dronedeal.deal.terms import Rule

if TYPE_CHECKING:
    from benchmarks.outside_model import OutsideModel

Mask = npt.NDArray[np.bool_]
ROUNDING = 1e-12
"""A share that is equal to a limit but for rounding keeps it."""


class PartsLists:
    """What is in one unit of each product, and what it is worth."""

    def __init__(self, tables: Tables) -> None:
        self.tables = tables
        self.component = {row.id: row for row in tables.deal.components}
        self.kinds = {row.category for row in tables.deal.components}
        self._rows = defaultdict(list)
        for row in tables.deal.system_components:
            self._rows[row.system].append(row)

    def parts(self, system: str, line: str | None) -> dict[str, float]:
        """Number of each part in a unit as made on a line, or bought on the market."""
        found: dict[str, float] = defaultdict(float)
        for row in self._rows[system]:
            if row.line is None or row.line == line:
                found[row.component] += row.quantity
        return found

    def value(self, part: Component) -> float:
        """Base-year money for one part."""
        seller, year = self.tables.deal.settings.seller.id, self.tables.worth.seller_years.of(0)
        return self.tables.worth.base_amount(part.unit_cost, part, party=seller, year=year)

    def kind(self, rule: Rule, system: str) -> str | None:
        """The kind of part that a rule speaks of; None where it speaks of the system."""
        is_kind = rule.subject in self.kinds and not self.tables.names(rule.subject, system)
        return rule.subject if is_kind else None

    def speaks_of(self, rule: Rule, system: str) -> bool:
        """Whether a rule means the system, or a kind of part."""
        return self.kind(rule, system) is not None or self.tables.names(rule.subject, system)

    def named(self, rule: Rule, system: str, line: str | None) -> tuple[dict[str, float], float]:
        """Value in a unit of each part that comes from the rule's countries, and of all that count."""
        countries, kind = {code.upper() for code in rule.origin}, self.kind(rule, system)
        named, total = {}, 0.0
        for name, quantity in self.parts(system, line).items():
            part = self.component[name]
            if kind in (None, part.category):
                total += quantity * self.value(part)
                if part.origin.upper() in countries:
                    named[name] = quantity * self.value(part)
        return named, total

    def excess(self, rule: Rule, system: str, line: str | None) -> float:
        """Share of a unit beyond what a limit on origins, a local content or an exclusion allows."""
        limit = 0.0 if rule.kind == "exclusion" else rule.limit or 0.0
        if not self.speaks_of(rule, system):
            return 0.0
        parts, kind = self.parts(system, line), self.kind(rule, system)
        named, total = self.named(rule, system, line)
        counts = any(kind in (None, self.component[name].category) for name in parts)
        if rule.kind == "exclusion" and not rule.origin:
            return float(kind is None or counts or not parts)
        if rule.kind == "local_content":
            share = 1.0 if parts and not counts else sum(named.values()) / total if total > 0 else 0.0
            return max(0.0, limit - share) if limit - share > ROUNDING else 0.0
        unknown = 1.0 if named or not parts else 0.0
        share = sum(named.values()) / total if total > 0 else unknown
        return max(0.0, share - limit) if share - limit > ROUNDING else 0.0

    def means(self, subject: str, system: str, line: str | None) -> bool:
        """Whether the subject of a share means a product: by its system, its line or a part."""
        if self.tables.names(subject, system) or (line is not None and subject == line):
            return True
        return any(self.component[name].category == subject for name in self.parts(system, line))


def _by_product(ship: pd.DataFrame, judge: Any) -> FloatArray:
    """A figure of each delivery that depends on its system and line."""
    found: dict[Any, Any] = {}
    keys = [(system, line if isinstance(line, str) else None) for system, line in _products(ship)]
    for key in keys:
        if key not in found:
            found[key] = judge(*key)
    return np.array([found[key] for key in keys], dtype=float)


def _products(ship: pd.DataFrame) -> list[tuple[str, Any]]:
    return list(zip(ship.system, ship.line_id, strict=True))


def _price(tables: Tables, rule: Rule, years: Any) -> FloatArray:
    """Millions of base-year money for breaking a rule by one in each buyer year."""
    buyer, amount = tables.deal.settings.buyer.id, rule.violation_price or 0.0
    found = [tables.worth.base_amount(amount, rule, party=buyer, year=int(year)) for year in years]
    return np.array(found, dtype=float) / MILLION


def _last_months(tables: Tables, years: Any) -> npt.NDArray[np.int64]:
    return np.array([tables.worth.buyer_years.months_in(int(year))[-1] for year in years], dtype=np.int64)


def penalties(model: OutsideModel) -> None:
    """What a priced limit, permit or price cap asks for each unit delivered."""
    t, ship, parts = model.tables, model.tables.ship, PartsLists(model.tables)
    cost = np.zeros(len(ship))
    for rule in model.deal.rules:
        if rule.is_hard or not len(ship):
            continue
        under = t.under(rule, ship)
        if rule.kind == "price_cap":
            cost += under * (rule.violation_price or 0.0) * t.above_cap(rule, ship)
            continue
        if rule.kind == "export_permit":
            is_named = np.array([t.names(rule.subject, system) for system in ship.system], dtype=bool)
            early = (ship.t < math.ceil(rule.limit or 0.0)).to_numpy()
            broken = early & is_named & ship.is_sellers.to_numpy(dtype=bool)
        elif rule.kind in ("component_origin_limit", "local_content", "exclusion"):
            broken = _by_product(ship, lambda system, line, of=rule: parts.excess(of, system, line))
        else:
            continue
        cost += under * broken * _price(t, rule, ship.buyer_year)
    model.pay("buyer", model.ship, -cost, _last_months(t, ship.buyer_year))


def shares(model: OutsideModel) -> None:
    """Work shares and mixes, one row for each buyer year."""
    t, ship, parts = model.tables, model.tables.ship, PartsLists(model.tables)
    country = {line.id: line.country.upper() for line in model.deal.lines}
    for number, rule in enumerate(model.deal.rules):
        if rule.kind not in ("work_share", "mix") or not len(ship):
            continue
        whole_is = rule.subject if rule.kind == "work_share" else rule.within or "*"
        whole = _by_product(ship, lambda system, line, of=whole_is: parts.means(of, system, line)) > 0
        if rule.kind == "work_share":
            whole &= (ship.line >= 0).to_numpy()
            there = {code.upper() for code in rule.origin}
            part = np.array([country.get(line) in there for line in ship.line_id], dtype=bool)
        else:
            part = _by_product(ship, lambda system, line, of=rule: parts.means(of.subject, system, line)) > 0
        _share(model, rule, f"share{number}", part & whole, t.under(rule, ship) & whole)


def _share(model: OutsideModel, rule: Rule, name: str, part: Mask, counts: Mask) -> None:
    t, ship, at = model.tables, model.tables.ship, np.flatnonzero(counts)
    years = sorted(set(ship.buyer_year.to_numpy()[at].tolist()))
    rows = np.array([years.index(year) for year in ship.buyer_year.to_numpy()[at]], dtype=np.int64)
    weight = ship.price.to_numpy(dtype=float)[at] if rule.measure == "value" else np.ones(len(at))
    sign = -1.0 if rule.direction == "at_most" else 1.0
    factor = sign * weight * (part[at] - (rule.limit or 0.0))
    left = model.total(model.ship, rows, count=len(years), factor=factor, at=at)
    if not rule.is_hard:
        short = model.add(f"{name}_short", len(years))
        left = left + model.total(short, np.arange(len(years)), count=len(years))
        by_unit = _price(t, rule, years)
        price = by_unit if rule.measure == "units" else np.full(len(years), rule.violation_price)
        model.pay("buyer", short, -price, _last_months(t, years))
    model.limit(name, left, ">=", 0.0, count=len(years))


def choices(model: OutsideModel) -> None:
    """At most, or at least, so many of some systems."""
    model.choices = []
    for number, rule in enumerate(model.deal.rules):
        held = model.tables.held(rule)
        if rule.kind == "either_or" and held:
            _choice(model, rule, f"choice{number}", held)


def _choice(model: OutsideModel, rule: Rule, name: str, held: range) -> None:
    """`bought` is laid out system by system, year by year."""
    t, ship = model.tables, model.tables.ship
    years = sorted({t.worth.buyer_years.of(month) for month in held})
    systems, is_least = list(dict.fromkeys(rule.systems)), rule.direction == "at_least"
    count = len(systems) * len(years)
    bought = model.add(f"{name}_bought", count, upper=1, integer=True)
    at = np.flatnonzero(t.under(rule, ship) & ship.system.isin(systems).to_numpy())
    chosen = ship.iloc[at]
    row = np.array([systems.index(system) * len(years) for system in chosen.system], dtype=np.int64)
    row = row + np.array([years.index(year) for year in chosen.buyer_year], dtype=np.int64)
    every = np.arange(count)
    later = every[every % len(years) > 0]
    rise = model.total(bought, every, count=count) - model.total(bought, later, count=count, at=later - 1)
    model.limit(f"{name}_kept", rise, ">=", 0.0, count=count)
    units = model.total(model.ship, row, count=count, at=at)
    if is_least:
        model.limit(f"{name}_real", units - rise, ">=", 0.0, count=count)
    else:
        most = np.bincount(row, weights=most_units(t)[at], minlength=count) + 1
        units = units - model.total(bought, every, count=count, factor=most)
        model.limit(f"{name}_real", units, "<=", 0.0, count=count)
    ends = every[every % len(years) == len(years) - 1]
    left = model.total(bought, np.zeros(len(ends)), count=1, at=ends)
    if not rule.is_hard:
        broken = model.add(f"{name}_broken", 1)
        left = left + model.total(broken, [0], count=1, factor=1.0 if is_least else -1.0)
        model.pay("buyer", broken, -_price(t, rule, years[-1:]), _last_months(t, years[-1:]))
    model.limit(f"{name}_limit", left, ">=" if is_least else "<=", rule.limit or 0.0, count=1)
    model.choices.append((bought, row, at, len(years)))

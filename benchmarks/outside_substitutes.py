"""Units made with substitute parts (rules 4 and 13): an account of who gets which of them, year by year."""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING, Any

import numpy as np
from benchmarks.outside_rules import ROUNDING, PartsLists
from benchmarks.outside_tables import MILLION

if TYPE_CHECKING:
    from benchmarks.outside_model import OutsideModel

    from dronedeal.deal.terms import Rule

Allowed = frozenset[str]


def swaps(model: OutsideModel) -> None:
    """`swap[k, part, substitute, t]` for every part that has a substitute, laid out place by place."""
    t, parts = model.tables, PartsLists(model.tables)
    model.places = [
        (k, part, each.id, quantity)
        for k, row in enumerate(model.deal.line_systems)
        for part, quantity in parts.parts(row.system, row.line).items()
        for each in model.deal.components
        if each.substitute_for == part
    ]
    count, months = len(model.places), t.months
    model.swap = model.add("swap", count * months)
    if not count:
        return
    pairs = sorted({place[:2] for place in model.places})
    row = [pairs.index(place[:2]) for place in model.places]
    every = np.arange(count * months)
    left = model.total(
        model.swap, np.repeat(row, months) * months + every % months, count=len(pairs) * months
    )
    made = np.concatenate([np.arange(months) + k * months for k, _ in pairs])
    left = left - model.total(model.make, np.arange(len(made)), count=len(made), at=made)
    model.limit("swaps", left, "<=", 0.0, count=len(made))
    _pay(model, parts)
    _serve(model, parts)


def _pay(model: OutsideModel, parts: PartsLists) -> None:
    t, year = model.tables, model.deal.settings.price_base_year
    for number, (k, part, name, quantity) in enumerate(model.places):
        row, line = parts.component[part], model.deal.lines[int(t.product.line[k])]
        cost = t.worth.base_amount(row.unit_cost, row, party=line.operator, year=year) / MILLION
        cost *= quantity * parts.component[name].premium
        at = np.arange(t.months) + number * t.months
        model.pay(t.product.operator[k], model.swap, np.full(t.months, -cost), np.arange(t.months), at=at)


def _serve(model: OutsideModel, parts: PartsLists) -> None:
    """Every delivery that needs a substitute gets one that all its rules allow, by the end of its year."""
    t, ship = model.tables, model.tables.ship
    needed: dict[tuple[int, str], dict[int, Allowed]] = defaultdict(dict)
    for rule in model.deal.rules:
        if not rule.is_hard or rule.kind not in ("component_origin_limit", "exclusion") or not rule.origin:
            continue
        under = t.under(rule, ship) & (ship.line >= 0).to_numpy()
        for k in np.unique(ship.k.to_numpy(dtype=np.int64)[under]).tolist():
            for part, allowed in give_way(parts, rule, t.product.system[k], t.product.line_id[k]).items():
                of = needed[k, part]
                for at in np.flatnonzero(under & (ship.k == k).to_numpy()).tolist():
                    of[at] = of.get(at, allowed) & allowed
    for (k, part), allowed_at in needed.items():
        _share_out(model, k, part, allowed_at)


def give_way(parts: PartsLists, rule: Rule, system: str, line: str) -> dict[str, Allowed]:
    """Parts that must give way for a unit to keep a limit on origins, the most valuable first."""
    limit = 0.0 if rule.kind == "exclusion" else rule.limit or 0.0
    if not parts.excess(rule, system, line):
        return {}
    named, total = parts.named(rule, system, line)
    countries = {code.upper() for code in rule.origin}
    found: dict[str, Allowed] = {}
    for part in sorted(named, key=lambda name: (-named[name], name)):
        replacing = [each for each in parts.component.values() if each.substitute_for == part]
        allowed = frozenset(each.id for each in replacing if each.origin.upper() not in countries)
        if allowed and sum(named.values()) > (limit + ROUNDING) * total:
            found[part] = allowed
            named[part] = 0.0
    return found if sum(named.values()) <= (limit + ROUNDING) * total else {}


def _share_out(model: OutsideModel, k: int, part: str, allowed_at: dict[int, Allowed]) -> None:
    """`cover[kind of need, substitute, year]`: units so far with a substitute, for those who need it."""
    t, ship = model.tables, model.tables.ship
    kinds = sorted(set(allowed_at.values()), key=sorted)
    years = list(t.worth.buyer_years.names)
    links = [(kind, name) for kind, each in enumerate(kinds) for name in sorted(each)]
    name = f"cover_{k}_{part}"
    cover = model.add(name, len(links) * len(years))
    rows, at = [], []
    for place, allowed in allowed_at.items():
        for year in range(years.index(ship.buyer_year[place]), len(years)):
            rows.append(kinds.index(allowed) * len(years) + year)
            at.append(place)
    count = len(kinds) * len(years)
    need = model.total(model.ship, rows, count=count, at=at)
    spread = [kind * len(years) + year for kind, _ in links for year in range(len(years))]
    need = need - model.total(cover, spread, count=count)
    model.limit(f"{name}_need", need, "<=", 0.0, count=count)
    _made(model, k, part, cover=cover, links=links, name=name)


def _made(
    model: OutsideModel, k: int, part: str, *, cover: Any, links: list[tuple[int, str]], name: str
) -> None:
    t, years = model.tables, list(model.tables.worth.buyer_years.names)
    names = sorted({substitute for _, substitute in links})
    count = len(names) * len(years)
    rows = [names.index(link) * len(years) + year for _, link in links for year in range(len(years))]
    left = model.total(cover, rows, count=count) if links else 0
    at, made_rows = [], []
    for number, (of, replaced, substitute, _) in enumerate(model.places):
        if (of, replaced) == (k, part) and substitute in names:
            for month, year in enumerate(t.month.buyer_year):
                for later in range(years.index(year), len(years)):
                    at.append(number * t.months + month)
                    made_rows.append(names.index(substitute) * len(years) + later)
    good = float(t.product.yield_rate[k])
    left = left - model.total(model.swap, made_rows, count=count, factor=good, at=at)
    model.limit(f"{name}_made", left, "<=", 0.0, count=count)

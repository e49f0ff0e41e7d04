"""The composition rules of the naive model, written with loops over deliveries."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from tests.planning.plain_model import PlainModel

MILLION = 1e6
Name = tuple[Any, ...]


def add_rules(model: PlainModel) -> None:
    """Charge what priced rules ask for each delivery, and take out what hard price caps forbid."""
    for name in list(model.named("ship")):
        for rule in _rules_of(model, name):
            year = model.year(model.buyer, name[3])
            if rule.kind == "price_cap" and rule.is_hard and _above_cap(model, rule, name) > 0:
                model.upper[model.names[name]] = 0.0
            if not rule.is_hard and rule.kind not in ("work_share", "mix", "either_or"):
                last = max(model.months_of(model.buyer, year))
                cost = _unit_cost(model, rule, name, year)
                model.utility["buyer"][name] -= model.discount(model.buyer, last) * cost
    for rule in model.deal.rules:
        if rule.kind in ("work_share", "mix"):
            _add_share(model, rule)
        elif rule.kind == "either_or":
            _add_choice(model, rule)


def _add_share(model: PlainModel, rule: Any) -> None:
    """A row for each fiscal year in which the rule holds for some delivery."""
    rows: dict[int, dict[Name, float]] = {}
    for name in _under(model, rule):
        line, _ = name[1]
        whole = _is_meant(model, (rule.within or "*") if rule.kind == "mix" else rule.subject, name[1])
        part = _is_meant(model, rule.subject, name[1])
        if rule.kind == "work_share":
            whole = whole and line is not None
            part = line is not None and model.line[line].country in rule.origin
        weight = 1.0 if rule.measure == "units" else model.payment[name]
        if whole:
            year = model.year(model.buyer, name[3])
            rows.setdefault(year, {})[name] = weight * (part - rule.limit)
    sign = -1.0 if rule.direction == "at_most" else 1.0
    for year, terms in rows.items():
        _close(model, rule, {name: sign * value for name, value in terms.items()}, year)


def _close(model: PlainModel, rule: Any, terms: dict[Name, float], year: int, least: float = 0.0) -> None:
    """Ask for `terms ≥ least`; what is short of it costs where the rule is priced."""
    if not rule.is_hard:
        short = model.column("short", rule.id, year)
        terms = terms | {short: 1.0}
        price = rule.violation_price
        if rule.kind == "either_or" or rule.measure == "units":
            price = model.money(rule.violation_price, rule, model.buyer, year)
        last = max(model.months_of(model.buyer, year))
        model.utility["buyer"][short] -= model.discount(model.buyer, last) * price
    model.row(terms, least, float("inf"))


def _add_choice(model: PlainModel, rule: Any) -> None:
    """One yes or no for each system, and one for each year in which a unit of it may make it a yes."""
    under = list(_under(model, rule))
    is_at_least = rule.direction == "at_least"
    chosen = {}
    for system in rule.systems:
        yes = model.column("chosen", rule.id, system, upper=1, is_integer=True)
        chosen[yes] = 1.0 if is_at_least else -1.0
        names = [name for name in under if name[1][1] == system]
        if not is_at_least:
            model.row({yes: 1e4} | dict.fromkeys(names, -1.0), 0.0, float("inf"))
            continue
        made = {}
        for year in model.years(model.buyer):
            real = model.column("real", rule.id, system, year, upper=1, is_integer=True)
            of_year = [name for name in names if model.year(model.buyer, name[3]) == year]
            model.row(dict.fromkeys(of_year, 1.0) | {real: -1.0}, 0.0, float("inf"))
            made[real] = 1.0
        model.row(made | {yes: -1.0}, 0.0, float("inf"))
    year = max(model.year(model.buyer, t) for t in range(model.months) if _is_on(model, rule, t))
    _close(model, rule, chosen, year, rule.limit if is_at_least else -rule.limit)


def _under(model: PlainModel, rule: Any) -> Iterator[Name]:
    """Deliveries for which a rule holds."""
    for name in list(model.named("ship")):
        if _is_on(model, rule, name[3]) and rule.branch in (None, model.requirement[name[2]].branch):
            yield name


def _is_meant(model: PlainModel, subject: str, product: tuple[str | None, str]) -> bool:
    parts = {part.id: part.category for part in model.deal.components}
    kinds = {
        parts[row.component]
        for row in model.deal.system_components
        if row.system == product[1] and row.line in (None, product[0])
    }
    return _is_named(subject, model.system[product[1]]) or subject == product[0] or subject in kinds


def _is_on(model: PlainModel, rule: Any, t: int) -> bool:
    """Whether a rule holds in a month."""
    first, month = (int(part) for part in model.deal.settings.start.split("-"))
    year, month = divmod(first * 12 + month - 1 + t, 12)
    label = f"{year}-{month + 1:02d}"
    return bool((rule.valid_from or label) <= label <= (rule.valid_until or label))


def _rules_of(model: PlainModel, name: Name) -> Iterator[Any]:
    """Rules that hold for a delivery's branch in its month."""
    for rule in model.deal.rules:
        if _is_on(model, rule, name[3]) and rule.branch in (None, model.requirement[name[2]].branch):
            yield rule


def _unit_cost(model: PlainModel, rule: Any, name: Name, year: int) -> float:
    if rule.kind == "price_cap":
        return float(rule.violation_price * _above_cap(model, rule, name))
    weight = model.money(rule.violation_price, rule, model.buyer, year)
    system = model.system[name[1][1]]
    if rule.kind == "export_permit":
        is_early = name[3] < rule.limit and system.supplier == model.seller.id
        return weight if is_early and _is_named(rule.subject, system) else 0.0
    return weight * _excess(model, rule, name[1])


def _above_cap(model: PlainModel, rule: Any, name: Name) -> float:
    year = model.year(model.buyer, name[3])
    cap = model.money(rule.limit, rule, model.buyer, year)
    is_named = _is_named(rule.subject, model.system[name[1][1]])
    return max(0.0, model.payment[name] - cap) if is_named else 0.0


def _is_named(subject: str, system: Any) -> bool:
    return subject in ("*", system.id, system.role, *system.other_roles, system.domain)


def _excess(model: PlainModel, rule: Any, product: tuple[str | None, str]) -> float:
    """Share of the parts' value beyond the limit; all that can be where nothing is known of them."""
    parts = {part.id: part for part in model.deal.components}
    worth: dict[bool, float] = {True: 0.0, False: 0.0}
    by_part = not _is_named(rule.subject, model.system[product[1]])
    for row in model.deal.system_components:
        if row.system == product[1] and row.line in (None, product[0]):
            part = parts[row.component]
            if not by_part or part.category == rule.subject:
                worth[part.origin in rule.origin] += row.quantity * part.unit_cost
    total = sum(worth.values())
    is_spoken_of = not by_part or rule.subject in {part.category for part in parts.values()}
    if rule.kind not in ("component_origin_limit", "local_content") or not is_spoken_of:
        return 0.0
    if not any(row.system == product[1] for row in model.deal.system_components):
        return float(rule.limit if rule.kind == "local_content" else 1 - rule.limit)
    if not total:
        return 0.0
    share = worth[True] / total
    return max(0.0, rule.limit - share if rule.kind == "local_content" else share - rule.limit)

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
            if not rule.is_hard:
                last = max(model.months_of(model.buyer, year))
                cost = _unit_cost(model, rule, name, year)
                model.utility["buyer"][name] -= model.discount(model.buyer, last) * cost


def _rules_of(model: PlainModel, name: Name) -> Iterator[Any]:
    """Rules that hold for a delivery's branch in its month."""
    first, month = (int(part) for part in model.deal.settings.start.split("-"))
    year, month = divmod(first * 12 + month - 1 + name[3], 12)
    label = f"{year}-{month + 1:02d}"
    for rule in model.deal.rules:
        is_on = (rule.valid_from or label) <= label <= (rule.valid_until or label)
        if is_on and rule.branch in (None, model.requirement[name[2]].branch):
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
    """Share of the parts' value beyond the limit; deals given to the naive model have known parts."""
    parts = {part.id: part for part in model.deal.components}
    worth: dict[bool, float] = {True: 0.0, False: 0.0}
    by_part = not _is_named(rule.subject, model.system[product[1]])
    for row in model.deal.system_components:
        if row.system == product[1] and row.line in (None, product[0]):
            part = parts[row.component]
            if not by_part or part.category == rule.subject:
                worth[part.origin in rule.origin] += row.quantity * part.unit_cost
    total = sum(worth.values())
    if not total or rule.kind not in ("component_origin_limit", "local_content"):
        return 0.0
    share = worth[True] / total
    return max(0.0, rule.limit - share if rule.kind == "local_content" else share - rule.limit)

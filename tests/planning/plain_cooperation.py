"""Integration work for the naive model: one start a work, deliveries that wait, and who pays."""

from __future__ import annotations

import math
from collections import defaultdict
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from tests.planning.plain_model import PlainModel, Terms

Group = tuple[str, str | None, str, int]


def integration(model: PlainModel) -> dict[Group, Terms]:
    """Add works to the model; gives back what branches owe: then-year millions by group and year."""
    works: dict[tuple[str, str], list[Any]] = defaultdict(list)
    for row in model.deal.integrations:
        if row.cost > 0:
            works[row.system, row.standard.lower()].append(row)
    owed: dict[Group, Terms] = defaultdict(dict)
    for (system, standard), members in works.items():
        starts = _starts(model, members[0].months)
        names = {
            tau: model.column("integrate", system, standard, tau, upper=1, is_integer=True) for tau in starts
        }
        model.row(dict.fromkeys(names.values(), 1.0), -math.inf, 1.0)
        _wait(model, {member.branch for member in members}, system, members[0].months, names)
        _pay(model, members, names, owed)
    return owed


def _starts(model: PlainModel, months: int) -> list[int]:
    """Starts that make a work ready at once or in the first month of a later fiscal year of the buyer."""
    firsts = [model.months_of(model.buyer, year)[0] for year in model.years(model.buyer)]
    ready = [months] + [first for first in firsts if first > months]
    return [month - months for month in ready if month < model.months]


def _wait(
    model: PlainModel, branches: set[str], system: str, months: int, names: dict[int, tuple[Any, ...]]
) -> None:
    for name in model.named("ship"):
        _, product, requirement, t = name
        if product[1] == system and model.requirement[requirement].branch in branches:
            asked = [q.objective for q in model.deal.requirement_quantities if q.requirement == requirement]
            most = 2 * max([model.requirement[requirement].on_hand, *asked]) / model.effective[name]
            done = {begun: -most for tau, begun in names.items() if tau + months <= t}
            model.row({name: 1.0} | done, -math.inf, 0.0)


def _pay(
    model: PlainModel, members: list[Any], names: dict[int, tuple[Any, ...]], owed: dict[Group, Terms]
) -> None:
    payer = model.party(members[0].payer)
    for tau, name in names.items():
        cost = model.money(members[0].cost, members[0], payer, model.year(payer, tau))
        model.earn(payer.id, name, -model.discount(payer, tau) * cost)
        if payer.id == model.buyer.id:
            year = model.year(model.buyer, tau)
            for member in members:
                group = (member.branch, member.appropriation, "integration", year)
                part = model.index(model.buyer, year) * cost / len(members)
                owed[group][name] = owed[group].get(name, 0.0) + part

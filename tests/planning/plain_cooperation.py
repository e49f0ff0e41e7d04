"""Integration work and projects for the naive model: what waits for them, who pays, what they bring."""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Callable, Iterator
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
            first = model.months_of(model.buyer, model.year(model.buyer, t))[0]
            for project in model.deal.projects:
                branch = model.requirement[requirement].branch
                is_spared = (project.effect, project.effect_subject) == ("interface", branch)
                if is_spared and system in project.systems:
                    done |= dict.fromkeys(model.done(project.id, first), -most)
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


MANY = 1e4


def projects(model: PlainModel) -> Callable[[str, int], list[tuple[Any, ...]]]:
    """Add projects to the model; gives back what tells which of its beginnings make one done by a month."""
    options = model.deal.settings.options
    begun: dict[str, dict[int, tuple[Any, ...]]] = {}
    for project in model.deal.projects:
        is_open = project.effect in ("successor", "compliant_part", "interface")
        begun[project.id] = {
            tau: model.column("begin", project.id, tau, upper=1, is_integer=True)
            for tau in range(0, model.months, options.investment_months)
            if tau + project.months < model.months
            and (not is_open or project.success_probability >= options.assurance)
        }
        model.row(dict.fromkeys(begun[project.id].values(), 1.0), -math.inf, 1.0)
        for tau, name in begun[project.id].items():
            _pay_project(model, project, tau, name)

    def done(project: str, t: int) -> list[tuple[Any, ...]]:
        months = next(row.months for row in model.deal.projects if row.id == project)
        return [name for tau, name in begun[project].items() if tau + months <= t]

    _boost(model, done)
    _save(model, done)
    _open(model, done)
    return done


def _pay_project(model: PlainModel, project: Any, tau: int, name: tuple[Any, ...]) -> None:
    for party in (model.buyer, model.seller):
        for t, cost in _payments(model, project, tau, party):
            model.earn(party.id, name, -model.discount(party, t) * cost)


def _payments(model: PlainModel, project: Any, tau: int, party: Any) -> Iterator[tuple[int, float]]:
    """Month and millions of what a party pays for a project begun in a month."""
    share = project.buyer_share if party is model.buyer else 1 - project.buyer_share
    for number, amount in enumerate(project.cost_by_year):
        t = min(tau + 12 * number, model.months - 1)
        yield t, share * model.money(amount, project, party, model.year(party, t))


def seller_pays(model: PlainModel, name: tuple[Any, ...]) -> Iterator[tuple[int, float]]:
    """Month and millions of what the seller pays for a work or a project."""
    if name[0] == "begin":
        project = next(row for row in model.deal.projects if row.id == name[1])
        yield from _payments(model, project, name[2], model.seller)
        return
    work = next(
        row for row in model.deal.integrations if (row.system, row.standard.lower()) == (name[1], name[2])
    )
    if work.payer == model.seller.id:
        yield name[3], model.money(work.cost, work, model.seller, model.year(model.seller, name[3]))


def _boost(model: PlainModel, done: Callable[[str, int], list[tuple[Any, ...]]]) -> None:
    ships = list(model.named("ship"))
    for project in (row for row in model.deal.projects if row.effect == "effectiveness"):
        for need in model.deal.requirements:
            for year in model.years(model.buyer):
                months = model.months_of(model.buyer, year)
                name = model.column("boost", project.id, need.id, months[-1])
                inside = {
                    ship: -project.success_probability * min(project.effect_value, 1 - model.effective[ship])
                    for ship in ships
                    if ship[1][1] in project.systems and ship[2] == need.id and ship[3] in months
                }
                model.row({name: 1.0} | inside, -math.inf, 0.0)
                model.row({name: 1.0} | dict.fromkeys(done(project.id, months[0]), -MANY), -math.inf, 0.0)
                model.effective[name] = 1.0


def _save(model: PlainModel, done: Callable[[str, int], list[tuple[Any, ...]]]) -> None:
    for project in (row for row in model.deal.projects if row.effect == "unit_cost"):
        for (line, system), row in model.load.items():
            if system not in project.systems:
                continue
            operator = model.party(model.line[line].operator)
            for year in model.years(model.buyer):
                months = model.months_of(model.buyer, year)
                name = model.column("saved", project.id, line, system, year)
                made = {("make", line, system, t): -1.0 for t in months}
                model.row({name: 1.0} | made, -math.inf, 0.0)
                model.row({name: 1.0} | dict.fromkeys(done(project.id, months[0]), -MANY), -math.inf, 0.0)
                cost = model.money(row.unit_cost * (1 + row.cost_premium), row, operator, year)
                worth = project.success_probability * (1 - project.effect_value) * cost
                model.earn(operator.id, name, model.discount(operator, months[-1]) * worth)


def _open(model: PlainModel, done: Callable[[str, int], list[tuple[Any, ...]]]) -> None:
    for system in model.system:
        leads = [
            row.id for row in model.deal.projects if (row.effect, row.effect_subject) == ("successor", system)
        ]
        for ship in list(model.named("ship")) if leads else ():
            if ship[1][1] == system:
                ready = [name for project in leads for name in done(project, ship[3])]
                model.row({ship: 1.0} | dict.fromkeys(ready, -MANY), -math.inf, 0.0)


def more_parts(model: PlainModel, supply: Any, months: list[int]) -> Terms:
    """Parts that projects add to a year's supply where they are done as it begins."""
    terms: Terms = {}
    for project in model.deal.projects:
        if (project.effect, project.effect_subject) == ("compliant_part", supply.component) and months:
            size = project.effect_value * model.share(model.seller, supply.fiscal_year)
            terms |= dict.fromkeys(model.done(project.id, months[0]), -size)
    return terms

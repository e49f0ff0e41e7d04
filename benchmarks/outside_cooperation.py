"""Integration work and technical-cooperation projects (rules 14 and 15)."""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING, Any

import numpy as np
from benchmarks.outside_tables import MILLION, frame
from benchmarks.outside_terms import index_of, most_units

from dronedeal.deal.cooperation import Project

if TYPE_CHECKING:
    from benchmarks.outside_model import OutsideModel

OPENING = ("successor", "compliant_part", "interface")


def projects(model: OutsideModel) -> None:
    """When each project begins, what it costs, and what it makes more effective or cheaper."""
    options, months = model.deal.settings.options, model.tables.months
    model.begins = frame(
        [
            (j, tau, tau + row.months)
            for j, row in enumerate(model.deal.projects)
            if row.effect not in OPENING or row.success_probability >= options.assurance
            for tau in range(0, months - row.months, options.investment_months)
        ],
        "j tau ready",
    )
    begins, count = model.begins, len(model.deal.projects)
    model.begin = model.add("begin", len(begins), upper=1, integer=True)
    model.limit("begin_once", model.total(model.begin, begins.j, count=count), "<=", 1.0, count=count)
    for at, begun in enumerate(begins.itertuples()):
        _pay_project(model, at, begun)
    _boost(model)
    _save(model)
    _successors(model)


def _pay_project(model: OutsideModel, at: int, begun: Any) -> None:
    t, row, settings = model.tables, model.deal.projects[begun.j], model.deal.settings
    for party, share in ((settings.buyer, row.buyer_share), (settings.seller, 1 - row.buyer_share)):
        for number, amount in enumerate(row.cost_by_year):
            month = min(begun.tau + 12 * number, t.months - 1)
            year = t.worth.years(party.id).of(month)
            cost = share * t.worth.base_amount(amount, row, party=party.id, year=year) / MILLION
            model.pay(party.role, model.begin, [-cost], [month], at=[at])


def ready(model: OutsideModel, j: int, month: int) -> list[int]:
    """Beginnings that make a project done as a month begins."""
    begins = model.begins
    return begins.index[(begins.j == j) & (begins.ready <= month)].tolist()


def _of(model: OutsideModel, effect: str) -> list[tuple[int, Project]]:
    return [(j, row) for j, row in enumerate(model.deal.projects) if row.effect == effect]


def _boost(model: OutsideModel) -> None:
    """Effective units that a project adds to what a requirement gets in a year."""
    t, ship = model.tables, model.tables.ship
    cases, rows, at, gains = [], [], [], []
    for j, row in _of(model, "effectiveness"):
        mine = ship[ship.system.isin(row.systems)]
        for (r, year), group in mine.groupby(["r", "buyer_year"]):
            rows += [len(cases)] * len(group)
            at += group.index.tolist()
            left = (1.0 - group.effectiveness).clip(lower=0.0, upper=row.effect_value or 0.0)
            gains += (row.success_probability * left).tolist()
            cases.append((j, r, year))
    model.boosts = frame(cases, "j r buyer_year")
    count = len(cases)
    model.boost = model.add("boost", count)
    size = model.total(model.boost, np.arange(count), count=count)
    limit = size - model.total(model.ship, rows, count=count, factor=gains, at=at)
    model.limit("boost_size", limit, "<=", 0.0, count=count)
    most = np.bincount(rows, weights=np.array(gains) * most_units(t)[at], minlength=count) if count else []
    _only_when_done(model, "boost_done", size, most, model.boosts)


def _only_when_done(model: OutsideModel, name: str, left: Any, most: Any, cases: Any) -> None:
    """`left ≤ most · Σ begin` over the beginnings that end before the year of each case."""
    done = [
        (row, at)
        for row, case in enumerate(cases.itertuples())
        for at in ready(model, case.j, model.tables.worth.buyer_years.months_in(case.buyer_year)[0])
    ]
    rows, at = np.array(done, dtype=np.int64).reshape(-1, 2).T
    factor = np.array(most, dtype=float)[rows]
    begun = model.total(model.begin, rows, count=len(cases), factor=factor, at=at)
    model.limit(name, left - begun, "<=", 0.0, count=len(cases))


def _save(model: OutsideModel) -> None:
    """Units of a year that cost less by a project."""
    t = model.tables
    cases, most, worth = [], [], []
    for j, row in _of(model, "unit_cost"):
        for k, item in enumerate(t.product.itertuples()):
            if item.line < 0 or item.system not in row.systems or item.operator == "third":
                continue
            line = model.deal.lines[item.line]
            size = line.availability * (line.initial_capacity + line.max_steps * line.step_size) / item.load
            for year in t.worth.buyer_years.names:
                last = t.worth.buyer_years.months_in(year)[-1]
                cost = float(t.make.stated_cost[k * t.months + last])
                saving = row.success_probability * (1 - (row.effect_value or 0.0)) * cost
                cases.append((j, k, year))
                most.append(12 * size + 1)
                worth.append((item.operator, saving * float(t.month[item.operator][last])))
    table = frame(cases, "j k buyer_year")
    count = len(cases)
    saved = model.add("saved", count)
    size = model.total(saved, np.arange(count), count=count)
    made = [(row, case[1] * t.months + month) for row, case in enumerate(cases)
            for month in t.worth.buyer_years.months_in(case[2])]  # fmt: skip
    rows, at = np.array(made, dtype=np.int64).reshape(-1, 2).T
    limit = size - model.total(model.make, rows, count=count, at=at)
    model.limit("saved_size", limit, "<=", 0.0, count=count)
    _only_when_done(model, "saved_done", size, most, table)
    for party in ("buyer", "seller"):
        model.earn(party, saved, [amount * (operator == party) for operator, amount in worth])


def _successors(model: OutsideModel) -> None:
    """What a project must open first is delivered only when one of its projects is done."""
    ship, opened = model.tables.ship, defaultdict(list)
    for j, row in _of(model, "successor"):
        opened[row.effect_subject].append(j)
    at = np.flatnonzero(ship.system.isin(list(opened)).to_numpy())
    done = [
        (row, begun)
        for row, (system, month) in enumerate(zip(ship.system[at], ship.t[at], strict=True))
        for j in opened[system]
        for begun in ready(model, j, month)
    ]
    rows, places = np.array(done, dtype=np.int64).reshape(-1, 2).T
    left = model.total(model.ship, np.arange(len(at)), count=len(at), at=at)
    factor = most_units(model.tables)[at][rows]
    left = left - model.total(model.begin, rows, count=len(at), factor=factor, at=places)
    model.limit("opened", left, "<=", 0.0, count=len(at))


def integration(model: OutsideModel) -> None:
    """When each work starts, who pays it, and what waits for it."""
    t = model.tables
    works: dict[tuple[str, str], list[Any]] = defaultdict(list)
    for row in model.deal.integrations:
        if row.cost > 0:
            works[row.system, row.standard.casefold()].append(row)
    model.works = list(works.values())
    firsts = [t.worth.buyer_years.months_in(year)[0] for year in t.worth.buyer_years.names]
    starts = []
    for w, members in enumerate(model.works):
        lead = members[0].months
        for month in [lead, *(first for first in firsts if first > lead)]:
            if month < t.months:
                starts.append((w, month - lead, month))
    model.starts = frame(starts, "w tau ready")
    model.start = model.add("start", len(starts), upper=1, integer=True)
    count = len(model.works)
    model.limit("start_once", model.total(model.start, model.starts.w, count=count), "<=", 1.0, count=count)
    for at, started in enumerate(model.starts.itertuples()):
        _pay_work(model, at, started)
    _wait(model)


def _pay_work(model: OutsideModel, at: int, started: Any) -> None:
    t, members = model.tables, model.works[started.w]
    row = members[0]
    year = t.worth.years(row.payer).of(started.tau)
    cost = t.worth.base_amount(row.cost, row, party=row.payer, year=year) / MILLION
    model.pay(t.role(row.payer), model.start, [-cost], [started.tau], at=[at])
    if t.is_buyer(row.payer):
        part = cost / len(members) * index_of(t, [year])
        for member in members:
            group = t.groups.index((member.branch, member.appropriation, "integration"))
            model.owe(model.start, [group], [year], part, at=[at])


def _wait(model: OutsideModel) -> None:
    """Deliveries of a month to a requirement wait for all works of its branch and system."""
    t, ship = model.tables, model.tables.ship
    at, row_of, cases, most = [], [], [], []
    units = most_units(t)
    for w, members in enumerate(model.works):
        branches = {member.branch for member in members}
        mine = ship[(ship.system == members[0].system) & ship.branch.isin(branches)]
        for (r, month), group in mine.groupby(["r", "t"]):
            at += group.index.tolist()
            row_of += [len(cases)] * len(group)
            cases.append((w, r, month))
            most.append(float(units[group.index].max()))
    count = len(cases)
    ready_at = {w: list(zip(group.index, group.ready, strict=True)) for w, group in model.starts.groupby("w")}
    done = [
        (row, place)
        for row, (w, _, month) in enumerate(cases)
        for place, finished in ready_at.get(w, ())
        if finished <= month
    ]
    rows, places = np.array(done, dtype=np.int64).reshape(-1, 2).T
    left = model.total(model.ship, row_of, count=count, at=at)
    left = left - model.total(model.start, rows, count=count, factor=np.array(most)[rows], at=places)
    rows, places = np.array(_spared(model, cases), dtype=np.int64).reshape(-1, 2).T
    left = left - model.total(model.begin, rows, count=count, factor=np.array(most)[rows], at=places)
    model.limit("integrated", left, "<=", 0.0, count=count)


def _spared(model: OutsideModel, cases: list[tuple[int, int, int]]) -> list[tuple[int, int]]:
    """Waiting rows and the beginnings of projects that make their work needless, done as the year begins."""
    found, years = [], model.tables.worth.buyer_years
    for j, project in _of(model, "interface"):
        for row, (w, r, month) in enumerate(cases):
            branch, system = model.deal.requirements[r].branch, model.works[w][0].system
            if branch == project.effect_subject and system in project.systems:
                first = years.months_in(years.of(month))[0]
                found += [(row, at) for at in ready(model, j, first)]
    return found

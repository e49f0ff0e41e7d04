"""What is made and what becomes of it but for the buyer: rules 1 to 4 and 7 to 9."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd
from benchmarks.outside_cooperation import ready

from dronedeal.deal.production import Line

if TYPE_CHECKING:
    from benchmarks.outside_model import OutsideModel


def capacity(model: OutsideModel) -> None:
    """Rule 1: load of a line and month within its capacity."""
    t, months, lines = model.tables, model.tables.months, model.deal.lines
    left = model.total(
        model.make, t.make.line * months + t.make.t, count=len(lines) * months, factor=t.make.load
    )
    rows, at, sizes = [], [], []
    for d, row in enumerate(t.decision.itertuples()):
        line = lines[row.line]
        size = line.initial_capacity if row.kind == "open" else line.step_size
        for month in range(max(row.tau + row.lead, start_of(model, line)), months):
            ramp = min(1.0, (month - row.tau - row.lead + 1) / max(1, line.ramp_months))
            rows.append(row.line * months + month)
            at.append(d)
            sizes.append(ramp * size * line.availability)
    added = model.total(model.decide, rows, count=len(lines) * months, factor=sizes, at=at)
    existing = np.zeros((len(lines), months))
    for number, line in enumerate(lines):
        if line.status == "existing":
            existing[number, start_of(model, line) :] = line.initial_capacity * line.availability
    model.limit("capacity", left - added, "<=", existing.ravel(), count=len(lines) * months)


def start_of(model: OutsideModel, line: Line) -> int:
    """First month in which the line can have output."""
    return max(0, model.tables.worth.calendar.index(line.available_from)) if line.available_from else 0


def opening(model: OutsideModel) -> None:
    """Rule 2: one opening, at most so many steps, and no step of a candidate before it opens."""
    decision, lines = model.tables.decision, model.deal.lines
    opens = decision.index[decision.kind == "open"].to_numpy()
    steps = decision.index[decision.kind == "step"].to_numpy()
    line_of = decision.line.to_numpy()
    once = model.total(model.decide, line_of[opens], count=len(lines), at=opens)
    model.limit("open_once", once, "<=", 1.0, count=len(lines))
    most = model.total(model.decide, line_of[steps], count=len(lines), at=steps)
    model.limit("most_steps", most, "<=", np.array([float(row.max_steps) for row in lines]), count=len(lines))
    rows, at, factors = [], [], []
    late = [d for d in steps if lines[line_of[d]].status == "candidate"]
    for row, d in enumerate(late):
        same = decision[(decision.line == line_of[d]) & (decision.tau <= decision.tau[d])]
        for other in same.itertuples():
            rows.append(row)
            at.append(other.Index)
            factors.append(1.0 if other.kind == "step" else -float(lines[other.line].max_steps))
    before = model.total(model.decide, rows, count=len(late), factor=factors, at=at)
    model.limit("steps_after_opening", before, "<=", 0.0, count=len(late))


def stock(model: OutsideModel) -> None:
    """Rule 3: finished units at the end of each month."""
    t, months = model.tables, model.tables.months
    count = len(t.make)
    made = np.arange(count)
    later = made[t.make.t > 0]
    balance = model.total(model.store, made, count=count)
    balance = balance - model.total(model.store, later, count=count, at=later - 1)
    balance = balance - model.total(model.make, made, count=count, factor=t.make.yield_rate)
    for variable, table in ((model.ship, t.ship), (model.home, t.home), (model.sale, t.sale)):
        own = np.flatnonzero(table.line.to_numpy() >= 0)
        rows = (table.k * months + table.t).to_numpy()[own]
        balance = balance + model.total(variable, rows, count=count, at=own)
    start = np.where(t.make.t == 0, t.make.initial_stock, 0.0)
    model.limit("stock", balance, "=", start, count=count)


def components(model: OutsideModel) -> None:
    """Rule 4: parts used in a year of the seller within their supply."""
    t, years = model.tables, model.tables.worth.seller_years
    supply = {(row.component, row.fiscal_year): s for s, row in enumerate(model.deal.component_supply)}
    parts = pd.DataFrame(
        [(row.system, row.line, row.component, row.quantity) for row in model.deal.system_components],
        columns=["system", "only_line", "component", "parts"],
    )
    use = t.make.merge(parts, on="system").merge(t.month[["t", "seller_year"]], on="t")
    use = use[use.only_line.isna() | (use.only_line == use.line_id)]
    rows = [supply.get(key, -1) for key in zip(use.component, use.seller_year, strict=True)]
    use = use.assign(row=np.array(rows, dtype=np.int64))
    use = use[use.row >= 0]
    left = model.total(model.make, use.row, count=len(supply), factor=use.parts, at=use.m)
    rows, at, parts_of = _swapped(model, supply)
    left = left + model.total(model.swap, rows, count=len(supply), factor=parts_of, at=at)
    rows, at, parts_of = _added(model)
    left = left - model.total(model.begin, rows, count=len(supply), factor=parts_of, at=at)
    right = np.array([row.limit * years.share(row.fiscal_year) for row in model.deal.component_supply])
    model.limit("components", left, "<=", right, count=len(supply))


def _swapped(
    model: OutsideModel, supply: dict[tuple[str, int], int]
) -> tuple[list[int], list[int], list[float]]:
    """Parts that substitutes save, and substitutes that are used, in each supply."""
    months, found = model.tables.months, []
    for number, (_, part, substitute, quantity) in enumerate(model.places):
        for t, year in enumerate(model.tables.month.seller_year):
            for name, sign in ((part, -1.0), (substitute, 1.0)):
                if (name, year) in supply:
                    found.append((supply[name, year], number * months + t, sign * quantity))
    return [row for row, _, _ in found], [at for _, at, _ in found], [parts for _, _, parts in found]


def _added(model: OutsideModel) -> tuple[list[int], list[int], list[float]]:
    """Parts that projects add to a year's supply where they are done as it begins."""
    years, found = model.tables.worth.seller_years, []
    for s, row in enumerate(model.deal.component_supply):
        months = years.months_in(row.fiscal_year)
        for j, project in enumerate(model.deal.projects):
            if (project.effect, project.effect_subject) == ("compliant_part", row.component) and months:
                more = (project.effect_value or 0.0) * years.share(row.fiscal_year)
                found += [(s, at, more) for at in ready(model, j, months[0])]
    return [row for row, _, _ in found], [at for _, at, _ in found], [parts for _, _, parts in found]


def own_needs(model: OutsideModel) -> None:
    """Rule 7: the required share of each own need keeps pace every month, and none is oversupplied."""
    t, years, needs = model.tables, model.tables.worth.seller_years, model.deal.home_needs
    ceiling = np.array([need.quantity * years.share(need.fiscal_year) for need in needs])
    supplied = model.total(model.home, t.home.h, count=len(needs))
    model.limit("home_ceiling", supplied, "<=", ceiling, count=len(needs))
    cases = [(h, t) for h, need in enumerate(needs) for t in years.months_in(need.fiscal_year)]
    pace, row_of = [], {}
    for row, (h, month) in enumerate(cases):
        year = years.months_in(needs[h].fiscal_year)
        row_of[h, month] = row
        pace.append(needs[h].required_share * ceiling[h] * (month - year.start + 1) / len(year))
    rows, at = [], []
    for position, (h, month) in enumerate(zip(t.home.h, t.home.t, strict=True)):
        following = range(month, years.months_in(needs[h].fiscal_year).stop)
        rows += [row_of[h, later] for later in following]
        at += [position] * len(following)
    kept = model.total(model.home, rows, count=len(cases), at=at)
    model.limit("home_pace", kept, ">=", np.array(pace), count=len(cases))


def returned_output(model: OutsideModel) -> None:
    """Rule 8: a share of a line's good output goes to the owner's own needs, year by year."""
    t, years = model.tables, list(model.tables.worth.seller_years.names)
    lines = [number for number, line in enumerate(model.deal.lines) if line.return_share > 0]
    share = np.array([line.return_share for line in model.deal.lines])
    place = np.full(len(model.deal.lines) + 1, -1)
    place[lines] = np.arange(len(lines)) * len(years)
    count = len(lines) * len(years)
    year_of = t.month.seller_year.to_numpy() - years[0] if years else np.zeros(0)
    left: Any = 0
    for variable, table in ((model.home, t.home), (model.make, t.make)):
        line = table.line.to_numpy(dtype=np.int64)
        at = np.flatnonzero(place[line] >= 0)
        rows = place[line[at]] + year_of[table.t.to_numpy(dtype=np.int64)[at]]
        weight = 1.0 if variable is model.home else -(share[line] * table.yield_rate.to_numpy())[at]
        left = left + model.total(variable, rows, count=count, factor=weight, at=at)
    model.limit("returned_output", left, ">=", 0.0, count=count)


def other_buyers(model: OutsideModel) -> None:
    """Rule 9: no other buyer takes more than its maximum."""
    t, years, rows = model.tables, model.tables.worth.seller_years, model.deal.other_buyers
    right = np.array([row.maximum * years.share(row.fiscal_year) for row in rows])
    model.limit("sales", model.total(model.sale, t.sale.o, count=len(rows)), "<=", right, count=len(rows))

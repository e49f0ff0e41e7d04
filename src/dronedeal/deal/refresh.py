"""Successors: a design that takes the place of another inherits what is not stated for itself.

Assessment, plan and check all work on the completed deal; addresses lead to the rows that the user wrote.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import Any

from dronedeal.deal.deal import Deal
from dronedeal.deal.systems import System
from dronedeal.deal.terms import Price
from dronedeal.quantities.calendar import Calendar, FiscalYears

_WHOLE_TABLES = ("line_systems", "system_components", "integrations")
_TABLES = ("systems", "trials", "prices", *_WHOLE_TABLES)
# What a price row says of the units of its year, which predecessor and successor share in the year of change.
_SHARED_UNITS = ("tier_from", "firm_minimum", "option_quantity", "maximum")


def with_successors(deal: Deal) -> Deal:
    """The deal with the rows that successors inherit; the same deal where there are none.

    A system with `successor_of` that has no rows of its own in `line_systems`, `system_components`,
    `integrations` or `prices` takes over those of its predecessor, table by table; stock is not inherited.
    Price rows pass to the successor with the month in which it is available: rows of later years are its own,
    a row of the year of change is shared by the months of the two. Trials of the predecessor always count,
    as trials of older design versions.

    Parameters
    ----------
    deal : as read; a deal that is completed already is given back

    Returns
    -------
    a deal whose `stated` is the one given, with its digest; `source_row` leads from each row to a stated one
    """
    if deal.stated is not None:
        return deal
    heirs = list(_heirs(deal))
    if not heirs:
        return deal
    estate = _Estate(deal)
    for heir, ancestor in heirs:
        estate.pass_on(ancestor, heir)
    return estate.deal()


def replacement_months(deal: Deal) -> dict[str, tuple[int, str]]:
    """Month from which each replaced system is delivered no more, and the successor that takes its place.

    A successor that a technical-cooperation project must open first takes nothing's place, because the plan
    may not choose the project.
    """
    calendar = Calendar(deal.settings.start, deal.settings.months)
    opened = opened_by_projects(deal)
    known = {system.id for system in deal.systems}
    found: dict[str, tuple[int, str]] = {}
    for system in deal.systems:
        name = system.successor_of
        if name is None or name not in known or system.id in opened or system.available_from is None:
            continue
        month = max(0, calendar.index(system.available_from))
        if name not in found or month < found[name][0]:
            found[name] = month, system.id
    return found


def opened_by_projects(deal: Deal) -> set[str]:
    """Systems that exist only where the plan chooses a technical-cooperation project."""
    return {row.effect_subject for row in deal.projects if row.effect == "successor" and row.effect_subject}


def _heirs(deal: Deal) -> Iterator[tuple[str, str]]:
    """Successor and predecessor, the heads of every chain first; rings are left out."""
    links = {row.id: row.successor_of for row in deal.systems}
    for start in sorted(links, key=lambda name: _depth(name, links)):
        ancestor = links[start]
        if ancestor in links and _depth(start, links) < len(links):
            yield start, ancestor


def _depth(name: str, links: dict[str, str | None]) -> int:
    """Systems before this one in its chain; the number of all systems in a ring."""
    depth, ancestor = 0, links[name]
    while ancestor in links and depth < len(links):
        depth, ancestor = depth + 1, links[ancestor]
    return depth


class _Estate:
    """The tables that are inherited, as they grow."""

    def __init__(self, deal: Deal) -> None:
        self._deal = deal
        self._rows: dict[str, list[Any]] = {name: list(deal.table(name)) for name in _TABLES}
        self._sources = {name: list(range(len(rows))) for name, rows in self._rows.items()}
        self._replaced = replacement_months(deal)
        calendar = Calendar(deal.settings.start, deal.settings.months)
        self._years = FiscalYears(calendar, deal.settings.buyer.fiscal_year_start)

    def deal(self) -> Deal:
        """The completed deal."""
        tables: dict[str, Any] = {name: tuple(rows) for name, rows in self._rows.items()}
        sources = {name: tuple(rows) for name, rows in self._sources.items()}
        return replace(self._deal, **tables, stated=self._deal, source_rows=sources)

    def pass_on(self, ancestor: str, heir: str) -> None:
        """Give a successor what it has no rows of its own for."""
        for table in _WHOLE_TABLES:
            if not self._of(table, heir):
                for number in self._of(table, ancestor):
                    self._inherit(table, number, heir)
        if not self._of("prices", heir):
            self._prices(ancestor, heir)
        self._trials(ancestor, heir)

    def _of(self, table: str, system: str) -> list[int]:
        return [number for number, row in enumerate(self._rows[table]) if row.system == system]

    def _inherit(self, table: str, number: int, heir: str, **changes: Any) -> None:
        row = self._rows[table][number]
        if table == "line_systems":
            changes["initial_stock"] = 0.0
        self._rows[table].append(row.model_copy(update={"system": heir, **changes}))
        self._sources[table].append(self._sources[table][number])

    def _prices(self, ancestor: str, heir: str) -> None:
        """Rows of later years change hands; that of the year of change is split by months."""
        month, first_heir = self._replaced.get(ancestor, (0, None))
        for number in self._of("prices", ancestor):
            row: Price = self._rows["prices"][number]
            if first_heir != heir:
                # Both are on sale side by side: what must be bought is asked for once.
                self._inherit("prices", number, heir, firm_minimum=None)
                continue
            months = self._years.months_in(row.fiscal_year)
            before = sum(1 for at in months if at < month)
            if before == 0:
                self._rows["prices"][number] = row.model_copy(update={"system": heir})
            elif before < len(months):
                share = before / len(months)
                self._inherit("prices", number, heir, **_share(row, 1.0 - share))
                self._rows["prices"][number] = row.model_copy(update=_share(row, share))

    def _trials(self, ancestor: str, heir: str) -> None:
        """The versions of the successor go on from those of its predecessor."""
        at = {row.id: number for number, row in enumerate(self._rows["systems"])}
        before: System = self._rows["systems"][at[ancestor]]
        own: System = self._rows["systems"][at[heir]]
        for number in self._of("trials", heir):
            trial = self._rows["trials"][number]
            if trial.version is not None:
                version = trial.version + before.design_version
                self._rows["trials"][number] = trial.model_copy(update={"version": version})
        for number in self._of("trials", ancestor):
            version = self._rows["trials"][number].version
            tested = before.design_version if version is None else version
            self._inherit("trials", number, heir, version=tested)
        version = own.design_version + before.design_version
        self._rows["systems"][at[heir]] = own.model_copy(update={"design_version": version})


def _share(row: Price, share: float) -> dict[str, float]:
    """The units of a price row that fall to a part of its year."""
    stated = {name: getattr(row, name) for name in _SHARED_UNITS}
    return {name: units * share for name, units in stated.items() if units is not None}

"""What was read of a deal, and the deal put together from it."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from dronedeal.deal.deal import Deal
from dronedeal.deal.finding import Finding
from dronedeal.deal.place import Place, RowOrigin
from dronedeal.deal.record import OWNERS, Frozen, Owner
from dronedeal.deal.schema import TABLES
from dronedeal.deal.settings import Settings
from dronedeal.errors import DealFolderError
from dronedeal.files.folder import TableSource, used_sources
from dronedeal.files.table_reader import TableRows


@dataclass(frozen=True)
class Parts:
    """What was read of a deal before it is put together.

    Parameters
    ----------
    read : rows by name of the source
    sides : owners that have a folder or sheets there, among those that were asked for
    """

    settings: Settings | None
    settings_places: Mapping[str, Place]
    sources: Sequence[TableSource]
    read: Mapping[str, TableRows]
    findings: Sequence[Finding]
    sides: Collection[Owner] = ()


def assemble(parts: Parts) -> Deal:
    """The deal of its parts; raises every finding where there is one."""
    findings = [*parts.findings, *(finding for rows in parts.read.values() for finding in rows.findings)]
    if findings or parts.settings is None:
        raise DealFolderError(findings)
    rows: dict[str, list[Frozen]] = defaultdict(list)
    origins: dict[str, list[RowOrigin]] = defaultdict(list)
    owners: dict[str, list[Owner]] = defaultdict(list)
    estimates: dict[str, Place] = {}
    for source in used_sources(parts.sources):
        part = parts.read[source.name]
        if source.is_estimate:
            estimates[source.table] = source.place
        rows[source.table].extend(part.rows)
        origins[source.table].extend(part.origins)
        owners[source.table].extend([source.owner] * len(part.rows))
    tables: dict[str, Any] = {name: tuple(records) for name, records in rows.items()}
    return Deal(
        settings=parts.settings,
        **tables,
        owners={name: tuple(of_table) for name, of_table in owners.items() if _differ(name, of_table)},
        origins={name: tuple(of_table) for name, of_table in origins.items()},
        settings_places=parts.settings_places,
        sides=tuple(owner for owner in OWNERS if owner in parts.sides),
        estimates=estimates,
    )


def _differ(table: str, owners: Iterable[Owner]) -> bool:
    return any(owner != TABLES[table].owner for owner in owners)

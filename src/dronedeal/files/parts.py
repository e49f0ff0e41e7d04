"""What was read of a deal, and the deal put together from it."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from dronedeal.deal.deal import Deal
from dronedeal.deal.finding import Finding
from dronedeal.deal.place import Place, RowOrigin
from dronedeal.deal.record import Frozen, Owner
from dronedeal.deal.schema import TABLES
from dronedeal.deal.settings import Settings
from dronedeal.errors import DealFolderError
from dronedeal.files.folder import TableSource, used_sources
from dronedeal.files.table_reader import TableRows


@dataclass(frozen=True)
class Parts:
    """What was read of a deal before it is put together; `read` holds the rows by source name."""

    settings: Settings | None
    settings_places: Mapping[str, Place]
    sources: Sequence[TableSource]
    read: Mapping[str, TableRows]
    findings: Sequence[Finding]


def assemble(parts: Parts) -> Deal:
    """The deal of its parts; raises every finding where there is one."""
    findings = [*parts.findings, *(finding for rows in parts.read.values() for finding in rows.findings)]
    if findings or parts.settings is None:
        raise DealFolderError(findings)
    rows: dict[str, list[Frozen]] = defaultdict(list)
    origins: dict[str, list[RowOrigin]] = defaultdict(list)
    owners: dict[str, list[Owner]] = defaultdict(list)
    for source in used_sources(parts.sources):
        part = parts.read[source.name]
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
    )


def _differ(table: str, owners: Iterable[Owner]) -> bool:
    return any(owner != TABLES[table].owner for owner in owners)

"""The deal on the table: settings, tables, and where each row was read."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import Any

from dronedeal.deal.clauses import BuyerPosition, Clause, ClauseEffect, SellerPosition
from dronedeal.deal.cooperation import Integration, Project
from dronedeal.deal.demand import HomeNeed, OtherBuyer
from dronedeal.deal.facts import Fact
from dronedeal.deal.funds import Budget, Index, Rate
from dronedeal.deal.place import Place, RowOrigin
from dronedeal.deal.production import Component, ComponentSupply, Line, LineSystem, SystemComponent
from dronedeal.deal.record import OWNERS, Frozen, Owner
from dronedeal.deal.requirements import (
    Branch,
    Preference,
    Requirement,
    RequirementAttribute,
    RequirementQuantity,
)
from dronedeal.deal.schema import TABLES
from dronedeal.deal.settings import Settings
from dronedeal.deal.systems import Attribute, System, Trial
from dronedeal.deal.terms import Bundle, Price, Rule
from dronedeal.deal.uncertainty import Correlation, Uncertainty


@dataclass(frozen=True)
class Deal:
    """One whole deal, frozen; a change is a new deal (`with_table`).

    Parameters
    ----------
    settings : content of `deal.yaml`
    systems … facts : rows of each table of the schema, in the order in which they were read
    owners : owner of each row by table, where it differs from the table's own owner
    origins : where each row was read, by table, in row order; empty for a deal made in Python
    settings_places : where each key of the settings was read
    sides : owners whose folders were read (rule R11); what the others know cannot be judged
    estimates : file or sheet of each table that is one side's estimate of the other's
    stated : of a deal that was completed (`refresh.with_successors`): the deal as the user wrote it
    source_rows : of such a deal: the stated row behind each row, by table
    """

    settings: Settings
    systems: tuple[System, ...] = ()
    attributes: tuple[Attribute, ...] = ()
    trials: tuple[Trial, ...] = ()
    branches: tuple[Branch, ...] = ()
    requirements: tuple[Requirement, ...] = ()
    requirement_quantities: tuple[RequirementQuantity, ...] = ()
    requirement_attributes: tuple[RequirementAttribute, ...] = ()
    preferences: tuple[Preference, ...] = ()
    lines: tuple[Line, ...] = ()
    line_systems: tuple[LineSystem, ...] = ()
    components: tuple[Component, ...] = ()
    system_components: tuple[SystemComponent, ...] = ()
    component_supply: tuple[ComponentSupply, ...] = ()
    prices: tuple[Price, ...] = ()
    bundles: tuple[Bundle, ...] = ()
    home_needs: tuple[HomeNeed, ...] = ()
    other_buyers: tuple[OtherBuyer, ...] = ()
    budgets: tuple[Budget, ...] = ()
    integrations: tuple[Integration, ...] = ()
    projects: tuple[Project, ...] = ()
    rules: tuple[Rule, ...] = ()
    clauses: tuple[Clause, ...] = ()
    clause_effects: tuple[ClauseEffect, ...] = ()
    buyer_positions: tuple[BuyerPosition, ...] = ()
    seller_positions: tuple[SellerPosition, ...] = ()
    uncertainty: tuple[Uncertainty, ...] = ()
    correlations: tuple[Correlation, ...] = ()
    indices: tuple[Index, ...] = ()
    rates: tuple[Rate, ...] = ()
    facts: tuple[Fact, ...] = ()
    owners: Mapping[str, tuple[Owner, ...]] = field(default_factory=dict)
    origins: Mapping[str, tuple[RowOrigin, ...]] = field(default_factory=dict, compare=False, repr=False)
    settings_places: Mapping[str, Place] = field(default_factory=dict, compare=False, repr=False)
    sides: tuple[Owner, ...] = field(default=OWNERS, compare=False)
    estimates: Mapping[str, Place] = field(default_factory=dict, compare=False, repr=False)
    stated: Deal | None = field(default=None, compare=False, repr=False)
    source_rows: Mapping[str, tuple[int, ...]] = field(default_factory=dict, compare=False, repr=False)

    def table(self, name: str) -> tuple[Any, ...]:
        """Rows of the table of that name; KeyError where the schema has none."""
        if name not in TABLES:
            raise KeyError(name)
        rows: tuple[Any, ...] = getattr(self, name)
        return rows

    def is_given(self, table: str) -> bool:
        """Whether the rows of a table can be judged: its side's folder was read, or an estimate stands in."""
        return TABLES[table].owner in self.sides or table in self.estimates or bool(self.table(table))

    def owner(self, table: str, row: int) -> Owner:
        """Who owns a row (rule R11)."""
        owners = self.owners.get(table)
        return owners[self.source_row(table, row)] if owners else TABLES[table].owner

    def source_row(self, table: str, row: int) -> int:
        """The row that the user wrote, which an inherited row comes from; any other row is its own."""
        rows = self.source_rows.get(table)
        return rows[row] if rows else row

    def with_table(self, name: str, rows: Sequence[Frozen]) -> Deal:
        """A new deal with other rows in one table; owners and addresses of that table fall away."""
        if name not in TABLES:
            raise KeyError(name)
        owners = {key: value for key, value in self.owners.items() if key != name}
        origins = {key: value for key, value in self.origins.items() if key != name}
        changes = {name: tuple(rows), "owners": owners, "origins": origins, "stated": None, "source_rows": {}}
        return replace(self, **changes)  # type: ignore[arg-type]

    def place(self, table: str, row: int, column: str | None = None) -> Place:
        """Address of a row (0-based) or of one of its cells."""
        row = self.source_row(table, row)
        origins = self.origins.get(table)
        if origins:
            return origins[row].place(column)
        return Place(f"table {table}", row + 1, None, column)

    def settings_place(self, key: str) -> Place:
        """Address of a key of `deal.yaml`, such as `parties.0.role`."""
        return self.settings_places.get(key, Place("deal.yaml", name=key))

    @cached_property
    def digest(self) -> str:
        """SHA-256 of what the user stated, the same for a folder and a workbook with the same rows."""
        if self.stated is not None:
            return self.stated.digest
        content = {
            "settings": self.settings.model_dump(mode="json"),
            "tables": {name: [row.model_dump(mode="json") for row in self.table(name)] for name in TABLES},
            "owners": {name: list(owners) for name, owners in sorted(self.owners.items())},
        }
        text = json.dumps(content, sort_keys=True, ensure_ascii=False, allow_nan=False)
        return hashlib.sha256(text.encode()).hexdigest()

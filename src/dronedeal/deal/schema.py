"""The one schema: every table of a deal folder with its columns, made from the records.

Reader, writer, template, manual and JSON Schema all walk `TABLES`; nothing about a column is
written down twice.
"""

from __future__ import annotations

import types
import typing
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import annotated_types
from pydantic.fields import FieldInfo
from pydantic_core import PydanticUndefined

from dronedeal.deal.clauses import BuyerPosition, Clause, ClauseEffect, SellerPosition
from dronedeal.deal.cooperation import Integration, Project
from dronedeal.deal.demand import HomeNeed, OtherBuyer
from dronedeal.deal.facts import Fact
from dronedeal.deal.funds import Budget, Index, Rate
from dronedeal.deal.production import Component, ComponentSupply, Line, LineSystem, SystemComponent
from dronedeal.deal.record import CURRENCY_PATTERN, Frozen, Kind, Owner
from dronedeal.deal.requirements import (
    Branch,
    Preference,
    Requirement,
    RequirementAttribute,
    RequirementQuantity,
)
from dronedeal.deal.systems import Attribute, System, Trial
from dronedeal.deal.terms import Bundle, Price, Rule
from dronedeal.deal.uncertainty import Correlation, Uncertainty


@dataclass(frozen=True)
class Column:
    """One column as the manual shows it.

    `default` is the value of a blank cell; `is_required` columns have none. `choices` is empty
    unless `kind` is `choice`.
    """

    name: str
    kind: str
    unit: str
    meaning: str
    is_required: bool
    default: Any
    choices: tuple[str, ...]
    refers_to: str
    allowed: str


@dataclass(frozen=True)
class Table:
    """One table: its records, its key and the owner it belongs to unless a folder says otherwise."""

    name: str
    record: type[Frozen]
    key: tuple[str, ...]
    owner: Owner

    @property
    def meaning(self) -> str:
        """What one row is, in one sentence."""
        return (self.record.__doc__ or "").strip()

    @cached_property
    def columns(self) -> tuple[Column, ...]:
        """The columns in the order in which a file is written: own columns first, provenance last."""
        fields = self.record.model_fields
        last = [name for name in _LAST if name in fields]
        names = [name for name in fields if name not in last] + last
        return tuple(_column(name, fields[name]) for name in names)

    def column(self, name: str) -> Column:
        """The column of that name; KeyError where there is none."""
        for column in self.columns:
            if column.name == name:
                return column
        raise KeyError(name)


_LAST = ("currency", "price_basis", "source", "basis", "note")


def _column(name: str, field: FieldInfo) -> Column:
    extra = field.json_schema_extra if isinstance(field.json_schema_extra, dict) else {}
    kind, choices, constraints = _cell_type(field)
    default = None if field.default is PydanticUndefined else field.default
    return Column(
        name=name,
        kind=kind,
        unit=str(extra.get("unit", "")),
        meaning=field.description or "",
        is_required=field.is_required(),
        default=default,
        choices=choices,
        refers_to=str(extra.get("refers_to", "")),
        allowed=_allowed_text(kind, choices, constraints),
    )


def _cell_type(field: FieldInfo) -> tuple[str, tuple[str, ...], tuple[Any, ...]]:
    """Cell type, choices and constraints of a field, seen through `X | None` and `Annotated`."""
    metadata: list[Any] = list(field.metadata)
    annotation: Any = field.annotation
    if typing.get_origin(annotation) in (typing.Union, types.UnionType):
        annotation = next(arg for arg in typing.get_args(annotation) if arg is not types.NoneType)
    while typing.get_origin(annotation) is typing.Annotated:
        annotation, *more = typing.get_args(annotation)
        metadata.extend(more)
    if typing.get_origin(annotation) is typing.Literal:
        return "choice", tuple(str(choice) for choice in typing.get_args(annotation)), ()
    kind = next((item.name for item in metadata if isinstance(item, Kind)), "text")
    return kind, (), tuple(_flatten(metadata))


def _flatten(metadata: list[Any]) -> typing.Iterator[Any]:
    for item in metadata:
        if isinstance(item, FieldInfo):
            yield from item.metadata
        else:
            yield item


_KIND_WORDS: Mapping[str, str] = {
    "id": "letters, digits, `_`, `.`, `-`, up to 64",
    "text": "text of up to 4000 characters",
    "integer": "a whole number",
    "number": "a number",
    "fraction": "a number from 0 to 1",
    "boolean": "true or false",
    "date": "a day as YYYY-MM-DD",
    "partial_date": "YYYY, YYYY-MM or YYYY-MM-DD",
    "month": "a month as YYYY-MM",
    "fiscal_year": "a fiscal year from 1990 to 2100",
    "id_list": "ids separated by semicolons",
    "number_list": "numbers of at least 0 separated by semicolons",
    "text_list": "texts separated by semicolons",
}


def _allowed_text(kind: str, choices: tuple[str, ...], constraints: tuple[Any, ...]) -> str:
    if choices:
        return ", ".join(choices)
    words = _KIND_WORDS[kind]
    if any(getattr(item, "pattern", None) == CURRENCY_PATTERN for item in constraints):
        return "a currency as three capital letters, such as USD"
    if kind in ("integer", "number"):
        for item in constraints:
            if isinstance(item, annotated_types.Ge) and abs(float(item.ge)) < 1e9:  # type: ignore[arg-type]
                words += f" of at least {item.ge}"
            if isinstance(item, annotated_types.Gt):
                words += f" above {item.gt}"
            if isinstance(item, annotated_types.Le) and float(item.le) < 1e9:  # type: ignore[arg-type]
                words += f" and at most {item.le}"
    return words


TABLES: Mapping[str, Table] = {
    table.name: table
    for table in (
        Table("systems", System, ("id",), "shared"),
        Table("attributes", Attribute, ("system", "attribute"), "shared"),
        Table("trials", Trial, (), "shared"),
        Table("branches", Branch, ("id",), "buyer"),
        Table("requirements", Requirement, ("id",), "buyer"),
        Table("requirement_quantities", RequirementQuantity, ("requirement", "fiscal_year"), "buyer"),
        Table("requirement_attributes", RequirementAttribute, (), "buyer"),
        Table("preferences", Preference, ("id",), "buyer"),
        Table("lines", Line, ("id",), "seller"),
        Table("line_systems", LineSystem, ("line", "system"), "seller"),
        Table("components", Component, ("id",), "seller"),
        Table("system_components", SystemComponent, ("system", "component", "line"), "seller"),
        Table("component_supply", ComponentSupply, ("component", "fiscal_year"), "seller"),
        Table("prices", Price, ("system", "line", "fiscal_year", "tier_from"), "shared"),
        Table("bundles", Bundle, ("id", "fiscal_year"), "shared"),
        Table("home_needs", HomeNeed, ("id", "fiscal_year"), "seller"),
        Table("other_buyers", OtherBuyer, ("id", "system", "fiscal_year"), "seller"),
        Table("budgets", Budget, ("branch", "fiscal_year", "appropriation"), "buyer"),
        Table("integrations", Integration, ("system", "branch", "standard"), "shared"),
        Table("projects", Project, ("id",), "shared"),
        Table("rules", Rule, ("id",), "shared"),
        Table("clauses", Clause, ("id",), "shared"),
        Table("clause_effects", ClauseEffect, ("clause", "subject"), "shared"),
        Table("buyer_positions", BuyerPosition, ("clause",), "buyer"),
        Table("seller_positions", SellerPosition, ("clause",), "seller"),
        Table("uncertainty", Uncertainty, ("factor", "subject", "fiscal_year", "outcome"), "shared"),
        Table("correlations", Correlation, ("factor", "subject", "other_factor", "other_subject"), "shared"),
        Table("indices", Index, ("id", "fiscal_year"), "shared"),
        Table("rates", Rate, ("id", "fiscal_year"), "shared"),
        Table("facts", Fact, ("id",), "shared"),
    )
}

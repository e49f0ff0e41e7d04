"""Small deals for the tests of the assessment: two sides, one branch, and what else a test needs."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from typing import Any

from dronedeal.deal import Deal, Party, Settings
from dronedeal.deal.requirements import Branch, Requirement, RequirementAttribute
from dronedeal.deal.settings import EvidenceSettings, Options
from dronedeal.deal.systems import Attribute, System, Trial
from dronedeal.deal.terms import Price, Rule

BUYER = Party(id="north", name="Northland", role="buyer", fiscal_year_start=10)
SELLER = Party(id="river", name="Riverland", role="seller")
THIRD = Party(id="west", name="Westmark", role="third")


def system(name: str = "kestrel", **changes: Any) -> System:
    """A reconnaissance aircraft of the seller in its third design version."""
    row = {"name": name.title(), "maker": "Works", "supplier": "river", "domain": "air", "role": "scout"}
    return System(id=name, **{**row, "design_version": 3, **changes})


def requirement(name: str = "watch", **changes: Any) -> Requirement:
    """A need of the army that the system above meets."""
    row = {"branch": "army", "name": "Watch", "role": "scout", "domain": "air", "kind": "use"}
    return Requirement(id=name, **{**row, "value_threshold": 2.0, "value_objective": 1.0, **changes})


def price(name: str = "kestrel", year: int = 2027, **changes: Any) -> Price:
    """A price in one fiscal year of the buyer."""
    return Price(system=name, fiscal_year=year, **{"unit_price": 1000.0, **changes})


def trial(date: str | None = "2027-01-15", **changes: Any) -> Trial:
    """A field test of the system above with nine successes in ten trials; or an exposure, if one is given."""
    row: dict[str, Any] = {"system": "kestrel", "measure": "mission", "setting": "field"}
    if "exposure" not in changes:
        row.update(n_trials=10, n_successes=9)
    return Trial(**{**row, "date": None if date is None else dt.date.fromisoformat(date), **changes})


def asked(**changes: Any) -> RequirementAttribute:
    """A criterion of the need above."""
    return RequirementAttribute(requirement="watch", **changes)


def figure(**changes: Any) -> Attribute:
    """A published figure of the system above."""
    return Attribute(system="kestrel", **changes)


def rule(kind: str, **changes: Any) -> Rule:
    """A composition rule for every system."""
    return Rule(**{"id": "rule1", "kind": kind, "subject": "*", **changes})


def deal(
    *, evidence: dict[str, Any] | None = None, options: dict[str, Any] | None = None, **changes: Any
) -> Deal:
    """A deal of 24 months from January 2027 with one system, one need and prices in every year.

    `changes` are tables, or settings such as `months`.
    """
    settings_keys = Settings.model_fields.keys() & changes.keys()
    settings: dict[str, Any] = {
        "format": 1,
        "title": "Small",
        "start": "2027-01",
        "months": 24,
        "currency": "USD",
        "price_base_year": 2027,
        "parties": (BUYER, SELLER, THIRD),
        "evidence": EvidenceSettings(**(evidence or {})),
        "options": Options(**(options or {})),
    } | {key: changes.pop(key) for key in settings_keys}
    tables: dict[str, Iterable[Any]] = {
        "systems": (system(),),
        "branches": (Branch(id="army", party="north", name="Army"),),
        "requirements": (requirement(),),
        "prices": tuple(price(year=year) for year in (2027, 2028, 2029)),
    } | changes
    return Deal(Settings(**settings), **{name: tuple(rows) for name, rows in tables.items()})  # type: ignore[arg-type]

"""The plan: what is bought, made, opened and paid, with its certificate."""

from __future__ import annotations

import json
from collections.abc import Mapping
from copy import copy
from dataclasses import dataclass, fields
from functools import cached_property
from html import escape
from typing import TYPE_CHECKING, Any, Protocol

from dronedeal.errors import PlanFileError, ProgramError
from dronedeal.results.columns import PLAN_TABLES, PlanTable
from dronedeal.results.frames import table_frame
from dronedeal.results.keys import PLAN_KEYS
from dronedeal.results.shape import Row, plain_key, plain_keys
from dronedeal.results.vocabulary import PLAN_FORMAT

if TYPE_CHECKING:
    import polars

_MAX_FAULTS = 20
# Tables that the format gained after plans had been written: a file without them says nothing of them.
_GAINED_TABLES = ("frozen",)


class _ShapeError(ProgramError):
    """A plan was made with values that its definition does not allow."""

    def __init__(self, faults: list[str]) -> None:
        self.faults = tuple(faults)
        super().__init__("\n".join(faults[:_MAX_FAULTS]))


class Checked(Protocol):
    """The outcome of an independent check, as far as the plan records it."""

    def summary(self) -> Mapping[str, object]:
        """`is_passed` and one entry for each check."""


def relative_gap(objective: float, bound: float) -> float:
    """Distance of the objective from the bound: (bound − objective) / max(1, |objective|).

    >>> relative_gap(200.0, 201.0)
    0.005
    """
    return (bound - objective) / max(1.0, abs(objective))


@dataclass(frozen=True, kw_only=True)
class Plan:
    """One plan with its tables and its certificate; the content of `plan.json`.

    The attributes are the top-level keys of `plan.json` and mean what the reference page says of them.
    Values are checked and turned into plain Python types when a plan is made; a change is a new plan.

    Parameters
    ----------
    objective, bound, utilities, alternative : discounted base-year currency
    gap, gap_of_cost : share
    rounding : `cost` in discounted base-year currency; None where units need not be whole
    tables : every table of `PLAN_TABLES`, each a sequence of rows

    Raises
    ------
    ProgramError
        where a value is not what the definition of the plan allows
    """

    title: str
    currency: str
    price_base_year: int
    start: str
    months: int
    status: str
    termination: str
    objective_kind: str
    objective: float
    bound: float | None
    gap: float | None
    utilities: Mapping[str, float]
    sizes: Mapping[str, int]
    options: Mapping[str, str | int | float | bool | None]
    seed: int
    versions: Mapping[str, str]
    digest: str
    tables: Mapping[str, tuple[Row, ...]]
    alternative: float | None = None
    gap_of_cost: float | None = None
    rounding: Mapping[str, float] | None = None
    verification: Mapping[str, Any] | None = None
    warnings: tuple[str, ...] = ()
    not_counted: tuple[str, ...] = ()
    format: str = PLAN_FORMAT

    def __post_init__(self) -> None:
        values, faults = plain_keys({field.name: getattr(self, field.name) for field in fields(self)})
        if faults:
            raise _ShapeError(faults)
        for name, value in values.items():
            object.__setattr__(self, name, value)

    def to_json(self) -> str:
        """The text of `plan.json`: keys in their fixed order, one row of a table on one line."""
        encode = json.JSONEncoder(ensure_ascii=False, allow_nan=False).encode
        parts = [f"  {encode(name)}: {encode(getattr(self, name))}" for name in PLAN_KEYS if name != "tables"]
        tables = [
            f"    {encode(name)}: {_rows_text(table, self.tables[name])}"
            for name, table in PLAN_TABLES.items()
        ]
        parts.append('  "tables": {\n' + ",\n".join(tables) + "\n  }")
        return "{\n" + ",\n".join(parts) + "\n}\n"

    @classmethod
    def from_json(cls, text: str, *, where: str = "plan.json") -> Plan:
        """Read a plan from the text of a `plan.json`; a table that its program did not know yet is empty.

        Parameters
        ----------
        text : content of the file
        where : name of the file for error messages

        Raises
        ------
        PlanFileError
            listing what is wrong and where, for a damaged file
        """
        values = _with_gained_tables(_parsed(text, where))
        faults = [] if values.get("format") == PLAN_FORMAT else [_format_fault(values)]
        try:
            if not faults and values.keys() == PLAN_KEYS.keys():
                return cls(**values)
            faults = faults or plain_keys(values)[1]
        except _ShapeError as error:
            faults = list(error.faults)
        raise PlanFileError(_faults_text(where, faults))

    def frame(self, name: str) -> polars.DataFrame:
        """One table as a data frame, with the types of its columns even where it is empty.

        Parameters
        ----------
        name : a table of the plan, such as `shipments`

        Raises
        ------
        KeyError
            where the plan has no such table
        """
        if name not in PLAN_TABLES:
            raise KeyError(f"no table {name!r} in a plan; tables: {', '.join(PLAN_TABLES)}")
        return table_frame(PLAN_TABLES[name], self.tables[name])

    def with_verification(self, verification: Checked) -> Plan:
        """The same plan with the outcome of the independent check."""
        checked, faults = plain_key(PLAN_KEYS["verification"], verification.summary())
        if faults:
            raise _ShapeError(faults)
        # Everything else passed when this plan was made, and its tables are long.
        plan = copy(self)
        object.__setattr__(plan, "verification", checked)
        return plan

    @cached_property
    def coverage_words(self) -> str:
        """One sentence on how many requirements are met."""
        rows = self.tables["coverage"]
        met = sum(1 for row in rows if not row["short_of_threshold"])
        full = sum(1 for row in rows if not row["short_of_objective"])
        return f"Of {len(rows)} yearly requirements, {met} reach their threshold and {full} their objective."

    def _repr_html_(self) -> str:
        lines = {
            "Status": f"{self.status} ({self.termination})",
            f"Objective ({self.objective_kind})": self._money(self.objective),
            "Bound": "none proven" if self.bound is None else self._money(self.bound),
            "Gap": "unknown" if self.gap is None else f"{self.gap:.2%}",
            "Utility of the buyer": self._money(self.utilities["buyer"]),
            "Utility of the seller": self._money(self.utilities["seller"]),
        }
        rows = "".join(
            f"<tr><th>{escape(name)}</th><td>{escape(value)}</td></tr>" for name, value in lines.items()
        )
        return f"<h4>{escape(self.title)}</h4><table>{rows}</table><p>{escape(self.coverage_words)}</p>"

    def _money(self, amount: float) -> str:
        return f"{amount:,.0f} {self.currency}"


def _rows_text(table: PlanTable, rows: tuple[Row, ...]) -> str:
    """The rows as JSON, one on a line; column by column, which is several times faster than row by row."""
    if not rows:
        return "[]"
    template = "      {" + ", ".join(f'"{name}": %s' for name in table.names) + "}"
    cells = [_cells_text([row[name] for row in rows]) for name in table.names]
    return "[\n" + ",\n".join([template % row for row in zip(*cells, strict=True)]) + "\n    ]"


def _cells_text(values: list[Any]) -> list[str]:
    """Each value as JSON; a text that comes again is encoded once."""
    if set(map(type, values)) == {float}:
        return list(map(float.__repr__, values))
    known = {value: json.dumps(value, ensure_ascii=False, allow_nan=False) for value in set(values)}
    return [known[value] for value in values]


def _parsed(text: str, where: str) -> dict[str, Any]:
    try:
        values = json.loads(text, parse_constant=_refuse_constant, object_pairs_hook=_unique_keys)
    except json.JSONDecodeError as error:
        raise PlanFileError(
            f"{where}, line {error.lineno}, column {error.colno}: not valid JSON ({error.msg}); "
            "make the plan again"
        ) from error
    except (ValueError, RecursionError) as error:
        raise PlanFileError(f"{where}: not valid JSON ({error}); make the plan again") from error
    if not isinstance(values, dict):
        raise PlanFileError(
            f"{where}: found {type(values).__name__}; allowed: one object in the format {PLAN_FORMAT}; "
            "make the plan again"
        )
    return values


def _with_gained_tables(values: dict[str, Any]) -> dict[str, Any]:
    """The same values, with an empty table for each that an older program did not know."""
    tables = values.get("tables")
    if isinstance(tables, dict):
        values["tables"] = {name: [] for name in _GAINED_TABLES} | tables
    return values


def _refuse_constant(name: str) -> float:
    raise ValueError(f"{name} is not a number that a plan can hold")


def _unique_keys(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    values = dict(pairs)
    if len(values) < len(pairs):
        names = [name for name, _ in pairs]
        twice = next(name for name in names if names.count(name) > 1)
        raise ValueError(f"the key {twice[:60]!r} stands twice in one object")
    return values


def _format_fault(values: Mapping[str, Any]) -> str:
    found = f"found {values['format']!r:.80}" if "format" in values else "missing key"
    return f"format: {found}; allowed: {PLAN_FORMAT!r}, the format that this version reads"


def _faults_text(where: str, faults: list[str]) -> str:
    lines = [f"{where}: {line}" for line in faults[:_MAX_FAULTS]]
    if len(faults) > _MAX_FAULTS:
        lines.append(f"{where}: and {len(faults) - _MAX_FAULTS} more faults")
    return "\n".join([*lines, "The file is damaged; make the plan again with `dronedeal plan`"])

"""Random deals over all tables and cell types, drawn from the schema itself."""

from __future__ import annotations

import datetime as dt
import re
import string
from collections.abc import Sequence
from functools import cache
from typing import Any

from hypothesis import strategies as st

from dronedeal.deal import TABLES, Column, Deal, Settings, Table
from dronedeal.deal.record import OWNERS, Frozen
from dronedeal.deal.settings import CashAccount, EvidencePrior, EvidenceSettings, Options, Party, PaymentTerms

AWKWARD_TEXTS = (
    "=1+1",
    "+1",
    "-1",
    "@here",
    "'",
    "''",
    "'=1",
    "'text'",
    "#comment",
    "'#comment",
    "a,b",
    'say "so"',
    '"',
    '""',
    "two\nlines",
    "=two\n\nlines",
    "a;b",
    ";",
    "\\",
    "\\;",
    "a\\",
    "<r>markup</r>",
    "<r></r>",
    "_x0041_",
    "_x0041_x0042_",
    "<r>_x0041_x0042_</r>",
    "x005F_",
    "_x005F_x0041_",
    "_x000D_",
    "1e5",
    "007",
    "nan",
    "true",
    "null",
    "~",
    "no",
    "2026-10-01",
    "key: value",
    "- item",
    "[list]",
    "{key}",
    "&anchor",
    "*alias",
    "!tag",
    "%x",
    "|",
    ">",
    "a # b",
    "#REF!",
    "ünïcödé",
    "\U0001f6e9 drone",
    "a\u2028b",
    "a\u200bb",
    "a\u00a0b",
    "\ufeffmark",
)

_LETTERS = string.ascii_letters + string.digits
IDS = st.builds(str.__add__, st.sampled_from(_LETTERS), st.text(_LETTERS + "_.-", max_size=12))
_CONTROL = re.compile("[\x00-\x09\x0b-\x1f\x7f-\x9f\ud800-\udfff\ufffe\uffff]")
_FREE_TEXTS = st.text(st.characters(exclude_categories=["Cs", "Cc"]) | st.just("\n"), max_size=30).map(
    lambda text: _CONTROL.sub("", text).strip() or "text"
)
TEXTS = st.deferred(
    lambda: st.integers(0, len(AWKWARD_TEXTS) - 1).map(AWKWARD_TEXTS.__getitem__) | _FREE_TEXTS
)


def values(column: Column, limits: dict[str, Any]) -> st.SearchStrategy[Any]:
    """Values of a column; `limits` is its part of the JSON Schema that pydantic makes of the record."""
    given = next((part for part in limits.get("anyOf", [limits]) if part.get("type") != "null"), limits)
    strategy = _values_of_kind(column, given)
    return strategy if len(limits.get("anyOf", [1])) == 1 else st.none() | strategy


def _values_of_kind(column: Column, limits: dict[str, Any]) -> st.SearchStrategy[Any]:
    if column.kind == "choice":
        return st.sampled_from(limits.get("enum", [limits.get("const")]))
    if column.kind == "text" and "pattern" in limits:
        return st.text(string.ascii_uppercase, min_size=3, max_size=3)
    by_kind: dict[str, st.SearchStrategy[Any]] = {
        "id": IDS,
        "text": TEXTS,
        "boolean": st.booleans(),
        "date": st.dates(),
        "partial_date": st.dates().flatmap(_partial_dates),
        "month": st.dates().map(lambda day: day.isoformat()[:7]),
        "id_list": st.lists(IDS, max_size=3).map(tuple),
        "number_list": st.lists(_numbers({"minimum": 0, "maximum": 1e15}), max_size=3).map(tuple),
        "text_list": st.lists(TEXTS.filter(lambda text: len(text) < 100), max_size=3).map(tuple),
    }
    if column.kind in ("integer", "fiscal_year"):
        return st.integers(limits["minimum"], limits["maximum"])
    return by_kind[column.kind] if column.kind in by_kind else _numbers(limits)


def _partial_dates(day: dt.date) -> st.SearchStrategy[str]:
    return st.sampled_from([day.isoformat()[:length] for length in (4, 7, 10)])


def _numbers(limits: dict[str, Any]) -> st.SearchStrategy[float]:
    lowest = limits.get("minimum", limits.get("exclusiveMinimum", -1e15))
    some = [0.1, 1 / 3, 2.0**53 - 1, 1e15, 5e-324, 0.1 + 0.2, 123456789.12345678, -0.0, 1e-7]
    is_open = "exclusiveMinimum" in limits
    fits = [
        value for value in some if lowest <= value <= limits["maximum"] and (value > lowest or not is_open)
    ]
    floats = st.floats(lowest, limits["maximum"], exclude_min=is_open, allow_nan=False)
    return floats | st.sampled_from(fits) if fits else floats


def records(
    record: type[Frozen], columns: Sequence[Column], **more: st.SearchStrategy[Any]
) -> st.SearchStrategy[Any]:
    """Records of a table or of the settings, every field given."""
    limits = record.model_json_schema()["properties"]
    fields = {column.name: values(column, limits[column.name]) for column in columns}
    return st.fixed_dictionaries({**fields, **more}).map(record.model_validate)


@cache
def rows(name: str) -> st.SearchStrategy[Any]:
    """Rows of the table of that name."""
    table = TABLES[name]
    return records(table.record, table.columns)


def _plain_columns(record: type[Frozen], *, without: Sequence[str] = ()) -> list[Column]:
    columns = Table(record.__name__, record, (), "shared").columns
    return [column for column in columns if column.name not in without]


PARTIES = records(Party, _plain_columns(Party))


def _parties(third: list[Party]) -> tuple[Party, ...]:
    roles = ("buyer", "seller", *["third"] * len(third))
    named = [
        party.model_copy(update={"id": f"p{n}", "role": role})
        for n, (party, role) in enumerate(zip(third, roles, strict=False))
    ]
    return tuple(named)


SETTINGS: st.SearchStrategy[Settings] = records(
    Settings,
    _plain_columns(Settings, without=("parties", "evidence", "options", "terms", "cash")),
    parties=st.lists(PARTIES, min_size=2, max_size=4).map(_parties),
    evidence=records(
        EvidenceSettings,
        _plain_columns(EvidenceSettings, without=("priors",)),
        priors=st.lists(records(EvidencePrior, _plain_columns(EvidencePrior)), max_size=2).map(tuple),
    ),
    options=records(Options, _plain_columns(Options)),
    terms=records(PaymentTerms, _plain_columns(PaymentTerms)),
    cash=records(CashAccount, _plain_columns(CashAccount)),
)

PLAIN_SETTINGS = Settings.model_validate(
    {
        "format": 1,
        "title": "Plain",
        "start": "2026-10",
        "months": 24,
        "currency": "USD",
        "price_base_year": 2027,
        "parties": [{"id": "b", "name": "B", "role": "buyer"}, {"id": "s", "name": "S", "role": "seller"}],
    }
)


@st.composite
def deals(
    draw: st.DrawFn, *, tables: Sequence[str], settings: st.SearchStrategy[Settings] | None = None
) -> Deal:
    """Deals with rows in the named tables, each row with an owner, in the order in which they are read."""
    content: dict[str, Any] = {}
    owners: dict[str, Any] = {}
    for name in tables:
        owned = draw(st.lists(st.tuples(st.sampled_from(OWNERS), rows(name)), min_size=1, max_size=2))
        owned.sort(key=lambda pair: OWNERS.index(pair[0]))
        content[name] = tuple(row for _, row in owned)
        if any(owner != TABLES[name].owner for owner, _ in owned):
            owners[name] = tuple(owner for owner, _ in owned)
    return Deal(settings=draw(settings) if settings is not None else PLAIN_SETTINGS, **content, owners=owners)


@cache
def awkward_deal() -> Deal:
    """A deal with rows in every table whose texts are all the awkward ones in turn."""
    texts = iter((*AWKWARD_TEXTS, "x" * 4000) * 100)
    content = {}
    for name, table in TABLES.items():
        limits = table.record.model_json_schema()["properties"]
        content[name] = tuple(_awkward_row(table, limits, number, texts) for number in range(12))
    return Deal(settings=PLAIN_SETTINGS, **content)  # type: ignore[arg-type]


def _awkward_row(table: Table, limits: dict[str, Any], number: int, texts: Any) -> Frozen:
    given = {}
    for column in table.columns:
        part = limits[column.name]
        part = next((inner for inner in part.get("anyOf", [part]) if inner.get("type") != "null"), part)
        given[column.name] = _awkward_value(column, part, number, texts)
    return table.record.model_validate(given)


def _awkward_value(column: Column, limits: dict[str, Any], number: int, texts: Any) -> Any:
    if column.kind == "text" and "pattern" not in limits:
        return next(texts)
    if column.kind == "text_list":
        return (next(texts), next(texts)) if number else ()
    plain: dict[str, Any] = {
        "text": "EUR",
        "id": f"id-{number}",
        "choice": column.choices[0] if column.choices else "",
        "boolean": bool(number % 2),
        "date": dt.date(1899 + number * 10, 3, 1),
        "partial_date": "2026-10-31"[: (4, 7, 10)[number % 3]],
        "month": "2026-10",
        "fiscal_year": 2027,
        "integer": number,
        "number": min((0.1 + 0.2) * (number + 1), limits.get("maximum", 1e15)),
        "fraction": number / 13,
        "id_list": ("a", "b")[: number % 3],
        "number_list": (0.1, 1e15, 5e-324)[: number % 4],
    }
    return plain[column.kind]

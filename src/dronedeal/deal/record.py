"""The base of every table row, and the cell types that rows are made of.

A column is declared once, on the record: its type says how a cell is read, `column(...)` says its
unit and meaning. Reader, writer, template, manual and JSON Schema are all made from these.
"""

from __future__ import annotations

import datetime as dt
import re
from dataclasses import dataclass
from typing import Annotated, Any, Literal

from pydantic import AfterValidator, BaseModel, ConfigDict, Field
from pydantic_core import PydanticUndefined

Basis = Literal["fact", "assumption"]
PriceBasis = Literal["base_year", "then_year"]
Owner = Literal["shared", "buyer", "seller"]
OWNERS: tuple[Owner, ...] = ("shared", "buyer", "seller")

ID_PATTERN = r"^[A-Za-z0-9][A-Za-z0-9_.-]{0,63}$"
MONTH_PATTERN = r"^[0-9]{4}-(0[1-9]|1[0-2])$"
PARTIAL_DATE_PATTERN = r"^[0-9]{4}(-(0[1-9]|1[0-2])(-(0[1-9]|[12][0-9]|3[01]))?)?$"
CURRENCY_PATTERN = r"^[A-Z]{3}$"
_FORBIDDEN_CHARACTERS = re.compile("[\x00-\x09\x0b-\x1f\x7f-\x9f\ud800-\udfff\ufffe\uffff]")


@dataclass(frozen=True, slots=True)
class Kind:
    """The cell type of a column, as the manual names it.

    `name` is one of: id, text, integer, number, fraction, boolean, date, partial_date, month,
    fiscal_year, choice, id_list, number_list, text_list.
    """

    name: str


def _plain_text(value: str) -> str:
    if value != value.strip():
        raise ValueError("text must not begin or end with blank space")
    if match := _FORBIDDEN_CHARACTERS.search(value):
        raise ValueError(f"text must not hold the control character U+{ord(match.group()):04X}")
    if not value:
        raise ValueError("text must not be empty; leave the cell blank instead")
    return value


def _real_day(value: str) -> str:
    if len(value) == len("YYYY-MM-DD"):
        dt.date.fromisoformat(value)
    return value


Id = Annotated[str, Field(pattern=ID_PATTERN), Kind("id")]
Text = Annotated[str, Field(max_length=4000), AfterValidator(_plain_text), Kind("text")]
Integer = Annotated[int, Field(ge=-(10**12), le=10**12), Kind("integer")]
Count = Annotated[int, Field(ge=0, le=10**12), Kind("integer")]
Months = Annotated[int, Field(ge=0, le=600), Kind("integer")]
Number = Annotated[float, Field(ge=-1e15, le=1e15, allow_inf_nan=False), Kind("number")]
Amount = Annotated[float, Field(ge=0, le=1e15, allow_inf_nan=False), Kind("number")]
Positive = Annotated[float, Field(gt=0, le=1e15, allow_inf_nan=False), Kind("number")]
Fraction = Annotated[float, Field(ge=0, le=1, allow_inf_nan=False), Kind("fraction")]
Flag = Annotated[bool, Kind("boolean")]
Date = Annotated[dt.date, Kind("date")]
PartialDate = Annotated[
    str, Field(pattern=PARTIAL_DATE_PATTERN), AfterValidator(_real_day), Kind("partial_date")
]
Month = Annotated[str, Field(pattern=MONTH_PATTERN), Kind("month")]
FiscalYear = Annotated[int, Field(ge=1990, le=2100), Kind("fiscal_year")]
CurrencyCode = Annotated[str, Field(pattern=CURRENCY_PATTERN), Kind("text")]
IdList = Annotated[tuple[Id, ...], Kind("id_list")]
NumberList = Annotated[tuple[Amount, ...], Kind("number_list")]
TextList = Annotated[tuple[Text, ...], Kind("text_list")]


def column(
    meaning: str, *, default: Any = PydanticUndefined, unit: str = "", refers_to: str | None = None
) -> Any:
    """Declare one column: its meaning, unit, default, and the table that its ids stand in.

    Parameters
    ----------
    meaning : one sentence for the manual
    default : value of a blank cell; a column without a default must be filled; None means "not stated"
    unit : unit of the number; "currency" means the row's `currency` at its `price_basis`
    refers_to : name of a table (or "parties", "indices") whose ids are allowed
    """
    return Field(default, description=meaning, json_schema_extra={"unit": unit, "refers_to": refers_to or ""})


class Frozen(BaseModel):
    """A validated value that never changes and refuses unknown keys (rule R3)."""

    model_config = ConfigDict(frozen=True, extra="forbid", use_attribute_docstrings=False)


class Record(Frozen):
    """One row of a deal table; every row says where its figures come from."""

    source: Text | None = column(
        "Where the figures of the row come from: a fact id of `facts`, several separated by blanks, "
        "or an address",
        default=None,
    )
    basis: Basis | None = column(
        "`fact` where a source states the figures, `assumption` where somebody had to decide", default=None
    )
    note: Text | None = column(
        "Why an assumption is reasonable, or anything a reader must know", default=None
    )


class MoneyRecord(Record):
    """A row that states amounts of money, all in one currency and price basis."""

    currency: CurrencyCode | None = column(
        "Currency of the amounts of the row; blank means the deal's currency", default=None
    )
    price_basis: PriceBasis = column(
        "`base_year`: prices of the deal's price base year; `then_year`: prices of the year they are paid in",
        default="base_year",
    )

"""Cell types of the records."""

import datetime as dt

import pytest
from pydantic import ValidationError

from dronedeal.deal.record import (
    Amount,
    CurrencyCode,
    Date,
    Fraction,
    Frozen,
    Id,
    IdList,
    MoneyRecord,
    Month,
    Number,
    PartialDate,
    Positive,
    Record,
    Text,
    column,
)


class Sample(Frozen):
    """One cell of each type that has rules of its own."""

    id: Id | None = column("Id", default=None)
    text: Text | None = column("Text", default=None)
    number: Number | None = column("Number", default=None, unit="km")
    amount: Amount | None = column("Amount", default=None, unit="currency")
    positive: Positive | None = column("Positive", default=None, unit="ratio")
    fraction: Fraction | None = column("Fraction", default=None, unit="share")
    date: Date | None = column("Date", default=None)
    partial: PartialDate | None = column("Partial date", default=None)
    month: Month | None = column("Month", default=None)
    code: CurrencyCode | None = column("Currency", default=None)
    ids: IdList = column("Ids", default=())


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("id", "Sting_2.0-b"),
        ("id", "a" * 64),
        ("text", "Дрон «Шаблон», 2 lines\nof text"),
        ("text", "=SUM(A1)"),
        ("number", -1e15),
        ("amount", 0.0),
        ("positive", 1e-300),
        ("fraction", 0.0),
        ("fraction", 1.0),
        ("date", dt.date(2024, 2, 29)),
        ("partial", "2026"),
        ("partial", "2026-12"),
        ("partial", "2024-02-29"),
        ("month", "2026-12"),
        ("code", "UAH"),
        ("ids", ("a", "b")),
    ],
)
def test_sound_cells_keep_their_value(name: str, value: object) -> None:
    assert getattr(Sample(**{name: value}), name) == value


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("id", ".hidden"),
        ("id", "a/b"),
        ("id", "a\n"),
        ("text", "\u200bx\x07"),
        ("text", "x\ud800"),
        ("amount", -0.01),
        ("positive", 0.0),
        ("partial", "2023-02-29"),
        ("month", "2026-00"),
        ("month", "٢٠٢٦-01"),
        ("code", "US"),
        ("code", "USDT"),
    ],
)
def test_cells_that_could_mislead_are_refused(name: str, value: object) -> None:
    with pytest.raises(ValidationError):
        Sample(**{name: value})


def test_the_words_for_blank_space_and_control_characters() -> None:
    with pytest.raises(ValidationError, match="must not begin or end with blank space"):
        Sample(text="x ")
    with pytest.raises(ValidationError, match=r"control character U\+0007"):
        Sample(text="x\x07y")


def test_rows_say_where_their_figures_come_from_and_need_not() -> None:
    assert Record().model_dump() == {"source": None, "basis": None, "note": None}
    with pytest.raises(ValidationError):
        Record(basis="guess")


def test_money_is_in_base_year_prices_of_the_deals_currency_unless_a_row_says_otherwise() -> None:
    assert MoneyRecord().currency is None
    assert MoneyRecord().price_basis == "base_year"


def test_a_change_is_a_new_validated_row() -> None:
    row = Sample(amount=1.0)
    with pytest.raises(ValidationError):
        row.amount = 2.0  # type: ignore[misc]
    assert row == Sample(amount=1.0)
    assert hash(row) == hash(Sample(amount=1.0))

"""What differs between deals: settings and rows, cell by cell, each with its address."""

from __future__ import annotations

from collections import Counter
from collections.abc import Hashable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from dronedeal.deal.address import cell_text, key_text
from dronedeal.deal.deal import Deal
from dronedeal.deal.place import Place
from dronedeal.deal.record import Frozen
from dronedeal.deal.schema import TABLES, Table

SETTINGS = "settings"
NO_ROW = "no such row"
_SHOWN_CELLS = 4
# From here on digits are hard to count; fiscal years stay below.
_SEPARATED = 10_000


@dataclass(frozen=True, slots=True)
class InputDifference:
    """One cell, or one whole row, in which deals differ.

    Parameters
    ----------
    address : as a change names it, such as `budgets[army/2028/procurement].amount`
    table, column : of the schema; `settings` for what stands in `deal.yaml`; column None: a whole row
    values : (n_deals,) what each deal has there; None: a blank cell; of whole rows in words
    places : (n_deals,) where each deal has it; None where it has no such row
    unit : of the column
    """

    address: str
    table: str
    column: str | None
    values: tuple[Any, ...]
    places: tuple[Place | None, ...]
    unit: str = ""

    @property
    def place(self) -> Place | None:
        """Where the first deal that has it has it."""
        return next((place for place in self.places if place is not None), None)

    def relative(self, number: int) -> float | None:
        """Change of the number in one deal against the first, as a share; None where there is none."""
        first, other = self.values[0], self.values[number]
        if not (_is_number(first) and _is_number(other)) or first == 0:
            return None
        return float(other / first - 1)

    def text(self, number: int) -> str:
        """What one deal has there, as a cell is written.

        >>> InputDifference("a", "prices", "maximum", (None, 300.0), (None, None)).text(1)
        '300'
        """
        return value_text(self.values[number])


def value_text(value: object) -> str:
    """A value of a deal as its cell is written, large numbers with separators; a blank one in words."""
    if value is None:
        return "(blank)"
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, tuple):
        return "; ".join(map(value_text, value)) or "(none)"
    if isinstance(value, int | float) and abs(value) >= _SEPARATED:
        return f"{value:,.0f}" if float(value).is_integer() else f"{value:,}"
    return cell_text(value)


def input_differences(deals: Sequence[Deal]) -> tuple[InputDifference, ...]:
    """All that differs between deals: settings first, then the tables in the order of the schema.

    Rows are the same row where their keys are equal; rows of a table without a key where all their cells are.
    The order of rows does not count.

    Parameters
    ----------
    deals : two or more; the first one is what the others are compared with

    Examples
    --------
    >>> from dronedeal.deal.change import apply_changes
    >>> from dronedeal.deal.synthetic import synthetic_deal
    >>> deal = synthetic_deal(systems=3, lines=3, requirements=2, seed=1)
    >>> found = input_differences([deal, apply_changes(deal, ["settings.options.assurance=0.9"])])
    >>> [(each.address, each.values) for each in found]
    [('settings.options.assurance', (0.8, 0.9))]
    """
    found = list(_of_settings(deals))
    for table in TABLES.values():
        found += _of_table(table, deals) if table.key else _of_keyless_table(table, deals)
    return tuple(found)


def _is_number(value: object) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool)


def _differ(values: Sequence[object]) -> bool:
    return any(value != values[0] for value in values[1:])


def _of_settings(deals: Sequence[Deal]) -> Iterator[InputDifference]:
    flat = [dict(_flat(deal.settings, SETTINGS, "")) for deal in deals]
    for path in dict.fromkeys(path for each in flat for path in each):
        values = tuple(each.get(path, (NO_ROW, ""))[0] for each in flat)
        if _differ(values):
            places = tuple(
                deal.settings_place(each[path][1]) if path in each else None
                for deal, each in zip(deals, flat, strict=True)
            )
            column = path.rpartition(".")[2]
            yield InputDifference(path, SETTINGS, column, values, places)


def _flat(record: Frozen, path: str, key: str) -> Iterator[tuple[str, tuple[Any, str]]]:
    """Every plain key below a record: its path as a change names it, its value, its key in `deal.yaml`."""
    for name in type(record).model_fields:
        value = getattr(record, name)
        inner, inner_key = f"{path}.{name}", f"{key}.{name}" if key else name
        if isinstance(value, Frozen):
            yield from _flat(value, inner, inner_key)
        elif isinstance(value, tuple) and any(isinstance(item, Frozen) for item in value):
            for number, item in enumerate(value):
                yield from _flat(item, f"{inner}[{_item_name(item)}]", f"{inner_key}.{number}")
        else:
            yield inner, (value, inner_key)


def _item_name(item: Any) -> str:
    if hasattr(item, "id"):
        return str(item.id)
    return key_text([item.measure, item.role]).rstrip("/")


def _of_table(table: Table, deals: Sequence[Deal]) -> Iterator[InputDifference]:
    numbered = [
        {
            key_text(getattr(row, name) for name in table.key): number
            for number, row in enumerate(deal.table(table.name))
        }
        for deal in deals
    ]
    for key in dict.fromkeys(key for each in numbered for key in each):
        rows = [
            deal.table(table.name)[each[key]] if key in each else None
            for deal, each in zip(deals, numbered, strict=True)
        ]
        if not _differ(rows):
            continue
        numbers = [each.get(key) for each in numbered]
        if None in numbers:
            yield _of_row(table, f"{table.name}[{key}]", deals, numbers, rows)
        else:
            yield from _of_cells(table, key, deals, numbers, rows)


def _of_row(
    table: Table, address: str, deals: Sequence[Deal], numbers: Sequence[int | None], rows: Sequence[Any]
) -> InputDifference:
    values = tuple(NO_ROW if row is None else _row_words(table, row) for row in rows)
    places = tuple(
        None if number is None else deal.place(table.name, number)
        for deal, number in zip(deals, numbers, strict=True)
    )
    return InputDifference(address, table.name, None, values, places)


def _of_cells(
    table: Table, key: str, deals: Sequence[Deal], numbers: Sequence[int | None], rows: Sequence[Any]
) -> Iterator[InputDifference]:
    for column in table.columns:
        values = tuple(getattr(row, column.name) for row in rows)
        if _differ(values):
            places = tuple(
                deal.place(table.name, number or 0, column.name)
                for deal, number in zip(deals, numbers, strict=True)
            )
            address = f"{table.name}[{key}].{column.name}"
            yield InputDifference(address, table.name, column.name, values, places, column.unit)


def _of_keyless_table(table: Table, deals: Sequence[Deal]) -> Iterator[InputDifference]:
    counts = [Counter(map(_identity, deal.table(table.name))) for deal in deals]
    for identity in dict.fromkeys(identity for each in counts for identity in each):
        if not _differ([each[identity] for each in counts]):
            continue
        numbers = [_first_row(table, deal, identity) for deal in deals]
        rows = [
            None if number is None else deal.table(table.name)[number]
            for deal, number in zip(deals, numbers, strict=True)
        ]
        name = next(_row_words(table, row) for row in rows if row is not None)
        values = tuple(_count_words(each[identity]) for each in counts)
        places = _of_row(table, "", deals, numbers, rows).places
        yield InputDifference(f"{table.name}: {name}", table.name, None, values, places)


def _identity(row: Any) -> Hashable:
    return tuple(getattr(row, name) for name in type(row).model_fields)


def _first_row(table: Table, deal: Deal, identity: Hashable) -> int | None:
    rows = enumerate(deal.table(table.name))
    return next((number for number, row in rows if _identity(row) == identity), None)


def _count_words(count: int) -> str:
    return NO_ROW if count == 0 else "1 row" if count == 1 else f"{count} equal rows"


def _row_words(table: Table, row: Any) -> str:
    """The first stated cells of a row that are no part of its key."""
    cells: Mapping[str, Any] = {
        column.name: getattr(row, column.name)
        for column in table.columns
        if column.name not in table.key and getattr(row, column.name) not in (None, column.default, ())
    }
    shown = [f"{name} {value_text(value)}" for name, value in list(cells.items())[:_SHOWN_CELLS]]
    return ", ".join(shown) or "a row"

"""Changes to a deal in one line each, such as `budgets[army/2028/procurement].amount*=0.9`.

A change never touches the user's files: it makes a new deal, in which every row keeps its owner and the
address of the cells that it was read from.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import partial
from typing import Any

from dronedeal.deal import drafts
from dronedeal.deal.address import (
    Address,
    KeyIndex,
    UnreadableAddressError,
    read_address,
    row_key,
)
from dronedeal.deal.change_value import OPERATORS, UnusableValueError, new_value, with_value
from dronedeal.deal.deal import Deal
from dronedeal.deal.record import Frozen
from dronedeal.deal.schema import TABLES, Column
from dronedeal.deal.setting_path import SETTINGS, change_settings, is_setting
from dronedeal.errors import ChangeError

_FORM = "`table[key].column OP value` or `settings.key OP value`, OP one of " + ", ".join(OPERATORS)
_EXAMPLE = "write it like budgets[army/2028/procurement].amount*=0.9"
_CHANGE = re.compile(r"\s*(?P<target>[^=]*?)\s*(?P<operator>[*+/-]?=)\s*(?P<value>.*?)\s*", re.DOTALL)

_Fault = UnreadableAddressError | UnusableValueError


@dataclass(frozen=True, slots=True)
class Change:
    """One change as it was written, in its three parts.

    Parameters
    ----------
    text : the whole of it
    target : address of the cells, or path of the setting
    operator : one of `=`, `*=`, `+=`, `-=`, `/=`
    value : text of the value
    """

    text: str
    target: str
    operator: str
    value: str


def read_change(text: str) -> Change:
    """The parts of a change.

    Raises
    ------
    ChangeError : where the text has not the form of a change

    Examples
    --------
    >>> read_change("lines[kyiv].initial_capacity += 20").operator
    '+='
    """
    match = _CHANGE.fullmatch(text)
    if match is None or not match["target"]:
        raise ChangeError([_words(text, found=drafts.quoted(text), allowed=_FORM, next_step=_EXAMPLE)])
    return Change(text.strip(), match["target"], match["operator"], match["value"])


def apply_changes(deal: Deal, changes: Sequence[str]) -> Deal:
    """A new deal with the changes made one after the other.

    Every changed row and the settings are validated again as records; the rules across tables are for
    `run_checks`.

    Parameters
    ----------
    deal : the deal as it stands, which stays as it is
    changes : such as `["budgets[army].amount*=0.9", "settings.options.assurance=0.9"]`

    Raises
    ------
    ChangeError : naming every change that cannot be made, what was found, what is allowed and the next step

    Examples
    --------
    >>> from dronedeal.deal.synthetic import synthetic_deal
    >>> deal = synthetic_deal(systems=3, lines=3, requirements=2, seed=1)
    >>> cut = apply_changes(deal, ["budgets[*].amount*=0.5"])
    >>> cut.budgets[0].amount / deal.budgets[0].amount
    0.5
    """
    faults: list[str] = []
    for text in changes:
        try:
            change = read_change(text)
            deal = _apply(deal, change)
        except ChangeError as error:
            faults += error.faults
        except (UnreadableAddressError, UnusableValueError) as fault:
            faults.append(_fault_words(text, fault))
    if faults:
        raise ChangeError(faults)
    return deal


def _words(text: str, *, found: str, allowed: str, next_step: str) -> str:
    return f"change {drafts.quoted(text)}: found {found}; allowed: {allowed}; {next_step}"


def _fault_words(text: str, fault: _Fault) -> str:
    return _words(text, found=fault.found, allowed=fault.allowed, next_step=fault.next_step)


def _apply(deal: Deal, change: Change) -> Deal:
    if is_setting(change.target):
        leaf = partial(_changed_setting, change)
        return replace(deal, settings=change_settings(deal.settings, change.target, leaf=leaf))
    address = _address(change.target)
    numbers = KeyIndex(deal).rows(address.table, address.key)
    if not numbers:
        raise _no_row(deal, address)
    column = TABLES[address.table].column(address.column)
    rows = list(deal.table(address.table))
    rows_with_value = [number for number in numbers if getattr(rows[number], column.name) is not None]
    if not rows_with_value and change.operator != "=":
        raise _nothing_to_reckon_with(change.target, change.operator)
    for number in numbers:
        rows[number] = _changed(rows[number], column, change)
    # Owners and origins stay: the rows are those that the user wrote, in their places.
    return replace(deal, **{address.table: tuple(rows)})  # type: ignore[arg-type]


def _address(target: str) -> Address:
    """The address of cells; what has no bracket may be meant as a setting."""
    try:
        return read_address(target)
    except UnreadableAddressError as fault:
        first = re.match(r"[A-Za-z_]*", target)
        name = first.group() if first else ""
        if name in TABLES and "[" not in target:
            key = "/".join(TABLES[name].key) or row_key(0)
            step = f"name the rows in brackets: {name}[{key}].column, `*` for any of them"
            raise UnreadableAddressError(found=fault.found, allowed=_FORM, next_step=step) from None
        if "[" not in target:
            known = drafts.Names([SETTINGS, *TABLES])
            step = known.advice(name, otherwise=_EXAMPLE)
            raise UnreadableAddressError(found=fault.found, allowed=_FORM, next_step=step) from None
        raise


def _changed(row: Any, column: Column, change: Change) -> Any:
    value = new_value(getattr(row, column.name), column, operator=change.operator, text=change.value)
    return with_value(row, column, value)


def _changed_setting(change: Change, record: Frozen, column: Column, cell: str) -> Frozen:
    if getattr(record, column.name) is None and change.operator != "=":
        raise _nothing_to_reckon_with(change.target, change.operator)
    changed: Frozen = _changed(record, column, change)
    return changed


def _nothing_to_reckon_with(target: str, operator: str) -> UnusableValueError:
    return UnusableValueError(
        found=f"nothing in {target}, for the cell is blank",
        allowed="=" if operator != "=" else "a value",
        next_step="give it a value with = first; absent is not zero",
    )


def _no_row(deal: Deal, address: Address) -> UnreadableAddressError:
    """Which key cell fits no row, and what may stand there."""
    index, names = KeyIndex(deal), TABLES[address.table].key or ("row",)
    place = next(
        place for place in range(len(address.key)) if not index.rows(address.table, address.key[: place + 1])
    )
    known = index.next_cells(address.table, address.key[:place])
    advice = drafts.Names(known).advice(address.key[place], otherwise="name a row that the deal has")
    return UnreadableAddressError(
        found=f"{drafts.quoted(address.key[place])} as {names[place]} of {address.table}",
        allowed=drafts.listed(
            [cell or "(blank)" for cell in known], nothing="nothing, for the table is empty"
        ),
        next_step=advice,
    )

"""The registry of checks; a check registers itself by its decorator."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from dronedeal.results.verify.compare import Comparer
from dronedeal.results.verify.ledger import Ledger

CheckFunction = Callable[[Ledger, Comparer], None]


@dataclass(frozen=True, slots=True)
class RegisteredCheck:
    """One check: its name, what it asks in one sentence, and the function that does it."""

    name: str
    meaning: str
    function: CheckFunction


_REGISTERED: dict[str, RegisteredCheck] = {}


def check(name: str, *, meaning: str) -> Callable[[CheckFunction], CheckFunction]:
    """Register a function `(ledger, compare) -> None` as the check of that name."""

    def register(function: CheckFunction) -> CheckFunction:
        if name in _REGISTERED:
            raise ValueError(f"the check {name} stands twice")
        _REGISTERED[name] = RegisteredCheck(name, meaning, function)
        return function

    return register


def registered_in(module: str) -> tuple[RegisteredCheck, ...]:
    """The checks of one module in the order in which they stand there."""
    return tuple(found for found in _REGISTERED.values() if found.function.__module__ == module)

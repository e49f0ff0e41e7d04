"""Memory is given back by the call of the C library that does so, where it has one."""

from __future__ import annotations

import ctypes
from types import SimpleNamespace

import pytest

from dronedeal.workflow.memory import give_back_memory


def test_all_that_was_let_go_is_given_back(monkeypatch: pytest.MonkeyPatch) -> None:
    kept: list[int] = []
    library = SimpleNamespace(malloc_trim=kept.append)
    monkeypatch.setattr(ctypes, "CDLL", lambda _name: library)
    give_back_memory()
    assert kept == [0]


@pytest.mark.parametrize("error", [OSError, AttributeError, TypeError])
def test_a_library_without_the_call_changes_nothing(
    error: type[Exception], monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[object] = []

    def missing(name: object) -> object:
        asked.append(name)
        raise error

    monkeypatch.setattr(ctypes, "CDLL", missing)
    give_back_memory()
    assert asked == [None]

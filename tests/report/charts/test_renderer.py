"""Charts come out the same whichever process draws them, and never stand in the way of a report."""

from __future__ import annotations

import json
import subprocess
import sys
from typing import Any, NoReturn

import pytest

from dronedeal.report.charts import renderer


def spec(number: int, *, size: int = 3, padding: str = "") -> str:
    values = [{"a": f"{number}-{place}", "b": place, "c": padding} for place in range(size)]
    encoding = {"x": {"field": "b", "type": "quantitative"}, "y": {"field": "a", "type": "nominal"}}
    return json.dumps({"data": {"values": values}, "mark": "bar", "encoding": encoding})


@pytest.fixture(scope="module")
def alone() -> list[str]:
    """Two charts drawn in this process."""
    return [renderer.svg(spec(number)) for number in range(2)]


def without_numbers(text: str) -> str:
    """The renderer numbers clip paths through the life of its process."""
    return "".join(letter for letter in text if not letter.isdigit())


def test_another_process_draws_the_same(alone: list[str], monkeypatch: pytest.MonkeyPatch) -> None:
    with renderer.drawing_process():
        renderer.ask(spec(number) for number in range(2))
        monkeypatch.setitem(sys.modules, "vl_convert", None)  # drawing here would fail
        beside = [renderer.svg(spec(number)) for number in (1, 0)]
    assert [without_numbers(text) for text in reversed(beside)] == [without_numbers(text) for text in alone]


def test_what_was_not_asked_for_is_drawn_there_too(alone: list[str], monkeypatch: pytest.MonkeyPatch) -> None:
    with renderer.drawing_process():
        monkeypatch.setitem(sys.modules, "vl_convert", None)  # drawing here would fail
        for _ in range(2):
            assert without_numbers(renderer.svg(spec(1))) == without_numbers(alone[1])


def test_many_large_charts_do_not_block_each_other() -> None:
    """Specifications and pictures are both larger than what a pipe holds."""
    specs = [spec(number, size=400, padding="x" * 500) for number in range(3)]
    with renderer.drawing_process():
        renderer.ask(specs)
        assert all(len(renderer.svg(text)) > 70_000 for text in specs)


def test_a_process_that_dies_is_replaced_by_this_one(alone: list[str]) -> None:
    with renderer.drawing_process():
        renderer._processes[-1]._process.kill()
        renderer._processes[-1]._process.wait()
        renderer.ask([spec(0), spec(1)])
        assert without_numbers(renderer.svg(spec(0))) == without_numbers(alone[0])


def test_where_no_process_can_be_started_charts_are_drawn_here(monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_: Any, **__: Any) -> NoReturn:
        raise OSError("no more processes")

    monkeypatch.setattr(subprocess, "Popen", refuse)
    with renderer.drawing_process():
        renderer.ask([spec(0)])
        assert renderer.svg(spec(0)).startswith("<svg")


def test_a_chart_that_cannot_be_drawn_is_an_error_in_either_process() -> None:
    with pytest.raises(ValueError, match=r"."):
        renderer.svg("no specification")
    with renderer.drawing_process():
        renderer.ask(["no specification", spec(0)])
        with pytest.raises(ValueError, match=r"."):
            renderer.svg("no specification")
        assert renderer.svg(spec(0)).startswith("<svg")


def test_the_process_ends_with_the_block() -> None:
    with renderer.drawing_process():
        process = renderer._processes[-1]._process
        assert process.poll() is None
    assert process.poll() is not None
    assert renderer._processes == []

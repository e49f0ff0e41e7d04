"""A page draws each of its charts once, beside other work where another process draws."""

from __future__ import annotations

from pathlib import Path

import pytest
from tests.results.stress.stressed import stressed

from dronedeal import output
from dronedeal.report.charts import renderer
from dronedeal.report.figure import Figure
from dronedeal.report.page import Page
from dronedeal.report.sections.answer import Banner
from dronedeal.report.sections.section import Section


@pytest.fixture
def page() -> Page:
    def figure(name: str, value: int) -> Figure:
        spec = {"data": {"values": [{"a": value}]}, "mark": "bar", "encoding": {"x": {"field": "a"}}}
        return Figure(name, f"Chart {name}", f"One bar of {name}", spec)

    none = Figure("none", "Nothing", "There is nothing to draw.", None)
    section = Section("charts", "Charts", (), (figure("one", 1), figure("two", 2), none))
    banner = Banner("good", "All", "is well")
    return Page("scenarios.html", "A title", "In words", banner, (section,), {"digest": "0"})


def test_charts_are_asked_for_once_however_often(page: Page) -> None:
    with renderer.drawing_process():
        page.ask()
        page.ask()
        assert len(renderer._processes[-1]._asked) == 2
        html = page.html
        assert not renderer._processes[-1]._asked
    assert html.count("<svg") == 2
    assert "There is nothing to draw." in html


def test_without_another_process_the_page_is_the_same(page: Page, tmp_path: Path) -> None:
    with renderer.drawing_process():
        page.write(tmp_path / "beside.html")
    page.write(tmp_path / "alone.html")
    assert (tmp_path / "beside.html").read_bytes() == (tmp_path / "alone.html").read_bytes()


def test_charts_of_a_stress_test_are_drawn_beside_its_record(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    waiting: list[int] = []

    def looking(*arguments: object) -> None:
        waiting.append(len(renderer._processes[-1]._asked))
        written(*arguments)

    written = output.write_stress_test
    monkeypatch.setattr(output, "write_stress_test", looking)
    with renderer.drawing_process():
        output.write_stress_files(stressed(), tmp_path)
    assert waiting == [6]

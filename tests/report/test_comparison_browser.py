"""The page of a comparison in a real browser."""

from __future__ import annotations

from pathlib import Path

import pytest
from tests.report.browser import CHROMIUM, Browser
from tests.report.test_comparison import compared

from dronedeal.report.comparison import write_comparison

HEIGHTS = """Array.from(document.querySelectorAll('svg.chart')).map(
  svg => svg.getBoundingClientRect().height)"""
pytestmark = [
    pytest.mark.browser,
    pytest.mark.skipif(
        CHROMIUM is None, reason="no chromium on this machine: install Debian's package chromium"
    ),
]


def test_the_page_fits_desktop_and_phone_and_asks_for_nothing(tmp_path: Path) -> None:
    path = tmp_path / "comparison.html"
    write_comparison(compared(), path)
    with Browser() as browser:
        for width in (1280, 390):
            browser.open(path, width=width, is_phone=width < 600)
            assert browser.requests == [path.as_uri()]
            browser.evaluate("document.querySelectorAll('details').forEach(item => item.open = true)")
            assert browser.evaluate("document.documentElement.scrollWidth") <= width
            heights = browser.evaluate(HEIGHTS)
            assert len(heights) == 2
            assert min(heights) > 100
        assert browser.pdf().startswith(b"%PDF")

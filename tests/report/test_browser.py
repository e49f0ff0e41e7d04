"""The report in a real browser: desktop, phone and paper."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from tests.report.browser import CHROMIUM, Browser

pytestmark = [
    pytest.mark.browser,
    pytest.mark.skipif(CHROMIUM is None, reason="no chromium found: install Debian's package chromium"),
]

BOXES = """Array.from(document.querySelectorAll('figure svg')).map(svg => {
  const box = svg.getBoundingClientRect(); return [box.width, box.height]; })"""
SMALLEST_TEXT = """Math.min(...Array.from(document.querySelectorAll('figure svg text')).filter(
  text => text.textContent.trim()).map(text => text.getBoundingClientRect()).map(
  box => Math.min(box.width, box.height)))"""
WORDS = "p,li,td,th,dt,dd,small,summary,a,h1,h2,h3,figcaption"
# Contrast ratio of WCAG 2: (lighter + 0.05) / (darker + 0.05) of the relative luminances.
CONTRASTS = (
    f"Array.from(document.querySelectorAll('{WORDS}'))"
    + """.map(node => {
  const linear = share => share <= 0.04045 ? share / 12.92 : ((share + 0.055) / 1.055) ** 2.4;
  const light = colour => {
    const parts = colour.match(/[\\d.]+/g).slice(0, 3).map(value => linear(Number(value) / 255));
    return 0.2126 * parts[0] + 0.7152 * parts[1] + 0.0722 * parts[2]; };
  let back = node; const clear = 'rgba(0, 0, 0, 0)';
  while (back && getComputedStyle(back).backgroundColor === clear) back = back.parentElement;
  const under = back ? light(getComputedStyle(back).backgroundColor) : 1;
  const over = light(getComputedStyle(node).color);
  return (Math.max(under, over) + 0.05) / (Math.min(under, over) + 0.05); })"""
)


@pytest.fixture(scope="module")
def path(html: str, tmp_path_factory: pytest.TempPathFactory) -> Path:
    made = tmp_path_factory.mktemp("report") / "report.html"
    made.write_text(html, encoding="utf-8")
    return made


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with Browser() as made:
        yield made


@pytest.mark.parametrize("width", [1280, 390, 320])
def test_the_page_asks_for_nothing_but_itself_and_never_scrolls_sideways(
    width: int, browser: Browser, path: Path
) -> None:
    browser.open(path, width=width, is_phone=width < 600)
    assert browser.requests == [path.as_uri()]
    assert browser.evaluate("document.documentElement.scrollWidth") <= width
    browser.evaluate("document.querySelectorAll('details').forEach(item => item.open = true)")
    assert browser.evaluate("document.documentElement.scrollWidth") <= width


@pytest.mark.parametrize("width", [1280, 390])
def test_every_chart_has_a_box_and_legible_text(width: int, browser: Browser, path: Path) -> None:
    browser.open(path, width=width, is_phone=width < 600)
    boxes = browser.evaluate(BOXES)
    assert len(boxes) == 14
    assert all(box[0] > 300 and box[1] > 60 for box in boxes)
    assert browser.evaluate(SMALLEST_TEXT) >= 5


def test_text_stands_out_from_its_background(browser: Browser, path: Path) -> None:
    browser.open(path, width=1280)
    contrasts = browser.evaluate(CONTRASTS)
    assert len(contrasts) > 200
    assert min(contrasts) >= 4.5


def test_the_skip_link_leads_to_the_answer(browser: Browser, path: Path) -> None:
    browser.open(path, width=1280)
    browser.evaluate("document.querySelector('a.skip').click()")
    assert browser.evaluate("location.hash") == "#answer"
    assert browser.evaluate("document.querySelector('#answer').getBoundingClientRect().top") < 50


def test_the_page_prints_on_several_sheets_with_folded_tables_open(browser: Browser, path: Path) -> None:
    browser.open(path, width=1280)
    pdf = browser.pdf()
    assert pdf.startswith(b"%PDF")
    assert pdf.count(b"/Type /Page\n") + pdf.count(b"/Type /Page ") > 1
    browser.send("Emulation.setEmulatedMedia", media="print")
    heights = browser.evaluate(
        "Array.from(document.querySelectorAll('details.printed:not([open]) table'))"
        ".map(table => table.getBoundingClientRect().height)"
    )
    browser.send("Emulation.setEmulatedMedia", media="")
    assert len(heights) > 5
    assert min(heights) > 20

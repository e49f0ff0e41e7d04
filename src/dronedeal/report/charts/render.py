"""From a specification to an SVG that can stand in a document beside others."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable
from html import escape

from dronedeal.report.charts import renderer
from dronedeal.report.charts.text import with_stand_ins, with_words
from dronedeal.report.figure import Figure, Spec

_TAG = re.compile(r"<[^>]+>")
_FONT = re.compile(r' font-family="[^"]*"')
_NOISE = re.compile(
    r' (?:aria-hidden="true"|pointer-events="none"|role="[^"]*"|aria-roledescription="[^"]*"|class="[^"]*"'
    r'|opacity="1"|fill-opacity="1"|stroke-opacity="1")'
)
_EMPTY_PATH = re.compile(
    r'<path(?: aria-hidden="true")?(?: d="(?:M0,0h0v0h0Z)?"| display="none"| fill="none")*\s*/>'
)
_SIZE = re.compile(r'^<svg[^>]*? width="([\d.]+)" height="([\d.]+)"[^>]*>')
_IDENTIFIER = re.compile(r' id="([^"]+)"')
_LONG_FRACTION = re.compile(r"(\d\.\d\d)\d{3,}")
_FONT_STACK = "Arial, 'Liberation Sans', Helvetica, sans-serif"
_HATCH = (
    '<defs><pattern id="{name}-hatch" width="6" height="6" patternUnits="userSpaceOnUse" '
    'patternTransform="rotate(45)"><rect width="6" height="6" fill="#ffffff"/>'
    '<rect width="3" height="6" fill="#D55E00"/></pattern></defs>'
)


def figure_svg(figure: Figure) -> str:
    """The picture of a figure, with its sentence as the accessible name.

    Parameters
    ----------
    figure : the figure; one without a specification gives a picture that holds its sentence

    Returns
    -------
    one `svg` element: no script, no link, no font, and ids that begin with the name of the figure, so that
    several can stand in one document
    """
    if figure.spec is None:
        return _sentence_svg(figure)
    spec, words = with_stand_ins(figure.spec)
    raw = renderer.svg(_spec_text(spec))
    return with_words(tidy(raw, figure.name, figure.summary), words)


def ask_for(figures: Iterable[Figure]) -> None:
    """Say that these figures will be drawn soon, so that another process can begin with them."""
    renderer.ask(_spec_text(with_stand_ins(figure.spec)[0]) for figure in figures if figure.spec is not None)


def _spec_text(spec: Spec) -> str:
    return json.dumps(spec, ensure_ascii=False)


def tidy(raw: str, name: str, summary: str) -> str:
    """A rendered SVG without noise, with ids of its own and an accessible name.

    The renderer numbers clip paths through the life of the process; here they are numbered from 1 in each
    picture, so that the same input gives the same bytes (rule R9).
    """
    match = _SIZE.match(raw)
    if match is None:
        raise ValueError(f"chart {name}: the renderer returned no svg element but {raw[:60]!r}")
    width, height = match.groups()
    body = raw[match.end() :]
    body = _TAG.sub(_shortened, body)
    body = _EMPTY_PATH.sub("", body)
    body = _own_identifiers(body, name)
    hatch = _HATCH.format(name=name) if f"#{name}-hatch" in body else ""
    return f"{_opening(name, summary, width, height)}{hatch}{body}"


def _opening(name: str, summary: str, width: str, height: str) -> str:
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" class="chart chart-{name}" role="img" '
        f'aria-label="{escape(summary)}" width="{width}" height="{height}" viewBox="0 0 {width} {height}" '
        f'font-family="{_FONT_STACK}">'
    )


def _shortened(tag: re.Match[str]) -> str:
    """One tag without idle attributes; only tags are touched, the text of labels is left as it is."""
    return _LONG_FRACTION.sub(r"\1", _NOISE.sub("", _FONT.sub("", tag.group())))


def _own_identifiers(body: str, name: str) -> str:
    found = list(dict.fromkeys(_IDENTIFIER.findall(body)))
    renamed: dict[str, str] = {old: f"{name}-{place}" for place, old in enumerate(found, start=1)}
    renamed["hatch"] = f"{name}-hatch"

    def in_tag(tag: re.Match[str]) -> str:
        text = _IDENTIFIER.sub(lambda hit: f' id="{renamed[hit.group(1)]}"', tag.group())
        return re.sub(
            r"url\(#([^)]+)\)", lambda hit: f"url(#{renamed.get(hit.group(1), hit.group(1))})", text
        )

    return _TAG.sub(in_tag, body)


def _sentence_svg(figure: Figure) -> str:
    lines = _wrapped(figure.summary, 90)
    height = 20 * len(lines) + 12
    text = "".join(
        f'<text x="4" y="{20 * place + 20}" font-size="14" fill="#1b1b1b">{escape(line)}</text>'
        for place, line in enumerate(lines)
    )
    return f"{_opening(figure.name, figure.summary, '720', str(height))}{text}</svg>"


def _wrapped(text: str, width: int) -> list[str]:
    import textwrap

    return textwrap.wrap(text, width) or [""]


class Picture:
    """A chart that a notebook shows by itself; `svg` is its text.

    Parameters
    ----------
    figure : the figure to draw
    """

    def __init__(self, figure: Figure) -> None:
        self.title = figure.title
        self.summary = figure.summary
        self.svg = figure_svg(figure)

    def _repr_svg_(self) -> str:
        return self.svg

    def _repr_html_(self) -> str:
        return (
            f'<figure style="margin:0;max-width:720px;overflow-x:auto">{self.svg}'
            f"<figcaption><b>{escape(self.title)}.</b> {escape(self.summary)}</figcaption></figure>"
        )

    def __repr__(self) -> str:
        return f"{self.title}. {self.summary}"

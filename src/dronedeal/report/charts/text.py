"""Text in charts: how wide it is, labels that differ, and stand-ins while the renderer draws.

The renderer measures every text glyph by glyph, at about a tenth of a millisecond each: most of the time of a
report. The layout of these charts does not depend on the width of their words (room for labels is reserved
from `text_width`), so that each word goes to the renderer as one letter that stands for it, and is put back
into the finished picture.
"""

from __future__ import annotations

import re
from collections.abc import Hashable, Mapping, Sequence
from html import escape
from typing import Any, TypeVar

from dronedeal.report.wording import shorten

Key = TypeVar("Key", bound=Hashable)

# Letters that the renderer's font has and that no axis of numbers or months writes.
_STAND_INS = "".join(
    map(chr, (*range(0x100, 0x130), *range(0x14A, 0x180), *range(0x410, 0x450), *range(0x1EA0, 0x1EFA)))
)
# Words of the renderer that stand among data.
_ALIGNMENTS = frozenset({"left", "center", "right"})
_ONE_LETTER = re.compile(r">([^<>&\s])</text>")
_NARROW, _WIDE = frozenset("iljtfrI.,:;|'()[]/ ·-"), frozenset("mwMW@%—…→")


def text_width(text: str, size: float = 12) -> float:
    """Width of a text in pixels, in the widest font that browsers take where Arial is missing (DejaVu Sans).

    Never less and at most a sixth more, so that no reader sees a label cut; in Arial it takes less room.

    >>> round(text_width("Interceptor"), 1)
    66.2
    """
    ems = sum(
        0.36 if letter in _NARROW else 0.95 if letter in _WIDE else 0.71 if letter.isupper() else 0.62
        for letter in text
    )
    return ems * size


def distinct_labels(names: Mapping[Key, str], limit: int) -> dict[Key, str]:
    """Names cut to a length at which they stand at an axis, still all different.

    >>> distinct_labels({1: "patrol boat, large", 2: "patrol boat, small"}, 12)
    {1: 'patrol boat…', 2: 'patrol b… 2'}
    """
    labels: dict[Key, str] = {}
    taken: set[str] = set()
    for key, name in names.items():
        text, number = shorten(name, limit), 1
        while text in taken:
            number += 1
            text = f"{shorten(name, limit - 3)} {number}"
        taken.add(text)
        labels[key] = text
    return labels


def with_stand_ins(spec: Mapping[str, Any]) -> tuple[dict[str, Any], dict[str, str]]:
    """The specification with one letter for each word, and the words by letter.

    Words are the texts among data values, in `sort` and `domain` lists, and in titles; colours stay.
    """
    letters: dict[str, str] = {}

    def letter(text: str) -> str:
        is_short = len(text) < 2 and text not in _STAND_INS
        if is_short or text.startswith(("#", "url(")) or text in _ALIGNMENTS or not text:
            return text
        if text not in letters:
            if len(letters) == len(_STAND_INS):
                return text
            letters[text] = _STAND_INS[len(letters)]
        return letters[text]

    changed = _walk(spec, letter)
    return changed, {stand_in: text for text, stand_in in letters.items()}


def _walk(node: Any, letter: Any) -> Any:
    if isinstance(node, list):
        return [_walk(item, letter) for item in node]
    if not isinstance(node, Mapping):
        return node
    changed = {}
    for key, value in node.items():
        if key in ("title", "text") and isinstance(value, str):
            changed[key] = letter(value)
        elif key in ("sort", "domain") and isinstance(value, list):
            changed[key] = [letter(item) if isinstance(item, str) else item for item in value]
        elif key == "values" and isinstance(value, list):
            changed[key] = [_row(item, letter) for item in value]
        else:
            changed[key] = _walk(value, letter)
    return changed


def _row(row: Any, letter: Any) -> Any:
    if not isinstance(row, Mapping):
        return row
    return {key: letter(value) if isinstance(value, str) else value for key, value in row.items()}


def with_words(svg: str, words: Mapping[str, str]) -> str:
    """The picture with the words put back, escaped."""

    def word(match: re.Match[str]) -> str:
        text = words.get(match.group(1))
        return match.group() if text is None else f">{escape(text, quote=False)}</text>"

    return _ONE_LETTER.sub(word, svg)


def longest_width(labels: Sequence[str], size: float = 12) -> float:
    """Width of the widest of several texts."""
    return max((text_width(label, size) for label in labels), default=0.0)

"""Stand-ins for words while a chart is drawn, labels, and room for text."""

from __future__ import annotations

import doctest

from hypothesis import given, settings
from hypothesis import strategies as st

from dronedeal.report.charts import bullets, pricing, text
from dronedeal.report.charts.text import distinct_labels, text_width, with_stand_ins, with_words

WORDS = st.text(st.characters(blacklist_categories=("Cs", "Cc")), min_size=1, max_size=30)


def test_examples_of_the_documentation_run() -> None:
    for module in (text, bullets, pricing):
        assert doctest.testmod(module).failed == 0


@settings(deadline=None, max_examples=100, derandomize=True)
@given(st.lists(WORDS, min_size=1, max_size=60, unique=True))
def test_every_word_comes_back_where_its_stand_in_stood(words: list[str]) -> None:
    spec, known = with_stand_ins({"data": {"values": [{"label": word} for word in words]}})
    letters = [row["label"] for row in spec["data"]["values"]]
    assert len(set(letters)) == len(words)
    assert [known.get(letter, letter) for letter in letters] == words


def test_words_in_titles_domains_and_orders_are_the_same_stand_ins() -> None:
    spec, known = with_stand_ins(
        {
            "title": {"text": "A title"},
            "encoding": {
                "y": {"field": "label", "sort": ["one", "two"], "title": None},
                "color": {"scale": {"domain": ["one", "two"], "range": ["#123456", "url(#hatch)"]}},
                "x": {"scale": {"domain": [0, 5]}},
            },
            "data": {"values": [{"label": "two", "ink": "#ffffff", "align": "left", "amount": 3}]},
        }
    )
    row = spec["data"]["values"][0]
    assert known[row["label"]] == "two"
    assert spec["encoding"]["y"]["sort"] == spec["encoding"]["color"]["scale"]["domain"]
    assert spec["encoding"]["y"]["sort"][1] == row["label"]
    assert known[spec["title"]["text"]] == "A title"
    assert (row["ink"], row["align"], row["amount"]) == ("#ffffff", "left", 3)
    assert spec["encoding"]["y"]["field"] == "label"
    assert spec["encoding"]["color"]["scale"]["range"] == ["#123456", "url(#hatch)"]
    assert spec["encoding"]["x"]["scale"]["domain"] == [0, 5]


def test_words_are_escaped_when_they_come_back_and_numbers_stay() -> None:
    svg = "<g><text>Ā</text><text>5</text><text>Ă</text></g>"
    assert with_words(svg, {"Ā": "<b>&"}) == "<g><text>&lt;b&gt;&amp;</text><text>5</text><text>Ă</text></g>"


def test_more_words_than_letters_are_drawn_as_they_are() -> None:
    words = [f"word {number}" for number in range(1000)]
    spec, known = with_stand_ins({"data": {"values": [{"label": word} for word in words]}})
    drawn = [row["label"] for row in spec["data"]["values"]]
    assert [known.get(word, word) for word in drawn] == words
    assert drawn[-1] == "word 999"


@settings(deadline=None, max_examples=100, derandomize=True)
@given(st.lists(st.text("ab ", min_size=1, max_size=40), min_size=1, max_size=30), st.integers(8, 20))
def test_labels_are_short_and_all_different(names: list[str], limit: int) -> None:
    labels = distinct_labels(dict(enumerate(names)), limit)
    assert len(set(labels.values())) == len(names)
    assert max(map(len, labels.values())) <= limit


def test_wide_letters_take_more_room_than_narrow_ones() -> None:
    assert text_width("mmmm") > text_width("aaaa") > text_width("iiii") > 0
    assert text_width("abc", 24) == 2 * text_width("abc", 12)

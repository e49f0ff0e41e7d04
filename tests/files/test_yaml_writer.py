from __future__ import annotations

import pytest
from hypothesis import given, settings
from ruamel.yaml import YAML
from tests.files.strategies import SETTINGS, TEXTS

from dronedeal.deal import Settings
from dronedeal.files.yaml_writer import yaml_text, yaml_value


@settings(max_examples=150, deadline=None, derandomize=True)
@given(text=TEXTS)
def test_another_reader_of_yaml_finds_the_same_text(text: str) -> None:
    assert YAML(typ="safe", pure=True).load(f"key: {yaml_value(text)}\n") == {"key": text}


@settings(max_examples=20, deadline=None, derandomize=True)
@given(drawn=SETTINGS)
def test_another_reader_of_yaml_finds_the_same_settings(drawn: Settings) -> None:
    content = YAML(typ="safe", pure=True).load(yaml_text(drawn))
    assert Settings.model_validate(content) == drawn


@pytest.mark.parametrize(
    ("value", "text"),
    [
        ("USD", "USD"),
        ("no", '"no"'),
        ("2026-10", '"2026-10"'),
        ("a: b", '"a: b"'),
        ("a\nb", '"a\\nb"'),
        ("\u2028", '"\\u2028"'),
        (True, "true"),
        (None, "null"),
        (24.0, "24"),
    ],
)
def test_a_value_is_quoted_where_another_program_could_misread_it(value: object, text: str) -> None:
    assert yaml_value(value) == text

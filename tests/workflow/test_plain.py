"""Records and arrays go through plain data and come back to the last bit."""

from __future__ import annotations

import json
from dataclasses import dataclass, replace
from enum import Enum

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from dronedeal.planning.tree import FloatArray
from dronedeal.workflow.plain import digest_of, from_plain, plain


class Colour(Enum):
    RED = "red"


@dataclass(frozen=True)
class Found:
    values: FloatArray
    by_node: dict[int, tuple[float, str | None]]
    colour: Colour = Colour.RED


KINDS = (Found, Colour)
FOUND = Found(np.array([[0.1, -0.0], [np.nan, np.inf]]), {3: (1.5, None), 1: (float("inf"), "x")})


def through_text(value: object) -> object:
    return from_plain(json.loads(json.dumps(plain(value), allow_nan=False)), KINDS)


def test_a_record_comes_back_to_the_last_bit() -> None:
    again = through_text(FOUND)
    assert isinstance(again, Found)
    assert again.values.tobytes() == FOUND.values.tobytes()
    assert (again.values.shape, again.values.dtype) == (FOUND.values.shape, FOUND.values.dtype)
    assert again.by_node == FOUND.by_node
    assert list(again.by_node) == [3, 1]
    assert again.colour is Colour.RED
    assert digest_of(again) == digest_of(FOUND)


@pytest.mark.parametrize(
    "other",
    [
        replace(FOUND, values=np.array([[0.1, 0.0], [np.nan, np.inf]])),
        replace(FOUND, values=FOUND.values.reshape(4)),
        replace(FOUND, by_node={3: (1.5, None)}),
        (FOUND,),
    ],
)
def test_whatever_differs_has_another_digest(other: object) -> None:
    assert digest_of(other) != digest_of(FOUND)


@settings(max_examples=30, deadline=None)
@given(st.lists(st.floats() | st.integers() | st.text() | st.none() | st.booleans(), max_size=5))
def test_numbers_and_words_come_back(values: list[object]) -> None:
    again = through_text(values)
    assert isinstance(again, tuple)
    assert repr(again) == repr(tuple(values))


@pytest.mark.parametrize("dtype", [np.int64, np.int32, np.bool_, np.float64])
def test_arrays_keep_their_type(dtype: type) -> None:
    for values in (np.array([1, 0, 1], dtype=dtype), np.zeros(0, dtype=dtype)):
        again = through_text(values)
        assert isinstance(again, np.ndarray)
        assert again.dtype == values.dtype
        assert again.tolist() == values.tolist()


def test_what_has_no_form_is_refused() -> None:
    with pytest.raises(TypeError, match="set: has no form as plain data"):
        plain({"one": {1, 2}})
    with pytest.raises(KeyError):
        from_plain(plain(FOUND), ())

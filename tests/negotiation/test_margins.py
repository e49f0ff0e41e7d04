"""How far inputs may move: what is tried, in which order, and what is stated of it."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from dronedeal.errors import InputError
from dronedeal.negotiation.margins import Asked, Margin, Verdict, margins


def below(limit: float, tried: list[tuple[str, float]] | None = None):  # type: ignore[no-untyped-def]  # a judge
    def judge(asked: Asked, move: float) -> Verdict:
        if tried is not None:
            tried.append((asked.key, move))
        return Verdict(move < limit, "it falls", True)

    return judge


@settings(max_examples=40, deadline=None)
@given(st.floats(0.001, 1.0), st.floats(0.02, 0.3), st.integers(1, 40))
def test_the_limit_lies_between_what_held_and_what_did_not(limit: float, finest: float, most: int) -> None:
    (found,) = margins([Asked("a", 0.8, finest)], below(limit), most=most)
    if limit > 0.8:
        assert (found.holds_to, found.fails_at) == (0.8, None)
        return
    assert found.fails_at is not None
    assert found.holds_to < limit <= found.fails_at
    assert most < 12 or found.fails_at - found.holds_to <= finest


def test_all_inputs_are_moved_furthest_before_any_range_is_halved() -> None:
    tried: list[tuple[str, float]] = []
    asked = [Asked("a", 0.4, 0.05), Asked("b", 0.4, 0.2)]
    margins(asked, below(0.1, tried), most=4)
    assert tried == [("a", 0.4), ("b", 0.4), ("a", 0.2), ("a", 0.1)]


def test_what_no_work_was_left_for_says_so() -> None:
    found = margins([Asked("a", 0.4, 0.1), Asked("b", 0.4, 0.1)], below(9.0), most=1)
    assert found[1] == Margin(Asked("b", 0.4, 0.1))
    assert found[1].verdict is None
    assert margins([Asked("a", 0.4, 0.1)], below(9.0), most=0)[0].verdict is None


def test_an_input_that_holds_is_not_asked_again() -> None:
    tried: list[tuple[str, float]] = []
    margins([Asked("a", 0.4, 0.01)], below(9.0, tried), most=20)
    assert len(tried) == 1


def test_the_verdict_is_the_one_of_the_smallest_move_that_fails() -> None:
    def judge(asked: Asked, move: float) -> Verdict:
        return Verdict(move < 0.1, f"at {move:g}")

    (found,) = margins([Asked("a", 0.4, 0.05)], judge, most=20)
    assert found.verdict == Verdict(False, f"at {found.fails_at:g}")


@pytest.mark.parametrize(
    ("asked", "most", "words"),
    [
        (Asked("a", 0.4, 0.1), -1, "found -1; allowed: 0 or more"),
        (Asked("a", 0.0, 0.1), 1, "numbers above 0"),
    ],
)
def test_nonsense_is_refused(asked: Asked, most: int, words: str) -> None:
    with pytest.raises(InputError, match=words):
        margins([asked], below(1.0), most=most)

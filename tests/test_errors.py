"""The error tree: what is drawn is what there is, and user faults never share a class with program faults."""

from __future__ import annotations

import inspect
import re

import pytest

from dronedeal import errors

CLASSES = [
    value for _, value in inspect.getmembers(errors, inspect.isclass) if value.__module__ == errors.__name__
]


def drawn_parents() -> dict[str, str]:
    """Parent of each class as the tree at the top of the module draws it."""
    parents: dict[str, str] = {}
    path: list[str] = []
    for line in (errors.__doc__ or "").splitlines():
        if found := re.match(r"^    (?P<bars>(?:[│ ]   )*)(?P<knot>[├└]── )?(?P<name>[A-Z]\w+)", line):
            depth = len(found["bars"]) // 4 + bool(found["knot"])
            path[depth:] = [found["name"]]
            if depth:
                parents[found["name"]] = path[depth - 1]
    return parents


@pytest.mark.parametrize("error", CLASSES, ids=lambda error: error.__name__)
def test_every_error_stands_in_the_tree_under_its_parent(error: type[Exception]) -> None:
    if error is errors.DealError:
        return
    assert drawn_parents()[error.__name__] == error.__bases__[0].__name__


def test_the_tree_draws_nothing_that_is_not_there() -> None:
    assert {*drawn_parents(), "DealError"} == {error.__name__ for error in CLASSES}


def test_user_faults_and_program_faults_share_no_class() -> None:
    both = [
        error
        for error in CLASSES
        if issubclass(error, errors.InputError) and issubclass(error, errors.ProgramError)
    ]
    assert both == []


def test_an_error_of_many_findings_lists_each_on_its_own_line() -> None:
    error = errors.DealFolderError(["first", "second"])
    assert error.findings == ("first", "second")
    assert str(error) == "first\nsecond"


def test_a_failed_check_keeps_its_failures() -> None:
    assert errors.VerificationError(["a"]).failures == ("a",)

"""What the verbs take and give back."""

from __future__ import annotations

from typing import Any

import pytest

from dronedeal.deal import Finding, Place
from dronedeal.errors import CommandError
from dronedeal.exchange import CheckResult, PlanChoices

ERROR = Finding(
    "dangling_id", "error", Place("prices.csv", 3, 1, "system"), "price", "'x'", "an id", "mend it"
)
WARNING = Finding("no_source", "warning", Place("prices.csv", 4), "price", "", "", "state it")


def test_a_result_with_only_warnings_is_ok() -> None:
    result = CheckResult((WARNING,))
    assert result.is_ok
    assert result.warnings == (WARNING,)
    assert result.errors == ()


def test_a_result_with_an_error_is_not_ok() -> None:
    result = CheckResult((ERROR, WARNING))
    assert not result.is_ok
    assert result.errors == (ERROR,)


def test_a_result_is_a_table_with_the_address_of_each_finding() -> None:
    frame = CheckResult((ERROR, WARNING)).frame()
    assert frame["place"].to_list() == ["prices.csv, line 3, column 1 (system)", "prices.csv, line 4"]
    assert frame["severity"].to_list() == ["error", "warning"]
    assert frame.height == 2


def test_an_empty_result_keeps_its_columns() -> None:
    assert CheckResult(()).frame().columns == [
        "severity", "rule", "place", "subject", "found", "allowed", "next_step",
    ]  # fmt: skip


def test_a_notebook_sees_the_counts_and_the_table() -> None:
    shown = CheckResult((ERROR,))._repr_html_()
    assert "1 error, 0 warnings" in shown
    assert "prices.csv, line 3" in shown
    assert CheckResult(())._repr_html_() == "<p>0 errors, 0 warnings</p>"


def test_a_printed_result_lists_every_finding() -> None:
    assert str(CheckResult((ERROR, WARNING))).splitlines() == [
        str(ERROR), str(WARNING), "1 error, 1 warning",
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("name", "value", "allowed"),
    [
        ("objective", "both", "joint, buyer, seller"),
        ("gap", -0.1, "a share from 0 to below 1"),
        ("gap", float("nan"), "a share from 0 to below 1"),
        ("gap", 1.0, "a share from 0 to below 1"),
        ("time_limit", 0.0, "seconds above 0"),
        ("time_limit", float("nan"), "seconds above 0"),
        ("threads", 0, "a whole number from 1"),
        ("seed", -1, "a whole number from 0"),
    ],
)
def test_a_choice_that_cannot_be_is_refused_with_what_is_allowed(name: str, value: Any, allowed: str) -> None:
    with pytest.raises(CommandError, match=f"^{name}: found {value!r}; allowed: {allowed}"):
        PlanChoices(**{name: value})

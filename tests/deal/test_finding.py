"""Findings as a user reads them."""

from dronedeal.deal import Finding, Place


def test_a_finding_says_where_what_was_found_what_is_allowed_and_what_to_do() -> None:
    finding = Finding(
        rule="yield_above_one",
        severity="error",
        place=Place("seller/line_systems.csv", 3, 5, "yield_rate"),
        subject="yield of system 'scout'",
        found="1.2",
        allowed="at most 1",
        next_step="write the share of good units",
    )
    assert str(finding) == (
        "seller/line_systems.csv, line 3, column 5 (yield_rate): error [yield_above_one] yield of system "
        "'scout'; found 1.2; allowed: at most 1; write the share of good units"
    )


def test_what_has_nothing_to_say_is_left_out() -> None:
    finding = Finding("unreadable", "error", Place("lines.csv"), "the file cannot be read", "", "", "")
    assert str(finding) == "lines.csv: error [unreadable] the file cannot be read"

from __future__ import annotations

from dronedeal.deal import Place
from dronedeal.files.findings import FindingLog


def filled(count: int) -> FindingLog:
    log = FindingLog(Place("a.csv"), limit=2)
    for number in range(count):
        log.add("cell", Place("a.csv", number), f"error {number}")
    return log


def test_all_errors_are_kept_up_to_the_limit() -> None:
    assert [finding.subject for finding in filled(2).findings] == ["error 0", "error 1"]


def test_the_errors_beyond_the_limit_are_counted() -> None:
    *shown, last = filled(3).findings
    assert len(shown) == 2
    assert str(last) == (
        "a.csv: error [limit] 1 more error here; allowed: the first 2 are shown; "
        "mend those shown and read again"
    )
    assert "3 more errors here" in filled(5).findings[-1].subject


def test_where_reading_stopped_is_told() -> None:
    log = filled(3)
    log.stop_at(Place("a.csv", 9))
    assert log.findings[-1].next_step.endswith("nothing was read from line 9 on")

"""Comparing what a plan states with what is computed, within a stated tolerance.

The residual of a comparison is the difference divided by the largest of: the stated figure, the computed
figure, the sum of the absolute terms that the computed figure was added up from, and, for figures that
pass through the solver, one hundredth of the largest figure of the same unit in the plan. A comparison
passes where the residual is at most `TOLERANCE`, one millionth. The last part is the floor: it lets the
solver's own feasibility tolerance pass in a row near zero and is 1e-8 of the largest figure, whatever the
currency or the size of the deal.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Literal

from dronedeal.results.columns import PLAN_TABLES
from dronedeal.results.verify.outcome import CheckResult, Failure

TOLERANCE = 1e-6
FLOOR_SHARE = 0.01

Unit = Literal["units", "load", "money", "exact"]
Row = Mapping[str, Any]
Subject = str | tuple[str, Row]


class Comparer:
    """Counts the comparisons of one check and keeps what fails.

    Parameters
    ----------
    check : name of the check
    largest : largest figure of the plan by unit, from which the floors are made
    """

    def __init__(self, check: str, largest: Mapping[str, float]) -> None:
        self.check = check
        self.failures: list[Failure] = []
        self._floor = {unit: FLOOR_SHARE * value for unit, value in largest.items()} | {"exact": 0.0}
        self._comparisons = 0
        self._largest = 0.0

    def equal(
        self,
        subject: Subject,
        stated: float,
        computed: float,
        words: str,
        *,
        unit: Unit = "exact",
        magnitude: float = 0.0,
    ) -> None:
        """Compare two figures; `magnitude` is the sum of the absolute terms behind the computed one."""
        self._comparisons += 1
        if stated == computed:
            return
        self._note(subject, stated, computed, stated - computed, words, unit, magnitude)

    def at_most(
        self,
        subject: Subject,
        stated: float,
        limit: float,
        words: str,
        *,
        unit: Unit = "exact",
        magnitude: float = 0.0,
    ) -> None:
        """Ask that a figure is not above a limit."""
        self._comparisons += 1
        if stated > limit:
            self._note(subject, stated, limit, stated - limit, words, unit, magnitude)

    def holds(self, subject: Subject, is_true: bool, words: str, *, stated: object, computed: object) -> None:
        """Ask that a fact holds; there is no tolerance."""
        self._comparisons += 1
        if not is_true:
            self._largest = max(self._largest, 1.0)
            self._fail(subject, str(stated), str(computed), 0.0, words)

    def count(self, comparisons: int) -> None:
        """Add comparisons that passed in bulk."""
        self._comparisons += comparisons

    def result(self) -> CheckResult:
        """The figures of the check so far."""
        return CheckResult(self.check, self._comparisons, self._largest)

    def _note(
        self,
        subject: Subject,
        stated: float,
        computed: float,
        difference: float,
        words: str,
        unit: str,
        magnitude: float,
    ) -> None:
        scale = max(abs(stated), abs(computed), magnitude, self._floor[unit])
        residual = abs(difference) / scale
        if residual > self._largest:
            self._largest = residual
        if residual > TOLERANCE:
            self._fail(subject, f"{stated:.12g}", f"{computed:.12g}", difference, words)

    def _fail(self, subject: Subject, stated: str, computed: str, difference: float, words: str) -> None:
        self.failures.append(Failure(self.check, subject_text(subject), stated, computed, difference, words))


def subject_text(subject: Subject) -> str:
    """The row of a table by its key, or the subject as it is."""
    if isinstance(subject, str):
        return subject
    table, row = subject
    cells = (
        "market" if name == "line" and row[name] is None else str(row[name])
        for name in PLAN_TABLES[table].key
    )
    return f"{table}: {', '.join(cells)}"

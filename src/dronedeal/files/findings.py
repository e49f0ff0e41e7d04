"""Collecting what is wrong while reading goes on."""

from __future__ import annotations

from collections.abc import Iterable

from dronedeal.deal.finding import Finding
from dronedeal.deal.place import Place
from dronedeal.files.limits import MAX_SHOWN_FINDINGS


class FindingLog:
    """Errors in the order in which they were found; beyond `limit` they are only counted.

    Parameters
    ----------
    place : address named by the closing finding that counts the rest
    limit : most findings kept
    """

    def __init__(self, place: Place, *, limit: int = MAX_SHOWN_FINDINGS) -> None:
        self._place = place
        self._limit = limit
        self._kept: list[Finding] = []
        self._unread: Place | None = None
        self.count = 0

    def add(
        self,
        rule: str,
        place: Place,
        subject: str,
        *,
        found: str = "",
        allowed: str = "",
        next_step: str = "",
    ) -> None:
        """Note one error."""
        self.extend([error(rule, place, subject, found=found, allowed=allowed, next_step=next_step)])

    def extend(self, findings: Iterable[Finding]) -> None:
        """Note several errors."""
        for finding in findings:
            self.count += 1
            if len(self._kept) < self._limit:
                self._kept.append(finding)

    def stop_at(self, place: Place) -> None:
        """Say that nothing is read from `place` on, for too much is wrong above it."""
        self._unread = place

    @property
    def findings(self) -> tuple[Finding, ...]:
        """The errors kept, and one more that counts the others where there are any."""
        more = self.count - len(self._kept)
        if not more:
            return tuple(self._kept)
        unread = f"; nothing was read from line {self._unread.line} on" if self._unread else ""
        last = error(
            "limit",
            self._place,
            f"{more} more {'error' if more == 1 else 'errors'} here",
            allowed=f"the first {self._limit} are shown",
            next_step=f"mend those shown and read again{unread}",
        )
        return (*self._kept, last)


def error(
    rule: str, place: Place, subject: str, *, found: str = "", allowed: str = "", next_step: str = ""
) -> Finding:
    """A finding of severity error."""
    return Finding(rule, "error", place, subject, found, allowed, next_step)

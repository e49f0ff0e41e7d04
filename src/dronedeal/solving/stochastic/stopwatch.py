"""The clock of one solve on a tree, and why it must end."""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

from dronedeal.solving.interface import ShouldStop, Termination


@dataclass
class Stopwatch:
    """Counts seconds, by part of the work too.

    Parameters
    ----------
    limit : seconds of wall clock; None for no limit
    asked : whether somebody wants the work to end
    """

    limit: float | None
    asked: ShouldStop
    parts: dict[str, float] = field(default_factory=dict)
    _began: float = field(default_factory=time.perf_counter)

    @property
    def elapsed(self) -> float:
        """Seconds since the work began."""
        return time.perf_counter() - self._began

    @property
    def left(self) -> float | None:
        """Seconds that are left; None without a limit."""
        return None if self.limit is None else max(0.0, self.limit - self.elapsed)

    @property
    def reason(self) -> Termination | None:
        """Why the work must end now; None where it may go on."""
        if self.asked():
            return Termination.INTERRUPTED
        return Termination.TIME_LIMIT if self.limit is not None and self.elapsed >= self.limit else None

    def must_stop(self) -> bool:
        """Whether the work must end now."""
        return self.reason is not None

    @contextmanager
    def part(self, name: str) -> Iterator[None]:
        """Count the seconds of a part of the work."""
        before = time.perf_counter()
        try:
            yield
        finally:
            self.parts[name] = self.parts.get(name, 0.0) + time.perf_counter() - before

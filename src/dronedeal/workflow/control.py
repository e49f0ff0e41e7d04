"""Wall clock by stage, Ctrl-C as a stop that keeps what is done, and progress that says of what."""

from __future__ import annotations

import os
import signal
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace

from dronedeal.solving import Progress


class Stopwatch:
    """Wall clock by stage."""

    def __init__(self) -> None:
        self._began = time.perf_counter()
        self.seconds: dict[str, float] = {}

    @contextmanager
    def stage(self, name: str) -> Iterator[None]:
        """Count the time inside towards a stage."""
        began = time.perf_counter()
        try:
            yield
        finally:
            self.seconds[name] = self.seconds.get(name, 0.0) + time.perf_counter() - began

    @property
    def with_total(self) -> dict[str, float]:
        """The stages and the time since the watch was made."""
        return {**self.seconds, "total": time.perf_counter() - self._began}


def cores_available() -> int:
    """Processor cores that this process may use, at least 1."""
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0)) or 1
    return os.cpu_count() or 1


@contextmanager
def interruptible(on_stop: Callable[[], None]) -> Iterator[Callable[[], bool]]:
    """Turn the first Ctrl-C into a stop; outside the main thread Python hears no signals at all."""
    stop = threading.Event()
    if threading.current_thread() is not threading.main_thread():
        yield stop.is_set
        return
    before = signal.getsignal(signal.SIGINT)

    def hear(_number: int, _frame: object) -> None:
        stop.set()
        signal.signal(signal.SIGINT, before)
        on_stop()

    signal.signal(signal.SIGINT, hear)
    try:
        yield stop.is_set
    finally:
        signal.signal(signal.SIGINT, before)


def named(on_progress: Callable[[Progress], None], words: str) -> Callable[[Progress], None]:
    """Progress of one of several plans: each step says which, such as `joint plan, 2028 alone`."""
    return lambda progress: on_progress(replace(progress, step=f"{progress.step}, {words}"))

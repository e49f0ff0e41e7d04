"""Engines: results in order, whoever finishes first."""

from __future__ import annotations

import multiprocessing
import multiprocessing.spawn
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from typing import Any

import pytest

import dronedeal.negotiation.engine
from dronedeal.engine import Engine, Processes, Serial, Threads, WorkersLost, engine_of, steady
from dronedeal.errors import InputError

# Two workers, of which both still work when this process is killed.
HOST = """
import time
from dronedeal.engine import Processes
if __name__ == "__main__":
    engine = Processes(2)
    results = engine.map(time.sleep, [0.0, 600.0, 600.0])
    next(results)
    print("began", flush=True)
    next(results)
"""


def late_first(number: int) -> int:
    """The first item takes longest."""
    time.sleep(0.05 if number == 0 else 0.0)
    return number * number


def refuse_two(number: int) -> int:
    if number == 2:
        raise ValueError("two")
    return number


@pytest.mark.parametrize(
    "engine", [Serial(), Threads(4), Processes(2)], ids=["serial", "threads", "processes"]
)
def test_results_come_in_the_order_of_the_items_and_errors_in_their_turn(engine: Engine) -> None:
    try:
        assert list(engine.map(late_first, range(5))) == [0, 1, 4, 9, 16]
        results = engine.map(refuse_two, [1, 2, 3])
        assert next(results) == 1
        with pytest.raises(ValueError, match="two"):
            next(results)
        # Another function after an error: the workers are still there.
        assert list(engine.map(late_first, [3])) == [9]
    finally:
        if not isinstance(engine, Serial):
            engine.close()


def test_processes_whose_work_shall_stop_are_waited_for_no_longer() -> None:
    asked: list[bool] = []

    def should_stop() -> bool:
        asked.append(True)
        return len(asked) > 1

    with Processes(1) as engine:
        # The second item would take a minute; what runs is ended with its process.
        results = engine.map_until(time.sleep, [0.0, 60.0], should_stop)
        assert list(results) in ([None], [])
        assert len(asked) > 1
        # Nothing goes on that nobody waits for, and new work finds new workers.
        assert not multiprocessing.active_children()
        assert list(engine.map(late_first, [2])) == [4]


def test_workers_end_with_a_process_that_was_killed() -> None:
    process = subprocess.Popen([sys.executable, "-c", HOST], stdout=subprocess.PIPE, text=True)
    assert process.stdout is not None
    assert process.stdout.readline() == "began\n"
    process.kill()
    # The workers hold the same pipe, so its end comes when the last of them has ended.
    rest, _ = process.communicate(timeout=60)
    assert rest == ""


class Large:
    """Work that is more than a pipe holds."""

    def __init__(self) -> None:
        self.content = bytes(1 << 20)

    def size(self, item: int) -> int:
        return len(self.content) + item


@pytest.mark.skipif(sys.platform == "win32", reason="a script stands for the interpreter")
def test_nobody_waits_for_workers_to_begin(tmp_path: Path) -> None:
    """Workers that take long to begin with their function must not keep a stop from being heard."""
    may_begin, slow = tmp_path / "may begin", tmp_path / "slow"
    slow.write_text(
        f'#!/bin/sh\nwhile [ ! -e "{may_begin}" ]; do sleep 0.02; done\nexec "{sys.executable}" "$@"\n'
    )
    slow.chmod(0o700)
    guard = threading.Timer(60, may_begin.touch)
    guard.start()
    usual = multiprocessing.spawn.get_executable()
    try:
        with Processes(2) as engine:
            multiprocessing.set_executable(str(slow))
            found = engine.map_until(Large().size, [1, 2, 3], lambda: False)
            assert not may_begin.exists()
            may_begin.touch()
            assert list(found) == [(1 << 20) + item for item in (1, 2, 3)]
    finally:
        guard.cancel()
        multiprocessing.set_executable(usual)


def test_one_worker_needs_no_thread_and_several_give_the_same() -> None:
    with engine_of(1) as alone, engine_of(3) as together:
        assert isinstance(alone, Serial)
        assert list(alone.map(late_first, range(4))) == list(together.map(late_first, range(4)))


def test_work_needs_a_worker() -> None:
    with pytest.raises(InputError, match="0 workers cannot work"):
        engine_of(0)
    with pytest.raises(InputError, match="0 workers cannot work"):
        Threads(0)


def test_negotiation_offers_the_same_engines() -> None:
    assert dronedeal.negotiation.engine.Threads is Threads


class Losing:
    """An engine that loses its workers after some results of each call, as often as it is told."""

    def __init__(self, *results: int, may_return: bool = True) -> None:
        self.results = list(results)
        self.may_return = may_return
        self.asked: list[list[Any]] = []

    def map(self, function: Callable[[Any], Any], items: Iterable[Any], /) -> Iterator[Any]:
        work = list(items)
        self.asked.append(work)
        left = self.results.pop(0) if self.results else len(work)
        for item in work[:left]:
            yield function(item)
        if left < len(work):
            raise WorkersLost("three workers are gone", may_return=self.may_return)

    def close(self) -> None:
        """Nothing is kept."""


def test_work_goes_on_where_its_workers_were_lost(caplog: pytest.LogCaptureFixture) -> None:
    engine = Losing(2, 0, 1)
    assert list(steady(engine, late_first, range(1, 6))) == [1, 4, 9, 16, 25]
    # Never again what there is a result of.
    assert engine.asked == [[1, 2, 3, 4, 5], [3, 4, 5], [3, 4, 5], [4, 5]]
    assert "three workers are gone; 3 of 5 are given to workers again" in caplog.messages


@pytest.mark.parametrize(
    "engine", [Losing(1, 0, 0, 0), Losing(1, may_return=False)], ids=["often", "for good"]
)
def test_where_no_worker_comes_back_the_rest_is_done_here(
    engine: Losing, caplog: pytest.LogCaptureFixture
) -> None:
    assert list(steady(engine, late_first, range(1, 4))) == [1, 4, 9]
    assert "three workers are gone; the work goes on in this process" in caplog.messages
    assert len(engine.asked) <= 3


@pytest.mark.parametrize("engine", [Serial(), Losing(1)], ids=["here", "lost"])
def test_steady_work_ends_once_it_shall_stop(engine: Engine) -> None:
    found: list[int] = []
    for result in steady(engine, late_first, range(1, 9), should_stop=lambda: len(found) >= 1):
        found.append(result)
    assert found == [1]


def blocked(_item: int) -> bool:
    """Whether Ctrl-C is held back in this thread."""
    return signal.SIGINT in signal.pthread_sigmask(signal.SIG_BLOCK, [])


@pytest.mark.skipif(sys.platform == "win32", reason="signals cannot be held back there")
def test_workers_hear_no_interrupt_from_their_start_on() -> None:
    with Processes(1) as engine:
        assert list(engine.map(blocked, [0])) == [True]
    assert not blocked(0)


def test_no_worker_is_started_for_work_that_shall_stop_before_it_begins() -> None:
    with Processes(2) as engine:
        assert list(steady(engine, late_first, range(1, 4), should_stop=lambda: True)) == []
        assert engine._executor is None


def test_an_error_of_the_work_itself_is_no_loss_of_workers() -> None:
    with Threads(2) as engine, pytest.raises(ValueError, match="two"):
        list(steady(engine, refuse_two, [1, 2, 3]))

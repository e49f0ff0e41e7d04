"""Engines: results in order, whoever finishes first."""

from __future__ import annotations

import subprocess
import sys
import time

import pytest

import dronedeal.negotiation.engine
from dronedeal.engine import Engine, Processes, Serial, Threads, engine_of
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
        for process in list(engine._executor._processes.values()):  # type: ignore[union-attr,attr-defined]
            process.terminate()


def test_workers_end_with_a_process_that_was_killed() -> None:
    process = subprocess.Popen([sys.executable, "-c", HOST], stdout=subprocess.PIPE, text=True)
    assert process.stdout is not None
    assert process.stdout.readline() == "began\n"
    process.kill()
    # The workers hold the same pipe, so its end comes when the last of them has ended.
    rest, _ = process.communicate(timeout=60)
    assert rest == ""


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

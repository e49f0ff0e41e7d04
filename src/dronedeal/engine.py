"""Where independent pieces of work run: one after the other, in threads, or in processes of this machine.

Every engine gives the results in the order of the items, whatever is finished first, so that no result
depends on how many workers there are.
"""

from __future__ import annotations

import logging
import multiprocessing
import multiprocessing.connection
import os
import pickle
import signal
import threading
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import BrokenExecutor, Executor, Future, ProcessPoolExecutor, ThreadPoolExecutor, wait
from contextlib import AbstractContextManager, contextmanager, nullcontext, suppress
from multiprocessing.connection import Connection
from multiprocessing.reduction import ForkingPickler
from types import TracebackType
from typing import Any, Protocol, Self, TypeVar, runtime_checkable

from dronedeal.errors import InputError

Item = TypeVar("Item")
Result = TypeVar("Result")

_LOG = logging.getLogger(__name__)
# How often workers that were lost are given the same work again.
_ATTEMPTS = 3
# How often whoever waits for a result looks whether it is still wanted, in seconds.
_SLICE = 0.1


class WorkersLost(BrokenExecutor):
    """Workers ended before their work, hang, or cannot be reached any more.

    Parameters
    ----------
    message : what was lost, in words for the user
    may_return : whether the same work may be tried on the same engine again
    """

    def __init__(self, message: str, *, may_return: bool = True) -> None:
        super().__init__(message)
        self.may_return = may_return


class Engine(Protocol):
    """Does the same work on several items; `Serial`, `Threads`, `Processes`, or one of a cluster."""

    def map(self, function: Callable[[Item], Result], items: Iterable[Item], /) -> Iterator[Result]:
        """The result of each item, in the order of the items; an error of one is raised in its turn."""
        ...


@runtime_checkable
class Abandoning(Protocol):
    """An engine that can give up its work while nobody here works: one of processes, or of a cluster."""

    def map_until(
        self, function: Callable[[Item], Result], items: Iterable[Item], should_stop: Callable[[], bool], /
    ) -> Iterator[Result]:
        """As `map`, but the results end early once the work shall stop."""
        ...


class Serial:
    """One item after the other, here; the engine that needs nothing.

    Examples
    --------
    >>> list(Serial().map(abs, [-1, 2]))
    [1, 2]
    """

    def map(self, function: Callable[[Item], Result], items: Iterable[Item], /) -> Iterator[Result]:
        """Each result when it is asked for."""
        return map(function, items)


class _Pool:
    """Workers that are started at the first work and let go at the end of a `with` block."""

    def __init__(self, workers: int) -> None:
        if workers < 1:
            raise InputError(f"{workers} workers cannot work; give 1 or more")
        self.workers = workers
        self._executor: Executor | None = None

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def close(self) -> None:
        """Let the workers go; work that has not begun is given up."""
        if self._executor is not None:
            self._executor.shutdown(wait=True, cancel_futures=True)
            self._executor = None


class Threads(_Pool):
    """Threads of this process: for evaluators that let go of the interpreter while they work."""

    def map(self, function: Callable[[Item], Result], items: Iterable[Item], /) -> Iterator[Result]:
        """All items at once, results in order."""
        if self._executor is None:
            self._executor = ThreadPoolExecutor(self.workers)
        return _in_order([self._executor.submit(function, item) for item in items])


class Processes(_Pool):
    """Processes of this machine. Function, items and results must be able to travel (pickle).

    The function is sent to each worker once, so that one with a large problem inside, as the method of an
    evaluator, costs little a question; the workers start anew when another function comes.
    """

    def __init__(self, workers: int) -> None:
        super().__init__(workers)
        self._function: Callable[..., Any] | None = None
        self._carried: _Carried | None = None

    def close(self) -> None:
        """Let the workers go; work that has not begun is given up."""
        super().close()
        self._let_carried_go()

    def _let_carried_go(self) -> None:
        carried, self._carried = self._carried, None
        if carried is not None:
            carried.close()

    def map(self, function: Callable[[Item], Result], items: Iterable[Item], /) -> Iterator[Result]:
        """All items at once, results in order."""
        return self.map_until(function, items, lambda: False)

    def map_until(
        self, function: Callable[[Item], Result], items: Iterable[Item], should_stop: Callable[[], bool], /
    ) -> Iterator[Result]:
        """As `map`; once the work shall stop no further result is waited for."""
        if self._executor is None or self._function != function:
            self.close()
            # Fresh processes: a copy of one that runs a solver with threads can hang.
            context = multiprocessing.get_context("spawn")
            self._carried = _Carried(function)
            arriving: Any = self._carried  # the function itself, once it is there
            self._executor = ProcessPoolExecutor(self.workers, context, _receive, (arriving,))
            self._function = function
        with _held_back_interrupt():
            futures = [self._executor.submit(_work, item) for item in items]
        return self._until(futures, should_stop)

    def _until(self, futures: list[Future[Any]], should_stop: Callable[[], bool]) -> Iterator[Any]:
        is_stopped = False

        def stopped() -> bool:
            nonlocal is_stopped
            is_stopped = should_stop()
            return is_stopped

        yield from _in_order(futures, stopped)
        if is_stopped:
            self._end_workers()

    def _end_workers(self) -> None:
        """End the workers in the middle of their work, whose results nobody waits for any more."""
        executor, self._executor, self._function = self._executor, None, None
        if executor is not None:
            for process in list((getattr(executor, "_processes", None) or {}).values()):
                process.kill()
            executor.shutdown(wait=True, cancel_futures=True)
        self._let_carried_go()


class _Carried:
    """A function on its way to workers, each of which reads it from a pipe of its own once it has begun.

    A worker takes seconds to begin. Whoever starts one with a large function would stand still for as long,
    and hear of no stop.

    Parameters
    ----------
    function : that can travel
    """

    def __init__(self, function: Callable[..., Any]) -> None:
        self._content = bytes(ForkingPickler.dumps(function))
        self._readers: list[Connection[Any, Any]] = []

    def __reduce__(self) -> tuple[Any, ...]:
        # Called for each worker that is started, which gets the function itself in place of this.
        reader, writer = multiprocessing.Pipe(duplex=False)
        self._readers.append(reader)
        threading.Thread(target=_hand_over, args=(writer, self._content), daemon=True).start()
        return _arrived, (reader,)

    def close(self) -> None:
        """Give up what no worker has read, so that nobody waits to hand it over."""
        for reader in self._readers:
            reader.close()


def _hand_over(writer: Connection[Any, Any], content: bytes) -> None:
    # A worker that ended before it read everything is nobody to tell.
    with writer, suppress(OSError):
        writer.send_bytes(content)


def _arrived(reader: Connection[Any, Any]) -> Any:
    with reader:
        return pickle.loads(reader.recv_bytes())


def steady(
    engine: Engine,
    function: Callable[[Item], Result],
    items: Iterable[Item],
    *,
    should_stop: Callable[[], bool] = lambda: False,
) -> Iterator[Result]:
    """The result of each item, in the order of the items, whatever becomes of the engine's workers.

    What is missing when workers are lost is given to those that are left or come back; where that fails three
    times without any result, or nobody can come back, the rest is done here. The results end early once the
    work shall stop. Each item is independent of all others, and may be done more than once.

    Parameters
    ----------
    engine : where the work is done; it is closed and used again after a loss, if it can be
    should_stop : asked before each item, and again and again while a worker is waited for
    """
    work, done, attempts = list(items), 0, 0
    while done < len(work):
        try:
            for result in _until(engine, function, work[done:], should_stop):
                done, attempts = done + 1, 0
                yield result
            return
        except BrokenExecutor as error:
            attempts += 1
            words = str(error) or type(error).__name__
            if should_stop():
                return
            if attempts < _ATTEMPTS and getattr(error, "may_return", True) and hasattr(engine, "close"):
                _LOG.warning("%s; %d of %d are given to workers again", words, len(work) - done, len(work))
                engine.close()
            else:
                _LOG.warning("%s; the work goes on in this process", words)
                engine = Serial()


def _until(
    engine: Engine,
    function: Callable[[Item], Result],
    work: list[Item],
    should_stop: Callable[[], bool],
) -> Iterator[Result]:
    """Results until the work shall stop; of threads, those that are at work then are waited for."""
    if should_stop():
        return  # workers that were ended by the stop are not started anew for nothing
    if isinstance(engine, Abandoning):
        yield from engine.map_until(function, work, should_stop)
        return

    def unless_stopped(item: Item) -> tuple[Result] | None:
        return None if should_stop() else (function(item),)

    for found in engine.map(unless_stopped, work):
        if found is None:
            return
        yield found[0]


def engine_of(workers: int) -> AbstractContextManager[Engine]:
    """Threads for several workers, let go at the end of the `with` block; one worker needs none.

    Raises
    ------
    InputError : fewer than one worker
    """
    return nullcontext(Serial()) if workers == 1 else Threads(workers)


@contextmanager
def _held_back_interrupt() -> Iterator[None]:
    """Hear Ctrl-C only after the block, and processes that are started in it never.

    They would be ended by it with a trace while they still load their function; see `_receive`.
    """
    if not hasattr(signal, "pthread_sigmask"):
        yield
        return
    before = signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT})
    try:
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)


_received: Callable[..., Any] | None = None


def _receive(function: Callable[..., Any]) -> None:
    """Keep the function of this worker, and end it with the process that started it, however that ends."""
    global _received
    _received = function
    # Ctrl-C reaches the whole group of processes; what becomes of the work is for the first of them to say.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    parent = multiprocessing.parent_process()
    if parent is not None:
        threading.Thread(target=_end_with, args=(parent.sentinel,), daemon=True).start()


def _end_with(sentinel: int) -> None:
    multiprocessing.connection.wait([sentinel])
    # Nobody reads the results any more, and nothing of this worker outlives it.
    os._exit(1)


def _work(item: Any) -> Any:
    assert _received is not None
    return _received(item)


def _in_order(futures: list[Future[Any]], should_stop: Callable[[], bool] | None = None) -> Iterator[Any]:
    """Results in the order of the work; what has not begun is given up when nobody asks any more."""
    try:
        for future in futures:
            while should_stop is not None and not wait([future], timeout=_SLICE).done:
                if should_stop():
                    return
            yield future.result()
    finally:
        for future in futures:
            future.cancel()

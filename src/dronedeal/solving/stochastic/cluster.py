"""Independent work on a cluster of Dask workers; the only module that names `distributed`.

Dask runs on Kubernetes, Slurm and plain hosts, restarts what a lost worker had begun, and speaks TLS;
nothing of that is made here. Each worker keeps what it was sent, so that templates stay hot from one round
to the next. What Dask cannot mend is mended by whoever asked: workers that hang are given no more work,
and a scheduler that was lost is connected to again; `WorkersLost` says when neither helps.
"""

from __future__ import annotations

import hashlib
import importlib
import pickle
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import CancelledError, Future
from contextlib import suppress
from dataclasses import dataclass
from functools import partial
from threading import Thread
from types import TracebackType
from typing import Any, Self, TypeVar

from dronedeal.engine import WorkersLost
from dronedeal.errors import InputError
from dronedeal.solving.stochastic.worker_versions import require_workers

Item = TypeVar("Item")
Result = TypeVar("Result")

# How often whoever waits for a result looks whether it is still wanted, in seconds.
_SLICE = 0.1


@dataclass(frozen=True)
class Security:
    """Files of a TLS connection, in PEM.

    ca_file : whom to trust; certificate, key : who we are
    """

    ca_file: str
    certificate: str
    key: str


class Cluster:
    """Work on the workers of a Dask scheduler.

    Parameters
    ----------
    address : of the scheduler, such as "tcp://10.0.0.5:8786" or "tls://…"
    security : files of the TLS connection; None: without
    timeout : seconds without the next result after which the worker that has it counts as hung
    patience : seconds in which the scheduler must answer, at first and once a connection was lost
    client : a connection that is there already; None: one is made and let go at the end

    Examples
    --------
    `solve_tree(problem, engine=Cluster("tcp://10.0.0.5:8786"))`
    """

    def __init__(
        self,
        address: str,
        *,
        security: Security | None = None,
        timeout: float = 600.0,
        patience: float = 20.0,
        client: Any | None = None,
    ) -> None:
        self.address = address
        self.timeout = timeout
        self._security, self._patience = security, patience
        self._is_own = client is None
        self._client = client if client is not None else _connect(address, security, patience)
        self._function: Callable[..., Any] | None = None
        self._sent: Any = None
        self._hung: set[str] = set()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def close(self) -> None:
        """Let go of the connection, where it was made here; work that has not begun is given up."""
        self._sent = None
        if self._is_own and self._client is not None:
            with suppress(OSError, TimeoutError):
                self._client.close(timeout=self._patience)
            self._client = None

    def map(self, function: Callable[[Item], Result], items: Iterable[Item], /) -> Iterator[Result]:
        """All items at once, results in order; a function is sent once, as long as it stays the same."""
        return self.map_until(function, items, lambda: False)

    def map_until(
        self, function: Callable[[Item], Result], items: Iterable[Item], should_stop: Callable[[], bool], /
    ) -> Iterator[Result]:
        """As `map`; once the work shall stop no further result is waited for.

        Raises
        ------
        WorkersLost
            where the workers or the scheduler do not come back
        """
        work = list(items)
        try:
            self._send(function, should_stop)
            if self._sent is None:
                return iter(())
            # A task is not pure: the same one again must run again, for its worker's state differs.
            futures = self._submit(work)
        except _LOST as error:
            raise self._lost(error) from error
        return self._in_order(work, futures, should_stop)

    def _send(self, function: Callable[..., Any], should_stop: Callable[[], bool]) -> None:
        if self._client is None:
            try:
                self._client = _connect(self.address, self._security, self._patience)
            except InputError as error:
                raise WorkersLost(str(error), may_return=False) from error
        if self._sent is None or self._function != function:
            text = pickle.dumps(function)
            name = hashlib.blake2b(text, digest_size=16).hexdigest()
            self._sent = self._scattered((name, text), should_stop)
            self._function = function

    def _scattered(self, data: tuple[str, bytes], should_stop: Callable[[], bool]) -> Any:
        """The data on every worker that takes it; None once the work shall stop.

        A worker that hangs would hold up the sending until the scheduler gives it up, after minutes. It is
        known by a heart that does not beat.
        """
        silent_for = 0.0
        while True:
            beats = self._beats()
            sending = _in_background(
                partial(self._client.scatter, data, broadcast=True, direct=False, **self._where())
            )
            waited = 0.0
            while waited < self._patience:
                try:
                    return sending.result(timeout=_SLICE)
                except TimeoutError:
                    if sending.done():
                        raise
                    if should_stop():
                        return None
                    waited += _SLICE
            now = self._beats()
            hung = {worker for worker, beat in beats.items() if now.get(worker) == beat} - self._hung
            self._hung |= hung
            silent_for += waited
            if not hung and silent_for >= self.timeout:
                raise self._silent()

    def _beats(self) -> dict[str, Any]:
        """When each worker was heard of last, by the scheduler's clock."""
        workers = self._client.scheduler_info(n_workers=-1)["workers"]
        return {address: each.get("last_seen") for address, each in workers.items()}

    def _submit(self, work: list[Any]) -> list[Any]:
        where = self._where()
        return [self._client.submit(_work, self._sent, item, pure=False, **where) for item in work]

    def _where(self) -> dict[str, Any]:
        """The workers that do not hang, where some do; raises WorkersLost where all do."""
        if not self._hung:
            return {}
        free = sorted(set(self._client.nthreads()) - self._hung)
        if not free:
            raise self._silent()
        return {"workers": free}

    def _in_order(
        self, work: list[Any], futures: list[Any], should_stop: Callable[[], bool]
    ) -> Iterator[Any]:
        given_up: list[Any] = []
        try:
            for at in range(len(work)):
                waited = 0.0
                while True:
                    try:
                        result = futures[at].result(timeout=min(_SLICE, self.timeout))
                        break
                    except TimeoutError:
                        if should_stop():
                            return
                        waited += _SLICE
                        if waited >= self.timeout:
                            stuck = self._note_hung(futures[at].key)
                            late = [n for n in range(at, len(work)) if futures[n].key in stuck]
                            given_up += [futures[n] for n in late]
                            for n, future in zip(late, self._submit([work[n] for n in late]), strict=True):
                                futures[n] = future
                            waited = 0.0
                yield result
        except Exception as error:
            # Work that is cancelled while it is waited for can come back from Dask as a name without a value.
            is_cancelled = isinstance(error, UnboundLocalError) and futures[at].cancelled()
            if isinstance(error, _LOST) or type(error).__name__ == "KilledWorker" or is_cancelled:
                raise self._lost(CancelledError() if is_cancelled else error) from error
            raise
        finally:
            with suppress(*_LOST, TimeoutError):
                self._client.cancel(futures + given_up)

    def _note_hung(self, key: str) -> set[str]:
        """Remember who has the work that does not come; all work that it has, by key."""
        for worker, has in self._client.processing().items():
            if key in has:
                self._hung.add(worker)
                return set(has)
        raise self._silent()

    def _silent(self) -> WorkersLost:
        return WorkersLost(
            f"no result came from the cluster at {self.address} for {self.timeout:g} s; look at its "
            "workers, or give a longer timeout",
            may_return=False,
        )

    def _lost(self, error: BaseException) -> WorkersLost:
        words = str(error).strip().splitlines()
        return WorkersLost(
            f"the cluster at {self.address} lost its work: {words[0] if words else type(error).__name__}"
        )


# What Dask raises where workers or the scheduler are gone; its own errors of a connection are OSErrors.
_LOST = (CancelledError, OSError)

_received: dict[str, Callable[..., Any]] = {}


def _work(sent: tuple[str, bytes], item: Any) -> Any:
    """Run on a worker: the function that was sent, unpacked once and kept with all that it has made since."""
    name, text = sent
    if name not in _received:
        # One at a time: the templates of an earlier problem would fill the worker's memory.
        _received.clear()
        _received[name] = pickle.loads(text)
    return _received[name](item)


def _in_background(call: Callable[[], Any]) -> Future[Any]:
    """What a call gives, in a thread that nobody waits for at the end."""
    found: Future[Any] = Future()

    def work() -> None:
        try:
            found.set_result(call())
        except BaseException as error:
            found.set_exception(error)

    Thread(target=work, daemon=True).start()
    return found


def _connect(address: str, security: Security | None, patience: float) -> Any:
    try:
        distributed = importlib.import_module("distributed")
    except ImportError as error:
        raise InputError(
            "a cluster needs Dask, which is not installed; install dronedeal[cluster], "
            "or leave the cluster out to work on this machine"
        ) from error
    if security is None and address.startswith("tls:"):
        raise InputError(
            f"the scheduler at {address} asks for TLS; give the files of a certificate, "
            "security=Security(ca_file, certificate, key)"
        )
    files = {}
    if security is not None:
        files["security"] = distributed.Security(
            tls_ca_file=security.ca_file,
            tls_client_cert=security.certificate,
            tls_client_key=security.key,
            require_encryption=True,
        )
    try:
        client = distributed.Client(address, timeout=f"{patience:g}s", set_as_default=False, **files)
    except (OSError, TimeoutError, ValueError) as error:
        raise InputError(
            f"the scheduler at {address} cannot be reached ({error}); is it running, and the address right?"
        ) from error
    try:
        require_workers(client, address, patience)
    except BaseException:
        with suppress(OSError, TimeoutError):
            client.close(timeout=patience)
        raise
    return client

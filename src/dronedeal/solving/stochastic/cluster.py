"""Independent work on a cluster of Dask workers; the only module that names `distributed`.

Dask runs on Kubernetes, Slurm and plain hosts, restarts what a lost worker had begun, and speaks TLS;
nothing of that is made here. Each worker keeps what it was sent, so that templates stay hot from one round
to the next.
"""

from __future__ import annotations

import hashlib
import importlib
import pickle
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from types import TracebackType
from typing import Any, Self, TypeVar

from dronedeal.errors import InputError

Item = TypeVar("Item")
Result = TypeVar("Result")


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
    timeout : seconds without the next result after which work counts as hung
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
        client: Any | None = None,
    ) -> None:
        self.address = address
        self.timeout = timeout
        self._is_own = client is None
        self._client = client if client is not None else _connect(address, security)
        self._function: Callable[..., Any] | None = None
        self._sent: Any = None

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def close(self) -> None:
        """Let go of the connection, where it was made here; work that has not begun is given up."""
        self._sent = None
        if self._is_own:
            self._client.close()

    def map(self, function: Callable[[Item], Result], items: Iterable[Item], /) -> Iterator[Result]:
        """All items at once, results in order; a function is sent once, as long as it stays the same."""
        if self._sent is None or self._function != function:
            text = pickle.dumps(function)
            name = hashlib.blake2b(text, digest_size=16).hexdigest()
            self._sent = self._client.scatter((name, text), broadcast=True, direct=False)
            self._function = function
        # A task is not pure: the same one again must run again, for its worker's state differs.
        futures = [self._client.submit(_work, self._sent, item, pure=False) for item in items]
        return self._in_order(futures)

    def _in_order(self, futures: list[Any]) -> Iterator[Any]:
        try:
            for future in futures:
                try:
                    yield future.result(timeout=self.timeout)
                except TimeoutError as error:
                    raise InputError(
                        f"no result came from the cluster at {self.address} for {self.timeout:g} s; look at "
                        "its workers, or give a longer timeout. What was kept in a checkpoint is not lost"
                    ) from error
        finally:
            self._client.cancel(futures)


_received: dict[str, Callable[..., Any]] = {}


def _work(sent: tuple[str, bytes], item: Any) -> Any:
    """Run on a worker: the function that was sent, unpacked once and kept with all that it has made since."""
    name, text = sent
    if name not in _received:
        # One at a time: the templates of an earlier problem would fill the worker's memory.
        _received.clear()
        _received[name] = pickle.loads(text)
    return _received[name](item)


def _connect(address: str, security: Security | None) -> Any:
    try:
        distributed = importlib.import_module("distributed")
    except ImportError as error:
        raise InputError(
            "a cluster needs Dask, which is not installed; install dronedeal[cluster], "
            "or use Threads or Processes on this machine"
        ) from error
    files = {}
    if security is not None:
        files["security"] = distributed.Security(
            tls_ca_file=security.ca_file,
            tls_client_cert=security.certificate,
            tls_client_key=security.key,
            require_encryption=True,
        )
    try:
        return distributed.Client(address, timeout="20s", **files)
    except (OSError, TimeoutError) as error:
        raise InputError(
            f"the scheduler at {address} cannot be reached ({error}); is it running, and the address right?"
        ) from error

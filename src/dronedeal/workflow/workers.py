"""Which workers do the work of a verb: threads or processes here, or those of a cluster."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass
from pathlib import Path

from dronedeal.engine import Engine, Processes, engine_of
from dronedeal.errors import CommandError
from dronedeal.solving.stochastic.cluster import Cluster, Security

# A worker that gives no result for so many seconds counts as hung.
USUAL_TIMEOUT = 600.0


@dataclass(frozen=True)
class ClusterAt:
    """A cluster to work on.

    Parameters
    ----------
    address : of its Dask scheduler, such as "tcp://10.0.0.5:8786"
    tls : files in PEM: whom to trust, our certificate, its key; None: without TLS
    timeout : seconds without a result after which the worker that has the work counts as hung
    """

    address: str
    tls: tuple[Path, Path, Path] | None = None
    timeout: float = USUAL_TIMEOUT

    def __post_init__(self) -> None:
        if not 1 <= self.timeout < 1e7:
            raise CommandError(
                f"worker_timeout: found {self.timeout:g}; allowed: seconds from 1 on, such as "
                f"{USUAL_TIMEOUT:g}"
            )
        for name, file in zip(("tls_ca", "tls_cert", "tls_key"), self.tls or (), strict=False):
            if not file.is_file():
                raise CommandError(f"{name}: found no file {file}; name one in PEM that is there")

    def connected(self) -> Cluster:
        """A connection to the cluster.

        Raises
        ------
        InputError : where Dask is not installed, nobody answers, or workers are missing or of other versions
        """
        security = None if self.tls is None else Security(*map(str, self.tls))
        return Cluster(self.address, security=security, timeout=self.timeout)


def cluster_at(
    address: str | None,
    *,
    tls_ca: Path | None = None,
    tls_cert: Path | None = None,
    tls_key: Path | None = None,
    timeout: float = USUAL_TIMEOUT,
) -> ClusterAt | None:
    """The cluster that options name; None where they name none.

    Raises
    ------
    CommandError : options that are about a cluster without its address, or not all three files of TLS

    >>> cluster_at(None) is None
    True
    """
    files = {"tls_ca": tls_ca, "tls_cert": tls_cert, "tls_key": tls_key}
    given = [name for name, file in files.items() if file is not None]
    if address is None:
        if given or timeout != USUAL_TIMEOUT:
            name = given[0] if given else "worker_timeout"
            raise CommandError(f"{name}: found without a cluster; name its scheduler with --cluster ADDRESS")
        return None
    if tls_ca is not None and tls_cert is not None and tls_key is not None:
        return ClusterAt(address, (tls_ca, tls_cert, tls_key), timeout)
    if given:
        missing = " and ".join(name for name in files if name not in given)
        raise CommandError(f"{missing}: missing beside {given[0]}; a TLS connection needs all three files")
    return ClusterAt(address, None, timeout)


@contextmanager
def workers_of(
    cluster: ClusterAt | None,
    count: int,
    *,
    local: Callable[[int], AbstractContextManager[Engine]] = engine_of,
) -> Iterator[Engine]:
    """The engine of a verb, let go at the end of the `with` block.

    Parameters
    ----------
    cluster : where the work is done; None: here
    count : workers of this machine, where there is no cluster
    local : makes the engine of so many workers of this machine
    """
    with local(count) if cluster is None else cluster.connected() as engine:
        yield engine


@contextmanager
def workers_or_none(cluster: ClusterAt | None, processes: int) -> Iterator[Engine | None]:
    """The engine of a verb that has threads of its own; None where nothing else was asked for.

    Parameters
    ----------
    cluster : where the work is done; None: here
    processes : of this machine, where there is no cluster; 1: none but this one
    """
    if cluster is None and processes == 1:
        yield None
        return
    with workers_of(cluster, processes, local=Processes) as engine:
        yield engine

"""A cluster of real workers on this machine: killed, hung, cut off, and over TLS."""

from __future__ import annotations

import importlib.util
import os
import shutil
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

import pytest
from tests.solving.stochastic.random_trees import random_problem

from dronedeal.engine import WorkersLost
from dronedeal.errors import InputError
from dronedeal.solving.interface import Progress, Termination
from dronedeal.solving.stochastic import StagedProblem, TreeSolution, solve_tree
from dronedeal.solving.stochastic.cluster import Cluster, Security

pytestmark = [
    pytest.mark.skipif(
        importlib.util.find_spec("distributed") is None,
        reason="Dask is not installed; it comes with dronedeal[cluster]",
    ),
    # What Dask warns of inside is not of this program.
    pytest.mark.filterwarnings("default"),
]

ROOT = Path(__file__).resolve().parents[3]
GAP = 1e-6
# A cluster of its own process, which ends when nobody reads its output any more or when it is killed.
HOST = """
import sys
from distributed import LocalCluster, Security
if __name__ == "__main__":
    workers, files = int(sys.argv[1]), sys.argv[2:]
    security = Security(
        tls_ca_file=files[0], tls_scheduler_cert=files[0], tls_scheduler_key=files[1],
        tls_worker_cert=files[0], tls_worker_key=files[1],
        tls_client_cert=files[0], tls_client_key=files[1], require_encryption=True,
    ) if files else None
    with LocalCluster(
        n_workers=workers, threads_per_worker=1, dashboard_address=None, security=security,
        protocol="tls://" if files else "tcp://",
    ) as cluster:
        print(cluster.scheduler_address, *(cluster.workers[n].pid for n in cluster.workers), flush=True)
        sys.stdin.read()
"""


class Host:
    """A scheduler with its workers in other processes."""

    def __init__(self, workers: int, files: tuple[str, ...]) -> None:
        self.process = subprocess.Popen(
            [sys.executable, "-c", HOST, str(workers), *files],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
            env={**os.environ, "PYTHONPATH": f"{ROOT / 'src'}{os.pathsep}{ROOT}"},
        )
        assert self.process.stdout is not None
        self.address, *workers_of = self.process.stdout.readline().split()
        self.workers = [int(text) for text in workers_of]

    def close(self) -> None:
        assert self.process.stdin is not None
        assert self.process.stdout is not None
        for worker in self.workers:
            # One that was stopped must go on to be able to end.
            with suppress(ProcessLookupError):
                os.kill(worker, signal.SIGCONT)
        with suppress(BrokenPipeError):
            self.process.stdin.close()
        self.process.wait(60)
        self.process.stdout.close()


@contextmanager
def host(workers: int = 2, files: tuple[str, ...] = ()) -> Iterator[Host]:
    found = Host(workers, files)
    try:
        yield found
    finally:
        found.close()


def problem() -> StagedProblem:
    return random_problem(21, stages=4, is_priced_by_node=True).staged()


def solved(engine: Cluster, *, at_second: Callable[[], None] | None = None) -> TreeSolution:
    """Solve on a cluster, doing something to it at the second word of progress."""
    told: list[Progress] = []

    def on_progress(progress: Progress) -> None:
        told.append(progress)
        if len(told) == 2 and at_second is not None:
            at_second()

    return solve_tree(
        problem(), method="decomposition", depth=2, gap=GAP, engine=engine, on_progress=on_progress
    )


@pytest.fixture(scope="module")
def expected() -> float:
    return solve_tree(problem(), method="extensive", gap=1e-9).cost


def assert_right(found: TreeSolution, expected: float) -> None:
    assert found.termination is Termination.OPTIMAL
    assert found.cost == pytest.approx(expected, rel=2 * GAP)
    assert found.values is not None
    assert problem().violation(found.values) < 1e-6


def test_workers_find_what_is_found_here_and_may_be_killed_on_the_way(expected: float) -> None:
    with host() as workers, Cluster(workers.address) as cluster:
        found = solved(cluster)
        assert_right(found, expected)
        assert found.note == ""
        # One is killed, whose work another takes over; then all, with what they had been sent.
        assert_right(solved(cluster, at_second=lambda: os.kill(workers.workers[0], signal.SIGKILL)), expected)

        def kill_all() -> None:
            pids: dict[str, int] = cluster._client.run(os.getpid)
            for pid in pids.values():
                os.kill(pid, signal.SIGKILL)

        assert_right(solved(cluster, at_second=kill_all), expected)


def test_a_worker_that_hangs_is_given_no_more_work_and_where_all_hang_the_work_goes_on_here(
    expected: float,
) -> None:
    with host() as workers, Cluster(workers.address, timeout=2) as cluster:
        hang = workers.workers[0]
        found = solved(cluster, at_second=lambda: os.kill(hang, signal.SIGSTOP))
        assert_right(found, expected)
        rest = workers.workers[1]
        found = solved(cluster, at_second=lambda: os.kill(rest, signal.SIGSTOP))
        assert_right(found, expected)
        assert "no result came from the cluster at tcp://" in found.note


def test_where_the_scheduler_is_lost_the_work_goes_on_here_and_says_so(expected: float) -> None:
    with host() as workers, Cluster(workers.address, patience=2) as cluster:
        found = solved(cluster, at_second=workers.process.kill)
        assert_right(found, expected)
        assert f"the workers were lost (the scheduler at {workers.address} cannot be reached" in found.note
    with pytest.raises(InputError, match=r"cannot be reached .*; is it running, and the address right"):
        Cluster(workers.address, patience=1)


def test_work_that_ends_every_worker_is_said_to_be_lost() -> None:
    with host(1) as workers, Cluster(workers.address) as cluster, pytest.raises(WorkersLost, match="lost"):
        list(cluster.map(os._exit, [3]))


@pytest.mark.skipif(shutil.which("openssl") is None, reason="openssl makes the certificate")
def test_a_cluster_may_ask_for_tls(tmp_path: Path, expected: float) -> None:
    certificate, key = str(tmp_path / "certificate.pem"), str(tmp_path / "key.pem")
    make: list[Any] = ["openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-subj", "/CN=here"]
    subprocess.run(
        [*make, "-days", "2", "-keyout", key, "-out", certificate], check=True, capture_output=True
    )
    with host(1, (certificate, key)) as workers:
        assert workers.address.startswith("tls://")
        with Cluster(workers.address, security=Security(certificate, certificate, key)) as cluster:
            assert_right(solved(cluster), expected)
        with pytest.raises(InputError, match="asks for TLS; give the files of a certificate"):
            Cluster(workers.address)

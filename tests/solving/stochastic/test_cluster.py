"""The seam to a cluster, with a client that runs everything here."""

from __future__ import annotations

import importlib
import pickle
import threading
from collections.abc import Callable
from typing import Any

import pytest
from tests.solving.stochastic.random_trees import random_problem

from dronedeal.engine import WorkersLost
from dronedeal.errors import InputError
from dronedeal.solving.stochastic import solve_tree
from dronedeal.solving.stochastic.cluster import Cluster


class Future:
    def __init__(self, key: str, work: Callable[[], Any]) -> None:
        self.key = key
        self.work = work
        self.is_cancelled = False

    def result(self, timeout: float) -> Any:
        del timeout
        return self.work()


class Client:
    """What `distributed.Client` offers of what is used, with everything pickled as if it travelled."""

    def __init__(self) -> None:
        self.sent: list[Any] = []
        self.futures: list[Future] = []
        self.is_closed = False
        self.busy: dict[str, list[str]] = {"a": [], "b": []}
        self.allowed: list[list[str] | None] = []
        self.receivers: list[str] | None = None
        self.seen = 0
        self.release: threading.Event | None = None

    def scheduler_info(self, n_workers: int) -> dict[str, Any]:
        assert n_workers == -1
        self.seen += 1
        return {"workers": {name: {"last_seen": self.heart(name)} for name in self.busy}}

    def heart(self, worker: str) -> int:
        """When a worker was heard of last; `b` hangs."""
        return 0 if worker == "b" else self.seen

    def nthreads(self) -> dict[str, int]:
        return dict.fromkeys(self.busy, 1)

    def processing(self) -> dict[str, list[str]]:
        return self.busy

    def scatter(self, data: Any, *, broadcast: bool, direct: bool, workers: list[str] | None = None) -> Any:
        self.receivers = workers
        assert broadcast
        assert not direct
        if self.release is not None and (workers is None or "b" in workers):
            self.release.wait(60)
        self.sent.append(data)
        return data

    def submit(
        self, function: Callable[..., Any], *arguments: Any, pure: bool, workers: list[str] | None = None
    ) -> Future:
        assert not pure
        self.allowed.append(workers)
        text = pickle.dumps((function, arguments))

        def work() -> Any:
            travelled, with_these = pickle.loads(text)
            return pickle.loads(pickle.dumps(travelled(*with_these)))

        self.futures.append(Future(str(len(self.futures)), work))
        return self.futures[-1]

    def cancel(self, futures: list[Future]) -> None:
        for future in futures:
            future.is_cancelled = True

    def close(self) -> None:
        self.is_closed = True


def double(number: int) -> int:
    return 2 * number


def test_results_come_in_order_and_a_function_travels_once() -> None:
    client = Client()
    with Cluster("tcp://here:1", client=client) as cluster:
        assert list(cluster.map(double, [3, 1, 2])) == [6, 2, 4]
        assert list(cluster.map(double, [5])) == [10]
        assert len(client.sent) == 1
        assert list(cluster.map(abs, [-5])) == [5]
        assert len(client.sent) == 2
        assert all(future.is_cancelled for future in client.futures)
    assert not client.is_closed


def test_a_tree_is_solved_on_a_cluster_as_it_is_here() -> None:
    staged = random_problem(9, stages=3).staged()
    client = Client()
    there = solve_tree(
        staged, method="decomposition", gap=1e-7, engine=Cluster("tcp://here:1", client=client)
    )
    here = solve_tree(staged, method="decomposition", gap=1e-7)
    assert there.cost == pytest.approx(here.cost, rel=1e-6)
    assert client.futures
    assert len(client.sent) == 1


def test_work_that_hangs_is_given_to_another_worker_once_there_is_one() -> None:
    client = Client()
    cluster = Cluster("tcp://here:1", client=client, timeout=0.2)

    def hang() -> Any:
        raise TimeoutError

    results = cluster.map(double, [1, 2])
    client.futures[0].work = hang
    client.busy = {"a": ["0"], "b": []}
    assert list(results) == [2, 4]
    assert client.allowed == [None, None, ["b"]]
    # What is new is sent to nobody who hangs.
    assert list(cluster.map(abs, [-3])) == [3]
    assert client.receivers == ["b"]
    # The one that is left hangs too.
    results = cluster.map(double, [1])
    client.futures[-1].work = hang
    client.busy = {"a": [], "b": ["4"]}
    with pytest.raises(
        WorkersLost, match=r"no result came from the cluster at tcp://here:1 for 0\.2 s; look at its workers"
    ):
        next(results)


def test_work_that_shall_stop_waits_for_no_worker() -> None:
    client = Client()
    cluster = Cluster("tcp://here:1", client=client)

    def hang() -> Any:
        raise TimeoutError

    results = cluster.map_until(double, [1, 2], lambda: True)
    client.futures[1].work = hang
    assert list(results) == [2]
    assert all(future.is_cancelled for future in client.futures)


def test_a_worker_that_hangs_before_it_was_sent_anything_holds_up_nobody() -> None:
    client = Client()
    client.release = threading.Event()
    cluster = Cluster("tcp://here:1", client=client, patience=0.3)
    assert list(cluster.map(double, [1, 2])) == [2, 4]
    assert client.receivers == ["a"]
    assert client.allowed == [["a"], ["a"]]
    # Whoever shall stop meanwhile waits for nobody either.
    again = Cluster("tcp://here:1", client=client, patience=60)
    assert list(again.map_until(double, [1], lambda: True)) == []
    client.release.set()


def test_a_cluster_without_dask_says_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    def missing(name: str) -> Any:
        raise ImportError(name)

    monkeypatch.setattr(importlib, "import_module", missing)
    with pytest.raises(
        InputError, match=r"a cluster needs Dask, which is not installed; install dronedeal\[cluster\]"
    ):
        Cluster("tcp://here:1")

"""Which workers of a cluster are refused, and what is said of them."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from dronedeal.errors import InputError
from dronedeal.solving.stochastic.worker_versions import require_workers

Asked = Callable[[Callable[..., Any], str], Any]


class Future:
    def __init__(self, work: Callable[[], Any]) -> None:
        self._work = work

    def result(self, timeout: float) -> Any:
        assert timeout <= 1
        return self._work()


class Client:
    """What a connection offers of what is used, with a word of each worker's own."""

    def __init__(self, **workers: Asked) -> None:
        self.workers = workers
        self.given_up = 0

    def wait_for_workers(self, count: int, timeout: float) -> None:
        if len(self.workers) < count:
            raise TimeoutError(f"after {timeout} s")

    def nthreads(self) -> dict[str, int]:
        return dict.fromkeys(self.workers, 1)

    def submit(
        self,
        function: Callable[..., Any],
        words: str,
        *,
        workers: list[str],
        allow_other_workers: bool,
        pure: bool,
    ) -> Future:
        assert not allow_other_workers
        assert not pure
        return Future(lambda: self.workers[workers[0]](function, words))

    def cancel(self, futures: list[Future]) -> None:
        self.given_up += len(futures)


def here(function: Callable[..., Any], words: str) -> Any:
    return function(words)


def older(function: Callable[..., Any], words: str) -> Any:
    return function(words) | {"highspy": "1.0.0", "python": "3.9"}


def bare(function: Callable[..., Any], words: str) -> Any:
    del function, words
    raise ModuleNotFoundError("No module named 'dronedeal'")


def hung(function: Callable[..., Any], words: str) -> Any:
    del function, words
    raise TimeoutError


def test_workers_with_the_same_programs_are_taken_and_one_that_hangs_is_left_to_be_noticed() -> None:
    client = Client(a=here, b=hung, c=here)
    require_workers(client, "tcp://there:1", 0.3)
    assert client.given_up == 3


def test_a_worker_with_another_program_is_named_with_what_it_has() -> None:
    with pytest.raises(InputError) as told:
        require_workers(Client(a=here, b=older, c=bare), "tcp://there:1", 1.0)
    words = str(told.value)
    assert words.startswith(
        "workers of the cluster at tcp://there:1 cannot do this work: b has highspy 1.0.0,"
    )
    assert "python 3.9, here 3." in words
    assert "c lacks a program (ModuleNotFoundError: No module named 'dronedeal')" in words
    assert words.endswith("install the same versions there, and start them again")
    assert "a has" not in words


def test_a_cluster_without_workers_is_refused_with_how_to_start_one() -> None:
    with pytest.raises(
        InputError, match="has no workers; start one or more with `dask worker tcp://there:1`"
    ):
        require_workers(Client(), "tcp://there:1", 0.3)

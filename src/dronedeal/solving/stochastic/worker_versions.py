"""Whether the workers of a cluster have the same programs as the process that asks them."""

from __future__ import annotations

import sys
from collections.abc import Mapping
from concurrent.futures import CancelledError
from importlib.metadata import version
from typing import Any

from dronedeal.errors import InputError

# How long an answer is waited for before the next worker is asked, in seconds.
_SLICE = 0.1
# What a result depends on; a worker where one of them differs would give results of another program.
_PROGRAMS = ("dronedeal", "numpy", "scipy", "highspy")
# Asked in words that any Python understands, for a worker may lack the program altogether.
_ASKED = (
    f"{{name: __import__('importlib.metadata', fromlist=['version']).version(name) for name in {_PROGRAMS}}}"
    " | {'python': '.'.join(map(str, __import__('sys').version_info[:2]))}"
)


def require_workers(client: Any, address: str, patience: float) -> None:
    """Refuse a cluster without workers, or whose workers are not of the versions of this process.

    Parameters
    ----------
    client : the connection
    patience : seconds in which a worker must be there, and say what it has

    Raises
    ------
    InputError : where there is none, or one that has anything else
    """
    try:
        client.wait_for_workers(1, timeout=patience)
    except TimeoutError as error:
        raise InputError(
            f"the scheduler at {address} has no workers; start one or more with `dask worker {address}`, in "
            "an environment with dronedeal[cluster]"
        ) from error
    found = _asked_of_workers(client, patience)
    own = {name: version(name) for name in _PROGRAMS}
    own["python"] = ".".join(map(str, sys.version_info[:2]))
    faults = [words for worker, has in sorted(found.items()) if (words := _unlike(worker, has, own))]
    if faults:
        raise InputError(
            f"workers of the cluster at {address} cannot do this work: {'; '.join(faults)}; install the same "
            "versions there, and start them again"
        )


def _asked_of_workers(client: Any, patience: float) -> dict[str, Any]:
    """What each worker says that it has.

    One that hangs says nothing; it is noticed, and given no more work, when it gives no result.
    """
    asked = {
        worker: client.submit(eval, _ASKED, workers=[worker], allow_other_workers=False, pure=False)
        for worker in client.nthreads()
    }
    found: dict[str, Any] = {}
    waited = 0.0
    for worker, future in asked.items():
        while worker not in found and waited < patience:
            try:
                found[worker] = future.result(timeout=_SLICE)
            except TimeoutError:
                waited += _SLICE
            except (CancelledError, OSError, LookupError, ImportError, SyntaxError) as error:
                found[worker] = error
    client.cancel(list(asked.values()))
    return found


def _unlike(worker: str, has: Any, own: Mapping[str, str]) -> str:
    """What a worker has otherwise than this process, in words; empty where nothing."""
    if not isinstance(has, Mapping):
        return f"{worker} lacks a program ({type(has).__name__}: {has})"
    differs = [f"{name} {has.get(name)}, here {mine}" for name, mine in own.items() if has.get(name) != mine]
    return f"{worker} has {', '.join(differs)}" if differs else ""

"""What holds for every test."""

from __future__ import annotations

import signal
from collections.abc import Iterator

import pytest
from tests.proofs import FEW, FULL, proofs_of


@pytest.fixture(scope="session", autouse=True)
def _few_parts() -> Iterator[None]:
    """Proofs of few parts, unless a test asks for more; before any plan that several tests share."""
    with proofs_of(FEW):
        yield


@pytest.fixture(scope="session", autouse=True)
def _ctrl_c_is_heard() -> Iterator[None]:
    """Whoever starts the tests in the background may have Ctrl-C ignored, and commands take that over."""
    before = signal.getsignal(signal.SIGINT)
    if before is signal.SIG_IGN:
        signal.signal(signal.SIGINT, signal.default_int_handler)
    yield
    signal.signal(signal.SIGINT, before)


@pytest.fixture(scope="module")
def full_proofs() -> Iterator[None]:
    """Proofs as a user has them, for the tests of a module."""
    with proofs_of(FULL):
        yield

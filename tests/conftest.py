"""What holds for every test."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from tests.proofs import FEW, FULL, proofs_of


@pytest.fixture(scope="session", autouse=True)
def _few_parts() -> Iterator[None]:
    """Proofs of few parts, unless a test asks for more; before any plan that several tests share."""
    with proofs_of(FEW):
        yield


@pytest.fixture(scope="module")
def full_proofs() -> Iterator[None]:
    """Proofs as a user has them, for the tests of a module."""
    with proofs_of(FULL):
        yield

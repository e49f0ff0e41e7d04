"""How far the proofs of plans on learning curves go in the tests.

A proof cuts the plans of each learning group into parts, 360 of them in all, which takes seconds even for a
deal of two products. A bound of fewer parts is just as valid and only farther away, and the plan is the same.
So tests that do not ask how close a bound comes have proofs of few parts; those that do use `full_proofs`.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from dronedeal.solving import learning_bound

FULL = learning_bound._CUTS, learning_bound._LEAST_CUTS
FEW = (4, 6, 8), 1


@contextmanager
def proofs_of(cuts: tuple[tuple[int, ...], int]) -> Iterator[None]:
    """Let proofs cut so many parts in each round, and at least so many in each group."""
    before = learning_bound._CUTS, learning_bound._LEAST_CUTS
    learning_bound._CUTS, learning_bound._LEAST_CUTS = cuts
    try:
        yield
    finally:
        learning_bound._CUTS, learning_bound._LEAST_CUTS = before

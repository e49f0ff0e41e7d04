"""The blocks of the model in the order in which a problem is built.

A block is one short function that adds one family of columns, of rows or of utility terms; it registers
itself, so that the list of families cannot disagree with the code. Every block has a golden LP file.
"""

from __future__ import annotations

from collections.abc import Callable

from dronedeal.planning.data import PlanningData
from dronedeal.planning.problem import ProblemBuilder

Block = Callable[[PlanningData, ProblemBuilder], None]
COLUMN_BLOCKS: dict[str, Block] = {}
ROW_BLOCKS: dict[str, Block] = {}
UTILITY_BLOCKS: dict[str, Block] = {}
CLOSING_BLOCKS: dict[str, Block] = {}


def columns(name: str) -> Callable[[Block], Block]:
    """Register a function that adds the column family of that name."""
    return _register(COLUMN_BLOCKS, name)


def rows(name: str) -> Callable[[Block], Block]:
    """Register a function that adds the row family of that name."""
    return _register(ROW_BLOCKS, name)


def utility(name: str) -> Callable[[Block], Block]:
    """Register a function that adds one item of the utilities."""
    return _register(UTILITY_BLOCKS, name)


def closing(name: str) -> Callable[[Block], Block]:
    """Register a function that adds the row family of that name once the flows of the utilities are known."""
    return _register(CLOSING_BLOCKS, name)


def _register(registry: dict[str, Block], name: str) -> Callable[[Block], Block]:
    def decorate(block: Block) -> Block:
        if name in registry:
            raise ValueError(f"block {name} is registered twice")
        registry[name] = block
        return block

    return decorate

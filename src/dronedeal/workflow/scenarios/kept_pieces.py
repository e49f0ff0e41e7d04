"""The work on the parts of a large tree in a checkpoint: each piece as it is done, and taken up again.

A piece is known by what it was given, to the last bit: whatever round of the work it belongs to and in
whatever order pieces are done, what is found under its name is what doing it again would find.
"""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from dronedeal.planning.held import Decisions
from dronedeal.solving.highs import Basis
from dronedeal.workflow.checkpoint import Checkpoint
from dronedeal.workflow.plain import digest_of, from_plain, plain
from dronedeal.workflow.scenarios.part_work import Again, Bounds, Piece, Whole

_KINDS = (Whole, Bounds, Basis, Decisions)


class KeptPieces:
    """What is known of the pieces of one tree.

    Parameters
    ----------
    checkpoint : where it lies; None: nothing is kept
    """

    def __init__(self, checkpoint: Checkpoint | None) -> None:
        self._checkpoint = checkpoint

    def known(self, piece: Piece) -> Piece:
        """The piece to be done: itself, or that which makes its result of what is kept."""
        if self._checkpoint is None:
            return piece
        data = self._checkpoint.recall(*_name(piece))
        return piece if data is None else Piece("again", Again(from_plain(data, _KINDS)))

    def keep(self, piece: Piece, result: Any) -> None:
        """Keep the result of a piece that was done to its end.

        Scenarios are not kept: they are made anew of the columns of the plan, and checked anew.
        """
        if self._checkpoint is None or piece.kind == "again":
            return
        slim = replace(result, scenarios=()) if isinstance(result, Whole) else result
        self._checkpoint.keep(*_name(piece), plain(slim))


def _name(piece: Piece) -> tuple[str, str]:
    return piece.kind, digest_of(piece.given)

"""Term sheets that differ from one of reference by a few moves, each valued once.

A *move* takes one clause to the buyer's position, to the seller's, to where the deal has it now, to a value
that was proposed, or out of the term sheet. A set of moves
is valued by a function that the caller gives, which re-plans; bargaining only compares what comes back.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from dronedeal.errors import InputError, StoppedError
from dronedeal.negotiation.engine import Engine, Serial
from dronedeal.negotiation.evaluator import BUYER, SELLER, Utilities
from dronedeal.negotiation.inquiry import OnProgress, ShouldStop

TO_BUYER, TO_SELLER, DROPPED = "buyer", "seller", "dropped"
TO_NOW, TO_PROPOSED = "now", "proposed"
PLACES = (TO_BUYER, TO_SELLER, DROPPED, TO_NOW, TO_PROPOSED)
# Two utilities that differ by no more than this share of them are one; it is a dollar in ten billion.
_ROUNDING = 1e-10


@dataclass(frozen=True, slots=True, order=True)
class Move:
    """One clause taken somewhere: to the position of a side, or out of the term sheet."""

    clause: str
    to: str


Moves = frozenset[Move]
# Utilities of both sides under some moves; None: there is no agreement with them.
Value = Utilities | None
NO_MOVES: Moves = frozenset()


@dataclass(frozen=True, slots=True)
class Clause:
    """A term that can be moved.

    Parameters
    ----------
    id : its name
    moves : where it can go; a clause without a position of a side, or that cannot be left out, has fewer
    """

    id: str
    moves: tuple[str, ...] = (TO_BUYER, TO_SELLER, DROPPED)

    def __post_init__(self) -> None:
        wrong = [to for to in self.moves if to not in PLACES]
        if wrong or not self.moves:
            raise InputError(
                f"clause {self.id!r} moves to {', '.join(map(repr, wrong)) or 'nowhere'}; allowed: "
                f"one or more of {', '.join(map(repr, PLACES))}"
            )

    def each_move(self) -> tuple[Move, ...]:
        """All its moves."""
        return tuple(Move(self.id, to) for to in self.moves)


def _never() -> bool:
    return False


@dataclass
class Trials:
    """Values of sets of moves, asked for once each, by an engine, with checkpoint, progress and stop.

    Parameters
    ----------
    value : utilities of (buyer, seller) of the term sheet with these moves; None: no agreement with them
    engine : where sets that do not wait for one another are valued
    entries : what `entries` of earlier trials gave: plain data that a file can hold. It stands in for the
        valuing of what is asked for and is not known before it is, so that a run that is taken up again
        sees the same in the same order
    on_new : called with each new entry

    Examples
    --------
    >>> trials = Trials(lambda moves: (float(len(moves)), 0.0))
    >>> trials.change(frozenset({Move("advance", "seller")}))
    (1.0, 0.0)
    >>> trials.entries[-1]
    {'moves': [['advance', 'seller']], 'utilities': [1.0, 0.0]}
    """

    value: Callable[[Moves], Value]
    engine: Engine = field(default_factory=Serial)
    entries: list[dict[str, Any]] = field(default_factory=list)
    on_new: Callable[[dict[str, Any]], None] | None = None
    on_progress: OnProgress | None = None
    should_stop: ShouldStop = _never

    def __post_init__(self) -> None:
        self._known: dict[Moves, Value] = {}
        self._stored: dict[Moves, Value] = {}
        self.entries = list(self.entries)
        for entry in self.entries:
            moves = frozenset(Move(clause, to) for clause, to in entry["moves"])
            found = entry["utilities"]
            self._stored[moves] = None if found is None else (float(found[BUYER]), float(found[SELLER]))

    @property
    def known(self) -> Mapping[Moves, Value]:
        """All that was asked for, in the order in which it was."""
        return self._known

    def each(self, wanted: Iterable[Moves], *, step: str = "clauses") -> list[Value]:
        """The values of several sets of moves, in their order."""
        asked = list(wanted)
        wanting = [moves for moves in dict.fromkeys(asked) if moves not in self._known]
        new = [moves for moves in wanting if moves not in self._stored]
        if new:
            self._stop_if_told()
            for count, (moves, value) in enumerate(
                zip(new, self.engine.map(self.value, new), strict=True), start=1
            ):
                self._keep(moves, value, step, count + len(self._known) + len(wanting) - len(new))
                if count < len(new):
                    self._stop_if_told()
        self._known |= {moves: self._stored[moves] for moves in wanting}
        return [self._known[moves] for moves in asked]

    @property
    def valued(self) -> Mapping[Moves, Value]:
        """All that has been valued, whether it was asked for in this run or not."""
        return self._stored

    def change(self, moves: Moves) -> Value:
        """What both sides gain by some moves over the term sheet of reference; None: no agreement."""
        base, value = self.each([NO_MOVES, moves])
        if base is None:
            raise InputError(
                "the term sheet of reference allows no agreement; start from one that does, as a fair point"
            )
        return None if value is None else difference(value, base)

    def changes(self, wanted: Sequence[Moves], *, step: str = "clauses") -> list[Value]:
        """What both sides gain by each of several sets of moves."""
        self.each([NO_MOVES, *wanted], step=step)
        return [self.change(moves) for moves in wanted]

    def _keep(self, moves: Moves, value: Value, step: str, count: int) -> None:
        self._stored[moves] = value
        entry = {
            "moves": [[move.clause, move.to] for move in sorted(moves)],
            "utilities": None if value is None else list(value),
        }
        self.entries.append(entry)
        if self.on_new is not None:
            self.on_new(entry)
        if self.on_progress is not None:
            self.on_progress(step, count)

    def _stop_if_told(self) -> None:
        if self.should_stop():
            raise StoppedError("stopped on request; what was valued so far is in the checkpoint")


def difference(after: Utilities, before: Utilities) -> Utilities:
    """`after − before` of both sides, exactly 0 where only the rounding of a solver tells them apart.

    Examples
    --------
    >>> difference((9.9e9 + 4e-6, 5.0), (9.9e9, 3.0))
    (0.0, 2.0)
    """
    return _less(after[BUYER], before[BUYER]), _less(after[SELLER], before[SELLER])


def _less(after: float, before: float) -> float:
    change = after - before
    return change if abs(change) > _ROUNDING * max(abs(after), abs(before)) else 0.0


def total(parts: Iterable[Utilities]) -> Utilities:
    """The sum of some changes of both sides."""
    buyer = seller = 0.0
    for part in parts:
        buyer, seller = buyer + part[BUYER], seller + part[SELLER]
    return buyer, seller

"""How far inputs may move before a recommendation changes, found by trying within a limit of work.

Every input is first moved as far as it is asked about; where the recommendation does not survive that, the
range between the furthest move that it survived and the nearest that it did not is halved. Nothing is taken
for granted between two moves: what is stated is what was tried.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from dronedeal.errors import InputError

# A range is as fine as it was asked for up to this share.
_ROUNDING = 1e-9


@dataclass(frozen=True, slots=True)
class Verdict:
    """What becomes of a recommendation under a move.

    Parameters
    ----------
    holds : whether it is still the one to recommend
    words : what happens where it is not, as the end of a sentence
    is_proven : whether plans and bounds prove it; otherwise it is what the search found
    """

    holds: bool
    words: str = ""
    is_proven: bool = False


@dataclass(frozen=True, slots=True)
class Asked:
    """One input and the way in which it is moved.

    Parameters
    ----------
    key : name, unlike all others
    furthest : largest move that is tried, above 0
    finest : width of the range at which the search ends, above 0
    """

    key: str
    furthest: float
    finest: float


@dataclass(frozen=True, slots=True)
class Margin:
    """How far one input may move.

    Parameters
    ----------
    holds_to : largest move tried below `fails_at` under which the recommendation holds; 0: none was tried
    fails_at : smallest move tried under which it does not; None: none
    verdict : at `fails_at`, else at `holds_to`; None: no move was tried
    """

    asked: Asked
    holds_to: float = 0.0
    fails_at: float | None = None
    verdict: Verdict | None = None

    @property
    def is_closed(self) -> bool:
        """Whether nothing is left to try."""
        return self.verdict is not None and (
            self.fails_at is None or self.fails_at - self.holds_to <= self.asked.finest * (1.0 + _ROUNDING)
        )


def margins(
    inputs: Sequence[Asked], judge: Callable[[Asked, float], Verdict], *, most: int
) -> tuple[Margin, ...]:
    """How far each input may move, in the order given.

    Parameters
    ----------
    inputs : with their ways; all are moved furthest before any range is halved
    judge : what becomes of the recommendation under a move of so much
    most : moves that are judged altogether

    Examples
    --------
    >>> found, = margins([Asked("budgets", 0.4, 0.1)], lambda _, move: Verdict(move < 0.25), most=9)
    >>> round(found.holds_to, 6), round(found.fails_at, 6)
    (0.2, 0.3)
    """
    if most < 0:
        raise InputError(f"moves: found {most}; allowed: 0 or more, 0 tries none")
    if any(min(each.furthest, each.finest) <= 0 for each in inputs):
        raise InputError("moves: found a furthest or finest one of 0 or below; allowed: numbers above 0")
    found = [Margin(each) for each in inputs]
    for number, each in enumerate(inputs[:most]):
        found[number] = _judged(found[number], each.furthest, judge)
    for _ in range(most - len(inputs)):
        open_ones = [number for number, each in enumerate(found) if not each.is_closed]
        if not open_ones:
            break
        widest = max(open_ones, key=lambda number: _width(found[number]))
        found[widest] = _judged(found[widest], _middle(found[widest]), judge)
    return tuple(found)


def _width(margin: Margin) -> float:
    """Width of the open range in units of its finest."""
    assert margin.fails_at is not None
    return (margin.fails_at - margin.holds_to) / margin.asked.finest


def _middle(margin: Margin) -> float:
    assert margin.fails_at is not None
    return (margin.fails_at + margin.holds_to) / 2


def _judged(margin: Margin, move: float, judge: Callable[[Asked, float], Verdict]) -> Margin:
    verdict = judge(margin.asked, move)
    if not verdict.holds:
        return Margin(margin.asked, margin.holds_to, move, verdict)
    kept = verdict if margin.fails_at is None else margin.verdict
    return Margin(margin.asked, move, margin.fails_at, kept)

"""What failed first in a future, and which outcomes did it: each is tried alone, all else as stated."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from dronedeal.deal.scenario_tree import Outcome, Varied
from dronedeal.planning.scenarios.fresh import State
from dronedeal.results.stress.measure import Measured, Room
from dronedeal.results.stress.vocabulary import SERVICES, Service


class Turn(NamedTuple):
    """Something that turned out otherwise than stated.

    varied, outcome : what, and how; stage : from which fiscal year on, counted from 0
    """

    varied: Varied
    outcome: Outcome
    stage: int


class Failure(NamedTuple):
    """The first promise that a future breaks, with how far and when (number of the month)."""

    service: Service
    room: Room


@dataclass(frozen=True)
class Cause:
    """Why something failed.

    Parameters
    ----------
    turns : outcomes that did it
    is_alone : the first one alone would have done it; otherwise only all of them together
    """

    turns: tuple[Turn, ...]
    is_alone: bool


def first_failure(found: Measured, promised: frozenset[Service]) -> Failure | None:
    """The promise that is broken in the earliest month, of several the first kind in the vocabulary."""
    order = {kind: place for place, kind in enumerate(SERVICES)}
    broken = [
        Failure(service, room)
        for service, room in found.services.items()
        if room.margin < 0 and service in promised
    ]
    return min(
        broken,
        key=lambda each: (each.room.month, order[each.service.kind], each.service.subject),
        default=None,
    )


def turns_of(states: Sequence[State], stage: int) -> tuple[Turn, ...]:
    """What is in force in a stage otherwise than stated, each with the stage since when.

    >>> cut = {Varied("budget", "army"): Outcome("cut", 0.7)}
    >>> [turn.stage for turn in turns_of([{}, cut, cut], 2)]
    [1]
    """
    found = []
    for varied, outcome in sorted(states[stage].items()):
        since = stage
        while since and states[since - 1].get(varied) == outcome:
            since -= 1
        if outcome.multiplier != 1.0:
            found.append(Turn(varied, outcome, since))
    return tuple(found)


def alone(turn: Turn, n_stages: int) -> tuple[State, ...]:
    """The future in which nothing but one outcome turns out otherwise than stated."""
    state: State = {turn.varied: turn.outcome}
    return tuple({} if stage < turn.stage else state for stage in range(n_stages))


def cause_of(
    service: Service, turns: Sequence[Turn], tried: Mapping[Turn, Measured], stated: Measured
) -> Cause:
    """Which of the outcomes in force made a service fail.

    One that alone makes it fail is the cause; of several the one that does so by most. Where none does, all
    that alone leave less room than there was are the cause together, or, where none does even that, all.

    Parameters
    ----------
    turns : in force when it failed
    tried : what each of them alone comes to
    stated : the signed plan where nothing turns out otherwise
    """
    margins = [(_margin(tried[turn], service), turn) for turn in turns]
    failing = sorted((margin, turn) for margin, turn in margins if margin < 0)
    if failing:
        return Cause((failing[0][1],), is_alone=True)
    before = _margin(stated, service)
    tighter = tuple(turn for margin, turn in margins if margin < before)
    return Cause(tighter or tuple(turns), is_alone=False)


def _margin(found: Measured, service: Service) -> float:
    room = found.services.get(service)
    return 0.0 if room is None else room.margin

"""What failed first, and why."""

from __future__ import annotations

import numpy as np

from dronedeal.deal.scenario_tree import Outcome, Varied
from dronedeal.results.stress.causes import Turn, alone, cause_of, first_failure, turns_of
from dronedeal.results.stress.measure import Measured, Room
from dronedeal.results.stress.vocabulary import Service

NEED, COVER = Service("own_needs", "shark", 2028), Service("coverage", "recon", 2028)
LATE = Service("coverage", "recon", 2029)
CUT, STRUCK = (
    Turn(Varied("budget", "army"), Outcome("cut", 0.7), 1),
    Turn(Varied("line_outage", "*"), Outcome("struck", 0.5), 2),
)


def room(**margins: float) -> Measured:
    named = {"need": (NEED, 14), "cover": (COVER, 23), "late": (LATE, 35)}
    rooms = {named[name][0]: Room(margin, named[name][1]) for name, margin in margins.items()}
    return Measured(rooms, {}, np.zeros((0, 0)), np.zeros((0, 0)), 0.0)


def test_the_earliest_broken_promise_is_the_first_failure() -> None:
    promised = frozenset({NEED, COVER, LATE})
    found = first_failure(room(need=-1.0, cover=-5.0, late=-9.0), promised)
    assert found is not None
    assert found.service == NEED
    assert first_failure(room(need=-1.0, cover=-5.0), promised - {NEED}) == (COVER, Room(-5.0, 23))
    assert first_failure(room(need=0.0, late=2.0), promised) is None
    assert first_failure(room(late=-2.0), frozenset()) is None


def test_what_is_in_force_counts_from_when_it_turned_out() -> None:
    cut, struck = {CUT.varied: CUT.outcome}, {CUT.varied: CUT.outcome, STRUCK.varied: STRUCK.outcome}
    stated = {**struck, Varied("price", "*"): Outcome("as_offered", 1.0)}
    assert turns_of([{}, cut, stated, stated], 3) == (CUT, STRUCK)
    assert turns_of([{}, cut, stated, stated], 1) == (CUT,)
    assert alone(STRUCK, 4) == ({}, {}, {STRUCK.varied: STRUCK.outcome}, {STRUCK.varied: STRUCK.outcome})


def test_the_outcome_that_alone_does_it_worst_is_the_cause() -> None:
    stated = room(cover=2.0)
    both = {CUT: room(cover=-1.0), STRUCK: room(cover=-3.0)}
    assert cause_of(COVER, [CUT, STRUCK], both, stated).turns == (STRUCK,)
    one = {CUT: room(cover=-1.0), STRUCK: room(cover=3.0)}
    found = cause_of(COVER, [CUT, STRUCK], one, stated)
    assert (found.turns, found.is_alone) == ((CUT,), True)


def test_outcomes_that_do_it_only_together_are_named_together() -> None:
    stated = room(cover=2.0)
    other = Turn(Varied("price", "*"), Outcome("lower", 0.9), 1)
    tried = {CUT: room(cover=1.0), STRUCK: room(cover=0.5), other: room(cover=4.0)}
    found = cause_of(COVER, [CUT, STRUCK, other], tried, stated)
    assert (found.turns, found.is_alone) == ((CUT, STRUCK), False)
    none = {CUT: room(cover=2.0), STRUCK: room(cover=2.0)}
    assert cause_of(COVER, [CUT, STRUCK], none, stated).turns == (CUT, STRUCK)

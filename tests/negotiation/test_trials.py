"""Term sheets are valued once each, in order, and remembered."""

from __future__ import annotations

import json

import pytest
from tests.negotiation.term_changes import PairwiseWorth, to

from dronedeal.errors import InputError, StoppedError
from dronedeal.negotiation.engine import Threads
from dronedeal.negotiation.trials import NO_MOVES, Clause, Trials


def test_every_set_of_moves_is_valued_once_even_after_a_restart() -> None:
    worth = PairwiseWorth(1, 3)
    trials = Trials(worth)
    wanted = [frozenset({move}) for clause in worth.clauses for move in clause.each_move()]
    changes = trials.changes([*wanted, *wanted])
    assert changes[: len(wanted)] == [worth.single[next(iter(moves))] for moves in wanted]
    assert changes[len(wanted) :] == changes[: len(wanted)]
    assert len(worth.asked) == len(wanted) + 1
    again = Trials(PairwiseWorth(99, 1), entries=json.loads(json.dumps(trials.entries)))
    assert again.changes(wanted) == changes[: len(wanted)]
    assert again.known == trials.known


def test_values_do_not_depend_on_how_many_work_on_them() -> None:
    worth = PairwiseWorth(2, 6)
    wanted = [frozenset({move}) for clause in worth.clauses for move in clause.each_move()]
    with Threads(4) as engine:
        assert Trials(worth, engine=engine).changes(wanted) == Trials(worth).changes(wanted)


def test_progress_is_told_and_a_stop_keeps_what_was_valued() -> None:
    worth, told, written = PairwiseWorth(3, 4), [], []
    trials = Trials(
        worth,
        on_progress=lambda step, count: told.append((step, count)),
        on_new=written.append,
        should_stop=lambda: len(worth.asked) >= 2,
    )
    with pytest.raises(StoppedError, match="in the checkpoint"):
        trials.each([NO_MOVES, *(frozenset({c.each_move()[0]}) for c in worth.clauses)], step="clauses")
    assert told == [("clauses", 1), ("clauses", 2)]
    assert written == trials.entries
    assert len(written) == 2


def test_moves_that_allow_no_agreement_have_no_value_and_are_remembered() -> None:
    trials = Trials(lambda moves: None if moves else (1.0, 2.0))
    assert trials.change(to("permit")) is None
    again = Trials(lambda moves: (0.0, 0.0), entries=json.loads(json.dumps(trials.entries)))
    assert again.change(to("permit")) is None


def test_a_term_sheet_of_reference_without_an_agreement_is_refused() -> None:
    with pytest.raises(InputError, match="the term sheet of reference allows no agreement"):
        Trials(lambda moves: None).change(to("permit"))


def test_a_clause_must_have_somewhere_to_go() -> None:
    with pytest.raises(InputError, match="clause 'a' moves to nowhere"):
        Clause("a", ())
    with pytest.raises(InputError, match="clause 'a' moves to 'middle'; allowed: one or more of 'buyer'"):
        Clause("a", ("middle",))

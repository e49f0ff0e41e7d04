"""Which packages of a deal are looked at, and all that has to be known of each before the first question."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass
from functools import partial

from dronedeal.deal import Deal
from dronedeal.deal.term_sheet import Side, position, value_now
from dronedeal.engine import Engine, Serial, engine_of
from dronedeal.negotiation.evaluator import Outcome, Question, Utilities, weighted
from dronedeal.negotiation.packages import (
    Changes,
    Package,
    PackageChoice,
    Places,
    chosen_packages,
)
from dronedeal.negotiation.trials import Value, difference
from dronedeal.workflow.negotiation.evaluator import DealEvaluator
from dronedeal.workflow.negotiation.packages import Learnt, Packages, learn
from dronedeal.workflow.negotiation.prepared import Prepared
from dronedeal.workflow.negotiation.walk import FEWER_STEPS

# Packages that are looked at: of a large problem each costs minutes.
MOST_SMALL, MOST_LARGE, MOST_HUGE = 32, 8, 1
# A change of less than this share of a utility cannot be told from none before the packages are known.
_TELLING = 1e-4
# Packages that several workers look at together: each is one thread's work, much of it in the interpreter,
# where one waits for another, so that no more threads than cores would leave a core idle.
_AT_ONCE = 4
_SIDES: tuple[Side, ...] = ("buyer", "seller")

Remembered = Callable[[str, Callable[[], Value]], Value]
"""Gives a value that was worked out before under that name, else works it out and keeps it."""


@dataclass(frozen=True)
class Looked:
    """The packages that are looked at.

    packages : their evaluators; choice : why these; stays : why their clauses are not in proportion
    """

    packages: Packages
    choice: PackageChoice
    stays: Mapping[str, str]

    def still(self, stays: Mapping[str, str]) -> dict[str, str]:
        """Clauses that stay as they are in all packages, each with the reason why it stays in one."""
        found = [each.package for each in self.choice.chosen]
        return {
            clause: reason
            for clause, reason in stays.items()
            if len({package.get(clause) for package in found}) < 2
        }


@dataclass(frozen=True)
class Search:
    """What choosing packages and learning of them share.

    Parameters
    ----------
    deal : as it stands
    floors : what both sides have without an agreement
    engine : where packages are looked at
    remembered : see `Remembered`
    say : told each step
    prepared : keeps what is known of a package before its first question, by the name of the package
    """

    deal: Deal
    floors: Utilities
    engine: Engine
    remembered: Remembered
    say: Callable[[str], None]
    prepared: Callable[[str], Prepared]


def look_at_packages(search: Search, base: DealEvaluator, *, most: int | None) -> Looked:
    """Choose packages and learn what the questions to each begin with.

    Parameters
    ----------
    base : plans of the deal as it stands, which was asked nothing yet
    most : packages at most; None: as many as are usual for the size of the problem
    """
    deal, floors, engine = search.deal, search.floors, search.engine
    stays = {term: base.stays[term] for term in base.stays if term in {*base.structural, *base.open.left_out}}
    places = _places(deal, tuple(stays))
    limit = most or (MOST_HUGE if base.is_huge else MOST_LARGE if base.is_large else MOST_SMALL)
    if base.is_large:
        search.say("a walk along the frontier")
    if limit == 1 or not places:
        alone = learn(base, floors, is_alone=True, engine=engine)
        return Looked(Packages([base], (), [alone], floors), PackageChoice((), 1), {})
    as_it_is = _named({clause: each[0] for clause, each in places.items()})
    base = base.under_package(as_it_is, prepared=search.prepared("package 1"))
    first = learn(base, floors, engine=engine)
    choice = chosen_packages(
        places,
        {side: _opening(deal, places, side) for side in _SIDES},
        most=limit,
        changes=lambda: _changes(search, base, first, places),
        is_filled=not base.is_large,
        telling=_telling(floors),
    )
    others = list(enumerate(choice.chosen[1:], start=2))

    def look(numbered: tuple[int, Package]) -> tuple[DealEvaluator, Learnt]:
        number, package = numbered
        search.say(f"package {number} of {len(choice.chosen)}")
        evaluator = base.under_package(package, prepared=search.prepared(f"package {number}"))
        evaluator.begin_like(base)
        return evaluator, learn(evaluator, floors, steps=FEWER_STEPS)

    with _at_once(engine, len(others)) as together:
        found = list(together.map(look, [(number, each.package) for number, each in others]))
    packages = Packages(
        [base, *(evaluator for evaluator, _ in found)],
        tuple(places),
        [first, *(learnt for _, learnt in found)],
        floors,
    )
    return Looked(packages, choice, {clause: stays[clause] for clause in places})


def _at_once(engine: Engine, count: int) -> AbstractContextManager[Engine]:
    """Where so many packages are looked at: what serves one worker stays, and nothing found depends on it."""
    return nullcontext(engine) if isinstance(engine, Serial) else engine_of(min(_AT_ONCE, max(1, count)))


def _places(deal: Deal, clauses: Sequence[str]) -> dict[str, tuple[float | None, ...]]:
    """Where each clause that is not in proportion can be: as it is, and at the position of either side."""
    places: dict[str, tuple[float | None, ...]] = {}
    for clause in clauses:
        asked = [position(deal, clause, side=side) for side in _SIDES]
        each = dict.fromkeys([value_now(deal, clause), *(value for value in asked if value is not None)])
        if len(each) > 1:
            places[clause] = tuple(each)
    return places


def _opening(deal: Deal, places: Places, side: Side) -> Package:
    """All clauses at the position of a side; where it has none, as they are."""
    asked = {clause: position(deal, clause, side=side) for clause in places}
    return _named({clause: places[clause][0] if at is None else at for clause, at in asked.items()})


def _named(package: Mapping[str, float | None]) -> Package:
    return {clause: value for clause, value in package.items() if value is not None}


def _telling(floors: Utilities) -> Utilities:
    buyer, seller = (_TELLING * max(1.0, abs(floor)) for floor in floors)
    return buyer, seller


def _changes(search: Search, base: DealEvaluator, first: Learnt, places: Places) -> Changes:
    """What each clause changes alone, from the plan of the deal as it stands that is worth most to both."""
    question = Question(weighted(1.0, 1.0), search.floors)
    top = first.walked[0] if first.walked else base.twin().best(question).outcome
    if top is None:
        return {}
    stand = base.standing_at(top)

    def valued(named: tuple[str, float] | None) -> Value:
        terms = dict(top.plan.terms) | ({} if named is None else {named[0]: named[1]})
        name = "clauses as they stand" if named is None else f"{named[0]} at {named[1]:g}, packages"
        search.say(name)
        return search.remembered(name, partial(_worth, stand, terms, question))

    moves = [(clause, at) for clause, each in places.items() for at in each[1:] if at is not None]
    reference, *values = search.engine.map(valued, [None, *moves])
    if reference is None:
        return {}
    return {
        move: None if value is None else difference(value, reference)
        for move, value in zip(moves, values, strict=True)
    }


def _worth(stand: DealEvaluator, terms: Mapping[str, float], question: Question) -> Value:
    found: Outcome | None = stand.twin().moved(terms, question)
    return None if found is None else found.utilities

"""Packages of clauses that are at a few places only: all where they are few, else the promising ones."""

from __future__ import annotations

import itertools
import random

import pytest

from dronedeal.negotiation.evaluator import BUYER, SELLER, Utilities
from dronedeal.negotiation.packages import Changes, Places, chosen_packages


def case(seed: int) -> tuple[dict[str, tuple[float | None, ...]], dict[tuple[str, float], Utilities | None]]:
    """Places and changes of up to seven clauses, some of which change nothing or allow no agreement."""
    chance = random.Random(seed)
    places: dict[str, tuple[float | None, ...]] = {}
    changes: dict[tuple[str, float], Utilities | None] = {}
    for number in range(chance.randint(2, 7)):
        clause, count = f"c{number}", chance.randint(2, 3)
        places[clause] = (None if chance.random() < 0.2 else 0.0, *(float(at) for at in range(1, count)))
        for at in range(1, count):
            change = float(chance.randint(-5, 5)), float(chance.randint(-5, 5))
            changes[clause, float(at)] = None if chance.random() < 0.1 else change
    return places, changes


def never() -> Changes:
    raise AssertionError("nothing needs to be valued where all packages are looked at")


@pytest.mark.parametrize("seed", range(20))
def test_few_packages_are_all_looked_at_once_and_nothing_is_valued(seed: int) -> None:
    places, _ = case(seed)
    found = chosen_packages(places, {}, most=3**7, changes=never)
    every = {
        tuple((clause, at) for clause, at in zip(places, each, strict=True) if at is not None)
        for each in itertools.product(*places.values())
    }
    assert found.is_whole
    assert len(found.chosen) == found.count == len(every)
    assert {tuple(candidate.package.items()) for candidate in found.chosen} == every
    assert dict(found.chosen[0].package) == {
        clause: each[0] for clause, each in places.items() if each[0] is not None
    }


def worth(places: Places, changes: Changes, package: tuple[float | None, ...]) -> Utilities | None:
    """What a package changes where single changes add up; None: a clause of it allows no agreement."""
    total = [0.0, 0.0]
    for (clause, each), at in zip(places.items(), package, strict=True):
        change = (0.0, 0.0) if at == each[0] else changes.get((clause, at or 0.0))
        if change is None:
            return None
        total[BUYER], total[SELLER] = total[BUYER] + change[BUYER], total[SELLER] + change[SELLER]
    return total[BUYER], total[SELLER]


@pytest.mark.parametrize("seed", range(40))
def test_for_every_weight_the_best_package_is_among_those_looked_at(seed: int) -> None:
    places, changes = case(seed)
    every = list(itertools.product(*places.values()))
    most = max(1, len(every) - 1)
    found = chosen_packages(places, {}, most=most, changes=lambda: changes, is_filled=False)
    chosen = {tuple(each.package.get(clause) for clause in places) for each in found.chosen}
    assert len(found.chosen) < len(every)
    assert not found.is_whole
    known = {each: worth(places, changes, each) for each in every}
    for weight in (k / 40 for k in range(1, 40)):
        value = {
            each: weight * pair[BUYER] + (1 - weight) * pair[SELLER]
            for each, pair in known.items()
            if pair is not None
        }
        assert max(value[each] for each in chosen) == pytest.approx(max(value.values()), abs=1e-9)


@pytest.mark.parametrize("seed", range(10))
@pytest.mark.parametrize("is_filled", [True, False])
def test_the_limit_is_kept_and_both_openings_come_before_all_others(seed: int, is_filled: bool) -> None:
    places, changes = case(seed)
    openings = {
        side: {clause: each[at] or 0.0 for clause, each in places.items()}
        for side, at in (("buyer", 1), ("seller", -1))
    }
    for most in (1, 3, 5):
        found = chosen_packages(places, openings, most=most, changes=lambda: changes, is_filled=is_filled)
        assert len(found.chosen) <= most
    packages = [dict(each.package) for each in found.chosen]
    assert openings["buyer"] in packages[1:3]
    assert openings["seller"] in packages[1:3]
    assert all(each.reasons for each in found.chosen)


def test_a_change_that_cannot_be_told_from_none_moves_no_clause() -> None:
    places = {"a": (0.0, 1.0), "b": (0.0, 1.0)}
    changes = {("a", 1.0): (0.5, -0.2), ("b", 1.0): (3.0, 2.0)}
    found = chosen_packages(places, {}, most=3, changes=lambda: changes, is_filled=False, telling=(1.0, 1.0))
    assert [dict(each.package) for each in found.chosen] == [{"a": 0.0, "b": 0.0}, {"a": 0.0, "b": 1.0}]

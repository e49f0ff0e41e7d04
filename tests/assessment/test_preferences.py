"""Values from statements, against linear programs and all subsets of contradictions."""

from __future__ import annotations

import math
import random
from itertools import combinations

import numpy as np
import pytest
from scipy.optimize import linprog

from dronedeal.assessment.preferences import Amount, Preferences, Ranked, Statement, Substitute, preferences
from dronedeal.errors import InputError

ITEMS = ["radar", "jammer", "decoy", "relay", "tug"]


def rows_of(statements: list[Statement]) -> tuple[np.ndarray, np.ndarray]:
    """The statements once more, as `rows · ln v ≤ limits`."""
    rows, limits = [], []

    def add(up: str, down: str | None, limit: float) -> None:
        row = np.zeros(len(ITEMS))
        row[ITEMS.index(up)] += 1.0
        if down is not None:
            row[ITEMS.index(down)] -= 1.0
        rows.append(row)
        limits.append(limit)

    for each in statements:
        if isinstance(each, Ranked):
            add(each.worse, each.better, -math.log(each.times))
            continue
        other = None if isinstance(each, Amount) else each.substitute
        high = each.low if each.high is None else each.high
        add(each.item, other, math.log(high))
        rows.append(-rows[-1])
        limits.append(-math.log(each.low))
    return np.array(rows), np.array(limits)


def can_be_true(statements: list[Statement]) -> bool:
    rows, limits = rows_of(statements)
    # A hair of room, as rounding of exact ratios needs.
    return (
        linprog(
            np.zeros(len(ITEMS)), A_ub=rows, b_ub=limits + 1e-10, bounds=[(None, None)] * len(ITEMS)
        ).status
        == 0
    )


def some_statements(seed: int, *, is_true: bool) -> list[Statement]:
    """Statements about five items, all true of some values, or made up."""
    chance = random.Random(seed)
    truth = {item: chance.uniform(1.0, 100.0) for item in ITEMS}
    stated: list[Statement] = []
    for _ in range(chance.randint(3, 9)):
        one, other = chance.sample(ITEMS, 2)
        ratio = truth[one] / truth[other] if is_true else chance.choice([0.25, 0.5, 1.0, 2.0, 4.0])
        low, high = ratio * chance.uniform(0.5, 1.0), ratio * chance.uniform(1.0, 2.0)
        kind = chance.randrange(3)
        if kind == 0:
            value = truth[one] if is_true else chance.choice([10.0, 20.0, 40.0])
            stated.append(Amount(one, value * chance.uniform(0.5, 1.0), value * chance.uniform(1.0, 2.0)))
        elif kind == 1:
            stated.append(Substitute(one, other, low, high))
        else:
            stated.append(Ranked(one, other, low))
    return stated


def keeps(found: Preferences, statements: list[Statement]) -> bool:
    """Whether the values keep every statement about items that have one."""
    value, ok = found.values, 1 + 1e-9
    for each in statements:
        if isinstance(each, Ranked):
            if {each.better, each.worse} <= set(value) and value[each.better] * ok < each.times * value[
                each.worse
            ]:
                return False
            continue
        unit = 1.0 if isinstance(each, Amount) else value.get(each.substitute)
        if unit is None or each.item not in value:
            continue
        high = each.low if each.high is None else each.high
        if not each.low * unit / ok <= value[each.item] <= high * unit * ok:
            return False
    return True


def test_values_keep_every_true_statement_and_ranges_are_those_of_linear_programs() -> None:
    for seed in range(30):
        statements = some_statements(seed, is_true=True)
        found = preferences(statements)
        assert found.contradictions == ()
        assert keeps(found, statements)
        rows, limits = rows_of(statements)
        for worth in found.worths:
            cost = np.zeros(len(ITEMS))
            cost[ITEMS.index(worth.item)] = 1.0
            for sign, end in [(1.0, worth.low), (-1.0, worth.high)]:
                program = linprog(sign * cost, A_ub=rows, b_ub=limits, bounds=[(None, None)] * len(ITEMS))
                if program.status == 0:
                    assert end == pytest.approx(math.exp(sign * program.fun), rel=1e-6)
                else:
                    assert end in (0.0, math.inf)


def test_a_contradiction_names_as_few_statements_as_there_can_be() -> None:
    sizes = []
    for seed in range(80):
        statements = some_statements(seed, is_true=False)
        found = preferences(statements)
        if can_be_true(statements):
            assert found.contradictions == ()
            continue
        first = found.contradictions[0].statements
        assert not can_be_true([statements[number] for number in first])
        for fewer in combinations(statements, len(first) - 1):
            assert can_be_true(list(fewer))
        left = [s for n, s in enumerate(statements) if n not in {c.set_aside for c in found.contradictions}]
        assert can_be_true(left)
        assert keeps(found, left)
        sizes.append(len(first))
    assert sizes.count(2) >= 5
    assert sum(size > 2 for size in sizes) >= 3


def test_two_statements_that_conflict_are_named_in_words() -> None:
    stated = [Amount("radar", 100.0), Ranked("jammer", "radar", 2.0), Amount("jammer", 120.0, 150.0)]
    found = preferences(stated)
    assert [(c.statements, c.set_aside) for c in found.contradictions] == [((0, 1, 2), 2)]
    assert found.contradictions[0].words == (
        '"jammer is worth 120 to 150" cannot be true where "radar is worth 100" and '
        '"jammer is worth at least 2 times as much as radar" all are'
    )
    two = preferences([Ranked("radar", "jammer", 1.5), Ranked("jammer", "radar")])
    assert two.contradictions[0].words == (
        '"jammer is worth at least as much as radar" cannot be true together with '
        '"radar is worth at least 1.5 times as much as jammer"'
    )


def test_every_contradiction_is_found_each_with_a_statement_of_its_own() -> None:
    stated = [("radar", 10.0), ("radar", 11.0), ("tug", 5.0), ("radar", 12.0), ("tug", 6.0)]
    found = preferences([Amount(item, value) for item, value in stated])
    assert {each.set_aside for each in found.contradictions} == {1, 3, 4}
    assert all(len(each.statements) == 2 for each in found.contradictions)
    assert found.values == pytest.approx({"radar": 10.0, "tug": 5.0})


def test_a_substitutes_price_becomes_a_value() -> None:
    found = preferences([Substitute("relay", "tug", 3.0), Amount("tug", 250_000.0)])
    assert found.values == pytest.approx({"relay": 750_000.0, "tug": 250_000.0})


def test_without_an_amount_no_value_is_invented() -> None:
    found = preferences([Ranked("radar", "jammer"), Ranked("radar", "tug"), Amount("radar", 10.0)])
    assert found.values == pytest.approx({"radar": 10.0})
    jammer = found.worths[1]
    assert (jammer.item, jammer.value, jammer.low) == ("jammer", None, 0.0)
    assert jammer.high == pytest.approx(10.0)


def test_statements_that_just_fit_do_not_contradict_by_rounding() -> None:
    third = 1.0 / 3.0
    found = preferences(
        [Substitute("a", "b", third), Substitute("b", "a", 3.0), Amount("a", 0.1), Amount("b", 0.3)]
    )
    assert found.contradictions == ()


def test_nothing_stated_is_nothing_known() -> None:
    assert preferences([]) == Preferences((), ())


@pytest.mark.parametrize(
    ("wrong", "says"),
    [
        (Amount("radar", 0.0), "statement 1, 'radar is worth 0': allowed are numbers above 0"),
        (Amount("radar", 2.0, 1.0), "the range ends before it begins"),
        (Substitute("radar", "jammer", math.nan), "allowed are numbers above 0"),
        (Ranked("radar", "radar"), "an item is compared with itself"),
        (Amount("", 1.0), "an item has no name"),
    ],
)
def test_what_is_no_statement_is_refused(wrong: Statement, says: str) -> None:
    with pytest.raises(InputError, match=says):
        preferences([wrong])

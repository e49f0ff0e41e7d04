"""Made-up deals are deterministic, of the asked size, valid, and solvable by their margins."""

from __future__ import annotations

from collections import Counter, defaultdict

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import dronedeal
from dronedeal.deal import TABLES, Deal
from dronedeal.deal.synthetic import synthetic_deal

SIZES = [(1, 1, 1), (3, 2, 2), (12, 5, 9), (30, 30, 20), (100, 100, 60), (40, 3, 5), (5, 40, 30)]


def made(size: tuple[int, int, int], *, seed: int = 1, months: int = 60) -> Deal:
    systems, lines, requirements = size
    return synthetic_deal(systems=systems, lines=lines, requirements=requirements, seed=seed, months=months)


@pytest.fixture(scope="module", params=SIZES, ids=str)
def deal(request: pytest.FixtureRequest) -> Deal:
    return made(request.param)


@pytest.mark.parametrize("size", SIZES, ids=str)
def test_deal_has_the_size_asked_for(size: tuple[int, int, int]) -> None:
    deal = made(size)
    assert (len(deal.systems), len(deal.lines), len(deal.requirements)) == size


def test_same_arguments_give_the_same_deal_and_another_seed_another_one() -> None:
    first, second = made((30, 30, 20)), made((30, 30, 20))
    assert first == second
    assert first.digest == second.digest
    assert made((30, 30, 20), seed=2).digest != first.digest


def test_keys_of_every_table_are_unique(deal: Deal) -> None:
    for name, table in TABLES.items():
        keys = Counter(tuple(getattr(row, column) for column in table.key) for row in deal.table(name))
        assert not table.key or not [key for key, count in keys.items() if count > 1], name


def test_every_reference_points_at_a_row(deal: Deal) -> None:
    known = {name: {row.id for row in deal.table(name)} for name in TABLES if "id" in TABLES[name].key}
    known["parties"] = {party.id for party in deal.settings.parties}
    for name, table in TABLES.items():
        for column in table.columns:
            cells = [getattr(row, column.name) for row in deal.table(name)]
            lists = [cell if isinstance(cell, tuple) else (cell,) for cell in cells]
            found = {name for cell in lists for name in cell} - {None}
            assert not column.refers_to or found <= known[column.refers_to], (name, column.name)


def test_every_row_says_that_it_is_an_assumption(deal: Deal) -> None:
    rows = [row for name in TABLES for row in deal.table(name)]
    assert rows
    assert all(row.basis == "assumption" and row.note for row in rows)


def test_every_line_makes_one_to_four_systems_and_every_system_of_the_seller_is_made(deal: Deal) -> None:
    made_by = Counter(row.line for row in deal.line_systems)
    assert set(made_by) == {line.id for line in deal.lines}
    assert max(made_by.values()) <= 4
    own = {system.id for system in deal.systems if system.supplier == deal.settings.seller.id}
    assert {row.system for row in deal.line_systems} == own


def test_some_lines_exist_and_some_are_candidates_at_usual_sizes() -> None:
    status = Counter(line.status for line in made((100, 100, 60)).lines)
    assert min(status["existing"], status["candidate"]) >= 15


def eligible_systems(deal: Deal) -> dict[str, int]:
    """Systems of the role and domain that meet the hard figures of each requirement; units are the same."""
    figures = {(row.system, row.attribute): row.value for row in deal.attributes}
    hard = defaultdict(list)
    for row in deal.requirement_attributes:
        if row.hard:
            hard[row.requirement].append((row.attribute, row.threshold))
    return {
        requirement.id: sum(
            (system.role, system.domain) == (requirement.role, requirement.domain)
            and all(figures[system.id, name] >= threshold for name, threshold in hard[requirement.id])
            for system in deal.systems
        )
        for requirement in deal.requirements
    }


@pytest.mark.parametrize("size", [(30, 30, 20), (100, 100, 60), (300, 300, 200)], ids=str)
def test_requirements_have_three_to_ten_systems_to_choose_from_at_every_size(
    size: tuple[int, int, int],
) -> None:
    counts = eligible_systems(made(size)).values()
    assert min(counts) >= 3
    assert max(counts) <= 10


@settings(deadline=None, max_examples=15, derandomize=True)
@given(
    size=st.tuples(st.integers(1, 40), st.integers(1, 40), st.integers(1, 30)),
    seed=st.integers(0, 10**9),
    months=st.integers(12, 60),
)
def test_existing_lines_can_keep_up_with_own_needs_and_firm_minima_every_month(
    size: tuple[int, int, int], seed: int, months: int
) -> None:
    deal = made(size, seed=seed, months=months)
    role_of = {system.id: system.role for system in deal.systems}
    monthly: dict[str, float] = defaultdict(float)
    for line in deal.lines:
        products = [row for row in deal.line_systems if row.line == line.id]
        if line.status == "existing":
            worst = min(row.yield_rate / row.load_per_unit for row in products)
            monthly[role_of[products[0].system]] += line.initial_capacity * line.availability * worst
    firm = defaultdict(float)
    for row in deal.prices:
        firm[role_of[row.system], row.fiscal_year] += row.firm_minimum or 0.0
    for need in deal.home_needs:
        assert need.quantity / 12 <= 0.49 * monthly[need.role]
    for (role, _), quantity in firm.items():
        assert quantity / 12 <= 0.021 * monthly[role]


@settings(deadline=None, max_examples=15, derandomize=True)
@given(size=st.tuples(st.integers(1, 40), st.integers(1, 40), st.integers(1, 30)), months=st.integers(12, 60))
def test_fiscal_years_of_the_tables_are_those_of_the_calendar(
    size: tuple[int, int, int], months: int
) -> None:
    deal = made(size, months=months)
    last = 2026 * 12 + 9 + months - 1
    buyer_years = {(month + 3) // 12 for month in range(2026 * 12 + 9, last + 1)}
    seller_years = {month // 12 for month in range(2026 * 12 + 9, last + 1)}
    assert {row.fiscal_year for row in deal.prices} == buyer_years
    assert {row.fiscal_year for row in deal.requirement_quantities} == buyer_years
    assert {row.fiscal_year for row in deal.home_needs} <= seller_years
    assert {row.fiscal_year for row in deal.indices if row.id == "producer"} == seller_years


@pytest.mark.parametrize("size", [(1, 1, 1), (12, 5, 9), (40, 3, 5), (5, 40, 30)], ids=str)
def test_made_up_deal_passes_every_cross_table_check(size: tuple[int, int, int]) -> None:
    assert dronedeal.check(made(size)).errors == ()


def test_matching_finds_the_three_to_ten_systems_that_the_deal_was_made_with() -> None:
    deal = made((30, 30, 20))
    found = Counter(item.requirement for item in dronedeal.match(deal).pairings if item.is_eligible)
    assert dict(found) == eligible_systems(deal)


@pytest.mark.parametrize("name", ["systems", "lines", "requirements", "months"])
def test_a_size_of_nothing_is_refused_with_its_name(name: str) -> None:
    arguments = {"systems": 1, "lines": 1, "requirements": 1, "months": 12} | {name: 0}
    with pytest.raises(ValueError, match=f"{name} is 0; a synthetic deal needs at least"):
        synthetic_deal(**arguments, seed=1)

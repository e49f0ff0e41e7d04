"""How systems are made."""

from tests.deal.refuse import assert_refuses

from dronedeal.deal.production import Component, Line, LineSystem, SystemComponent

LINE = {
    "id": "l",
    "site": "Town",
    "country": "UA",
    "operator": "ua",
    "status": "existing",
    "initial_capacity": 9,
}


def test_a_line_cannot_grow_returns_nothing_and_is_always_there_unless_told() -> None:
    line = Line(**LINE)
    assert (line.max_steps, line.return_share, line.availability, line.ramp_months) == (0, 0, 1, 1)
    assert line.investor is None


def test_a_line_works_today_or_is_a_candidate() -> None:
    assert_refuses(
        Line, LINE, status="planned", initial_capacity=-1, availability=1.1, return_share=-0.1, max_steps=-1
    )


def test_a_product_does_not_learn_unless_it_has_a_slope() -> None:
    cells = {"line": "l", "system": "x", "unit_cost": 5}
    product = LineSystem(**cells)
    assert (product.learning_slope, product.load_per_unit, product.yield_rate) == (None, 1, 1)
    assert_refuses(
        LineSystem, cells, load_per_unit=0, unit_cost=-1, yield_rate=0, transfer_share=2, learning_slope=0
    )


def test_a_part_is_there_at_least_once_and_costs_at_least_nothing() -> None:
    assert_refuses(SystemComponent, {"system": "x", "component": "c", "quantity": 1}, quantity=0)
    cells = {"id": "c", "name": "C", "category": "motor", "origin": "UA", "unit_cost": 0}
    assert_refuses(Component, cells, unit_cost=-1, premium=1.5)

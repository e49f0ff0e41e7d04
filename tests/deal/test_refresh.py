"""What successors inherit, row by row, and where inherited rows lead back to."""

from __future__ import annotations

from dataclasses import replace

import pytest
from tests.planning.small_deal import small_deal

from dronedeal.deal import Deal, Place
from dronedeal.deal.cooperation import Integration, Project
from dronedeal.deal.refresh import replacement_months, with_successors
from dronedeal.deal.systems import System, Trial


def deal_with(*systems: System, **tables: tuple[object, ...]) -> Deal:
    deal = small_deal()
    return replace(deal, systems=(*deal.systems, *systems), **tables)  # type: ignore[arg-type]


def successor(name: str, of: str, month: str | None, **changes: object) -> System:
    stated = {"id": name, "name": name, "maker": "K", "supplier": "river", "domain": "air", "role": "scout"}
    return System(**{**stated, "successor_of": of, "available_from": month, **changes})  # type: ignore[arg-type]


def rows(deal: Deal, table: str, system: str) -> list[int]:
    return [number for number, row in enumerate(deal.table(table)) if row.system == system]


def test_a_deal_without_successors_is_given_back() -> None:
    deal = small_deal()
    assert with_successors(deal) is deal


def test_a_completed_deal_is_given_back() -> None:
    complete = with_successors(deal_with(successor("kite2", "kite", "2028-02")))
    assert with_successors(complete) is complete


def test_the_completed_deal_has_the_digest_of_the_stated_one() -> None:
    deal = deal_with(successor("kite2", "kite", "2028-02"))
    complete = with_successors(deal)
    assert complete.stated is deal
    assert complete.digest == deal.digest
    assert complete.with_table("rules", ()).digest != deal.digest


def test_line_rows_parts_and_integration_are_inherited_and_stock_is_not() -> None:
    work = Integration(system="kite", branch="army", standard="link", cost=900.0, months=2, payer="north")
    complete = with_successors(deal_with(successor("kite2", "kite", "2028-02"), integrations=(work,)))
    made = [complete.line_systems[number] for number in rows(complete, "line_systems", "kite2")]
    assert [(row.line, row.unit_cost, row.cost_premium, row.initial_stock) for row in made] == [
        ("home", 600, 0, 0),
        ("joint", 600, 0.25, 0),
        ("allied", 700, 0, 0),
    ]
    parts = [
        [(row.component, row.quantity) for row in complete.system_components if row.system == system]
        for system in ("kite", "kite2")
    ]
    assert parts[0] == parts[1]
    assert ("motor", 4) in parts[1]
    (copy,) = rows(complete, "integrations", "kite2")
    assert (complete.integrations[copy].cost, complete.integrations[copy].months) == (900.0, 2)


def test_rows_of_its_own_come_before_inherited_ones_table_by_table() -> None:
    deal = small_deal()
    own = deal.line_systems[0].model_copy(update={"system": "kite2", "unit_cost": 555.0})
    complete = with_successors(
        deal_with(successor("kite2", "kite", "2028-02"), line_systems=(*deal.line_systems, own))
    )
    (number,) = rows(complete, "line_systems", "kite2")
    assert complete.line_systems[number].unit_cost == 555.0
    assert rows(complete, "system_components", "kite2")


def test_price_rows_change_hands_and_the_year_of_change_is_shared_by_months() -> None:
    # January and February of 2028 are in the plan: February is the successor's.
    complete = with_successors(deal_with(successor("kite2", "kite", "2028-02")))
    before = [complete.prices[number] for number in rows(complete, "prices", "kite")]
    after = [complete.prices[number] for number in rows(complete, "prices", "kite2")]
    assert [(row.fiscal_year, row.line, row.firm_minimum) for row in before] == [
        (2027, None, None),
        (2028, None, 120.0),
        (2028, "allied", None),
        (2027, None, None),  # the higher tier of 2027
    ]
    assert [(row.fiscal_year, row.line, row.firm_minimum) for row in after] == [
        (2028, None, 120.0),
        (2028, "allied", None),
    ]
    assert {row.unit_price for row in after} == {950.0, 1100.0}


def test_price_rows_of_later_years_are_the_successors_alone() -> None:
    complete = with_successors(deal_with(successor("kite2", "kite", "2028-01")))
    assert [complete.prices[number].fiscal_year for number in rows(complete, "prices", "kite")] == [2027] * 2
    moved = rows(complete, "prices", "kite2")
    assert [complete.prices[number].firm_minimum for number in moved] == [240.0, None]
    assert moved == [1, 2]  # in their places, not copied
    assert len(complete.prices) == len(small_deal().prices)


def test_a_successor_that_comes_after_the_plan_changes_no_price() -> None:
    complete = with_successors(deal_with(successor("kite2", "kite", "2031-01")))
    assert complete.prices == small_deal().prices


def test_a_successor_that_a_project_opens_stands_beside_its_predecessor() -> None:
    project = Project(
        id="next", name="Next", systems=("kite",), cost_by_year=(1.0,), buyer_share=0.5, months=2,
        effect="successor", effect_subject="kite2", result_owner="river",
    )  # fmt: skip
    deal = deal_with(successor("kite2", "kite", None), projects=(project,))
    assert replacement_months(deal) == {}
    complete = with_successors(deal)
    assert [complete.prices[n].firm_minimum for n in rows(complete, "prices", "kite")] == [
        None, 240.0, None, None,
    ]  # fmt: skip
    assert [complete.prices[n].firm_minimum for n in rows(complete, "prices", "kite2")] == [None] * 4


def test_trials_count_as_those_of_older_versions() -> None:
    stated: dict[str, object] = {"measure": "mission_success", "setting": "field", "n_trials": 9}
    trials = (
        Trial(system="kite", version=1, n_successes=7, **stated),  # type: ignore[arg-type]
        Trial(system="kite", n_successes=8, **stated),  # type: ignore[arg-type]
        Trial(system="kite2", version=1, n_successes=9, **stated),  # type: ignore[arg-type]
    )
    deal = deal_with(successor("kite2", "kite", "2028-02"), trials=trials)
    systems = tuple(
        row.model_copy(update={"design_version": 3}) if row.id == "kite" else row for row in deal.systems
    )
    complete = with_successors(replace(deal, systems=systems))
    # Versions 1 to 3 of the predecessor are followed by version 1 of the successor, the fourth of the line.
    assert {row.id: row.design_version for row in complete.systems}["kite2"] == 4
    found = {(row.version, row.n_successes) for row in complete.trials if row.system == "kite2"}
    assert found == {(1, 7), (3, 8), (4, 9)}
    assert [row.version for row in complete.trials if row.system == "kite"] == [1, None]


def test_a_chain_hands_on_what_it_inherited() -> None:
    deal = deal_with(successor("kite3", "kite2", "2028-02"), successor("kite2", "kite", "2028-01"))
    complete = with_successors(deal)
    assert len(rows(complete, "line_systems", "kite3")) == 3
    assert [complete.prices[number].fiscal_year for number in rows(complete, "prices", "kite3")] == [2028] * 2
    assert [complete.prices[number].firm_minimum for number in rows(complete, "prices", "kite2")] == [
        120,
        None,
    ]
    assert replacement_months(deal) == {"kite2": (3, "kite3"), "kite": (2, "kite2")}


def test_a_ring_of_successors_inherits_nothing() -> None:
    deal = deal_with(successor("a", "b", "2028-01"), successor("b", "a", "2028-02"))
    assert with_successors(deal) is deal


@pytest.mark.parametrize("table", ["line_systems", "system_components", "prices"])
def test_addresses_of_inherited_rows_lead_to_what_was_written(table: str) -> None:
    complete = with_successors(deal_with(successor("kite2", "kite", "2028-02")))
    stated = small_deal().table(table)
    for number in rows(complete, table, "kite2"):
        source = complete.source_row(table, number)
        assert stated[source].system == "kite"
        assert complete.place(table, number) == Place(f"table {table}", source + 1, None, None)
        assert complete.owner(table, number) == complete.owner(table, source)

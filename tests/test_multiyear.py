"""The multi-year commitment against annual buying."""

from __future__ import annotations

from pathlib import Path

import pytest
from tests.planning.deals_with_terms import with_currencies
from typer.testing import CliRunner

import dronedeal
from dronedeal.cli import app
from dronedeal.deal import Deal
from dronedeal.workflow.multiyear import without_firm_quantities

DEALS = Path(__file__).parents[1] / "deals"


@pytest.fixture(scope="module")
def first_deal() -> Deal:
    return dronedeal.read(DEALS / "first-deal")


def test_commitment_is_worth_more_and_the_savings_add_up(first_deal: Deal) -> None:
    """One year alone is too short for the joint line, which costs 300,000 and pays back over two."""
    found = dronedeal.compare_multiyear(first_deal, gap=0.0)
    multiyear, annual = found.plans
    assert multiyear.objective > annual.objective
    assert multiyear.tables["openings"] != ()
    assert annual.tables["openings"] == ()
    by_source = {saving.source: saving.joint for saving in found.savings}
    assert by_source["investment_made"] == pytest.approx(-300_000)
    assert sum(by_source.values()) == pytest.approx(multiyear.objective - annual.objective)
    for plan, deal in zip(found.plans, found.deals, strict=True):
        assert dronedeal.verify(plan, deal).is_passed
    assert annual.bound is None
    assert any("no bound stands behind it" in warning for warning in found.warnings)


def test_only_the_commitment_can_be_stopped_early(first_deal: Deal) -> None:
    """Annual buying never has a bound, which says nothing of its search."""
    found = dronedeal.compare_multiyear(first_deal, gap=1e-12, time_limit=1e-3)
    early = [warning for warning in found.warnings if warning.startswith("Stopped early")]
    assert found.plans[1].status == "feasible"
    assert len(early) == (found.plans[0].status == "feasible")
    assert not any("annual" in warning for warning in early)


def test_deal_of_one_year_is_the_same_either_way(first_deal: Deal) -> None:
    settings = first_deal.settings.model_copy(update={"months": 9})
    year = 2027
    short = Deal(settings, **{name: first_deal.table(name) for name in dronedeal_tables()})
    by_year = ("requirement_quantities", "prices", "home_needs", "other_buyers", "budgets", "uncertainty")
    for table in by_year:
        rows = [row for row in short.table(table) if row.fiscal_year == year]
        short = short.with_table(table, rows)
    found = dronedeal.compare_multiyear(short.with_table("correlations", []), gap=0.0)
    assert found.total("objective").change(1) == 0.0


def dronedeal_tables() -> tuple[str, ...]:
    from dronedeal.deal import TABLES

    return tuple(TABLES)


def test_nothing_is_firm_in_annual_buying_and_options_keep_their_reach(first_deal: Deal) -> None:
    rows = [
        row.model_copy(update={"firm_minimum": 100.0, "option_quantity": 50.0}) for row in first_deal.prices
    ]
    free = without_firm_quantities(first_deal.with_table("prices", rows))
    assert {(row.firm_minimum, row.option_quantity) for row in free.prices} == {(None, 150.0)}
    assert without_firm_quantities(first_deal) is first_deal


def test_deal_in_three_currencies_goes_through_all_of_it(first_deal: Deal, tmp_path: Path) -> None:
    """Then-year euros and pounds at dated rates, with tiers, a bundle, a ceiling and instalments."""
    deal = with_currencies(first_deal)
    found = dronedeal.compare_multiyear(deal)
    assert sum(saving.joint for saving in found.savings) == pytest.approx(
        found.plans[0].objective - found.plans[1].objective
    )
    page = dronedeal.write_comparison(found, tmp_path / "out")
    text = page.read_text(encoding="utf-8")
    assert "Where the saving comes from" in text
    assert "Assumed: annual buying has the prices" in text
    assert (tmp_path / "out" / "comparison.xlsx").stat().st_size > 0


def test_command_prints_where_the_saving_comes_from() -> None:
    result = CliRunner().invoke(app, ["compare", "--multiyear", str(DEALS / "first-deal")])
    assert result.exit_code == 0, result.output
    assert "Where the worth of multi-year over annual comes from" in result.output
    assert "−300,000  lines and steps that only the commitment makes worth while" in result.output


def test_command_refuses_more_than_one_deal() -> None:
    deal = str(DEALS / "first-deal")
    result = CliRunner().invoke(app, ["compare", "--multiyear", deal, deal])
    assert result.exit_code != 0
    assert "found 2 paths; allowed: one deal folder or workbook" in str(result.output) + str(result.exception)

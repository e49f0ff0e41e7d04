"""The licensed line: a line in a partner country whose output returns to the owner."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

import dronedeal
from dronedeal import planning
from dronedeal.deal import TABLES
from dronedeal.results.variants import least_and_most

pytestmark = pytest.mark.usefixtures("full_proofs")

FOLDER = Path(__file__).parents[2] / "deals" / "licensed-line"


@pytest.fixture(scope="module")
def deal() -> Any:
    return dronedeal.read(FOLDER)


@pytest.fixture(scope="module")
def plan(deal: Any) -> Any:
    return dronedeal.plan(deal, objective="joint", gap=0, baselines=True)


def rows(plan: Any, table: str) -> list[dict[str, Any]]:
    return list(plan.frame(table).iter_rows(named=True))


def test_the_folder_has_no_findings_of_severity_error(deal: Any) -> None:
    assert dronedeal.check(deal).errors == ()


def test_every_row_says_whether_it_is_a_fact_and_why_it_is_reasonable(deal: Any) -> None:
    for name in set(TABLES) - {"facts"}:
        for row in deal.table(name):
            assert row.basis is not None, (name, row)
            assert row.source or row.basis == "assumption", (name, row)
            assert row.note or row.basis == "fact", (name, row)


def test_every_fact_that_is_cited_travels_with_the_deal_and_none_is_idle(deal: Any) -> None:
    known = {fact.id for fact in deal.facts}
    sources = [row.source for name in set(TABLES) - {"facts"} for row in deal.table(name)]
    sources += [party.source for party in deal.settings.parties]
    cited = {fact for source in sources if source for fact in source.split()}
    notes = " ".join(row.note or "" for name in set(TABLES) - {"facts"} for row in deal.table(name))
    assert cited <= known
    assert {fact for fact in known if fact not in cited and fact not in notes} == set()


def test_line_is_opened_at_once_and_delivers_four_months_later(plan: Any) -> None:
    [opening] = [row for row in rows(plan, "openings") if row["kind"] == "open"]
    assert (opening["line"], opening["decided"], opening["effective"]) == ("uk_line", "2025-09", "2026-01")
    assert opening["investor"] == "uk"


def test_three_fifths_of_each_years_output_return_to_the_owner(plan: Any) -> None:
    for year in range(2026, 2030):
        made = sum(
            row["good_quantity"]
            for row in rows(plan, "production")
            if row["line"] == "uk_line" and row["month"].startswith(str(year))
        )
        returned = sum(
            row["quantity"]
            for row in rows(plan, "home_supply")
            if row["line"] == "uk_line" and row["month"].startswith(str(year))
        )
        assert made > 1_000
        assert returned >= 0.6 * made - 1e-4


def test_raising_the_returned_share_never_helps_the_two_sides_together(deal: Any, plan: Any) -> None:
    lines = [
        line.model_copy(update={"return_share": 1.0}) if line.id == "uk_line" else line for line in deal.lines
    ]
    everything = dronedeal.plan(deal.with_table("lines", lines), gap=0)
    assert everything.objective <= plan.objective + 0.01


def test_the_readme_says_what_the_line_brings_against_both_extremes(plan: Any) -> None:
    readme = " ".join((FOLDER / "README.md").read_text(encoding="utf-8").split())
    apart, alone = (
        {row["kind"]: row for row in plan.tables["baselines"]}[kind] for kind in planning.BASELINES
    )
    least, _ = least_and_most(plan, apart)
    more, less = plan.utilities["seller"] - apart["seller"], apart["buyer"] - plan.utilities["buyer"]
    assert f"brings {apart['difference'] / 1e6:.0f}m, at least {least / 1e6:.0f}m" in readme
    assert f"{more / 1e6:.0f}m more for Ukraine and {less / 1e6:.0f}m less for the United Kingdom" in readme
    assert f"in the United Kingdom it brings {alone['difference'] / 1e6:.1f}m" in readme
    cost = {row["line"]: (row["unit_cost_start"], row["unit_cost_end"]) for row in rows(plan, "learning")}
    assert f"from {cost['ua_octopus'][0]:,.0f} to under 400" in readme
    assert f"from {round(cost['uk_line'][0], -1):,.0f} to under 600" in readme
    assert 300 < cost["ua_octopus"][1] < 400
    assert 500 < cost["uk_line"][1] < 600


def test_buyer_alone_builds_less_of_the_line_than_both_together(deal: Any, plan: Any) -> None:
    alone = dronedeal.plan(deal, objective="buyer", gap=0.05)

    def steps(of: Any) -> float:
        return sum(row["quantity"] for row in rows(of, "openings") if row["line"] == "uk_line")

    assert 0 < steps(alone) < steps(plan)

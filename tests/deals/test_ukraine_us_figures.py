"""What the README of the real deal says of its plan agrees with the record of that plan and with the deal."""

from __future__ import annotations

import csv
import re
from pathlib import Path

import pytest

import dronedeal
from dronedeal.deal import Deal

pytestmark = pytest.mark.usefixtures("full_proofs")

FOLDER = Path(__file__).parents[2] / "deals" / "ukraine-us"
# Of the plan with its baselines, rule costs and annual buying; whoever makes it anew writes it anew.
RECORD = Path(__file__).parent / "ukraine_us_figures.csv"
SIZES = {"m": 1e6, " bn": 1e9}
FIGURE = re.compile(r"(?P<digits>\d+(?:\.(?P<places>\d+))?)(?P<size>m| bn)")


def record() -> dict[str, tuple[float, str]]:
    """Each figure with the text that the README shows of it."""
    with RECORD.open(encoding="utf-8", newline="") as stream:
        return {row["figure"]: (float(row["value"]), row["shown"]) for row in csv.DictReader(stream)}


def section() -> str:
    """What the README says of the plan, on one line."""
    readme = (FOLDER / "README.md").read_text(encoding="utf-8")
    (text,) = re.findall(r"(?ms)^## What the plan says$(.*?)^## ", readme)
    return " ".join(text.split())


@pytest.fixture(scope="module")
def deal() -> Deal:
    return dronedeal.read(FOLDER)


@pytest.mark.parametrize("figure", record())
def test_the_readme_shows_the_rounded_figure_of_the_record(figure: str) -> None:
    value, shown = record()[figure]
    found = FIGURE.fullmatch(shown)
    assert found is not None
    size = SIZES[found["size"]]
    assert (
        abs(value - float(found["digits"]) * size) <= 0.5 * size * 10.0 ** -len(found["places"] or "") + 0.5
    )
    assert re.search(rf"(?<![\d.]){re.escape(shown)}\b", section()), f"{shown} is not in the README"


def test_parts_of_the_record_add_up() -> None:
    value = {name: each for name, (each, _) in record().items()}
    for name in ("", "all_seller ", "all_buyer "):
        assert value[f"{name}buyer"] + value[f"{name}seller"] == pytest.approx(
            value[f"{name}objective"], abs=2
        )
    for kind in ("all_seller", "all_buyer"):
        assert value["objective"] - value[f"{kind} objective"] == pytest.approx(
            value[f"{kind} difference"], abs=2
        )
        assert value["bound"] - value[f"{kind} objective"] == pytest.approx(value[f"{kind} at most"], abs=2)
    assert value["objective"] < value["bound"] < 1.03 * value["objective"]


def test_what_the_readme_says_of_the_deal_is_what_the_deal_says(deal: Deal) -> None:
    text = section()
    assert sum(row.amount for row in deal.budgets) == pytest.approx(record()["voted"][0], rel=1e-9)
    others = {party.id for party in deal.settings.parties if party.role == "third"}
    lines = {line.id: line for line in deal.lines}
    rates = {row.id: row.value for row in deal.rates if row.fiscal_year == deal.settings.price_base_year}
    for name, shown in (("de_qfi_2", "46.8m"), ("dk_firepoint", "78.5m"), ("dk_tencore", "93.6m")):
        line = lines[name]
        rate = rates.get(line.currency or "", 1.0)
        assert (line.investor or line.operator) in others
        assert f"{line.open_cost * rate / 1e6:.1f}m" == shown
        assert shown in text
    for line in deal.lines:
        if line.status == "candidate" and line.country == "US":
            assert 70e6 <= line.open_cost <= 177e6
            assert line.investor == deal.settings.buyer.id
    bars = [rule for rule in deal.rules if rule.kind == "component_origin_limit"]
    assert len(bars) == 6
    assert all(
        rule.branch is None and set(rule.source.split()) == {"R001", "R002"} for rule in bars if rule.source
    )
    assert {rule.violation_price for rule in deal.rules if rule.kind == "local_content"} == {1500.0}
    assert deal.settings.cash.home_receipt_share == 0.75
    assert len(deal.requirement_quantities) == 106

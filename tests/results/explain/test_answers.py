"""Why a plan is as it is, read from the plan alone."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
from tests.report.sample import sample_deal
from tests.report.sample_plan import sample_plan

from dronedeal.errors import CommandError
from dronedeal.results.explain.answers import KINDS, Asked, explain, unit_values

DEAL = sample_deal()
PLAN = sample_plan(DEAL)


def rows(table: str, **wanted: Any) -> list[Any]:
    return [row for row in PLAN.tables[table] if all(row[name] == value for name, value in wanted.items())]


def test_every_shortage_violation_and_binding_rule_of_the_plan_is_told() -> None:
    found = explain(PLAN)
    assert len(found.of("short")) == len(PLAN.tables["unmet"]) > 0
    assert [answer.text for answer in found.of("violation")] == [
        f"{row['words']}." for row in PLAN.tables["violations"]
    ]
    assert [answer.text for answer in found.of("binding")] == [
        f"{row['words']}." for row in PLAN.tables["binding"]
    ]
    assert {answer.kind for answer in found.answers} <= {"short", "violation", "binding"}


def test_a_part_of_a_unit_that_is_missing_is_not_called_nothing() -> None:
    coverage = [dict(row) for row in PLAN.tables["coverage"]]
    for row in coverage:
        row |= {"short_of_threshold": 0.0, "short_of_objective": 0.3}
    tables = dict(PLAN.tables) | {"coverage": coverage}
    told = explain(replace(PLAN, tables=tables)).of("short")
    assert told
    assert all("less than one short of its objective" in answer.text for answer in told)


def test_an_explanation_of_a_plan_of_one_side_alone_says_so() -> None:
    plan = sample_plan(sample_deal())
    alone = replace(plan, warnings=("seller: warning [table_not_given] tables of the seller",))
    assert explain(alone).note == "Made from one side's folder alone: no figure of the other side is its own."
    assert explain(alone).note in str(explain(alone))
    assert explain(plan).note == ""


def test_answers_come_by_kind_and_by_weight() -> None:
    found = explain(PLAN, Asked(system="hornet"))
    places = [list(KINDS).index(answer.kind) for answer in found.answers]
    assert places == sorted(places)
    for kind in KINDS:
        weights = [answer.worth for answer in found.of(kind)]
        assert weights == sorted(weights, reverse=True)


def test_a_system_is_told_with_buyer_price_and_line_and_nothing_is_left_out() -> None:
    bought = explain(PLAN, Asked(system="hornet")).of("bought")
    expected = [row for row in rows("purchases", system="hornet") if row["quantity"] > 0]
    assert len(bought) == len(expected) > 0
    assert sum(answer.worth for answer in bought) == pytest.approx(sum(row["amount"] for row in expected))
    row = max(expected, key=lambda row: row["amount"])
    price = f"USD {row['amount'] / row['quantity']:,.0f} each"
    for words in (
        row["branch"],
        row["requirement"],
        f"{row['quantity']:,.0f} hornet",
        price,
        str(row["fiscal_year"]),
    ):
        assert words in bought[0].text


def test_what_a_system_is_made_of_adds_up() -> None:
    made = [
        answer
        for answer in explain(PLAN, Asked(system="hornet")).of("made")
        if "are made on line" in answer.text
    ]
    cost = sum(row["amount"] for row in rows("production", system="hornet"))
    assert sum(answer.worth for answer in made) == pytest.approx(cost)
    assert made


def test_a_system_that_is_not_bought_is_said_not_to_be() -> None:
    found = explain(PLAN, Asked(system="nobody"), known_systems=["nobody"], reasons=["For x it is too slow."])
    assert [answer.text for answer in found.answers] == [
        "Nothing of nobody is bought.",
        "For x it is too slow.",
    ]
    alone = explain(PLAN, Asked(system="nobody", year=PLAN.tables["coverage"][0]["fiscal_year"]))
    assert alone.of("not_bought")[0].text.endswith("Name its deal with --deal to see why.")


def test_a_year_and_a_requirement_narrow_what_is_told() -> None:
    row = PLAN.tables["unmet"][0]
    found = explain(PLAN, Asked(requirement=row["requirement"], year=row["fiscal_year"]))
    (short,) = found.of("short")
    assert row["requirement"] in short.text
    assert row["words"] in short.text
    assert {answer.fiscal_year for answer in found.of("bought")} <= {row["fiscal_year"]}
    whole = explain(PLAN, Asked(requirement=row["requirement"]))
    years = rows("coverage", requirement=row["requirement"])
    assert len(whole.of("short")) + len(whole.of("met")) == len(years)


@pytest.mark.parametrize(
    ("asked", "words"),
    [
        (Asked(requirement="nothing"), "requirement: found 'nothing'; allowed: "),
        (Asked(system="hornett"), "system: found 'hornett'; allowed: .*did you mean 'hornet'"),
        (Asked(year=1999), "year: found '1999'; allowed: "),
    ],
)
def test_what_the_plan_does_not_have_is_refused_with_what_it_has(asked: Asked, words: str) -> None:
    with pytest.raises(CommandError, match=words):
        explain(PLAN, asked, known_systems=["hornet"])


def test_values_are_read_off_the_coverage_where_it_tells_them() -> None:
    def row(requirement: str, low: float, high: float, amount: float) -> dict[str, Any]:
        template = dict(PLAN.tables["coverage"][0])
        return template | {
            "requirement": requirement,
            "to_threshold": low,
            "to_objective": high,
            "amount": amount,
        }

    table = [row("a", 10, 5, 10 * 7 + 5 * 3), row("a", 4, 0, 28), row("b", 10, 5, 99), row("c", 0, 0, 0)]
    table = [each | {"fiscal_year": 2027 + number} for number, each in enumerate(table)]
    plan = sample_plan(DEAL, tables={**PLAN.tables, "coverage": table, "unmet": []})
    assert unit_values(plan) == {"a": (7, 3), "b": (None, None), "c": (None, None)}


def test_the_missed_value_is_that_of_both_parts_of_the_shortage() -> None:
    values = {row["requirement"]: (7.0, 3.0) for row in PLAN.tables["coverage"]}
    for answer in explain(PLAN, values=values).of("short"):
        row = next(
            row
            for row in PLAN.tables["coverage"]
            if row["requirement"] in answer.text.split() and row["fiscal_year"] == answer.fiscal_year
        )
        beyond = row["short_of_objective"] - row["short_of_threshold"]
        assert answer.worth == pytest.approx(7 * row["short_of_threshold"] + 3 * beyond)
        assert "of value" in answer.text


def test_an_explanation_reads_as_text_and_can_be_put_in_other_words() -> None:
    found = explain(PLAN, Asked(system="hornet"))
    assert str(found).startswith(f"{PLAN.title}: system hornet\n\n")
    loud = found.spoken(str.upper)
    assert [answer.text for answer in loud.answers] == [answer.text.upper() for answer in found.answers]

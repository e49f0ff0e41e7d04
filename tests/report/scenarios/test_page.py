"""The page of a plan on scenarios."""

from __future__ import annotations

import re
from dataclasses import replace
from pathlib import Path

import pytest
from tests.results.scenarios.branching import planned

from dronedeal.report.charts.render import figure_svg
from dronedeal.report.scenarios.page import scenarios_html, write_scenarios_page
from dronedeal.report.scenarios.spread_charts import cause_figure, chance_figure, fan_figure
from dronedeal.report.scenarios.tree_chart import tree_figure


def test_the_page_says_what_to_sign_and_how_the_scenarios_turn_out(tmp_path: Path) -> None:
    write_scenarios_page(planned(), tmp_path / "page.html")
    html = (tmp_path / "page.html").read_text(encoding="utf-8")
    assert "What to sign now" in html
    assert "kestrel from home for patrol" in html
    assert "expected value of perfect information" in html
    assert html.count("<svg") == 10
    assert "<script" not in html
    assert not re.search(r'(?:src|href)="(?:https?:)?//', html)
    for title in (
        "The futures",
        "How the scenarios turn out",
        "Worst cases, and what causes them",
        "Certificate",
    ):
        assert title in html


def test_the_same_plan_gives_the_same_page() -> None:
    assert scenarios_html(planned()) == scenarios_html(planned())


def test_every_node_and_branch_of_the_tree_is_drawn() -> None:
    figure = tree_figure(planned())
    assert figure.spec is not None
    branches, places, names, inner = (layer["data"]["values"] for layer in figure.spec["layer"])
    assert len(branches) == 4
    assert len(places) == 5
    assert len(names) == 4
    assert inner == []
    assert sum(branch["chance"] for branch in branches) == pytest.approx(1.0)
    assert figure.summary.startswith("4 scenarios over 2 fiscal years. The likeliest has a chance of 45.0%")
    assert "<svg" in figure_svg(figure)


def test_a_leaf_says_what_turned_out_last_and_earlier_branches_have_their_names() -> None:
    nodes = (
        {"node": "now", "parent": None, "fiscal_year": 2027, "probability": 1.0, "turned_out": None},
        *(
            {"node": name, "parent": "now", "fiscal_year": 2028, "probability": 0.5, "turned_out": words}
            for name, words in (("bad", "budget of all: cut; outage: struck"), ("good", "outage: struck"))
        ),
        *(
            {"node": name, "parent": before, "fiscal_year": 2029, "probability": 0.25, "turned_out": words}
            for name, before, words in (
                ("b1", "bad", "price of all: up"),
                ("b2", "bad", "price of all: down"),
                ("g1", "good", "price of all: up"),
                ("g2", "good", "price of all: down"),
            )
        ),
    )
    scenarios = tuple(
        {"scenario": name, "probability": 0.25, "turned_out": "all that turned out"}
        for name in ("b1", "b2", "g1", "g2")
    )
    plan = replace(
        planned(),
        tables={**planned().tables, "nodes": nodes, "scenarios": scenarios, "results": (), "policy": ()},
    )
    figure = tree_figure(plan)
    assert figure.spec is not None
    names, inner = (layer["data"]["values"] for layer in figure.spec["layer"][2:])
    assert [row["text"] for row in names[:2]] == [
        "25.0% · b1: price of all: up",
        "25.0% · b2: price of all: down",
    ]
    assert [row["text"] for row in inner] == ["bad", "good"]
    # What came in both branches sets neither apart.
    html = scenarios_html(plan)
    branches = html[html.index("What turned out in each branch") :]
    assert "budget of all: cut" in branches[: branches.index("Every scenario")]
    assert "outage: struck" not in branches[: branches.index("Every scenario")]


def test_the_names_of_many_scenarios_are_left_to_the_tables() -> None:
    plan = planned()
    rows = [
        {**row, "scenario": f"{row['scenario']}-{copy}"}
        for row in plan.tables["scenarios"]
        for copy in range(9)
    ]
    nodes = [plan.tables["nodes"][0]]
    for row in plan.tables["nodes"][1:]:
        nodes += [{**row, "node": f"{row['node']}-{copy}"} for copy in range(9)]
    figure = tree_figure(
        replace(plan, tables={**plan.tables, "scenarios": tuple(rows), "nodes": tuple(nodes)})
    )
    assert figure.spec is not None
    assert figure.spec["layer"][2]["data"]["values"] == []
    assert "stands in the tables" in figure.left_out


def test_chances_rise_to_certainty() -> None:
    figure = chance_figure(planned(), "coverage")
    assert figure.spec is not None
    steps = figure.spec["layer"][0]["data"]["values"]
    assert [step["chance"] for step in steps] == sorted(step["chance"] for step in steps)
    assert steps[-1]["chance"] == pytest.approx(100.0)
    assert [step["value"] for step in steps] == sorted(step["value"] for step in steps)


def test_bands_of_a_fan_hold_the_median() -> None:
    figure = fan_figure(planned(), "cost")
    assert figure is not None
    assert figure.spec is not None
    bands, lines = (figure.spec["layer"][place]["data"]["values"] for place in (0, 1))
    for line in lines:
        for band in bands:
            if band["year"] == line["year"]:
                assert band["low"] <= line["value"] <= band["high"]


def test_causes_stand_by_size_and_a_measure_that_nothing_moves_says_so() -> None:
    figure = cause_figure(planned(), "coverage")
    assert figure.spec is not None
    sizes = [abs(row["difference"]) for row in figure.spec["data"]["values"]]
    assert sizes == sorted(sizes, reverse=True)
    assert figure.summary.startswith("Worst where ")
    assert cause_figure(planned(), "broken_terms").summary == "No outcome moves it."


def test_outcomes_that_always_came_together_share_a_bar() -> None:
    plan = planned()
    struck = [row for row in plan.tables["causes"] if row["outcome"] == "struck"]
    others = [row for row in plan.tables["causes"] if row["outcome"] != "struck"]
    up = {"factor": "price", "subject": "*", "outcome": "up", "together": "line_outage of home: struck"}
    rows = [
        *others,
        *({**row, "together": "price of all: up"} for row in struck),
        *(row | up for row in struck),
    ]
    html = scenarios_html(replace(plan, tables={**plan.tables, "causes": tuple(rows)}))
    assert "output of home: struck (+1)" in html
    assert "output of home: struck and the price: up together" in html
    assert "share a line" in html
    assert "share a line" not in scenarios_html(plan)


def test_broken_terms_and_notes_are_said_first() -> None:
    html = scenarios_html(
        replace(planned(), status="relaxed", notes=("mind the gap",), warnings=("a row is odd",), worth=None)
    )
    assert "No plan keeps every rule in every scenario." in html
    assert "mind the gap" in html
    assert "1 warning on the deal itself, listed with the certificate." in html
    assert "a row is odd" in html
    assert "perfect information" not in html

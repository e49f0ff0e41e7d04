"""The tables of a stress test."""

from __future__ import annotations

import pytest
from tests.results.stress.stressed import stressed

from dronedeal.results.stress.columns import STRESS_TABLES
from dronedeal.results.stress.intervals import clopper_pearson, wilson


def test_every_table_has_its_columns_and_tells_its_rows_apart() -> None:
    for name, table in STRESS_TABLES.items():
        rows = stressed().tables[name]
        assert rows, name
        assert {key for row in rows for key in row} == set(table.names), name
        keys = [tuple(row[column] for column in table.key) for row in rows]
        assert len(set(keys)) == len(keys), name
        assert stressed().frame(name).height == len(rows)


def test_rates_count_paths_and_have_both_intervals() -> None:
    for row in stressed().tables["services"]:
        assert row["rate"] == row["kept"] / row["paths"]
        assert (row["low"], row["high"]) == wilson(row["kept"], 60)
        assert (row["exact_low"], row["exact_high"]) == clopper_pearson(row["kept"], 60)


def test_everything_is_kept_where_nothing_failed_first() -> None:
    failed = sum(row["paths"] for row in stressed().tables["first_failures"])
    assert stressed().service("all")["kept"] == 60 - failed
    assert sum(row["paths"] for row in stressed().tables["causes"]) == failed
    assert sum(row["broken"] > 0 for row in stressed().tables["paths"]) == failed
    assert 0 < failed < 60


def test_one_kind_is_kept_at_most_as_often_as_each_of_its_services() -> None:
    for row in stressed().tables["services"]:
        if row["subject"] != "*" and row["promised"] == "yes":
            assert stressed().service(row["service"])["kept"] <= row["kept"]


def test_paths_are_listed_the_worst_first_with_what_turned_out() -> None:
    rows = stressed().tables["paths"]
    assert [-row["broken"] for row in rows] == sorted(-row["broken"] for row in rows)
    for row in rows:
        assert (row["cause"] is None) == (row["broken"] == 0) == (row["month"] is None)
        assert ("struck" in row["turned_out"]) or ("2028: buyer_need of all" in row["turned_out"])


def test_spreads_stand_beside_what_was_planned() -> None:
    rows = {(row["measure"], row["fiscal_year"]): row for row in stressed().tables["distributions"]}
    assert rows["joint", None]["planned"] == pytest.approx(stressed().planned)
    for row in rows.values():
        assert row["least"] <= row["p05"] <= row["p50"] <= row["p95"] <= row["most"]


def test_a_service_that_was_not_looked_at_is_not_found() -> None:
    with pytest.raises(KeyError, match="moon"):
        stressed().service("coverage", "moon", 2028)

"""The table of packages: every package with its clauses, sums, points and reasons, and what is proven."""

from __future__ import annotations

from dataclasses import replace

from tests.negotiation.record_case import full_negotiation

from dronedeal.negotiation.record import PackageRecord, PackagesRecord
from dronedeal.report.negotiation.frontier_chart import frontier_figure
from dronedeal.report.negotiation.package_tables import package_grid, package_words
from dronedeal.report.negotiation.page import negotiation_html
from dronedeal.report.negotiation.wording import Speech

PACKAGES = PackagesRecord(
    clauses={"start_date": "it changes what can be decided", "rights": "it switches"},
    count=40,
    examined=(
        PackageRecord(
            id="k1",
            terms={"start_date": 0.0, "rights": 1.0},
            reasons=("as the deal stands",),
            greatest_sum=306e6,
            bound=310e6,
            points=("p01", "kalai_smorodinsky"),
            still={},
        ),
        PackageRecord(
            id="k2",
            terms={"rights": 0.0},
            reasons=("all at the buyer's position", "worth most to both together"),
            greatest_sum=None,
            bound=None,
            points=(),
            still={"price": "it moves no money here"},
        ),
    ),
    covers="Every bound holds for the 2 packages that were looked at, not for the 38 other packages.",
)


def test_each_package_stands_with_its_clauses_sums_points_and_reasons() -> None:
    grid = package_grid(Speech(replace(full_negotiation(), packages=PACKAGES)))
    assert [column.title for column in grid.columns][:3] == ["Package", "start date", "rights"]
    assert grid.rows[0] == ("k1", 0.0, 1.0, 306e6, 310e6, "p01 and kalai smorodinsky", "as the deal stands")
    assert grid.rows[1][:6] == ("k2", None, 0.0, None, None, "none")
    assert "price stays here, since it moves no money here" in grid.rows[1][6]


def test_the_page_and_the_picture_say_what_is_proven_of_packages() -> None:
    record = replace(full_negotiation(), packages=PACKAGES)
    page = negotiation_html(record)
    assert PACKAGES.covers in page
    assert "It changes what can be decided" in page
    assert "2 of 40 packages of clauses looked at" in frontier_figure(Speech(record)).left_out


def test_without_packages_nothing_is_said_of_them() -> None:
    speech = Speech(full_negotiation())
    assert package_grid(speech).rows == ()
    assert package_words(speech) is None
    assert "packages" not in frontier_figure(speech).left_out

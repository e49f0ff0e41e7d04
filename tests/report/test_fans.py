"""Fans of a measure over the fiscal years."""

from __future__ import annotations

from dronedeal.report.charts.render import figure_svg
from dronedeal.report.fans import fan, scale, value_text
from dronedeal.report.figure import Figure

ROWS = [
    {
        "fiscal_year": year,
        "least": 0.1,
        "p05": 0.2,
        "p25": 0.3,
        "p50": 0.4,
        "p75": 0.5,
        "p95": 0.6,
        "most": 0.9,
    }
    | {"planned": planned, "mean": 0.45}
    for year, planned in ((2027, 0.5), (2028, None))
]


def test_shares_are_per_cent_and_money_has_its_size() -> None:
    assert scale("coverage", [0.2, 0.9], currency="EUR") == (0.01, "per cent")
    size, unit = scale("cost", [2e9, -3e9], currency="EUR")
    assert size > 1e5
    assert unit.endswith("EUR")
    assert value_text("own_needs", 0.5, currency="EUR") == "50.0%"


def test_lines_with_a_name_stand_in_the_legend_and_years_without_a_value_are_left_out() -> None:
    named = fan("coverage", ROWS, currency="EUR", bands=("wide", "middle"), lines={"planned": "signed plan"})
    assert named["layer"][0]["encoding"]["color"]["scale"]["domain"] == ["wide", "middle", "signed plan"]
    assert named["layer"][2]["data"]["values"] == [{"year": "2027", "value": 50.0, "band": "signed plan"}]
    plain = fan("coverage", ROWS, currency="EUR", bands=("wide", "middle"), lines={"mean": ""})
    assert plain["layer"][0]["encoding"]["color"]["scale"]["domain"] == ["wide", "middle"]
    assert [point["value"] for point in plain["layer"][2]["data"]["values"]] == [45.0, 45.0]
    assert "<svg" in figure_svg(Figure("fan-coverage", "title", "summary", named))

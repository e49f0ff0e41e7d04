"""Many futures on the page, in the workbook and on the terminal."""

from __future__ import annotations

from pathlib import Path
from zipfile import ZipFile

from tests.negotiation.record_case import full_negotiation, negotiation_over_futures

from dronedeal.negotiation.record import Negotiation
from dronedeal.report.negotiation.futures_charts import spread_figure
from dronedeal.report.negotiation.futures_tables import conclusion_grid, point_words, spread_grid
from dronedeal.report.negotiation.page import negotiation_html
from dronedeal.report.negotiation.wording import Speech
from dronedeal.report.negotiation.workbook import write_negotiation_workbook
from dronedeal.terminal_negotiation import negotiation_text

SPEECH = Speech(negotiation_over_futures())


def test_the_page_says_what_changes_and_draws_the_futures() -> None:
    html = negotiation_html(SPEECH.record)
    assert "What many futures change" in html
    assert "1 of 2 conclusions" in html
    assert "How the plans turn out over many futures" in html
    assert "Kantorovich distance to the whole one is 0.250" in html
    assert html.count("<svg") == negotiation_html(full_negotiation()).count("<svg") + 3


def test_a_negotiation_of_the_deal_as_stated_says_nothing_of_futures() -> None:
    html = negotiation_html(full_negotiation())
    assert "many futures" not in html
    assert spread_figure(Speech(full_negotiation()), "buyer") is None


def test_every_plan_has_a_row_for_each_side_with_its_chances() -> None:
    grid = spread_grid(SPEECH)
    assert len(grid.rows) == 2 * 5
    nash = [row for row in grid.rows if row[0] == "Nash"]
    assert nash[1][-2:] == (0.3, 0.3)
    assert grid.columns[3].title == "Mean of the worst 20%"
    assert [row[-1] for row in conclusion_grid(SPEECH).rows] == ["no", "yes"]


def test_the_strip_shows_every_future_of_the_plans_that_matter() -> None:
    figure = spread_figure(SPEECH, "seller")
    assert figure is not None
    assert figure.spec is not None
    ticks = figure.spec["layer"][1]["data"]["values"]
    assert len(ticks) == 2 * 5
    assert {tick["chance"] for tick in ticks} == {0.3, 0.7}
    assert "30%" in figure.summary


def test_points_are_named_in_words() -> None:
    assert point_words("no agreement") == "No agreement"
    assert point_words("opening_seller") == "All as the seller asks"


def test_the_workbook_has_three_more_sheets(tmp_path: Path) -> None:
    write_negotiation_workbook(SPEECH.record, tmp_path / "over.xlsx")
    write_negotiation_workbook(full_negotiation(), tmp_path / "stated.xlsx")
    sheets = [
        len([name for name in ZipFile(tmp_path / file).namelist() if "worksheets/sheet" in name])
        for file in ("over.xlsx", "stated.xlsx")
    ]
    assert sheets[0] == sheets[1] + 3


def test_the_terminal_says_what_changes(tmp_path: Path) -> None:
    text = negotiation_text(SPEECH.record, tmp_path)
    assert "What many futures change against the deal as stated: 1 of 2" in text
    assert "Nash: terms: price 990; over many futures price 940." in " ".join(text.split())
    assert max(map(len, text.splitlines())) <= 80 + len(str(tmp_path))
    assert "many futures" not in negotiation_text(full_negotiation(), tmp_path)


def test_the_record_survives_its_file() -> None:
    record = negotiation_over_futures()
    assert Negotiation.from_data(record.to_data()) == record

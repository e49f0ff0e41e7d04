"""Pictures of a negotiation: what is drawn, what is proven, and sentences that say the same."""

from __future__ import annotations

from dataclasses import replace

from tests.negotiation.record_case import MILLION, POINTS, full_negotiation, negotiation_without_zone

from dronedeal.negotiation.record import FrontierPlan, Sides
from dronedeal.report.charts.render import figure_svg
from dronedeal.report.charts.style import ROWS_SHOWN
from dronedeal.report.negotiation.clause_charts import clause_figure, shown_change, zone_figure
from dronedeal.report.negotiation.frontier_chart import band, frontier_figure
from dronedeal.report.negotiation.wording import Speech

FULL = full_negotiation()


def test_the_band_lies_between_what_is_reached_and_what_is_proven() -> None:
    rows = band(FULL)
    assert rows[0] == (118 * MILLION, 123 * MILLION, 168 * MILLION, 174 * MILLION)
    for left, right, low, high in rows:
        assert left < right
        assert low < high
        for buyer, seller in POINTS:
            is_above = buyer * MILLION > left and seller * MILLION > high
            assert not is_above, "a plan lies beyond what is proven"


def test_what_a_fair_point_reaches_is_not_open() -> None:
    assert FULL.nash is not None
    better = replace(FULL, nash=replace(FULL.nash, utilities=Sides(126e6, 169e6)))
    lows = [low for left, right, low, _ in band(better) if right <= 126e6]
    assert set(lows) == {169e6}


def test_without_a_proven_bound_there_is_no_band() -> None:
    assert band(replace(FULL, frontier_bound=())) == []


def test_the_frontier_shows_every_point_dents_fair_points_openings_and_no_agreement() -> None:
    figure = frontier_figure(Speech(FULL))
    svg = figure_svg(figure)
    for words in (
        "Nash and Egalitarian",
        "Freedonia opens",
        "Sylvania opens",
        "no agreement",
        "point in a dent",
    ):
        assert words in svg
    assert svg == figure_svg(frontier_figure(Speech(FULL)))
    points = figure.spec["layer"][5]["data"]["values"] if figure.spec else []
    assert [row["kind"] for row in points].count("point in a dent, which no weighting finds") == 1
    assert len(points) == len(POINTS) + 2 + 2 + 1
    assert "The line is broken" in figure.left_out


def test_the_line_is_broken_at_a_jump() -> None:
    spec = frontier_figure(Speech(FULL)).spec
    assert spec is not None
    parts = [row["part"] for row in spec["layer"][4]["data"]["values"]]
    assert parts == [0] * 6 + [1] * 3


def test_labels_do_not_touch_each_other() -> None:
    crowded = replace(FULL, kalai_smorodinsky=replace(FULL.kalai_smorodinsky, utilities=Sides(182e6, 122e6)))
    spec = frontier_figure(Speech(crowded)).spec
    assert spec is not None
    texts = [layer["mark"] for layer in spec["layer"] if layer["mark"]["type"] == "text"]
    places = [(mark["x"], mark["y"]) for mark in texts]
    assert len(places) == len(set(places)) == 6
    assert all(x >= 0 and y >= 0 for x, y in places)


def test_one_point_alone_is_drawn() -> None:
    only: tuple[FrontierPlan, ...] = FULL.frontier[:1]
    alone = replace(FULL, frontier=only, frontier_jumps=(), frontier_bound=())
    assert "<svg" in figure_svg(frontier_figure(Speech(alone)))


def test_each_axis_has_a_unit_of_its_own() -> None:
    rich = replace(FULL, alternatives=Sides(120e6, 4.5e9))
    spec = frontier_figure(Speech(rich)).spec
    assert spec is not None
    titles = [spec["layer"][4]["encoding"][axis]["title"] for axis in ("x", "y")]
    assert titles == [
        "Freedonia, million EUR, base-year 2027, discounted",
        "Sylvania, billion EUR, base-year 2027, discounted",
    ]


def test_what_is_proven_is_so_for_clauses_that_stay() -> None:
    still = replace(FULL.clauses[0], stays="its rows change")
    words = "unless a clause moves that stays as it is here"
    assert words in frontier_figure(Speech(replace(FULL, clauses=(still,)))).left_out
    assert words not in frontier_figure(Speech(FULL)).left_out


def test_without_a_frontier_the_picture_is_a_sentence() -> None:
    figure = frontier_figure(Speech(negotiation_without_zone()))
    assert figure.spec is None
    assert "no plan was found" in figure.summary


def test_clauses_stand_in_the_order_of_the_record_with_both_sides() -> None:
    figure = clause_figure(Speech(FULL))
    assert figure.spec is not None
    assert [row["clause"] for row in figure.spec["data"]["values"]] == [
        *("price", "price", "royalty", "royalty", "advance", "advance")
    ]
    assert figure.summary.startswith("Price divides both sides most, by EUR")
    assert "advance joins them most" in figure.summary


def test_the_amount_beside_the_longest_bar_has_room_on_either_side() -> None:
    figure = clause_figure(Speech(FULL))
    assert figure.spec is not None
    low, high = figure.spec["layer"][0]["encoding"]["x"]["scale"]["domain"]
    longest = max(abs(row["amount"]) for row in figure.spec["data"]["values"])
    pixels = figure.spec["width"] / (high - low)
    assert (high - longest) * pixels >= 60  # such as "−1.06 billion"
    assert low == -high


def test_a_clause_without_one_position_shows_the_move_that_is_known() -> None:
    clause = replace(FULL.clauses[1], between=None, at_buyer=None)
    assert shown_change(clause) == (clause.at_seller, "to the seller's position")
    assert shown_change(FULL.clauses[3]) is None


def test_clauses_that_change_least_are_left_to_the_table() -> None:
    many = tuple(replace(FULL.clauses[0], id=f"price_{place}") for place in range(ROWS_SHOWN + 3))
    assert clause_figure(Speech(replace(FULL, clauses=many))).left_out.startswith("3 that change")


def test_a_picture_without_prices_says_whether_clauses_were_looked_at() -> None:
    none = replace(FULL, clauses=())
    assert "none can be moved" in clause_figure(Speech(none)).summary
    stopped = clause_figure(Speech(replace(none, was_stopped=True)))
    assert stopped.spec is None
    assert stopped.summary == "No clause was priced before the work was stopped."


def test_payments_say_where_none_suits_both() -> None:
    figure = zone_figure(Speech(FULL))
    assert figure.summary == "No payment suits both sides for Osprey."
    svg = figure_svg(figure)
    assert "asked 4,500, paid at most 3,000 EUR a unit" in svg
    assert "650 to 1,850 EUR a unit" in svg
    unknown = replace(FULL, zone=replace(FULL.zone, systems=()))
    assert zone_figure(Speech(unknown)).spec is None

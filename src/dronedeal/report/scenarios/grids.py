"""Tables of the page of a plan on scenarios: tests, service levels, risk, what the worst have in common."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from dronedeal.report.fans import value_text
from dronedeal.report.grid import Grid, GridColumn
from dronedeal.report.scenarios.wording import MEASURE_NAMES, Cause, causes_of, risk_words
from dronedeal.report.sections.section import Section
from dronedeal.report.wording import count_text, isolate, percent_text
from dronedeal.results.scenarios.columns import COSTS, RISK_PLANS
from dronedeal.results.scenarios.record import Risk, ScenarioPlan

# Causes that are named for each measure, how much more often they stand in its worst tenth, and how far they
# move its mean against the one that moves it most.
_CAUSES_NAMED = 3
_MUCH_MORE = 0.1
_TELLING = 0.05


def trials_grid(plan: ScenarioPlan) -> Iterator[Grid]:
    """What more trials of each system would be worth before signing."""
    rows = plan.tables["tests"]
    if not rows:
        return
    yield Grid(
        f"What {count_text(rows[0]['trials'], 'more trial')} of a system would be worth before signing",
        (
            GridColumn("System and measure"),
            GridColumn("Chance of success now", "percent"),
            GridColumn("After a bad result", "percent"),
            GridColumn("After a good result", "percent"),
            GridColumn("Worth at least", "money", plan.currency),
            GridColumn("Worth at most", "money", plan.currency),
        ),
        tuple(
            (
                isolate(row["subject"]),
                *(row[name] for name in ("mean", "lowest", "highest", "least", "most")),
            )
            for row in rows
        ),
        note="Knowing the result before signing, not a year later from use. What trials cost is not in it.",
    )


def service_grid(plan: ScenarioPlan) -> Iterator[Grid]:
    """With which chance own needs are met, where some need not be met in every scenario."""
    rows = plan.tables["service_levels"]
    if all(row["level"] == 1 for row in rows):
        return
    yield Grid(
        "Service levels of own needs",
        (
            GridColumn("Own need"),
            GridColumn("Fiscal year"),
            GridColumn("Chance asked for", "percent"),
            GridColumn("Met with a chance of", "percent"),
            GridColumn("Shortfall at worst", "quantity", "units"),
            GridColumn("Missed in"),
        ),
        tuple(
            (
                isolate(row["need"]),
                str(row["fiscal_year"]),
                row["level"],
                row["met"],
                row["shortfall"],
                row["missed_in"] or "no scenario",
            )
            for row in rows
        ),
        note="Counted over the plans of all scenarios.",
        is_open=True,
    )


def risk_section(plan: ScenarioPlan, risk: Risk) -> Section:
    """What weighing the worst scenarios changes."""
    rows = [row for row in plan.tables["risk"] if row["measure"] != "broken_terms"]
    share = percent_text(risk.share, 1 if risk.share < 0.1 else 0)
    words = (
        f"This plan was made with {risk_words(risk)}. It is set against the plan that is best on average: "
        "what it gives up in the mean, and what it gains where things turn out badly."
    )
    names = ("mean", "worst", "p05", "p50", "p95")
    heads = ("Mean", f"Mean of the worst {share}", "5%", "Median", "95%")
    grid = Grid(
        "Without and with the worst scenarios weighed",
        (GridColumn("Measure"), GridColumn("Plan"), *(GridColumn(head) for head in heads)),
        tuple(
            (
                MEASURE_NAMES[row["measure"]],
                "best on average" if row["plan"] == RISK_PLANS[0] else "worst weighed",
                *(value_text(row["measure"], row[name], currency=plan.currency) for name in names),
            )
            for row in rows
        ),
        is_open=True,
    )
    return Section("risk", "What weighing the worst scenarios changes", (words,), (grid,))


def worst_grid(plan: ScenarioPlan) -> Iterator[Grid]:
    """For each measure the outcomes that its worst tenth has more often than all scenarios."""
    causes = [
        each
        for measure in MEASURE_NAMES
        if measure != "broken_terms"
        for each in _over_represented(causes_of(plan.tables["causes"], measure))
    ]
    if not causes:
        return
    yield Grid(
        "What the worst tenth of each measure has in common",
        (
            GridColumn("Measure"),
            GridColumn("Cause"),
            GridColumn("In the worst tenth", "percent"),
            GridColumn("In all scenarios", "percent"),
            GridColumn("Mean where it is in force"),
        ),
        tuple(
            (
                MEASURE_NAMES[each.row["measure"]],
                each.words,
                each.row["share_of_worst"],
                each.row["probability"],
                value_text(each.row["measure"], each.row["mean"], currency=plan.currency),
            )
            for each in causes
        ),
        note="Causes that make the measure worse and stand much more often in its worst tenth than in all.",
        is_open=True,
    )


def _over_represented(causes: Sequence[Cause]) -> Sequence[Cause]:
    """Outcomes that make a measure worse and that its worst tenth has far above their chance, worst first."""
    worse = [
        (each.row["difference"] if each.row["measure"] in COSTS else -each.row["difference"], each)
        for each in causes
    ]
    least = max([1e-9, *(_TELLING * amount for amount, _ in worse)])
    found = [
        (amount, each)
        for amount, each in worse
        if amount >= least and each.row["share_of_worst"] - each.row["probability"] > _MUCH_MORE
    ]
    found.sort(key=lambda pair: (-pair[0], pair[1].words))
    return [each for _, each in found[:_CAUSES_NAMED]]

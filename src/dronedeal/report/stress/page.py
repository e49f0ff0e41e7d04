"""The page of a stress test: one self-contained HTML file with the look of the report."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from dronedeal.report.fans import value_text
from dronedeal.report.page import Page
from dronedeal.report.sections.answer import Banner
from dronedeal.report.sections.section import Block, Facts, Section
from dronedeal.report.stress.charts import (
    SERVICE_NAMES,
    cause_figure,
    failure_figure,
    fan_figure,
    rate_figure,
)
from dronedeal.report.stress.grids import causes_grid, failures_grid, paths_grid, services_grid, spread_grid
from dronedeal.report.wording import count_text, isolate, money_text, percent_text
from dronedeal.results.stress.record import StressTest

_WORST_SHOWN = 12


def stress_html(test: StressTest) -> str:
    """A stress test as one HTML document.

    Parameters
    ----------
    test : what was found

    Returns
    -------
    a whole document without scripts, raster pictures or links to anything outside itself; the same input
    gives the same text

    Examples
    --------
    ``html = stress_html(read_stress("out"))``
    """
    return stress_page(test).html


def stress_page(test: StressTest) -> Page:
    """The page of a stress test before its charts are drawn."""
    return Page(
        "scenarios.html",
        title=f"Stress test: {isolate(test.title)}",
        subtitle=(
            f"{test.signed[:1].upper()}{test.signed[1:]}, in {count_text(test.done, 'fresh future')} drawn "
            f"with seed {test.seed}. Money in {test.currency} at prices of fiscal year "
            f"{test.price_base_year}."
        ),
        banner=_banner(test),
        sections=tuple(_sections(test)),
        words={"digest": test.digest},
    )


def write_stress_page(test: StressTest, path: Path) -> None:
    """Write the page of a stress test to a file.

    Examples
    --------
    ``write_stress_page(read_stress("out"), Path("out/stress.html"))``
    """
    stress_page(test).write(path)


def _banner(test: StressTest) -> Banner:
    whole = test.service("all")
    notes = tuple(isolate(words) for words in test.notes)
    share = f"{percent_text(whole['rate'], 1)} of {count_text(test.done, 'future')}"
    span = f"{percent_text(whole['low'], 1)} to {percent_text(whole['high'], 1)}"
    if whole["kept"] == whole["paths"]:
        words = f"Every promise was kept in all {test.done:,} futures; truly in {span} of them."
        return Banner("caution" if notes else "good", "The plan holds", words, notes)
    return Banner("caution", f"Every promise is kept in {share}", f"Truly in {span} of them.", notes)


def _sections(test: StressTest) -> Iterator[Section]:
    yield _answer(test)
    words = (
        "Each bar is the share of futures in which it is kept; the line in it spans Wilson's interval "
        f"({percent_text(test.confidence_level)}). The exact interval stands in the table."
    )
    yield Section(
        "services", "What is kept, and how surely", (words,), (rate_figure(test), services_grid(test))
    )
    yield Section(
        "failures",
        "What fails first, and why",
        (_cause_words(),),
        (failure_figure(test), cause_figure(test), failures_grid(test), causes_grid(test)),
    )
    yield _spread(test)
    yield Section("paths", "The worst futures", (), (paths_grid(test, most=_WORST_SHOWN),))
    yield _made(test)


def _cause_words() -> str:
    return (
        "In each future the promise that is broken in the earliest month counts. Every outcome in force then "
        "was "
        "tried alone, with all else as stated: the one that alone breaks the promise by most is its cause. "
        "Where "
        "none does so alone, those that leave less room are named together."
    )


def _answer(test: StressTest) -> Section:
    entries = []
    for row in test.tables["services"]:
        if row["subject"] == "*":
            span = f"{percent_text(row['low'], 1)} to {percent_text(row['high'], 1)}"
            entries.append((SERVICE_NAMES[row["service"]], percent_text(row["rate"], 1), f"truly {span}"))
    entries += list(_asked(test))
    spread = {row["measure"]: row for row in test.tables["distributions"] if row["fiscal_year"] is None}
    joint = spread["joint"]
    mean, worst = (money_text(joint[name], test.currency) for name in ("mean", "worst_tenth"))
    words = (
        f"The plan is worth {money_text(test.planned, test.currency)} to both sides where nothing turns out "
        f"otherwise than stated; over the futures {mean} on average, and {worst} in the worst tenth."
    )
    covered = spread.get("coverage")
    if covered is not None:
        planned, found = (
            value_text("coverage", covered[name], currency=test.currency) for name in ("planned", "mean")
        )
        words += f" Coverage was planned at {planned} and comes to {found} on average."
    return Section("answer", "In short", (words,), (Facts("How surely", tuple(entries)),))


def _asked(test: StressTest) -> Iterator[tuple[str, str, str]]:
    """Own needs that may be missed with some chance: what is reached, beside what is asked for."""
    for row in test.tables["services"]:
        level = row.get("level")
        if level is not None and level < 1:
            name = f"own need {isolate(row['subject'])} {row['fiscal_year']}"
            state = "reached" if row["rate"] >= level else "not reached"
            yield name, percent_text(row["rate"], 1), f"{percent_text(level, 1)} asked for, {state}"


def _spread(test: StressTest) -> Section:
    fans = [fan_figure(test, measure) for measure in ("coverage", "cost", "own_needs", "cash")]
    blocks: list[Block] = [figure for figure in fans if figure is not None]
    words = "Solid line: median; dashed line: what the signed plan says."
    return Section("spread", "How the futures turn out", (words,), (*blocks, spread_grid(test)))


def _made(test: StressTest) -> Section:
    words = (
        "Each future was drawn apart from the others and from every scenario tree, out of "
        f"{test.combinations:,} "
        "that the rows of uncertainty allow. As each fiscal year begins the planner sees what has turned "
        "out by "
        f"then and takes it to go on: {test.policy}. No row of any future is broken by more than "
        f"{test.residual:.1e} of its largest figure, but for the terms counted above.",
        f"Made with {', '.join(f'{name} {number}' for name, number in sorted(test.versions.items()))}; the "
        "plan "
        f"has the digest {test.plan_digest[:12]}….",
    )
    return Section("made", "How this was made", words)

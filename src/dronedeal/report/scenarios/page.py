"""The page of a plan on scenarios: one self-contained HTML file with the look of the report."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from dronedeal.report.fans import SHARES, value_text
from dronedeal.report.figure import Figure
from dronedeal.report.grid import Grid, GridColumn
from dronedeal.report.page import Page
from dronedeal.report.scenarios.grids import risk_section, service_grid, trials_grid, worst_grid
from dronedeal.report.scenarios.spread_charts import (
    cause_figure,
    chance_figure,
    fan_figure,
)
from dronedeal.report.scenarios.tree_chart import news_of, tree_figure
from dronedeal.report.scenarios.wording import ALIKE_WORDS, MEASURE_NAMES, causes_of, risk_words
from dronedeal.report.sections.answer import Banner
from dronedeal.report.sections.section import Block, Facts, Item, Section, Words
from dronedeal.report.wording import count_text, gap_text, isolate, money_text, percent_text, plain, sentence
from dronedeal.results.scenarios.record import ScenarioPlan, Worth
from dronedeal.results.shape import Row

PAGE_FILE = "scenarios.html"
_WORST_SHOWN = 8
_BRANCHES_OPEN = 12


def scenarios_html(plan: ScenarioPlan) -> str:
    """A plan on scenarios as one HTML document.

    Parameters
    ----------
    plan : the plan

    Returns
    -------
    a whole document without scripts, raster pictures or links to anything outside itself; the same input
    gives the same text

    Examples
    --------
    ``html = scenarios_html(read_scenarios("out"))``
    """
    return scenarios_page(plan).html


def scenarios_page(plan: ScenarioPlan) -> Page:
    """The page of a plan on scenarios before its charts are drawn."""
    return Page(
        "scenarios.html",
        title=f"Many futures: {isolate(plan.title)}",
        subtitle=(
            f"A plan for {count_text(plan.sizes['scenarios'], 'scenario')} at once, {plan.how}. Money in "
            f"{plan.currency} at prices of fiscal year {plan.price_base_year}."
        ),
        banner=_banner(plan),
        sections=tuple(_sections(plan)),
        words={"digest": plan.digest},
    )


def write_scenarios_page(plan: ScenarioPlan, path: Path) -> None:
    """Write the page of a plan on scenarios to a file.

    Examples
    --------
    ``write_scenarios_page(read_scenarios("out"), Path("out/scenarios.html"))``
    """
    scenarios_page(plan).write(path)


def _banner(plan: ScenarioPlan) -> Banner:
    warnings = tuple(isolate(words) for words in plan.notes)
    if plan.warnings:
        count = count_text(len(plan.warnings), "warning")
        warnings = (*warnings, f"{count} on the deal itself, listed with the certificate.")
    if plan.status == "relaxed":
        return Banner("caution", "Terms are broken", "No plan keeps every rule in every scenario.", warnings)
    if warnings:
        return Banner("caution", "The plan holds in every scenario", "Mind this:", warnings)
    return Banner("good", "The plan holds in every scenario", "Each was checked as an ordinary plan.", ())


def _sections(plan: ScenarioPlan) -> Iterator[Section]:
    yield _answer(plan)
    yield _signed(plan)
    yield Section(
        "tree",
        "The futures",
        (_tree_words(plan),),
        (tree_figure(plan), *_news_grid(plan), _scenario_grid(plan)),
    )
    yield _spread(plan)
    if plan.risk is not None:
        yield risk_section(plan, plan.risk)
    yield _causes(plan)
    yield Section("policy", "What to do in each node", (), (_policy_grid(plan),))
    yield _certificate(plan)


def _answer(plan: ScenarioPlan) -> Section:
    spread = {row["measure"]: row for row in plan.tables["distributions"] if row["fiscal_year"] is None}
    texts = {
        measure: [
            value_text(measure, row[name], currency=plan.currency) for name in ("mean", "least", "most")
        ]
        for measure, row in spread.items()
        if measure != "broken_terms"
    }
    entries = [
        (
            MEASURE_NAMES[measure],
            mean,
            f"expected; from {least} to {most}",
        )
        for measure, (mean, least, most) in texts.items()
    ]
    first = plan.tables["nodes"][0]["fiscal_year"]
    signed = [row for row in plan.root if row["kind"] != "production"]
    amount = sum(row["amount"] for row in signed)
    words = (
        f"To sign in {first}: {count_text(len(signed), 'decision')} of {money_text(amount, plan.currency)}, "
        "the same whatever turns out. What follows depends on the state of the world in each year."
    )
    gap = "" if plan.gap is None else f" It is at most {gap_text(plan.gap)} below the best possible."
    worth = f"The plan is worth {money_text(plan.expected, plan.currency)} on average.{gap}"
    if plan.risk is not None:
        weighed = money_text(plan.objective, plan.currency)
        gain = money_text(plan.objective - plan.risk.before, plan.currency)
        worth = (
            f"The plan is worth {money_text(plan.expected, plan.currency)} on average, and {weighed} with "
            f"{risk_words(plan.risk)}: {gain} more than the plan that is best on average.{gap}"
        )
    return Section(
        "answer", "In short", (words, worth, *_worth_words(plan.worth, plan.currency)),
        (Facts("Key figures over all scenarios", tuple(entries)), *trials_grid(plan)),
    )  # fmt: skip


def _worth_words(worth: Worth | None, currency: str) -> Iterator[str]:
    if worth is None:
        return
    known = _between(worth.perfect_information, currency)
    yield (
        f"Knowing the scenario before anything is signed would be worth {known} (expected value of perfect "
        "information)."
    )
    if worth.stochastic_solution is not None:
        pair = _between(worth.stochastic_solution, currency)
        yield (
            f"Planning for scenarios, and not for expected figures, is worth {pair} (value of the stochastic "
            "solution)."
        )
    if worth.words:
        yield sentence(worth.words)
    if worth.news is not None:
        yield (
            "Knowing at once what the second year brings would be worth "
            f"{_between(worth.news, currency)} (value of waiting for the news, had waiting no price)."
        )
    if worth.signing is not None:
        yield (
            "Signing nothing in the first year, and deciding in the second, would cost "
            f"{_between(worth.signing, currency)}."
        )


def _between(pair: tuple[float, float], currency: str) -> str:
    low, high = (money_text(value, currency) for value in pair)
    return low if low == high else f"{low} to {high}"


def _signed(plan: ScenarioPlan) -> Section:
    first = plan.tables["nodes"][0]["fiscal_year"]
    rows = tuple(
        (row["kind"], row["subject"], row["month"], row["quantity"], row["amount"]) for row in plan.root
    )
    grid = Grid(
        f"Decisions of fiscal year {first}",
        (
            GridColumn("Decision"),
            GridColumn("Of what"),
            GridColumn("Month"),
            GridColumn("Quantity", "quantity", "units"),
            GridColumn("Amount", "money", plan.currency),
        ),
        rows,
        note="Production is what the plan makes in the year; it is no commitment to the other side.",
        is_open=True,
    )
    return Section("signed", "What to sign now", (), (grid,))


def _tree_words(plan: ScenarioPlan) -> str:
    words = (
        "Each node is one fiscal year in one of its possible states; what is decided in it is the same for "
        "all scenarios that pass through it. The first year is planned before anything has turned out."
    )
    if plan.distance is None:
        return words
    return (
        f"{words} The tree was reduced; the Kantorovich distance to the whole one is {plan.distance:.3f}, "
        "the mean difference of all multipliers over all years."
    )


def _news_grid(plan: ScenarioPlan) -> Iterator[Grid]:
    """What sets each branch apart from the others after the same state; a tree of one path has none."""
    news = news_of(plan.tables["nodes"])
    if not news:
        return
    nodes = {row["node"]: row for row in plan.tables["nodes"]}
    yield Grid(
        "What turned out in each branch and not in all that begin at the same state",
        (
            GridColumn("State"),
            GridColumn("After"),
            GridColumn("Chance", "percent"),
            GridColumn("What turned out"),
        ),
        tuple(
            (name, nodes[name]["parent"], nodes[name]["probability"], plain(words))
            for name, words in news.items()
        ),
        is_open=len(news) <= _BRANCHES_OPEN,
    )


def _scenario_grid(plan: ScenarioPlan) -> Grid:
    names = [each for each in MEASURE_NAMES if each != "broken_terms"]
    values = {
        (row["scenario"], row["measure"]): row["value"]
        for row in plan.tables["results"]
        if row["fiscal_year"] is None
    }
    known = [name for name in names if any(key[1] == name for key in values)]
    return Grid(
        "Every scenario",
        (
            GridColumn("Scenario"),
            GridColumn("Chance", "percent"),
            GridColumn("What turned out"),
            *(
                GridColumn(MEASURE_NAMES[name], "percent" if name in SHARES else "money",
                           "" if name in SHARES else plan.currency)
                for name in known
            ),
        ),
        tuple(
            (
                row["scenario"],
                row["probability"],
                row["turned_out"],
                *(values.get((row["scenario"], name)) for name in known),
            )
            for row in plan.tables["scenarios"]
        ),
    )  # fmt: skip


def _spread(plan: ScenarioPlan) -> Section:
    figures: list[Block] = [chance_figure(plan, measure) for measure in ("coverage", "cost", "joint")]
    fans = [fan_figure(plan, measure) for measure in ("coverage", "cost", "own_needs", "cash")]
    figures += [figure for figure in fans if figure is not None]
    words = (
        "Solid line: median; dashed line: expected value. Half of the chances lie inside the dark band, nine "
        "tenths inside the pale one."
    )
    grids = (*service_grid(plan), _distribution_grid(plan))
    return Section("spread", "How the scenarios turn out", (words,), (*figures, *grids))


def _distribution_grid(plan: ScenarioPlan) -> Grid:
    def shown(row: Row, name: str) -> str:
        return value_text(row["measure"], row[name], currency=plan.currency)

    names = ("mean", "least", "p05", "p50", "p95", "most", "worst_tenth")
    heads = ("Mean", "Least", "5%", "Median", "95%", "Most", "Mean of the worst tenth")
    return Grid(
        "Distributions",
        (GridColumn("Measure"), GridColumn("Fiscal year"), *(GridColumn(head) for head in heads)),
        tuple(
            (
                MEASURE_NAMES[row["measure"]],
                "whole plan" if row["fiscal_year"] is None else str(row["fiscal_year"]),
                *(shown(row, name) for name in names),
            )
            for row in plan.tables["distributions"]
            if row["measure"] != "broken_terms"
        ),
    )


def _causes(plan: ScenarioPlan) -> Section:
    figures: list[Figure] = [cause_figure(plan, measure) for measure in ("coverage", "cost", "joint")]
    worst = sorted(
        (
            row
            for row in plan.tables["results"]
            if row["measure"] == "coverage" and row["fiscal_year"] is None
        ),
        key=lambda row: row["value"],
    )[:_WORST_SHOWN]
    turned_out = {row["scenario"]: row["turned_out"] for row in plan.tables["scenarios"]}
    items = tuple(
        Item(
            (
                f"coverage {percent_text(row['value'], 1)}, chance {percent_text(row['probability'], 1)}: "
                f"{turned_out[row['scenario']]}",
            ),
            f"{row['scenario']}.",
        )
        for row in worst
    )
    causes = [
        (measure, each)
        for measure in MEASURE_NAMES
        if measure != "broken_terms"
        for each in causes_of(plan.tables["causes"], measure)
    ]
    grid = Grid(
        "Outcomes and what they move",
        (
            GridColumn("Measure"),
            GridColumn("Outcome"),
            GridColumn("Chance", "percent"),
            GridColumn("Mean where it is in force"),
            GridColumn("Share of the worst tenth", "percent"),
        ),
        tuple(
            (
                MEASURE_NAMES[measure],
                each.words,
                each.row["probability"],
                value_text(measure, each.row["mean"], currency=plan.currency),
                each.row["share_of_worst"],
            )
            for measure, each in causes
        ),
    )
    words = Words("The scenarios with the least coverage", items)
    blocks: tuple[Block, ...] = (*figures, *worst_grid(plan), words, grid)
    alike = (ALIKE_WORDS,) if any(len(each.names) > 1 for _, each in causes) else ()
    return Section("causes", "Worst cases, and what causes them", alike, blocks)


def _policy_grid(plan: ScenarioPlan) -> Grid:
    turned_out = {row["node"]: row["turned_out"] for row in plan.tables["nodes"]}
    return Grid(
        "Policy by node",
        (
            GridColumn("Node"),
            GridColumn("What turned out"),
            GridColumn("Decision"),
            GridColumn("Of what"),
            GridColumn("Month"),
            GridColumn("Quantity", "quantity", "units"),
            GridColumn("Amount", "money", plan.currency),
        ),
        tuple(
            (
                row["node"], turned_out[row["node"]], row["kind"], row["subject"], row["month"],
                row["quantity"], row["amount"],
            )
            for row in plan.tables["policy"]
        ),
    )  # fmt: skip


def _certificate(plan: ScenarioPlan) -> Section:
    comparisons = sum(int(row["comparisons"]) for row in plan.checks)
    words = (
        f"Each scenario was checked as an ordinary plan of the deal as it turned out: {comparisons:,} "
        f"comparisons, all passed. Solved as {plan.method}: {plan.sizes['columns']:,} columns, "
        f"{plan.sizes['rows']:,} rows, {plan.sizes['integers']:,} whole numbers."
    )
    grid = Grid(
        "Checks over all scenarios",
        (
            GridColumn("Check"),
            GridColumn("Comparisons", "whole"),
            GridColumn("Largest residual", "residual"),
            GridColumn("In scenario"),
        ),
        tuple(
            (row["name"], row["comparisons"], row["largest_residual"], row["scenario"]) for row in plan.checks
        ),
    )
    items = tuple(Item((isolate(each),)) for each in plan.warnings)
    warnings: tuple[Block, ...] = (Words("Warnings on the deal", items),) if items else ()
    return Section("certificate", "Certificate", (words,), (grid, *warnings))

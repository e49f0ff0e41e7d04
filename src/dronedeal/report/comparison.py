"""The page of a comparison: one self-contained HTML file with the look of the report."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from dronedeal.report.comparison_charts import paid_figure, worth_figure
from dronedeal.report.comparison_mix import mix_grids, mix_words
from dronedeal.report.comparison_tables import (
    Labels,
    certificates_grid,
    inputs_grid,
    savings_grid,
    table_grid,
    totals_grid,
)
from dronedeal.report.grid import Grid
from dronedeal.report.page import Page
from dronedeal.report.sections.answer import Banner
from dronedeal.report.sections.section import Block, Section
from dronedeal.report.wording import count_text, isolate, list_text, money_text, number_text, relative_text
from dronedeal.results.compare import Comparison, Figure

_SAME_TITLE = "The plans are the same"


def comparison_html(comparison: Comparison) -> str:
    """Plans side by side as one HTML document.

    Parameters
    ----------
    comparison : two to six plans, with their deals or without

    Returns
    -------
    a whole document without scripts, raster pictures or links to anything outside itself; the same input
    gives the same text

    Examples
    --------
    ``html = comparison_html(compare_plans([one, other]))``
    """
    return _page(comparison).html


def write_comparison(comparison: Comparison, path: Path) -> None:
    """Write the page of a comparison to a file.

    Examples
    --------
    ``write_comparison(compare_plans([one, other]), Path("comparison.html"))``
    """
    _page(comparison).write(path)


def _page(comparison: Comparison) -> Page:
    titles = list(dict.fromkeys(isolate(each.title) for each in comparison.certificates))
    return Page(
        "comparison.html",
        title=f"Plans compared: {list_text(titles)}",
        subtitle=_subtitle(comparison),
        banner=_banner(comparison),
        sections=sections(comparison),
        words={"digests": [each.digest for each in comparison.certificates]},
    )


def _subtitle(comparison: Comparison) -> str:
    first, *others = (f"“{isolate(name)}”" for name in comparison.names)
    plan = comparison.plans[0]
    return (
        f"{list_text(others)} against {first}. Money in {plan.currency} at prices of fiscal year "
        f"{plan.price_base_year} unless it says then-year."
    )


def _banner(comparison: Comparison) -> Banner:
    warnings = tuple(isolate(warning) for warning in comparison.warnings)
    if not all(each.is_verified for each in comparison.certificates):
        return Banner("bad", "Not all verified", "Do not rely on this comparison:", warnings)
    if len({each.objective_kind for each in comparison.certificates}) > 1:
        return Banner("caution", "Not like with like", "Mind this before you compare:", warnings)
    text = "Every plan was checked by arithmetic that shares nothing with the optimiser."
    tone = "caution" if any(each.status == "feasible" for each in comparison.certificates) else "good"
    return Banner(tone, "All plans verified", text, warnings)


def _savings(comparison: Comparison) -> Section:
    text = (
        "Annual buying is planned year by year: each year as if nothing came after it, with the earlier "
        "years as they were decided, and with nothing firm in advance. What is above zero speaks for the "
        "commitment."
    )
    return Section("savings", "Where the saving comes from", (text,), (savings_grid(comparison),))


def sections(comparison: Comparison) -> tuple[Section, ...]:
    """The sections in the order in which a reader wants them; those without any difference say so."""
    labels = Labels(comparison)
    inputs = [_inputs(comparison)] if comparison.deals else []
    return (
        Section(
            "answer", "In short", in_short(comparison), (worth_figure(comparison), totals_grid(comparison))
        ),
        *([_savings(comparison)] if comparison.savings else []),
        *inputs,
        *([] if comparison.is_same else [_mix(comparison, labels)]),
        _section(
            comparison,
            labels,
            "purchases",
            "What is bought",
            ("purchases",),
            blocks=(paid_figure(comparison),),
        ),
        _section(
            comparison,
            labels,
            "coverage",
            "What is met and what is short",
            ("coverage", "unmet", "home_coverage"),
        ),
        _section(
            comparison,
            labels,
            "money",
            "Money",
            ("payments", "budgets", "rebates", "commitments", "cash", "utility_items"),
        ),
        _section(
            comparison,
            labels,
            "production",
            "What is made and sold",
            ("production", "learning", "openings", "substitutions", "other_sales"),
        ),
        _section(
            comparison,
            labels,
            "cooperation",
            "Integration and cooperation",
            ("integrations", "projects", "project_gains", "project_savings"),
        ),
        _section(comparison, labels, "rules", "Rules", ("rules", "violations", "binding")),
        Section("certificates", "Certificates", (), (certificates_grid(comparison),)),
    )


def _mix(comparison: Comparison, labels: Labels) -> Section:
    return Section(
        "mix",
        "What is bought and where it is made, over the whole plan",
        mix_words(comparison, labels),
        mix_grids(comparison, labels),
    )


def _inputs(comparison: Comparison) -> Section:
    count = len(comparison.inputs)
    words = (
        f"{count_text(count, 'input differs', 'inputs differ')}; each stands with its address."
        if count
        else "Nothing differs in the deals."
    )
    return Section(
        "inputs", "What differs in the deals", (words,), (inputs_grid(comparison),) if count else ()
    )


def _section(
    comparison: Comparison,
    labels: Labels,
    address: str,
    title: str,
    tables: Sequence[str],
    *,
    blocks: tuple[Block, ...] = (),
) -> Section:
    grids: list[Grid] = [table_grid(comparison, table, labels) for table in tables]
    count = sum(len(grid.rows) for grid in grids)
    words = (
        f"{count_text(count, 'figure differs', 'figures differ')}; only these are listed, all figures stand "
        "in the workbook."
        if count
        else "Nothing differs."
    )
    return Section(address, title, (words,), (*blocks, *(grid for grid in grids if grid.rows)))


def in_short(comparison: Comparison) -> tuple[str, ...]:
    """One paragraph for each further plan: what it is worth, buys, pays and meets against the first.

    Returns
    -------
    (n_plans - 1,) paragraphs, or one that says that nothing differs
    """
    if comparison.is_same:
        return (f"{_SAME_TITLE}: no figure of any year differs.",)
    return tuple(_against_first(comparison, number) for number in range(1, len(comparison.plans)))


def _against_first(comparison: Comparison, number: int) -> str:
    name, first = comparison.names[number], comparison.names[0]
    currency = comparison.plans[0].currency
    has_kinds = any(plan.objective_kind != "joint" for plan in comparison.plans)
    in_all = comparison.total("both sides" if has_kinds else "objective")
    worth = (
        f"{_money_words('is worth', in_all, number, currency)}: "
        f"{_money_words('', comparison.total('buyer'), number, currency)} to the buyer and "
        f"{_money_words('', comparison.total('seller'), number, currency)} to the seller"
    )
    parts = [
        _count_words("buys", comparison.total("units bought"), number, "units"),
        _money_words("pays", comparison.total("paid"), number, currency),
    ]
    reached = comparison.total("thresholds reached")
    count = comparison.figures_of("coverage")
    parts.append(f"reaches {number_text(reached.values[number] or 0, 0)} of {count} yearly thresholds")
    parts[-1] += (
        "" if reached.change(number) == 0 else f" instead of {number_text(reached.values[0] or 0, 0)}"
    )
    broken = comparison.total("rules broken")
    if broken.values[number] or broken.values[0]:
        parts.append(f"breaks {number_text(broken.values[number] or 0, 0)} rules instead of "
                     f"{number_text(broken.values[0] or 0, 0)}")  # fmt: skip
    return isolate(f"Against “{first}”, “{name}” {worth}. It {list_text(parts)}.")


def _money_words(verb: str, figure: Figure, number: int, currency: str) -> str:
    change = figure.change(number) or 0.0
    if not _is_worth_telling(figure, number):
        return f"{verb} as much".strip()
    relative = figure.relative(number)
    share = "" if relative is None else f" ({relative_text(relative)})"
    return f"{verb} {money_text(abs(change), currency)} {'more' if change > 0 else 'less'}{share}".strip()


def _count_words(verb: str, figure: Figure, number: int, noun: str) -> str:
    change = figure.change(number) or 0.0
    if not _is_worth_telling(figure, number):
        return f"{verb} as many {noun}"
    relative = figure.relative(number)
    share = "" if relative is None else f" ({relative_text(relative)})"
    return f"{verb} {number_text(abs(change), 0)} {noun} {'more' if change > 0 else 'fewer'}{share}"


def _is_worth_telling(figure: Figure, number: int) -> bool:
    return Figure(
        figure.table, figure.key, figure.column, figure.unit, (figure.values[0], figure.values[number])
    ).is_changed

"""Sections on what is short and why, and on what one more unit of a binding rule is worth."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

from dronedeal.report.grid import Grid, GridColumn
from dronedeal.report.sections.section import Item, Section, Subject, Words, section
from dronedeal.report.view import Row, View
from dronedeal.report.wording import (
    count_text,
    list_text,
    number_text,
    percent_text,
    plain,
    sentence,
    short_month_text,
)

SHORTAGES_SHOWN = 20
WHOLE_UNITS = "whole_units"
RULES_SHOWN = 15


@section(8)
def shortage(subject: Subject) -> Section:
    """What is short of its objective, and what holds it back."""
    view = subject.view
    rows = view.rows("unmet")
    if not rows:
        return Section(
            "short", "What is short, and why", ("Every requirement reaches its objective in every year.",)
        )
    causes = Counter(row["cause"] for row in rows)
    counted = list_text(
        [f"{plain(cause)} ({count})" for cause, count in sorted(causes.items(), key=lambda i: (-i[1], i[0]))]
    )
    words = (
        f"{count_text(len(rows), 'requirement-year')} stay short of their objective. What holds them back, "
        "with the "
        f"number of requirement-years: {counted}.",
    )
    items = _by_requirement(view, [row for row in rows if row["cause"] != WHOLE_UNITS])
    shown = (*items[:SHORTAGES_SHOWN], *_rounded(view, rows))
    more = (
        f"{len(items) - SHORTAGES_SHOWN} more requirements in the table."
        if len(items) > SHORTAGES_SHOWN
        else ""
    )
    return Section(
        "short",
        "What is short, and why",
        words,
        (
            Words("By requirement", shown, more),
            _unmet_grid(view, rows),
        ),
    )


def _rounded(view: View, rows: Sequence[Row]) -> tuple[Item, ...]:
    """One item for all that whole contract quantities leave open; none where there is no such shortage."""
    years: dict[str, list[str]] = {}
    for row in rows:
        if row["cause"] == WHOLE_UNITS:
            name = view.names.requirement(row["requirement"])
            years.setdefault(name, []).append(f"FY{row['fiscal_year']}")
    if not years:
        return ()
    listed = "; ".join(f"{name} in {list_text(found)}" for name, found in years.items())
    words = f"Less than one unit is missing, since contract quantities are whole: {listed}."
    return (Item((words,), f"{count_text(sum(map(len, years.values())), 'requirement-year')}."),)


def _by_requirement(view: View, rows: Sequence[Row]) -> tuple[Item, ...]:
    """One item a requirement, one sentence a reason; years with the same reason share their sentence."""
    objective = {(row["requirement"], row["fiscal_year"]): row["objective"] for row in view.rows("coverage")}
    grouped: dict[tuple[str, str], dict[str, list[str]]] = {}
    for row in rows:
        whole = objective.get((row["requirement"], row["fiscal_year"]), 0.0)
        share = f", {percent_text(row['quantity'] / whole)} of the objective" if whole > 0 else ""
        size = f"FY{row['fiscal_year']} ({number_text(row['quantity'])} effective units{share})"
        key = (row["requirement"], row["branch"])
        grouped.setdefault(key, {}).setdefault(_words(view, row), []).append(size)
    return tuple(
        Item(
            tuple(f"Short in {list_text(years)}: {words}" for words, years in reasons.items()),
            f"{view.names.requirement(requirement)} · {view.names.branch(branch)}.",
        )
        for (requirement, branch), reasons in grouped.items()
    )


def _words(view: View, row: Row) -> str:
    return sentence(view.names.in_words(row["words"]))


def _unmet_grid(view: View, rows: Sequence[Row]) -> Grid:
    return Grid(
        "Every shortage against the objective",
        (
            GridColumn("Requirement"),
            GridColumn("Branch"),
            GridColumn("Fiscal year", "year"),
            GridColumn("Short", "quantity", "effective units"),
            GridColumn("Cause"),
            GridColumn("Cell of the deal"),
            GridColumn("Worth of one more", "dual", view.utility_unit),
            GridColumn("Unit"),
            GridColumn("Enough for", "quantity", "effective units"),
            GridColumn("In words"),
        ),
        tuple(
            (
                view.names.requirement(row["requirement"]),
                view.names.branch(row["branch"]),
                row["fiscal_year"],
                row["quantity"],
                plain(row["cause"]),
                row["address"] or "",
                row["more"],
                row["more_unit"] or "",
                row["reach"],
                _words(view, row),
            )
            for row in rows
        ),
        is_printed=False,
    )


@section(9)
def binding(subject: Subject) -> Section:
    """What binds, and what one more unit of it is worth."""
    view = subject.view
    rows = view.rows("binding")
    title = "What binds, and what one more unit is worth"
    if not rows:
        return Section("binding", title, ("No rule holds the plan back.",))
    words = (
        f"{count_text(len(rows), 'rule')} hold the plan back. The worth of one more unit is the change of "
        "the value "
        f"of the plan ({view.utility_unit}) with everything else as it is, openings and steps included; it "
        "holds for "
        "small changes only.",
    )
    items = _by_rule(view, rows)
    more = f"{len(items) - RULES_SHOWN} more rules in the table." if len(items) > RULES_SHOWN else ""
    return Section(
        "binding",
        title,
        words,
        (Words("The rules that matter most", items[:RULES_SHOWN], more), _binding_grid(view, rows)),
    )


def _by_rule(view: View, rows: Sequence[Row]) -> tuple[Item, ...]:
    """One item a rule and subject: its sentence where it matters most, then its worth at other times."""
    grouped: dict[tuple[str, str], list[Row]] = {}
    for row in rows:
        grouped.setdefault((row["kind"], row["subject"]), []).append(row)
    items = []
    for first, *others in grouped.values():
        text = _words(view, first)
        if others:
            in_time = sorted(others, key=lambda row: (row["fiscal_year"] or 0, row["month"] or ""))
            worth = [f"{_when(row)} {view.money(row['dual'])}" for row in in_time]
            text = f"{text} The same at other times: {list_text(worth, 6)}."
        items.append(
            Item((text,), f"{sentence(plain(first['kind']))[:-1]}: {view.names.subject(first['subject'])}.")
        )
    return tuple(items)


def _binding_grid(view: View, rows: Sequence[Row]) -> Grid:
    return Grid(
        "Every binding rule",
        (
            GridColumn("Rule"),
            GridColumn("About"),
            GridColumn("When"),
            GridColumn("Worth of one more", "dual", view.utility_unit),
            GridColumn("Unit"),
        ),
        tuple(
            (plain(row["kind"]), view.names.subject(row["subject"]), _when(row), row["dual"], row["unit"])
            for row in rows
        ),
    )


def _when(row: Row) -> str:
    if row["month"] is not None:
        return short_month_text(row["month"])
    return "whole plan" if row["fiscal_year"] is None else f"FY{row['fiscal_year']}"

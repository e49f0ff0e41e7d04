"""Sections on what the plan does: buying, making, covering, own needs, money, prices."""

from __future__ import annotations

from dronedeal.report.figure import Figure
from dronedeal.report.grid import Grid, GridColumn
from dronedeal.report.sections.agreement import agreement_tables, agreement_words
from dronedeal.report.sections.section import Section, Subject, section
from dronedeal.report.view import View, total
from dronedeal.report.wording import count_text, list_text, month_text, number_text, plain, short_month_text


@section(2)
def buying(subject: Subject) -> Section:
    """What is bought each year, and by whom."""
    view, figures = subject.view, subject.figures
    buyers = {row["branch"] for row in view.rows("purchases") if row["quantity"] > 0}
    idle = [view.names.branch(branch.id) for branch in view.deal.branches if branch.id not in buyers]
    words = [
        "Deliveries are counted in the fiscal year in which they arrive. Amounts are at prices of the base "
        "year "
        f"{view.plan.price_base_year}; the tables also give the money of each year."
    ]
    if idle:
        words.append(f"Nothing is bought for {list_text(idle)}.")
    words += _frozen_words(view)
    return Section(
        "buying",
        "What is bought each year, and by whom",
        tuple(words),
        (figures["purchases"], figures["systems"], _purchase_grid(view), *_changes_grid(view)),
    )


def _frozen_words(view: View) -> list[str]:
    """How much of an earlier plan is frozen, where some is."""
    frozen = view.rows("frozen")
    if not frozen:
        return []
    moved = sum(row["kind"] == "frozen" for row in view.rows("violations"))
    until = month_text(str(view.plan.options["freeze_until"]))
    stay = f"{moved} of them could not, see the rules broken" if moved else "all of them do"
    return [
        f"Everything up to {until} is frozen: {count_text(len(frozen), 'decision')} of an earlier plan are "
        f"to stay as they were, and {stay}."
    ]


def _changes_grid(view: View) -> tuple[Grid, ...]:
    """What is changed of the plan that this one stays near, where it stays near one."""
    rows = view.rows("changes")
    if not rows:
        return ()
    cells = tuple(
        (
            plain(row["what"]),
            view.names.subject(row["subject"]),
            short_month_text(row["month"]) if row["month"] else f"FY{row['fiscal_year']}",
            row["old"],
            row["new"],
        )
        for row in rows
    )
    columns = (
        GridColumn("What"),
        GridColumn("About"),
        GridColumn("When"),
        GridColumn("Earlier plan", "quantity"),
        GridColumn("This plan", "quantity"),
    )
    return (Grid("What is changed of the earlier plan", columns, cells),)


def _purchase_grid(view: View) -> Grid:
    rows = [row for row in view.rows("purchases") if row["quantity"] > 0]
    return Grid(
        "Every purchase by fiscal year, branch, requirement, system and line",
        (
            GridColumn("Fiscal year", "year"),
            GridColumn("Branch"),
            GridColumn("Requirement"),
            GridColumn("System"),
            GridColumn("Line"),
            GridColumn("Units", "quantity", "units"),
            GridColumn("Amount", "money", view.base_unit),
            GridColumn("Amount as paid", "money", view.then_unit),
        ),
        tuple(
            (
                row["fiscal_year"],
                view.names.branch(row["branch"]),
                view.names.requirement(row["requirement"]),
                view.names.system(row["system"]),
                view.names.line(row["line"]),
                row["quantity"],
                row["amount"],
                row["amount_then_year"],
            )
            for row in rows
        ),
        note="Deliveries month by month stand in the workbook and in the table files.",
    )


@section(3)
def making(subject: Subject) -> Section:
    """What is made where, against capacity."""
    view, figures = subject.view, subject.figures
    rows = view.rows("openings")
    opened = [view.names.line(row["line"]) for row in rows if row["kind"] == "open"]
    steps = sum(row["quantity"] for row in rows if row["kind"] == "step")
    spent = total(rows, "amount")
    candidates = {line.id for line in view.deal.lines if line.status == "candidate"}
    closed = sorted(
        view.names.line(name) for name in candidates - {row["line"] for row in rows if row["kind"] == "open"}
    )
    words = []
    if rows:
        parts = [f"opens {list_text(opened, 6)}"] if opened else []
        parts += [f"adds {number_text(steps, 0)} capacity steps"] if steps else []
        words.append(f"The plan {list_text(parts)}, an investment of {view.money(spent)} ({view.base_unit}).")
    else:
        words.append("The plan opens no line and adds no capacity.")
    if closed:
        words.append(f"Candidates that stay closed: {list_text(closed, 8)}.")
    return Section(
        "making",
        "What is made where, against capacity",
        tuple(words),
        (figures["utilisation"], _opening_grid(view), _production_grid(view), *_learning(subject)),
    )


def _learning(subject: Subject) -> tuple[Figure, ...]:
    """How unit costs fall; nothing where none does."""
    return (subject.figures["unit_costs"],) if subject.view.rows("learning") else ()


def _opening_grid(view: View) -> Grid:
    return Grid(
        "Lines opened and capacity added",
        (
            GridColumn("Line"),
            GridColumn("What"),
            GridColumn("Decided and paid"),
            GridColumn("First output"),
            GridColumn("Steps", "whole", "number"),
            GridColumn("Investment", "money", view.base_unit),
            GridColumn("Paid by"),
        ),
        tuple(
            (
                view.names.line(row["line"]),
                {"open": "opening", "step": "capacity added"}.get(row["kind"], row["kind"]),
                month_text(row["decided"]),
                month_text(row["effective"]),
                row["quantity"],
                row["amount"],
                view.names.party(row["investor"]),
            )
            for row in view.rows("openings")
        ),
        is_open=len(view.rows("openings")) <= 30,
    )


def _production_grid(view: View) -> Grid:
    sums: dict[tuple[str, str], list[float]] = {}
    months: dict[tuple[str, str], list[str]] = {}
    for row in view.rows("production"):
        key = (row["line"], row["system"])
        entry = sums.setdefault(key, [0.0, 0.0, 0.0])
        entry[0] += row["quantity"]
        entry[1] += row["good_quantity"]
        entry[2] += row["amount"]
        months.setdefault(key, []).append(row["month"])
    return Grid(
        "What each line makes over the whole plan",
        (
            GridColumn("Line"),
            GridColumn("System"),
            GridColumn("First month"),
            GridColumn("Last month"),
            GridColumn("Started", "quantity", "units"),
            GridColumn("Good", "quantity", "units"),
            GridColumn("Unit costs", "money", view.base_unit),
        ),
        tuple(
            (
                view.names.line(line),
                view.names.system(system),
                short_month_text(min(months[line, system])),
                short_month_text(max(months[line, system])),
                *sums[line, system],
            )
            for line, system in sums
        ),
        note="Production month by month stands in the workbook and in the table files.",
    )


@section(4)
def covering(subject: Subject) -> Section:
    """Coverage of each requirement against threshold and objective."""
    words = (
        "A unit counts with its effectiveness: the share of an effective unit that the evidence supports. "
        "The "
        "threshold is what must be reached, the objective what is desired.",
    )
    return Section("coverage", "How far each requirement is covered", words, (subject.figures["coverage"],))


@section(5)
def own_needs(subject: Subject) -> Section:
    """The seller's own needs, which come before export."""
    seller = subject.view.seller
    words = (
        f"The required share of the own needs of {seller} is served month by month before anything is "
        "exported.",
    )
    return Section("own-needs", f"Own needs of {seller} first", words, (subject.figures["own_needs"],))


@section(6)
def money(subject: Subject) -> Section:
    """Money by branch and appropriation against budgets."""
    view = subject.view
    words = (
        "Budgets and payments are in the money of the year in which they are voted or paid. Money may be "
        "spent in "
        "later years while it is valid.",
    )
    return Section(
        "money",
        "Money against budgets, and what the agreement comes to",
        (*words, *agreement_words(view)),
        (subject.figures["budgets"], _payment_grid(view), *agreement_tables(view)),
    )


def _payment_grid(view: View) -> Grid:
    rows = [row for row in view.rows("payments") if row["amount_then_year"] > 0]
    return Grid(
        "Payments by branch, year and budget",
        (
            GridColumn("Branch"),
            GridColumn("Paid in", "year", "fiscal year"),
            GridColumn("Voted in", "year", "fiscal year"),
            GridColumn("Appropriation"),
            GridColumn("For needs that name"),
            GridColumn("Amount", "money", view.then_unit),
            GridColumn("Amount", "money", view.base_unit),
        ),
        tuple(
            (
                view.names.branch(row["branch"]),
                row["fiscal_year"],
                row["budget_year"],
                plain(row["appropriation"]),
                plain(row["for_appropriation"] or "any money"),
                row["amount_then_year"],
                row["amount"],
            )
            for row in rows
        ),
    )


@section(7)
def prices(subject: Subject) -> Section:
    """Prices paid, against the value of an effective unit."""
    words = (
        "The price of an effective unit is the unit price divided by the effectiveness. It stands against "
        "the "
        "deal's own statement of what an effective unit is worth to the buyer; the value of a stock is for "
        "one year "
        "on hand, so that a unit which stays longer is worth more.",
    )
    return Section("prices", "Prices paid", words, (subject.figures["prices"],))


@section(10)
def others(subject: Subject) -> Section:
    """Other buyers, and what the plan is worth to both sides."""
    view = subject.view
    buyers = {row.id for row in view.deal.other_buyers}
    words = [
        "What a side gains is its value and receipts minus what it pays, each amount discounted to the "
        "first month "
        "of the plan with its own rate: "
        + list_text(
            [
                f"{view.names.short_party(party.id)} {number_text(party.discount_rate * 100)}% a year"
                for party in (view.deal.settings.buyer, view.deal.settings.seller)
            ]
        )
        + "."
    ]
    if buyers:
        words.append(f"The deal names {count_text(len(buyers), 'other buyer')}.")
    return Section(
        "worth",
        "Other buyers, and what the plan is worth to each side",
        tuple(words),
        (subject.figures["other_sales"], subject.figures["utilities"]),
    )

"""Sections on facts against assumptions, on what is not counted, and on the certificate."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from dronedeal.deal import TABLES, Deal
from dronedeal.report.grid import Grid, GridColumn
from dronedeal.report.sections.section import Item, Section, Subject, Words, section
from dronedeal.report.view import View
from dronedeal.report.wording import (
    count_text,
    gap_text,
    month_text,
    number_text,
    percent_text,
    plain,
    sentence,
)
from dronedeal.results.vocabulary import OBJECTIVE_KINDS, STATUSES

NOT_STATED = "not stated"


@dataclass(frozen=True, slots=True)
class StatedRow:
    """Where one row of the deal says that its figures come from."""

    table: str
    key: str
    basis: str
    source: str
    note: str


def stated_rows(deal: Deal) -> Iterator[StatedRow]:
    """Every row of the deal that can say whether it is a fact: parties, priors, then table by table."""
    for party in deal.settings.parties:
        yield _stated("parties", party.id, party)
    for prior in deal.settings.evidence.priors:
        yield _stated("evidence priors", " / ".join(filter(None, (prior.measure, prior.role))), prior)
    if deal.settings.cash.is_kept:
        yield _stated("cash", "the seller's account", deal.settings.cash)
    for name, table in TABLES.items():
        if "basis" not in table.record.model_fields:
            continue
        columns = table.key or tuple(column.name for column in table.columns[:3])
        for row in deal.table(name):
            values = (getattr(row, column) for column in columns)
            yield _stated(name, " / ".join(str(value) for value in values if value is not None), row)


def _stated(table: str, key: str, row: Any) -> StatedRow:
    return StatedRow(table, key, row.basis or NOT_STATED, row.source or "", row.note or "")


@section(12)
def sources(subject: Subject) -> Section:
    """Facts against assumptions, warnings, and what the plan does not count."""
    view = subject.view
    rows = tuple(stated_rows(view.deal))
    counts = Counter(row.basis for row in rows)
    known = counts["fact"] + counts["assumption"]
    share = f" ({percent_text(counts['fact'] / known)} of those that say)" if known else ""
    leaning = sum(row.basis == "assumption" and bool(row.source) for row in rows)
    words = [
        f"Of {count_text(len(rows), 'row')} of the deal, {counts['fact']:,} state published facts{share}, "
        f"{counts['assumption']:,} are assumptions ({leaning:,} of them name a source that they lean on), "
        f"and {counts[NOT_STATED]:,} do not say. Every assumption stands below with its reason."
    ]
    blocks: list[Grid | Words] = [
        _count_grid(rows),
        _assumption_grid(rows),
        _cited_grid(rows),
        _fact_grid(view, rows),
    ]
    missing = tuple(sentence(text) for text in view.plan.not_counted)
    missing = missing or ("Every term of the deal folder is planned with.",)
    blocks.append(Words("What the plan does not count", tuple(Item((text,)) for text in missing)))
    blocks.append(_warning_grid(view))
    return Section("sources", "Facts, assumptions, and what is not counted", tuple(words), tuple(blocks))


def _warning_grid(view: View) -> Grid:
    warnings = view.plan.warnings
    return Grid(
        "Warnings about the deal",
        (GridColumn("Number", "whole"), GridColumn("Warning")),
        tuple(enumerate(warnings, start=1)),
        is_open=len(warnings) <= 5,
    )


def _count_grid(rows: Sequence[StatedRow]) -> Grid:
    tables = Counter((row.table, row.basis) for row in rows)
    names = dict.fromkeys(row.table for row in rows)
    return Grid(
        "Rows of the deal by table",
        (
            GridColumn("Table"),
            GridColumn("Facts", "whole"),
            GridColumn("Assumptions", "whole"),
            GridColumn("Not stated", "whole"),
            GridColumn("Rows", "whole"),
        ),
        tuple(
            (
                plain(name),
                *(tables[name, basis] for basis in ("fact", "assumption", NOT_STATED)),
                sum(tables[name, basis] for basis in ("fact", "assumption", NOT_STATED)),
            )
            for name in names
        ),
        is_open=True,
    )


def _assumption_grid(rows: Sequence[StatedRow]) -> Grid:
    """Assumptions with their reasons; rows of one table with the same reason share a line."""
    groups: dict[tuple[str, str, str], list[str]] = {}
    for row in rows:
        if row.basis == "assumption":
            groups.setdefault((row.table, row.note, row.source), []).append(row.key)
    return Grid(
        "Every assumption and why it is reasonable",
        (
            GridColumn("Table"),
            GridColumn("Rows", "whole"),
            GridColumn("Which"),
            GridColumn("Why it is reasonable"),
            GridColumn("Leans on"),
        ),
        tuple(
            (plain(table), len(keys), "; ".join(keys), note or "no reason given", source)
            for (table, note, source), keys in groups.items()
        ),
        is_printed=False,
    )


def _cited_grid(rows: Sequence[StatedRow]) -> Grid:
    groups: dict[tuple[str, str], list[str]] = {}
    for row in rows:
        if row.basis == "fact":
            groups.setdefault((row.source, row.table), []).append(row.key)
    return Grid(
        "Every row that states a fact, by source",
        (GridColumn("Source"), GridColumn("Table"), GridColumn("Rows", "whole"), GridColumn("Which")),
        tuple(
            (source or "no source given", plain(table), len(keys), "; ".join(keys))
            for (source, table), keys in sorted(groups.items())
        ),
        is_printed=False,
    )


def _fact_grid(view: View, rows: Sequence[StatedRow]) -> Grid:
    citations = Counter(source for row in rows for source in row.source.split())
    return Grid(
        "The published facts that travel with the deal",
        (
            GridColumn("Id"),
            GridColumn("Subject"),
            GridColumn("What"),
            GridColumn("From", "dual"),
            GridColumn("To", "dual"),
            GridColumn("Unit"),
            GridColumn("Date"),
            GridColumn("Source"),
            GridColumn("Address"),
            GridColumn("Confidence"),
            GridColumn("Rows that cite it", "whole"),
        ),
        tuple(
            (
                fact.id,
                fact.subject,
                plain(fact.quantity_name),
                fact.value_low,
                fact.value_high,
                fact.unit,
                fact.date,
                fact.title,
                fact.address,
                fact.confidence,
                citations[fact.id],
            )
            for fact in view.deal.facts
        ),
        is_printed=False,
    )


@section(13)
def certificate(subject: Subject) -> Section:
    """What certifies the plan, and what made it."""
    view, plan = subject.view, subject.view.plan
    words = (
        f"All money is in {view.currency}. Amounts are at prices of fiscal year {plan.price_base_year} of "
        f"{view.buyer} "
        "(base-year) unless a heading says then-year, which is the money of the year in which it is voted "
        "or paid. "
        "Values of the plan, bounds and utilities are also discounted. Quantities are units of the system; "
        "effective "
        "units are units times effectiveness.",
        "The same deal, options and versions give the same plan and the same report, byte for byte.",
    )
    return Section(
        "certificate",
        "The certificate",
        words,
        (
            _certificate_grid(view),
            _check_grid(plan.verification),
            _values_grid("Size of the problem", plan.sizes),
            _values_grid("Options of the run", plan.options),
            _values_grid("Versions of the programs", plan.versions),
        ),
    )


def _certificate_grid(view: View) -> Grid:
    plan = view.plan
    is_passed = (
        "not checked"
        if plan.verification is None
        else "passed"
        if plan.verification["is_passed"]
        else "failed"
    )
    rounding = {} if plan.rounding is None else {"Cost of whole units": plan.rounding["cost"]}
    amounts = {
        "Value of the plan": plan.objective,
        "Proven bound": plan.bound,
        "Worth to the buyer": plan.utilities["buyer"],
        "Worth to the seller": plan.utilities["seller"],
        "Alternative of the other side": plan.alternative,
        **rounding,
    }
    rows = [
        ("Status", f"{plan.status}: {STATUSES.get(plan.status, '')}"),
        ("Why the solver stopped", plain(plan.termination)),
        ("What was maximised", f"{plan.objective_kind}: {OBJECTIVE_KINDS.get(plan.objective_kind, '')}"),
        *((name, _amount(view, amount, name)) for name, amount in amounts.items()),
        ("Gap", f"{gap_text(plan.gap)}: (bound − value) / max(1, |value|)"),
        (
            "Gap against its own cost",
            f"{gap_text(plan.gap_of_cost)}: (bound − value) / cost of the plan itself",
        ),
        ("Independent check", is_passed),
        ("Period", f"{month_text(plan.start)} to {month_text(view.last_month)}, {plan.months} months"),
        ("Seed of the solver", str(plan.seed)),
        ("Digest of the deal (SHA-256)", plan.digest),
    ]
    return Grid(
        "Certificate of the plan", (GridColumn("What"), GridColumn("Value")), tuple(rows), is_open=True
    )


def _amount(view: View, amount: float | None, name: str) -> str:
    if amount is None:
        return "not asked for by a joint objective" if name.startswith("Alternative") else "not known"
    return f"{number_text(amount, 0)} {view.utility_unit}"


def _check_grid(verification: Mapping[str, Any] | None) -> Grid:
    checks = verification["checks"] if verification else ()
    return Grid(
        "Independent check, rule by rule",
        (GridColumn("Rule"), GridColumn("Comparisons", "whole"), GridColumn("Largest residual", "residual")),
        tuple((plain(check["name"]), check["comparisons"], check["largest_residual"]) for check in checks),
        note="A residual is the distance between what the plan states and what plain arithmetic on the "
        "deal gives.",
        is_open=True,
    )


def _values_grid(caption: str, values: Mapping[str, Any]) -> Grid:
    rows = tuple((plain(name), _value_text(value)) for name, value in values.items())
    return Grid(caption, (GridColumn("What"), GridColumn("Value")), rows)


def _value_text(value: Any) -> str:
    if isinstance(value, bool):
        return "yes" if value else "no"
    return number_text(value) if isinstance(value, int | float) else "none" if value is None else str(value)

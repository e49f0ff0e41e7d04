"""Section on how models match requirements, and on the evidence behind the effectiveness."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from dronedeal.report.grid import Grid, GridColumn
from dronedeal.report.sections.refresh import refresh_tables
from dronedeal.report.sections.section import Section, Subject, section
from dronedeal.report.sections.worth import worth_tables
from dronedeal.report.view import View, totals
from dronedeal.report.wording import (
    count_text,
    list_text,
    number_text,
    percent_text,
    plain,
    sentence,
    short_month_text,
    shorten,
)

if TYPE_CHECKING:
    from dronedeal.assessment.growth import GrowthEstimate
    from dronedeal.assessment.pairing import Pairing

MATRIX_SYSTEMS = 60
MATRIX_REQUIREMENTS = 30
OTHER_PURPOSE = frozenset({"role", "domain"})


@section(11)
def matching(subject: Subject) -> Section:
    """How models match requirements."""
    view, pairings = subject.view, subject.assessment.pairings
    eligible = sum(pairing.is_eligible for pairing in pairings)
    comparable = [pairing for pairing in pairings if not _has_other_purpose(pairing)]
    words = (
        f"{count_text(len(view.deal.requirements), 'requirement')} × "
        f"{count_text(len(view.deal.systems), 'system')} were "
        f"compared. In {count_text(len(pairings) - len(comparable), 'pair')} the system serves another role "
        "or domain; of "
        f"the other {len(comparable)}, {eligible} are eligible. The table of reasons gives the first one of "
        "every pair "
        "that is not; the command “dronedeal match” prints every criterion.",
    )
    return Section(
        "matching",
        "How models match requirements",
        words,
        (
            _matrix(view, comparable),
            _reasons(view, comparable),
            *worth_tables(view),
            *refresh_tables(view, comparable),
            *_evidence(subject),
        ),
    )


def _has_other_purpose(pairing: Pairing) -> bool:
    return any(criterion.is_blocking and criterion.kind in OTHER_PURPOSE for criterion in pairing.criteria)


def _matrix(view: View, pairings: Sequence[Pairing]) -> Grid:
    """Systems down, requirements across, both in the order of roles."""
    by_pair = {(pairing.system, pairing.requirement): pairing for pairing in pairings}
    roles = list(dict.fromkeys(row.role for row in view.deal.requirements))
    needs = sorted(view.deal.requirements, key=lambda row: roles.index(row.role))
    first = {row.id: place for place, row in reversed(list(enumerate(needs)))}
    served: dict[str, int] = {}
    for pairing in pairings:
        served[pairing.system] = min(first[pairing.requirement], served.get(pairing.system, len(needs)))
    candidates = sorted(served, key=lambda name: served[name])
    bought = totals(view.rows("purchases"), lambda row: row["system"], "amount")
    ranked = sorted(candidates, key=lambda name: -bought.get(name, (0.0,))[0])[:MATRIX_SYSTEMS]
    systems, requirements = [name for name in candidates if name in ranked], needs[:MATRIX_REQUIREMENTS]
    return Grid(
        "System × requirement",
        (
            GridColumn("System"),
            *(GridColumn(shorten(view.names.requirement(row.id), 44)) for row in requirements),
        ),
        tuple(
            (view.names.system(name), *(_cell(by_pair.get((name, row.id))) for row in requirements))
            for name in systems
        ),
        note=_matrix_note(len(candidates) - len(systems), len(needs) - len(requirements)),
        is_open=True,
        is_matrix=True,
    )


def _matrix_note(systems_left: int, requirements_left: int) -> str:
    note = (
        "A percentage is the effectiveness of an eligible system; “no”: not eligible; blank: another "
        "role or domain."
    )
    left = (
        [count_text(systems_left, "system that is bought least", "systems that are bought least")]
        if systems_left
        else []
    )
    left += [count_text(requirements_left, "requirement")] if requirements_left else []
    return f"{note} Left out here for room: {list_text(left)}." if left else note


def _cell(pairing: Pairing | None) -> str:
    if pairing is None:
        return ""
    return percent_text(pairing.effectiveness) if pairing.is_eligible else "no"


def _reasons(view: View, pairings: Sequence[Pairing]) -> Grid:
    return Grid(
        "Every pair of the same role and domain, with the first reason",
        (
            GridColumn("Requirement"),
            GridColumn("System"),
            GridColumn("Eligible"),
            GridColumn("Effectiveness", "percent", "effective units per unit"),
            GridColumn("Interval", "text", "credible interval"),
            GridColumn("Deliverable from"),
            GridColumn("First reason or remark"),
        ),
        tuple(
            (
                view.names.requirement(pairing.requirement),
                view.names.system(pairing.system),
                "yes" if pairing.is_eligible else "no",
                pairing.effectiveness if pairing.is_eligible else None,
                _interval(pairing.effectiveness_interval),
                _first(view, pairing),
                _remark(pairing),
            )
            for pairing in pairings
        ),
        sheet="Matching",
    )


def _interval(interval: tuple[float, float] | None) -> str | None:
    return None if interval is None else f"{percent_text(interval[0])} to {percent_text(interval[1])}"


def _first(view: View, pairing: Pairing) -> str | None:
    if not pairing.is_eligible or pairing.last_month < pairing.first_month:
        return None
    return short_month_text(view.calendar.label(max(0, pairing.first_month)))


def _remark(pairing: Pairing) -> str:
    """The first reason against the pair; of an eligible one, the first doubt."""
    blocking = next((criterion for criterion in pairing.criteria if criterion.is_blocking), None)
    doubt = next((criterion for criterion in pairing.criteria if criterion.is_met is not True), None)
    chosen = blocking or doubt
    if chosen is None:
        return ""
    return sentence(chosen.reason or f"{chosen.subject}: {chosen.found}, needed {chosen.needed}")


def _evidence(subject: Subject) -> tuple[Grid, ...]:
    view = subject.view
    posteriors = Grid(
        "Evidence: what trials and prior together say",
        (
            GridColumn("System"),
            GridColumn("Measure"),
            GridColumn("Condition"),
            GridColumn("Mean", "dual"),
            GridColumn("Credible interval"),
            GridColumn("Trial rows", "whole"),
            GridColumn("Tested", "quantity", "trials or exposure"),
            GridColumn("Counts as", "quantity", "after discounts"),
            GridColumn("Prior"),
            GridColumn("Discounts"),
        ),
        tuple(
            (
                view.names.system(item.system),
                plain(item.measure),
                plain(item.condition),
                item.mean,
                _range(item.interval, item.confidence),
                item.n_rows,
                item.observed,
                item.effective,
                item.prior,
                " ".join(sentence(text) for text in item.discounts),
            )
            for item in subject.assessment.posteriors
        ),
        note="A mean is a probability of success, or a number of failures for one unit of exposure.",
        sheet="Evidence",
        is_printed=False,
    )
    growth = subject.assessment.growth
    if not growth:
        return (posteriors,)
    return (posteriors, _growth_grid(view, growth))


def _growth_grid(view: View, growth: Sequence[GrowthEstimate]) -> Grid:
    return Grid(
        "Reliability growth",
        (
            GridColumn("System"),
            GridColumn("Measure"),
            GridColumn("Trial rows", "whole"),
            GridColumn("Failures", "whole"),
            GridColumn("Exposure", "quantity"),
            GridColumn("Unit of exposure"),
            GridColumn("Between failures", "dual", "exposure, at the end of the tests"),
            GridColumn("Interval"),
            GridColumn("Growth slope", "dual"),
        ),
        tuple(
            (
                view.names.system(item.system),
                plain(item.measure),
                item.n_rows,
                item.n_failures,
                item.exposure,
                item.unit,
                item.mean_between_failures,
                _range(item.mean_between_failures_interval),
                item.growth_slope,
            )
            for item in growth
        ),
        sheet="Reliability growth",
    )


def _range(interval: tuple[float, float], confidence: float | None = None) -> str:
    text = f"{number_text(interval[0])} to {number_text(interval[1])}"
    return text if confidence is None else f"{text} ({percent_text(confidence)} credible)"

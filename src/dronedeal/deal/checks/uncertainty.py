"""Uncertainty."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping, Sequence

from dronedeal.deal import drafts
from dronedeal.deal.checks.registry import rule
from dronedeal.deal.deal import Deal
from dronedeal.deal.finding import Finding
from dronedeal.deal.uncertainty import Correlation

_TOLERANCE = 1e-9
_TABLES_OF_FACTOR: Mapping[str, tuple[str, ...]] = {
    "buyer_need": ("requirements", "branches"),
    "home_need": ("home_needs",),
    "line_outage": ("lines",),
    "component_supply": ("components",),
    "budget": ("branches",),
    "price": ("systems",),
    "permit_delay": ("rules", "systems"),
    "integration_delay": ("systems", "branches"),
    "effectiveness": ("systems", "requirements"),
}


@rule("probabilities_do_not_sum_to_one", severity="error")
def probabilities_do_not_sum_to_one(deal: Deal) -> Iterator[Finding]:
    """The chances of the outcomes of one factor, subject and year do not sum to 1 (within 1e-9)."""
    groups: dict[tuple[str, str, int], list[int]] = {}
    for row, outcome in enumerate(deal.uncertainty):
        groups.setdefault((outcome.factor, outcome.subject, outcome.fiscal_year), []).append(row)
    for (factor, subject, year), rows in groups.items():
        chances = math.fsum(deal.uncertainty[row].probability for row in rows)
        if abs(chances - 1) > _TOLERANCE:
            yield drafts.cell(
                deal,
                ("uncertainty", rows[0], "probability"),
                subject=f"chances of {factor} of {drafts.quoted(subject)} from {year} on",
                found=f"{drafts.number(chances)} in all, outcomes: {len(rows)}",
                allowed="1 within 1e-9",
                next_step="mend a probability, or add the outcome that is missing",
            )


def known_subjects(deal: Deal) -> dict[str, tuple[str, ...]]:
    """Ids that each factor may name, apart from `*`."""
    return {
        factor: tuple(sorted({record.id for table in tables for record in deal.table(table)}))
        for factor, tables in _TABLES_OF_FACTOR.items()
    }


@rule("uncertainty_subject_matches_nothing", severity="warning")
def uncertainty_subject_matches_nothing(deal: Deal) -> Iterator[Finding]:
    """A factor of uncertainty varies something that is not in the deal."""
    known = {factor: drafts.Names(names) for factor, names in known_subjects(deal).items()}
    for row, outcome in enumerate(deal.uncertainty):
        if not all(deal.is_given(table) for table in _TABLES_OF_FACTOR[outcome.factor]):
            continue
        ids = known[outcome.factor]
        if outcome.subject != "*" and outcome.subject not in ids:
            tables = " or ".join(f"`{table}`" for table in _TABLES_OF_FACTOR[outcome.factor])
            yield drafts.cell(
                deal,
                ("uncertainty", row, "subject"),
                subject=f"subject of {outcome.factor}",
                found=drafts.quoted(outcome.subject),
                allowed=f"`*`, or an id of {tables}: {ids.text}",
                next_step=ids.advice(outcome.subject, otherwise="take the row out"),
            )


@rule("correlation_of_nothing", severity="error")
def correlation_of_nothing(deal: Deal) -> Iterator[Finding]:
    """A correlation names something that does not vary, or the same thing twice."""
    varied = {(row.factor, row.subject) for row in deal.uncertainty}
    pairs: set[frozenset[tuple[str, str]]] = set()
    for number, row in enumerate(deal.correlations):
        one, other = (row.factor, row.subject), (row.other_factor, row.other_subject)
        for key, column in ((one, "subject"), (other, "other_subject")):
            if key not in varied:
                yield _correlation(deal, (number, column), found=f"{key[0]} of {drafts.quoted(key[1])}")
        if one == other or frozenset((one, other)) in pairs:
            found = "the same factor and subject twice" if one == other else "a pair that stands above"
            yield _correlation(deal, (number, "other_subject"), found=found)
        pairs.add(frozenset((one, other)))


def _correlation(deal: Deal, where: tuple[int, str], *, found: str) -> Finding:
    varied = sorted({f"{row.factor} of {row.subject}" for row in deal.uncertainty})
    return drafts.cell(
        deal,
        ("correlations", *where),
        subject="what is correlated",
        found=found,
        allowed=f"each pair once, of two different rows of `uncertainty`: {drafts.listed(varied)}",
        next_step="mend the row, or take it out",
    )


@rule("correlations_contradict_each_other", severity="error")
def correlations_contradict_each_other(deal: Deal) -> Iterator[Finding]:
    """No chances have these correlations: their matrix is not positive semidefinite (within 1e-9)."""
    number = _first_misfit(deal.correlations)
    if number is None:
        return
    row = deal.correlations[number]
    pair = f"{row.factor} of {row.subject} with {row.other_factor} of {row.other_subject}"
    yield drafts.cell(
        deal,
        ("correlations", number, "coefficient"),
        subject=f"correlation of {pair}",
        found=drafts.number(row.coefficient),
        allowed="one that fits the other rows: a matrix without negative eigenvalues",
        next_step="lower the coefficient, or state the missing pairs (0 where none is stated)",
    )


def _first_misfit(rows: Sequence[Correlation]) -> int | None:
    """The last row among the first few things that vary whose correlations do not fit together."""
    names: list[tuple[str, str]] = []
    value: dict[tuple[tuple[str, str], tuple[str, str]], float] = {}
    last: dict[tuple[tuple[str, str], tuple[str, str]], int] = {}
    for number, row in enumerate(rows):
        one, other = (row.factor, row.subject), (row.other_factor, row.other_subject)
        if one == other:
            return None  # a fault that another rule finds
        names += [key for key in (one, other) if key not in names]
        value[one, other] = value[other, one] = row.coefficient
        last[one, other] = number
    for size in range(2, len(names) + 1):
        known = names[:size]
        matrix = [[value.get((one, other), float(one == other)) for one in known] for other in known]
        if not _is_semidefinite(matrix):
            return max(at for (one, other), at in last.items() if one in known and other in known)
    return None


def _is_semidefinite(matrix: list[list[float]]) -> bool:
    """Whether a symmetric matrix has no negative eigenvalue, by elimination (Sylvester's law of inertia)."""
    left = [list(row) for row in matrix]
    while left:
        at = max(range(len(left)), key=lambda number: left[number][number])
        pivot = left[at][at]
        if pivot <= _TOLERANCE:
            return all(row[at] >= -_TOLERANCE for at, row in enumerate(left)) and all(
                abs(cell) <= math.sqrt(_TOLERANCE) for row in left for cell in row
            )
        keep = [number for number in range(len(left)) if number != at]
        left = [[left[i][j] - left[i][at] * left[at][j] / pivot for j in keep] for i in keep]
    return True

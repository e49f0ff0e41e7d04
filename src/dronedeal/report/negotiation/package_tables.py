"""The packages of clauses that were looked at, as a table and in words."""

from __future__ import annotations

from dronedeal.negotiation.record import PackageRecord
from dronedeal.report.grid import Grid, GridColumn
from dronedeal.report.negotiation.tables import sheet
from dronedeal.report.negotiation.wording import Speech
from dronedeal.report.sections.section import Item, Words
from dronedeal.report.wording import isolate, list_text, plain, sentence


@sheet("Packages")
def package_grid(speech: Speech) -> Grid:
    """Each package with its clauses, what it is good for and why it was looked at."""
    packages = speech.record.packages
    clauses = () if packages is None else tuple(packages.clauses)
    rows = tuple(
        (
            package.id,
            *(package.terms.get(clause) for clause in clauses),
            package.greatest_sum,
            package.bound,
            list_text([plain(point) for point in package.points]) if package.points else "none",
            list_text(_reasons(speech, package)),
        )
        for package in (() if packages is None else packages.examined)
    )
    columns = (
        GridColumn("Package"),
        *(GridColumn(speech.clause_name(clause), "figure") for clause in clauses),
        GridColumn("Greatest sum found", "money", speech.unit),
        GridColumn("No greater sum than", "money", speech.unit),
        GridColumn("Points"),
        GridColumn("Looked at because"),
    )
    return Grid("Packages of clauses that were looked at", columns, rows)


def _reasons(speech: Speech, package: PackageRecord) -> list[str]:
    still = [
        f"{speech.clause_name(clause)} stays here, since {reason}" for clause, reason in package.still.items()
    ]
    return [*package.reasons, *still]


def package_words(speech: Speech) -> Words | None:
    """Why packages, and what the bounds cover; None where there is one only."""
    packages = speech.record.packages
    if packages is None:
        return None
    items = [Item((packages.covers,), "What is proven:")]
    items += [
        Item((isolate(sentence(reason)),), f"{speech.clause_name(clause)}:")
        for clause, reason in packages.clauses.items()
    ]
    return Words("Clauses that are at a few places only", tuple(items))

"""Technical cooperation: shared integration work and projects."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from dronedeal.deal import drafts
from dronedeal.deal.checks import lookup
from dronedeal.deal.checks.registry import rule
from dronedeal.deal.cooperation import Integration, Project
from dronedeal.deal.deal import Deal
from dronedeal.deal.finding import Finding

_SUBJECT_TABLE: Mapping[str, str] = {
    "successor": "systems",
    "compliant_part": "components",
    "interface": "branches",
}


_NEEDED: Mapping[str, tuple[str, ...]] = {
    "effectiveness": ("effect_value",),
    "unit_cost": ("effect_value",),
    "successor": ("effect_subject",),
    "compliant_part": ("effect_value", "effect_subject"),
    "interface": ("effect_subject",),
}
_VALUES: Mapping[str, tuple[str, float]] = {
    "effectiveness": ("added effectiveness, from 0 to 1", 1.0),
    "unit_cost": ("factor on unit cost, from 0 to 1", 1.0),
    "compliant_part": ("more parts a year, 0 or above", float("inf")),
}
# Effects that open something are there or not, and count only where they are likely enough.
_OPENING = ("successor", "compliant_part", "interface")
_SHARED = ("cost", "months", "payer", "currency", "price_basis")


@rule("shared_work_differs", severity="error")
def shared_work_differs(deal: Deal) -> Iterator[Finding]:
    """Rows of one integration work, the same system and standard, disagree in cost, months or payer."""
    keys: list[tuple[object, ...]] = [(row.system, row.standard.casefold()) for row in deal.integrations]
    for row, first in lookup.repeats(keys):
        work, known = deal.integrations[row], deal.integrations[first]
        place = deal.place("integrations", first)
        for column in _SHARED:
            if getattr(work, column) != getattr(known, column):
                yield drafts.cell(
                    deal,
                    ("integrations", row, column),
                    subject=f"{column} of {drafts.row_name('integrations', work)}",
                    found=f"{_cell(work, column)}, but {_cell(known, column)} in {place}",
                    allowed="one cost, length and payer for work that is done once for all its branches",
                    next_step="make both rows say the same, or name another standard where it is other work",
                )


def _cell(work: Integration, column: str) -> str:
    value = getattr(work, column)
    return "a blank cell" if value is None else drafts.quoted(value)


@rule("project_without_effect", severity="error")
def project_without_effect(deal: Deal) -> Iterator[Finding]:
    """A project does not say how much it changes, or what."""
    for row, project in enumerate(deal.projects):
        for column in _NEEDED[project.effect]:
            if getattr(project, column) is None:
                yield drafts.cell(
                    deal,
                    ("projects", row, column),
                    subject=f"{column} of project '{project.id}'",
                    found="a blank cell",
                    allowed=_allowed(project.effect, column),
                    next_step=f"fill in {column}, which the effect '{project.effect}' needs",
                )


@rule("project_effect_outside_range", severity="error")
def project_effect_outside_range(deal: Deal) -> Iterator[Finding]:
    """The size of a project's effect is below zero, or above one where it is a share or a factor."""
    for row, project in enumerate(deal.projects):
        if project.effect not in _VALUES or project.effect_value is None:
            continue
        words, most = _VALUES[project.effect]
        if not 0 <= project.effect_value <= most:
            yield drafts.cell(
                deal,
                ("projects", row, "effect_value"),
                subject=f"effect_value of project '{project.id}'",
                found=drafts.number(project.effect_value),
                allowed=f"a number: {words}",
                next_step="correct the number, or the effect",
            )


@rule("project_not_assured", severity="warning")
def project_not_assured(deal: Deal) -> Iterator[Finding]:
    """A project opens something with a chance below `options.assurance`, so that no plan counts on it."""
    assurance = deal.settings.options.assurance
    least = f"at least options.assurance, {drafts.number(assurance)}"
    for row, project in enumerate(deal.projects):
        if _is_left_out(project, assurance):
            yield drafts.cell(
                deal,
                ("projects", row, "success_probability"),
                subject=f"success_probability of project '{project.id}'",
                found=drafts.number(project.success_probability),
                allowed=f"{least}, for the effect '{project.effect}'",
                next_step="leave it, and no plan begins the project, or ask for less assurance",
            )


def _is_left_out(project: Project, assurance: float) -> bool:
    return project.effect in _OPENING and project.success_probability < assurance


@rule("project_subject_unknown", severity="error")
def project_subject_unknown(deal: Deal) -> Iterator[Finding]:
    """A project changes a successor system, a component or a branch that is not in the deal."""
    known = {table: _names(deal, table) for table in _SUBJECT_TABLE.values()}
    for row, project in enumerate(deal.projects):
        table = _SUBJECT_TABLE.get(project.effect)
        subject = project.effect_subject
        if table is None or subject is None or not deal.is_given(table):
            continue
        if subject not in known[table]:
            yield drafts.cell(
                deal,
                ("projects", row, "effect_subject"),
                subject=f"effect_subject of project '{project.id}'",
                found=drafts.quoted(subject),
                allowed=f"an id of `{table}` for the effect '{project.effect}': {known[table].text}",
                next_step=known[table].advice(subject, otherwise=f"add '{subject}' to `{table}`"),
            )


def _names(deal: Deal, table: str) -> drafts.Names:
    return drafts.Names(record.id for record in deal.table(table))


def _allowed(effect: str, column: str) -> str:
    if column == "effect_subject":
        return f"an id of `{_SUBJECT_TABLE[effect]}`"
    return f"a number: {_VALUES[effect][0]}"

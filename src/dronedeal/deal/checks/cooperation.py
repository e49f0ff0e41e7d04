"""Technical cooperation."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from dronedeal.deal.checks import drafts
from dronedeal.deal.checks.registry import rule
from dronedeal.deal.deal import Deal
from dronedeal.deal.finding import Finding

_SUBJECT_TABLE: Mapping[str, str] = {
    "successor": "systems",
    "compliant_part": "components",
    "interface": "branches",
}


@rule("project_without_effect", severity="error")
def project_without_effect(deal: Deal) -> Iterator[Finding]:
    """A project does not say how much it changes, or what."""
    for row, project in enumerate(deal.projects):
        column = "effect_subject" if project.effect in ("successor", "compliant_part") else "effect_value"
        if project.effect != "interface" and getattr(project, column) is None:
            yield drafts.cell(
                deal,
                ("projects", row, column),
                subject=f"{column} of project '{project.id}'",
                found="a blank cell",
                allowed=_allowed(project.effect),
                next_step=f"fill in {column}, which the effect '{project.effect}' needs",
            )


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


def _allowed(effect: str) -> str:
    if effect in _SUBJECT_TABLE:
        return f"an id of `{_SUBJECT_TABLE[effect]}`"
    return "a number: added effectiveness" if effect == "effectiveness" else "a number: factor on unit cost"

"""Criteria and published figures."""

from __future__ import annotations

from collections.abc import Iterator

from dronedeal.deal import drafts
from dronedeal.deal.checks.registry import rule
from dronedeal.deal.deal import Deal
from dronedeal.deal.finding import Finding
from dronedeal.deal.requirements import RequirementAttribute
from dronedeal.quantities.units import are_like, is_unit

_TABLE = "requirement_attributes"
_SUBJECTS = ("attribute", "measure", "standard")


@rule("criterion_without_one_subject", severity="error")
def criterion_without_one_subject(deal: Deal) -> Iterator[Finding]:
    """A criterion must name exactly one of `attribute`, `measure` and `standard`."""
    for row, criterion in enumerate(deal.requirement_attributes):
        named = [name for name in _SUBJECTS if getattr(criterion, name) is not None]
        if len(named) != 1:
            yield drafts.cell(
                deal,
                (_TABLE, row, named[1] if named else None),
                subject=f"criterion of requirement '{criterion.requirement}'",
                found=" and ".join(named) or "none of them",
                allowed="exactly one of attribute, measure, standard",
                next_step="keep one of the cells and give each further criterion a row of its own",
            )


@rule("criterion_without_threshold", severity="error")
def criterion_without_threshold(deal: Deal) -> Iterator[Finding]:
    """A criterion of an attribute or a measure needs a threshold and its unit."""
    for row, criterion in enumerate(deal.requirement_attributes):
        for column in ("threshold", "unit"):
            if criterion.standard is None and getattr(criterion, column) is None:
                yield drafts.cell(
                    deal,
                    (_TABLE, row, column),
                    subject=f"{column} of {_criterion(criterion)}",
                    found="a blank cell",
                    allowed="a number" if column == "threshold" else "a unit such as km, h or 1",
                    next_step=f"fill in the {column}; only a criterion of a standard may leave it blank",
                )


@rule("criterion_objective_behind_threshold", severity="error")
def criterion_objective_behind_threshold(deal: Deal) -> Iterator[Finding]:
    """The desired value of a criterion must be at least as good as its threshold, by its direction."""
    for row, criterion in enumerate(deal.requirement_attributes):
        threshold, objective = criterion.threshold, criterion.objective
        if threshold is None or objective is None:
            continue
        is_upward = criterion.direction == "at_least"
        if objective < threshold if is_upward else objective > threshold:
            yield drafts.cell(
                deal,
                (_TABLE, row, "objective"),
                subject=f"objective of {_criterion(criterion)}",
                found=drafts.number(objective),
                allowed=f"{'at least' if is_upward else 'at most'} the threshold, {drafts.number(threshold)}",
                next_step="mend threshold or objective, or turn `direction` round",
            )


@rule("probability_outside_range", severity="error")
def probability_outside_range(deal: Deal) -> Iterator[Finding]:
    """A measured criterion with the unit `1` is a probability, from 0 to 1."""
    for row, criterion in enumerate(deal.requirement_attributes):
        if criterion.measure is None or criterion.unit != "1":
            continue
        for column in ("threshold", "objective"):
            value = getattr(criterion, column)
            if value is not None and not 0 <= value <= 1:
                yield drafts.cell(
                    deal,
                    (_TABLE, row, column),
                    subject=f"{column} of {_criterion(criterion)}",
                    found=drafts.number(value),
                    allowed="a probability from 0 to 1",
                    next_step="write it as a share of 1, or give the unit that it is in, such as %",
                )


@rule("unit_not_understood", severity="error")
def unit_not_understood(deal: Deal) -> Iterator[Finding]:
    """A unit of an attribute, a criterion or an exposure is not a unit."""
    for table, column in (("attributes", "unit"), (_TABLE, "unit"), ("trials", "exposure_unit")):
        for row, record in enumerate(deal.table(table)):
            unit = getattr(record, column)
            if unit is not None and not is_unit(unit):
                yield drafts.cell(
                    deal,
                    (table, row, column),
                    subject=f"{column} of a row of {table}",
                    found=drafts.quoted(unit),
                    allowed="unit symbols such as km, kg, h, m/s, 1/h or %, and 1 for a pure number",
                    next_step="write the unit as its symbol",
                )


@rule("unlike_units", severity="error")
def unlike_units(deal: Deal) -> Iterator[Finding]:
    """A criterion and a published figure of the same attribute have units that cannot be compared."""
    units: dict[str, dict[str, int]] = {}
    for row, figure in enumerate(deal.attributes):
        if figure.value is not None and figure.unit is not None and is_unit(figure.unit):
            units.setdefault(figure.attribute, {}).setdefault(figure.unit, row)
    for row, criterion in enumerate(deal.requirement_attributes):
        if criterion.attribute is None or criterion.unit is None or not is_unit(criterion.unit):
            continue
        for unit, first in units.get(criterion.attribute, {}).items():
            if not are_like(unit, criterion.unit):
                yield drafts.cell(
                    deal,
                    (_TABLE, row, "unit"),
                    subject=f"unit of {_criterion(criterion)}",
                    found=drafts.quoted(criterion.unit),
                    allowed=f"a unit like '{unit}', as in {deal.place('attributes', first, 'unit')}",
                    next_step="mend one of the two units, or give the two figures different names",
                )


@rule("attribute_without_unit", severity="error")
def attribute_without_unit(deal: Deal) -> Iterator[Finding]:
    """A published figure needs its unit; a pure number has the unit `1`."""
    for row, figure in enumerate(deal.attributes):
        if figure.value is not None and figure.unit is None:
            yield drafts.cell(
                deal,
                ("attributes", row, "unit"),
                subject=f"unit of '{figure.attribute}' of system '{figure.system}'",
                found="a blank cell",
                allowed="a unit such as km, h or 1",
                next_step="fill in the unit of the figure",
            )


@rule("attribute_says_nothing", severity="warning")
def attribute_says_nothing(deal: Deal) -> Iterator[Finding]:
    """A row of `attributes` has neither a figure nor a standard."""
    for row, figure in enumerate(deal.attributes):
        if figure.value is None and figure.standard is None:
            yield drafts.cell(
                deal,
                ("attributes", row, "value"),
                subject=f"'{figure.attribute}' of system '{figure.system}'",
                found="neither value nor standard",
                allowed="a value with its unit, a standard, or both",
                next_step="fill one of them in, or take the row out: what was not published has no row",
            )


@rule("unknown_attribute", severity="warning")
def unknown_attribute(deal: Deal) -> Iterator[Finding]:
    """A criterion compares an attribute that no system has, so that no system meets it."""
    known = drafts.Names(figure.attribute for figure in deal.attributes)
    yield from _unknown(deal, "attribute", known, "`attributes`")


@rule("unknown_measure", severity="warning")
def unknown_measure(deal: Deal) -> Iterator[Finding]:
    """A requirement or criterion uses a measure that no trial and no prior speaks of."""
    measures = {trial.measure for trial in deal.trials}
    known = drafts.Names(measures.union(prior.measure for prior in deal.settings.evidence.priors))
    yield from _unknown(deal, "measure", known, "`trials` or the priors of deal.yaml")
    for row, need in enumerate(deal.requirements):
        measure = need.effectiveness_measure
        if measure is not None and measure not in known:
            yield drafts.cell(
                deal,
                ("requirements", row, "effectiveness_measure"),
                subject=f"effectiveness_measure of requirement '{need.id}'",
                found=drafts.quoted(measure),
                allowed=f"a measure of `trials` or the priors of deal.yaml: {known.text}",
                next_step=known.advice(
                    measure,
                    otherwise="add trials of it, or leave the cell blank: every unit then counts in full",
                ),
            )


@rule("unknown_standard", severity="warning")
def unknown_standard(deal: Deal) -> Iterator[Finding]:
    """A criterion asks for a standard that no system keeps."""
    known = drafts.Names(figure.standard for figure in deal.attributes if figure.standard is not None)
    yield from _unknown(deal, "standard", known, "`attributes`")


def _unknown(deal: Deal, column: str, known: drafts.Names, where: str) -> Iterator[Finding]:
    for row, criterion in enumerate(deal.requirement_attributes):
        name = getattr(criterion, column)
        if name is not None and name not in known:
            yield drafts.cell(
                deal,
                (_TABLE, row, column),
                subject=f"{column} of {_criterion(criterion)}",
                found=drafts.quoted(name),
                allowed=f"a name that stands in {where}: {known.text}",
                next_step=known.advice(name, otherwise=f"add it to {where} for the systems that have it"),
            )


def _criterion(criterion: RequirementAttribute) -> str:
    name = criterion.attribute or criterion.measure or criterion.standard or "nothing"
    return f"the criterion {drafts.quoted(name)} of requirement '{criterion.requirement}'"

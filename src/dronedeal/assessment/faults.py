"""What keeps a deal from being assessed: unlike units, and measures that count two things at once."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace

from dronedeal.assessment.evidence import MeasureKind, exposure_units, measure_kinds
from dronedeal.deal import Deal, Finding
from dronedeal.deal.drafts import at, cell, quoted
from dronedeal.deal.requirements import RequirementAttribute
from dronedeal.quantities.units import are_like, convert

PURE_NUMBER = "1"


def faults(deal: Deal) -> Iterator[Finding]:
    """Every error that keeps a deal from being assessed, under the name of the rule that reports it."""
    for name, find in (
        ("unlike_units", unlike_attributes),
        ("unlike_measured_units", unlike_exposures),
        ("unlike_measured_units", unlike_thresholds),
        ("measure_of_two_kinds", two_kinds_of_measure),
    ):
        for finding in find(deal):
            yield replace(finding, rule=name)


def unlike_attributes(deal: Deal) -> Iterator[Finding]:
    """Published figures that cannot be compared with a threshold, with both rows named."""
    published: dict[str, dict[str, list[int]]] = {}
    for row, attribute in enumerate(deal.attributes):
        if attribute.value is not None:
            units = published.setdefault(attribute.attribute, {})
            units.setdefault(attribute.unit or PURE_NUMBER, []).append(row)
    for row, needed in enumerate(deal.requirement_attributes):
        if needed.attribute is None or needed.threshold is None:
            continue
        unit = needed.unit or PURE_NUMBER
        for other, rows in published.get(needed.attribute, {}).items():
            if are_like(other, unit):
                continue
            for found in rows:
                yield cell(
                    deal,
                    ("attributes", found, "unit"),
                    subject=f"{needed.attribute} of system {quoted(deal.attributes[found].system)} and of "
                    f"requirement {quoted(needed.requirement)} "
                    f"({deal.place('requirement_attributes', row, 'unit')})",
                    found=f"{quoted(other)} against {quoted(unit)}",
                    allowed="two units of one kind",
                    next_step="mend one of the two units, or give the two figures different names",
                )


def unlike_exposures(deal: Deal) -> Iterator[Finding]:
    """Exposures that cannot be added to those of the first row of their measure."""
    first: dict[str, int] = {}
    for row, trial in enumerate(deal.trials):
        if trial.exposure is None:
            continue
        known = first.setdefault(trial.measure, row)
        unit, other = trial.exposure_unit or PURE_NUMBER, deal.trials[known].exposure_unit or PURE_NUMBER
        if not are_like(unit, other):
            yield cell(
                deal,
                ("trials", row, "exposure_unit"),
                subject=f"exposure of measure {quoted(trial.measure)}, first stated at "
                f"{deal.place('trials', known, 'exposure_unit')}",
                found=f"{quoted(unit)} against {quoted(other)}",
                allowed="two units of one kind",
                next_step="mend one of the two units, or give the two measures different names",
            )


def unlike_thresholds(deal: Deal) -> Iterator[Finding]:
    """Measured thresholds that are no probability, no failure rate and no exposure between failures."""
    kinds = measure_kinds(deal.trials, deal.settings.evidence.priors)
    exposures = exposure_units(deal.trials)
    for row, needed in enumerate(deal.requirement_attributes):
        if needed.measure is None or needed.threshold is None:
            continue
        unit = needed.unit or PURE_NUMBER
        if kinds.get(needed.measure, "success") == "success":
            allowed = (
                None if are_like(unit, PURE_NUMBER) else "1 or %, for the measure is a success probability"
            )
        else:
            exposure = exposures.get(needed.measure, unit)
            is_known = failure_threshold(needed, exposure) is not None
            allowed = None if is_known else f"1/{exposure} for a rate, or {exposure} between failures"
        if allowed is not None:
            yield cell(
                deal,
                ("requirement_attributes", row, "unit"),
                subject=f"threshold of measure {quoted(needed.measure)} in requirement "
                f"{quoted(needed.requirement)}",
                found=quoted(unit),
                allowed=allowed,
                next_step="mend the unit of the threshold",
            )


def failure_threshold(needed: RequirementAttribute, exposure_unit: str) -> tuple[bool, float] | None:
    """How a criterion on a failure measure is meant.

    Returns
    -------
    whether it speaks of exposure between failures rather than of a rate, and the factor that turns its
    figures into `exposure_unit` between failures or into failures per `exposure_unit`; None for a unit
    that is neither
    """
    unit = needed.unit or PURE_NUMBER
    if PURE_NUMBER in (unit, exposure_unit):
        return (False, 1.0) if unit == exposure_unit else None
    if are_like(unit, exposure_unit):
        return True, convert(1.0, unit, exposure_unit)
    inverse = f"1/{exposure_unit}"
    return (False, convert(1.0, unit, inverse)) if are_like(unit, inverse) else None


def two_kinds_of_measure(deal: Deal) -> Iterator[Finding]:
    """Measures that count successes in one place and failures over an exposure in another."""
    kinds = measure_kinds(deal.trials, deal.settings.evidence.priors)
    yield from _trials_of_other_kind(deal, kinds)
    yield from _priors_of_other_kind(deal, kinds)
    for row, requirement in enumerate(deal.requirements):
        if kinds.get(requirement.effectiveness_measure or "") == "failure":
            yield cell(
                deal,
                ("requirements", row, "effectiveness_measure"),
                subject=f"effectiveness of requirement {quoted(requirement.id)}",
                found=f"{quoted(requirement.effectiveness_measure)}, which counts failures over an exposure",
                allowed="a measure of successes out of trials",
                next_step="name such a measure, or leave the cell blank so that every unit counts in full",
            )


def _trials_of_other_kind(deal: Deal, kinds: Mapping[str, MeasureKind]) -> Iterator[Finding]:
    for row, trial in enumerate(deal.trials):
        is_success, is_failure = trial.n_trials is not None, trial.exposure is not None
        is_other = is_failure if kinds[trial.measure] == "success" else is_success
        if is_other:
            yield cell(
                deal,
                ("trials", row, "measure"),
                subject=f"measure {quoted(trial.measure)} of system {quoted(trial.system)}",
                found="failures over an exposure" if is_failure else "successes out of trials",
                allowed=f"what its first row counts, {_KIND_WORDS[kinds[trial.measure]]}",
                next_step="give the two measures different names",
            )


def _priors_of_other_kind(deal: Deal, kinds: Mapping[str, MeasureKind]) -> Iterator[Finding]:
    for number, prior in enumerate(deal.settings.evidence.priors):
        kind = kinds[prior.measure]
        if (prior.successes if kind == "failure" else prior.shape) is not None:
            yield at(
                deal.settings_place(f"evidence.priors.{number}"),
                subject=f"prior of measure {quoted(prior.measure)}",
                found="successes and failures" if kind == "failure" else "shape and exposure",
                allowed=f"a prior of what its trials count, {_KIND_WORDS[kind]}",
                next_step="state successes and failures for a success measure, else shape and exposure",
            )


_KIND_WORDS = {"success": "successes out of trials", "failure": "failures over an exposure"}

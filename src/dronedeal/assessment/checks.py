"""Evidence and matching: rules that need the assessment."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence

from dronedeal.assessment import faults, worth_checks  # noqa: F401 -- an import registers its rules
from dronedeal.assessment.assessment import Assessment, assess
from dronedeal.assessment.composition import SHARE_KINDS, is_subject
from dronedeal.assessment.evidence import Evidence
from dronedeal.assessment.pairing import Pairing
from dronedeal.assessment.words import listing
from dronedeal.deal import Deal, Finding
from dronedeal.deal.checks import run_checks
from dronedeal.deal.checks.registry import rule
from dronedeal.deal.drafts import at, cell, listed, quoted
from dronedeal.deal.place import Place
from dronedeal.errors import DealFolderError, InputError


def run_all_checks(deal: Deal) -> tuple[Finding, ...]:
    """Everything that the rules say of a deal, those on evidence and matching included.

    The rules that need an assessment run only where the others found no error.

    Parameters
    ----------
    deal : any deal that could be read

    Returns
    -------
    findings of all rules in the order of the registry; empty where nothing is wrong
    """
    findings = run_checks(deal)
    if any(finding.severity == "error" for finding in findings):
        return findings
    return findings + run_checks(deal, stage="assessment")


@rule(
    "unlike_measured_units",
    severity="error",
    meaning="Exposures of one measure, or a measured threshold and its trials, have unlike units.",
    stage="assessment",
)
def unlike_measured_units(deal: Deal) -> Iterator[Finding]:
    yield from faults.unlike_exposures(deal)
    yield from faults.unlike_thresholds(deal)


@rule(
    "measure_of_two_kinds",
    severity="error",
    meaning="A measure counts successes in one place and failures over an exposure in another.",
    stage="assessment",
)
def measure_of_two_kinds(deal: Deal) -> Iterator[Finding]:
    yield from faults.two_kinds_of_measure(deal)


@rule(
    "not_assessable",
    severity="error",
    meaning="Something that no other rule names keeps the deal from being assessed.",
    stage="assessment",
)
def not_assessable(deal: Deal) -> Iterator[Finding]:
    outcome = _outcome(deal)
    if isinstance(outcome, InputError) and not isinstance(outcome, DealFolderError):
        yield at(
            Place("deal"),
            subject="assessment of the deal",
            found=str(outcome),
            allowed="a deal whose trials, figures and amounts can be compared",
            next_step="mend what the message names",
        )


@rule(
    "requirement_nobody_can_meet",
    severity="warning",
    meaning="No system is eligible for a requirement.",
    stage="assessment",
)
def requirement_nobody_can_meet(deal: Deal) -> Iterator[Finding]:
    pairings: dict[str, list[Pairing]] = defaultdict(list)
    for pairing in _assessment(deal).pairings:
        pairings[pairing.requirement].append(pairing)
    for row, requirement in enumerate(deal.requirements):
        of_requirement = pairings[requirement.id]
        if any(pairing.is_eligible for pairing in of_requirement):
            continue
        yield cell(
            deal,
            ("requirements", row, None),
            subject=f"requirement {quoted(requirement.id)}",
            found=_nearest_words(of_requirement),
            allowed="at least one system that meets every hard criterion",
            next_step="offer a system, have the nearest one changed or tested, or ease the criterion",
        )


@rule(
    "priced_but_never_eligible",
    severity="warning",
    meaning="A system has a price but is eligible for no requirement.",
    stage="assessment",
)
def priced_but_never_eligible(deal: Deal) -> Iterator[Finding]:
    pairings: dict[str, list[Pairing]] = defaultdict(list)
    for pairing in _assessment(deal).pairings:
        pairings[pairing.system].append(pairing)
    priced = {price.system: row for row, price in reversed(list(enumerate(deal.prices)))}
    for system, row in sorted(priced.items(), key=lambda item: item[1]):
        of_system = pairings[system]
        if not of_system or any(pairing.is_eligible for pairing in of_system):
            continue
        nearest = min(of_system, key=_distance)
        yield cell(
            deal,
            ("prices", row, "system"),
            subject=f"price of system {quoted(system)}",
            found=f"no requirement that it may meet; for the nearest, {quoted(nearest.requirement)}: "
            f"{_stopped_words(nearest)}",
            allowed="a system that is eligible for some requirement",
            next_step="check its role and figures, or take its prices out",
        )


@rule(
    "prior_only",
    severity="warning",
    meaning="The effectiveness of an eligible system rests on the prior alone, without any trial.",
    stage="assessment",
)
def prior_only(deal: Deal) -> Iterator[Finding]:
    assessment = _assessment(deal)
    evidence = Evidence(deal)
    eligible: dict[str, list[str]] = defaultdict(list)
    for pairing in assessment.pairings:
        if pairing.is_eligible:
            eligible[pairing.requirement].append(pairing.system)
    for row, requirement in enumerate(deal.requirements):
        measure, condition = requirement.effectiveness_measure, requirement.effectiveness_condition
        if measure is None:
            continue
        posteriors = [evidence.posterior(system, measure, condition) for system in eligible[requirement.id]]
        untested = [item for item in posteriors if item is not None and item.is_prior_only]
        if untested:
            systems = listed(item.system for item in untested)
            yield cell(
                deal,
                ("requirements", row, "effectiveness_measure"),
                subject=f"effectiveness of {systems} for requirement {quoted(requirement.id)}",
                found=f"no trials of {quoted(measure)}, condition {quoted(condition)}, that count; "
                f"{listed(item.prior for item in untested)}",
                allowed="trials of that measure and condition",
                next_step="have the systems tested, or state in the prior's note why it is reasonable",
            )


@rule(
    "rule_beyond_matching",
    severity="warning",
    meaning="A rule speaks of a line, or a permit or price cap of a kind of part; the plan judges neither.",
    stage="assessment",
)
def rule_beyond_matching(deal: Deal) -> Iterator[Finding]:
    lines = {line.id for line in deal.lines}
    categories = {component.category for component in deal.components}
    for row, each in enumerate(deal.rules):
        beyond = lines if each.kind in _COMPOSITION_RULES else lines | categories
        is_judged = each.kind in _COMPOSITION_RULES and each.subject in categories
        if (
            each.kind not in (*_COMPOSITION_RULES, "export_permit", "price_cap")
            or is_judged
            or each.subject not in beyond
        ):
            continue
        if not any(is_subject(each.subject, system) for system in deal.systems):
            yield cell(
                deal,
                ("rules", row, "subject"),
                subject=f"rule {quoted(each.id)} of kind {each.kind}",
                found=f"{quoted(each.subject)}, a {'line' if each.subject in lines else 'kind of part'}",
                allowed="a system, role, domain or `*`; for limits and exclusions also a kind of part",
                next_step="name its systems instead, for the plan goes on as if the rule were not there",
            )


_COMPOSITION_RULES = SHARE_KINDS
_MATCH_CRITERIA = frozenset({"role", "domain"})
_EMPTY = Assessment((), (), ())


def _assessment(deal: Deal) -> Assessment:
    """The assessment of a deal; without pairings where it cannot be assessed, which other rules report."""
    outcome = _outcome(deal)
    return _EMPTY if isinstance(outcome, InputError) else outcome


def _outcome(deal: Deal) -> Assessment | InputError:
    try:
        return assess(deal)
    except InputError as error:
        return error


def _nearest_words(pairings: Sequence[Pairing]) -> str:
    """What stops the system that comes nearest: right role and domain, fewest criteria unmet."""
    if not pairings:
        return "no system at all"
    nearest = min(pairings, key=_distance)
    return f"none; the nearest, {quoted(nearest.system)}, is stopped by {_stopped_words(nearest)}"


def _distance(pairing: Pairing) -> tuple[int, int, float]:
    """How far a pair is from eligible: role and domain first, then criteria unmet, then the worst margin."""
    stopped = pairing.stopped_by
    elsewhere = sum(criterion.kind in _MATCH_CRITERIA for criterion in stopped)
    margins = [criterion.margin for criterion in stopped if criterion.margin is not None]
    return elsewhere, len(stopped), -min(margins, default=0.0)


def _stopped_words(pairing: Pairing) -> str:
    return listing(
        [f"{item.kind} {item.subject} ({item.found}, needed {item.needed})" for item in pairing.stopped_by]
    )

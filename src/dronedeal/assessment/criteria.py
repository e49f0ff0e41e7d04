"""Criteria of a requirement on figures, measures and standards of a system."""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass

from dronedeal.assessment.evidence import ANY_CONDITION, Evidence
from dronedeal.assessment.faults import PURE_NUMBER, failure_threshold
from dronedeal.assessment.pairing import Criterion
from dronedeal.assessment.posterior import Posterior
from dronedeal.assessment.words import figure, percent, quantity
from dronedeal.deal import Deal
from dronedeal.deal.requirements import RequirementAttribute
from dronedeal.deal.systems import Attribute, System
from dronedeal.quantities.units import convert

# a figure on its threshold must not miss it by the rounding of a unit conversion
CONVERSION_SLACK = 1e-12
_DIRECTIONS: Mapping[str, str] = {"at_least": "at least", "at_most": "at most"}


def margin(value: float, threshold: float, *, direction: str) -> float | None:
    """Relative distance to a threshold, `(value − threshold) / |threshold|`, positive on the good side.

    None for a threshold of zero, to which nothing is relative.

    >>> margin(120, 100, direction="at_least"), margin(120, 100, direction="at_most")
    (0.2, -0.2)
    """
    if threshold == 0:
        return None
    distance = (value - threshold) / abs(threshold)
    return distance if direction == "at_least" else -distance


@dataclass(frozen=True, slots=True)
class _Need:
    """A criterion on a published figure, with everything that is the same for all systems.

    `unknown` is the answer for a system without the figure.
    """

    threshold: float
    unit: str
    direction: str
    words: str
    is_hard: bool
    unknown: Criterion


class PublishedFigures:
    """Compares published figures and standards of systems with what requirements ask for."""

    def __init__(self, deal: Deal) -> None:
        self._figures: dict[tuple[str, str], tuple[int, Attribute]] = {}
        self._standards: dict[str, dict[str, int]] = defaultdict(dict)
        for row, attribute in enumerate(deal.attributes):
            if attribute.value is not None:
                self._figures.setdefault((attribute.system, attribute.attribute), (row, attribute))
            if attribute.standard is not None:
                self._standards[attribute.system].setdefault(attribute.standard.casefold(), row)
        self._needs: dict[int, _Need] = {}
        self._values: dict[tuple[int, str], tuple[float, str, tuple[str, int]]] = {}

    def attribute(self, row: int, needed: RequirementAttribute, *, system: System) -> Criterion:
        """Compare a published figure with its threshold, in the unit of the threshold."""
        need = self._needs.get(row) or self._need(row, needed)
        name = needed.attribute or ""
        known = self._figures.get((system.id, name))
        if known is None:
            return need.unknown
        value, found, place = self._values.get((known[0], need.unit)) or self._value(*known, unit=need.unit)
        distance = margin(value, need.threshold, direction=need.direction)
        slack = CONVERSION_SLACK * abs(need.threshold)
        if need.direction == "at_least":
            is_met = value >= need.threshold - slack
        else:
            is_met = value <= need.threshold + slack
        reason = "" if is_met else f"Its {name} of {found} misses the threshold, {need.words}."
        return Criterion(
            "attribute", name, is_met, need.is_hard, found, need.words, distance, None, None, reason, place
        )

    def standard(
        self, row: int, needed: RequirementAttribute, *, system: System, work_row: int | None
    ) -> Criterion:
        """Whether a system states that it keeps a standard, or integration work would make it do so.

        Parameters
        ----------
        work_row : row of the integration work that leads to the standard; None where there is none
        """
        name = needed.standard or ""
        found_row = self._standards.get(system.id, {}).get(name.casefold())
        if found_row is not None:
            return Criterion(
                "standard", name, True, needed.hard, "kept", "kept", row=("attributes", found_row)
            )
        if work_row is not None:
            reason = f"{name} is kept only after the integration work that leads to it."
            place = ("integrations", work_row)
            return Criterion(
                "standard", name, False, False, "after integration", "kept", reason=reason, row=place
            )
        reason = (
            f"Nothing published says that it keeps {name}; ask the maker, or offer integration work for it."
        )
        place = ("requirement_attributes", row)
        return Criterion("standard", name, None, needed.hard, "not stated", "kept", reason=reason, row=place)

    def _need(self, row: int, needed: RequirementAttribute) -> _Need:
        name, threshold, unit = needed.attribute or "", needed.threshold or 0.0, needed.unit or PURE_NUMBER
        words = f"{_DIRECTIONS[needed.direction]} {quantity(threshold, unit)}"
        if needed.objective is not None:
            words += f" (desired {quantity(needed.objective, unit)})"
        unknown = Criterion(
            kind="attribute",
            subject=name,
            is_met=None,
            is_hard=needed.hard,
            found="no published figure",
            needed=words,
            reason=f"No figure of {name} is published, and {words} is needed; ask the maker or test it.",
            row=("requirement_attributes", row),
        )
        self._needs[row] = _Need(threshold, unit, needed.direction, words, needed.hard, unknown)
        return self._needs[row]

    def _value(self, row: int, attribute: Attribute, *, unit: str) -> tuple[float, str, tuple[str, int]]:
        """A figure in the unit asked for, in words that also give it as published, and its row."""
        own, stated = attribute.unit or PURE_NUMBER, attribute.value or 0.0
        value = convert(stated, own, unit)
        words = quantity(value, unit) if own == unit else f"{quantity(value, unit)} ({quantity(stated, own)})"
        self._values[row, unit] = (value, words, ("attributes", row))
        return self._values[row, unit]


@dataclass(frozen=True, slots=True)
class _Meaning:
    """A measured threshold in terms of the posterior.

    A criterion on exposure between failures is one on the inverse rate, with the direction turned.
    """

    direction: str
    factor: float
    is_between_failures: bool
    unit: str

    def probability(self, posterior: Posterior, threshold: float) -> float:
        """Posterior probability that the threshold is met."""
        value = threshold * self.factor
        is_at_least = self.direction == "at_least"
        if self.is_between_failures:
            if value <= 0:
                return 1.0 if is_at_least else 0.0
            value, is_at_least = 1 / value, not is_at_least
        return posterior.probability_at_least(value) if is_at_least else posterior.probability_at_most(value)

    def words(self, value: float, digits: int = 4) -> str:
        """A value in the unit of the threshold, in words."""
        return quantity(value, self.unit, digits) + (" between failures" if self.is_between_failures else "")

    def in_its_unit(self, value: float) -> float:
        """A value of the posterior in the unit of the threshold."""
        if self.is_between_failures:
            return 1 / (value * self.factor) if value else math.inf
        return value / self.factor


class MeasuredFigures:
    """Compares what trials say of systems with what requirements ask for."""

    def __init__(self, deal: Deal, evidence: Evidence) -> None:
        self._evidence = evidence
        self._confidence = deal.settings.evidence.confidence
        self._meanings: dict[int, _Meaning] = {}
        self._found: dict[tuple[Posterior, _Meaning], tuple[float, str]] = {}

    def measure(self, row: int, needed: RequirementAttribute, *, system: System) -> Criterion:
        """Whether a measured threshold is met with the probability that is asked for."""
        name, threshold = needed.measure or "", needed.threshold or 0.0
        confidence = self._confidence if needed.confidence is None else needed.confidence
        meaning = self._meaning(row, needed)
        subject = name if needed.condition == ANY_CONDITION else f"{name} ({needed.condition})"
        wanted = f"{_DIRECTIONS[needed.direction]} {meaning.words(threshold)}"
        words = f"{wanted} with probability {percent(confidence)}"
        place = ("requirement_attributes", row)
        posterior = self._evidence.posterior(system.id, name, needed.condition)
        if posterior is None:
            reason = (
                f"There are no trials of {subject} and no prior; have it tested, or set a prior in deal.yaml."
            )
            return Criterion(
                "measure", subject, None, needed.hard, "no trials", words, reason=reason, row=place
            )
        probability = meaning.probability(posterior, threshold)
        is_met = probability >= confidence
        value, found = self._value(posterior, meaning)
        return Criterion(
            "measure",
            subject,
            is_met,
            needed.hard,
            found,
            words,
            margin=margin(value, threshold, direction=needed.direction),
            probability=probability,
            objective_probability=None
            if needed.objective is None
            else meaning.probability(posterior, needed.objective),
            reason=""
            if is_met
            else _shortfall(subject, wanted, probability=probability, posterior=posterior),
            row=place,
        )

    def _meaning(self, row: int, needed: RequirementAttribute) -> _Meaning:
        if row not in self._meanings:
            unit, measure = needed.unit or PURE_NUMBER, needed.measure or ""
            if self._evidence.kind(measure) == "success":
                self._meanings[row] = _Meaning(needed.direction, convert(1.0, unit, PURE_NUMBER), False, unit)
            else:
                exposure = self._evidence.exposure_units.get(measure, unit)
                is_between, factor = failure_threshold(needed, exposure) or (False, 1.0)
                self._meanings[row] = _Meaning(needed.direction, factor, is_between, unit)
        return self._meanings[row]

    def _value(self, posterior: Posterior, meaning: _Meaning) -> tuple[float, str]:
        """Centre of a posterior in the unit of the threshold, and in words with interval and basis."""
        key = (posterior, meaning)
        if key not in self._found:
            value = meaning.in_its_unit(posterior.mean)
            low, high = sorted(meaning.in_its_unit(end) for end in posterior.interval)
            spread = f"{percent(posterior.confidence)} interval {figure(low, 3)} to {figure(high, 3)}"
            self._found[key] = (value, f"{meaning.words(value, 3)} ({spread}; {posterior.basis})")
        return self._found[key]


def _shortfall(subject: str, wanted: str, *, probability: float, posterior: Posterior) -> str:
    step = "have it tested" if posterior.is_prior_only else "more trials may raise it"
    lead = f"There are no trials of {subject}: the prior alone gives" if posterior.is_prior_only else "It is"
    link = "" if posterior.is_prior_only else " certain"
    return f"{lead} {percent(probability)}{link} that {subject} is {wanted}; {step}."

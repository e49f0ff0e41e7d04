"""From trials to a posterior per system, measure and condition.

How a trial counts is explained for analysts in docs/explanation/evidence.md; the formulas stand in
the docstrings here.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Literal

from dronedeal.assessment.posterior import Posterior
from dronedeal.assessment.words import counted, figure, listing, months
from dronedeal.deal import Deal
from dronedeal.deal.settings import EvidencePrior, EvidenceSettings
from dronedeal.deal.systems import System, Trial
from dronedeal.quantities.calendar import absolute_month
from dronedeal.quantities.units import convert

MeasureKind = Literal["success", "failure"]
ANY_CONDITION = "any"
JEFFREYS = 0.5


@dataclass(frozen=True, slots=True)
class WeightedTrial:
    """One row of trials with the weight that it keeps.

    Parameters
    ----------
    row : 0-based row of the table
    trial : the row
    age_months : months from the test to the month at which ages are counted; None for an undated row
    versions_apart : design versions between the one tested and the present one
    ageing : `0.5^(age / half-life)`; 1 for an undated row and for a result later than that month
    carry_over : `version_carry_over^versions_apart`
    field_share : `factory_to_field` for a factory result, 1 for a field result
    """

    row: int
    trial: Trial
    age_months: int | None
    versions_apart: int
    ageing: float
    carry_over: float
    field_share: float

    @property
    def weight(self) -> float:
        """Trials or exposure that one of the row still counts for: ageing × carry-over."""
        return self.ageing * self.carry_over


def weigh(trial: Trial, *, row: int, system: System, settings: EvidenceSettings, as_of: str) -> WeightedTrial:
    """Weigh one row of trials by its age, design version and setting.

    `weight = 0.5^(age / half-life) × carry_over^(versions apart)`. Ages are whole calendar months up to
    `as_of` (YYYY-MM).

    Examples
    --------
    >>> import datetime as dt
    >>> shark = System(id="shark", name="Shark", maker="X", supplier="ua", domain="air", role="scout",
    ...                design_version=3)
    >>> trial = Trial(system="shark", measure="m", setting="factory", date=dt.date(2025, 1, 15), version=2,
    ...               n_trials=10, n_successes=9)
    >>> weighted = weigh(trial, row=0, system=shark, settings=EvidenceSettings(), as_of="2027-01")
    >>> weighted.age_months, weighted.weight, weighted.field_share
    (24, 0.35, 0.8)
    """
    age = (
        None if trial.date is None else max(0, absolute_month(as_of) - absolute_month(f"{trial.date:%Y-%m}"))
    )
    half_life = settings.half_life_months
    apart = 0 if trial.version is None else abs(system.design_version - trial.version)
    return WeightedTrial(
        row=row,
        trial=trial,
        age_months=age,
        versions_apart=apart,
        ageing=1.0 if age is None or half_life is None else 0.5 ** (age / half_life),
        carry_over=settings.version_carry_over**apart,
        field_share=settings.factory_to_field if trial.setting == "factory" else 1.0,
    )


class Evidence:
    """All trials of a deal, weighed, and the posteriors that they give.

    Parameters
    ----------
    deal : a deal whose trials and priors are complete; `assessment.faults` finds what is not

    Notes
    -----
    Success measures, with weights `w`, `δ = factory_to_field` for factory rows and 1 for field rows:
    `alpha = a0 + Σ w δ s` and `beta = b0 + Σ w (n − δ s)`. Failure measures:
    `alpha = a0 + Σ w k`, `beta = b0 + Σ w δ E`; with `δ = 0` a factory row of failures says nothing. Without
    a prior in the settings Jeffreys' priors hold: `a0 = b0 = 0.5` for successes, `a0 = 0.5`, `b0 = 0` for
    failures.
    """

    def __init__(self, deal: Deal) -> None:
        self._settings = deal.settings.evidence
        self._systems = {system.id: system for system in deal.systems}
        as_of = self._settings.as_of or deal.settings.start
        self._trials: dict[tuple[str, str], list[WeightedTrial]] = defaultdict(list)
        for row, trial in enumerate(deal.trials):
            if (system := self._systems.get(trial.system)) is not None:
                weighted = weigh(trial, row=row, system=system, settings=self._settings, as_of=as_of)
                self._trials[trial.system, trial.measure].append(weighted)
        self._kinds = measure_kinds(deal.trials, self._settings.priors)
        self.exposure_units = exposure_units(deal.trials)
        self._cache: dict[tuple[str, str, str, int], Posterior | None] = {}

    def kind(self, measure: str) -> MeasureKind:
        """What a measure counts; one that neither trials nor priors know is a success measure."""
        return self._kinds.get(measure, "success")

    def trials(self, system: str, measure: str, condition: str = ANY_CONDITION) -> tuple[WeightedTrial, ...]:
        """Rows that count for a condition: all of the measure for `any`, else that condition's own."""
        rows = self._trials.get((system, measure), ())
        return tuple(row for row in rows if condition in (ANY_CONDITION, row.trial.condition))

    def posterior(
        self, system: str, measure: str, condition: str = ANY_CONDITION, *, versions_on: int = 0
    ) -> Posterior | None:
        """Posterior of one measure of a system under a condition.

        Parameters
        ----------
        versions_on : design versions that have come out since the present one; each discounts all trials
            of the present and earlier ones once more

        Returns
        -------
        None for a failure measure without a prior and without exposure, of which nothing is known
        """
        key = (system, measure, condition, versions_on)
        if key not in self._cache:
            rows = self.trials(system, measure, condition)
            if versions_on:
                rows = tuple(self._aged_by(row, versions_on) for row in rows)
            make = self._success if self.kind(measure) == "success" else self._failure
            self._cache[key] = make((system, measure, condition), rows)
        return self._cache[key]

    def _aged_by(self, row: WeightedTrial, versions: int) -> WeightedTrial:
        """The same row seen from a design that is so many versions further on."""
        apart = row.versions_apart + versions
        return replace(row, versions_apart=apart, carry_over=self._settings.version_carry_over**apart)

    @cached_property
    def tested(self) -> tuple[tuple[str, str, str], ...]:
        """System, measure and condition of everything that trials speak of, pooled `any` first."""
        keys: dict[tuple[str, str, str], None] = {}
        for (system, measure), rows in self._trials.items():
            keys[system, measure, ANY_CONDITION] = None
            keys.update({(system, measure, row.trial.condition): None for row in rows})
        return tuple(keys)

    def posteriors(self, asked: Iterable[tuple[str, str, str]] = ()) -> tuple[Posterior, ...]:
        """Posteriors of all that trials speak of, by system in row order, measure and condition.

        Parameters
        ----------
        asked : further triples of system, measure and condition, of which only the prior may speak
        """
        known = (self.posterior(*key) for key in {*self.tested, *asked})
        order = {system: number for number, system in enumerate(self._systems)}
        posteriors = [posterior for posterior in known if posterior is not None]
        return tuple(sorted(posteriors, key=lambda item: (order[item.system], item.measure, item.condition)))

    def _success(self, key: tuple[str, str, str], rows: Sequence[WeightedTrial]) -> Posterior:
        prior = self._prior(*key[:2])
        successes = JEFFREYS if prior is None or prior.successes is None else prior.successes
        failures = JEFFREYS if prior is None or prior.failures is None else prior.failures
        wins = sum(row.weight * row.field_share * (row.trial.n_successes or 0) for row in rows)
        effective = sum(row.weight * (row.trial.n_trials or 0) for row in rows)
        return Posterior(
            *key,
            family="beta",
            alpha=successes + wins,
            beta=failures + effective - wins,
            confidence=self._settings.confidence,
            n_rows=len(rows),
            observed=float(sum(row.trial.n_trials or 0 for row in rows)),
            effective=effective,
            prior=_prior_words(
                prior, f"{counted(successes, 'success', 'successes')} and {_failures(failures)}"
            ),
            discounts=self._discounts(rows, lambda trial: float(trial.n_trials or 0), "trials"),
        )

    def _failure(self, key: tuple[str, str, str], rows: Sequence[WeightedTrial]) -> Posterior | None:
        prior = self._prior(*key[:2])
        shape = JEFFREYS if prior is None or prior.shape is None else prior.shape
        exposure = 0.0 if prior is None or prior.exposure is None else prior.exposure
        unit = self.exposure_units.get(key[1], "1")
        amounts = {row.row: exposure_in(row.trial, unit) for row in rows}
        effective = sum(row.weight * row.field_share * amounts[row.row] for row in rows)
        if exposure + effective <= 0:
            return None
        return Posterior(
            *key,
            family="gamma",
            alpha=shape + sum(row.weight * (row.trial.failures or 0) for row in rows if row.field_share > 0),
            beta=exposure + effective,
            unit=unit,
            confidence=self._settings.confidence,
            n_rows=len(rows),
            observed=sum(amounts.values()),
            effective=effective,
            prior=_prior_words(prior, f"{_failures(shape)} in {figure(exposure)} {unit}"),
            discounts=self._discounts(rows, lambda trial: exposure_in(trial, unit), unit),
        )

    def _prior(self, system: str, measure: str) -> EvidencePrior | None:
        """The prior of the measure for the first role of the system that has one, else for every role."""
        of_measure = {prior.role: prior for prior in self._settings.priors if prior.measure == measure}
        if not of_measure:
            return None
        known = self._systems.get(system)
        roles = (known.role, *known.other_roles) if known else ()
        return next((of_measure[role] for role in (*roles, None) if role in of_measure), None)

    def _discounts(
        self, rows: Sequence[WeightedTrial], amount: Callable[[Trial], float], unit: str
    ) -> tuple[str, ...]:
        return tuple(_discount_words(rows, self._settings, amount, unit))


def exposure_in(trial: Trial, unit: str) -> float:
    """Exposure of a row of trials in a unit; 0 where the row states none."""
    return 0.0 if trial.exposure is None else convert(trial.exposure, trial.exposure_unit or "1", unit)


def exposure_units(trials: Iterable[Trial]) -> dict[str, str]:
    """Unit in which the exposure of each failure measure is counted: that of its first row."""
    units: dict[str, str] = {}
    for trial in trials:
        if trial.exposure is not None:
            units.setdefault(trial.measure, trial.exposure_unit or "1")
    return units


def measure_kinds(trials: Iterable[Trial], priors: Iterable[EvidencePrior]) -> dict[str, MeasureKind]:
    """Whether a measure counts successes or failures: by its first row of trials, else by its prior."""
    kinds: dict[str, MeasureKind] = {}
    for trial in trials:
        kinds.setdefault(trial.measure, "success" if trial.n_trials is not None else "failure")
    for prior in priors:
        kinds.setdefault(prior.measure, "failure" if prior.shape is not None else "success")
    return kinds


def _failures(number: float) -> str:
    return counted(number, "failure", "failures")


def _prior_words(prior: EvidencePrior | None, content: str) -> str:
    if prior is None:
        return f"no prior is set: {content} (Jeffreys)"
    return f"prior for {prior.role or 'every role'}: {content}"


def _discount_words(
    rows: Sequence[WeightedTrial], settings: EvidenceSettings, amount: Callable[[Trial], float], unit: str
) -> Iterable[str]:
    whole = sum(amount(row.trial) for row in rows)
    aged = sum(row.ageing * amount(row.trial) for row in rows)
    carried = sum(row.weight * amount(row.trial) for row in rows)
    if aged < whole and settings.half_life_months is not None:
        oldest = max(row.age_months or 0 for row in rows)
        yield (
            f"Ageing with a half-life of {figure(settings.half_life_months)} months takes {figure(whole)} "
            f"{unit} to {figure(aged)}; the oldest are {months(oldest)} old."
        )
    if carried < aged:
        apart = listing(sorted({str(row.trial.version) for row in rows if row.versions_apart}))
        yield (
            f"Results of design version {apart} keep {figure(settings.version_carry_over)} for each version "
            f"of distance, which takes {figure(aged)} {unit} to {figure(carried)}."
        )
    if factory := [row for row in rows if row.field_share < 1]:
        made = figure(sum(amount(row.trial) for row in factory))
        yield f"{made} {unit} are from the factory: {_factory_words(factory[0].trial)} " + (
            f"{figure(settings.factory_to_field)} of one in the field."
        )
    if settings.half_life_months is not None and (undated := sum(row.age_months is None for row in rows)):
        yield f"{undated} of {len(rows)} rows have no date and do not age."


def _factory_words(trial: Trial) -> str:
    return "one success counts as" if trial.n_trials is not None else "one unit of exposure counts as"

"""Trials and priors."""

from __future__ import annotations

from collections.abc import Iterator

from dronedeal.deal import drafts
from dronedeal.deal.checks import lookup
from dronedeal.deal.checks.registry import rule
from dronedeal.deal.deal import Deal
from dronedeal.deal.finding import Finding

_SUCCESS = ("n_trials", "n_successes")
_FAILURE = ("exposure", "exposure_unit", "failures")
_BETA = ("successes", "failures")
_GAMMA = ("shape", "exposure")


@rule("trial_without_one_form", severity="error")
def trial_without_one_form(deal: Deal) -> Iterator[Finding]:
    """A trial states not exactly one of: successes out of trials; failures over an exposure."""
    for row, trial in enumerate(deal.trials):
        given = _given(trial, _SUCCESS + _FAILURE)
        if given not in (_SUCCESS, _FAILURE):
            yield drafts.cell(
                deal,
                ("trials", row, None),
                subject=f"trial of '{trial.measure}' of system '{trial.system}'",
                found=", ".join(given) or "no figure",
                allowed=f"either {' and '.join(_SUCCESS)}, or {', '.join(_FAILURE)}",
                next_step="fill in the missing cells of one form and leave the other form blank",
            )


@rule("successes_above_trials", severity="error")
def successes_above_trials(deal: Deal) -> Iterator[Finding]:
    """A trial has more successes than trials."""
    for row, trial in enumerate(deal.trials):
        if (
            trial.n_trials is not None
            and trial.n_successes is not None
            and trial.n_successes > trial.n_trials
        ):
            yield drafts.cell(
                deal,
                ("trials", row, "n_successes"),
                subject=f"n_successes of '{trial.measure}' of system '{trial.system}'",
                found=str(trial.n_successes),
                allowed=f"at most n_trials, {trial.n_trials}",
                next_step="mend one of the two counts",
            )


@rule("exposure_not_positive", severity="error")
def exposure_not_positive(deal: Deal) -> Iterator[Finding]:
    """Failures were counted over an exposure that is not above zero."""
    for row, trial in enumerate(deal.trials):
        if trial.exposure is not None and trial.exposure <= 0:
            yield drafts.cell(
                deal,
                ("trials", row, "exposure"),
                subject=f"exposure of '{trial.measure}' of system '{trial.system}'",
                found=drafts.number(trial.exposure),
                allowed="a number above 0",
                next_step="fill in the use during the test, such as hours, or take the row out",
            )


@rule("trial_of_future_version", severity="warning")
def trial_of_future_version(deal: Deal) -> Iterator[Finding]:
    """A trial tested a later design version than the present one of its system."""
    present = {system.id: system.design_version for system in deal.systems}
    for row, trial in enumerate(deal.trials):
        if trial.version is not None and trial.version > present.get(trial.system, trial.version):
            yield drafts.cell(
                deal,
                ("trials", row, "version"),
                subject=f"version in a trial of system '{trial.system}'",
                found=str(trial.version),
                allowed=f"at most the design_version of the system, {present[trial.system]}",
                next_step="mend the version of the trial, or the design_version of the system",
            )


@rule("duplicate_prior", severity="error")
def duplicate_prior(deal: Deal) -> Iterator[Finding]:
    """Two priors are for the same measure and role."""
    priors = deal.settings.evidence.priors
    for position, first in lookup.repeats([(prior.measure, prior.role) for prior in priors]):
        role = "every role" if priors[position].role is None else f"role '{priors[position].role}'"
        yield drafts.at(
            deal.settings_place(f"evidence.priors.{position}"),
            subject=f"prior of '{priors[position].measure}' for {role}",
            found=f"a second one, after number {first + 1}",
            allowed="one prior for each measure and role",
            next_step="take one of the two out",
        )


@rule("prior_without_one_form", severity="error")
def prior_without_one_form(deal: Deal) -> Iterator[Finding]:
    """A prior states not exactly one of: successes and failures; shape and exposure."""
    for position, prior in enumerate(deal.settings.evidence.priors):
        given = _given(prior, _BETA + _GAMMA)
        if given not in (_BETA, _GAMMA):
            yield drafts.at(
                deal.settings_place(f"evidence.priors.{position}"),
                subject=f"prior of '{prior.measure}'",
                found=", ".join(given) or "no figure",
                allowed=f"either {' and '.join(_BETA)}, or {' and '.join(_GAMMA)}",
                next_step="fill in one form in full and leave the other one out",
            )


def _given(record: object, columns: tuple[str, ...]) -> tuple[str, ...]:
    return tuple(column for column in columns if getattr(record, column) is not None)

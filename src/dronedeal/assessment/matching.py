"""Every requirement against every system, criterion by criterion; nothing is dropped."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from functools import cache

from dronedeal.assessment.criteria import MeasuredFigures, PublishedFigures
from dronedeal.assessment.design import DesignSteps
from dronedeal.assessment.evidence import Evidence
from dronedeal.assessment.pairing import Criterion, Pairing
from dronedeal.assessment.posterior import Posterior
from dronedeal.assessment.valuation import Valuation
from dronedeal.assessment.windows import Windows
from dronedeal.assessment.words import listing
from dronedeal.deal import Deal
from dronedeal.deal.requirements import Requirement, RequirementAttribute
from dronedeal.deal.systems import System


class Matching:
    """Matches the systems of a deal with its requirements.

    Parameters
    ----------
    deal : a deal without the errors that `assessment.faults` finds
    evidence : the posteriors of its trials
    valuation : its money
    """

    def __init__(self, deal: Deal, evidence: Evidence, *, valuation: Valuation) -> None:
        self._deal = deal
        self._evidence = evidence
        self._windows = Windows(deal, valuation)
        self._steps = DesignSteps(valuation.buyer_years)
        self._published = PublishedFigures(deal)
        self._measured = MeasuredFigures(deal, evidence)
        self._asked: dict[str, list[tuple[int, RequirementAttribute]]] = defaultdict(list)
        for row, needed in enumerate(deal.requirement_attributes):
            self._asked[needed.requirement].append((row, needed))
        self._system_rows = {system.id: row for row, system in enumerate(deal.systems)}
        self._role = cache(self._role_criterion)
        self._domain = cache(self._domain_criterion)
        self._effectiveness = cache(self._effectiveness_of)

    def pairings(self) -> tuple[Pairing, ...]:
        """One pairing for every requirement and system, requirements first, both in row order."""
        return tuple(
            self._pair(requirement, system)
            for requirement in self._deal.requirements
            for system in self._deal.systems
        )

    def asked(self) -> set[tuple[str, str, str]]:
        """System, measure and condition of all that requirements ask of systems of their role and domain."""
        measures: dict[tuple[str, str], set[tuple[str, str]]] = defaultdict(set)
        for requirement in self._deal.requirements:
            wanted = measures[requirement.role, requirement.domain]
            if requirement.effectiveness_measure is not None:
                wanted.add((requirement.effectiveness_measure, requirement.effectiveness_condition))
            for _, needed in self._asked.get(requirement.id, ()):
                if needed.measure is not None:
                    wanted.add((needed.measure, needed.condition))
        return {
            (system.id, *measure)
            for system in self._deal.systems
            for role in (system.role, *system.other_roles)
            for measure in measures.get((role, system.domain), ())
        }

    def _pair(self, requirement: Requirement, system: System) -> Pairing:
        window = self._windows.window(system, requirement.branch)
        criteria = [
            self._role(requirement.role, system.id),
            self._domain(requirement.domain, system.id),
            *self._asked_of(requirement, system),
            *window.criteria,
        ]
        measure, condition = requirement.effectiveness_measure, requirement.effectiveness_condition
        effectiveness, posterior, by_year = (
            (1.0, None, ()) if measure is None else self._effectiveness(system.id, measure, condition)
        )
        is_eligible = True
        for criterion in criteria:
            if criterion.is_hard and not criterion.is_met:
                is_eligible = False
                break
        return Pairing(
            requirement.id,
            system.id,
            is_eligible,
            tuple(criteria),
            effectiveness,
            posterior,
            window.first,
            window.last,
            by_year,
        )

    def _asked_of(self, requirement: Requirement, system: System) -> Iterator[Criterion]:
        """The criteria that the requirement states itself."""
        for row, needed in self._asked.get(requirement.id, ()):
            if needed.attribute is not None and needed.threshold is not None:
                yield self._published.attribute(row, needed, system=system)
            if needed.measure is not None and needed.threshold is not None:
                yield self._measured.measure(row, needed, system=system)
            if needed.standard is not None:
                work = self._windows.integrates(system.id, requirement.branch, standard=needed.standard)
                yield self._published.standard(row, needed, system=system, work_row=work)

    def _role_criterion(self, role: str, system_id: str) -> Criterion:
        row = self._system_rows[system_id]
        system = self._deal.systems[row]
        roles = (system.role, *system.other_roles)
        is_met = role in roles
        reason = (
            "" if is_met else f"Its role is {listing(roles)}, not {role}; other_roles can name further ones."
        )
        return Criterion(
            "role", "role", is_met, True, ", ".join(roles), role, reason=reason, row=("systems", row)
        )

    def _domain_criterion(self, domain: str, system_id: str) -> Criterion:
        row = self._system_rows[system_id]
        found = self._deal.systems[row].domain
        is_met = found == domain
        reason = "" if is_met else f"Its domain is {found}, not {domain}."
        return Criterion("domain", "domain", is_met, True, found, domain, reason=reason, row=("systems", row))

    def _effectiveness_of(
        self, system_id: str, measure: str, condition: str
    ) -> tuple[float, Posterior | None, tuple[float, ...]]:
        """Posterior mean, or the quantile that the options ask for; the posterior behind it; both by year."""
        posterior = self._evidence.posterior(system_id, measure, condition)
        if posterior is None or posterior.family != "beta":
            return 0.0, None, ()
        steps = self._steps.by_year(self._deal.systems[self._system_rows[system_id]])
        if not any(steps):
            return self._worth(posterior), posterior, ()
        later = [self._evidence.posterior(system_id, measure, condition, versions_on=n) for n in steps]
        return self._worth(posterior), posterior, tuple(self._worth(each) for each in later if each)

    def _worth(self, posterior: Posterior) -> float:
        options = self._deal.settings.options
        return posterior.mean if options.effectiveness == "mean" else posterior.assured(options.assurance)

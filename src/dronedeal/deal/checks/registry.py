"""The registry of named rules: a rule registers itself where it is written, and all of them run together."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from types import MappingProxyType
from typing import Literal

from dronedeal.deal.deal import Deal
from dronedeal.deal.finding import Finding, Severity
from dronedeal.errors import ProgramError

FindingsOf = Callable[[Deal], Iterator[Finding]]
Stage = Literal["deal", "assessment"]


@dataclass(frozen=True, slots=True)
class RegisteredRule:
    """One rule that a deal is checked against.

    Parameters
    ----------
    name : what `dronedeal check` calls it
    severity : of every finding of the rule
    meaning : what the rule finds, in one sentence for the manual
    stage : `deal` where the deal alone answers it, `assessment` where evidence or matching is needed
    findings_of : the function that walks the deal
    needs : tables that the rule cannot do without; where one side's folder was not read, it says nothing
    """

    name: str
    severity: Severity
    meaning: str
    stage: Stage
    findings_of: FindingsOf
    needs: tuple[str, ...] = ()

    @property
    def subject(self) -> str:
        """What the rule is about: the first line of the docstring of the module that it stands in."""
        text = sys.modules[self.findings_of.__module__].__doc__ or self.stage
        return text.strip().splitlines()[0].rstrip(".")

    def findings(self, deal: Deal) -> Iterator[Finding]:
        """Every finding of the rule, under its name and severity."""
        if not all(deal.is_given(table) for table in self.needs):
            return
        for finding in self.findings_of(deal):
            yield replace(finding, rule=self.name, severity=self.severity)


_RULES: dict[str, RegisteredRule] = {}
RULES: Mapping[str, RegisteredRule] = MappingProxyType(_RULES)
"""Every registered rule by name, in the order in which they run."""


def rule(
    name: str,
    *,
    severity: Severity,
    meaning: str | None = None,
    stage: Stage = "deal",
    needs: tuple[str, ...] = (),
) -> Callable[[FindingsOf], FindingsOf]:
    """Register a function `(deal) -> Iterator[Finding]` as a rule.

    Parameters
    ----------
    name : unique name, in lower case with underscores
    severity : `error` stops the work, `warning` goes into the report
    meaning : what the rule finds, one sentence; None: the docstring of the function
    stage : when it runs; rules of the stage `assessment` run on deals that passed the others
    needs : tables without which nothing can be said, as when only one side's folder was read

    Raises
    ------
    ProgramError : where another function has the name already, or nothing says what the rule finds
    """

    def register(findings_of: FindingsOf) -> FindingsOf:
        earlier = _RULES.get(name)
        if earlier is not None and _origin(earlier.findings_of) != _origin(findings_of):
            raise ProgramError(
                f"rule '{name}' is registered twice: {_origin(earlier.findings_of)} has it already"
            )
        words = meaning or (findings_of.__doc__ or "").strip()
        if not words:
            raise ProgramError(f"rule '{name}' does not say what it finds; give it a docstring")
        _RULES[name] = RegisteredRule(name, severity, words, stage, findings_of, needs)
        return findings_of

    return register


def run_checks(deal: Deal, *, stage: Stage = "deal") -> tuple[Finding, ...]:
    """Everything that the rules have to say about a deal, in the order of the registry.

    Parameters
    ----------
    deal : any deal that could be read, however wrong its content is
    stage : which rules run

    Returns
    -------
    findings of all rules, errors and warnings; empty where nothing is wrong
    """
    rules = [registered for registered in RULES.values() if registered.stage == stage]
    return tuple(finding for registered in rules for finding in registered.findings(deal))


def _origin(findings_of: FindingsOf) -> str:
    return f"{findings_of.__module__}.{findings_of.__qualname__}"

"""Every error that dronedeal raises, on one page.

::

    DealError
    ├── InputError               the user's data or command; the command line answers with exit status 2
    │   ├── DealFolderError      findings about a deal folder or workbook, all of them at once
    │   ├── ChangeError          changes to a deal that cannot be made, all of them at once
    │   ├── TermSheetError       terms that cannot be read or had, all of them at once
    │   ├── ScenarioTreeError    a scenario tree that cannot be read or used, all its faults at once
    │   ├── CommandError         an option or argument that cannot be used
    │   ├── UnlikeUnitsError     two units that measure different things
    │   ├── MoneyError           amounts of different currency or price basis mixed, or not exact
    │   ├── PlanFileError        a plan file that is damaged, or belongs to another deal
    │   └── NegotiationFileError a negotiation file that is damaged, or of another format
    ├── StoppedError             stopped on request before any plan was found; exit status 130
    └── ProgramError             our fault, never the user's; exit status 70
        ├── SolverError          the solver ended in a state that the program did not expect
        └── VerificationError    a plan failed its independent check
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any


class DealError(Exception):
    """Root of all errors of this package."""


class InputError(DealError):
    """The user's data or command cannot be used as it is."""


class DealFolderError(InputError):
    """A deal folder or workbook holds errors; `findings` lists every one with its address."""

    def __init__(self, findings: Sequence[object]) -> None:
        self.findings = tuple(findings)
        super().__init__("\n".join(str(finding) for finding in self.findings))


class ChangeError(InputError):
    """Changes to a deal cannot be made; `faults` says of each what was found and what is allowed."""

    def __init__(self, faults: Sequence[str]) -> None:
        self.faults = tuple(faults)
        super().__init__("\n".join(self.faults))


class TermSheetError(InputError):
    """Terms cannot be read or had; `findings` lists every fault with its address."""

    def __init__(self, findings: Sequence[Any]) -> None:
        self.findings = tuple(findings)
        super().__init__("\n".join(str(finding) for finding in self.findings))


class ScenarioTreeError(InputError):
    """A scenario tree cannot be read or used; `findings` lists every fault with its address."""

    def __init__(self, findings: Sequence[Any]) -> None:
        self.findings = tuple(findings)
        super().__init__("\n".join(str(finding) for finding in self.findings))


class CommandError(InputError):
    """An option or argument of a command cannot be used."""


class UnlikeUnitsError(InputError):
    """Two units measure different things and cannot be compared."""


class MoneyError(InputError):
    """Amounts of different currency or price basis were mixed, or an amount is not exact."""


class PlanFileError(InputError):
    """A plan file is damaged or belongs to another deal."""


class NegotiationFileError(InputError):
    """A negotiation file is damaged or of another format."""


class StoppedError(DealError):
    """The work was stopped on request before any plan was found."""


class ProgramError(DealError):
    """A fault of the program, never of the user."""


class SolverError(ProgramError):
    """The solver ended in a state that the program did not expect."""


class VerificationError(ProgramError):
    """A plan failed its independent check; `failures` lists what was found."""

    def __init__(self, failures: Sequence[object]) -> None:
        self.failures = tuple(failures)
        super().__init__("\n".join(str(failure) for failure in self.failures))

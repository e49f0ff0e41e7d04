"""What the independent check of a plan found."""

from __future__ import annotations

from dataclasses import dataclass

from dronedeal.errors import VerificationError


@dataclass(frozen=True, slots=True)
class CheckResult:
    """One check: how much it compared, and how far off the worst comparison was.

    Parameters
    ----------
    name : name of the check in the registry
    comparisons : number of figures or facts compared
    largest_residual : largest difference in relation to what was compared, without unit; a check passes
        where it is at most `TOLERANCE`
    """

    name: str
    comparisons: int
    largest_residual: float


@dataclass(frozen=True, slots=True)
class Failure:
    """One thing that is wrong in a plan.

    Parameters
    ----------
    check : name of the check that found it
    subject : which row or figure
    stated : what the plan says
    computed : what the deal and the other rows say
    difference : stated minus computed; 0 where they are not numbers
    words : the rule that is broken, in one sentence
    """

    check: str
    subject: str
    stated: str
    computed: str
    difference: float
    words: str

    def __str__(self) -> str:
        gap = f" (difference {self.difference:.6g})" if self.difference else ""
        figures = f"stated {self.stated}, computed {self.computed}{gap}"
        return f"[{self.check}] {self.subject}: {figures}; {self.words}"


@dataclass(frozen=True)
class Verification:
    """Outcome of all checks of one plan.

    Parameters
    ----------
    checks : every check in the order of the registry
    failures : everything found, in the same order
    """

    checks: tuple[CheckResult, ...]
    failures: tuple[Failure, ...]

    @property
    def is_passed(self) -> bool:
        """Whether nothing was found."""
        return not self.failures

    def require_passed(self) -> None:
        """Raise VerificationError with everything found: a plan that fails its check is a program fault."""
        if not self.is_passed:
            raise VerificationError(self.failures)

    def summary(self) -> dict[str, object]:
        """What `plan.json` records of it under `verification`."""
        checks = [
            {"name": check.name, "comparisons": check.comparisons, "largest_residual": check.largest_residual}
            for check in self.checks
        ]
        return {"is_passed": self.is_passed, "checks": checks}

    def __str__(self) -> str:
        count = sum(check.comparisons for check in self.checks)
        head = f"{len(self.checks)} checks, {count} comparisons, {len(self.failures)} failures"
        return "\n".join([head, *map(str, self.failures)])

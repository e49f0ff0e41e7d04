"""What a check has to say about a deal: an error or a warning with its address."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from dronedeal.deal.place import Place

Severity = Literal["error", "warning"]


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that is wrong or doubtful in a deal.

    Parameters
    ----------
    rule : name of the rule that found it, as `dronedeal check` lists it
    severity : errors stop the work, warnings go into the report
    place : address of the value
    subject : what it is about, in the user's words
    found : the value found, quoted where it is text
    allowed : what would be accepted
    next_step : what the user can do now
    """

    rule: str
    severity: Severity
    place: Place
    subject: str
    found: str
    allowed: str
    next_step: str

    def __str__(self) -> str:
        parts = [f"{self.place}: {self.severity} [{self.rule}] {self.subject}"]
        if self.found:
            parts.append(f"found {self.found}")
        if self.allowed:
            parts.append(f"allowed: {self.allowed}")
        if self.next_step:
            parts.append(self.next_step)
        return "; ".join(parts)

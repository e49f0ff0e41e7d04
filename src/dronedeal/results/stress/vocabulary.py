"""What is looked at in every future: services that a plan keeps or fails, and how the words for them go."""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple

# In the order in which a reader wants them, and in which the first failure of a month is chosen.
SERVICES: Mapping[str, str] = {
    "own_needs": "A need of the seller keeps its monthly pace through the year",
    "coverage": "A requirement is covered up to its threshold at the end of the year",
    "deliveries": "By the end of the year as many units have come as promised, or what covers as much",
    "firm_minimum": "The firm minimum of a price row is taken",
    "return_share": "Enough of the output of a line of the other side returns to the owner",
    "rule": "A composition rule is kept",
    "budget": "A budget row is not overspent",
    "ceiling": "The ceiling of what the seller is paid is kept",
    "cash_floor": "The account of the seller stays above its floor",
    "all": "Everything that the plan promised is kept",
}
# What is said of a service that failed; the subject and the year are put in.
FAILED: Mapping[str, str] = {
    "own_needs": "own need {subject} falls behind its pace in {year}",
    "coverage": "{subject} stays below its threshold in {year}",
    "deliveries": "fewer units than promised have come for {subject} by the end of {year}",
    "firm_minimum": "the firm minimum of {subject} in {year} is not taken",
    "return_share": "too little output of {subject} returns in {year}",
    "rule": "rule {subject} is broken in {year}",
    "budget": "the budget {subject} is overspent in {year}",
    "ceiling": "the ceiling of the agreement is passed in {year}",
    "cash_floor": "the account of the seller falls below its floor in {year}",
}
EVERY = "*"


class Service(NamedTuple):
    """One thing that is kept or fails: its kind, what it is about, its fiscal year (None: the whole plan)."""

    kind: str
    subject: str
    fiscal_year: int | None

    @property
    def words(self) -> str:
        """What is said where it failed.

        >>> Service("coverage", "army_recon", 2028).words
        'army_recon stays below its threshold in 2028'
        """
        return FAILED[self.kind].format(subject=self.subject, year=self.fiscal_year)

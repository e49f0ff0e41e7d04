"""The whole assessment of a deal: evidence, reliability growth, and who can meet what."""

from __future__ import annotations

import gc
import weakref
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from functools import cached_property
from html import escape
from typing import TYPE_CHECKING, Any, Literal

from dronedeal.assessment.evidence import Evidence
from dronedeal.assessment.faults import faults
from dronedeal.assessment.growth import GrowthEstimate, growth_estimates
from dronedeal.assessment.matching import Matching
from dronedeal.assessment.pairing import Pairing
from dronedeal.assessment.posterior import Posterior
from dronedeal.assessment.valuation import Valuation
from dronedeal.assessment.worth import completed
from dronedeal.deal import Deal
from dronedeal.errors import DealFolderError, InputError
from dronedeal.quantities.calendar import Calendar

if TYPE_CHECKING:
    import polars

_PAIR_TYPES = {
    "requirement": "String",
    "system": "String",
    "is_eligible": "Boolean",
    "effectiveness": "Float64",
    "effectiveness_low": "Float64",
    "effectiveness_high": "Float64",
    "first_month": "String",
    "last_month": "String",
    "stopped_by": "String",
    "why": "String",
}
_CRITERION_TYPES = {
    "requirement": "String",
    "system": "String",
    "is_eligible": "Boolean",
    "kind": "String",
    "subject": "String",
    "is_met": "Boolean",
    "is_hard": "Boolean",
    "found": "String",
    "needed": "String",
    "margin": "Float64",
    "probability": "Float64",
    "objective_probability": "Float64",
    "reason": "String",
    "table": "String",
    "row": "Int64",
}


@dataclass(frozen=True)
class Assessment:
    """What the evidence of a deal says, and which system meets which requirement.

    Parameters
    ----------
    pairings : every requirement × system, in row order
    posteriors : per system, measure and condition, of all that was tested or that a requirement asks of a
        system of its role and domain
    growth : reliability growth where dated tests allow it
    calendar : months of the plan, to label the windows of delivery
    """

    pairings: tuple[Pairing, ...]
    posteriors: tuple[Posterior, ...]
    growth: tuple[GrowthEstimate, ...]
    calendar: Calendar | None = None

    @cached_property
    def _by_key(self) -> dict[tuple[str, str], Pairing]:
        return {(pairing.requirement, pairing.system): pairing for pairing in self.pairings}

    def pairing(self, requirement: str, system: str) -> Pairing:
        """The pairing of a requirement and a system by their ids; InputError where there is none."""
        try:
            return self._by_key[requirement, system]
        except KeyError:
            raise InputError(
                f'requirement "{requirement}" and system "{system}": the deal has no such pair; '
                "take the ids from its tables requirements and systems"
            ) from None

    def summary(self) -> list[dict[str, Any]]:
        """One row per requirement × system: is it eligible, how effective, when, and what stops it."""
        return [self._summary_row(pairing) for pairing in self.pairings]

    def table(self) -> list[dict[str, Any]]:
        """One flat row per requirement × system × criterion, for CSV and printing."""
        return [
            {
                "requirement": pairing.requirement,
                "system": pairing.system,
                "is_eligible": pairing.is_eligible,
                "kind": criterion.kind,
                "subject": criterion.subject,
                "is_met": criterion.is_met,
                "is_hard": criterion.is_hard,
                "found": criterion.found,
                "needed": criterion.needed,
                "margin": criterion.margin,
                "probability": criterion.probability,
                "objective_probability": criterion.objective_probability,
                "reason": criterion.reason,
                "table": criterion.row[0] if criterion.row else None,
                "row": criterion.row[1] if criterion.row else None,
            }
            for pairing in self.pairings
            for criterion in pairing.criteria
        ]

    def frame(self, name: Literal["pairs", "criteria"] = "pairs") -> polars.DataFrame:
        """The rows of `summary` (`pairs`) or of `table` (`criteria`) as a data frame.

        Parameters
        ----------
        name : `pairs` has one row a requirement and system, `criteria` one row a comparison

        Raises
        ------
        KeyError
            where there is no such table
        """
        import polars

        tables = {"pairs": (self.summary, _PAIR_TYPES), "criteria": (self.table, _CRITERION_TYPES)}
        if name not in tables:
            raise KeyError(f"no table {name!r} in an assessment; tables: {', '.join(tables)}")
        rows, types = tables[name]
        return polars.DataFrame(
            rows(), schema={column: getattr(polars, kind) for column, kind in types.items()}
        )

    def _repr_html_(self) -> str:
        by_requirement: dict[str, list[Pairing]] = {}
        for pairing in self.pairings:
            by_requirement.setdefault(pairing.requirement, []).append(pairing)
        rows = "".join(_requirement_html(name, pairs) for name, pairs in by_requirement.items())
        head = "<tr><th>Requirement</th><th>Eligible</th><th>Systems</th></tr>"
        return f"<table><caption>Matching</caption>{head}{rows}</table>"

    def _summary_row(self, pairing: Pairing) -> dict[str, Any]:
        interval = pairing.effectiveness_interval or (None, None)
        return {
            "requirement": pairing.requirement,
            "system": pairing.system,
            "is_eligible": pairing.is_eligible,
            "effectiveness": pairing.effectiveness,
            "effectiveness_low": interval[0],
            "effectiveness_high": interval[1],
            "first_month": self._label(pairing, pairing.first_month),
            "last_month": self._label(pairing, pairing.last_month),
            "stopped_by": ", ".join(criterion.kind for criterion in pairing.stopped_by),
            "why": " ".join(criterion.reason for criterion in pairing.stopped_by),
        }

    def _label(self, pairing: Pairing, month: int) -> str | None:
        if self.calendar is None or pairing.last_month < pairing.first_month:
            return None
        return self.calendar.label(month)


def _requirement_html(name: str, pairs: list[Pairing]) -> str:
    systems = [pairing.system for pairing in pairs if pairing.is_eligible]
    count = f"{len(systems)} of {len(pairs)}"
    return f"<tr><th>{escape(name)}</th><td>{count}</td><td>{escape(', '.join(systems))}</td></tr>"


def assess(deal: Deal) -> Assessment:
    """Assess a deal: trials to posteriors, reliability growth, and every requirement against every system.

    Parameters
    ----------
    deal : a deal that passed the rules of `deal.checks`

    Returns
    -------
    the assessment; the same deal gives the same assessment

    Raises
    ------
    DealFolderError
        with every comparison of unlike units and every measure that counts two kinds of thing
    InputError
        where an exchange rate or an index value is missing

    Examples
    --------
    >>> from dronedeal.deal import Deal, Party, Settings
    >>> from dronedeal.deal.requirements import Requirement
    >>> from dronedeal.deal.systems import System
    >>> parties = (Party(id="us", name="US", role="buyer"), Party(id="ua", name="UA", role="seller"))
    >>> deal = Deal(
    ...     Settings(format=1, title="Example", start="2027-01", months=12, currency="USD",
    ...              price_base_year=2027, parties=parties),
    ...     systems=(System(id="shark", name="Shark", maker="X", supplier="ua", domain="air", role="scout"),),
    ...     requirements=(Requirement(id="watch", branch="army", name="Watch", role="cargo", domain="air",
    ...                               kind="use", value_threshold=1, value_objective=1),))
    >>> pairing = assess(deal).pairing("watch", "shark")
    >>> pairing.is_eligible, [criterion.kind for criterion in pairing.stopped_by]
    (False, ['role', 'price'])
    """
    for known, found in _known:
        if known() is deal:
            return found
    found = _assess(deal)
    _keep(deal, found)
    return found


# A deal never changes, and checks, plan and verification all ask for its assessment one after the other: the
# last answers are kept for as long as their deals live, of a deal as it stands and as changed.
_known: list[tuple[weakref.ref[Deal], Assessment]] = []
_MOST_KNOWN = 2


def _keep(deal: Deal, assessment: Assessment) -> None:
    _known.insert(0, (weakref.ref(deal, _forget), assessment))
    del _known[_MOST_KNOWN:]


def _forget(deal: weakref.ref[Deal]) -> None:
    """Let an assessment go with its deal."""
    _known[:] = [entry for entry in _known if entry[0] is not deal]


def _assess(deal: Deal) -> Assessment:
    if found := tuple(faults(deal)):
        raise DealFolderError(found)
    complete = completed(deal)
    evidence = Evidence(complete)
    valuation = Valuation(complete)
    matching = Matching(complete, evidence, valuation=valuation)
    with _collector_at_rest():
        pairings = matching.pairings()
    if complete is not deal:
        pairings = tuple(_with_stated_rows(pairing, complete) for pairing in pairings)
    posteriors = evidence.posteriors(matching.asked())
    return Assessment(pairings, posteriors, growth_estimates(deal), valuation.calendar)


def _with_stated_rows(pairing: Pairing, complete: Deal) -> Pairing:
    """The same pairing with criteria that name the rows which the user wrote, not those inherited."""
    if all(criterion.row is None or _is_stated(criterion.row, complete) for criterion in pairing.criteria):
        return pairing
    criteria = tuple(
        criterion
        if criterion.row is None or _is_stated(criterion.row, complete)
        else replace(criterion, row=(criterion.row[0], complete.source_row(*criterion.row)))
        for criterion in pairing.criteria
    )
    return replace(pairing, criteria=criteria)


def _is_stated(row: tuple[str, int], complete: Deal) -> bool:
    """Whether the user wrote a row, given by table and number, at that place."""
    return complete.source_row(*row) == row[1]


@contextmanager
def _collector_at_rest() -> Iterator[None]:
    """Keep the garbage collector from walking through the frozen records, which all live on, again and again.

    It takes a third of the time of a large matching.
    """
    is_working = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if is_working:
            gc.enable()

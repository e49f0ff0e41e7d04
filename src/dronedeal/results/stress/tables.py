"""The tables of a stress test, out of what every path came to."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Hashable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from dronedeal.planning.scenarios.fresh import State
from dronedeal.quantities.calendar import Calendar
from dronedeal.results.scenarios.columns import COSTS, MEASURES
from dronedeal.results.scenarios.spread import spread
from dronedeal.results.shape import Row
from dronedeal.results.stress.causes import Cause, Failure, Turn
from dronedeal.results.stress.intervals import clopper_pearson, wilson
from dronedeal.results.stress.measure import Measured
from dronedeal.results.stress.vocabulary import EVERY, SERVICES, Service


@dataclass(frozen=True)
class Future:
    """One path.

    Parameters
    ----------
    number : of the path
    states : what is in force in each fiscal year of the buyer
    found : what the plan comes to in it
    failure, cause : its first failure, and why; None where no promise is broken
    """

    number: int
    states: tuple[State, ...]
    found: Measured
    failure: Failure | None = None
    cause: Cause | None = None


@dataclass(frozen=True)
class Tested:
    """A stress test as a whole.

    Parameters
    ----------
    futures : the paths in the order of their numbers, at least one
    stated : what the signed plan comes to where nothing turns out otherwise
    promised : services that it keeps then
    years : the buyer's fiscal years
    calendar : months of the plan
    confidence_level : of the intervals
    levels : chance with which each own need shall be met
    """

    futures: Sequence[Future]
    stated: Measured
    promised: frozenset[Service]
    years: Sequence[int]
    calendar: Calendar
    confidence_level: float
    levels: Mapping[Service, float] = field(default_factory=dict)


def stress_tables(test: Tested) -> dict[str, tuple[Row, ...]]:
    """Every table of a stress test."""
    return {
        "services": tuple(_services(test)),
        "distributions": tuple(_distributions(test)),
        "first_failures": tuple(_first_failures(test)),
        "causes": tuple(_causes(test)),
        "paths": tuple(_paths(test)),
        "results": tuple(
            {"path": each.number, "measure": measure, "fiscal_year": year, "value": value}
            for each in test.futures
            for (measure, year), value in each.found.measures.items()
        ),
    }


def broken(found: Measured, promised: frozenset[Service]) -> list[Service]:
    """Promises that are broken in a path."""
    return [service for service, room in found.services.items() if room.margin < 0 and service in promised]


def _services(test: Tested) -> Iterator[Row]:
    """Everything at once, each kind at once, and every service; those that no path asks for are left out."""
    count = len(test.futures)
    failed = Counter(
        service for each in test.futures for service, room in each.found.services.items() if room.margin < 0
    )
    kinds = [frozenset(each.kind for each in broken(one.found, test.promised)) for one in test.futures]
    yield _rate(test, Service("all", EVERY, None), kept=sum(not each for each in kinds), is_promised=True)
    known = set(test.stated.services).union(*(each.found.services for each in test.futures))
    order = {kind: place for place, kind in enumerate(SERVICES)}
    for kind in SERVICES:
        if any(service.kind == kind for service in test.promised):
            kept = sum(kind not in each for each in kinds)
            yield _rate(test, Service(kind, EVERY, None), kept=kept, is_promised=True)
    for service in sorted(known, key=lambda each: (order[each.kind], each.subject, each.fiscal_year or 0)):
        kept = count - failed[service]
        yield _rate(test, service, kept=kept, is_promised=service in test.promised)


def _rate(test: Tested, service: Service, *, kept: int, is_promised: bool) -> Row:
    count, level = len(test.futures), test.confidence_level
    near = wilson(kept, count, confidence_level=level)
    exact = clopper_pearson(kept, count, confidence_level=level)
    return {
        "service": service.kind,
        "subject": service.subject,
        "fiscal_year": service.fiscal_year,
        "promised": "yes" if is_promised else "no",
        "paths": count,
        "kept": kept,
        "rate": kept / count,
        "low": near.low,
        "high": near.high,
        "exact_low": exact.low,
        "exact_high": exact.high,
        "level": test.levels.get(service),
    }


def _distributions(test: Tested) -> Iterator[Row]:
    values: dict[tuple[str, int | None], list[float]] = {}
    for each in test.futures:
        for key, value in each.found.measures.items():
            values.setdefault(key, []).append(value)
    order = list(MEASURES)
    for measure, year in sorted(values, key=lambda key: (order.index(key[0]), key[1] or 0)):
        found = values[measure, year]
        yield {
            "measure": measure,
            "fiscal_year": year,
            "planned": test.stated.measures.get((measure, year)),
            **spread(found, [1.0] * len(found), is_cost=measure in COSTS),
        }


def _counted(test: Tested, keys: Sequence[Hashable], row: Callable[[Hashable], Row]) -> Iterator[Row]:
    """One row a key, the most frequent first, with its share of all paths."""
    total, count = len(test.futures), Counter(keys)
    for key, number in sorted(count.items(), key=lambda item: (-item[1], str(item[0]))):
        near = wilson(number, total, confidence_level=test.confidence_level)
        yield {**row(key), "paths": number, "share": number / total, "low": near.low, "high": near.high}


def _first_failures(test: Tested) -> Iterator[Row]:
    def row(key: Hashable) -> Row:
        assert isinstance(key, Service)
        return {
            "service": key.kind,
            "subject": key.subject,
            "fiscal_year": key.fiscal_year,
            "words": key.words,
        }

    failed = [each.failure.service for each in test.futures if each.failure is not None]
    yield from _counted(test, failed, row)


def _causes(test: Tested) -> Iterator[Row]:
    found = [each.cause for each in test.futures if each.cause is not None]
    words = [(cause_text(cause, test.years), "yes" if cause.is_alone else "no") for cause in found]

    def row(key: Hashable) -> Row:
        assert isinstance(key, tuple)
        return {"cause": key[0], "alone": key[1]}

    yield from _counted(test, words, row)


_WHAT: Mapping[str, str] = {
    "buyer_need": "the need of {who} is {share} of what is stated",
    "home_need": "the seller's own need of {who} is {share} of what is stated",
    "line_outage": "{who} makes {share} of its output",
    "component_supply": "supply of {who} is {share} of what is stated",
    "budget": "the budget of {who} is {share} of what is stated",
    "price": "the price of {who} is {share} of what is stated",
    "permit_delay": "export permits of {who} take {times} as long",
    "integration_delay": "integration work of {who} takes {times} as long",
    "effectiveness": "the effectiveness of {who} is {share} of what was seen",
}
_ALL: Mapping[str, str] = {
    "buyer_need": "all requirements",
    "home_need": "all kinds",
    "line_outage": "every line",
    "component_supply": "all parts",
    "budget": "all branches",
    "price": "all systems",
    "permit_delay": "all systems",
    "integration_delay": "all systems",
    "effectiveness": "all systems",
}


def turn_text(turn: Turn, years: Sequence[int]) -> str:
    """An outcome in the words of the deal.

    >>> from dronedeal.deal.scenario_tree import Outcome, Varied
    >>> turn_text(Turn(Varied("budget", "army"), Outcome("cut", 0.7), 1), [2027, 2028])
    'the budget of army is 70% of what is stated from 2028 on (cut)'
    """
    factor, subject = turn.varied
    who = _ALL[factor] if subject == EVERY else subject
    by = turn.outcome.multiplier
    what = _WHAT[factor].format(
        who=who, share=f"{by:.4g}" if by >= 10 else f"{by:.0%}", times=f"{by:g} times"
    )
    return f"{what} from {years[turn.stage]} on ({turn.outcome.name})"


def cause_text(cause: Cause, years: Sequence[int]) -> str:
    """A cause in the words of the deal."""
    words = "; ".join(turn_text(turn, years) for turn in cause.turns)
    return words if cause.is_alone else f"only together: {words}"


def _paths(test: Tested) -> Iterator[Row]:
    def worst(each: Future) -> tuple[int, float, int]:
        return -len(broken(each.found, test.promised)), each.found.measures["joint", None], each.number

    for each in sorted(test.futures, key=worst):
        failure = each.failure
        yield {
            "path": each.number,
            "turned_out": turned_out(each, test.years) or "as stated",
            "broken": len(broken(each.found, test.promised)),
            "joint": each.found.measures["joint", None],
            "first_failed": None if failure is None else failure.service.words,
            "month": None if failure is None else test.calendar.label(failure.room.month),
            "cause": None if each.cause is None else cause_text(each.cause, test.years),
        }


def turned_out(future: Future, years: Sequence[int]) -> str:
    """Everything that turned out otherwise than stated, year by year."""
    parts = []
    for stage in range(1, len(future.states)):
        new = [
            f"{varied.words} {outcome.name}"
            for varied, outcome in sorted(future.states[stage].items())
            if outcome.multiplier != 1.0 and future.states[stage - 1].get(varied) != outcome
        ]
        if new:
            parts.append(f"{years[stage]}: {', '.join(new)}")
    return "; ".join(parts)

"""Whether two deals match the same systems with the same requirements, without matching them again."""

from __future__ import annotations

from dronedeal.assessment.composition import SHARE_KINDS, is_subject
from dronedeal.assessment.offers import PRICE_ROUNDING, Offers
from dronedeal.assessment.valuation import Valuation
from dronedeal.deal import Deal
from dronedeal.deal.refresh import with_successors
from dronedeal.deal.schema import TABLES
from dronedeal.deal.terms import Rule

# Tables that say what is made, owed, paid for or sold elsewhere: no criterion of the matching reads a figure
# of theirs. Which line makes which system it does read: those are keys, which no term changes.
_UNREAD = ("lines", "line_systems", "component_supply", "home_needs", "other_buyers", "budgets", "projects")
_READ_KINDS = (*SHARE_KINDS, "export_permit", "price_cap")


def is_matched_alike(one: Deal, other: Deal) -> bool:
    """Whether two deals that differ in figures only are sure to have the same matching.

    Only whether and when a system fits is compared: the words of a criterion may name another price.

    Parameters
    ----------
    one, other : deals with the same rows in every table, such as a deal and the same under terms
    """
    unread = (*_UNREAD, "rules", "prices")
    terms = {"terms": one.settings.terms}
    return (
        _currency(one) == _currency(other)
        and one.settings == other.settings.model_copy(update=terms)
        and _read(one) == _read(other)
        and all(one.table(name) == other.table(name) for name in TABLES if name not in unread)
        and (one.prices == other.prices or _too_dear(one) == _too_dear(other))
    )


def _read(deal: Deal) -> list[Rule]:
    return [rule for rule in deal.rules if rule.kind in _READ_KINDS]


def _currency(deal: Deal) -> str | None:
    return deal.settings.terms.currency


def _too_dear(deal: Deal) -> list[tuple[int, str, int]]:
    """Rule, system and year in which every line asks more for the system than a price cap allows."""
    complete = with_successors(deal)
    valuation = Valuation(complete)
    offers = Offers(complete, valuation)
    found = []
    for number, rule in enumerate(complete.rules):
        if rule.kind != "price_cap" or rule.limit is None:
            continue
        for system in complete.systems:
            if not is_subject(rule.subject, system):
                continue
            for year in valuation.buyer_years.names:
                least = min(offers.prices(system.id, year), default=None)
                if least is not None and least > offers.cap(rule, year) * (1 + PRICE_ROUNDING):
                    found.append((number, system.id, year))
    return found

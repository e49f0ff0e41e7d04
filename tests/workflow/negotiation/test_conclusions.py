"""What a negotiation over many futures changes of what a reader concludes."""

from __future__ import annotations

from dataclasses import replace

from tests.negotiation.record_case import full_negotiation, negotiation_without_zone

from dronedeal.negotiation.futures_record import Conclusion
from dronedeal.negotiation.record import Negotiation, Sides
from dronedeal.workflow.negotiation.conclusions import conclusions

BEFORE = full_negotiation()


def drawn(over: Negotiation) -> dict[str, Conclusion]:
    return {each.what: each for each in conclusions(BEFORE, over)}


def changed(over: Negotiation) -> set[str]:
    return {name for name, each in drawn(over).items() if each.changes}


def test_the_same_negotiation_changes_nothing() -> None:
    found = drawn(BEFORE)
    assert not any(each.changes for each in found.values())
    assert all(each.as_stated and each.over_futures for each in found.values())
    assert {each.topic for each in found.values()} >= {"zone", "alternatives", "gains", "terms", "clauses"}


def test_a_zone_that_closes_is_said() -> None:
    zone = drawn(negotiation_without_zone())["Whether there is a zone of agreement"]
    assert zone.changes
    assert zone.as_stated.startswith("yes")
    assert zone.over_futures.startswith("no")


def test_small_amounts_change_nothing_and_large_ones_do() -> None:
    alone = BEFORE.alternatives
    for step, is_other in ((1e3, False), (20e6, True)):
        over = replace(BEFORE, alternatives=Sides(alone.buyer - step, alone.seller))
        assert ("What each side has without an agreement" in changed(over)) is is_other


def test_terms_that_move_are_named_with_both_values() -> None:
    assert BEFORE.nash is not None
    terms = {**BEFORE.nash.terms, "price": BEFORE.nash.terms["price"] + 120.0}
    over = replace(BEFORE, nash=replace(BEFORE.nash, terms=terms))
    found = drawn(over)["Nash: terms"]
    assert found.changes
    assert "price" in found.over_futures
    assert found.as_stated != found.over_futures


def test_a_clause_that_helps_another_side_now_is_said_and_so_is_the_order() -> None:
    first = next(each for each in BEFORE.clauses if each.between is not None and each.tension)
    assert first.between is not None
    turned = replace(
        first, between=Sides(-first.between.buyer, -first.between.seller), tension=-(first.tension or 0.0)
    )
    clauses = tuple(turned if each is first else each for each in BEFORE.clauses)
    names = changed(replace(BEFORE, clauses=clauses))
    assert any(name.startswith("Who gains when") for name in names)
    assert "Clauses that divide both sides most, the most divisive first" in names


def test_an_exchange_that_is_gone_is_said() -> None:
    found = drawn(replace(BEFORE, exchange=None))["The exchange of clauses that helps both most"]
    assert found.changes
    assert found.over_futures == "none"

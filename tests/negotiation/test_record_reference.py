"""The reference page of `negotiation.json` names every key of every object once."""

from __future__ import annotations

from dronedeal.negotiation.plain_data import keys_of
from dronedeal.negotiation.record import ClauseInteraction, Negotiation
from dronedeal.negotiation.record_reference import negotiation_reference


def test_every_key_stands_on_the_page_with_its_meaning() -> None:
    page = negotiation_reference()
    for key in (*keys_of(Negotiation).values(), *keys_of(ClauseInteraction).values()):
        assert f"| `{key.name}` | " in page
        assert key.meaning.text in page


def test_objects_are_linked_to_their_own_table() -> None:
    page = negotiation_reference()
    assert "list of [FrontierPlan](#frontierplan)" in page
    assert page.count("### FrontierPlan\n") == page.count("### Sides\n") == 1

"""The public facts that a deal rests on."""

from tests.deal.refuse import assert_refuses

from dronedeal.deal.facts import Fact
from dronedeal.deal.record import Record

FACT = {"id": "F1", "subject": "S", "quantity_name": "range", "title": "T", "address": "https://example.org"}


def test_a_fact_is_its_own_source_and_has_no_basis() -> None:
    assert not issubclass(Fact, Record)
    assert_refuses(Fact, FACT, source="F2", confidence="certain", value_low=float("nan"))


def test_a_fact_may_be_an_event_without_a_figure() -> None:
    fact = Fact(**FACT)
    assert (fact.value_low, fact.value_high, fact.unit) == (None, None, None)

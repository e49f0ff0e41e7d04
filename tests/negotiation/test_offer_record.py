"""`offer.json`: the same bytes twice, read back as it was, its schema, and errors with their address."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import jsonschema
import pytest
from tests.negotiation.offer_case import full_offer, offer_that_breaks_a_rule

from dronedeal.errors import NegotiationFileError
from dronedeal.negotiation.offer_record import Offer
from dronedeal.negotiation.record_reference import offer_reference
from dronedeal.negotiation.record_store import (
    OFFER_FILE,
    OFFER_SCHEMA_FILE,
    OFFERS,
    read_offer,
    write_offer,
)

CASES = [full_offer, offer_that_breaks_a_rule]


@pytest.mark.parametrize("made", CASES)
def test_what_is_written_is_read_back_and_follows_its_schema(made: Any, tmp_path: Path) -> None:
    file = write_offer(made(), tmp_path / "out")
    assert sorted(each.name for each in file.parent.iterdir()) == [OFFER_FILE, OFFER_SCHEMA_FILE]
    assert read_offer(file) == read_offer(file.parent) == made()
    schema = json.loads((file.parent / OFFER_SCHEMA_FILE).read_text())
    jsonschema.Draft202012Validator.check_schema(schema)
    jsonschema.validate(json.loads(file.read_text()), schema)
    assert Offer.from_data(made().to_data()) == made()


def test_a_damaged_file_says_what_and_where(tmp_path: Path) -> None:
    data = json.loads(OFFERS.text(full_offer()))
    del data["clauses"][0]["offered"]
    data["improvement"]["moves"][0]["proposed"] = "low"
    with pytest.raises(NegotiationFileError) as caught:
        OFFERS.from_text(json.dumps(data), where="o.json")
    assert "o.json: clauses[0].offered: missing key" in str(caught.value)
    assert "o.json: improvement.moves[0].proposed: found 'low'; allowed: a number" in str(caught.value)
    assert "make it again with `dronedeal offer`" in str(caught.value)
    (tmp_path / "n.json").write_text('{"format": "dronedeal-negotiation/1"}')
    with pytest.raises(NegotiationFileError, match="allowed: 'dronedeal-offer/1'"):
        read_offer(tmp_path / "n.json")
    with pytest.raises(NegotiationFileError, match="`dronedeal offer --out` made, or its offer"):
        read_offer(tmp_path)


def test_the_reference_page_names_every_key_with_its_meaning() -> None:
    page = offer_reference()
    for name, described in OFFERS.schema()["properties"].items():
        assert f"| `{name}` |" in page
        assert described["description"]
    assert "### OfferedClause" in page

"""The record of a negotiation: its keys, and that it comes back from plain data as it was."""

from __future__ import annotations

import json
from typing import Any

import numpy as np
import pytest
from tests.negotiation.record_case import full_negotiation, negotiation_without_zone

from dronedeal.errors import NegotiationFileError, ProgramError
from dronedeal.negotiation.record import Limits, Negotiation, Sides, SystemZone


@pytest.mark.parametrize("made", [full_negotiation, negotiation_without_zone])
def test_a_record_comes_back_from_json_as_it_was(made: Any) -> None:
    record = made()
    assert Negotiation.from_data(json.loads(json.dumps(record.to_data()))) == record


def test_the_agreed_keys_stand_at_the_top() -> None:
    data = full_negotiation().to_data()
    assert data["alternatives"] == {"buyer": 120e6, "seller": 45e6}
    assert isinstance(data["frontier"], list)
    assert data["frontier"][3]["utilities"] == {"buyer": 157e6, "seller": 141e6}
    assert set(data["frontier"][3]["terms"]) == {"price", "royalty", "licence_fee", "advance"}
    for name in ("nash", "kalai_smorodinsky", "egalitarian", "welfare"):
        assert set(data[name]["utilities"]) == {"buyer", "seller"}
    assert [clause["id"] for clause in data["clauses"]] == ["price", "royalty", "advance", "re_export"]
    assert data["clauses"][0]["interaction"]["with"] == "royalty"


def test_without_a_zone_the_fair_points_are_null() -> None:
    data = negotiation_without_zone().to_data()
    assert [data[name] for name in ("nash", "kalai_smorodinsky", "egalitarian", "welfare")] == [None] * 4
    assert negotiation_without_zone().fair_points == {}


def _spoilt(*path: Any, value: Any) -> dict[str, Any]:
    data = full_negotiation().to_data()
    inner: Any = data
    for step in path[:-1]:
        inner = inner[step]
    inner[path[-1]] = value
    return data


@pytest.mark.parametrize(
    ("path", "value", "message"),
    [
        (("clauses", 1, "between", "buyer"), "x", "clauses[1].between.buyer: found 'x'; allowed: a number"),
        (("frontier", 0, "gap"), True, "frontier[0].gap: found True; allowed: a number"),
        (("nash", "utilities"), None, "nash.utilities: found null; allowed: an object"),
        (("nash", "terms", "price"), [], "nash.terms.price: found []; allowed: a number"),
        (("frontier",), {}, "frontier: found an object; allowed: a list"),
        (("openings", "seller", "terms"), [1], "openings.seller.terms: found a list; allowed: an object"),
        (("zone", "bound"), float("inf"), "zone.bound: found inf; allowed: a number"),
        (("digest",), "ab", "digest: found 'ab'; allowed: text of the form [0-9a-f]{64}"),
        (("frontier", 2, "id"), "p/../3", "frontier[2].id: found 'p/../3'"),
        (("exchange", "moves", 0, "to"), "both", "allowed: 'buyer' or 'seller' or 'dropped'"),
        (("price_base_year",), 2027.5, "price_base_year: found 2027.5; allowed: a whole number"),
        (("format",), "dronedeal-plan/1", "format: found 'dronedeal-plan/1'"),
        (("zone", "extra"), 1, "zone.extra: unknown key; allowed: is_there, "),
    ],
)
def test_a_wrong_value_is_named_with_its_address(path: tuple[Any, ...], value: Any, message: str) -> None:
    with pytest.raises(NegotiationFileError) as caught:
        Negotiation.from_data(_spoilt(*path, value=value))
    assert message in str(caught.value)


def test_every_missing_key_is_named_at_once() -> None:
    data = full_negotiation().to_data()
    del data["nash"], data["clauses"][2]["between"]
    with pytest.raises(NegotiationFileError) as caught:
        Negotiation.from_data(data)
    assert str(caught.value).splitlines() == ["nash: missing key", "clauses[2].between: missing key"]


def test_what_is_not_an_object_is_refused() -> None:
    with pytest.raises(NegotiationFileError, match="the whole: found a list; allowed: an object"):
        Negotiation.from_data([])


def test_a_faulty_record_is_not_written() -> None:
    record = full_negotiation()
    object.__setattr__(record, "alternatives", Sides(float("nan"), 0.0))
    with pytest.raises(ProgramError, match=r"alternatives\.buyer: found nan; allowed: a number"):
        record.to_data()


def test_numbers_of_other_libraries_become_plain_ones() -> None:
    sides = Sides.of((np.float64(1.5), np.float64(-0.0)))
    record = full_negotiation()
    object.__setattr__(record, "alternatives", sides)
    object.__setattr__(record, "price_base_year", np.int64(2027))
    data = record.to_data()
    assert (
        json.dumps([data["alternatives"], data["price_base_year"]]) == '[{"buyer": 1.5, "seller": 0.0}, 2027]'
    )


def test_an_infinite_limit_is_none() -> None:
    assert Limits.of((float("inf"), 3.0)) == Limits(None, 3.0)


@pytest.mark.parametrize(
    ("lowest", "highest", "found"), [(1.0, 2.0, True), (2.0, 1.0, False), (None, 1.0, None)]
)
def test_a_system_has_a_zone_where_the_seller_accepts_less_than_the_buyer_pays(
    lowest: float | None, highest: float | None, found: bool | None
) -> None:
    row = SystemZone(system="k", name="K", quantity=1, lowest_payment=lowest, highest_payment=highest)
    assert row.is_there is found

"""The content of deal.yaml."""

from typing import Any

import pytest
from pydantic import ValidationError
from tests.deal.sound_deal import sound_deal

from dronedeal.deal import Settings

LEAST: dict[str, Any] = {
    "format": 1,
    "title": "Least",
    "start": "2026-10",
    "months": 12,
    "currency": "USD",
    "price_base_year": 2026,
    "parties": [{"id": "us", "name": "US", "role": "buyer"}, {"id": "ua", "name": "UA", "role": "seller"}],
}


def test_the_least_settings_have_documented_defaults() -> None:
    settings = Settings(**LEAST)
    assert settings.evidence.factory_to_field == 0.8
    assert settings.evidence.half_life_months == 24
    assert settings.evidence.priors == ()
    assert settings.options.effectiveness == "mean"
    assert settings.options.investment_months == 6
    assert settings.parties[0].fiscal_year_start == 1


@pytest.mark.parametrize("key", LEAST)
def test_every_key_without_a_default_is_asked_for(key: str) -> None:
    with pytest.raises(ValidationError, match="Field required"):
        Settings(**{name: value for name, value in LEAST.items() if name != key})


@pytest.mark.parametrize(
    ("key", "value"),
    [
        ("format", 2),
        ("start", "2026-13"),
        ("start", "October"),
        ("months", 0),
        ("months", 241),
        ("currency", "usd"),
        ("parties", LEAST["parties"][:1]),
        ("parties", [{**LEAST["parties"][0], "fiscal_year_start": 13}, LEAST["parties"][1]]),
        ("parties", [{**LEAST["parties"][0], "discount_rate": float("nan")}, LEAST["parties"][1]]),
        ("parties", [{**LEAST["parties"][0], "role": "maker"}, LEAST["parties"][1]]),
        ("evidence", {"factory_to_field": 1.2}),
        ("evidence", {"half_life_months": 0}),
        ("options", {"investment_months": 0}),
        ("colour", "red"),
        ("options", {"colour": "red"}),
    ],
)
def test_values_outside_their_range_and_unknown_keys_are_refused(key: str, value: object) -> None:
    with pytest.raises(ValidationError):
        Settings(**{**LEAST, key: value})


def test_parties_are_found_by_role_and_by_id() -> None:
    settings = sound_deal().settings
    assert (settings.buyer.id, settings.seller.id) == ("us", "ua")
    assert settings.party("dk").role == "third"
    with pytest.raises(KeyError):
        settings.party("nobody")


def test_settings_are_frozen() -> None:
    settings = Settings(**LEAST)
    with pytest.raises(ValidationError, match="frozen"):
        settings.months = 24  # type: ignore[misc]
    with pytest.raises(ValidationError, match="frozen"):
        settings.parties[0].discount_rate = 0.1  # type: ignore[misc]

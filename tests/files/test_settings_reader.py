from __future__ import annotations

import pytest

from dronedeal.deal import Place, Settings
from dronedeal.deal.settings import EvidenceSettings, Party
from dronedeal.files.findings import FindingLog
from dronedeal.files.settings_reader import is_optional, nested_record, read_settings, setting_columns
from dronedeal.files.yaml_settings import read_yaml

PLAIN = """format: 1
title: Plain
start: 2026-10
months: 24
currency: USD
price_base_year: 2027
parties:
  - id: b
    name: B
    role: buyer
  - id: s
    name: S
    role: seller
evidence:
  confidence: 0.9
"""


def read(text: str) -> tuple[Settings | None, list[str]]:
    log = FindingLog(Place("deal.yaml"))
    tree = read_yaml(text, "deal.yaml", log)
    settings = read_settings(tree, log)[0] if tree is not None else None
    return settings, [str(finding) for finding in log.findings]


def changed(old: str, new: str) -> list[str]:
    assert old in PLAIN
    return read(PLAIN.replace(old, new))[1]


def test_settings_are_read_with_their_defaults() -> None:
    settings, words = read(PLAIN)
    assert words == []
    assert settings is not None
    assert (settings.start, settings.parties[1].discount_rate) == ("2026-10", 0.0)
    assert settings.evidence == EvidenceSettings(confidence=0.9)


def test_every_key_has_an_address() -> None:
    log = FindingLog(Place("deal.yaml"))
    tree = read_yaml(PLAIN, "deal.yaml", log)
    assert tree is not None
    places = read_settings(tree, log)[1]
    assert places["months"] == Place("deal.yaml", 4, 9)
    assert places["parties"] == Place("deal.yaml", 7, 1)
    assert places["parties.1"] == Place("deal.yaml", 11, 5)
    assert places["parties.1.role"] == Place("deal.yaml", 13, 11)
    assert places["evidence.confidence"] == Place("deal.yaml", 15, 15)


@pytest.mark.parametrize(
    ("old", "new", "words"),
    [
        (
            "title:",
            "titel:",
            [
                "deal.yaml, line 2, column 1: error [settings] there is no key of this name in the settings; "
                "found 'titel'; did you mean `title`?",
                "deal.yaml, line 1, column 1 (title): error [settings] the setting title; found no "
                "such key; allowed: "
                "text of up to 4000 characters; add the key: Title of the deal",
            ],
        ),
        (
            "    role: seller",
            "    rol: seller",
            [
                "deal.yaml, line 13, column 5: error [settings] there is no key of this name below "
                "parties.1; "
                "found 'rol'; did you mean `role`?",
                "deal.yaml, line 11, column 5 (parties.1.role): error [settings] the setting parties.1.role; "
                "found no such key; allowed: buyer, seller, third; "
                "add the key: `buyer`, `seller` (one of each) or `third`",
            ],
        ),
        (
            "months: 24",
            "months: 1,000",
            [
                "deal.yaml, line 4, column 9 (months): error [settings] the setting months; found "
                "'1,000'; allowed: a "
                "whole number of at least 1 and at most 240; write digits without separators "
                "between thousands: 1000"
            ],
        ),
        (
            "months: 24",
            "months: 999",
            [
                "deal.yaml, line 4, column 9 (months): error [settings] the setting months; found "
                "999; allowed: a "
                "whole number of at least 1 and at most 240; write a value that is allowed"
            ],
        ),
        (
            "months: 24",
            'months: "24"',
            [
                "deal.yaml, line 4, column 9 (months): error [settings] the setting months; found "
                "the text '24'; "
                "allowed: a whole number of at least 1 and at most 240; write the value without "
                "quotation marks"
            ],
        ),
        (
            "title: Plain",
            "title: 2026",
            [
                "deal.yaml, line 2, column 8 (title): error [settings] the setting title; found "
                "'2026'; allowed: text "
                'of up to 4000 characters; put the text into quotation marks: "2026"'
            ],
        ),
        (
            "title: Plain",
            "title:",
            [
                "deal.yaml, line 2, column 1 (title): error [settings] the setting title; found "
                "nothing; allowed: "
                "text of up to 4000 characters; write a value"
            ],
        ),
        (
            "format: 1",
            "format: 2",
            [
                "deal.yaml, line 1, column 9 (format): error [settings] the setting format; found "
                "'2'; allowed: 1; "
                "write one of the allowed words"
            ],
        ),
        (
            "role: seller",
            "role: buyer",
            [
                "deal.yaml, line 13, column 11: error [settings] the deal has more than one buyer; "
                "found b, s; "
                "allowed: exactly one party whose role is buyer; set the role of the other to third",
                "deal.yaml, line 7, column 1: error [settings] the deal has no seller; "
                "allowed: exactly one party whose role is seller; add a party with the role seller",
            ],
        ),
        (
            "id: s",
            "id: b",
            [
                "deal.yaml, line 11, column 9: error [settings] the setting parties.1.id stands "
                "twice; found 'b'; "
                "allowed: an id that no other party has; the first one: deal.yaml, line 8, column 9; "
                "rename one of the two"
            ],
        ),
        (
            "confidence: 0.9",
            "confidence: .nan",
            [
                "deal.yaml, line 15, column 15 (evidence.confidence): error [settings] the setting "
                "evidence.confidence; "
                "found '.nan'; allowed: a number from 0 to 1; write a plain number, such as 12.5: "
                "digits with one "
                "decimal point at most, no unit, no currency sign"
            ],
        ),
        (
            "evidence:\n  confidence: 0.9\n",
            "evidence: 5\n",
            [
                "deal.yaml, line 14, column 11 (evidence): error [settings] the setting evidence; found '5'; "
                "allowed: keys with values; write `key: value` lines below it"
            ],
        ),
        (
            "currency: USD",
            "currency: [USD]",
            [
                "deal.yaml, line 5, column 11 (currency): error [settings] the setting currency; "
                "found a list; "
                "allowed: a currency as three capital letters, such as USD; write one value behind the key"
            ],
        ),
    ],
)
def test_an_error_says_what_where_and_what_to_do(old: str, new: str, words: list[str]) -> None:
    assert changed(old, new) == words


def test_parties_must_be_a_list_of_two_or_more() -> None:
    start = PLAIN.split("parties:")[0]
    assert "allowed: a list; begin each item with `- `" in read(start + "parties: b\n")[1][0]
    one = start + "parties:\n  - id: b\n    name: B\n    role: buyer\n"
    assert read(one)[1] == [
        "deal.yaml, line 7, column 1 (parties): error [settings] the setting parties; found 1; "
        "allowed: at least two parties; add what is missing"
    ]


def test_a_key_without_a_value_says_none_where_that_is_allowed() -> None:
    settings, words = read(PLAIN + "  half_life_months:\n  priors:\noptions:\n")
    assert words == []
    assert settings is not None
    assert settings.evidence.half_life_months is None
    assert settings.evidence.priors == ()


def test_all_errors_are_found_in_one_pass() -> None:
    text = PLAIN.replace("2026-10", "10/2026").replace("USD", "usd").replace("2027", "27").replace("0.9", "9")
    places = [word.split(" (")[0] for word in read(text)[1]]
    assert places == [
        f"deal.yaml, line {line}, column {column}" for line, column in ((3, 8), (6, 18), (5, 11), (15, 15))
    ]


def test_the_settings_describe_themselves() -> None:
    assert nested_record(Settings, "parties") == (Party, True)
    assert nested_record(Settings, "evidence") == (EvidenceSettings, False)
    assert nested_record(Settings, "title") is None
    assert "parties" not in setting_columns(Settings)
    assert is_optional(EvidenceSettings, "half_life_months")
    assert not is_optional(EvidenceSettings, "confidence")

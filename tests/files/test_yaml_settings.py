from __future__ import annotations

import pytest

from dronedeal.deal import Place
from dronedeal.files.findings import FindingLog
from dronedeal.files.settings_reader import Items, Keys, Scalar
from dronedeal.files.yaml_settings import read_yaml


def read(text: str) -> tuple[Keys | None, list[str]]:
    log = FindingLog(Place("deal.yaml"))
    tree = read_yaml(text, "deal.yaml", log)
    return tree, [str(finding) for finding in log.findings]


def test_every_key_and_value_knows_its_line_and_column() -> None:
    tree, words = read("# c\ntitle: 'A'\nparties:\n  - id: b\n    role: buyer\n")
    assert words == []
    assert tree is not None
    assert tree.values["title"] == Scalar(Place("deal.yaml", 2, 8), "A", is_plain=False)
    parties = tree.values["parties"]
    assert isinstance(parties, Items)
    (party,) = parties.items
    assert isinstance(party, Keys)
    assert party.values["role"] == Scalar(Place("deal.yaml", 5, 11), "buyer", is_plain=True)
    assert party.key_places["role"] == Place("deal.yaml", 5, 5)


@pytest.mark.parametrize(
    ("text", "words"),
    [
        (
            "a: &x 1\n",
            "deal.yaml, line 1, column 4: error [settings] an anchor (`&name`) is not allowed; remove it",
        ),
        (
            "a:\n  - *x\n",
            "deal.yaml, line 2, column 5: error [settings] an alias (`*name`) is not allowed; write the",
        ),
        (
            "a: !!int 3\n",
            "deal.yaml, line 1, column 4: error [settings] a tag (`!name`) is not allowed; remove it",
        ),
        (
            "a: !x [1]\n",
            "deal.yaml, line 1, column 4: error [settings] a tag (`!name`) is not allowed; remove it",
        ),
        (
            "a: ! 3\n",
            "deal.yaml, line 1, column 4: error [settings] a tag (`!name`) is not allowed; remove it",
        ),
        (
            "a: 1\n---\nb: 2\n",
            "deal.yaml, line 2, column 1: error [settings] the file holds a second document",
        ),
        (
            "a: 1\n  b: 2\n",
            "deal.yaml, line 2, column 4: error [settings] mapping values are not allowed here",
        ),
        (
            "a: 'x\n",
            "deal.yaml, line 2, column 1: error [settings] while scanning a quoted scalar found unexpected",
        ),
        ("[a]: 1\n", "deal.yaml, line 1, column 1: error [settings] a key must be a plain word"),
        ("a\n", "deal.yaml, line 1: error [settings] the file holds no keys; begin with `format: 1`"),
        ("", "deal.yaml, line 1: error [settings] the file holds no keys"),
        (
            "a: x\x07\n",
            "deal.yaml, line 1, column 5: error [settings] the file holds a control character; found U+0007",
        ),
        (
            "a: 1\na: 2\n",
            "deal.yaml, line 2, column 1: error [settings] the key stands twice; found 'a'; allowed: one key",
        ),
    ],
)
def test_what_is_refused_is_told_at_its_place(text: str, words: str) -> None:
    (found,) = read(text)[1]
    assert found.startswith(words)


def test_keys_that_stand_twice_do_not_hide_other_errors() -> None:
    words = read("a: 1\na: 2\nb:\n  c: 1\n  c: 2\n")[1]
    assert [word.split(":")[0] for word in words] == [
        "deal.yaml, line 2, column 1",
        "deal.yaml, line 5, column 3",
    ]

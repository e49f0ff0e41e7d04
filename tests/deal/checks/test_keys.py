"""Rules about keys and references."""

from __future__ import annotations

import pytest
from tests.deal.checks.case import SOUND, Case, assert_found
from tests.deal.sound_deal import added, changed, with_party

CASES = (
    Case(
        "duplicate_key",
        added(SOUND, "systems", 0),
        at=(("systems", 3, "id"),),
        says=("systems 'scout'; found", "the same key as in table systems, line 1"),
    ),
    # the line is blank in both rows: blanks are equal
    Case("duplicate_key", added(SOUND, "prices", 0, unit_price=7), at=(("prices", 3, "system"),)),
    Case(
        "dangling_reference",
        changed(SOUND, "lines", 1, operator="DK"),
        at=(("lines", 1, "operator"),),
        says=("found 'DK'; allowed: an id of `parties` in deal.yaml: dk, ua, us", "did you mean 'dk'?"),
    ),
    Case(
        "dangling_reference",
        changed(SOUND, "attributes", 1, system="falkon"),
        at=(("attributes", 1, "system"),),
        says=("an id of `systems`: falcon, ranger, scout; did you mean 'falcon'? Otherwise add 'falkon' to",),
    ),
    Case(
        "dangling_reference",
        changed(SOUND, "projects", 0, systems=("scout", "zzz", "yyy")),
        at=(("projects", 0, "systems"), ("projects", 0, "systems")),
        says=("found 'zzz'", "add 'zzz' to `systems`"),
    ),
    Case(
        "unknown_index",
        with_party(SOUND, 1, escalation_index="producers"),
        at=("parties.1.escalation_index",),
        says=("allowed: an id of `indices`: procurement, producer; did you mean 'producer'?",),
    ),
)


@pytest.mark.parametrize("case", CASES, ids=str)
def test_the_rule_finds_its_fault_and_no_other_rule_speaks(case: Case) -> None:
    assert_found(case)

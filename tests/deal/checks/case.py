"""How the cases of the rules are written and judged."""

from __future__ import annotations

from dataclasses import dataclass

from tests.deal.sound_deal import sound_deal

from dronedeal.deal import Deal, Place
from dronedeal.deal.checks import RULES, run_checks

SOUND = sound_deal()
Where = tuple[str, int, str | None] | str | Place


@dataclass(frozen=True)
class Case:
    """One change to the sound deal and what the rule says to it.

    `at` lists the places of the findings of the rule: a table, row and column, a key of
    `deal.yaml`, or a place;
    `also` names the further rules that the same change triggers, `says` words of the first finding.
    """

    rule: str
    deal: Deal
    at: tuple[Where, ...]
    also: tuple[str, ...] = ()
    says: tuple[str, ...] = ()

    def __str__(self) -> str:
        first = self.at[0]
        return f"{self.rule}-{'-'.join(map(str, first)) if isinstance(first, tuple) else first}"

    def place(self, where: Where) -> Place:
        if isinstance(where, Place):
            return where
        return self.deal.settings_place(where) if isinstance(where, str) else self.deal.place(*where)


def assert_found(case: Case) -> None:
    """The rule finds its fault at the place, in words, and no rule says more than it should."""
    findings = run_checks(case.deal)
    own = [finding for finding in findings if finding.rule == case.rule]
    said = "\n".join(map(str, findings))
    assert [finding.place for finding in own] == [case.place(where) for where in case.at], said
    assert {finding.rule for finding in findings} == {case.rule, *case.also}, said
    for finding in own:
        assert finding.severity == RULES[case.rule].severity
        assert all((finding.subject, finding.found, finding.allowed, finding.next_step))
        assert "None" not in str(finding)
    for words in case.says:
        assert words in str(own[0]), said

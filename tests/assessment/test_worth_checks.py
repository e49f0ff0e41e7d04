"""What the check says of statements that cannot all be true, and of values that they leave open."""

from __future__ import annotations

from tests.assessment.test_worth import blank, said, stating

from dronedeal.assessment import run_all_checks
from dronedeal.deal import Deal

BEYOND = said("beyond", part="objective", low=1.0)


def words(wrong: Deal) -> list[str]:
    return [str(finding) for finding in run_all_checks(wrong) if finding.severity == "error"]


def test_two_statements_that_conflict_are_both_named_with_their_places() -> None:
    half = said("half", "depot", kind="substitute", low=0.5, other_requirement="patrol")
    more = said("more", "depot", kind="ranking", other_requirement="patrol")
    needs = (blank(), blank("depot", value_objective=1.0))
    (both,) = words(stating(said("worth", low=100.0), half, more, BEYOND, needs=needs))
    assert both == (
        "table preferences, line 3 (kind): error [preferences_contradict] worth according to preferences "
        "'more'; found \"a unit of 'depot' up to its threshold is worth at least as much as a unit of "
        "'patrol' up to its threshold\" cannot be true together with \"a unit of 'depot' up to its threshold "
        "is worth 0.5 times a unit of 'patrol' up to its threshold\"; allowed: statements that can all be "
        "true at once; change one of them: preferences 'more', or preferences 'half' (table preferences, "
        "line 2 (kind))"
    )


def test_a_statement_can_contradict_that_values_decline() -> None:
    wrong = stating(said("worth", low=100.0), said("beyond", part="objective", low=150.0))
    (only,) = words(wrong)
    assert "preferences 'beyond'" in only
    assert "is worth at least as much as a unit of 'patrol' beyond its threshold" in only


def test_a_value_that_only_a_ranking_bounds_is_asked_for() -> None:
    ranked = said("less", "depot", kind="ranking", other_requirement="patrol")
    wrong = stating(
        said("worth", low=100.0), ranked, BEYOND, needs=(blank(), blank("depot", value_objective=1.0))
    )
    (only,) = words(wrong)
    assert (
        "[value_not_bounded] value_threshold of requirement 'depot'; found statements that say at least 100, "
        in only
    )
    assert "and no greatest; allowed: a least and a greatest worth" in only


def test_statements_that_fit_find_nothing() -> None:
    assert words(stating(said("worth", low=100.0), BEYOND)) == []

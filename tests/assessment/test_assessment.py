"""The assessment as a whole: its tables, and what it refuses."""

from __future__ import annotations

import gc

import pytest
from tests.assessment.small_deals import asked, deal, figure, requirement, system, trial

from dronedeal.assessment import Assessment, assess
from dronedeal.assessment.pairing import Pairing
from dronedeal.deal.cooperation import Integration
from dronedeal.errors import DealFolderError, InputError

WORK = Integration(system="kestrel", branch="army", standard="Link 16", cost=10, months=2, payer="north")


def example() -> Assessment:
    return assess(
        deal(
            systems=(system(), system("falcon", role="cargo", supplier="west")),
            requirements=(requirement(effectiveness_measure="mission"),),
            attributes=(figure(attribute="range", value=120, unit="km"),),
            requirement_attributes=(asked(attribute="range", threshold=100, unit="km"),),
            trials=(trial(),),
            integrations=(WORK,),
        )
    )


def test_summary_has_one_row_per_pair() -> None:
    first, second = example().summary()
    low, high = first.pop("effectiveness_low"), first.pop("effectiveness_high")
    assert low < first.pop("effectiveness") < high
    assert first == {
        "requirement": "watch",
        "system": "kestrel",
        "is_eligible": True,
        "first_month": "2027-03",
        "last_month": "2028-12",
        "stopped_by": "",
        "why": "",
    }
    assert (second["is_eligible"], second["stopped_by"]) == (False, "role, attribute, price")
    assert second["why"].startswith(
        "Its role is cargo, not scout; other_roles can name further ones. No figure"
    )


def test_table_has_one_flat_row_per_criterion() -> None:
    assessment = example()
    rows = assessment.table()
    assert len(rows) == sum(len(pairing.criteria) for pairing in assessment.pairings)
    assert rows[2] == {
        "requirement": "watch",
        "system": "kestrel",
        "is_eligible": True,
        "kind": "attribute",
        "subject": "range",
        "is_met": True,
        "is_hard": True,
        "found": "120 km",
        "needed": "at least 100 km",
        "margin": 0.2,
        "probability": None,
        "objective_probability": None,
        "reason": "",
        "table": "attributes",
        "row": 0,
    }
    flat = (str, bool, int, float, type(None))
    assert all(isinstance(value, flat) for row in rows for value in row.values())
    assert {frozenset(row) for row in rows} == {frozenset(rows[0])}


def test_pairs_that_are_never_delivered_have_no_months() -> None:
    late = assess(deal(integrations=(WORK.model_copy(update={"months": 99}),)))
    assert [late.summary()[0][name] for name in ("first_month", "last_month")] == [None, None]


def test_posteriors_are_those_of_tested_systems_and_of_what_requirements_ask() -> None:
    found = {(item.system, item.measure, item.condition) for item in example().posteriors}
    # falcon has the wrong role and no trials: nothing is said of it
    assert found == {("kestrel", "mission", "any")}
    untested = assess(deal(requirements=(requirement(effectiveness_measure="mission"),)))
    assert [(item.system, item.is_prior_only) for item in untested.posteriors] == [("kestrel", True)]
    by_other_role = deal(
        systems=(system(role="cargo", other_roles=("scout",)),),
        requirements=(requirement(effectiveness_measure="mission"),),
    )
    assert len(assess(by_other_role).posteriors) == 1
    asked_only = assess(deal(requirement_attributes=(asked(measure="speed", threshold=0.5, unit="1"),)))
    assert [item.measure for item in asked_only.posteriors] == ["speed"]


def test_growth_is_part_of_the_assessment() -> None:
    rows = tuple(
        trial(f"2026-0{month}-01", measure="breakdown", exposure=100, exposure_unit="h", failures=failures)
        for month, failures in ((1, 10), (2, 5), (3, 4))
    )
    (growth,) = assess(deal(trials=rows)).growth
    assert (growth.system, growth.measure, growth.n_failures) == ("kestrel", "breakdown", 19)


def test_an_unknown_pair_is_an_error_with_the_next_step() -> None:
    with pytest.raises(InputError) as caught:
        example().pairing("watch", "sparrow")
    assert str(caught.value) == (
        'requirement "watch" and system "sparrow": the deal has no such pair; '
        "take the ids from its tables requirements and systems"
    )


def test_unlike_units_are_refused_with_both_rows_named() -> None:
    wrong = deal(
        attributes=(
            figure(attribute="speed", value=1, unit="km/h"),
            figure(attribute="range", value=2, unit="h"),
        ),
        requirement_attributes=(asked(attribute="range", threshold=100, unit="km"),),
    )
    with pytest.raises(DealFolderError) as caught:
        assess(wrong)
    assert str(caught.value) == (
        "table attributes, line 2 (unit): error [unlike_units] range of system 'kestrel' and of "
        "requirement 'watch' (table requirement_attributes, line 1 (unit)); found 'h' against 'km'; "
        "allowed: two units of one kind; mend one of the two units, or give the two figures different names"
    )


def test_pairs_and_criteria_are_data_frames_with_the_rows_of_the_lists() -> None:
    assessment = example()
    assert assessment.frame().to_dicts() == assessment.summary()
    assert assessment.frame("criteria").to_dicts() == assessment.table()
    with pytest.raises(KeyError, match="no table 'systems' in an assessment; tables: pairs, criteria"):
        assessment.frame("systems")  # type: ignore[arg-type]


def test_a_deal_without_requirements_still_has_typed_frames() -> None:
    empty = Assessment((), (), ())
    assert empty.frame().columns == list(example().summary()[0])
    assert empty.frame("criteria").columns == list(example().table()[0])


def test_a_notebook_shows_who_is_eligible_with_its_text_escaped() -> None:
    shown = example()._repr_html_()
    assert shown.startswith("<table><caption>Matching</caption>")
    odd = Assessment((Pairing("<b>", "&x", True, (), 1.0, None, 0, 1),), (), ())
    assert "<tr><th>&lt;b&gt;</th><td>1 of 1</td><td>&amp;x</td></tr>" in odd._repr_html_()


def test_the_garbage_collector_is_left_as_it_was() -> None:
    assert gc.isenabled()
    assess(deal())
    assert gc.isenabled()
    gc.disable()
    try:
        assess(deal())
        assert not gc.isenabled()
    finally:
        gc.enable()

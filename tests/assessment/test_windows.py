"""Months of delivery: integration, permits, availability, composition rules and prices, worked by hand."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.assessment.small_deals import deal, price, rule, system

from dronedeal.assessment import Criterion, Pairing, assess
from dronedeal.assessment.windows import longest_run, mask
from dronedeal.deal.cooperation import Integration
from dronedeal.deal.funds import Rate
from dronedeal.deal.production import Line, LineSystem


def pair(**changes: object) -> Pairing:
    return assess(deal(**changes)).pairings[0]


def only(pairing: Pairing, kind: str) -> Criterion:
    (found,) = (item for item in pairing.criteria if item.kind == kind)
    return found


def work(months: int, **changes: object) -> Integration:
    row = {"system": "kestrel", "branch": "army", "standard": "Link 16", "cost": 2e6, "payer": "north"}
    return Integration.model_validate(row | {"months": months} | changes)


def test_without_any_condition_every_month_is_open() -> None:
    pairing = pair()
    assert (pairing.first_month, pairing.last_month, pairing.is_eligible) == (0, 23, True)
    assert [item.kind for item in pairing.criteria] == ["role", "domain", "price"]


def test_integration_work_delays_the_first_delivery_and_says_what_it_costs() -> None:
    pairing = pair(integrations=(work(9),))
    found = only(pairing, "integration")
    assert (pairing.first_month, pairing.is_eligible) == (9, True)
    assert (found.is_met, found.is_hard, found.found) == (False, False, "not integrated yet")
    assert found.reason == (
        "Integration with army (Link 16) takes 9 months and costs 2,000,000 USD; "
        "deliveries are possible from 2027-10."
    )


def test_several_standards_run_in_parallel_and_the_longest_counts() -> None:
    rows = (
        work(9),
        work(15, standard="Blue list", currency="EUR", cost=1e6),
        work(23, branch="navy"),
        work(23, system="other"),
    )
    pairing = pair(integrations=rows, rates=(Rate(id="EUR", fiscal_year=2027, value=1.5),))
    found = only(pairing, "integration")
    assert pairing.first_month == 15
    assert (found.subject, found.row) == ("Blue list and Link 16", ("integrations", 1))
    assert "costs 3,500,000 USD" in found.reason


def test_work_that_outlasts_the_plan_stops_the_pair() -> None:
    pairing = pair(integrations=(work(24),))
    assert (pairing.is_eligible, pairing.last_month < pairing.first_month) == (False, True)
    assert [item.kind for item in pairing.stopped_by] == ["integration"]
    assert only(pairing, "integration").reason.endswith("; no month of the plan is left.")
    assert pair(integrations=(work(23),)).first_month == 23


def test_finished_work_is_met() -> None:
    found = only(pair(integrations=(work(0),)), "integration")
    assert (found.is_met, found.reason, found.found) == (True, "", "no work left")


def test_work_that_does_not_start_with_the_plan_is_never_done() -> None:
    pairing = pair(integrations=(work(1),), options={"pair_work_from_start": False})
    assert [item.kind for item in pairing.stopped_by] == ["integration"]
    assert pair(integrations=(work(0),), options={"pair_work_from_start": False}).is_eligible


PERMIT = rule("export_permit", limit=4)


def test_an_export_permit_delays_what_the_seller_owns() -> None:
    pairing = pair(rules=(PERMIT,))
    found = only(pairing, "permit")
    assert (pairing.first_month, found.is_met, found.is_hard) == (4, False, False)
    assert (
        found.reason
        == "The export permit of rule rule1 takes 4 months; deliveries are possible from 2027-05."
    )


def test_alternatives_from_elsewhere_need_no_permit_of_the_seller() -> None:
    pairing = pair(rules=(PERMIT,), systems=(system(supplier="west"),))
    assert pairing.first_month == 0
    assert not [item for item in pairing.criteria if item.kind == "permit"]


@pytest.mark.parametrize(
    ("subject", "first"),
    [("*", 4), ("kestrel", 4), ("scout", 4), ("relay", 4), ("air", 4), ("other", 0), ("surface", 0)],
)
def test_rules_speak_of_systems_roles_and_domains(subject: str, first: int) -> None:
    changed = PERMIT.model_copy(update={"subject": subject})
    assert pair(rules=(changed,), systems=(system(other_roles=("relay",)),)).first_month == first


def test_rules_of_another_branch_do_not_count() -> None:
    assert pair(rules=(PERMIT.model_copy(update={"branch": "navy"}),)).first_month == 0
    assert pair(rules=(PERMIT.model_copy(update={"branch": "army"}),)).first_month == 4


def test_a_permit_of_broken_months_is_rounded_up_and_none_is_met() -> None:
    assert pair(rules=(rule("export_permit", limit=2.5),)).first_month == 3
    assert only(pair(rules=(rule("export_permit", limit=0),)), "permit").is_met is True


def test_a_permit_closes_only_months_in_which_its_rule_holds() -> None:
    assert pair(rules=(rule("export_permit", limit=12, valid_until="2027-06"),)).first_month == 6


def test_a_soft_permit_is_listed_and_delays_nothing() -> None:
    pairing = pair(rules=(rule("export_permit", limit=4, is_hard=False),))
    found = only(pairing, "permit")
    assert (pairing.first_month, found.is_met, found.is_hard) == (0, False, False)
    assert found.reason.endswith("; the rule is not hard.")


def test_work_and_permit_run_side_by_side() -> None:
    assert pair(rules=(PERMIT,), integrations=(work(9),)).first_month == 9
    assert pair(rules=(PERMIT,), integrations=(work(3),)).first_month == 4


@pytest.mark.parametrize(
    ("start", "first", "is_eligible"),
    [
        ("2026-01", 0, True),
        ("2027-01", 0, True),
        ("2027-03", 2, True),
        ("2028-12", 23, True),
        ("2029-01", 0, False),
    ],
)
def test_a_system_is_delivered_once_it_is_available(start: str, first: int, is_eligible: bool) -> None:
    pairing = pair(systems=(system(available_from=start),))
    assert (pairing.first_month, pairing.is_eligible) == (first, is_eligible)
    found = only(pairing, "availability")
    assert (found.found, found.is_met) == (start, start <= "2027-01")


def test_an_exclusion_stops_the_pair() -> None:
    pairing = pair(rules=(rule("exclusion", subject="kestrel"),))
    found = only(pairing, "exclusion")
    assert (pairing.is_eligible, found.is_blocking, found.row) == (False, True, ("rules", 0))
    assert found.reason == "Rule rule1 excludes kestrel; no month of the plan is left."


def test_an_exclusion_that_starts_later_ends_deliveries_before_it() -> None:
    pairing = pair(rules=(rule("exclusion", valid_from="2028-01"),))
    found = only(pairing, "exclusion")
    assert (pairing.first_month, pairing.last_month, pairing.is_eligible) == (0, 11, True)
    assert (found.is_met, found.is_hard, found.needed) == (False, False, "not * from 2028-01")
    assert found.reason == (
        "Rule rule1 excludes every system from 2028-01; deliveries are possible until 2027-12."
    )


def test_an_exclusion_that_ends_opens_the_months_after_it() -> None:
    pairing = pair(rules=(rule("exclusion", valid_until="2027-03"),))
    assert (pairing.first_month, pairing.last_month) == (3, 23)


def test_the_longest_run_of_open_months_is_used_and_named() -> None:
    pairing = pair(rules=(rule("exclusion", valid_from="2027-07", valid_until="2027-09"),))
    assert (pairing.first_month, pairing.last_month) == (9, 23)
    assert only(pairing, "exclusion").reason.endswith("; deliveries are possible from 2027-10.")


@pytest.mark.parametrize("bounds", [{"valid_until": "2026-12"}, {"valid_from": "2029-01"}])
def test_rules_that_hold_outside_the_plan_are_not_asked(bounds: dict[str, str]) -> None:
    assert "exclusion" not in [item.kind for item in pair(rules=(rule("exclusion", **bounds),)).criteria]


def test_dates_that_leave_no_month_together_stop_the_pair_together() -> None:
    pairing = pair(rules=(rule("exclusion", valid_from="2027-07"),), integrations=(work(9),))
    assert pairing.is_eligible is False
    assert pairing.last_month < pairing.first_month
    assert [item.kind for item in pairing.stopped_by] == ["exclusion", "integration"]
    assert all(
        item.reason.endswith(", but all dates together leave no month.") for item in pairing.stopped_by
    )


def test_a_system_without_a_price_is_not_for_sale() -> None:
    pairing = pair(prices=(price("other"),))
    found = only(pairing, "price")
    assert (found.is_blocking, found.found, found.row) == (True, "no price row", None)
    assert found.reason.startswith("It has no price row in any fiscal year of the plan;")


def test_prices_of_years_outside_the_plan_do_not_count() -> None:
    assert only(pair(prices=(price(year=2030),)), "price").is_met is False


def test_a_price_counts_only_in_a_fiscal_year_of_delivery() -> None:
    # the buyer's fiscal year 2027 ends in September 2027, month 8
    late = {"systems": (system(available_from="2027-10"),), "prices": (price(year=2027),)}
    found = only(pair(**late), "price")
    assert found.is_blocking
    assert found.reason == (
        "It is priced in 2027 only, when it may not be delivered; add a price for a year in which it may."
    )
    assert pair(systems=(system(available_from="2027-09"),), prices=(price(year=2027),)).is_eligible


def cap(**changes: object) -> Pairing:
    """Kestrel at 1,000 in fiscal year 2027 (months 0 to 8) and 900 in 2028 (9 to 20) against a price cap."""
    limit = changes.pop("rule", {"limit": 950})
    rows = changes.pop("prices", (price(), price(year=2028, unit_price=900.0)))
    return pair(prices=rows, rules=(rule("price_cap", **limit),), **changes)


def test_a_price_cap_closes_the_years_in_which_the_system_is_dearer() -> None:
    pairing = cap()
    found = only(pairing, "price_cap")
    assert (pairing.first_month, pairing.last_month, pairing.is_eligible) == (9, 23, True)
    assert (found.is_met, found.is_hard, found.needed) == (False, False, "at most 950 USD a unit")
    assert found.reason == (
        "Rule rule1 allows at most 950 USD a unit and it costs at least 1,000 USD in fiscal year 2027; "
        "deliveries are possible from 2027-10."
    )


@pytest.mark.parametrize("limit", [1000.0, 1000.0 * (1 - 1e-12)])
def test_a_price_at_the_cap_is_allowed(limit: float) -> None:
    assert only(cap(rule={"limit": limit}), "price_cap").is_met is True


def test_a_price_cap_below_every_price_leaves_nothing() -> None:
    pairing = cap(rule={"limit": 100})
    assert pairing.is_eligible is False
    assert only(pairing, "price_cap").found == "at least 1,000 USD in fiscal year 2027 and 1 year more"


def test_a_price_cap_holds_in_its_months_only() -> None:
    assert cap(rule={"limit": 950, "valid_from": "2027-07"}).last_month == 23
    assert cap(rule={"limit": 950, "valid_until": "2027-03"}).first_month == 3


def test_a_price_cap_closes_no_month_while_one_line_is_cheap_enough() -> None:
    made = {
        "lines": tuple(
            Line(id=name, site="X", country="UA", operator="river", status="existing", initial_capacity=1)
            for name in ("home", "abroad")
        ),
        "line_systems": tuple(
            LineSystem(line=name, system="kestrel", unit_cost=1) for name in ("home", "abroad")
        ),
    }
    cheap = price(line="abroad", unit_price=940.0)
    rows = (
        price(),
        cheap,
        price(line="abroad", unit_price=10.0, tier_from=5),
        price(year=2028, unit_price=900.0),
    )
    assert only(cap(prices=rows, **made), "price_cap").is_met is True
    assert only(cap(prices=rows), "price_cap").is_met is False  # without the line nobody sells at its price


def test_a_price_cap_in_another_currency_is_exchanged() -> None:
    rates = (Rate(id="EUR", fiscal_year=2027, value=2.0),)
    assert only(cap(rule={"limit": 500, "currency": "EUR"}, rates=rates), "price_cap").is_met is True
    found = only(cap(rule={"limit": 499, "currency": "EUR"}, rates=rates), "price_cap")
    assert (found.is_met, found.needed) == (False, "at most 499 EUR a unit")


def test_a_priced_cap_closes_nothing() -> None:
    pairing = cap(rule={"limit": 950, "is_hard": False})
    assert pairing.first_month == 0
    assert only(pairing, "price_cap").reason.endswith("; the rule is not hard.")


@settings(deadline=None, derandomize=True)
@given(bits=st.lists(st.booleans(), max_size=40))
def test_the_longest_run_is_found_by_looking_at_every_run(bits: list[bool]) -> None:
    runs = [
        (first, last)
        for first in range(len(bits))
        for last in range(first, len(bits))
        if all(bits[first : last + 1])
    ]
    expected = max(runs, key=lambda run: (run[1] - run[0], -run[0]), default=(0, -1))
    assert longest_run(sum(1 << month for month, is_open in enumerate(bits) if is_open)) == expected


@settings(deadline=None, derandomize=True)
@given(first=st.integers(0, 30), length=st.integers(-3, 30))
def test_masks_hold_the_months_between_their_ends(first: int, length: int) -> None:
    months = {month for month in range(80) if mask(first, first + length - 1) >> month & 1}
    assert months == set(range(first, first + length))

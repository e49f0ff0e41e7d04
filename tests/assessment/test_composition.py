"""Component origin: shares by value, categories, lines, limits and exclusions, worked by hand."""

from __future__ import annotations

import pytest
from tests.assessment.small_deals import deal, rule

from dronedeal.assessment import Criterion, Pairing, Valuation, assess
from dronedeal.assessment.composition import Composition
from dronedeal.deal.funds import Rate
from dronedeal.deal.production import Component, Line, LineSystem, SystemComponent

COMPONENTS = tuple(
    Component(id=name, name=name, category=category, origin=origin, unit_cost=cost)
    for name, category, origin, cost in (
        ("cn_radio", "radio", "CN", 30.0),
        ("ua_radio", "radio", "UA", 50.0),
        ("motor", "motor", "CN", 10.0),
        ("frame", "frame", "UA", 100.0),
    )
)


def part(component: str, quantity: float = 1, line: str | None = None) -> SystemComponent:
    return SystemComponent(system="kestrel", component=component, quantity=quantity, line=line)


# 30 + 4 × 10 = 70 of 200 from CN: 35 %; radios: 30 of 60 from CN
PARTS = (part("cn_radio"), part("motor", 4), part("frame", 1.3))


def pair(*, parts: tuple[SystemComponent, ...] = PARTS, **changes: object) -> Pairing:
    tables = {"components": COMPONENTS, "system_components": parts} | changes
    return assess(deal(**tables)).pairings[0]


def origin(pairing: Pairing) -> Criterion:
    (found,) = (item for item in pairing.criteria if item.kind in ("component_origin", "exclusion"))
    return found


def judged(kind: str = "component_origin_limit", **changes: object) -> Criterion:
    other = {key: changes.pop(key) for key in ("parts", "components", "rates") if key in changes}
    limits = {"origin": ("CN", "RU"), "limit": 0.2} | changes
    return origin(pair(rules=(rule(kind, **limits),), **other))


def test_the_share_is_counted_by_value_and_quantity() -> None:
    found = judged()
    assert (found.is_met, found.is_blocking, found.found) == (False, True, "35 % from CN and RU")
    assert found.margin == pytest.approx((0.2 - 0.35) / 0.2)
    assert found.needed == "at most 20 % of the value of its parts from CN and RU"
    assert found.reason == (
        "35 % of the value of its parts comes from CN and RU, more than the 20 % of rule rule1; "
        "a substitute for motor would lower it most; no month of the plan is left."
    )


@pytest.mark.parametrize(("limit", "is_met"), [(0.3499, False), (0.35, True), (1.0, True)])
def test_a_share_on_the_limit_is_allowed(limit: float, is_met: bool) -> None:
    assert judged(limit=limit).is_met is is_met


def test_a_limit_of_nothing_has_no_relative_margin() -> None:
    assert judged(limit=0.0).margin is None
    assert judged(limit=0.0, origin=("DE",)).is_met is True


def test_country_codes_are_compared_without_case() -> None:
    assert judged(origin=("cn",)).is_met is False


def test_a_limit_on_a_category_counts_its_parts_only() -> None:
    found = judged(subject="radio", parts=(*PARTS, part("ua_radio")))
    # 30 of 80
    assert found.found == "38 % from CN and RU"
    assert found.margin == pytest.approx((0.2 - 0.375) / 0.2)
    assert found.needed == "at most 20 % of the value of its radio parts from CN and RU"
    assert judged(subject="radio", parts=(part("frame"),)).is_met is True


def test_parts_in_another_currency_are_valued_in_the_deals() -> None:
    dear = (COMPONENTS[0].model_copy(update={"currency": "EUR", "unit_cost": 60.0}), *COMPONENTS[1:])
    rates = (Rate(id="EUR", fiscal_year=2027, value=0.5),)
    assert judged(components=dear, rates=rates).found == "35 % from CN and RU"


def test_without_a_parts_list_the_share_is_not_known() -> None:
    found = judged(parts=())
    assert (found.is_met, found.is_blocking, found.found) == (None, True, "no parts list")
    assert found.reason.startswith(
        "Rule rule1 cannot be judged without its parts; add them to system_components;"
    )


def test_parts_without_a_value_tell_no_share_unless_none_comes_from_there() -> None:
    free = tuple(item.model_copy(update={"unit_cost": 0.0}) for item in COMPONENTS)
    found = judged(components=free)
    assert (found.is_met, found.found) == (None, "parts without a value")
    assert judged(components=free, origin=("DE",)).is_met is True


def test_a_limit_that_starts_later_ends_deliveries_before_it() -> None:
    pairing = pair(rules=(rule("component_origin_limit", origin=("CN",), limit=0.2, valid_from="2028-01"),))
    assert (pairing.is_eligible, pairing.first_month, pairing.last_month) == (True, 0, 11)
    found = origin(pairing)
    assert (found.is_met, found.is_hard) == (False, False)
    assert found.reason.endswith("; deliveries are possible until 2027-12.")


def test_a_soft_limit_is_listed_and_closes_nothing() -> None:
    found = judged(is_hard=False)
    assert (found.is_met, found.is_hard) == (False, False)
    assert found.reason.endswith("; the rule is not hard.")


def lines(*names: str) -> dict[str, object]:
    return {
        "lines": tuple(
            Line(id=name, site="X", country="UA", operator="river", status="existing", initial_capacity=1)
            for name in names
        ),
        "line_systems": tuple(LineSystem(line=name, system="kestrel", unit_cost=1) for name in names),
        "rules": (rule("component_origin_limit", origin=("CN",), limit=0.2),),
    }


def test_the_worst_line_counts_and_is_named() -> None:
    # home: 30 of 130; abroad: 50 from elsewhere, none of 150
    parts = (part("frame"), part("cn_radio", line="home"), part("ua_radio", line="abroad"))
    (found,) = (
        item
        for item in pair(parts=parts, **lines("home", "abroad")).criteria
        if item.kind == "component_origin"
    )
    assert (found.is_met, found.found) == (False, "23 % from CN on line home")
    assert "value of its parts on line home comes from CN" in found.reason
    assert pair(parts=parts, **lines("abroad")).is_eligible


def test_lines_without_parts_of_their_own_have_the_common_ones() -> None:
    parts = (part("frame"), part("motor", 5), part("frame", 9, line="home"))
    (found,) = (
        item
        for item in pair(parts=parts, **lines("home", "other")).criteria
        if item.kind == "component_origin"
    )
    assert found.found == "33 % from CN"


def test_a_line_whose_parts_nobody_listed_makes_the_share_unknown() -> None:
    parts = (part("frame", line="home"),)
    (found,) = (
        item
        for item in pair(parts=parts, **lines("home", "other")).criteria
        if item.kind == "component_origin"
    )
    assert found.is_met is None


def test_a_line_whose_parts_have_no_value_is_worse_than_any() -> None:
    free = (COMPONENTS[0].model_copy(update={"unit_cost": 0.0}), *COMPONENTS[1:])
    parts = (part("cn_radio", line="home"), part("frame", line="other"))
    found = origin(pair(parts=parts, components=free, **lines("home", "other")))
    assert (found.is_met, found.found) == (None, "parts without a value")


def test_an_exclusion_with_origins_is_a_limit_of_nothing() -> None:
    found = judged("exclusion", limit=None)
    assert (found.kind, found.is_met) == ("exclusion", False)
    assert found.needed == "at most 0 % of the value of its parts from CN and RU"
    assert judged("exclusion", limit=None, origin=("DE",)).is_met is True
    assert judged("exclusion", limit=0.5).is_met is False


@pytest.mark.parametrize(
    ("parts", "is_met", "found"),
    [
        (PARTS, False, "has a radio part"),
        ((part("frame"),), True, "no radio part"),
        ((), None, "no parts list"),
    ],
)
def test_an_exclusion_of_a_category_excludes_every_system_with_such_a_part(
    parts: tuple[SystemComponent, ...], is_met: bool | None, found: str
) -> None:
    result = judged("exclusion", limit=None, origin=(), subject="radio", parts=parts)
    assert (result.is_met, result.found, result.needed) == (is_met, found, "no radio part")


def test_limits_do_not_ask_about_systems_that_they_do_not_name() -> None:
    pairing = pair(rules=(rule("component_origin_limit", origin=("CN",), limit=0.2, subject="surface"),))
    assert pairing.is_eligible
    assert "component_origin" not in [item.kind for item in pairing.criteria]


def content(**changes: object) -> Criterion:
    changes = {"subject": "*", "origin": ("UA",), "limit": 0.7} | changes
    parts = changes.pop("parts", PARTS)
    others = {key: changes.pop(key) for key in ("components",) if key in changes}
    pairing = pair(parts=parts, rules=(rule("local_content", **changes),), **others)
    (found,) = (item for item in pairing.criteria if item.kind == "local_content")
    return found


def test_local_content_asks_for_a_share_of_the_parts_value() -> None:
    # 1.3 × 100 of 200 from UA: 65 %
    found = content()
    assert (found.is_met, found.is_blocking, found.found) == (False, True, "65 % from UA")
    assert found.margin == pytest.approx((0.65 - 0.7) / 0.7)
    assert found.needed == "at least 70 % of the value of its parts from UA"
    assert found.reason == (
        "65 % of the value of its parts comes from UA, less than the 70 % of rule rule1; "
        "no month of the plan is left."
    )
    assert content(limit=0.65).is_met is True


def test_local_content_of_a_kind_of_part_asks_nothing_of_systems_without_it() -> None:
    assert content(subject="radio").found == "0 % from UA"
    without = content(subject="radio", parts=(part("frame"),))
    assert (without.is_met, without.found) == (True, "no radio part")


def test_local_content_without_figures_is_not_known() -> None:
    free = tuple(item.model_copy(update={"unit_cost": 0.0}) for item in COMPONENTS)
    assert (content(parts=()).is_met, content(parts=()).found) == (None, "no parts list")
    assert (content(components=free).is_met, content(components=free).found) == (
        None,
        "parts without a value",
    )


def test_the_line_with_the_least_local_content_counts() -> None:
    parts = (part("frame"), part("cn_radio", line="home"), part("motor", 20, line="abroad"))
    tables = lines("home", "abroad") | {
        "rules": (rule("local_content", subject="*", origin=("UA",), limit=0.5),)
    }
    (found,) = (item for item in pair(parts=parts, **tables).criteria if item.kind == "local_content")
    assert (found.is_met, found.found) == (False, "33 % from UA on line abroad")


@pytest.mark.parametrize(
    ("kind", "changes", "expected"),
    [
        ("component_origin_limit", {"origin": ("CN",), "limit": 0.2}, 0.15),
        ("component_origin_limit", {"origin": ("CN",), "limit": 0.35}, 0.0),
        ("component_origin_limit", {"origin": ("CN",), "limit": 0.2, "subject": "surface"}, 0.0),
        ("component_origin_limit", {"origin": ("CN",), "limit": 0.2, "subject": "radio"}, 0.8),
        ("local_content", {"origin": ("UA",), "limit": 0.7}, 0.05),
        ("local_content", {"origin": ("UA",), "limit": 0.7, "subject": "radio"}, 0.7),
        ("local_content", {"origin": ("UA",), "limit": 0.7, "subject": "battery"}, 0.0),
        ("exclusion", {"origin": ("CN",)}, 0.35),
        ("exclusion", {"subject": "kestrel"}, 1.0),
        ("exclusion", {"subject": "radio"}, 1.0),
        ("price_cap", {"limit": 5.0}, 0.0),
    ],
)
def test_the_excess_is_how_far_one_unit_breaks_a_rule(
    kind: str, changes: dict[str, object], expected: float
) -> None:
    battery = Component(id="battery", name="Battery", category="battery", origin="UA", unit_cost=9)
    asked = deal(components=(*COMPONENTS, battery), system_components=PARTS)
    composition = Composition(asked, Valuation(asked))
    found = composition.excess(rule(kind, **changes), asked.systems[0], line=None)
    assert found == pytest.approx(expected)


def test_what_is_not_known_breaks_a_rule_as_far_as_can_be() -> None:
    asked = deal(components=COMPONENTS)
    composition = Composition(asked, Valuation(asked))
    limits = {"origin": ("CN",), "limit": 0.2}
    (kestrel,) = asked.systems
    assert composition.excess(rule("component_origin_limit", **limits), kestrel, line=None) == 0.8
    assert composition.excess(rule("local_content", **limits), kestrel, line=None) == 0.2
    assert composition.excess(rule("exclusion", subject="radio"), kestrel, line=None) == 1.0


@pytest.mark.parametrize(
    ("subject", "line", "is_meant"),
    [("kestrel", None, True), ("home", "home", True), ("home", "away", False), ("radio", "home", True),
     ("radio", "away", False), ("motor", "away", True), ("surface", "home", False), ("*", "home", True)],
)  # fmt: skip
def test_a_subject_means_systems_lines_and_kinds_of_part(
    subject: str, line: str | None, is_meant: bool
) -> None:
    asked = deal(components=COMPONENTS, system_components=(part("motor"), part("cn_radio", line="home")))
    composition = Composition(asked, Valuation(asked))
    assert composition.means(subject, asked.systems[0], line=line) is is_meant

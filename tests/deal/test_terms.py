"""What is negotiated."""

from tests.deal.refuse import assert_refuses

from dronedeal.deal.terms import Price, Rule


def test_a_price_holds_from_the_first_unit_without_limit_commitment_or_royalty_unless_told() -> None:
    cells = {"system": "x", "fiscal_year": 2027, "unit_price": 5}
    price = Price(**cells)
    assert (price.tier_from, price.royalty) == (0, 0)
    assert (price.line, price.maximum, price.firm_minimum, price.option_quantity) == (None, None, None, None)
    assert_refuses(Price, cells, unit_price=-1, royalty=1.1, maximum=-1, tier_from=-1)


def test_a_rule_is_hard_and_holds_all_the_time_unless_told() -> None:
    cells = {"id": "r", "kind": "exclusion", "subject": "*"}
    rule = Rule(**cells)
    assert (rule.is_hard, rule.valid_from, rule.valid_until, rule.origin) == (True, None, None, ())
    assert_refuses(Rule, cells, kind="wish", valid_from="2026", violation_price=-1)

"""The language of changes."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.deal.sound_deal import sound_deal

from dronedeal.deal import TABLES, Deal, RowOrigin
from dronedeal.deal.change import Change, apply_changes, read_change
from dronedeal.errors import ChangeError, InputError

DEAL = sound_deal()


def with_origins(deal: Deal) -> Deal:
    """The deal as if read from files: every row with an address and an owner."""
    rows = {name: deal.table(name) for name in TABLES}
    origins = {
        name: tuple(RowOrigin(f"{name}.csv", line + 2) for line in range(len(table)))
        for name, table in rows.items()
    }
    owners = {name: ("shared",) * len(table) for name, table in rows.items()}
    return Deal(settings=deal.settings, **rows, owners=owners, origins=origins)  # type: ignore[arg-type]


def fault_of(change: str) -> str:
    with pytest.raises(ChangeError) as error:
        apply_changes(DEAL, [change])
    (fault,) = error.value.faults
    assert isinstance(error.value, InputError)
    return fault


@pytest.mark.parametrize(
    ("text", "operator", "value"),
    [
        ("lines[away].initial_capacity=7", "=", "7"),
        ("lines[away].initial_capacity *= 7", "*=", "7"),
        (" lines[away].initial_capacity/=7 ", "/=", "7"),
        ("lines[away].initial_capacity-=-7", "-=", "-7"),
        ("lines[away].initial_capacity+=", "+=", ""),
        ("lines[away].initial_capacity=a = b", "=", "a = b"),
    ],
)
def test_a_change_has_three_parts(text: str, operator: str, value: str) -> None:
    assert read_change(text) == Change(text.strip(), "lines[away].initial_capacity", operator, value)


@pytest.mark.parametrize(
    ("change", "table", "column", "expected"),
    [
        ("prices[scout//2027/0].unit_price*=0.9", "prices", "unit_price", [900, 1100, 2000]),
        ("prices[scout/away].unit_price+=0.1", "prices", "unit_price", [1000, 1100.1, 2000]),
        ("prices[scout].unit_price-=100", "prices", "unit_price", [900, 1000, 2000]),
        ("prices[*,*,2028].unit_price/=4", "prices", "unit_price", [1000, 1100, 500]),
        ("prices[*].maximum*=2", "prices", "maximum", [1000, None, 60]),
        ("prices[*].maximum=", "prices", "maximum", [None, None, None]),
        ("prices[*].tier_from=", "prices", "tier_from", [0, 0, 0]),
        (
            "prices[falcon].price_basis=then_year",
            "prices",
            "price_basis",
            ["base_year", "base_year", "then_year"],
        ),
        ("prices[falcon].fiscal_year-=1", "prices", "fiscal_year", [2027, 2027, 2027]),
        ("rules[ban].is_hard=TRUE", "rules", "is_hard", [True, True]),
        ("trials[#2].version=7", "trials", "version", [DEAL.trials[0].version, 7]),
        ("systems[ranger].other_roles=relay; recon", "systems", "other_roles", [(), ("relay", "recon"), ()]),
        ("systems[ranger].name=A, B; C", "systems", "name", ["Scout", "A, B; C", "Falcon"]),
    ],
)
def test_a_change_sets_the_cells_that_it_names(
    change: str, table: str, column: str, expected: list[Any]
) -> None:
    rows = apply_changes(DEAL, [change]).table(table)
    found = [getattr(row, column) for row in rows]
    assert found[: len(expected)] == expected


@pytest.mark.parametrize(
    ("change", "expected"),
    [
        ("settings.options.assurance=0.9", lambda found: found.options.assurance == 0.9),
        ("settings.months-=6", lambda found: found.months == 18),
        ("settings.parties[us].discount_rate*=2", lambda found: found.party("us").discount_rate == 0.06),
        (
            "settings.parties[*].discount_rate=0.1",
            lambda found: {p.discount_rate for p in found.parties} == {0.1},
        ),
        (
            "settings.evidence.priors[mission_success/recon].successes=3",
            lambda found: found.evidence.priors[0].successes == 3,
        ),
        (
            "settings.evidence.priors[mission_success].failures=3",
            lambda found: found.evidence.priors[0].failures == 3,
        ),
        ("settings.evidence.half_life_months=", lambda found: found.evidence.half_life_months == 24),
    ],
)
def test_settings_change_too(change: str, expected: Any) -> None:
    assert expected(apply_changes(DEAL, [change]).settings)


def test_changes_are_made_one_after_the_other_and_the_deal_stays_as_it_is() -> None:
    made = apply_changes(DEAL, ["prices[scout//2027].unit_price=500", "prices[scout//2027].unit_price+=1"])
    assert made.prices[0].unit_price == 501
    assert sound_deal() == DEAL


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ("prices", "change 'prices': found 'prices'; allowed: `table[key].column OP value`"),
        ("=3", "write it like budgets[army/2028/procurement].amount*=0.9"),
        (
            "prices.unit_price=3",
            "name the rows in brackets: prices[system/line/fiscal_year/tier_from].column",
        ),
        ("setting.months=3", "found 'setting.months'; allowed: `table[key].column OP value`"),
        ("price[scout].unit_price=3", "found 'price'; allowed: a table of the deal; did you mean 'prices'?"),
        (
            "trials[scout].version=3",
            "found 'scout'; allowed: `#` and the number of a row, for `trials` has no key",
        ),
        ("prices[scout].unit_prize=3", "found 'unit_prize'; allowed: system, line, fiscal_year, tier_from"),
        ("trials[#99].version=3", "found '#99' as row of trials; allowed: #1"),
        ("prices[scout].unit_prize=3", "did you mean 'unit_price'?"),
        (
            "prices[scuot].unit_price=3",
            "'scuot' as system of prices; allowed: falcon, scout; did you mean 'scout'?",
        ),
        (
            "prices[scout/home].unit_price=3",
            "found 'home' as line of prices; allowed: (blank), away; name a row",
        ),
        ("prices[scout//2031].unit_price=3", "found '2031' as fiscal_year of prices; allowed: 2027"),
        ("lines[a/b].ramp_months=3", "found 2 key cells; allowed: id; give at most 1 key cells: id"),
        (
            "prices[scout].unit_price=cheap",
            "found 'cheap'; allowed: a number of at least 0; write a plain number",
        ),
        (
            "prices[scout].unit_price*=90%",
            "found '90%'; allowed: a number; write the share without a percent sign: 0.9",
        ),
        ("prices[scout].unit_price=nan", "found 'nan'; allowed: a number of at least 0"),
        ("prices[scout].unit_price=-1", "found -1; allowed: a number of at least 0; choose another value"),
        ("prices[scout].unit_price/=0", "found 0; allowed: a number other than 0; divide by another number"),
        (
            "prices[scout].unit_price=",
            "found nothing; allowed: a number of at least 0; write a value behind the =",
        ),
        ("prices[scout].fiscal_year*=1.0001", "choose a change that gives a whole number"),
        ("prices[scout].system*=2", "found *= for the column system, which holds letters, digits"),
        ("prices[scout/away].maximum*=2", "the cell is blank; allowed: =; give it a value with = first"),
        ("prices[scout].price_basis=base_yaer", "did you mean 'base_year'?"),
        ("rules[ban].is_hard=yes", "found 'yes'; allowed: true or false; write one of the two words"),
        ("systems[scout].id=two words", "found 'two words'; allowed: letters, digits"),
        ("settings=3", "found no key of the settings; allowed: title, description, start"),
        ("settings.format=2", "found 'format' among the settings; allowed: title, description, start"),
        ("settings.option.assurance=1", "found 'option' among the settings; allowed: title"),
        ("settings.option.assurance=1", "did you mean 'options'?"),
        ("settings.options=1", "found no key of the settings; allowed: effectiveness, assurance"),
        (
            "settings.options[a].assurance=1",
            "found a key in brackets after options; allowed: parties, priors",
        ),
        ("settings.options.assurance.a=1", "found 'a'; allowed: nothing below assurance; end with assurance"),
        ("settings.options.assurance=1.5", "found 1.5; allowed: a number from 0 to 1; choose another value"),
        (
            "settings.parties.discount_rate=1",
            "found parties without a key; allowed: dk, ua, us; write parties[id]",
        ),
        (
            "settings.parties[uss].discount_rate=1",
            "as key of parties; allowed: dk, ua, us; did you mean 'us'?",
        ),
        ("settings.parties[us/dk].discount_rate=1", "found 'us/dk' as key of parties; allowed: dk, ua, us"),
        ("settings.evidence.as_of*=2", "the cell is blank; allowed: ="),
    ],
)
def test_a_change_that_cannot_be_made_says_what_was_found_and_what_is_allowed(
    change: str, words: str
) -> None:
    fault = fault_of(change)
    assert fault.startswith(f"change '{change[:40]}")
    assert words in fault


def test_every_fault_is_told_at_once() -> None:
    with pytest.raises(ChangeError) as error:
        apply_changes(
            DEAL, ["price[scout].unit_price=3", "prices[scout].unit_price=3", "lines[x].ramp_months=1"]
        )
    assert len(error.value.faults) == 2
    assert str(error.value).count("\n") == 1


NUMBERS = [
    ("prices[*].unit_price", "*=", "/="),
    ("budgets[*].amount", "+=", "-="),
    ("lines[*].initial_capacity", "*=", "/="),
    ("settings.parties[us].discount_rate", "*=", "/="),
]
FACTORS = st.integers(min_value=1, max_value=999).map(lambda number: f"{number / 1000:g}")


@settings(deadline=None, max_examples=60, derandomize=True)
@given(st.sampled_from(NUMBERS), FACTORS)
def test_a_change_and_its_inverse_give_the_deal_back(what: tuple[str, str, str], factor: str) -> None:
    target, there, back = what
    between = apply_changes(DEAL, [f"{target}{there}{factor}"])
    assert apply_changes(between, [f"{target}{back}{factor}"]) == DEAL
    assert between != DEAL or factor == "1"


@settings(deadline=None, max_examples=40, derandomize=True)
@given(st.sampled_from(["prices[scout//2027]", "prices[falcon]", "prices[*]", "prices[*/*/2028]"]), FACTORS)
def test_rows_keep_their_owners_and_addresses_and_others_stay_the_very_same(rows: str, factor: str) -> None:
    deal = with_origins(DEAL)
    made = apply_changes(deal, [f"{rows}.unit_price={factor}"])
    assert made.origins == deal.origins
    assert made.owners == deal.owners
    for name in TABLES:
        for old, new in zip(deal.table(name), made.table(name), strict=True):
            is_meant = name == "prices" and new.unit_price == float(factor)
            assert (new is old) != is_meant

"""What the rules ask of a deal."""

from hypothesis import given, settings
from hypothesis import strategies as st
from tests.deal.checks.case import SOUND
from tests.deal.sound_deal import changed, with_party

from dronedeal.deal.checks import lookup

links = st.dictionaries(st.sampled_from("abcdefgh"), st.sampled_from("abcdefgh"))


@given(links)
@settings(deadline=None, max_examples=200)
def test_rings_are_exactly_the_names_that_lead_back_to_themselves(successors: dict[str, str]) -> None:
    def leads_back(start: str) -> bool:
        name = successors.get(start)
        for _ in range(len(successors)):
            if name == start:
                return True
            name = successors.get(name or "")
        return False

    rings = list(lookup.cycles(successors))
    members = [name for ring in rings for name in ring]
    assert len(members) == len(set(members))
    assert set(members) == {name for name in successors if leads_back(name)}
    for ring in rings:
        assert [successors[name] for name in ring] == [*ring[1:], ring[0]]


def test_a_market_system_has_another_supplier_than_the_seller_and_no_line() -> None:
    assert lookup.market_systems(SOUND) == {"falcon"}
    assert lookup.market_systems(changed(SOUND, "line_systems", 1, system="falcon")) == set()


def test_a_need_counts_the_system_that_it_names_or_all_of_its_role() -> None:
    systems = lookup.systems_by_role(SOUND)
    assert systems == {"recon": {"scout", "ranger", "falcon"}, "relay": {"ranger"}}
    by_role, by_system = SOUND.home_needs
    assert lookup.systems_of_need(by_role, systems) == {"scout", "ranger", "falcon"}
    assert lookup.systems_of_need(by_system, systems) == {"scout"}
    unknown = changed(SOUND, "home_needs", 0, role="cargo").home_needs[0]
    assert lookup.systems_of_need(unknown, systems) == set()


def test_lines_of_the_seller_and_lines_that_return_output_serve_its_needs() -> None:
    home, away = SOUND.lines
    assert lookup.serves_home(SOUND, home)
    assert lookup.serves_home(SOUND, away)
    assert not lookup.serves_home(SOUND, changed(SOUND, "lines", 1, return_share=0).lines[1])


def test_fiscal_years_are_those_of_the_side_and_missing_without_one() -> None:
    buyer, seller = lookup.fiscal_years(SOUND, "buyer"), lookup.fiscal_years(SOUND, "seller")
    assert buyer is not None
    assert seller is not None
    assert (list(buyer.names), list(seller.names)) == ([2027, 2028], [2026, 2027, 2028])
    assert lookup.fiscal_years(with_party(SOUND, 0, role="third"), "buyer") is None


def test_repeats_name_the_first_of_each_kind() -> None:
    assert list(lookup.repeats([(1,), (2,), (1,), (1,), (2,)])) == [(2, 0), (3, 0), (4, 1)]

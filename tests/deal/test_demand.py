"""Who else needs the output."""

from tests.deal.refuse import assert_refuses

from dronedeal.deal.demand import HomeNeed, OtherBuyer


def test_a_need_of_the_seller_must_be_met_in_full_unless_told() -> None:
    cells = {"id": "front", "role": "recon", "fiscal_year": 2027, "quantity": 10, "value": 5}
    assert HomeNeed(**cells).required_share == 1
    assert_refuses(HomeNeed, cells, required_share=1.01, quantity=-1, value=-1, fiscal_year=27)


def test_another_buyer_states_a_quantity_and_a_price() -> None:
    cells = {"id": "g", "tier": "gulf", "system": "x", "fiscal_year": 2027, "maximum": 0, "price": 0}
    assert_refuses(OtherBuyer, cells, maximum=-1, price=-1)

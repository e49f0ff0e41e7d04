"""Work that the two sides do together."""

from tests.deal.refuse import assert_refuses

from dronedeal.deal.cooperation import Integration, Project


def test_an_integration_costs_time_and_money_of_a_party() -> None:
    cells = {"system": "x", "branch": "army", "standard": "S", "cost": 1, "months": 0, "payer": "us"}
    assert Integration(**cells).appropriation is None
    assert_refuses(Integration, cells, cost=-1, months=-1)


def test_a_project_succeeds_unless_told_and_has_one_of_five_effects() -> None:
    cells = {
        "id": "p",
        "name": "P",
        "systems": ("x", "y"),
        "cost_by_year": (1.0, 0.0),
        "buyer_share": 0.5,
        "months": 12,
        "effect": "unit_cost",
        "result_owner": "ua",
    }
    assert Project(**cells).success_probability == 1
    assert_refuses(
        Project,
        cells,
        effect="magic",
        buyer_share=1.1,
        cost_by_year=(-1.0,),
        systems=("two words",),
        success_probability=2,
    )

"""What the branches of the buyer need."""

from tests.deal.refuse import assert_refuses

from dronedeal.deal.requirements import Requirement, RequirementAttribute, RequirementQuantity

NEED = {
    "id": "r",
    "branch": "army",
    "name": "Need",
    "role": "recon",
    "domain": "air",
    "kind": "use",
    "value_threshold": 2,
    "value_objective": 1,
}


def test_a_requirement_counts_every_unit_in_full_unless_it_names_a_measure() -> None:
    need = Requirement(**NEED)
    assert (need.effectiveness_measure, need.effectiveness_condition) == (None, "any")
    assert (need.loss_rate, need.on_hand, need.appropriation) == (0, 0, None)


def test_a_requirement_is_of_stock_or_use_and_its_figures_are_not_negative() -> None:
    assert_refuses(Requirement, NEED, kind="flow", value_threshold=-1, loss_rate=1.5, on_hand=-1)


def test_quantities_are_not_negative() -> None:
    cells = {"requirement": "r", "fiscal_year": 2027, "threshold": 0, "objective": 5}
    assert_refuses(RequirementQuantity, cells, threshold=-1, objective=float("inf"))


def test_a_criterion_is_hard_and_asks_for_at_least_the_threshold_unless_told() -> None:
    criterion = RequirementAttribute(requirement="r", attribute="range", threshold=-5, unit="km")
    assert criterion.hard
    assert criterion.direction == "at_least"
    assert_refuses(RequirementAttribute, {"requirement": "r"}, direction="around", confidence=2)

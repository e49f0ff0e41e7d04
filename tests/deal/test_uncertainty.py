"""What may turn out differently."""

from tests.deal.refuse import assert_refuses

from dronedeal.deal.uncertainty import Uncertainty


def test_an_outcome_has_a_probability_and_a_multiplier_of_a_known_factor() -> None:
    cells = {
        "factor": "budget",
        "subject": "*",
        "fiscal_year": 2027,
        "outcome": "cut",
        "probability": 0,
        "multiplier": 0,
    }
    assert_refuses(Uncertainty, cells, factor="weather", probability=1.01, multiplier=-0.1, fiscal_year=0)

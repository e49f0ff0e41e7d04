"""What a deal amounts to: trials to posteriors, systems against requirements, amounts to base-year money."""

from dronedeal.assessment.assessment import Assessment, assess
from dronedeal.assessment.checks import run_all_checks
from dronedeal.assessment.growth import GrowthEstimate
from dronedeal.assessment.pairing import Criterion, Pairing
from dronedeal.assessment.posterior import Posterior
from dronedeal.assessment.valuation import Valuation
from dronedeal.assessment.worth import Worths, completed, with_worth

__all__ = [
    "Assessment",
    "Criterion",
    "GrowthEstimate",
    "Pairing",
    "Posterior",
    "Valuation",
    "Worths",
    "assess",
    "completed",
    "run_all_checks",
    "with_worth",
]

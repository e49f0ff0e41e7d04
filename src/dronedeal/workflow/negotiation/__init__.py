"""Two sides at the table: a deal becomes an evaluator, and its answers become plans."""

from dronedeal.workflow.negotiation.evaluator import DealEvaluator, Point
from dronedeal.workflow.negotiation.folder import negotiate_to_folder
from dronedeal.workflow.negotiation.negotiate import NegotiationRun, negotiate
from dronedeal.workflow.negotiation.offer import OfferRun, offer
from dronedeal.workflow.negotiation.offer_folder import offer_to_folder
from dronedeal.workflow.negotiation.points import (
    deal_of_plan,
    deals_of_plans,
    point_sheet,
    term_sheet_to_files,
)

__all__ = [
    "DealEvaluator", "NegotiationRun", "OfferRun", "Point", "deal_of_plan", "deals_of_plans", "negotiate",
    "negotiate_to_folder", "offer", "offer_to_folder", "point_sheet", "term_sheet_to_files",
]  # fmt: skip

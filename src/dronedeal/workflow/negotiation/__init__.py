"""Two sides at the table: a deal becomes an evaluator, and its answers become plans."""

from dronedeal.workflow.negotiation.evaluator import DealEvaluator, Point
from dronedeal.workflow.negotiation.folder import negotiate_to_folder
from dronedeal.workflow.negotiation.negotiate import NegotiationRun, negotiate
from dronedeal.workflow.negotiation.offer import OfferRun, offer
from dronedeal.workflow.negotiation.offer_folder import offer_to_folder

__all__ = [
    "DealEvaluator", "NegotiationRun", "OfferRun", "Point", "negotiate", "negotiate_to_folder", "offer",
    "offer_to_folder",
]  # fmt: skip

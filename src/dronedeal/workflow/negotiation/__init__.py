"""Two sides at the table: a deal becomes an evaluator, and its answers become plans."""

from dronedeal.workflow.negotiation.evaluator import DealEvaluator, Point
from dronedeal.workflow.negotiation.folder import negotiate_to_folder
from dronedeal.workflow.negotiation.negotiate import NegotiationRun, negotiate

__all__ = ["DealEvaluator", "NegotiationRun", "Point", "negotiate", "negotiate_to_folder"]

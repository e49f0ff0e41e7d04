"""Two sides at the table: a deal becomes an evaluator, and its answers become plans."""

from dronedeal.workflow.negotiation.evaluator import DealEvaluator, Point

__all__ = ["DealEvaluator", "Point"]

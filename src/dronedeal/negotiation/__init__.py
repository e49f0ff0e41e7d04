"""Bargaining between two sides: frontier, fair points, prices of clauses.

Everything here receives an evaluator (`dronedeal.negotiation.evaluator`) and knows nothing of deals, plans
or solvers.
"""

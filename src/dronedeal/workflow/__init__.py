"""The verbs: read, check, match, plan, what-if, compare, explain, verify, report, new, schema.

The command line, a notebook and a test call the same functions. This is the only package that knows the
order of the layers below, and the only one that reads the clock or the environment: `deals` is about the
deal itself, `plans` makes plans, `answers` sets them side by side and explains them, `papers` reads and
writes them, `control` holds the stopwatch and the stop.
"""

from dronedeal.exchange import SyntheticSize
from dronedeal.workflow.answers import compare, explain, verify, what_if
from dronedeal.workflow.control import Stopwatch
from dronedeal.workflow.deals import check, match, narrow, new, read, rules, schema
from dronedeal.workflow.multiyear import compare_multiyear
from dronedeal.workflow.nearby import alternatives, alternatives_to_folder
from dronedeal.workflow.negotiation import (
    deal_of_plan,
    deals_of_plans,
    negotiate,
    negotiate_to_folder,
    offer,
    offer_to_folder,
    point_sheet,
    term_sheet_to_files,
)
from dronedeal.workflow.papers import (
    chart,
    read_plan,
    write_comparison,
    write_plan,
    write_report,
    write_what_if,
)
from dronedeal.workflow.plans import plan, plan_to_folder
from dronedeal.workflow.scenarios import can_go_on, plan_scenarios, read_scenarios, scenarios_to_folder
from dronedeal.workflow.stress_test import read_stress, stress, stress_path_to_folder, stress_to_folder
from dronedeal.workflow.workers import ClusterAt, cluster_at

__all__ = [
    "ClusterAt",
    "Stopwatch",
    "SyntheticSize",
    "alternatives",
    "alternatives_to_folder",
    "can_go_on",
    "chart",
    "check",
    "cluster_at",
    "compare",
    "compare_multiyear",
    "deal_of_plan",
    "deals_of_plans",
    "explain",
    "match",
    "narrow",
    "negotiate",
    "negotiate_to_folder",
    "new",
    "offer",
    "offer_to_folder",
    "plan",
    "plan_scenarios",
    "plan_to_folder",
    "point_sheet",
    "read",
    "read_plan",
    "read_scenarios",
    "read_stress",
    "rules",
    "scenarios_to_folder",
    "schema",
    "stress",
    "stress_path_to_folder",
    "stress_to_folder",
    "term_sheet_to_files",
    "verify",
    "what_if",
    "write_comparison",
    "write_plan",
    "write_report",
    "write_what_if",
]

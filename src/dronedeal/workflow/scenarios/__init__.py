"""Plans for many futures at once: the verbs, and what planning for them is worth."""

from dronedeal.workflow.scenarios.folder import can_go_on, read_scenarios, scenarios_to_folder
from dronedeal.workflow.scenarios.plan import plan_scenarios

__all__ = ["can_go_on", "plan_scenarios", "read_scenarios", "scenarios_to_folder"]

"""A signed plan against fresh futures: the verb, its checkpoint, and its folder."""

from dronedeal.workflow.stress.folder import read_stress, stress_to_folder
from dronedeal.workflow.stress.run import stress

__all__ = ["read_stress", "stress", "stress_to_folder"]

"""A signed plan against fresh futures: the verb, its checkpoint, and its folder."""

from dronedeal.workflow.stress_test.folder import read_stress, stress_to_folder
from dronedeal.workflow.stress_test.path import stress_path_to_folder
from dronedeal.workflow.stress_test.run import stress

__all__ = ["read_stress", "stress", "stress_path_to_folder", "stress_to_folder"]

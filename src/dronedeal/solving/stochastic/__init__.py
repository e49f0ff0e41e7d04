"""Plans for many futures: a problem on a scenario tree, its extensive form, its decomposition, its tail."""

from dronedeal.solving.stochastic.builder import StageColumn, StagedBuilder
from dronedeal.solving.stochastic.solution import TreeSolution
from dronedeal.solving.stochastic.solve import solve_tree
from dronedeal.solving.stochastic.staged import JointRows, NodeBlock, StagedProblem
from dronedeal.solving.stochastic.tail import mean_of_worst
from dronedeal.solving.stochastic.worth import (
    Worth,
    value_of_perfect_information,
    value_of_stochastic_solution,
    value_of_waiting,
)

__all__ = [
    "JointRows",
    "NodeBlock",
    "StageColumn",
    "StagedBuilder",
    "StagedProblem",
    "TreeSolution",
    "Worth",
    "mean_of_worst",
    "solve_tree",
    "value_of_perfect_information",
    "value_of_stochastic_solution",
    "value_of_waiting",
]

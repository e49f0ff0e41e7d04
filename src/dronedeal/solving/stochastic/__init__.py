"""Plans for many futures: a problem on a scenario tree, its extensive form, its decomposition, its tail."""

from dronedeal.solving.stochastic.builder import StageColumn, StagedBuilder
from dronedeal.solving.stochastic.solution import TreeSolution
from dronedeal.solving.stochastic.solve import solve_tree
from dronedeal.solving.stochastic.staged import JointRows, NodeBlock, StagedProblem
from dronedeal.solving.stochastic.tail import mean_of_worst

__all__ = [
    "JointRows",
    "NodeBlock",
    "StageColumn",
    "StagedBuilder",
    "StagedProblem",
    "TreeSolution",
    "mean_of_worst",
    "solve_tree",
]

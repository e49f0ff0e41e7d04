"""Mathematics without a solver: arrays, scenario tree, blocks, Problem."""

from dronedeal.planning.annual import annual_problem
from dronedeal.planning.baselines import BASELINES, BaselineKind, baseline_model
from dronedeal.planning.data import PlanningData
from dronedeal.planning.frozen import Frozen, as_decided
from dronedeal.planning.model import (
    Model,
    build,
    build_problem,
    no_deal_columns,
    optional_columns,
    rebuilt,
)
from dronedeal.planning.problem import Family, Problem, SparseRows
from dronedeal.planning.restored import decided_values
from dronedeal.planning.tree import Tree, single_path

__all__ = [
    "BASELINES",
    "BaselineKind",
    "Family",
    "Frozen",
    "Model",
    "PlanningData",
    "Problem",
    "SparseRows",
    "Tree",
    "annual_problem",
    "as_decided",
    "baseline_model",
    "build",
    "build_problem",
    "decided_values",
    "no_deal_columns",
    "optional_columns",
    "rebuilt",
    "single_path",
]

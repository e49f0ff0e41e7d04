"""Mathematics without a solver: arrays, scenario tree, blocks, Problem."""

from dronedeal.planning.annual import annual_problem
from dronedeal.planning.baselines import BASELINES, BaselineKind, baseline_model
from dronedeal.planning.by_system import SystemDeliveries, deliveries_by_system
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
    "SystemDeliveries",
    "Tree",
    "annual_problem",
    "as_decided",
    "baseline_model",
    "build",
    "build_problem",
    "decided_values",
    "deliveries_by_system",
    "no_deal_columns",
    "optional_columns",
    "rebuilt",
    "single_path",
]

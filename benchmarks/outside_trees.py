"""The same two-stage problem in mpi-sppy: power plants bought before demand is known.

The problem is LandS (Louveaux and Smeers, Optimal investments for electricity generation, 1988) with
demands of all three modes drawn anew for every scenario.

`python -m benchmarks.outside_trees METHOD SCENARIOS` states and solves it in this process and prints seconds
and cost as JSON; METHOD is "ours", "extensive" or "l-shaped", the latter two those of mpi-sppy (from
dronedeal[bench]) with HiGHS; its L-shaped method also needs mpi4py and an MPI library. Modules are loaded
before the clock starts.
"""

from __future__ import annotations

import importlib
import json
import sys
import time
from typing import Any

import numpy as np
from scipy import sparse

COST, BUDGET, LEAST = (10.0, 7.0, 16.0, 6.0), 120.0, 12.0
RUNNING = ((40.0, 24.0, 4.0), (45.0, 27.0, 4.5), (32.0, 19.2, 3.2), (55.0, 33.0, 5.5))
PLANTS, MODES = range(4), range(3)
MODULES = {
    "ours": ["dronedeal", "dronedeal.solving.stochastic"],
    "extensive": ["pyomo.environ", "mpisppy.opt.ef", "highspy"],
    "l-shaped": ["mpi4py", "pyomo.environ", "mpisppy.opt.lshaped", "highspy"],
}


def demands(scenarios: int) -> np.ndarray:
    """(n, 3) demand of each mode in each scenario; the same on any machine."""
    return np.random.default_rng(7).uniform((3.0, 2.0, 1.0), (7.0, 4.0, 3.0), (scenarios, 3))


def ours(scenarios: int) -> float:
    """The cost that the public function finds; scenarios share all arrays but their demand."""
    from dronedeal import solve_tree
    from dronedeal.solving.stochastic import NodeBlock, StagedProblem

    plants, modes = len(COST), len(RUNNING[0])
    endless = np.full(plants * modes, np.inf)
    root = NodeBlock(
        cost=np.array(COST),
        lower=np.zeros(plants),
        upper=np.full(plants, np.inf),
        is_integer=np.zeros(plants, dtype=bool),
        row_lower=np.array([LEAST, -np.inf]),
        row_upper=np.array([np.inf, BUDGET]),
        own=sparse.csr_array(np.array([np.ones(plants), COST])),
    )
    # What a plant makes in all modes, then what is made of each mode.
    own = sparse.csr_array(
        np.vstack([np.kron(np.eye(plants), np.ones(modes)), np.kron(np.ones(plants), np.eye(modes))])
    )
    link = {1: sparse.csr_array(np.vstack([-np.eye(plants), np.zeros((modes, plants))]))}
    cost, zero, whole = np.array(RUNNING).ravel(), np.zeros(plants * modes), np.zeros(plants * modes, bool)
    upper = np.concatenate([np.zeros(plants), np.full(modes, np.inf)])
    blocks = [
        NodeBlock(
            cost, zero, endless, whole, np.concatenate([np.full(plants, -np.inf), demand]), upper, own, link
        )
        for demand in demands(scenarios)
    ]
    probability = np.concatenate([[1.0], np.full(scenarios, 1 / scenarios)])
    parent = np.concatenate([[-1], np.zeros(scenarios, dtype=np.int64)])
    return solve_tree(StagedProblem(parent, probability, (root, *blocks)), gap=1e-6).cost


def scenario(name: str, *, table: np.ndarray) -> Any:
    """One scenario as mpi-sppy takes it."""
    import mpisppy.utils.sputils as sputils
    import pyomo.environ as pyo

    model = pyo.ConcreteModel(name)
    model.capacity = pyo.Var(PLANTS, within=pyo.NonNegativeReals)
    model.made = pyo.Var(PLANTS, MODES, within=pyo.NonNegativeReals)
    model.least = pyo.Constraint(expr=sum(model.capacity[plant] for plant in PLANTS) >= LEAST)
    model.budget = pyo.Constraint(expr=sum(COST[plant] * model.capacity[plant] for plant in PLANTS) <= BUDGET)
    model.within = pyo.Constraint(
        PLANTS, rule=lambda m, plant: sum(m.made[plant, mode] for mode in MODES) <= m.capacity[plant]
    )
    demand = table[sputils.extract_num(name)]
    model.demand = pyo.Constraint(
        MODES, rule=lambda m, mode: sum(m.made[plant, mode] for plant in PLANTS) >= demand[mode]
    )
    model.first = pyo.Expression(expr=sum(COST[plant] * model.capacity[plant] for plant in PLANTS))
    model.second = pyo.Expression(
        expr=sum(RUNNING[plant][mode] * model.made[plant, mode] for plant in PLANTS for mode in MODES)
    )
    model.cost = pyo.Objective(expr=model.first + model.second, sense=pyo.minimize)
    sputils.attach_root_node(model, model.first, [model.capacity])
    model._mpisppy_probability = 1 / len(table)
    return model


def outside(method: str, scenarios: int) -> float:
    """The cost that mpi-sppy finds."""
    names = [f"scenario{number}" for number in range(scenarios)]
    arguments = {"table": demands(scenarios)}
    if method == "extensive":
        from mpisppy.opt.ef import ExtensiveForm

        whole = ExtensiveForm(
            {"solver": "appsi_highs"},
            names,
            scenario,
            scenario_creator_kwargs=arguments,
            suppress_warnings=True,
        )
        whole.solve_extensive_form()
        return float(whole.get_objective_value())
    from mpisppy.opt.lshaped import LShapedMethod

    options = {
        "root_solver": "highs",
        "sp_solver": "highs",
        "tol": 1e-6,
        "max_iter": 200,
        "valid_eta_lb": dict.fromkeys(names, 0.0),
        "verbose": False,
    }
    split = LShapedMethod(options, names, scenario, scenario_creator_kwargs=arguments)
    split.lshaped_algorithm()
    import pyomo.environ as pyo

    return float(pyo.value(split.root.obj))


def main() -> int:
    """Solve once, and print what it took."""
    method, scenarios = sys.argv[1], int(sys.argv[2])
    for name in MODULES[method]:
        importlib.import_module(name)
    wall, processor = time.perf_counter(), time.process_time()
    cost = ours(scenarios) if method == "ours" else outside(method, scenarios)
    wall, processor = time.perf_counter() - wall, time.process_time() - processor
    print(json.dumps({"method": method, "wall": wall, "processor": processor, "cost": cost}))
    return 0


if __name__ == "__main__":
    sys.exit(main())

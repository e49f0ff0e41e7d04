"""dronedeal: a workbench for framework purchases with joint production.

The verbs of the command line are the functions of this package, and the usual way to use it in Python::

    import dronedeal

    deal = dronedeal.read("deals/first-deal")
    dronedeal.check(deal)
    dronedeal.match(deal)
    plan = dronedeal.plan(deal, objective="joint")
    dronedeal.verify(plan, deal)

Names are loaded when they are first used, so that `import dronedeal` costs nothing.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from dronedeal.assessment import Assessment
    from dronedeal.deal import Deal, Finding
    from dronedeal.deal.term_sheet import TermSheet
    from dronedeal.errors import DealError, DealFolderError
    from dronedeal.exchange import Alternatives, CheckResult, FutureChoices, SyntheticSize, WhatIf
    from dronedeal.results.compare import Comparison
    from dronedeal.results.explain.answers import Explanation
    from dronedeal.results.plan import Plan
    from dronedeal.results.scenarios.record import ScenarioPlan
    from dronedeal.results.stress.record import StressTest
    from dronedeal.results.verify import Verification
    from dronedeal.solving import Progress
    from dronedeal.solving.stochastic import TreeSolution, solve_tree
    from dronedeal.workflow import (
        alternatives,
        chart,
        check,
        compare,
        compare_multiyear,
        explain,
        match,
        negotiate,
        new,
        offer,
        plan,
        plan_scenarios,
        read,
        read_plan,
        read_scenarios,
        read_stress,
        schema,
        verify,
        what_if,
        write_comparison,
        write_plan,
        write_report,
        write_what_if,
    )
    from dronedeal.workflow.stress_test import stress

_HOMES = {
    "dronedeal.assessment": ("Assessment",),
    "dronedeal.deal": ("Deal", "Finding"),
    "dronedeal.deal.term_sheet": ("TermSheet",),
    "dronedeal.errors": ("DealError", "DealFolderError"),
    "dronedeal.exchange": ("Alternatives", "CheckResult", "FutureChoices", "SyntheticSize", "WhatIf"),
    "dronedeal.results.compare": ("Comparison",),
    "dronedeal.results.explain.answers": ("Explanation",),
    "dronedeal.results.plan": ("Plan",),
    "dronedeal.results.scenarios.record": ("ScenarioPlan",),
    "dronedeal.results.stress.record": ("StressTest",),
    "dronedeal.results.verify": ("Verification",),
    "dronedeal.solving": ("Progress",),
    "dronedeal.solving.stochastic": ("TreeSolution", "solve_tree"),
    "dronedeal.workflow": (
        "alternatives",
        "chart",
        "check",
        "compare",
        "compare_multiyear",
        "explain",
        "match",
        "negotiate",
        "new",
        "offer",
        "plan",
        "plan_scenarios",
        "read",
        "read_plan",
        "read_scenarios",
        "read_stress",
        "schema",
        "verify",
        "what_if",
        "write_comparison",
        "write_plan",
        "write_report",
        "write_what_if",
    ),
    "dronedeal.workflow.stress_test": ("stress",),
}

__all__ = [
    "Alternatives",
    "Assessment",
    "CheckResult",
    "Comparison",
    "Deal",
    "DealError",
    "DealFolderError",
    "Explanation",
    "Finding",
    "FutureChoices",
    "Plan",
    "Progress",
    "ScenarioPlan",
    "StressTest",
    "SyntheticSize",
    "TermSheet",
    "TreeSolution",
    "Verification",
    "WhatIf",
    "__version__",
    "alternatives",
    "chart",
    "check",
    "compare",
    "compare_multiyear",
    "explain",
    "match",
    "negotiate",
    "new",
    "offer",
    "plan",
    "plan_scenarios",
    "read",
    "read_plan",
    "read_scenarios",
    "read_stress",
    "schema",
    "solve_tree",
    "stress",
    "verify",
    "what_if",
    "write_comparison",
    "write_plan",
    "write_report",
    "write_what_if",
]

__version__: str


def __getattr__(name: str) -> Any:
    if name == "__version__":
        from importlib.metadata import version

        return version("dronedeal")
    for home, names in _HOMES.items():
        if name in names:
            value = getattr(import_module(home), name)
            globals()[name] = value
            return value
    raise AttributeError(f"module 'dronedeal' has no attribute {name!r}; it has {', '.join(__all__)}")


def __dir__() -> list[str]:
    return sorted({*globals(), *__all__})

"""The text of a problem, read back by another reader."""

from __future__ import annotations

from pathlib import Path

import highspy
import pytest
from tests.planning.small_deal import small_deal

from dronedeal.assessment import assess
from dronedeal.planning import build
from dronedeal.planning.lp_format import lp_name, lp_text
from dronedeal.planning.model import no_deal_columns
from dronedeal.solving.highs import HighsSolver
from dronedeal.solving.interface import SolveOptions
from dronedeal.solving.outcome import solve_plan


def test_text_read_by_a_solver_has_the_same_optimum(tmp_path: Path) -> None:
    deal = small_deal()
    model = build(deal, assess(deal))
    problem = model.problem
    # Violations are allowed only where rules collide; here they do not, and the text leaves them out.
    text = lp_text(problem)
    for name, family in problem.columns.items():
        if name.endswith("_violation"):
            for number in family.numbers.tolist():
                column = lp_name(problem.column_name(number))
                text = text.replace(
                    f" 0 <= {column} <= {problem.upper[number]:.10g}\n", f" 0 <= {column} <= 0\n"
                )
    path = tmp_path / "problem.lp"
    path.write_text(text, encoding="utf-8")
    solver = highspy.Highs()
    solver.setOptionValue("output_flag", False)
    solver.setOptionValue("mip_rel_gap", 1e-9)
    assert solver.readModel(str(path)) == highspy.HighsStatus.kOk
    solver.run()
    outcome = solve_plan(
        problem, HighsSolver(), no_deal=no_deal_columns(model), options=SolveOptions(gap=1e-9)
    )
    stated = solver.getInfo().objective_function_value + float(problem.utility_constant.sum())
    assert stated == pytest.approx(outcome.solution.objective, rel=1e-7)

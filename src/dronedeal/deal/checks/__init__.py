"""Cross-table rules: each has a name, all of them run together, none stops at the first finding."""

# an import registers the rules of its module, and the order of the imports is the order in which they run
from dronedeal.deal.checks import (  # isort: skip  # noqa: F401
    keys,
    parties,
    years,
    requirements,
    preferences,
    criteria,
    evidence,
    lines,
    learning,
    parts,
    sales,
    prices,
    demand,
    funds,
    cash,
    currencies,
    cooperation,
    terms,
    clauses,
    clause_effects,
    uncertainty,
    provenance,
    one_side,
)
from dronedeal.deal.checks.manual import rules_page
from dronedeal.deal.checks.registry import RULES, RegisteredRule, rule, run_checks

__all__ = ["RULES", "RegisteredRule", "rule", "rules_page", "run_checks"]

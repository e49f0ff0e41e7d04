"""The charts of the report; importing this package registers them."""

from dronedeal.report.charts import (
    accounting,
    buying,
    cooperating,
    covering,
    joining,
    making,
    paying,
    pricing,
    rule_costs,
    unit_costs,
    worth,
)
from dronedeal.report.figure import figures

__all__ = [
    "accounting",
    "buying",
    "cooperating",
    "covering",
    "figures",
    "joining",
    "making",
    "paying",
    "pricing",
    "rule_costs",
    "unit_costs",
    "worth",
]

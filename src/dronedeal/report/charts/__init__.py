"""The charts of the report; importing this package registers them."""

from dronedeal.report.charts import buying, covering, making, paying, pricing, unit_costs, worth
from dronedeal.report.figure import figures

__all__ = ["buying", "covering", "figures", "making", "paying", "pricing", "unit_costs", "worth"]

"""What is on the table: frozen records, one file per subject; no input/output, no optimisation."""

from dronedeal.deal.deal import Deal
from dronedeal.deal.finding import Finding
from dronedeal.deal.place import Place, RowOrigin
from dronedeal.deal.schema import TABLES, Column, Table
from dronedeal.deal.settings import Party, Settings

__all__ = ["TABLES", "Column", "Deal", "Finding", "Party", "Place", "RowOrigin", "Settings", "Table"]

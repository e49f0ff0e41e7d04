"""The blocks of the model, one short function per family, in the order in which they are built."""

from dronedeal.planning.blocks import (
    bundles,
    decisions,
    delivery,
    integration,
    money,
    production,
    projects,
    rebates,
    rules,
    seller_cash,
    substitutes,
    surplus,
    terms,
    tiers,
    violations,
    whole_units,
    worth,
)
from dronedeal.planning.blocks.registry import CLOSING_BLOCKS, COLUMN_BLOCKS, ROW_BLOCKS, UTILITY_BLOCKS

# Importing a module registers its blocks; naming the modules keeps that visible.
BLOCK_MODULES = (
    decisions,
    violations,
    production,
    delivery,
    surplus,
    tiers,
    bundles,
    money,
    terms,
    whole_units,
    worth,
    rebates,
    rules,
    substitutes,
    integration,
    projects,
    seller_cash,
)

__all__ = ["BLOCK_MODULES", "CLOSING_BLOCKS", "COLUMN_BLOCKS", "ROW_BLOCKS", "UTILITY_BLOCKS"]

"""Arrays of the terms of payment: ceiling, instalments, price tiers, bundles.

Money is in millions of base-year deal currency unless a name says then-year; quantities are units.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from dronedeal.planning.tree import FloatArray, IntArray

BoolArray = np.ndarray[tuple[int, ...], np.dtype[np.bool_]]


@dataclass(frozen=True)
class TierData:
    """Price tiers, one for each row of `prices` that is one of several tiers; by base row, lowest first.

    row, base : (I,) its own price row and the lowest one of the same system, line and year, which limits
    and prices what is bought; start : (I,) units in the plan from which it holds, 0 for the lowest; end :
    (I,) the largest quantity that is below the next tier, inf for the highest; rebate : (I,) million per
    unit below the price of the base row; royalty : (I,) share of the price that goes to the seller where
    another makes it, 0 where the design is not the seller's; is_incremental : (I,); year : (I,) index of
    the buyer year
    """

    row: IntArray
    base: IntArray
    start: FloatArray
    end: FloatArray
    rebate: FloatArray
    royalty: FloatArray
    is_incremental: BoolArray
    year: IntArray

    @property
    def count(self) -> int:
        """Number of tiers."""
        return len(self.row)

    @property
    def is_lowest(self) -> BoolArray:
        """(I,) whether the tier is the lowest of its prices."""
        lowest: BoolArray = self.row == self.base
        return lowest


@dataclass(frozen=True)
class BundleData:
    """Bundles, one for each row of `bundles`, and their members.

    year : (B,) index of the buyer year; rebate : (B,) million per whole set; bundle, system : (M,) bundle
    and system of each member; quantity : (M,) units in a set; below : (M,) the largest number of units that
    are less than one more set needs
    """

    year: IntArray
    rebate: FloatArray
    bundle: IntArray
    system: IntArray
    quantity: FloatArray
    below: FloatArray

    @property
    def count(self) -> int:
        """Number of bundles."""
        return len(self.year)


@dataclass(frozen=True)
class TermsData:
    """What is agreed on the payments to the seller.

    ceiling : million then-year that the buyer pays to the seller at most, inf where none is agreed;
    advance_share, retention_share : of the price of what the seller makes; retention_months : from the end
    of the buyer's year
    """

    ceiling: float
    advance_share: float
    retention_share: float
    retention_months: int
    tiers: TierData
    bundles: BundleData

    @property
    def has_ceiling(self) -> bool:
        """Whether there is a ceiling."""
        return bool(np.isfinite(self.ceiling))

"""Which fractional integers a dive rounds next, and whereto."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from dronedeal.planning.tree import FloatArray, IntArray

Choose = Callable[[FloatArray, IntArray], tuple[IntArray, FloatArray]]


def upwards(values: FloatArray, fractional: IntArray) -> tuple[IntArray, FloatArray]:
    """A quarter of the fractional integers, the fullest first, each to the next whole number.

    A relaxation that opens a third of a line would mostly rather have the line than not.
    """
    count = max(1, len(fractional) // 4)
    fullest = fractional[np.argsort(-(values[fractional] % 1.0), kind="stable")[:count]]
    return fullest, np.ceil(values[fullest])


def nearest(values: FloatArray, fractional: IntArray) -> tuple[IntArray, FloatArray]:
    """A quarter of the fractional integers, those closest to whole numbers first, each to the nearest."""
    count = max(1, len(fractional) // 4)
    distance = np.abs(values[fractional] - np.round(values[fractional]))
    closest = fractional[np.argsort(distance, kind="stable")[:count]]
    return closest, np.round(values[closest])

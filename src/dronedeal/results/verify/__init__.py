"""Independent check of a plan by plain arithmetic on its deal, without solver or planning code."""

from dronedeal.results.verify.compare import FLOOR_SHARE, TOLERANCE
from dronedeal.results.verify.outcome import CheckResult, Failure, Verification
from dronedeal.results.verify.run import CHECKS, verify

__all__ = ["CHECKS", "FLOOR_SHARE", "TOLERANCE", "CheckResult", "Failure", "Verification", "verify"]

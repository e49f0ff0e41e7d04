"""Why a plan is as it is: what it violates, what binds and what that is worth, what is short and why."""

from dronedeal.results.explain.binding import binding
from dronedeal.results.explain.entry import passed_over
from dronedeal.results.explain.frozen import no_room
from dronedeal.results.explain.margins import Margins
from dronedeal.results.explain.shortages import unmet
from dronedeal.results.explain.violations import violations

__all__ = ["Margins", "binding", "no_room", "passed_over", "unmet", "violations"]

"""The command `dronedeal`: parse, call the workflow, print.

Exit status: 0 done; 1 the plan failed its check (`verify`); 2 something in the user's data or command;
70 a fault of the program; 130 stopped on request before there was a plan.

Each module holds the commands of one subject; the order in which they are imported here is the order of the
help text. The workflow is imported inside the commands, so that `--help` answers at once; the import contract
sees these imports like all others.
"""

from dronedeal.cli import deals, plans, stress, comparisons, negotiations  # noqa: I001 -- the order of the help text
from dronedeal.cli.command import DONE, FAILED_CHECK, INPUT_ERROR, PROGRAM_FAULT, STOPPED, app
from dronedeal.cli.exit_status import command_names, main, run

__all__ = [
    "DONE", "FAILED_CHECK", "INPUT_ERROR", "PROGRAM_FAULT", "STOPPED", "app", "command_names", "comparisons",
    "deals", "main", "negotiations", "plans", "run", "stress",
]  # fmt: skip

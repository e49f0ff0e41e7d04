"""The command itself: its name, what it shows of itself, and what one call of it was asked."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated

from dronedeal.cli.library import Context, Exit, Option, Typer, echo

DONE, FAILED_CHECK, INPUT_ERROR, PROGRAM_FAULT, STOPPED = 0, 1, 2, 70, 130

app = Typer(
    name="dronedeal",
    rich_markup_mode=None,
    add_completion=False,
    pretty_exceptions_enable=False,
    no_args_is_help=True,
    context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100},
)


@dataclass
class Invocation:
    """What one call of the command was asked besides its verb."""

    is_debugging: bool = False


def _show_version(is_asked: bool) -> None:
    if is_asked:
        import dronedeal

        echo(f"dronedeal {dronedeal.__version__}")
        raise Exit


@app.callback()
def dronedeal_command(
    context: Context,
    *,
    debug: Annotated[bool, Option("--debug", help="Show the traceback of a fault.")] = False,
    version: Annotated[
        bool, Option("--version", callback=_show_version, is_eager=True, help="Show the version.")
    ] = False,
) -> None:
    """A workbench for framework purchases with joint production.

    It turns one deal folder into a certified plan, the value of that plan to each side, and a report.
    """
    if isinstance(context.obj, Invocation):
        context.obj.is_debugging = debug

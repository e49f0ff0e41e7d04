"""One call of the command from its arguments to its exit status."""

from __future__ import annotations

import os
import sys
import traceback
from collections.abc import Sequence
from typing import NoReturn

from dronedeal.cli.command import DONE, INPUT_ERROR, PROGRAM_FAULT, STOPPED, Invocation, app
from dronedeal.cli.library import echo
from dronedeal.errors import DealError, InputError, StoppedError


def command_names() -> list[str]:
    """Names of all commands, in the order of the help text."""
    return [
        command.name or command.callback.__name__ for command in app.registered_commands if command.callback
    ]


def run(arguments: Sequence[str]) -> int:
    """Carry out one command line and return its exit status; messages go to stderr."""
    invocation = Invocation()
    try:
        app(args=list(arguments), prog_name="dronedeal", obj=invocation)
    except SystemExit as stop:
        return _status(stop)
    except KeyboardInterrupt:
        return _say("stopped on request; nothing was planned", STOPPED)
    except StoppedError as error:
        return _say(str(error), STOPPED)
    except InputError as error:
        return _say(str(error), INPUT_ERROR)
    except Exception as error:
        if _was_stopped(error):
            return _say("stopped on request; nothing was planned", STOPPED)
        return _fault(error, is_debugging=invocation.is_debugging)
    return DONE


def _status(stop: SystemExit) -> int:
    if stop.code == STOPPED:
        return _say("stopped on request; nothing was planned", STOPPED)
    return stop.code if isinstance(stop.code, int) else DONE


def _was_stopped(error: BaseException) -> bool:
    """Whether a stop came while a library was being read, which then says that it cannot begin."""
    cause: BaseException | None = error if isinstance(error, ImportError) else None
    while cause is not None and not isinstance(cause, KeyboardInterrupt):
        cause = cause.__cause__ or cause.__context__
    return cause is not None


def _say(message: str, status: int) -> int:
    echo(message, err=True)
    return status


def _fault(error: Exception, *, is_debugging: bool) -> int:
    if is_debugging:
        traceback.print_exception(error)
    kind = "" if isinstance(error, DealError) else f"{type(error).__name__}: "
    return _say(
        f"dronedeal has a fault that is not yours. Please report it with this text:\n"
        f"{kind}{error}\n"
        "`dronedeal --debug …` shows where it happened.",
        PROGRAM_FAULT,
    )


def main() -> NoReturn:
    """Entry point of the command `dronedeal`."""
    for stream in (sys.stdout, sys.stderr):
        stream.reconfigure(errors="replace")  # type: ignore[union-attr]  # a terminal may not know every sign
    status = run(sys.argv[1:])
    if status == STOPPED:
        # A solver that was told to stop may still be at work in its thread; the interpreter cannot be taken
        # down under it, so the process ends at once.
        for stream in (sys.stdout, sys.stderr):
            stream.flush()
        os._exit(status)
    sys.exit(status)

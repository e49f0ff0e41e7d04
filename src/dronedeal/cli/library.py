"""The one module that names the command-line library."""

from __future__ import annotations

from typer import Argument, Context, Exit, Option, Typer, echo

__all__ = ["Argument", "Context", "Exit", "Option", "Typer", "echo"]

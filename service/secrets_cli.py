"""`kuaizheng secrets`: the master keys that personal data is sealed under."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from service.output import OutputError, print_line

app = typer.Typer(help="Master keys of the service: new.", no_args_is_help=True)


@app.callback()
def secrets() -> None:
    """Master keys of the service."""


@app.command()
def new(file: Annotated[Path, typer.Argument(help="Where there is none yet.")]) -> None:
    """Make a file with a new master key. Keep a copy of it elsewhere: what it seals, nothing else opens."""
    from service.guard.fields import new_key_file

    try:
        new_key_file(file)
    except OSError as error:
        raise OutputError(f"{file}: {error.strerror}") from error
    print_line(f"{file}: keep a copy elsewhere")

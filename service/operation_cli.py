"""Commands for who runs the service: `kuaizheng doctor`, `kuaizheng backup`."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from service.cli_options import Config
from service.output import print_line

backup_app = typer.Typer(help="Copies of the service: make, verify.", no_args_is_help=True)


def doctor(
    checks: Annotated[
        list[str] | None,
        typer.Argument(metavar="CHECK...", help="settings, database, storage, models, disk, clock; none: all."),
    ] = None,
    config: Config = None,
) -> None:
    """Try everything that the service stands on: a line for each, exit status 1 if one is not well."""
    from service import doctor as checkup

    raise typer.Exit(checkup.run(config, tuple(checks or ())))


@backup_app.command()
def make(folder: Annotated[Path, typer.Argument(help="A new folder.")], config: Config = None) -> None:
    """Copy database and originals of the embedded service while it runs; the folder is a data folder then."""
    from service import backup, settings

    copied = backup.back_up(settings.load(config), folder)
    print_line(f"{copied.originals} originals, {copied.size_bytes / 1e6:.1f} MB, and the database in {folder}")
    for key in copied.keys:
        print_line(f"not in it, and needed with it: {key}")


@backup_app.command()
def verify(config: Config = None) -> None:
    """Read every original that the database names, of any kind of store. Exit status 1: some are gone or damaged."""
    import asyncio

    from service import backup, settings

    proved = asyncio.run(backup.prove(settings.load(config)))
    for key in proved.wrong:
        print_line(f"gone, damaged or not to be read: {key}")
    print_line(f"{proved.originals - len(proved.wrong)} of {proved.originals} originals are there and whole")
    raise typer.Exit(1 if proved.wrong else 0)

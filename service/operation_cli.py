"""Commands for who runs the service: `kuaizheng doctor`."""

from __future__ import annotations

from typing import Annotated

import typer

from service.cli_options import Config


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

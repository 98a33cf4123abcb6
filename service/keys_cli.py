"""`kuaizheng keys`: machine keys of the service."""

from __future__ import annotations

from typing import Annotated

import typer

from service.cli_options import Config
from service.guard.roles import Role
from service.output import print_line

app = typer.Typer(help="Machine keys of the service.", no_args_is_help=True)


@app.callback()
def keys() -> None:
    """Machine keys of the service."""


@app.command("add")
def add_key(
    organisation: Annotated[str, typer.Argument(help="Whose; made if there is none of this name.")],
    name: Annotated[str, typer.Argument(help="What the key is for.")],
    role: Annotated[Role, typer.Option(help="What it may do.")] = Role.UPLOADER,
    config: Config = None,
) -> None:
    """Make a key and print it, this once."""
    import asyncio

    from service import serve as service
    from service import settings

    print_line(str(asyncio.run(service.make_key(settings.load(config), organisation, role, name))))

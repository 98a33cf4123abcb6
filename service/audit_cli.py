"""`kuaizheng audit`: verifies the audit log, and tells the public key that its checkpoints are verified with."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from service.cli_options import Config
from service.output import print_line

WRONG = 1
app = typer.Typer(help="The audit log: verify, key.", no_args_is_help=True)


@app.command()
def verify(
    checkpoints: Annotated[
        list[Path] | None, typer.Option("--checkpoints", metavar="FILE", help="Checkpoints kept elsewhere, too.")
    ] = None,
    public_keys: Annotated[
        list[Path] | None, typer.Option("--public-key", metavar="FILE", help="PEM; else that of the audit_key_file.")
    ] = None,
    config: Config = None,
) -> None:
    """Find any edit, deletion, reordering or cut tail. Exit status 1: something is wrong; 2: could not look."""
    import asyncio

    from service import audit_verifying, settings

    wrong = asyncio.run(audit_verifying.verify(settings.load(config), checkpoints or (), public_keys or ()))
    raise typer.Exit(WRONG if wrong else 0)


@app.command()
def key(config: Config = None) -> None:
    """Print the public key, for who verifies elsewhere."""
    from service import audit_signing, settings

    print_line(audit_signing.public_text(audit_signing.public_key(settings.load(config))).rstrip())

"""`kuaizheng officers`: accounts of the people who review cases."""

from __future__ import annotations

import asyncio
import sys
from typing import Annotated

import typer
from pydantic import ValidationError

from service.cli_options import Config
from service.guard.roles import Role
from service.output import print_line
from vision.errors import InputError

app = typer.Typer(help="Accounts of officers: add.", no_args_is_help=True)


@app.callback()
def officers() -> None:
    """Accounts of officers."""


@app.command("add")
def add_officer(
    organisation: Annotated[str, typer.Argument(help="Whose; `serve` makes one that is called default.")],
    login: Annotated[str, typer.Argument(help="What is typed to log in: a-z, 0-9 and . _ @ -")],
    name: Annotated[str, typer.Option(help="The officer's own name.")],
    role: Annotated[Role, typer.Option(help="What they may do.")] = Role.OFFICER,
    subject: Annotated[str | None, typer.Option(help="Who it is to the OpenID Connect provider; no password.")] = None,
    config: Config = None,
) -> None:
    """Add an officer; the password is asked for, or read from standard input where that is no terminal."""
    from service import settings
    from service.api.officer_bodies import OfficerIn
    from service.officer_accounts import add

    told: dict[str, object] = {"login": login, "name": name, "role": role, "subject": subject}
    if subject is None:
        told["password"] = _password()
    try:
        asked = OfficerIn.model_validate(told)
    except ValidationError as error:
        first = error.errors()[0]
        raise InputError(f"{'.'.join(map(str, first['loc']))}: {first['msg']}") from error
    print_line(asyncio.run(add(settings.load(config), organisation, asked)))


def _password() -> str:
    if sys.stdin.isatty():
        return str(typer.prompt("Password", hide_input=True, confirmation_prompt=True))
    read = sys.stdin.readline().rstrip("\n")
    if not read:
        raise InputError("a password is needed on standard input")
    return read

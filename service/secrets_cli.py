"""`kuaizheng secrets`: the master keys that personal data is sealed under."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from service.cli_options import Config
from service.output import OutputError, print_line
from vision.errors import InputError

if TYPE_CHECKING:
    from service.store.database import Database

app = typer.Typer(help="Keys that seal personal data: new, rotate-master, rotate-data.", no_args_is_help=True)


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


@app.command("rotate-master")
def rotate_master(config: Config = None) -> None:
    """Add a master key to the file and wrap all organisations' keys under it; processes that run take it up."""
    from service import settings
    from service.guard.fields import add_master_key
    from service.store.opening import master_key_file, open_database
    from service.store.rotating import rewrap

    told = settings.load(config)
    path = master_key_file(told)
    try:
        new = add_master_key(path)
    except OSError as error:
        raise OutputError(f"{path}: {error.strerror}") from error
    changed = asyncio.run(_with(open_database(told), rewrap))
    print_line(f"{changed} keys wrapped under {new}; {path}: keep a copy elsewhere, the older keys open older backups")


@app.command("rotate-data")
def rotate_data(
    organisation: Annotated[str, typer.Argument(help="Whose.")],
    only_seal: Annotated[bool, typer.Option("--only-seal", help="No new key: seal what is under older ones.")] = False,
    config: Config = None,
) -> None:
    """Make a new data key for an organisation and seal all its personal data under it."""
    from service import settings
    from service.store import keys
    from service.store.opening import open_database
    from service.store.rotating import renew, reseal

    async def work(database: Database) -> int:
        async with database.read() as connection:
            found = await keys.organisation_of(connection, organisation)
        if found is None:
            raise InputError(f"no organisation {organisation!r}")
        return await (reseal if only_seal else renew)(database, found)

    changed = asyncio.run(_with(open_database(settings.load(config)), work))
    print_line(f"{changed} values sealed anew")


async def _with(database: Database, work: Callable[[Database], Awaitable[int]]) -> int:
    try:
        return await work(database)
    finally:
        await database.close()

"""Adding an officer from the command line: the first administrator cannot ask another one over HTTP."""

from __future__ import annotations

from service.api.officer_bodies import OfficerIn
from service.guard.passwords import hash_password
from service.settings import Settings
from service.store import audit, keys, officers
from service.store.audit import COMMAND_LINE, Action
from service.store.officers import NewOfficer
from service.store.opening import open_database
from vision.errors import InputError


async def add(settings: Settings, organisation: str, asked: OfficerIn) -> str:
    """The new officer's id. Raises `InputError` for an organisation or a login that will not do."""
    password = None if asked.password is None else hash_password(asked.password.get_secret_value(), asked.login)
    new = NewOfficer(asked.login, asked.name, asked.role, password, asked.subject)
    database = open_database(settings)
    try:
        async with database.write() as connection:
            found = await keys.organisation_of(connection, organisation)
            if found is None:
                raise InputError(f"no organisation {organisation!r}")
            officer_id = await officers.add(connection, found, new)
            if officer_id is None:
                raise InputError("there is an officer of this login or subject")
            told = {"role": asked.role.value}
            await audit.record(connection, found, COMMAND_LINE, Action.OFFICER_ADDED, officer_id, told)
        return officer_id
    finally:
        await database.close()

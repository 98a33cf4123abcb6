"""Verifies the audit log of a database, chain by chain, and prints what is wrong."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Final

from service import audit_signing
from service.guard.audit_check import ChainCheck, Problem
from service.output import print_line
from service.settings import Settings
from service.store import audit_reading
from service.store.database import Database
from service.store.errors import StoreUnavailableError
from service.store.migrate import is_current

_SHOWN: Final = 20


async def verify(settings: Settings, copies: Sequence[Path], public_keys: Sequence[Path]) -> int:
    """How many problems there are. ``copies`` are files of checkpoints that were kept elsewhere.

    Without ``public_keys`` the settings' own key counts. Raises `KeyFileError`, `StoreUnavailableError`.
    """
    told = [audit_signing.read_public(path) for path in public_keys]
    keys = {audit_signing.key_id(key): key for key in told or [audit_signing.public_key(settings)]}
    own = settings.audit_checkpoint_file
    files = [*copies, *([own] if own is not None and own.exists() else ())]
    kept = [one for path in files for one in audit_signing.read_copies(path)]
    if not is_current(settings.database):
        raise StoreUnavailableError("the database's schema is another version's, or there is none")
    database, wrong = Database(settings.database), 0
    try:
        async with database.read() as connection:
            names = await audit_reading.all_organisations(connection)
            for chain in [*names, *sorted({one.chain for one in kept} - names.keys())]:
                mine = await audit_reading.checkpoints_of(connection, chain)
                check, count = ChainCheck(chain, [*mine, *(one for one in kept if one.chain == chain)], keys), 0
                async for record in audit_reading.chain(connection, chain):
                    check.see(record)
                    count += 1
                problems = check.end(await audit_reading.head(connection, chain))
                signed = max((one.sequence for one in mine), default=0)
                _tell(f"{chain} ({names.get(chain, 'gone')}): {count} records, signed up to {signed}", problems)
                wrong += len(problems)
    finally:
        await database.close()
    return wrong


def _tell(chain: str, problems: Sequence[Problem]) -> None:
    print_line(f"{chain}: {f'{len(problems)} problems' if problems else 'right'}")
    for one in problems[:_SHOWN]:
        print_line(f"  record {one.sequence}: {one.code}")
    if len(problems) > _SHOWN:
        print_line(f"  and {len(problems) - _SHOWN} more")

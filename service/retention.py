"""Deleting a case: its rows and a note of it in one transaction, then its bytes.

Whatever is cut off between the two is known from the note, and the next sweep goes on with it.
"""

from __future__ import annotations

from collections.abc import Callable

from sqlalchemy.ext.asyncio import AsyncConnection

from service.blobs import Blobs
from service.guard.audit import Detail
from service.manifest import digest_of, manifest_of
from service.store import audit, photos, retention
from service.store.audit import Action
from service.store.cases import CaseRow
from service.store.database import Database
from service.store.retention import Deleted
from vision.errors import InputError


class LegalHoldError(InputError):
    """Nothing of the case may be deleted."""

    code = "legal_hold"


async def forget(connection: AsyncConnection, case: CaseRow, *, by: str, reason: str) -> Deleted:
    """Deletes the rows of a case that the caller holds the lock of. Raises `LegalHoldError`."""
    if case.legal_hold:
        raise LegalHoldError("the case is under legal hold")
    rows = await photos.of_case(connection, case.organisation_id, case.id)
    digest = digest_of(manifest_of(case, rows))
    await retention.delete_case(connection, case, by=by, reason=reason, manifest_sha256=digest)
    details: dict[str, Detail] = {"reason": reason, "photos": len(rows), "manifest_sha256": digest}
    await audit.record(connection, case.organisation_id, by, Action.CASE_DELETED, case.id, details)
    return Deleted(case.organisation_id, case.id)


async def empty(
    database: Database, blobs: Blobs, deleted: Deleted, reached: Callable[[str], None] = lambda _: None
) -> None:
    """Removes the bytes of a deleted case; again is fine. Raises `StoreUnavailableError`."""
    # A case's bytes lie in a folder of its own: the same picture in another case is another object.
    for blob in [one async for one in blobs.stored(f"{deleted.organisation_id}/{deleted.case_id}")]:
        await blobs.delete(blob.key)
        reached("blob_deleted")
    reached("blobs_deleted")
    async with database.write() as connection:
        await retention.removed(connection, deleted)

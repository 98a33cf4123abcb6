"""Taking in a photo, however it came: in one request, in parts, by a key or by a party's link.

The original is durable before its row is committed, and the sender is told after both.
"""

from __future__ import annotations

import hashlib
from collections.abc import Awaitable, Callable
from dataclasses import dataclass

from sqlalchemy.ext.asyncio import AsyncConnection

from service.api.bodies import photo_out
from service.api.limits import count_photo
from service.api.parts import Parts
from service.api.photos_scope import Sender, case_for_sender, of_link, open_case, photo_for
from service.api.problems import ChecksumError, NotFoundError, PhotoDiffersError
from service.blobs import Spooled
from service.store import audit, cases, photos
from service.store.audit import Action
from service.store.idempotency import Answer, once
from service.store.photos import NewPhoto, PhotoRow
from vision.containers import RefusedError, sniff
from vision.errors import InputError

After = Callable[[AsyncConnection], Awaitable[None]]
"""What else is written in the photo's transaction."""


class TooManyPhotosError(InputError):
    """The case is full."""

    code = "too_many_photos"


@dataclass(frozen=True, slots=True)
class Sent:
    """What the sender says of a photo."""

    client_id: str
    party: str | None = None
    shot_hint: str | None = None
    sha256: str | None = None


async def take_in(
    parts: Parts,
    sender: Sender,
    case_id: str,
    sent: Sent,
    spooled: Spooled,
    idempotency_key: str | None = None,
    after: After | None = None,
) -> Answer:
    """Keeps the original, then the row: 201, or 200 where these bytes were received under this name before.

    Raises `ChecksumError`, `PhotoDiffersError`, `CaseClosedError`, `TooManyPhotosError`, `KeyReusedError`,
    `NotFoundError`, `QuotaExceededError`, and what `Blobs.keep` raises.
    """
    if sent.sha256 is not None and sent.sha256.lower() != spooled.sha256:
        raise ChecksumError("what arrived is not what the sender's SHA-256 says")
    key = f"{sender.organisation}/{case_id}/{spooled.sha256}"
    new = await parts.blobs.keep(key, spooled)
    told = f"PUT photo {case_id} {sent.client_id} {spooled.sha256} {sent.party!r} {sent.shot_hint!r}"
    async with parts.database.write() as connection:

        async def work() -> Answer:
            await open_case(connection, sender.organisation, case_id)
            if not new:
                # Bytes that were there may have been no photo's, and swept away until this lock was ours.
                await parts.blobs.keep(key, spooled)
            answer = await _added(connection, parts, sender, case_id, sent, spooled)
            if after is not None:
                await after(connection)
            if answer.status == 201:
                await _recorded(connection, sender, case_id, sent.client_id)
            return answer

        fingerprint = hashlib.sha256(told.encode()).hexdigest()
        return await once(connection, sender.organisation, _named(sender, idempotency_key), fingerprint, work)


def _named(sender: Sender, key: str | None) -> str | None:
    """A party's keys are its own: it must not meet another's answer."""
    return key if key is None or sender.case_id is None else f"{sender.case_id}:{sender.party}:{key}"


async def _added(
    connection: AsyncConnection, parts: Parts, sender: Sender, case_id: str, sent: Sent, spooled: Spooled
) -> Answer:
    before = await photos.find(connection, sender.organisation, case_id, sent.client_id)
    if before is not None:
        if before.sha256 != spooled.sha256:
            raise PhotoDiffersError("other bytes were received under this name; originals are never replaced")
        return Answer(200, photo_out(before).model_dump(mode="json"), case_id)
    if await photos.count(connection, sender.organisation, case_id) >= parts.settings.max_photos_per_case:
        raise TooManyPhotosError(f"the case has {parts.settings.max_photos_per_case} photos already")
    new = NewPhoto(
        sent.client_id,
        spooled.sha256,
        spooled.size_bytes,
        _format(spooled.head),
        sender.name,
        sent.shot_hint,
        sent.party,
    )
    await count_photo(connection, parts.settings, sender.organisation, sender.name, new.size_bytes)
    await photos.add(connection, sender.organisation, case_id, new)
    photo = await photo_for(connection, sender.organisation, case_id, sent.client_id)
    return Answer(201, photo_out(photo).model_dump(mode="json"), case_id)


async def _recorded(connection: AsyncConnection, sender: Sender, case_id: str, client_id: str) -> None:
    photo = await photo_for(connection, sender.organisation, case_id, client_id)
    details = {"photo": photo.id, "sha256": photo.sha256}
    await audit.record(connection, sender.organisation, sender.name, Action.PHOTO_RECEIVED, case_id, details)


async def withdraw(parts: Parts, sender: Sender, case_id: str, client_id: str) -> PhotoRow:
    """Marks the photo; twice changes nothing. Who sends by a link withdraws what came by one for the same party.

    Raises `NotFoundError`, `CaseClosedError`.
    """
    async with parts.database.write() as connection:
        await case_for_sender(connection, sender, case_id)
        case = await open_case(connection, sender.organisation, case_id)
        photo = await photo_for(connection, sender.organisation, case.id, client_id)
        if sender.case_id is not None and not of_link(photo, sender):
            raise NotFoundError("no such photo")
        if await photos.withdraw(connection, sender.organisation, photo):
            await cases.changed(connection, sender.organisation, case.id)
            details = {"photo": photo.id, "sha256": photo.sha256}
            await audit.record(connection, sender.organisation, sender.name, Action.PHOTO_WITHDRAWN, case.id, details)
        return await photo_for(connection, sender.organisation, case.id, client_id)


def _format(head: bytes) -> str | None:
    try:
        return sniff(head).value
    except RefusedError:
        return None  # an unreadable upload is evidence too

"""From what is kept of a case to its next assessment: read in one transaction, judge in none, keep in another."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy.ext.asyncio import AsyncConnection

from service.guard.webhooks.payload import MAX_CODES, Event
from service.store import assessments, audit, cases, facts, jobs, photos, reviews, search, webhooks
from service.store.assessments import AssessmentRow
from service.store.audit import Action
from service.store.cases import CaseRow
from service.store.errors import LeaseLostError
from service.store.photos import PhotoRow
from vision import score, standard, wire
from vision.types import Case, Party, PhotoFacts, Unreadable

SEEN, WAITING, FAILED = "seen", "waiting", "failed"


@dataclass(frozen=True, slots=True)
class Reading:
    """A case as it was at one moment; withdrawn photos are left out."""

    case: CaseRow
    photos: tuple[PhotoRow, ...]
    facts: Mapping[str, PhotoFacts | Unreadable]
    failed: Mapping[str, str]
    open: frozenset[str]
    model_set: str


def original_key(photo: PhotoRow) -> str:
    """Where the photo's original lies: a case's originals are its own, so that they can go when it goes."""
    return f"{photo.organisation_id}/{photo.case_id}/{photo.sha256}"


async def read_case(connection: AsyncConnection, organisation: str, case_id: str, model_set: str) -> Reading:
    """All that an assessment needs. Raises `LeaseLostError` for a case that was deleted, and its jobs with it."""
    case = await cases.find(connection, organisation, case_id)
    if case is None:
        raise LeaseLostError("the case was deleted, and the job with it")
    rows = await photos.of_case(connection, organisation, case_id)
    valid = tuple(photo for photo in rows if photo.withdrawn_ms is None)
    seen = await facts.of_photos(connection, organisation, model_set, valid)
    failed = await jobs.failed_photos(connection, organisation, case_id)
    waiting = await jobs.open_photos(connection, organisation, case_id)
    return Reading(case, valid, seen, failed, frozenset(waiting), model_set)


def judged(reading: Reading) -> dict[str, Any]:
    """The assessment of the photos that have been looked at, and which those are."""
    rules = standard.load(reading.case.standard)
    told = tuple(reading.facts[photo.id] for photo in reading.photos if photo.id in reading.facts)
    return {
        "photos": [_photo(photo, reading) for photo in reading.photos],
        "assessment": wire.assessment_to_json(score.judge(told, case_of(reading.case, reading.photos), rules)),
    }


async def keep_assessment(connection: AsyncConnection, reading: Reading, body: dict[str, Any]) -> None:
    """Keeps the next version, unless the case has changed since it was read: then another job will.

    Nor one that knows less than the last: after an upgrade the photos are looked at anew, each of which asks for the
    next, and a party that had sent everything must not be told meanwhile to take all of it again.
    """
    organisation, case_id = reading.case.organisation_id, reading.case.id
    version = None
    now = await cases.find(connection, organisation, case_id, lock=True)
    last = await assessments.latest(connection, organisation, case_id)
    if now is None:
        return
    if now.revision != reading.case.revision:
        # Who changed it may have found this very job still queued, and so have asked for no other.
        return await jobs.add_assess(connection, organisation, case_id)
    if (last is None or last.revision < now.revision) and not _knows_less(reading, last):
        version = await assessments.add(connection, organisation, case_id, now.revision, reading.model_set, body)
        await reviews.queue_after(connection, organisation, case_id, version, body["assessment"]["decision"])
        plates = {(search.PLATE, party["plate"]) for party in now.parties if party["plate"]}
        # While a photo was not looked at by these models, what others have read on it finds the case still.
        index = search.index_anew if len(reading.facts) == len(reading.photos) else search.index
        await index(connection, organisation, case_id, plates | set(search.told_by(reading.facts.values())))
    for photo in reading.photos:  # never looked at by these models: they are newer than the photo
        if _state(photo, reading) == WAITING and photo.id not in reading.open:
            await jobs.add_facts(connection, organisation, case_id, photo.id)
    if version is not None:
        await _told(connection, reading.case, version, body["assessment"])


def _knows_less(reading: Reading, last: AssessmentRow | None) -> bool:
    """Whether a photo that was seen for the last version is still to be looked at, by newer models."""
    before = () if last is None else last.body["photos"]
    seen = {photo["client_id"] for photo in before if photo["state"] == SEEN}
    return any(photo.client_id in seen and _state(photo, reading) == WAITING for photo in reading.photos)


async def _told(connection: AsyncConnection, case: CaseRow, version: int, assessment: Mapping[str, Any]) -> None:
    """The webhook, and the line of the audit log."""
    data = {name: assessment[name] for name in ("score", "decision", "standard", "standard_version")}
    for verdict in ("fail", "unsure"):
        ids = {one["requirement"] for one in assessment["findings"] if one["verdict"] == verdict}
        data["requirements_failed" if verdict == "fail" else "requirements_unsure"] = sorted(ids)[:MAX_CODES]
    data["version"] = version
    await webhooks.record_event(connection, case.organisation_id, Event.ASSESSMENT_UPDATED, case.id, data)
    details = {"version": version, "decision": assessment["decision"]}
    await audit.record(connection, case.organisation_id, "worker", Action.ASSESSMENT_MADE, case.id, details)


def case_of(row: CaseRow, rows: tuple[PhotoRow, ...]) -> Case:
    """What the caller says of the case, with the photos that each party sent."""
    parties = tuple(
        Party(one["id"], one["plate"], tuple(photo.client_id for photo in rows if photo.party == one["id"]))
        for one in row.parties
    )
    return Case(row.accident_type, datetime.fromisoformat(row.happened_at) if row.happened_at else None, parties)


def _photo(photo: PhotoRow, reading: Reading) -> dict[str, str | None]:
    told = {"client_id": photo.client_id, "sha256": photo.sha256, "state": _state(photo, reading)}
    return {**told, "error": reading.failed.get(photo.id) if told["state"] == FAILED else None}


def _state(photo: PhotoRow, reading: Reading) -> str:
    if photo.id in reading.facts:
        return SEEN
    return FAILED if photo.id in reading.failed else WAITING

"""Workers on both databases: facts kept and used again, the newest state judged, nothing lost to kill -9."""

from __future__ import annotations

import asyncio
import json
import threading
from collections.abc import AsyncIterator, Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path

import pytest
from sqlalchemy import select

from service import worker as worker_module
from service.blobs_local import LocalBlobs
from service.guard import logs
from service.job_steps import Looker
from service.store import assessments, cases, jobs, keys, photos, webhooks, workers
from service.store.assessments import AssessmentRow
from service.store.cases import NewCase
from service.store.database import Database
from service.store.schema import jobs as jobs_table
from service.store.schema_webhooks import webhook_messages
from service.worker import Worker
from tests.killed_worker import POINTS, killed_at
from tests.service_parts import MODEL_SET, gather, jpeg, opened, upload
from vision.errors import ModelError
from vision.types import Photo, PhotoFacts, Unreadable

pytestmark = pytest.mark.anyio
LEASE_S = 1.0
PATIENCE_S = 60.0
"""Of a busy machine: what is asserted is what was done, not how fast."""


class CountedGather:
    """The gather without models; counts what it was given."""

    def __init__(self) -> None:
        self.photos = 0

    def __call__(
        self, photos: Iterable[Photo | Unreadable], *, on: date | None = None
    ) -> Iterator[PhotoFacts | Unreadable]:
        for one in photos:
            self.photos += 1
            yield from gather((one,), on=on)


@dataclass(frozen=True, slots=True)
class Place:
    """A case and a worker for it."""

    url: str
    folder: Path
    worker: Worker
    gather: CountedGather
    organisation: str
    case_id: str

    @property
    def database(self) -> Database:
        return self.worker.database

    async def upload(self, name: str, data: bytes) -> None:
        await upload(self.database, LocalBlobs(self.folder), self.organisation, self.case_id, name, data)

    async def latest(self) -> AssessmentRow | None:
        async with self.database.read() as connection:
            return await assessments.latest(connection, self.organisation, self.case_id)

    async def work(self) -> None:
        """Until nothing is due."""
        while await self.worker.step():
            pass


@pytest.fixture
async def place(database_url: str, tmp_path: Path) -> AsyncIterator[Place]:
    database, counted = opened(database_url), CountedGather()
    async with database.write() as connection:
        organisation = await keys.add_organisation(connection, "police")
        new = NewCase(
            "A-1", "rear_end", "2026-05-01T08:03:00+08:00", None, "four-photos", ({"id": "A", "plate": None},)
        )
        case = await cases.create(connection, organisation, new)
    assert case is not None
    worker = Worker(database, LocalBlobs(tmp_path / "blobs"), Looker(counted, MODEL_SET), "test", LEASE_S)
    yield Place(database_url, tmp_path / "blobs", worker, counted, organisation, case.id)
    await database.close()


def states(row: AssessmentRow | None) -> dict[str, str]:
    assert row is not None
    return {photo["client_id"]: photo["state"] for photo in row.body["photos"]}


async def test_photos_become_an_assessment(place: Place) -> None:
    await place.upload("a.jpg", jpeg())
    await place.upload("b.jpg", b"no picture")
    await place.work()
    latest = await place.latest()
    assert states(latest) == {"a.jpg": "seen", "b.jpg": "seen"}
    assert latest is not None and latest.body["assessment"]["standard"] == "four-photos"
    (unreadable,) = latest.body["assessment"]["unreadable"]
    assert (unreadable["photo"], unreadable["unreadable"], unreadable["size_bytes"]) == ("b.jpg", "not_an_image", 10)


async def test_the_same_bytes_are_looked_at_once(place: Place) -> None:
    await place.upload("a.jpg", jpeg())
    await place.work()
    await place.upload("again.jpg", jpeg())
    await place.work()
    assert place.gather.photos == 1
    assert states(await place.latest()) == {"a.jpg": "seen", "again.jpg": "seen"}


async def test_other_models_look_again_when_asked(place: Place) -> None:
    await place.upload("a.jpg", jpeg())
    await place.work()
    newer = replace(place, worker=replace(place.worker, looker=Looker(place.gather, "newer-models")))
    async with place.database.write() as connection:
        await cases.changed(connection, place.organisation, place.case_id)
    await newer.work()
    latest = await place.latest()
    assert place.gather.photos == 2
    assert latest is not None and latest.model_set == "newer-models" and states(latest) == {"a.jpg": "seen"}


async def test_newer_models_tell_nothing_before_they_know_as_much(place: Place) -> None:
    """Nobody is sent back for photos that were seen, only because the service was upgraded meanwhile."""
    for number, name in enumerate(("a.jpg", "b.jpg")):
        await place.upload(name, jpeg(90 + number))
    await place.work()
    first = await place.latest()
    assert first is not None
    await place.upload("c.jpg", jpeg(10))
    newer, told = replace(place.worker, looker=Looker(place.gather, "newer-models")), [first]
    while await newer.step():
        if (latest := await place.latest()) is not None and latest.version > told[-1].version:
            told.append(latest)
    assert [states(one) for one in told[1:]] == [{"a.jpg": "seen", "b.jpg": "seen", "c.jpg": "seen"}]
    assert place.gather.photos == 2 + 3


async def test_a_photo_that_newer_models_fail_on_is_waited_for_no_more(place: Place) -> None:
    def broken(photos: Iterable[Photo | Unreadable], *, on: date | None = None) -> Iterator[PhotoFacts | Unreadable]:
        raise ModelError("view.onnx: inference failed")

    await place.upload("a.jpg", jpeg())
    await place.work()
    async with place.database.write() as connection:
        await cases.changed(connection, place.organisation, place.case_id)
    newer = replace(place, worker=replace(place.worker, looker=Looker(broken, "newer-models"), max_attempts=1))
    await newer.work()
    assert states(await place.latest()) == {"a.jpg": "failed"}


async def test_a_withdrawn_photo_is_judged_no_more(place: Place) -> None:
    await place.upload("a.jpg", jpeg())
    await place.upload("b.jpg", jpeg(10))
    await place.work()
    async with place.database.write() as connection:
        photo = await photos.find(connection, place.organisation, place.case_id, "a.jpg")
        assert photo is not None and await photos.withdraw(connection, place.organisation, photo)
        await cases.changed(connection, place.organisation, place.case_id)
    await place.work()
    assert states(await place.latest()) == {"b.jpg": "seen"}


async def test_a_change_while_its_job_is_being_done_is_judged_too(place: Place) -> None:
    """Who changes the case finds a job queued and asks for no other; before they are done, that job is taken."""
    judged = asyncio.Event()
    await place.upload("a.jpg", jpeg())
    await place.upload("b.jpg", jpeg(10))
    for _ in range(2):
        await place.worker.step()
    worker = replace(place.worker, reached=lambda point: judged.set() if point == "judged" else None)
    async with place.database.write() as connection:
        photo = await photos.find(connection, place.organisation, place.case_id, "a.jpg")
        assert photo is not None and await photos.withdraw(connection, place.organisation, photo)
        await cases.changed(connection, place.organisation, place.case_id)
        doing = asyncio.create_task(worker.step())
        if place.url.startswith("postgresql"):  # SQLite's writers take turns: there it begins after the change
            await asyncio.wait_for(judged.wait(), PATIENCE_S)
    assert await doing
    await place.work()
    assert states(await place.latest()) == {"b.jpg": "seen"}


async def test_a_broken_model_is_told_and_no_empty_answer(place: Place) -> None:
    def broken(photos: Iterable[Photo | Unreadable], *, on: date | None = None) -> Iterator[PhotoFacts | Unreadable]:
        raise ModelError("view.onnx: inference failed")

    worker = replace(place.worker, looker=Looker(broken, MODEL_SET), max_attempts=1)
    await place.upload("a.jpg", jpeg())
    while await worker.step():
        pass
    latest = await place.latest()
    assert latest is not None
    assert [(one["state"], one["error"]) for one in latest.body["photos"]] == [("failed", "bad_model")]


async def test_a_damaged_original_is_told(place: Place) -> None:
    await place.upload("a.jpg", jpeg())
    (original,) = (path for path in place.folder.rglob("*") if path.is_file())
    original.unlink()
    original.write_bytes(jpeg(10))
    while await replace(place.worker, max_attempts=1).step():
        pass
    latest = await place.latest()
    assert latest is not None and latest.body["photos"][0]["error"] == "blob_damaged"


@pytest.mark.parametrize("point", POINTS)
def test_kill_9_loses_nothing(database_url: str, tmp_path: Path, point: str) -> None:
    """In a process of its own; another takes up what it left when the lease ends."""
    killed_at(point, database_url, tmp_path, LEASE_S).check()


async def test_a_worker_that_is_stopped_ends_its_job_and_takes_leave(place: Place) -> None:
    stop = asyncio.Event()
    await place.upload("a.jpg", jpeg())
    running = asyncio.create_task(place.worker.run(stop))
    while await place.latest() is None:
        await asyncio.sleep(0.05)
        assert not running.done()
    async with place.database.read() as connection:
        assert await workers.alive(connection) == 1
    stop.set()
    await asyncio.wait_for(running, 30)
    async with place.database.read() as connection:
        assert await workers.alive(connection) == 0


async def test_a_job_that_takes_too_long_is_returned(place: Place, monkeypatch: pytest.MonkeyPatch) -> None:
    begun, free = threading.Event(), threading.Event()

    def slow(photos: Iterable[Photo | Unreadable], *, on: date | None = None) -> Iterator[PhotoFacts | Unreadable]:
        begun.set()
        free.wait(PATIENCE_S)
        yield from gather(photos, on=on)

    monkeypatch.setattr(worker_module, "GRACE_S", 0.1)
    await place.upload("a.jpg", jpeg())
    stop = asyncio.Event()
    running = asyncio.create_task(replace(place.worker, looker=Looker(slow, MODEL_SET)).run(stop))
    await asyncio.to_thread(begun.wait, PATIENCE_S)
    stop.set()
    await asyncio.wait_for(running, PATIENCE_S)
    async with place.database.write() as connection:
        job = await jobs.take(connection, "heir", LEASE_S)  # at once, and as if nobody had begun it
    free.set()
    assert job is not None and (job.kind, job.attempts, job.unended) == (jobs.FACTS, 1, 1)


async def test_a_request_is_followed_to_its_webhook(place: Place) -> None:
    request = "req_0123456789abcdef01234567"
    async with place.database.write() as connection:
        await webhooks.add(connection, place.organisation, "https://example.org/", "", (), "whsec_" + "A" * 32)
    with logs.following(request):
        await place.upload("a.jpg", b"no picture")
    await place.upload("b.jpg", b"no picture")
    await place.work()
    async with place.database.read() as connection:
        followed = {tuple(row) for row in await connection.execute(select(jobs_table.c.kind, jobs_table.c.request_id))}
        rejected = webhook_messages.c.event == "photo.rejected"
        told = await connection.execute(select(webhook_messages.c.request_id, webhook_messages.c.body).where(rejected))
        rows = sorted(map(tuple, told), reverse=True)
    assert (jobs.FACTS, request) in followed and (jobs.ASSESS, request) in followed and (jobs.FACTS, None) in followed
    assert [row[0] for row in rows] == [request, ""]
    assert {json.loads(row[1])["data"]["reason"] for row in rows} == {"not_an_image"}


async def test_a_job_that_kills_its_workers_is_set_aside(place: Place) -> None:
    await place.upload("a.jpg", jpeg())
    for _ in range(2):
        async with place.database.write() as connection:
            assert await jobs.take(connection, "dies", lease_s=0) is not None
    await place.work()
    latest = await place.latest()
    assert latest is not None and latest.body["photos"][0]["error"] == "quarantined"
    assert place.gather.photos == 0

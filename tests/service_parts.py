"""What the service's tests share: pictures, a gather without models, a worker in a process of its own."""

from __future__ import annotations

import asyncio
import hashlib
import os
import signal
from collections.abc import AsyncIterator, Iterable, Iterator
from datetime import date
from pathlib import Path

import cv2
import numpy as np

from service.assessing import original_key
from service.blobs import spool
from service.blobs_local import LocalBlobs
from service.guard.datakeys import FileWrapper
from service.guard.fields import MasterKeys
from service.job_steps import Looker
from service.store import photos
from service.store.database import Database
from service.store.photos import NewPhoto
from service.store.secrets import Vault
from service.worker import Worker
from vision.types import Framing, FramingKind, Photo, PhotoFacts, Quality, QualityVerdict, Unreadable

MODEL_SET = "test-models"


def jpeg(level: int = 90) -> bytes:
    """A small picture, another one for another level."""
    done, data = cv2.imencode(".jpg", np.full((48, 64, 3), level, np.uint8))
    assert done
    return data.tobytes()


def gather(photos: Iterable[Photo | Unreadable], *, on: date | None = None) -> Iterator[PhotoFacts | Unreadable]:
    """Facts of an empty picture for each photo."""
    quality, framing = Quality(QualityVerdict.OK, 1.0, 0.0, 0.0, 0.0), Framing(FramingKind.OTHER, 1.0)
    for one in photos:
        if isinstance(one, Unreadable):
            yield one
        else:
            yield PhotoFacts(one.name, one.sha256, one.size_wh, one.phash, framing, quality)


def opened(url: str) -> Database:
    """The database with keys that every test's process has."""
    return Database(url, Vault(FileWrapper(MasterKeys("t1", {"t1": b"t" * 32}))))


async def upload(
    database: Database, blobs: LocalBlobs, organisation: str, case_id: str, name: str, data: bytes
) -> None:
    """What the web does with a photo."""

    async def chunks() -> AsyncIterator[bytes]:
        yield data

    new = NewPhoto(name, hashlib.sha256(data).hexdigest(), len(data), "jpeg", "key", None, None)
    async with spool(blobs.spool_folder, chunks(), 2**30) as spooled, database.write() as connection:
        assert await photos.add(connection, organisation, case_id, new)
        photo = await photos.find(connection, organisation, case_id, name)
        assert photo is not None
        await blobs.keep(original_key(photo), spooled)


def work_and_die(url: str, blobs: Path, point: str, lease_s: float) -> None:
    """Runs a worker that kills its own process, as hard as can be, when it passes ``point``."""

    def reached(at: str) -> None:
        if at == point:
            os.kill(os.getpid(), signal.SIGKILL)

    async def work() -> None:
        looker = Looker(gather, MODEL_SET)
        worker = Worker(opened(url), LocalBlobs(blobs), looker, "dies", lease_s, reached=reached)
        await worker.run(asyncio.Event())

    asyncio.run(work())

"""A service under test, asked over HTTP: one database, local files, keys of two organisations."""

from __future__ import annotations

import base64
from collections.abc import Awaitable, Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeVar

import httpx2
from fastapi.testclient import TestClient

from service.api.parts import Parts, StoredKeys
from service.app import create_app
from service.blobs import Blobs
from service.blobs_local import LocalBlobs
from service.guard import keys as guard_keys
from service.guard.roles import Role
from service.job_steps import Looker
from service.settings import Settings
from service.store import keys
from service.worker import Worker
from tests.service_parts import MODEL_SET, gather, opened

MAX_PHOTO = 20_000
Result = TypeVar("Result")


@dataclass(frozen=True, slots=True)
class Asking:
    """The client; ``police`` and ``insurer`` are headers of a supervisor each, ``uploader`` is the police's too."""

    client: TestClient
    parts: Parts
    police: dict[str, str]
    insurer: dict[str, str]
    uploader: dict[str, str]
    admin: dict[str, str]

    def case(self, external_id: str = "A-1", **more: Any) -> str:
        answer = self.client.post("/v1/cases", json={"external_id": external_id, **more}, headers=self.police)
        assert answer.status_code == 201, answer.text
        return str(answer.json()["id"])

    def put(self, case_id: str, name: str, data: bytes, **headers: str) -> httpx2.Response:
        url = f"/v1/cases/{case_id}/photos/{name}"
        return self.client.put(url, content=data, headers={**self.police, **headers})

    def photos(self, case_id: str) -> list[dict[str, Any]]:
        answer = self.client.get(f"/v1/cases/{case_id}/photos", headers=self.police)
        return list(answer.json()["photos"])

    def work(self) -> None:
        worker = Worker(self.parts.database, self.parts.blobs, Looker(gather, MODEL_SET), "test")
        while self.call(worker.step):
            pass

    def call(self, work: Callable[..., Awaitable[Result]], *arguments: object) -> Result:
        """Runs ``work`` in the app's loop."""
        assert self.client.portal is not None
        return self.client.portal.call(work, *arguments)


@contextmanager
def asking(database_url: str, folder: Path, blobs: Blobs | None = None, **settings: Any) -> Iterator[Asking]:
    """The service with its data in ``folder``."""
    told = Settings(data_folder=folder, database_url=database_url, **{"max_photo_bytes": MAX_PHOTO, **settings})
    database = opened(told.database)
    parts = Parts(told, database, blobs or LocalBlobs(folder / "blobs"), StoredKeys(database), gather)

    async def key(name: str, role: Role) -> dict[str, str]:
        new = guard_keys.make()
        async with database.write() as connection:
            organisation = await keys.organisation_of(connection, name)
            organisation = organisation or await keys.add_organisation(connection, name)
            await keys.add(connection, organisation, new, "test", role)
        return {"Authorization": f"Bearer {new.text}"}

    with TestClient(create_app(parts)) as client:
        assert client.portal is not None
        police = client.portal.call(key, "police", Role.SUPERVISOR)
        insurer = client.portal.call(key, "insurer", Role.SUPERVISOR)
        uploader = client.portal.call(key, "police", Role.UPLOADER)
        yield Asking(client, parts, police, insurer, uploader, client.portal.call(key, "police", Role.ADMIN))


def code(answer: httpx2.Response) -> tuple[int, str]:
    """Status and code of problem details."""
    assert answer.headers["content-type"] == "application/problem+json", answer.text
    return answer.status_code, answer.json()["code"]


def told(**words: str) -> str:
    """Upload-Metadata."""
    return ",".join(f"{key} {base64.b64encode(value.encode()).decode()}" for key, value in words.items())


def files(folder: Path) -> list[str]:
    """Everything below ``folder``."""
    return sorted(path.relative_to(folder).as_posix() for path in folder.rglob("*") if path.is_file())

"""Resumable upload, request by request: what tus 1.0 promises, and that nothing acknowledged is lost."""

from __future__ import annotations

import asyncio
import base64
import errno
import hashlib
import os
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx2
import obstore
import pytest
from obstore.store import MemoryStore
from sqlalchemy import select, update
from sqlalchemy.ext.asyncio import AsyncConnection
from starlette.requests import ClientDisconnect

from service.api import uploads_steps
from service.api.photos_scope import Sender
from service.api.uploads_tus import Checksum
from service.blobs_object import ObjectBlobs
from service.store import uploads as stored_uploads
from service.store.database import Database
from service.store.errors import StoreUnavailableError
from service.store.schema_uploads import upload_parts, uploads
from tests.service_client import Asking, asking, code, files, told
from tests.service_parts import jpeg

TUS = {"Tus-Resumable": "1.0.0"}
PART = {**TUS, "Content-Type": "application/offset+octet-stream"}
DATA = jpeg() + bytes(range(256)) * 8


@dataclass(frozen=True, slots=True)
class Tus:
    """A client that does what it is told."""

    service: Asking
    case_id: str

    def begin(self, length: int = len(DATA), client_id: str = "1.jpg", **words: str) -> httpx2.Response:
        metadata = told(client_id=client_id, case_id=self.case_id, **words)
        headers = {**self.service.police, **TUS, "Upload-Length": str(length), "Upload-Metadata": metadata}
        return self.service.client.post("/v1/uploads", headers=headers)

    def begun(self, length: int = len(DATA), **words: str) -> str:
        answer = self.begin(length, **words)
        assert answer.status_code == 201, answer.text
        return str(answer.headers["Location"])

    def send(self, url: str, offset: int, data: bytes, **headers: str) -> httpx2.Response:
        every = {**self.service.police, **PART, "Upload-Offset": str(offset), **headers}
        return self.service.client.patch(url, content=data, headers=every)

    def standing(self, url: str) -> httpx2.Response:
        return self.service.client.head(url, headers={**self.service.police, **TUS})

    def offset(self, url: str) -> int:
        return int(self.standing(url).headers["Upload-Offset"])


@pytest.fixture
def tus(sqlite_url: str, tmp_path: Path) -> Iterator[Tus]:
    with asking(sqlite_url, tmp_path) as service:
        yield Tus(service, service.case(parties=[{"id": "A"}]))


@pytest.fixture
def tus_on_each(database_url: str, tmp_path: Path) -> Iterator[Tus]:
    """Where databases differ: in what goes on at once."""
    with asking(database_url, tmp_path) as service:
        yield Tus(service, service.case(parties=[{"id": "A"}]))


def kept(tus: Tus) -> list[str]:
    return files(tus.service.parts.blobs.spool_folder.parent)


def test_in_parts_and_in_one_request_are_the_same_photo(tus_on_each: Tus) -> None:
    tus = tus_on_each
    url = tus.begun(party="A", shot_hint="front", sha256=hashlib.sha256(DATA).hexdigest())
    assert tus.offset(url) == 0
    for start, end in ((0, 700), (700, 701), (701, len(DATA))):
        answer = tus.send(url, start, DATA[start:end])
        assert (answer.status_code, answer.headers["Upload-Offset"]) == (204, str(end))
        assert tus.offset(url) == end
    (photo,) = tus.service.photos(tus.case_id)
    told = {name: photo[name] for name in ("client_id", "sha256", "size_bytes", "format", "party", "shot_hint")}
    assert told == {
        "client_id": "1.jpg",
        "sha256": hashlib.sha256(DATA).hexdigest(),
        "size_bytes": len(DATA),
        "format": "jpeg",
        "party": "A",
        "shot_hint": "front",
    }
    assert [path.rpartition("/")[2] for path in kept(tus)] == [photo["sha256"]]
    assert tus.service.put(tus.case_id, "1.jpg", DATA).status_code == 200
    assert tus.send(url, len(DATA), b"").status_code == 204  # asked again after the answer was lost


def test_what_the_server_tells(tus: Tus) -> None:
    answer = tus.service.client.options("/v1/uploads")
    assert answer.status_code == 204
    headers = {name: answer.headers[name] for name in ("Tus-Version", "Tus-Extension", "Tus-Max-Size", "Tus-Resumable")}
    assert headers == {
        "Tus-Version": "1.0.0",
        "Tus-Resumable": "1.0.0",
        "Tus-Extension": "creation,expiration,checksum,termination",
        "Tus-Max-Size": "20000",
    }
    assert "sha1" in answer.headers["Tus-Checksum-Algorithm"].split(",")
    made = tus.begin(100)
    metadata = told(client_id="1.jpg", case_id=tus.case_id)
    assert "GMT" in made.headers["Upload-Expires"]
    standing = tus.standing(made.headers["Location"])
    assert standing.headers["Cache-Control"] == "no-store"
    assert (standing.headers["Upload-Length"], standing.headers["Upload-Metadata"]) == ("100", metadata)


def test_a_part_begins_where_the_upload_stands(tus: Tus) -> None:
    url = tus.begun()
    assert tus.send(url, 0, DATA[:100]).status_code == 204
    for wrong in (0, 50, 101):
        assert code(tus.send(url, wrong, DATA[wrong:200])) == (409, "offset_conflict")
    assert tus.offset(url) == 100


def test_a_part_too_long_is_refused_whole(tus: Tus) -> None:
    url = tus.begun(200)
    assert code(tus.send(url, 0, DATA[:201])) == (413, "too_large")
    assert tus.offset(url) == 0 and kept(tus) == []


@pytest.mark.parametrize("name", ["sha1", "sha256"])
def test_a_part_is_held_against_its_checksum(tus: Tus, name: str) -> None:
    url = tus.begun()
    wrong = f"{name} {base64.b64encode(hashlib.new(name, b'other').digest()).decode()}"
    answer = tus.send(url, 0, DATA[:500], **{"Upload-Checksum": wrong})
    assert code(answer) == (460, "part_checksum_mismatch") and answer.headers["Tus-Resumable"] == "1.0.0"
    assert tus.offset(url) == 0 and kept(tus) == []
    right = f"{name} {base64.b64encode(hashlib.new(name, DATA[:500]).digest()).decode()}"
    assert tus.send(url, 0, DATA[:500], **{"Upload-Checksum": right}).headers["Upload-Offset"] == "500"


def test_the_whole_is_held_against_its_hash(tus: Tus) -> None:
    url = tus.begun(sha256="0" * 64)
    assert tus.send(url, 0, DATA[:500]).status_code == 204
    assert code(tus.send(url, 500, DATA[500:])) == (422, "checksum_mismatch")
    assert tus.service.photos(tus.case_id) == []


def test_a_photo_of_no_bytes_is_there_at_once(tus: Tus) -> None:
    answer = tus.begin(0)
    assert (answer.status_code, answer.headers["Upload-Offset"]) == (201, "0")
    assert [photo["size_bytes"] for photo in tus.service.photos(tus.case_id)] == [0]


def test_methods_by_post(tus: Tus) -> None:
    url, client = tus.begun(), tus.service.client
    headers = {**tus.service.police, **PART, "Upload-Offset": "0", "X-HTTP-Method-Override": "PATCH"}
    assert client.post(url, content=DATA[:9], headers=headers).headers["Upload-Offset"] == "9"
    headers["X-HTTP-Method-Override"] = "HEAD"
    assert client.post(url, headers=headers).headers["Upload-Offset"] == "9"
    headers["X-HTTP-Method-Override"] = "DELETE"
    assert client.post(url, headers=headers).status_code == 204
    assert tus.standing(url).status_code == 404
    assert code(client.post(url, headers={**tus.service.police, **TUS})) == (404, "not_found")


def test_given_up_leaves_nothing(tus: Tus) -> None:
    url = tus.begun()
    tus.send(url, 0, DATA[:500])
    assert len(kept(tus)) == 1
    assert tus.service.client.delete(url, headers={**tus.service.police, **TUS}).status_code == 204
    assert kept(tus) == [] and tus.standing(url).status_code == 404


def test_under_legal_hold_nothing_is_given_up(tus: Tus) -> None:
    url, done, client = tus.begun(), tus.begun(client_id="2.jpg"), tus.service.client
    tus.send(url, 0, DATA[:500])
    tus.send(done, 0, DATA)
    hold, headers = f"/v1/cases/{tus.case_id}/legal-hold", {**tus.service.police, **TUS}
    client.put(f"{hold}?held=true", headers=tus.service.police)
    assert code(client.delete(url, headers=headers)) == (409, "legal_hold")
    assert len(kept(tus)) == 2 and tus.offset(url) == 500
    assert client.delete(done, headers=headers).status_code == 204  # the photo stays
    client.put(f"{hold}?held=false", headers=tus.service.police)
    assert client.delete(url, headers=headers).status_code == 204
    assert len(kept(tus)) == 1


def test_expired_uploads_take_nothing(tus: Tus) -> None:
    url = tus.begun()

    async def expire() -> None:
        async with tus.service.parts.database.write() as connection:
            await connection.execute(update(uploads).values(expires_ms=1))

    tus.service.call(expire)
    assert code(tus.send(url, 0, DATA)) == (410, "upload_expired")
    assert tus.standing(url).status_code == 410


def test_uploads_are_their_senders(tus: Tus) -> None:
    url, client = tus.begun(), tus.service.client
    for other in (tus.service.insurer, tus.service.uploader):
        assert client.head(url, headers={**other, **TUS}).status_code == 404
        answer = client.patch(url, content=DATA, headers={**other, **PART, "Upload-Offset": "0"})
        assert code(answer) == (404, "not_found")
    assert code(client.patch(url, content=DATA, headers={**PART, "Upload-Offset": "0"})) == (401, "denied")


def test_a_closed_case_takes_no_parts(tus: Tus) -> None:
    url = tus.begun()
    tus.service.client.post(f"/v1/cases/{tus.case_id}/close", headers=tus.service.police)
    assert code(tus.send(url, 0, DATA[:9])) == (409, "case_closed")
    assert code(tus.send(url, 0, DATA)) == (409, "case_closed")
    assert code(tus.begin()) == (409, "case_closed")


WRONG: tuple[tuple[dict[str, str], int], ...] = (
    ({"Tus-Resumable": "0.2.2"}, 412),
    ({"Upload-Length": "-1"}, 400),
    ({"Upload-Length": "1e3"}, 400),
    ({"Upload-Length": "٣"}, 400),
    ({"Upload-Length": "9" * 30}, 400),
    ({"Upload-Length": "20001"}, 413),
    ({"Upload-Length": "", "Upload-Defer-Length": "1"}, 400),
    ({"Upload-Metadata": ""}, 422),
    ({"Upload-Metadata": "client_id"}, 422),
    ({"Upload-Metadata": "client_id !!"}, 422),
    ({"Upload-Metadata": "client_id /w=="}, 422),
    ({"Upload-Metadata": ",,"}, 422),
    ({"Upload-Metadata": told(client_id="a/b", case_id="0" * 32)}, 422),
    ({"Upload-Metadata": told(client_id="1")}, 422),
    ({"Upload-Metadata": told(client_id="1", case_id="../x")}, 422),
    ({"Upload-Metadata": told(client_id="1", case_id="0" * 32)}, 404),
    ({"Upload-Metadata": "a " + "A" * 5000}, 422),
)


def test_bad_input_is_the_callers_error(tus: Tus) -> None:
    right = {**tus.service.police, **TUS, "Upload-Length": "10"}
    right["Upload-Metadata"] = told(client_id="1", case_id=tus.case_id)
    for headers, status in WRONG:
        every = {name.encode(): value.encode() for name, value in {**right, **headers}.items()}
        answer = tus.service.client.post("/v1/uploads", headers=every)
        assert code(answer)[0] == status, (headers, answer.text)
        assert answer.headers["Tus-Resumable"] == "1.0.0"
    url = tus.begun()
    assert code(tus.send(url, 0, b"", **{"Content-Type": "image/jpeg"}))[0] == 415
    assert code(tus.send(url, 0, b"", **{"Upload-Offset": "x"}))[0] == 400
    for wrong in ("sha1 !", "crc32 AAAA", ""):
        assert code(tus.send(url, 0, b"", **{"Upload-Checksum": wrong}))[0] == 400
    assert code(tus.begin(party="Z"))[0] == 422


class Breaks:
    """A body whose connection breaks after ``data``."""

    def __init__(self, data: bytes) -> None:
        self._left = [data[at : at + 100] for at in range(0, len(data), 100)]

    def __aiter__(self) -> Breaks:
        return self

    async def __anext__(self) -> bytes:
        if not self._left:
            raise ClientDisconnect
        return self._left.pop(0)


def sender_of(tus: Tus, url: str) -> tuple[Sender, str]:
    upload_id = url.rpartition("/")[2]

    async def read() -> Sender:
        async with tus.service.parts.database.read() as connection:
            row = (await connection.execute(select(uploads).where(uploads.c.id == upload_id))).one()
        return Sender(row.organisation_id, row.received_by)

    return tus.service.call(read), upload_id


def test_what_came_before_a_connection_broke_is_kept(tus: Tus) -> None:
    url = tus.begun()
    sender, upload_id = sender_of(tus, url)

    async def broken(checksum: Checksum) -> Any:
        return await uploads_steps.append(tus.service.parts, sender, upload_id, 0, Breaks(DATA[:300]), checksum)

    with pytest.raises(ClientDisconnect):  # half of it cannot be held against a checksum of the whole
        tus.service.call(broken, Checksum(f"sha1 {base64.b64encode(b'x').decode()}"))
    assert tus.offset(url) == 0
    tus.service.call(broken, Checksum(None))
    assert tus.offset(url) == 300
    assert tus.send(url, 300, DATA[300:]).status_code == 204
    assert tus.service.photos(tus.case_id)[0]["sha256"] == hashlib.sha256(DATA).hexdigest()


def test_of_many_who_send_one_part_one_is_taken(tus_on_each: Tus) -> None:
    """As many web processes would: each asks the row, none the memory of a process."""
    tus = tus_on_each
    url = tus.begun()

    async def send(client: httpx2.AsyncClient, offset: int, data: bytes) -> int:
        headers = {**tus.service.police, **PART, "Upload-Offset": str(offset)}
        return (await client.patch(url, content=data, headers=headers)).status_code

    async def many(offset: int, data: bytes) -> list[int]:
        transport = httpx2.ASGITransport(app=tus.service.client.app)
        async with httpx2.AsyncClient(transport=transport, base_url="http://test") as client:
            return await asyncio.gather(*(send(client, offset, data) for _ in range(10)))

    for offset, data in ((0, DATA[:400]), (400, DATA[400:])):
        answers = tus.service.call(many, offset, data)
        assert sorted(answers) == [204] + [409] * 9
    assert len(tus.service.photos(tus.case_id)) == 1
    assert [path.rpartition("/")[2] for path in kept(tus)] == [hashlib.sha256(DATA).hexdigest()]


def test_a_part_is_durable_before_it_is_acknowledged(tus: Tus, monkeypatch: pytest.MonkeyPatch) -> None:
    """A database that fails after the part was kept leaves the upload where it stood, and no part is entered."""
    url = tus.begun()

    async def fails(*_: object, **__: object) -> bool:
        raise StoreUnavailableError("the database does not answer")

    for data in (DATA[:400], DATA):
        with monkeypatch.context() as patch:
            patch.setattr(stored_uploads, "advance", fails)
            assert code(tus.send(url, 0, data)) == (503, "store_unavailable")
        assert tus.offset(url) == 0
    assert tus.service.photos(tus.case_id) == []
    assert tus.send(url, 0, DATA[:400]).status_code == 204
    rows = tus.service.call(_parts_of, tus)
    assert [(row.offset_bytes, row.size_bytes) for row in rows] == [(0, 400)]
    assert tus.send(url, 400, DATA[400:]).status_code == 204
    assert tus.service.call(_parts_of, tus) == []


async def _parts_of(tus: Tus) -> list[Any]:
    async with tus.service.parts.database.read() as connection:
        return list(await connection.execute(select(upload_parts)))


def test_a_part_is_kept_where_the_answer_to_its_commit_was_lost(tus: Tus, monkeypatch: pytest.MonkeyPatch) -> None:
    """The row may be there or not: without its bytes no photo would come of the upload any more."""
    url, write = tus.begun(), Database.write

    @asynccontextmanager
    async def lost(self: Database) -> AsyncIterator[AsyncConnection]:
        async with write(self) as connection:
            yield connection
        raise StoreUnavailableError("the database does not answer")

    with monkeypatch.context() as patch:
        patch.setattr(Database, "write", lost)
        assert code(tus.send(url, 0, DATA[:400])) == (503, "store_unavailable")
    assert tus.offset(url) == 400
    assert tus.send(url, 400, DATA[400:]).status_code == 204
    (photo,) = tus.service.photos(tus.case_id)
    assert photo["sha256"] == hashlib.sha256(DATA).hexdigest()


def test_a_full_disk_takes_no_part_and_no_photo(tus: Tus, monkeypatch: pytest.MonkeyPatch) -> None:
    url, write = tus.begun(), os.write
    tus.send(url, 0, DATA[:100])
    before = kept(tus)

    def full(descriptor: int, data: bytes) -> int:
        if os.readlink(f"/proc/self/fd/{descriptor}").endswith(".part"):
            raise OSError(errno.ENOSPC, "No space left on device")
        return write(descriptor, data)

    with monkeypatch.context() as patch:
        patch.setattr(os, "write", full)
        for data in (DATA[100:200], DATA[100:]):
            assert code(tus.send(url, 100, data)) == (507, "storage_full")
        assert code(tus.service.put(tus.case_id, "2.jpg", DATA)) == (507, "storage_full")
    assert kept(tus) == before and tus.offset(url) == 100 and tus.service.photos(tus.case_id) == []
    assert tus.send(url, 100, DATA[100:]).status_code == 204  # without a restart
    assert tus.service.put(tus.case_id, "2.jpg", DATA).status_code == 201


def test_a_request_that_breaks_off_is_no_fault_of_ours(tus: Tus) -> None:
    async def ask(method: str, path: str, headers: dict[str, str]) -> list[int]:
        messages: list[dict[str, Any]] = [{"type": "http.request", "body": DATA[:500], "more_body": True}]
        told: list[int] = []

        async def receive() -> dict[str, Any]:
            return messages.pop(0) if messages else {"type": "http.disconnect"}

        async def send(message: Any) -> None:
            if message["type"] == "http.response.start":
                told.append(message["status"])

        every = [(name.lower().encode(), value.encode()) for name, value in headers.items()]
        scope = {"type": "http", "method": method, "path": path, "raw_path": path.encode(), "headers": every}
        scope |= {"query_string": b"", "scheme": "http", "server": ("test", 80), "client": ("test", 1)}
        await tus.service.client.app({**scope, "http_version": "1.1", "root_path": ""}, receive, send)
        return told

    url = tus.begun()
    photo = f"/v1/cases/{tus.case_id}/photos/2.jpg"
    assert tus.service.call(ask, "PUT", photo, tus.service.police) == [400]
    assert tus.service.call(ask, "PATCH", url, {**tus.service.police, **PART, "Upload-Offset": "0"}) == [204]
    assert tus.offset(url) == 500 and tus.service.photos(tus.case_id) == []


def test_in_an_object_store_too(sqlite_url: str, tmp_path: Path) -> None:
    store = MemoryStore()
    with asking(sqlite_url, tmp_path, ObjectBlobs(store, tmp_path / "incoming")) as service:
        tus = Tus(service, service.case())
        url = tus.begun()
        for start, end in ((0, 700), (700, 900), (900, len(DATA))):
            assert tus.send(url, start, DATA[start:end]).status_code == 204
        (photo,) = service.photos(tus.case_id)
        assert photo["sha256"] == hashlib.sha256(DATA).hexdigest()
        names = [one["path"].rpartition("/")[2] for page in obstore.list(store) for one in page]
        assert names == [photo["sha256"]] and files(tmp_path / "incoming") == []
        assert service.client.delete(f"/v1/cases/{tus.case_id}", headers=service.police).status_code == 204
        assert [one for page in obstore.list(store) for one in page] == []

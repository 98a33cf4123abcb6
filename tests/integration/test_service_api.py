"""The interface over HTTP: photos kept once and for good, organisations apart, and no server error for bad input."""

from __future__ import annotations

import asyncio
import hashlib
import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx2
import pytest
from fastapi.testclient import TestClient
from sqlalchemy import update
from sqlalchemy.ext.asyncio import AsyncConnection

from service.api.parts import Parts, StoredKeys
from service.app import create_app, openapi_text
from service.blobs_local import LocalBlobs
from service.guard import keys as guard_keys
from service.guard.roles import Role
from service.job_steps import Looker
from service.settings import Settings
from service.store import jobs, keys
from service.store.database import now_ms
from service.store.schema import api_keys
from service.worker import Worker
from tests.service_parts import MODEL_SET, gather, jpeg, opened

ROOT = Path(__file__).resolve().parents[2]
MAX_PHOTO = 20_000


@dataclass(frozen=True, slots=True)
class Service:
    client: TestClient
    parts: Parts
    police: dict[str, str]
    insurer: dict[str, str]
    uploader: dict[str, str]

    def case(self, external_id: str = "A-1", **more: Any) -> str:
        answer = self.client.post("/v1/cases", json={"external_id": external_id, **more}, headers=self.police)
        assert answer.status_code == 201, answer.text
        return str(answer.json()["id"])

    def put(self, case_id: str, name: str, data: bytes, **headers: str) -> httpx2.Response:
        url = f"/v1/cases/{case_id}/photos/{name}"
        return self.client.put(url, content=data, headers={**self.police, **headers})

    def work(self) -> None:
        worker = Worker(self.parts.database, self.parts.blobs, Looker(gather, MODEL_SET), "test")
        portal = self.client.portal
        assert portal is not None
        while portal.call(worker.step):
            pass


@pytest.fixture
def service(database_url: str, tmp_path: Path) -> Iterator[Service]:
    settings = Settings(data_folder=tmp_path, database_url=database_url, max_photo_bytes=MAX_PHOTO)
    database = opened(settings.database)
    parts = Parts(settings, database, LocalBlobs(tmp_path / "blobs"), StoredKeys(database), gather)

    async def key(name: str, role: Role) -> dict[str, str]:
        new = guard_keys.make()
        async with database.write() as connection:
            organisation = await keys.organisation_of(connection, name)
            organisation = organisation or await keys.add_organisation(connection, name)
            await keys.add(connection, organisation, new, "test", role)
        return {"Authorization": f"Bearer {new.text}"}

    with TestClient(create_app(parts)) as client:
        assert client.portal is not None
        told = [("police", Role.SUPERVISOR), ("insurer", Role.SUPERVISOR), ("police", Role.UPLOADER)]
        yield Service(client, parts, *(client.portal.call(key, name, role) for name, role in told))


def code(answer: httpx2.Response) -> tuple[int, str]:
    assert answer.headers["content-type"] == "application/problem+json"
    return answer.status_code, answer.json()["code"]


def test_from_upload_to_assessment(service: Service) -> None:
    case = service.case(accident_type="rear_end", happened_at="2026-05-01T08:03:00+08:00", parties=[{"id": "A"}])
    url = f"/v1/cases/{case}"
    data = jpeg()
    sha256 = hashlib.sha256(data).hexdigest()
    answer = service.client.put(
        f"{url}/photos/1.jpg?party=A&shot_hint=front",
        content=data,
        headers={**service.police, "Content-SHA256": sha256},
    )
    assert answer.status_code == 201
    told = answer.json()
    assert (told["sha256"], told["format"], told["party"], told["size_bytes"]) == (sha256, "jpeg", "A", len(data))
    assert service.put(case, "2.txt", b"evidence too").json()["format"] is None
    assert code(service.client.get(f"{url}/assessments/latest", headers=service.police)) == (404, "not_found")
    service.work()
    latest = service.client.get(f"{url}/assessments/latest", headers=service.police).json()
    assert {photo["client_id"]: photo["state"] for photo in latest["photos"]} == {"1.jpg": "seen", "2.txt": "seen"}
    assert latest["assessment"]["decision"] == "retake"
    assert service.client.post(f"{url}/assess", headers=service.police).status_code == 202
    service.work()
    every = service.client.get(f"{url}/assessments?limit=1", headers=service.police).json()
    assert every["assessments"][0]["version"] == latest["version"] + 1 == every["next"]
    first = service.client.get(f"{url}/assessments/{latest['version']}", headers=service.police)
    assert first.json() == latest


def test_a_stream_tells_what_is_new(service: Service) -> None:
    case = service.case()
    service.put(case, "1", jpeg())
    service.work()
    url = f"/v1/cases/{case}/stream?until_idle=true"
    answer = service.client.get(url, headers=service.police)
    assert answer.headers["content-type"].startswith("text/event-stream")
    event, number, data = answer.text.strip().split("\n")
    latest = service.client.get(f"/v1/cases/{case}/assessments/latest", headers=service.police).json()
    assert (event, number) == ("event: assessment", f"id: {latest['version']}")
    assert json.loads(data.removeprefix("data: ")) == latest
    seen = {**service.police, "Last-Event-ID": str(latest["version"])}
    assert service.client.get(url, headers=seen).text == ""


def test_a_stream_ends_with_the_key_it_was_begun_with(service: Service, monkeypatch: pytest.MonkeyPatch) -> None:
    case = service.case()
    before = jobs.is_open

    async def revoked(connection: AsyncConnection, organisation: str, case_id: str) -> bool:
        """What is asked first at each look: the key is revoked just before one that finds news."""
        async with service.parts.database.write() as other:
            await other.execute(update(api_keys).values(revoked_ms=now_ms()))
        return await before(connection, organisation, case_id)

    service.put(case, "1", jpeg())
    service.work()
    monkeypatch.setattr(jobs, "is_open", revoked)
    answer = service.client.get(f"/v1/cases/{case}/stream?until_idle=true", headers=service.police)
    assert (answer.status_code, answer.text) == (200, "")


def test_a_time_that_is_none_is_refused(service: Service) -> None:
    """Some systems write the first or last moment there is where they know no time: no paper is valid then."""
    for when in ("0001-01-01T00:00:00+08:00", "0001-01-01T00:00:00Z", "9999-12-31T23:59:59.9999999-08:00"):
        body = {"external_id": "A-9", "happened_at": when}
        answer = service.client.post("/v1/cases", json=body, headers=service.police)
        assert code(answer) == (422, "bad_request"), when
    assert service.client.post("/v1/cases", json={"external_id": "A-9"}, headers=service.police).status_code == 201


def test_the_same_photo_again_is_no_second_one(service: Service) -> None:
    case = service.case()
    first = service.put(case, "1", jpeg())
    again = service.put(case, "1", jpeg())
    assert (first.status_code, again.status_code) == (201, 200)
    assert first.json() == again.json()
    assert code(service.put(case, "1", jpeg(10))) == (409, "photo_differs")


def test_fifty_uploads_at_once_with_one_key_are_one(service: Service) -> None:
    case = service.case()

    async def put(client: httpx2.AsyncClient) -> httpx2.Response:
        headers = {**service.police, "Idempotency-Key": "k"}
        return await client.put(f"/v1/cases/{case}/photos/1", content=jpeg(), headers=headers)

    async def fifty() -> list[httpx2.Response]:
        transport = httpx2.ASGITransport(app=service.client.app)
        async with httpx2.AsyncClient(transport=transport, base_url="http://test") as client:
            return await asyncio.gather(*(put(client) for _ in range(50)))

    assert service.client.portal is not None
    answers = service.client.portal.call(fifty)
    assert {(answer.status_code, answer.text) for answer in answers} == {(201, answers[0].text)}
    photos = service.client.get(f"/v1/cases/{case}/photos", headers=service.police).json()["photos"]
    assert len(photos) == 1
    assert code(service.put(case, "1", jpeg(10), **{"Idempotency-Key": "k"})) == (422, "idempotency_key_reused")


def test_bytes_that_are_not_what_was_sent_are_refused(service: Service) -> None:
    case = service.case()
    assert code(service.put(case, "1", jpeg(), **{"Content-SHA256": "0" * 64})) == (422, "checksum_mismatch")
    assert code(service.put(case, "1", b"x" * (MAX_PHOTO + 1))) == (413, "too_large")
    assert [path for path in service.parts.blobs.spool_folder.parent.rglob("*") if path.is_file()] == []


def test_a_withdrawn_photo_is_kept_and_marked(service: Service) -> None:
    case = service.case()
    service.put(case, "1", jpeg())
    url = f"/v1/cases/{case}/photos/1/withdraw"
    first = service.client.post(url, headers=service.police).json()
    assert first["withdrawn_at"] is not None
    assert service.client.post(url, headers=service.police).json() == first
    assert len([path for path in service.parts.blobs.spool_folder.parent.rglob("*") if path.is_file()]) == 1


def test_a_closed_case_takes_nothing(service: Service) -> None:
    case = service.case()
    closed = service.client.post(f"/v1/cases/{case}/close", headers=service.police).json()
    assert (closed["state"], closed["legal_hold"]) == ("closed", False)
    assert code(service.put(case, "1", jpeg())) == (409, "case_closed")
    held = service.client.put(f"/v1/cases/{case}/legal-hold?held=true", headers=service.police).json()
    assert held["legal_hold"] is True


def test_one_case_for_one_number(service: Service) -> None:
    body = {"external_id": "A-1", "parties": [{"id": "A", "plate": "皖A·12345"}]}
    headers = {**service.police, "Idempotency-Key": "k"}
    first = service.client.post("/v1/cases", json=body, headers=headers)
    assert first.json()["parties"] == [{"id": "A", "plate": "皖A12345"}]
    again = service.client.post("/v1/cases", json=body, headers=headers)
    assert (first.status_code, again.status_code, again.json()) == (201, 201, first.json())
    assert code(service.client.post("/v1/cases", json=body, headers=service.police)) == (409, "case_exists")
    other = service.client.post("/v1/cases", json={"external_id": "A-2"}, headers=headers)
    assert code(other) == (422, "idempotency_key_reused")


def test_the_list_is_paged(service: Service) -> None:
    made = [service.case(f"A-{number}") for number in range(5)]
    told, cursor = [], ""
    while True:
        page = service.client.get(f"/v1/cases?limit=2{cursor}", headers=service.police).json()
        told += [case["id"] for case in page["cases"]]
        if page["next"] is None:
            break
        cursor = f"&cursor={page['next']}"
    assert sorted(told) == sorted(made) and len(told) == 5
    one = service.client.get("/v1/cases?external_id=A-3&state=open", headers=service.police).json()["cases"]
    assert [case["id"] for case in one] == [made[3]]


def test_the_list_is_filtered(service: Service) -> None:
    held = service.case("A-1", accident_type="rear_end", standard="rear-end")
    service.client.put(f"/v1/cases/{held}/legal-hold?held=true", headers=service.police)
    plain = service.case("A-2")
    made_at = service.client.get(f"/v1/cases/{plain}", headers=service.police).json()["created_at"]

    def told(**query: str) -> list[str]:
        answer = service.client.get("/v1/cases", params=query, headers=service.police)
        return [case["id"] for case in answer.json()["cases"]]

    assert told(accident_type="rear_end") == told(standard="rear-end") == told(legal_hold="true") == [held]
    assert told(standard="four-photos") == told(legal_hold="false") == [plain]
    assert told(legal_hold="true", standard="four-photos") == []
    assert plain in told(since=made_at) and plain not in told(until=made_at)
    assert told(since="2026-01-01T00:00:00Z", until="9999-01-01T00:00:00+08:00") == [plain, held]
    assert code(service.client.get("/v1/cases?since=2026-01-01", headers=service.police)) == (422, "bad_request")
    assert code(service.client.get("/v1/cases?standard=none", headers=service.police)) == (422, "bad_request")


ROUTES: tuple[tuple[str, str], ...] = (
    ("GET", ""),
    ("POST", "/close"),
    ("PUT", "/legal-hold?held=true"),
    ("GET", "/photos"),
    ("PUT", "/photos/2"),
    ("POST", "/photos/1/withdraw"),
    ("GET", "/assessments"),
    ("GET", "/assessments/latest"),
    ("GET", "/assessments/1"),
    ("POST", "/assess"),
    ("GET", "/stream"),
)


def test_another_organisations_case_is_not_found(service: Service) -> None:
    case = service.case()
    service.put(case, "1", jpeg())
    service.work()
    for method, path in ROUTES:
        answer = service.client.request(method, f"/v1/cases/{case}{path}", headers=service.insurer)
        assert code(answer) == (404, "not_found"), path
        assert code(service.client.request(method, f"/v1/cases/{case}{path}"))[0] == 401, path
    assert service.client.get("/v1/cases", headers=service.insurer).json()["cases"] == []
    assert service.client.get(f"/v1/cases/{case}", headers=service.police).json()["state"] == "open"


def test_a_key_does_what_its_role_may(service: Service) -> None:
    case = service.case()
    assert code(service.client.post(f"/v1/cases/{case}/close", headers=service.uploader)) == (403, "forbidden")
    assert service.client.get(f"/v1/cases/{case}", headers=service.uploader).status_code == 200
    for wrong in ("", "Bearer", "Bearer x", "Basic a:b", "Bearer kz_" + "a" * 12 + "_" + "a" * 52):
        assert code(service.client.get("/v1/cases", headers={"Authorization": wrong}))[0] == 401


WRONG: tuple[Callable[[Service, str], httpx2.Response], ...] = (
    lambda s, _: s.client.post("/v1/cases", content=b"{", headers=s.police),
    lambda s, _: s.client.post("/v1/cases", content=b"\xff", headers=s.police),
    lambda s, _: s.client.post("/v1/cases", json=[], headers=s.police),
    lambda s, _: s.client.post("/v1/cases", json={}, headers=s.police),
    *(
        lambda s, _, body=body: s.client.post(
            "/v1/cases", content=json.dumps({"external_id": "W", **body}).encode(), headers=s.police
        )
        for body in (
            {"external_id": ""},
            {"external_id": "a\x00b"},
            {"external_id": "\ud800"},
            {"external_id": "x" * 201},
            {"external_id": 7},
            {"accident_type": "meteor"},
            {"happened_at": "2026-05-01T08:03:00"},
            {"happened_at": "yesterday"},
            {"standard": "../../etc/passwd"},
            {"parties": [{"id": "A"}, {"id": "A"}]},
            {"parties": [{"id": "A", "plate": "..."}]},
            {"parties": [{"id": "A", "photos": []}]},
            {"place": float("inf")},
            {"surprise": 1},
        )
    ),
    lambda s, _: s.client.get("/v1/cases?cursor=xyz", headers=s.police),
    lambda s, _: s.client.get("/v1/cases?cursor=%00", headers=s.police),
    lambda s, _: s.client.get("/v1/cases?cursor=%E7%9A%96", headers=s.police),
    lambda s, _: s.client.get("/v1/cases?limit=0", headers=s.police),
    lambda s, _: s.client.get("/v1/cases?external_id=%00", headers=s.police),
    lambda s, _: s.client.get("/v1/cases/%00", headers=s.police),
    lambda s, _: s.client.get("/v1/cases/..%2F..", headers=s.police),
    lambda s, case: s.client.get(f"/v1/cases/{case}/assessments/0", headers=s.police),
    lambda s, case: s.client.get(f"/v1/cases/{case}/assessments/{10**30}", headers=s.police),
    lambda s, case: s.put(case, "a%2Fb", b""),
    lambda s, case: s.put(case, "a%00", b""),
    lambda s, case: s.put(case, "1?party=Z", b""),
    lambda s, case: s.put(case, "1?shot_hint=%00", b""),
    lambda s, case: s.put(case, "1", b"", **{"Content-SHA256": "short"}),
    lambda s, case: s.put(case, "1", b"", **{"Idempotency-Key": " "}),
    lambda s, case: s.client.post(f"/v1/cases/{case}/photos/none/withdraw", headers=s.police),
    lambda s, case: s.client.patch(f"/v1/cases/{case}", headers=s.police),
)


def test_bad_input_is_the_callers_error(service: Service) -> None:
    case = service.case()
    for number, wrong in enumerate(WRONG):
        answer = wrong(service, case)
        assert 400 <= answer.status_code < 500, (number, answer.text)
        assert code(answer)[1] != "internal"


def test_ready_needs_a_warm_worker(service: Service) -> None:
    assert service.client.get("/health").json() == {"status": "ok"}
    assert code(service.client.get("/ready")) == (503, "no_worker")


def test_the_description_is_the_frozen_one() -> None:
    frozen = (ROOT / "docs" / "openapi.json").read_text("utf-8")
    assert openapi_text() == frozen, "changed: python -m service.app > docs/openapi.json, if the change is wanted"

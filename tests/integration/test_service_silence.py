"""A whole case, from its creation to its deletion: no plate, name or number ever stands in a log line or an address."""

from __future__ import annotations

import io
import logging
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from urllib.parse import unquote

import httpx2
import pytest
import structlog

from service.guard import logs
from service.guard.masking import looks_personal
from service.job_steps import Looker
from service.worker import Worker
from tests.personal_parts import BODY, ID_NUMBER, NAME, NOTE, PLATE, SEEN_PLATE, leaks, personal_gather
from tests.service_client import Asking, asking, code, told
from tests.service_parts import MODEL_SET, jpeg


@contextmanager
def listening() -> Iterator[io.StringIO]:
    """Everything that anybody logs, down to debug, as the service writes it."""
    stream, root = io.StringIO(), logging.getLogger()
    kept, level = root.handlers[:], root.level
    try:
        logs.configure(stream, logging.DEBUG)
        yield stream
    finally:
        structlog.reset_defaults()
        root.handlers[:] = kept
        root.setLevel(level)


@pytest.fixture
def heard(sqlite_url: str, tmp_path: Path) -> Iterator[tuple[Asking, list[str], io.StringIO]]:
    """The service, the addresses that it was asked at or told of, and its log."""
    addresses: list[str] = []

    def note(answer: httpx2.Response) -> None:
        addresses.extend([unquote(str(answer.request.url)), unquote(answer.headers.get("location", ""))])

    with listening() as stream, asking(sqlite_url, tmp_path) as service:
        object.__setattr__(service.parts, "gather", personal_gather)
        service.client.event_hooks["response"] = [note]
        yield service, addresses, stream


def work(service: Asking, gather: Any = personal_gather) -> None:
    worker = Worker(service.parts.database, service.parts.blobs, Looker(gather, MODEL_SET), "test", max_attempts=1)
    while service.call(worker.step):
        pass


def broken(photos: object, *, on: object = None) -> Any:
    raise ValueError(f"{PLATE} {NAME}")  # the worst a library could say


def test_a_whole_case_says_nothing(heard: tuple[Asking, list[str], io.StringIO]) -> None:
    service, addresses, stream = heard
    client, police = service.client, service.police
    case = client.post("/v1/cases", json=BODY, headers={**police, "Idempotency-Key": "k"}).json()["id"]
    url = f"/v1/cases/{case}"
    client.put(f"{url}/photos/1.jpg?party=A&shot_hint=front", content=jpeg(), headers=police)
    upload = {"Tus-Resumable": "1.0.0", "Upload-Length": str(len(jpeg(80)))}
    metadata = told(client_id="paper.jpg", case_id=case, party="B")
    begun = client.post("/v1/uploads", headers={**police, **upload, "Upload-Metadata": metadata})
    part = {**police, "Tus-Resumable": "1.0.0", "Upload-Offset": "0", "Content-Type": "application/offset+octet-stream"}
    assert client.patch(begun.headers["location"], content=jpeg(80), headers=part).status_code == 204
    work(service)
    link = client.post(f"{url}/links", json={"party": "A"}, headers=police).json()
    party = {"Authorization": f"Bearer {link['token']}"}
    assert client.get("/v1/party/assessment", headers=party).status_code == 200
    client.get(f"{url}/stream?until_idle=true", headers=police)
    latest = client.get(f"{url}/assessments/latest", headers=police).json()
    assert PLATE in str(latest), "there is something that could have been said"
    files = client.get(f"{url}/photos/1.jpg/files", headers=police).json()
    for address in (files["original"], files["overlay"], *(crop["url"] for crop in files["crops"])):
        assert client.get(address).status_code == 200
    client.get(f"{url}/manifest.pdf", headers=police)
    for kind, sought in (("plate", SEEN_PLATE), ("name", NAME), ("number", ID_NUMBER)):
        assert len(client.post("/v1/search", json={"kind": kind, "text": sought}, headers=police).json()["cases"]) == 1
    client.post(f"{url}/flag", headers=police)
    client.post(f"/v1/reviews/{case}/claim", headers=police)
    review = {"version": latest["version"], "decision": "retake", "reason": "other", "note": NOTE}
    assert client.post(f"/v1/reviews/{case}/decide", json=review, headers=police).status_code == 201
    wrong(service, url)
    assert client.delete(url, headers=police).status_code == 204
    lines = stream.getvalue()
    assert lines.count("request.done") > 20 and "job.taken" in lines
    assert leaks(lines) == [] and leaks("\n".join(addresses)) == []


def wrong(service: Asking, url: str) -> None:
    """What goes wrong says nothing either: of the input, of the database, of a gather that quotes what it read."""
    client, police = service.client, service.police
    login = {"organisation": "police", "login": PLATE, "password": NAME}
    asked: tuple[tuple[str, str, dict[str, Any]], ...] = (
        ("POST", "/v1/cases", {"json": {**BODY, "accident_type": PLATE}}),
        ("POST", "/v1/cases", {"json": {**BODY, "parties": [{"id": NAME}]}}),
        ("POST", "/v1/cases", {"json": {**BODY, "external_id": f"{PLATE}-1"}}),
        ("POST", "/v1/search", {"json": {"kind": PLATE, "text": NAME}}),
        ("POST", "/v1/session", {"json": login}),
        ("POST", "/v1/check", {"files": [("photos", ("1", b""))], "data": {"case": f"plate = '{PLATE}'"}}),
        ("POST", "/v1/uploads", {"headers": {"Tus-Resumable": "1.0.0", "Upload-Metadata": told(client_id=NAME)}}),
    )
    for method, path, arguments in asked:
        headers = {**police, **arguments.pop("headers", {})}
        answer = client.request(method, path, headers=headers, **arguments)
        assert 400 <= answer.status_code < 500, (path, answer.text)
        assert leaks(answer.text) == [], path
    client.put(f"{url}/photos/broken.jpg", content=jpeg(70), headers=police)
    work(service, broken)


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("皖A12345", True),
        ("case 皖A·12345 of May", True),
        ("皖ad12345", True),
        ("11010519491231002X", True),
        ("no-11010519491231002x.jpg", True),
        ("11010519491231002X-1", True),
        ("110105 19491231 002X", True),
        ("110105194912310021", False),
        ("A-1", False),
        ("IMG_20260501_080311123.jpg", False),
        ("4101052026050112345678", False),
        ("皖公网安备", False),
    ],
)
def test_what_may_not_stand_in_an_address(text: str, found: bool) -> None:
    assert looks_personal(text) is found


@pytest.mark.parametrize("external_id", [PLATE, f"{ID_NUMBER}-1"])
def test_what_stands_in_addresses_is_refused_where_it_is_chosen(
    heard: tuple[Asking, list[str], io.StringIO], external_id: str
) -> None:
    service, _, stream = heard
    answer = service.client.post("/v1/cases", json={"external_id": external_id}, headers=service.police)
    assert code(answer) == (422, "bad_request") and external_id not in answer.text
    name = f"/v1/cases/{service.case()}/photos/{ID_NUMBER}.jpg"
    assert code(service.client.put(name, content=jpeg(), headers=service.police)) == (422, "bad_request")
    assert leaks(stream.getvalue()) == []

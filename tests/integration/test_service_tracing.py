"""A request's id from its answer to the worker's lines; metrics that count and name nobody."""

from __future__ import annotations

import io
import json
import logging
import socket
import urllib.request
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from shutil import copy
from typing import Any

import pytest
import structlog
from fastapi.testclient import TestClient

from service import metrics, metrics_queue
from service.api.parts import Parts, StoredKeys
from service.app import create_app
from service.blobs_local import LocalBlobs
from service.guard import keys as guard_keys
from service.guard import logs
from service.guard.roles import Role
from service.job_steps import Looker
from service.settings import Settings, SettingsError
from service.store import keys
from service.worker import Worker
from tests.service_parts import MODEL_SET, gather, jpeg, opened

REQUEST = "req_0123456789abcdef01234567"
PLATE = "E12F6X"


@dataclass(frozen=True, slots=True)
class Traced:
    client: TestClient
    worker: Worker
    out: io.StringIO
    headers: dict[str, str]

    def lines(self, event: str) -> list[dict[str, Any]]:
        return [line for line in map(json.loads, self.out.getvalue().splitlines()) if line["event"] == event]

    def case(self) -> str:
        answer = self.client.post("/v1/cases", json={"external_id": PLATE}, headers=self.headers)
        return str(answer.json()["id"])


@pytest.fixture
def traced(sqlite_template: Path, tmp_path: Path) -> Iterator[Traced]:
    database = opened(f"sqlite:///{copy(sqlite_template, tmp_path / 'kuaizheng.db')}")
    blobs = LocalBlobs(tmp_path / "blobs")
    parts = Parts(Settings(data_folder=tmp_path), database, blobs, StoredKeys(database), gather)
    new = guard_keys.make()

    async def key() -> None:
        async with database.write() as connection:
            owner = await keys.add_organisation(connection, "police")
            await keys.add(connection, owner, new, "test", Role.SUPERVISOR)

    out, root = io.StringIO(), logging.getLogger()
    before, level = root.handlers[:], root.level
    logs.configure(out)
    with TestClient(create_app(parts), raise_server_exceptions=False) as client:
        assert client.portal is not None
        client.portal.call(key)
        worker = Worker(database, blobs, Looker(gather, MODEL_SET), "test")
        yield Traced(client, worker, out, {"Authorization": f"Bearer {new.text}"})
    root.handlers[:] = before
    root.setLevel(level)
    structlog.reset_defaults()


def value(name: str, **labels: str) -> float:
    return metrics.REGISTRY.get_sample_value(name, labels) or 0.0


def test_a_request_id_follows_a_photo(traced: Traced) -> None:
    case = traced.case()
    url = f"/v1/cases/{case}/photos/{PLATE}.jpg"
    answer = traced.client.put(url, content=jpeg(), headers={**traced.headers, "X-Request-ID": REQUEST})
    assert answer.headers["x-request-id"] == REQUEST
    portal = traced.client.portal
    assert portal is not None
    while portal.call(traced.worker.step):
        pass
    (line,) = (line for line in traced.lines("request.done") if line["request_id"] == REQUEST)
    assert (line["route"], line["method"], line["status"], line["bytes"]) == ("photos.put", "PUT", 201, len(jpeg()))
    taken = traced.lines("job.taken")
    assert [(one["stage"], one["request_id"]) for one in taken] == [("facts", REQUEST), ("assess", REQUEST)]
    assert PLATE not in traced.out.getvalue() and not any("dropped" in one for one in (line, *taken))


def test_a_callers_id_that_is_none_is_replaced(traced: Traced) -> None:
    answer = traced.client.get("/health", headers={"X-Request-ID": PLATE})
    assert logs.fits("request_id", answer.headers["x-request-id"])
    assert PLATE not in traced.out.getvalue()


def test_a_fault_of_ours_has_its_id_too(traced: Traced, monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(*_: object) -> None:
        raise KeyError(PLATE)

    monkeypatch.setattr("service.store.workers.alive", broken)
    answer = traced.client.get("/ready", headers={"X-Request-ID": REQUEST})
    assert (answer.status_code, answer.json()["code"], answer.headers["x-request-id"]) == (500, "internal", REQUEST)
    (line,) = traced.lines("request.failed")
    assert (line["request_id"], line["error_type"]) == (REQUEST, "KeyError") and PLATE not in traced.out.getvalue()


def test_what_is_counted(traced: Traced) -> None:
    def counts() -> list[float]:
        return [
            value("kuaizheng_request_seconds_count", route="photos.put", status="201"),
            value("kuaizheng_request_bytes_total", route="photos.put"),
            value("kuaizheng_jobs_total", kind="facts", outcome="done"),
            value("kuaizheng_stage_seconds_count", stage="decode"),
            value("kuaizheng_assessments_total", standard="four-photos", decision="retake"),
        ]

    before, case, portal = counts(), traced.case(), traced.client.portal
    assert portal is not None
    assert traced.client.put(f"/v1/cases/{case}/photos/1", content=jpeg(), headers=traced.headers).status_code == 201
    portal.call(metrics_queue.look, traced.worker.database)
    assert value("kuaizheng_queue_jobs", kind="facts") == 1 and value("kuaizheng_queue_age_seconds") >= 0
    while portal.call(traced.worker.step):
        pass
    portal.call(metrics_queue.look, traced.worker.database)
    assert value("kuaizheng_queue_jobs", kind="facts") == 0
    assert [after - b for after, b in zip(counts(), before, strict=True)] == [1, len(jpeg()), 1, 1, 1]


def test_metrics_are_scraped_at_their_own_port() -> None:
    with socket.socket() as one:
        one.bind(("127.0.0.1", 0))
        port = one.getsockname()[1]
        with pytest.raises(SettingsError, match="metrics_port"):
            metrics.expose(Settings(metrics_port=port))
    server = metrics.expose(Settings(metrics_port=port))
    assert server is not None
    with urllib.request.urlopen(f"http://127.0.0.1:{port}/metrics", timeout=20) as answer:
        text = answer.read().decode()
    assert "kuaizheng_queue_age_seconds" in text and "kuaizheng_process_resident_memory_bytes" in text
    server.shutdown()
    server.server_close()
    assert metrics.expose(Settings()) is None

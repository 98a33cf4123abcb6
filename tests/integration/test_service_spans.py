"""Spans: one trace from a request to its webhook, on both databases, without a name or a plate."""

from __future__ import annotations

import asyncio
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from fastapi.testclient import TestClient
from opentelemetry.sdk.trace import ReadableSpan, TracerProvider
from opentelemetry.sdk.trace.export import SimpleSpanProcessor
from opentelemetry.sdk.trace.export.in_memory_span_exporter import InMemorySpanExporter
from opentelemetry.trace import SpanKind, StatusCode

from service import doctor, metrics, serve
from service.api.parts import Parts, StoredKeys
from service.app import create_app
from service.blobs_local import LocalBlobs
from service.guard import logs, spans
from service.job_steps import Looker
from service.settings import Settings, SettingsError
from service.store import webhooks
from service.worker import Worker
from tests.integration.test_service_survives import key_of
from tests.service_parts import MODEL_SET, gather, jpeg, opened
from tests.unit.guard.receiver import OK, receiving
from tests.webhook_house import SECRET, send_all

REQUEST = "req_0123456789abcdef01234567"
CALLER = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01"
PLATE = "E12F6X"


@pytest.fixture
def exporter() -> Iterator[InMemorySpanExporter]:
    found, provider = InMemorySpanExporter(), TracerProvider()
    provider.add_span_processor(SimpleSpanProcessor(found))
    spans.use(provider)
    yield found
    spans.use(None)


def upload_and_tell(url: str, folder: Path) -> None:
    """A photo comes, is looked at and judged, and the webhooks are sent."""
    database, blobs = opened(url), LocalBlobs(folder / "blobs")
    parts = Parts(Settings(data_folder=folder), database, blobs, StoredKeys(database), gather)

    async def told(owner: str) -> None:
        async with receiving(OK) as receiver:
            async with database.write() as connection:
                hook = f"http://127.0.0.1:{receiver.port}/hooks"
                await webhooks.add(connection, owner, hook, "", ["assessment.updated"], SECRET)
            worker = Worker(database, blobs, Looker(gather, MODEL_SET), "test")
            while await worker.step():
                pass
            await send_all(database)

    with TestClient(create_app(parts)) as client:
        assert client.portal is not None
        owner, headers = client.portal.call(key_of, database)
        case = client.post("/v1/cases", json={"external_id": PLATE}, headers=headers).json()["id"]
        more = {"X-Request-ID": REQUEST, "traceparent": CALLER, "tracestate": f"plate={PLATE}"}
        answer = client.put(f"/v1/cases/{case}/photos/{PLATE}.jpg", content=jpeg(), headers={**headers, **more})
        assert answer.status_code == 201
        client.portal.call(told, owner)


def parents(found: tuple[ReadableSpan, ...]) -> dict[str, str | None]:
    """Name of a span to its parent's."""
    names = {one.context.span_id: one.name for one in found if one.context}
    return {one.name: names.get(one.parent.span_id) if one.parent else None for one in found}


def test_one_trace_from_a_photo_to_its_webhook(
    database_url: str, tmp_path: Path, exporter: InMemorySpanExporter
) -> None:
    upload_and_tell(database_url, tmp_path)
    mine = tuple(
        s for s in exporter.get_finished_spans() if (s.attributes or {}).get("kuaizheng.request_id") == REQUEST
    )
    assert parents(mine) == {
        "photos.put": None,  # the caller's is not ours
        "job facts": "photos.put",
        **dict.fromkeys(("read", "decode", "facts", "keep_facts"), "job facts"),
        "job assess": "keep_facts",
        **dict.fromkeys(("judge", "keep_assessment"), "job assess"),
        "webhook": "keep_assessment",
    }
    assert {one.context.trace_id for one in mine if one.context} == {int(CALLER.split("-")[1], 16)}
    told = {one.name: dict(one.attributes or {}) for one in mine}
    assert (told["photos.put"]["kuaizheng.status"], told["webhook"]["kuaizheng.outcome"]) == (201, "delivered")
    assert "kuaizheng.photo_id" in told["job facts"] and "kuaizheng.message_id" in told["webhook"]


def test_spans_hold_what_lines_may_hold(database_url: str, tmp_path: Path, exporter: InMemorySpanExporter) -> None:
    upload_and_tell(database_url, tmp_path)
    found = exporter.get_finished_spans()
    for one in found:
        for name, value in (one.attributes or {}).items():
            assert logs.fits(name.removeprefix(spans.PREFIX), value), name
    assert PLATE not in "".join(one.to_json() for one in found)


def test_an_error_is_told_by_its_type(exporter: InMemorySpanExporter) -> None:
    with pytest.raises(KeyError), spans.span("a", SpanKind.SERVER, reason=PLATE, code="too_large"):
        raise KeyError(PLATE)
    (one,) = exporter.get_finished_spans()
    assert one.status.status_code is StatusCode.ERROR and one.status.description is None and not one.events
    assert one.attributes == {"kuaizheng.code": "too_large", "kuaizheng.error_type": "KeyError"}


def test_runs_of_networks_are_inside_their_stage(exporter: InMemorySpanExporter) -> None:
    with metrics.stage("facts"):
        metrics._ran("view", 0.25)
    model, stage = exporter.get_finished_spans()
    assert model.name == "view" and model.parent is not None and model.parent == stage.context
    assert model.end_time is not None and model.start_time == model.end_time - 250_000_000


def test_nothing_is_followed_where_it_is_off() -> None:
    with spans.span("a", parent=CALLER) as one:
        one.tell(status=200)
        one.failed()
        assert spans.traceparent() is None


def test_without_the_packages_it_is_told_at_the_start(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setitem(sys.modules, "opentelemetry.sdk.trace", None)
    monkeypatch.setenv("KUAIZHENG_OTEL_ENDPOINT", "http://127.0.0.1:4318")
    monkeypatch.setenv("KUAIZHENG_DATA_FOLDER", str(tmp_path))
    assert doctor.run(None, ("settings",)) == 1
    assert "kuaizheng[otel]" in capsys.readouterr().out
    for start in (serve.serve, serve.work):
        with pytest.raises(SettingsError, match=r"kuaizheng\[otel\]"):
            start(Settings(otel_endpoint="http://127.0.0.1:4318", data_folder=tmp_path))
    assert not list(tmp_path.iterdir())


def test_spans_arrive_at_the_collector() -> None:
    async def collected() -> bytes:
        async with receiving(OK) as receiver:
            settings = Settings(otel_endpoint=f"http://127.0.0.1:{receiver.port}")

            def tell() -> None:
                with spans.sending(settings), spans.span("photos.put", request_id=REQUEST):
                    pass

            await asyncio.to_thread(tell)
            (request,) = receiver.requests
        return request

    request = asyncio.run(collected())
    assert request.startswith(b"POST /v1/traces ") and REQUEST.encode() in request and b"kuaizheng" in request

"""The service: one case in, one answer out, and no server error for anything a client can send."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import date
from pathlib import Path
from typing import Any

import cv2
import numpy as np
import pytest
from fastapi.testclient import TestClient

from service import app as service
from service.api import check
from service.api.parts import Caller, Parts
from service.blobs_local import LocalBlobs
from service.cases import Gather
from service.guard.roles import PERMISSIONS, Role
from service.settings import Settings
from service.store.database import Database
from vision.errors import ModelError
from vision.image import Limits
from vision.standard import names
from vision.types import (
    Framing,
    FramingKind,
    Photo,
    PhotoFacts,
    Quality,
    QualityVerdict,
    Unreadable,
)


class FakeGather:
    """Facts of an empty picture for each photo; remembers the day it was asked for."""

    def __init__(self) -> None:
        self.on: date | None = None

    def __call__(
        self, photos: Iterable[Photo | Unreadable], *, on: date | None = None
    ) -> Iterator[PhotoFacts | Unreadable]:
        self.on = on
        for photo in photos:
            yield photo if isinstance(photo, Unreadable) else seen(photo)


def seen(photo: Photo) -> PhotoFacts:
    quality = Quality(QualityVerdict.OK, 1.0, 0.0, 0.0, 0.0)
    framing = Framing(FramingKind.OTHER, 1.0)
    return PhotoFacts(photo.name, photo.sha256, photo.size_wh, photo.phash, framing, quality)


@pytest.fixture
def gather() -> FakeGather:
    return FakeGather()


class AnyKey:
    """Whoever asks is an uploader."""

    async def caller(self, key: str) -> Caller:
        return Caller("police", "key:test", Role.UPLOADER, PERMISSIONS[Role.UPLOADER])


def client_of(gather: Gather, folder: Path) -> TestClient:
    """An app whose database nobody asks."""
    settings = Settings(data_folder=folder, max_body_bytes=200_000)
    parts = Parts(settings, Database(settings.database), LocalBlobs(folder), AnyKey(), gather)
    return TestClient(service.create_app(parts), headers={"Authorization": "Bearer any"})


@pytest.fixture
def client(gather: FakeGather, tmp_path: Path) -> TestClient:
    return client_of(gather, tmp_path)


def jpeg(level: int = 90) -> bytes:
    done, data = cv2.imencode(".jpg", np.full((48, 64, 3), level, np.uint8))
    assert done
    return data.tobytes()


def posted(client: TestClient, photos: dict[str, bytes], **form: str) -> Any:
    return client.post("/v1/check", files=[("photos", item) for item in photos.items()], data=form)


def test_photos_in_facts_and_assessment_out(client: TestClient) -> None:
    answer = posted(client, {"a.jpg": jpeg(), "b.jpg": b"no picture", "c.jpg": jpeg(200)}, standard="rear-end")
    assert answer.status_code == 200
    facts, assessment = answer.json()["facts"], answer.json()["assessment"]
    assert [one["photo"] for one in facts] == ["a.jpg", "b.jpg", "c.jpg"]
    assert facts[1]["unreadable"] == "not_an_image"
    assert facts[0]["size_wh"] == [64, 48]
    assert (assessment["standard"], assessment["decision"]) == ("rear-end", "retake")
    assert assessment["next"]


def test_a_photo_that_is_too_large_is_told_and_not_lost(client: TestClient, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(check, "DEFAULT_LIMITS", Limits(max_bytes=100))
    answer = posted(client, {"a.jpg": jpeg()})
    assert answer.json()["facts"][0]["unreadable"] == "too_large"


def test_the_accident_day_is_the_day_papers_are_judged_by(client: TestClient, gather: FakeGather) -> None:
    posted(client, {"a.jpg": jpeg()}, case="happened_at = 2026-05-01T08:03:00+08:00", on="2026-06-01")
    assert gather.on == date(2026, 5, 1)
    posted(client, {"a.jpg": jpeg()}, on="2026-06-01")
    assert gather.on == date(2026, 6, 1)


@pytest.mark.parametrize(
    ("form", "says"),
    [
        ({"standard": "no-such"}, "no standard 'no-such'"),
        ({"standard": "../../etc/passwd"}, "no standard"),
        ({"case": "a =\n"}, "case.toml:1: "),
        ({"case": "[[parties]]\nid = 'A'\nphotos = ['z.jpg']"}, "case.toml:3: there is no photo 'z.jpg'"),
    ],
)
def test_a_wrong_case_is_refused_with_line_and_reason(client: TestClient, form: dict[str, str], says: str) -> None:
    answer = posted(client, {"a.jpg": jpeg()}, **form)
    assert answer.status_code == 422
    assert answer.headers["content-type"] == "application/problem+json"
    assert answer.json()["detail"].startswith(says)


def test_one_name_twice_is_refused(client: TestClient) -> None:
    files = [("photos", ("a.jpg", jpeg())), ("photos", ("a.jpg", jpeg(10)))]
    assert client.post("/v1/check", files=files).json()["code"] == "bad_input"


@pytest.mark.parametrize("body", [b"", b"{}", b"--x\r\nbroken"])
def test_a_broken_body_is_a_client_error(client: TestClient, body: bytes) -> None:
    answer = client.post("/v1/check", content=body, headers={"content-type": "multipart/form-data; boundary=x"})
    assert 400 <= answer.status_code < 500


def test_a_body_that_is_too_large_is_refused_whatever_its_headers_say(client: TestClient) -> None:
    answer = client.post(
        "/v1/check",
        content=(b"x" * 50_000 for _ in range(10)),
        headers={"content-type": "multipart/form-data; boundary=x"},
    )
    assert answer.status_code == 413
    assert answer.json()["code"] == "too_large"


def test_a_broken_model_is_no_empty_answer(tmp_path: Path) -> None:
    def broken(photos: Iterable[Photo | Unreadable], *, on: date | None = None) -> Iterator[PhotoFacts | Unreadable]:
        raise ModelError("view.onnx: inference failed")

    answer = posted(client_of(broken, tmp_path), {"a.jpg": jpeg()})
    assert (answer.status_code, answer.json()["code"]) == (503, "bad_model")


def test_standards_are_told(client: TestClient) -> None:
    assert tuple(one["name"] for one in client.get("/v1/standards").json()) == names()
    assert client.get("/health").json() == {"status": "ok"}
    assert client.get("/nothing").json()["code"] == "not_found"

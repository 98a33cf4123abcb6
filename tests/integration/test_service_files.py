"""Originals, crops and overlays: by signed addresses, for minutes, and only as what they are."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import cv2
import numpy as np
import pytest
from sqlalchemy import select

from service.guard import links as guard_links
from service.job_steps import Looker
from service.store.schema_audit import audit_records
from service.worker import Worker
from tests.service_client import Asking, asking, code
from tests.service_parts import MODEL_SET
from tests.service_parts import gather as plain
from vision.types import (
    Damage,
    DamageKind,
    Document,
    DocumentKind,
    Page,
    Photo,
    PhotoFacts,
    Plate,
    PlateKind,
    Unreadable,
    Vehicle,
    VehicleKind,
)

RED, SIZE = (200, 40, 30), (300, 200)
BOX = (100.0, 50.0, 160.0, 70.0)
CORNERS = ((100.0, 50.0), (160.0, 50.0), (160.0, 70.0), (100.0, 70.0))


def picture() -> bytes:
    """Grey with a red patch where the plate is."""
    pixels = np.full((SIZE[1], SIZE[0], 3), 128, np.uint8)
    pixels[50:70, 100:160] = RED[::-1]
    done, data = cv2.imencode(".png", pixels)
    assert done
    return data.tobytes()


def gather(photos: Iterable[Photo | Unreadable], *, on: date | None = None) -> Iterator[PhotoFacts | Unreadable]:
    for one in plain(photos, on=on):
        if isinstance(one, Unreadable):
            yield one
            continue
        yield replace(
            one,
            rotation=90,
            vehicles=(Vehicle(VehicleKind.CAR, (10.0, 10.0, 290.0, 190.0), 0.9),),
            damages=(Damage(DamageKind.DENT, BOX, (), 0.8),),
            plates=(Plate("皖A1<2&5", PlateKind.BLUE, CORNERS, 0.95),),
            document=Document(DocumentKind.OTHER_DOCUMENT, (Page.MAIN,), 0.9, BOX),
        )


@pytest.fixture
def service(sqlite_url: str, tmp_path: Path) -> Iterator[Asking]:
    with asking(sqlite_url, tmp_path) as opened:
        yield opened


def seen_case(service: Asking) -> str:
    case = service.case()
    service.put(case, "front.png", picture())
    service.put(case, "note.html", b"<script>alert(1)</script>")
    worker = Worker(service.parts.database, service.parts.blobs, Looker(gather, MODEL_SET), "test")
    while service.call(worker.step):
        pass
    return case


def addresses(service: Asking, case: str, name: str = "front.png") -> dict[str, Any]:
    answer = service.client.get(f"/v1/cases/{case}/photos/{name}/files", headers=service.police)
    assert answer.status_code == 200, answer.text
    return dict(answer.json())


def test_an_original_is_what_was_sent(service: Asking) -> None:
    case = seen_case(service)
    told = addresses(service, case)
    answer = service.client.get(told["original"])
    assert answer.content == picture()
    expected = {
        "content-type": "image/png",
        "content-disposition": 'inline; filename="front.png"',
        "cache-control": "private, no-store",
        "x-content-type-options": "nosniff",
        "referrer-policy": "no-referrer",
    }
    assert {name: answer.headers[name] for name in expected} == expected
    assert "sandbox" in answer.headers["content-security-policy"]
    assert 0 < (datetime.fromisoformat(told["expires_at"]) - datetime.now(UTC)).total_seconds() <= 600
    other = addresses(service, case, "note.html")
    answer = service.client.get(other["original"])
    assert answer.headers["content-type"] == "application/octet-stream"
    assert answer.headers["content-disposition"] == 'attachment; filename="note.html"'
    assert (other["overlay"], other["crops"]) == (None, [])


def test_crops_show_what_they_are_of(service: Asking) -> None:
    told = addresses(service, seen_case(service))
    kinds = {(one["of"], one["number"]) for one in told["crops"]}
    assert {("plate", 0), ("damage", 0), ("document", 0)} <= kinds
    for one in told["crops"]:
        answer = service.client.get(one["url"])
        assert (answer.status_code, answer.headers["content-type"]) == (200, "image/jpeg"), one
        pixels = cv2.imdecode(np.frombuffer(answer.content, np.uint8), cv2.IMREAD_COLOR)
        assert pixels is not None
        if one["of"] == "document":  # the box and little else, turned upright by 90 degrees
            height, width = pixels.shape[:2]
            assert height > width
            assert np.abs(pixels[height // 2, width // 2].astype(int) - RED[::-1]).max() < 40
            assert np.abs(pixels[height // 2, 1].astype(int) - 128).max() < 40


def test_an_overlay_lies_over_the_original(service: Asking) -> None:
    answer = service.client.get(addresses(service, seen_case(service))["overlay"] + "?lang=en")
    assert answer.headers["content-type"].startswith("image/svg+xml")
    root = ElementTree.fromstring(answer.text)
    assert root.attrib["viewBox"] == "0 0 300 200"
    plate = next(one for one in root.iter("{http://www.w3.org/2000/svg}polygon") if one.attrib["class"] == "plate")
    assert plate.attrib["points"] == "100.0,50.0 160.0,50.0 160.0,70.0 100.0,70.0"
    assert "".join(plate.itertext()).startswith("皖A1<2&5")


def test_addresses_are_for_who_may_and_written_down(service: Asking) -> None:
    case = seen_case(service)
    url = f"/v1/cases/{case}/photos/front.png/files"
    assert code(service.client.get(url, headers=service.uploader)) == (403, "forbidden")
    assert code(service.client.get(url, headers=service.insurer)) == (404, "not_found")
    assert code(service.client.get(f"/v1/cases/{case}/photos/none/files", headers=service.police)) == (404, "not_found")
    addresses(service, case)

    async def read() -> list[Any]:
        async with service.parts.database.read() as connection:
            return list(await connection.execute(select(audit_records)))

    assert [one.subject for one in service.call(read) if one.action == "original.read"] == [case]


def test_an_address_is_for_one_thing_and_a_while(service: Asking, monkeypatch: pytest.MonkeyPatch) -> None:
    case = seen_case(service)
    told = addresses(service, case)
    token = told["original"].rpartition("/")[2]
    crop = told["crops"][0]["url"].rpartition("/")[2]
    for wrong in (
        f"/v1/files/crop/{token}",
        f"/v1/files/overlay/{token}",
        f"/v1/files/original/{crop}",
        f"/v1/files/original/{token[:-2]}",
        f"/v1/files/original/{token[:20]}x{token[21:]}",
        "/v1/files/original/x",
        "/v1/files/crop/d1.e30.x",
    ):
        assert code(service.client.get(wrong)) == (401, "denied"), wrong
    assert code(service.client.get(f"/v1/files/thumb/{token}")) == (404, "not_found")

    class Later:
        @staticmethod
        def now(tz: Any) -> datetime:
            return datetime.now(tz) + timedelta(minutes=11)

    with monkeypatch.context() as patch:
        patch.setattr("service.api.links_bearer.datetime", Later)
        assert code(service.client.get(told["original"])) == (401, "denied")
    assert service.client.get(told["original"]).status_code == 200
    assert service.client.delete(f"/v1/cases/{case}", headers=service.police).status_code == 204
    assert code(service.client.get(told["original"])) == (404, "not_found")


def test_an_address_holds_nothing_personal(service: Asking) -> None:
    told = addresses(service, seen_case(service))
    for url in (told["original"], told["overlay"], *(one["url"] for one in told["crops"])):
        claims = guard_links._read(url.rpartition("/")[2].split(".")[1])[0]
        assert "皖" not in str(claims) and "front" not in str(claims)


def test_what_was_damaged_on_disk_is_not_given_out(service: Asking) -> None:
    told = addresses(service, seen_case(service))
    folder = service.parts.blobs.spool_folder.parent
    for path in folder.rglob("*"):
        if path.is_file():
            path.chmod(0o600)
            path.write_bytes(b"other")
    assert code(service.client.get(told["original"])) == (503, "blob_damaged")

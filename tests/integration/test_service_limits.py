"""Rate limits of a web process and quotas of the database, by key."""

from __future__ import annotations

import shutil
from collections import Counter
from collections.abc import AsyncIterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from sqlalchemy import update

from service.api.limits import MOST_STREAMS, counted_stream
from service.api.problems import MAX_JSON_BYTES, TooManyRequestsError
from service.store.schema_usage import usage
from tests.service_client import Asking, asking, code
from tests.service_parts import jpeg


@pytest.fixture
def sqlite(sqlite_template: Path, tmp_path: Path) -> str:
    return f"sqlite:///{shutil.copy(sqlite_template, tmp_path / 'kuaizheng.db')}"


def statuses(service: Asking, headers: dict[str, str], count: int) -> list[int]:
    return [service.client.get("/v1/cases", headers=headers).status_code for _ in range(count)]


def test_a_key_that_asks_too_often_waits_and_others_do_not(sqlite: str, tmp_path: Path) -> None:
    with asking(sqlite, tmp_path, requests_per_s=0.01, requests_burst=3) as service:
        assert statuses(service, service.police, 4) == [200, 200, 200, 429]
        refused = service.client.get("/v1/cases", headers=service.police)
        assert code(refused) == (429, "rate_limited") and 90 <= int(refused.headers["Retry-After"]) <= 100
        assert statuses(service, service.uploader, 1) == statuses(service, service.insurer, 1) == [200]
        assert service.client.get("/health").status_code == 200


def test_a_refused_request_did_nothing(sqlite: str, tmp_path: Path) -> None:
    with asking(sqlite, tmp_path, requests_per_s=0.01, requests_burst=2) as service:
        case = service.case()
        assert service.put(case, "1.jpg", jpeg()).status_code == 201
        assert code(service.put(case, "2.jpg", jpeg())) == (429, "rate_limited")
        listed = service.client.get(f"/v1/cases/{case}/photos", headers=service.uploader).json()
        assert [one["client_id"] for one in listed["photos"]] == ["1.jpg"]


def test_the_days_photos(database_url: str, tmp_path: Path) -> None:
    with asking(database_url, tmp_path, photos_per_day=2) as service:
        case = service.case()
        for _ in range(2):
            assert service.put(case, "1.jpg", jpeg(1)).status_code in (200, 201), "the same again costs nothing"
        assert service.put(case, "2.jpg", jpeg(2)).status_code == 201
        refused = service.put(case, "3.jpg", jpeg(3))
        assert code(refused) == (429, "quota_exceeded") and 0 < int(refused.headers["Retry-After"]) <= 86_400
        assert len(service.photos(case)) == 2
        other = service.client.put(f"/v1/cases/{case}/photos/3.jpg", content=jpeg(3), headers=service.uploader)
        assert other.status_code == 201, "each key has its own"


def test_the_quota_is_exact_when_all_come_at_once(database_url: str, tmp_path: Path) -> None:
    with asking(database_url, tmp_path, photos_per_day=5) as service:
        case = service.case()

        def put(number: int) -> int:
            return service.put(case, f"{number}.jpg", jpeg(number)).status_code

        with ThreadPoolExecutor(8) as pool:
            answers = sorted(pool.map(put, range(12)))
        assert answers == [201] * 5 + [429] * 7 and len(service.photos(case)) == 5


def test_the_days_bytes(sqlite: str, tmp_path: Path) -> None:
    megabyte = b"\0" * 10**6
    with asking(sqlite, tmp_path, gigabytes_per_day=1, max_photo_bytes=10**9) as service:
        case = service.case()
        assert service.put(case, "1.jpg", megabyte).status_code == 201

        async def nearly() -> None:
            async with service.parts.database.write() as connection:
                await connection.execute(update(usage).values(bytes=10**9 - 10**6))

        service.call(nearly)
        assert service.put(case, "2.jpg", megabyte[1:]).status_code == 201
        assert code(service.put(case, "3.jpg", b"\0\0")) == (429, "quota_exceeded")
        assert service.put(case, "4.jpg", b"\0").status_code == 201


def test_a_stranger_cannot_fill_the_memory(sqlite: str, tmp_path: Path) -> None:
    """A body of JSON is held whole before anybody asks for a key."""
    with asking(sqlite, tmp_path, max_photo_bytes=2 * MAX_JSON_BYTES) as service:
        case, long = service.case(), b" " * (MAX_JSON_BYTES + 1)
        for method, path in (("POST", "/v1/session"), ("POST", "/v1/cases"), ("POST", f"/v1/reviews/{case}/decide")):
            for kind in ("application/json", "image/jpeg"):
                answer = service.client.request(method, path, content=long, headers={"Content-Type": kind})
                assert code(answer) == (413, "too_large"), path
        assert service.put(case, "1.jpg", long).status_code == 201, "a photo may be larger"


@pytest.mark.anyio
async def test_a_link_has_a_few_streams_open_at_once() -> None:
    async def endless() -> AsyncIterator[str]:
        while True:
            yield "news"

    request: Any = SimpleNamespace(app=SimpleNamespace(state=SimpleNamespace(streams=Counter())))
    few = [counted_stream(request, "link:a", endless()) for _ in range(MOST_STREAMS + 1)]
    told = [[event async for event in _first(one)] for one in few]
    assert told == [["news"]] * MOST_STREAMS + [[]], "one that was let through at the same moment ends at once"
    with pytest.raises(TooManyRequestsError):
        counted_stream(request, "link:a", endless())
    counted_stream(request, "link:b", endless())
    for one in few:
        await one.aclose()  # type: ignore[attr-defined]
    assert not request.app.state.streams
    counted_stream(request, "link:a", endless())


async def _first(events: AsyncIterator[str]) -> AsyncIterator[str]:
    async for event in events:
        yield event
        return

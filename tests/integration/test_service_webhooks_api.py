"""Webhook endpoints and the audit log over HTTP: who may, what is told, and that both hear of what happens."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx2
import pytest

from service.guard import keys as guard_keys
from service.guard.roles import Role
from service.store import keys, webhook_deliveries
from service.store.webhook_deliveries import Taken
from tests.service_client import Asking, asking, code
from tests.service_parts import jpeg
from tests.unit.guard.test_forbidden_urls import LITERALS

URL = "/v1/webhook-endpoints"


@pytest.fixture
def service(database_url: str, tmp_path: Path) -> Iterator[Asking]:
    with asking(database_url, tmp_path) as one:
        yield one


def ask(service: Asking, method: str, path: str, body: Any = None, **headers: str) -> httpx2.Response:
    every = {**service.admin, **headers}
    return service.client.request(method, URL + path, json=body, headers=every)


def added(service: Asking, **more: Any) -> dict[str, Any]:
    answer = ask(service, "POST", "", {"url": "https://hooks.example.com/a", **more})
    assert answer.status_code == 201, answer.text
    return dict(answer.json())


def deliveries(service: Asking, endpoint_id: str, query: str = "") -> list[dict[str, Any]]:
    return list(ask(service, "GET", f"/{endpoint_id}/deliveries{query}").json()["deliveries"])


def stranger(service: Asking) -> dict[str, str]:
    """An admin of another organisation."""
    new = guard_keys.make()

    async def add() -> None:
        async with service.parts.database.write() as connection:
            await keys.add(connection, await keys.add_organisation(connection, "x"), new, "test", Role.ADMIN)

    service.call(add)
    return {"Authorization": f"Bearer {new.text}"}


def taken(service: Asking, endpoint_id: str) -> list[Taken]:
    async def take() -> list[Taken]:
        async with service.parts.database.write() as connection:
            return await webhook_deliveries.take(connection, endpoint_id, 60, 10)

    return service.call(take)


def test_the_life_of_an_endpoint(service: Asking) -> None:
    made = added(service, description="case system", events=["assessment.updated", "assessment.updated"])
    assert made["secret"].startswith("whsec_") and made["events"] == ["assessment.updated"]
    told = ask(service, "GET", f"/{made['id']}").json()
    assert told == {name: value for name, value in made.items() if name != "secret"}
    assert ask(service, "GET", "").json() == {"endpoints": [told]}
    rotated = ask(service, "POST", f"/{made['id']}/rotate-secret", {"overlap_s": 60}).json()["secret"]
    assert rotated != made["secret"]
    for _ in range(2):
        off = ask(service, "POST", f"/{made['id']}/disable").json()
        assert off["disabled_reason"] == "by_hand" and off["disabled_at"]
    assert ask(service, "POST", f"/{made['id']}/enable").json() == told
    assert ask(service, "DELETE", f"/{made['id']}").status_code == 204
    assert (
        code(ask(service, "GET", f"/{made['id']}"))
        == code(ask(service, "DELETE", f"/{made['id']}"))
        == (404, "not_found")
    )
    actions = [one["action"] for one in audit(service)["records"] if one["subject"] == made["id"]]
    assert actions == [
        "endpoint.added",
        "endpoint.secret_rotated",
        "endpoint.disabled",
        "endpoint.enabled",
        "endpoint.deleted",
    ]


def audit(service: Asking, query: str = "") -> dict[str, Any]:
    answer = service.client.get(f"/v1/audit{query}", headers=service.police)
    assert answer.status_code == 200, answer.text
    return dict(answer.json())


def test_forbidden_urls_are_refused(service: Asking) -> None:
    secure = [url.replace("{port}", "443").replace("http:", "https:", 1) for url in LITERALS]
    for url in [*secure, "http://example.com/", "https://example.com:22/", "https://a/", "x", "", 1]:
        assert code(ask(service, "POST", "", {"url": url}))[0] == 422, url
    assert ask(service, "GET", "").json() == {"endpoints": []}


def test_bad_bodies(service: Asking) -> None:
    good = {"url": "https://a.example.com/"}
    for body in ({}, {**good, "x": 1}, {**good, "events": ["x"]}, {**good, "description": "a\nb"}, {"url": "\0"}):
        assert code(ask(service, "POST", "", body))[0] == 422, body
    endpoint, message, since = added(service)["id"], "msg_" + "0" * 32, "2026-01-01T00:00:00Z"
    replays: list[dict[str, Any]] = [
        {},
        {"message_ids": ["x"]},
        {"message_ids": [message], "since": since},
        {"until": since},
        {"since": since[:-1]},
        {"message_ids": [message] * 1001},
    ]
    for body in replays:
        assert code(ask(service, "POST", f"/{endpoint}/replay", body))[0] == 422, body
    for overlap_s in (-1, 8 * 24 * 3600, "x"):
        assert code(ask(service, "POST", f"/{endpoint}/rotate-secret", {"overlap_s": overlap_s}))[0] == 422


def test_not_more_endpoints_than_that(service: Asking) -> None:
    for _ in range(20):
        added(service)
    assert code(ask(service, "POST", "", {"url": "https://a.example.com/"})) == (422, "too_many_endpoints")


def test_only_admins_and_only_their_own(service: Asking) -> None:
    made = added(service)
    paths = [
        ("GET", ""), ("POST", ""), ("GET", f"/{made['id']}"), ("DELETE", f"/{made['id']}"),
        ("POST", f"/{made['id']}/rotate-secret"), ("POST", f"/{made['id']}/enable"),
        ("POST", f"/{made['id']}/disable"), ("GET", f"/{made['id']}/deliveries"), ("POST", f"/{made['id']}/replay"),
    ]  # fmt: skip
    other = stranger(service)
    bodies = {"": {"url": "https://a.example.com/"}, f"/{made['id']}/replay": {"since": "2026-01-01T00:00:00Z"}}
    for method, path in paths:
        body = bodies.get(path) if method == "POST" else None
        assert code(ask(service, method, path, body, **service.police)) == (403, "forbidden")
        if path:
            assert code(ask(service, method, path, body, **other)) == (404, "not_found")
    assert ask(service, "GET", "", **other).json() == {"endpoints": []}


def test_a_case_is_heard_of(service: Asking) -> None:
    endpoint = added(service)["id"]
    case = service.case()
    assert service.put(case, "1.jpg", jpeg()).status_code == 201
    assert service.put(case, "2.jpg", b"no picture").status_code == 201
    service.work()
    told = deliveries(service, endpoint)
    assert {one["event"] for one in told} == {"photo.rejected", "assessment.updated"}
    assert all(one["state"] == "waiting" and one["attempts"] == 0 and one["next_at"] for one in told)
    bodies = [one.body for one in taken(service, endpoint)]
    (rejected,) = (body for body in bodies if "photo.rejected" in body)
    assert '"reason":"not_an_image"' in rejected
    updated = max(body for body in bodies if "assessment.updated" in body)
    assert f'"case_id":"{case}"' in updated and '"decision":"' in updated and '"front_panorama"' in updated
    for body in bodies:
        assert "1.jpg" not in body and "A-1" not in body and len(body) < 20_000
    service.client.post(f"/v1/cases/{case}/photos/1.jpg/withdraw", headers=service.police)
    service.client.put(f"/v1/cases/{case}/legal-hold?held=true", headers=service.police)
    for _ in range(2):
        service.client.post(f"/v1/cases/{case}/close", headers=service.police)
    actions = [one["action"] for one in audit(service, f"?subject={case}")["records"]]
    assert actions[:3] == ["case.created", "photo.received", "photo.received"]
    assert actions[-3:] == ["photo.withdrawn", "case.held", "case.closed"]
    assert set(actions[3:-3]) == {"assessment.made"}


def test_deliveries_in_pages_and_again(service: Asking) -> None:
    endpoint = added(service)["id"]
    case = service.case()
    for number in range(3):
        service.put(case, f"{number}.jpg", b"no picture %d" % number)
    service.work()
    every = deliveries(service, endpoint)
    first = ask(service, "GET", f"/{endpoint}/deliveries?limit=2").json()
    rest = deliveries(service, endpoint, f"?before={first['next']}")
    assert first["deliveries"] + rest == every and len(every) > 3
    assert deliveries(service, endpoint, "?state=delivered") == []
    replay = f"/{endpoint}/replay"
    one = {"message_ids": [every[0]["message_id"]]}
    assert ask(service, "POST", replay, one).json() == {"queued": 1}
    assert ask(service, "POST", replay, {"since": "2026-01-01T00:00:00+08:00"}).json() == {"queued": len(every)}
    span = {"since": "2026-01-01T00:00:00Z", "until": "2026-01-01T00:00:01Z"}
    assert ask(service, "POST", replay, span).json() == {"queued": 0}
    assert code(ask(service, "POST", replay, {"message_ids": ["msg_" + "0" * 32]})) == (404, "not_found")

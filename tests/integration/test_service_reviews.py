"""The officers' queue on both databases: nobody decides twice or on what has changed, and history stays."""

from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import httpx2
import pytest
from sqlalchemy import select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from service.store import assessments, cases, reviews
from service.store.cases import CaseRow
from service.store.database import now_ms
from service.store.schema import cases as review_cases
from service.store.schema_audit import audit_records
from service.store.schema_officers import review_queue
from service.store.schema_officers import reviews as reviews_table
from service.store.schema_webhooks import webhook_messages
from tests.service_client import Asking, asking, code
from tests.service_parts import jpeg

FINDING = {"requirement": "four_corners", "party": None, "verdict": "unsure", "reason": "unsure"}


@pytest.fixture
def service(database_url: str, tmp_path: Path) -> Iterator[Asking]:
    with asking(database_url, tmp_path) as one:
        yield one


@pytest.fixture
def light(sqlite_url: str, tmp_path: Path) -> Iterator[Asking]:
    with asking(sqlite_url, tmp_path) as one:
        yield one


def key(service: Asking, role: str) -> dict[str, str]:
    made = service.client.post("/v1/keys", json={"name": role, "role": role}, headers=service.admin).json()
    return {"Authorization": f"Bearer {made['key']}"}


def assessed(service: Asking, case_id: str, decision: str = "review") -> int:
    """One more version, as a worker keeps it."""

    async def add() -> int:
        body = {"photos": [], "assessment": {"decision": decision, "findings": [FINDING]}}
        async with service.parts.database.write() as connection:
            found = await connection.execute(select(review_cases.c.organisation_id).where(review_cases.c.id == case_id))
            organisation = found.scalar_one()
            version = await assessments.add(connection, organisation, case_id, 0, "models", body)
            await reviews.queue_after(connection, organisation, case_id, version, decision)
        return version

    return service.call(add)


def waiting(service: Asking, query: str = "", headers: dict[str, str] | None = None) -> list[str]:
    answer = service.client.get(f"/v1/reviews{query}", headers=headers or service.police)
    assert answer.status_code == 200, answer.text
    return [one["case"]["external_id"] for one in answer.json()["waiting"]]


def decide(service: Asking, case_id: str, headers: dict[str, str], **other: Any) -> httpx2.Response:
    body = {"version": 1, "decision": "complete", "reason": "agrees", "note": "王小明 was there", **other}
    return service.client.post(f"/v1/reviews/{case_id}/decide", json=body, headers=headers)


def test_the_queue_follows_the_assessments(service: Asking) -> None:
    made = [service.case(f"A-{number}") for number in range(4)]
    assert waiting(service) == []
    for case in made:
        assessed(service, case)
    assert waiting(service) == ["A-0", "A-1", "A-2", "A-3"]
    assessed(service, made[1], "retake")
    service.client.post(f"/v1/cases/{made[2]}/flag", headers=service.uploader)
    assessed(service, made[2], "complete")
    assert waiting(service) == ["A-0", "A-2", "A-3"], "a flag waits for a person, whatever the next assessment says"
    assert waiting(service, "?why=flagged") == ["A-2"]
    first = service.client.get("/v1/reviews?limit=2", headers=service.police).json()
    assert [one["version"] for one in first["waiting"]] == [1, 2]
    assert waiting(service, f"?limit=2&cursor={first['next']}") == ["A-3"]
    assert waiting(service, headers=service.insurer) == []


def test_one_officer_at_a_time(service: Asking) -> None:
    case, one, two = service.case(), key(service, "officer"), key(service, "officer")
    url = f"/v1/reviews/{case}/claim"
    assert code(service.client.post(url, headers=one)) == (404, "not_found")
    assessed(service, case)
    assert service.client.post(url, headers=one).json()["claimed_until"]
    assert service.client.post(url, headers=one).status_code == 200
    assert code(service.client.post(url, headers=two)) == (409, "claimed")
    assert code(decide(service, case, two)) == (409, "claimed")
    assert code(service.client.delete(url, headers=two)) == (409, "claimed")
    told = [waiting(service, f"?claimed={which}", who) for which in ("mine", "free") for who in (one, two)]
    assert told == [["A-1"], [], [], []]
    assert service.client.delete(url, headers=service.police).status_code == 204, "a supervisor may"
    assert service.client.post(url, headers=two).status_code == 200

    async def later() -> None:
        async with service.parts.database.write() as connection:
            await connection.execute(update(review_queue).values(claimed_until_ms=now_ms() - 1))

    service.call(later)
    assert service.client.post(url, headers=one).status_code == 200, "a claim ends by itself"
    assert decide(service, case, one).status_code == 201
    assert code(decide(service, case, one)) == (404, "not_found")
    assert waiting(service) == []


def test_what_is_taken_out_of_a_hand_is_written_down(light: Asking) -> None:
    case, officer = light.case(), key(light, "officer")
    url = f"/v1/reviews/{case}/claim"
    assessed(light, case)
    for who in (officer, light.police):
        light.client.post(url, headers=officer)
        assert light.client.delete(url, headers=who).status_code == 204
    noted = light.client.get("/v1/audit?action=review.taken", headers=light.police).json()["records"]
    whose = [one["prefix"] for one in light.client.get("/v1/keys", headers=light.admin).json()["keys"]]
    assert [(one["subject"], one["details"]["of"].removeprefix("key:") in whose) for one in noted] == [(case, True)]


def test_a_case_that_is_deleted_meanwhile_is_left_out(light: Asking, monkeypatch: pytest.MonkeyPatch) -> None:
    gone, there = light.case("A-1"), light.case("A-2")
    for case in (gone, there):
        assessed(light, case)
    before = cases.many

    async def later(connection: AsyncConnection, organisation: str, case_ids: Any) -> dict[str, CaseRow]:
        return await before(connection, organisation, set(case_ids) - {gone})

    monkeypatch.setattr(cases, "many", later)
    assert waiting(light) == ["A-2"]


def test_twenty_claims_at_once_are_one(service: Asking) -> None:
    case = service.case()
    assessed(service, case)
    officers = [key(service, "officer") for _ in range(8)]
    with ThreadPoolExecutor(8) as pool:
        url = f"/v1/reviews/{case}/claim"
        told = list(pool.map(lambda one: service.client.post(url, headers=one).status_code, officers))
    assert sorted(told) == [200, *[409] * 7]


def test_a_decision_is_on_one_version(light: Asking) -> None:
    case = light.case()
    assessed(light, case)
    assessed(light, case)
    assert code(decide(light, case, light.police)) == (409, "newer_assessment")
    assert code(decide(light, case, light.police, version=3)) == (409, "newer_assessment")
    assert decide(light, case, light.police, version=2).status_code == 201


def test_history_stays(light: Asking) -> None:
    case = light.case()
    assessed(light, case)
    finding = {"requirement": "four_corners", "party": None, "treatment": "override", "verdict": "pass"}
    first = decide(light, case, light.police, findings=[finding], reason="wrong_reading").json()
    assert first["findings"] == [finding] and first["note"] == "王小明 was there"
    assert light.client.post(f"/v1/cases/{case}/flag", headers=light.police).status_code == 204
    second = decide(light, case, light.police, decision="retake").json()
    url = f"/v1/cases/{case}/reviews"
    assert light.client.get(url, headers=light.police).json()["reviews"] == [second, first]
    masked = light.client.get(url, headers=key(light, "auditor"))
    assert masked.json()["reviews"][0]["note"] == "***" and "王" not in masked.text
    assert code(light.client.get(url, headers=light.insurer)) == (404, "not_found")


SENSELESS: tuple[tuple[dict[str, Any], str], ...] = (
    ({"findings": [{"requirement": "none", "treatment": "confirm"}]}, "unknown_finding"),
    ({"findings": [{"requirement": "four_corners", "party": "A", "treatment": "confirm"}]}, "unknown_finding"),
    ({"findings": [{"requirement": "four_corners", "treatment": "override"}]}, "bad_request"),
    ({"findings": [{"requirement": "four_corners", "treatment": "confirm", "verdict": "pass"}]}, "bad_request"),
    ({"findings": [{"requirement": "four_corners", "treatment": "confirm"}] * 2}, "bad_request"),
    ({"decision": "review"}, "bad_request"),
    ({"reason": "because"}, "bad_request"),
    ({"note": "a\x00b"}, "bad_request"),
    ({"version": 0}, "bad_request"),
)


def test_what_makes_no_sense_is_refused(light: Asking) -> None:
    case = light.case()
    assessed(light, case)
    for other, status in SENSELESS:
        assert code(decide(light, case, light.police, **other)) == (422, status), other
    assert waiting(light) == ["A-1"]


def test_a_decision_is_told_and_written_down(light: Asking) -> None:
    case = light.case()
    endpoint = {"url": "https://example.com/hook", "events": ["review.decided"]}
    assert light.client.post("/v1/webhook-endpoints", json=endpoint, headers=light.admin).status_code == 201
    assessed(light, case)
    review = decide(light, case, light.police).json()

    async def kept() -> tuple[list[str], list[Any], list[str]]:
        async with light.parts.database.read() as connection:
            messages = list((await connection.execute(select(webhook_messages.c.body))).scalars())
            noted = await connection.execute(
                select(audit_records.c.details).where(audit_records.c.action == "review.decided")
            )
            bodies = list((await connection.execute(select(reviews_table.c.body))).scalars())
            return messages, list(noted.scalars()), bodies

    messages, noted, bodies = light.call(kept)
    assert len(messages) == 1 and review["id"] in messages[0] and "review.decided" in messages[0]
    assert [one["review_id"] for one in noted] == [review["id"]]
    assert "there" not in bodies[0] and bodies[0].startswith("d1."), "sealed"


def test_a_case_that_really_needs_a_person(light: Asking) -> None:
    """By the worker: the photos of an empty picture ask for a retake, and somebody asks for an officer."""
    case = light.case()
    assert code(light.client.post(f"/v1/cases/{case}/flag", headers=light.police)) == (409, "conflict")
    light.put(case, "1", jpeg())
    light.work()
    assert light.client.post(f"/v1/cases/{case}/flag", headers=light.uploader).status_code == 204
    latest = light.client.get(f"/v1/cases/{case}/assessments/latest", headers=light.police).json()
    finding = latest["assessment"]["findings"][0]
    told = {"requirement": finding["requirement"], "party": finding["party"], "treatment": "confirm"}
    answer = decide(light, case, light.police, version=latest["version"], decision="retake", findings=[told])
    assert answer.status_code == 201, answer.text

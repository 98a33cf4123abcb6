"""A party's link opens one case for one party, for a while, and nothing else."""

from __future__ import annotations

import asyncio
import hashlib
import json
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx2
import pytest
from sqlalchemy import select, update

from service.store import assessments
from service.store.schema import cases
from service.store.schema_uploads import links
from tests.service_client import Asking, asking, code, told
from tests.service_parts import MODEL_SET, jpeg

PLATES = ("皖A12345", "皖B54321")
TUS = {"Tus-Resumable": "1.0.0"}


@dataclass(frozen=True, slots=True)
class Roadside:
    """A case of two parties, each with a link."""

    service: Asking
    case_id: str
    a: dict[str, str]
    b: dict[str, str]

    def put(self, who: dict[str, str], name: str, data: bytes, **more: str) -> httpx2.Response:
        url = f"/v1/cases/{self.case_id}/photos/{name}"
        return self.service.client.put(url, content=data, headers=who, params=more)

    def view(self, who: dict[str, str]) -> dict[str, Any]:
        answer = self.service.client.get("/v1/party/assessment", headers=who)
        assert answer.status_code == 200, answer.text
        return dict(answer.json())


def link(service: Asking, case_id: str, party: str, **more: Any) -> dict[str, Any]:
    answer = service.client.post(f"/v1/cases/{case_id}/links", json={"party": party, **more}, headers=service.uploader)
    assert answer.status_code == 201, answer.text
    return dict(answer.json())


def bearer(made: dict[str, Any]) -> dict[str, str]:
    return {"Authorization": f"Bearer {made['token']}"}


@pytest.fixture
def roadside(sqlite_url: str, tmp_path: Path) -> Iterator[Roadside]:
    with asking(sqlite_url, tmp_path) as service:
        parties = [{"id": "A", "plate": PLATES[0]}, {"id": "乙方", "plate": PLATES[1]}]
        case = service.case(parties=parties, accident_type="rear_end")
        yield Roadside(service, case, bearer(link(service, case, "A")), bearer(link(service, case, "乙方")))


def test_a_party_sends_and_withdraws_its_own(roadside: Roadside) -> None:
    for who, data in ((roadside.a, jpeg(1)), (roadside.b, jpeg(2))):
        answer = roadside.put(who, "IMG_1.jpg", data)  # phones name photos alike
        assert (answer.status_code, answer.json()["client_id"]) == (201, "IMG_1.jpg")
        assert roadside.put(who, "IMG_1.jpg", data).status_code == 200
    photos = roadside.service.photos(roadside.case_id)
    assert [photo["party"] for photo in photos] == ["A", "乙方"]
    assert all(photo["received_by"].startswith("link:") for photo in photos)
    assert code(roadside.put(roadside.a, "2", jpeg(), party="乙方")) == (403, "forbidden")
    url = f"/v1/cases/{roadside.case_id}/photos"
    client = roadside.service.client
    assert client.post(f"{url}/IMG_1.jpg/withdraw", headers=roadside.a).json()["client_id"] == "IMG_1.jpg"
    marked = [photo["withdrawn_at"] is not None for photo in roadside.service.photos(roadside.case_id)]
    assert marked == [True, False]
    roadside.service.put(roadside.case_id, "officer.jpg", jpeg(3))
    for other in ("officer.jpg", "p2-IMG_1.jpg", "none"):
        assert code(client.post(f"{url}/{other}/withdraw", headers=roadside.a)) == (404, "not_found")


def test_a_new_link_of_the_party_finds_its_photos(roadside: Roadside) -> None:
    roadside.put(roadside.a, "1", jpeg())
    again = bearer(link(roadside.service, roadside.case_id, "A"))
    assert roadside.put(again, "1", jpeg()).status_code == 200
    url = f"/v1/cases/{roadside.case_id}/photos/1/withdraw"
    assert roadside.service.client.post(url, headers=again).status_code == 200


def test_keys_of_two_parties_do_not_meet(roadside: Roadside) -> None:
    url, same = f"/v1/cases/{roadside.case_id}/photos/1", {"Idempotency-Key": "1"}
    for who, data in ((roadside.a, jpeg(1)), (roadside.b, jpeg(2)), (roadside.a, jpeg(1))):
        answer = roadside.service.client.put(url, content=data, headers={**who, **same})
        assert (answer.status_code, answer.json()["sha256"]) == (201, hashlib.sha256(data).hexdigest())


def test_a_party_uploads_in_parts(roadside: Roadside) -> None:
    client, data = roadside.service.client, jpeg()
    headers = {**roadside.a, **TUS, "Upload-Length": str(len(data)), "Upload-Metadata": told(client_id="1")}
    url = client.post("/v1/uploads", headers=headers).headers["Location"]
    part = {**TUS, "Content-Type": "application/offset+octet-stream", "Upload-Offset": "0"}
    assert code(client.patch(url, content=data, headers={**roadside.b, **part})) == (404, "not_found")
    assert client.patch(url, content=data, headers={**roadside.a, **part}).status_code == 204
    (photo,) = roadside.service.photos(roadside.case_id)
    assert (photo["client_id"], photo["party"]) == ("p1-1", "A")
    wrong = ({"party": "乙方"}, 403), ({"case_id": "0" * 32}, 404), ({"case_id": roadside.service.case("A-2")}, 404)
    for words, status in wrong:
        headers["Upload-Metadata"] = told(client_id="2", **words)
        assert code(client.post("/v1/uploads", headers=headers))[0] == status


def test_what_a_party_sees_is_its_own(roadside: Roadside) -> None:
    client = roadside.service.client
    assert code(client.get("/v1/party/assessment", headers=roadside.a)) == (404, "not_found")
    roadside.put(roadside.a, "a.jpg", jpeg(1))
    roadside.put(roadside.a, "a.txt", b"no picture")
    roadside.put(roadside.b, "b.jpg", jpeg(2))
    roadside.service.work()
    case = client.get("/v1/party", headers=roadside.a).json()
    assert (case["case_id"], case["party"], case["accident_type"]) == (roadside.case_id, "A", "rear_end")
    view = roadside.view(roadside.a)
    assert (view["decision"], view["may_clear_road"]) == ("retake", False)
    assert [(p["client_id"], p["state"], p["quality"], p["unreadable"]) for p in view["photos"]] == [
        ("a.jpg", "seen", "ok", None),
        ("a.txt", "seen", None, "not_an_image"),
    ]
    assert [photo["client_id"] for photo in roadside.view(roadside.b)["photos"]] == ["b.jpg"]
    assert any("本方" in step["text"]["zh"] for step in view["next"])
    for who in (roadside.a, roadside.b):
        text = client.get("/v1/party/assessment", headers=who).text + client.get("/v1/party", headers=who).text
        assert not any(plate in text for plate in PLATES)


def test_findings_and_instructions_of_the_other_side_stay_hidden(roadside: Roadside) -> None:
    """With an assessment that names both sides, their plates and each other's photos."""
    roadside.put(roadside.a, "a", jpeg(1))
    roadside.put(roadside.b, "b", jpeg(2))
    finding = {"verdict": "fail", "reason": "plate_differs", "measured": PLATES[1], "limit": PLATES[0]}
    both = [{"photo": "p1-a"}, {"photo": "p2-b"}]
    step = {"text": {"zh": f"乙方（{PLATES[1]}）", "en": PLATES[1]}, "gain": 1.0}
    body = {
        "photos": [{"client_id": name, "state": "seen"} for name in ("p1-a", "p2-b")],
        "assessment": {
            "standard": "four-photos",
            "standard_version": "1",
            "score": 50.0,
            "decision": "retake",
            "may_clear_road": False,
            "breakdown": [],
            "unreadable": [],
            "models": {},
            "findings": [
                {"requirement": "plate", "party": "A", "evidence": both, **finding},
                {"requirement": "secret", "party": "乙方", "evidence": both, **finding},
                {"requirement": "agreement", "party": None, "evidence": both, **finding},
            ],
            "next": [
                {"requirement": "driving_licence", "party": "乙方", **step},
                {"requirement": "driving_licence", "party": "A", **step},
            ],
        },
    }

    async def keep() -> None:
        async with roadside.service.parts.database.write() as connection:
            case = (await connection.execute(select(cases))).mappings().one()
            await assessments.add(connection, case["organisation_id"], case["id"], 99, MODEL_SET, body)

    roadside.service.call(keep)
    view = roadside.view(roadside.a)
    assert [one["requirement"] for one in view["photos"][0]["findings"]] == ["plate", "agreement"]
    assert len(view["next"]) == 1 and "本方" in view["next"][0]["text"]["zh"]
    for hidden in (*PLATES, "乙方", "p2-b", "p1-", "secret"):
        assert hidden not in json.dumps(view, ensure_ascii=False)


def test_news_come_as_events(roadside: Roadside) -> None:
    roadside.put(roadside.a, "1", jpeg())
    roadside.service.work()
    answer = roadside.service.client.get("/v1/party/stream?until_idle=true", headers=roadside.a)
    assert answer.headers["content-type"].startswith("text/event-stream")
    event, number, data = answer.text.strip().split("\n")
    view = roadside.view(roadside.a)
    assert (event, number) == ("event: assessment", f"id: {view['version']}")
    assert json.loads(data.removeprefix("data: ")) == view
    seen = {**roadside.a, "Last-Event-ID": str(view["version"])}
    assert roadside.service.client.get("/v1/party/stream?until_idle=true", headers=seen).text == ""


def test_a_link_opens_nothing_else(roadside: Roadside) -> None:
    """Every route there is: what a link may not do is 401, 403 or 404, and never done."""
    other, client = roadside.service.case("A-2"), roadside.service.client
    allowed = {
        ("put", f"/v1/cases/{roadside.case_id}/photos/1"),
        ("post", f"/v1/cases/{roadside.case_id}/photos/1/withdraw"),
    }
    tried = 0
    described = client.get("/openapi.json").json()["paths"]
    for path, methods in described.items():
        open_to_all = ("/health", "/ready", "/v1/standards", "/v1/party", "/v1/uploads", "/v1/session", "/v1/files")
        if path.startswith(open_to_all):
            continue
        for case_id in (roadside.case_id, other):
            url = path.replace("{case_id}", case_id).replace("{client_id}", "1").replace("{version}", "1")
            for method in methods:
                if (method, url) in allowed:
                    continue
                answer = client.request(method, url, headers=roadside.a, content=b"{}" if method != "get" else None)
                assert answer.status_code in (401, 403, 404, 422), (method, url, answer.text)
                if answer.status_code == 422:
                    assert code(answer)[1] == "bad_request", (method, url)
                tried += 1
    assert tried > 20
    assert roadside.service.photos(other) == []


def test_a_link_ends(roadside: Roadside) -> None:
    service, client = roadside.service, roadside.service.client
    url = f"/v1/cases/{roadside.case_id}/links"
    made = link(service, roadside.case_id, "A", lifetime_s=60)
    assert client.get("/v1/party", headers=bearer(made)).status_code == 200
    first = client.delete(f"{url}/{made['id']}", headers=service.police)
    assert first.json()["revoked_at"] is not None
    assert client.delete(f"{url}/{made['id']}", headers=service.police).json() == first.json()
    assert code(client.get("/v1/party", headers=bearer(made))) == (401, "denied")
    assert code(roadside.put(bearer(made), "1", jpeg())) == (401, "denied")
    listed = client.get(url, headers=service.police).json()["links"]
    assert len(listed) == 3 and not any("token" in one for one in listed)

    async def expire() -> None:
        async with service.parts.database.write() as connection:
            await connection.execute(update(links).values(expires_ms=1))

    service.call(expire)
    assert code(client.get("/v1/party", headers=roadside.a)) == (401, "denied")


def test_altered_links_open_nothing(roadside: Roadside) -> None:
    token = roadside.a["Authorization"].removeprefix("Bearer ")
    other = roadside.b["Authorization"].removeprefix("Bearer ")
    head, claims, mac = token.removeprefix("kl_").split(".")
    wrong = ("kl_", "kl_..", f"kl_{head}.{claims}", f"kl_{head}.{claims}.{mac[:-1]}", f"kl_{other.split('.')[1]}")
    for text in (
        *wrong,
        f"kl_{head}.{other.split('.')[1]}.{mac}",
        "kl_d1.e30.x",
        "kl_d1.W10.x",
        "kl_d1.eyJleHBpcmVzIjoxZTk5OSwicHVycG9zZSI6InVwbG9hZCJ9.x",  # expires at 1e999
        f"kl_d9.{claims}.{mac}",
    ):
        answer = roadside.service.client.get("/v1/party", headers={"Authorization": f"Bearer {text}"})
        assert code(answer) == (401, "denied"), text
    assert code(roadside.service.client.get("/v1/party")) == (401, "denied")
    assert code(roadside.service.client.get("/v1/party", headers=roadside.service.police)) == (401, "denied")


def test_links_are_made_by_who_may_for_parties_there_are(roadside: Roadside) -> None:
    service, url = roadside.service, f"/v1/cases/{roadside.case_id}/links"
    for body in ({"party": "C"}, {"party": "A", "lifetime_s": 59}, {"party": "A", "lifetime_s": 8 * 86400}, {}):
        assert code(service.client.post(url, json=body, headers=service.police))[0] == 422
    assert code(service.client.post(url, json={"party": "A"}, headers=service.admin)) == (403, "forbidden")
    assert code(service.client.post(url, json={"party": "A"}, headers=service.insurer)) == (404, "not_found")
    assert code(service.client.delete(f"{url}/none", headers=service.police)) == (404, "not_found")
    service.client.post(f"/v1/cases/{roadside.case_id}/close", headers=service.police)
    assert code(service.client.post(url, json={"party": "A"}, headers=service.police)) == (409, "case_closed")


def test_many_at_once_from_both_sides(database_url: str, tmp_path: Path) -> None:
    with asking(database_url, tmp_path) as service:
        case = service.case(parties=[{"id": "A"}, {"id": "B"}])
        sides = [bearer(link(service, case, party)) for party in ("A", "B")]

        async def put(client: httpx2.AsyncClient, who: dict[str, str], number: int) -> int:
            url = f"/v1/cases/{case}/photos/{number}"
            return (await client.put(url, content=jpeg(number), headers=who)).status_code

        async def many() -> list[int]:
            transport = httpx2.ASGITransport(app=service.client.app)
            async with httpx2.AsyncClient(transport=transport, base_url="http://test") as client:
                return await asyncio.gather(*(put(client, who, n) for who in sides for n in range(5)))

        assert service.call(many) == [201] * 10
        photos = service.photos(case)
        assert sorted(photo["client_id"] for photo in photos) == sorted(f"p{s}-{n}" for s in (1, 2) for n in range(5))

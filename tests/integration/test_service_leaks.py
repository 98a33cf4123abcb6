"""Roles x organisations x endpoints: each is asked, and nobody is told what is not theirs to know."""

from __future__ import annotations

import itertools
import shutil
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from typing import Any

import httpx2
import pytest

from service.guard import keys as guard_keys
from service.guard.roles import PERMISSIONS, Permission, Role
from service.job_steps import Looker
from service.store import assessments, keys, photos, reviews
from service.store.photos import NewPhoto
from service.worker import Worker
from tests.leak_table import TABLE, Foreign, Row, Things
from tests.personal_parts import BODY, GPS, ID_NUMBER, NAME, NOTE, PLACE, PLATE, SEEN_PLATE, leaks, personal_gather
from tests.service_client import Asking, asking
from tests.service_parts import MODEL_SET, jpeg, opened

_numbers = itertools.count()


@dataclass(frozen=True, slots=True)
class World:
    service: Asking
    things: Things
    police: dict[Role, dict[str, str]]
    insurer: dict[Role, dict[str, str]]
    party: dict[str, str]
    """By a link of another case."""
    body: dict[str, Any]
    """Of an assessment."""

    def fresh(self) -> Things:
        """A case of the police of which nothing else depends: looked at, and waiting for an officer."""
        case = made_case(self.service, f"F-{next(_numbers)}")
        return replace(self.things, case=case, version=self.service.call(self._assessed, case))

    async def _assessed(self, case: str) -> int:
        async with self.service.parts.database.write() as connection:
            police = await keys.organisation_of(connection, "police")
            assert police is not None
            new = NewPhoto("1.jpg", "0" * 64, 10, "jpeg", "key:test", None, None)
            assert await photos.add(connection, police, case, new)
            version = await assessments.add(connection, police, case, 0, MODEL_SET, self.body)
            await reviews.flag(connection, police, case, version)
        return version


def made_case(service: Asking, external_id: str) -> str:
    body = {**BODY, "external_id": external_id}
    answer = service.client.post("/v1/cases", json=body, headers=service.police)
    assert answer.status_code == 201, answer.text
    return str(answer.json()["id"])


def posted(service: Asking, url: str, body: dict[str, Any], headers: dict[str, str]) -> dict[str, Any]:
    answer = service.client.post(url, json=body, headers=headers)
    assert answer.status_code == 201, answer.text
    return dict(answer.json())


def work(service: Asking) -> None:
    worker = Worker(service.parts.database, service.parts.blobs, Looker(personal_gather, MODEL_SET), "test")
    while service.call(worker.step):
        pass


async def keys_of(service: Asking, organisation: str) -> dict[Role, dict[str, str]]:
    told = {}
    async with service.parts.database.write() as connection:
        owner = await keys.organisation_of(connection, organisation)
        assert owner is not None
        for role in Role:
            new = guard_keys.make()
            await keys.add(connection, owner, new, "test", role)
            told[role] = {"Authorization": f"Bearer {new.text}"}
    return told


@pytest.fixture(scope="module")
def world(sqlite_template: Any, tmp_path_factory: pytest.TempPathFactory) -> Iterator[World]:
    folder = tmp_path_factory.mktemp("leaks")
    url = f"sqlite:///{shutil.copy(sqlite_template, folder / 'kuaizheng.db')}"
    with asking(url, folder, requests_per_s=10_000, requests_burst=100_000) as service:
        object.__setattr__(service.parts, "gather", personal_gather)
        case = made_case(service, "A-1")
        for number, name in enumerate(("1.jpg", "paper.jpg")):
            assert service.put(case, name, jpeg(90 + number)).status_code == 201
        work(service)
        latest = service.client.get(f"/v1/cases/{case}/assessments/latest", headers=service.police).json()
        assert service.client.post(f"/v1/cases/{case}/flag", headers=service.police).status_code == 204
        review = {"version": latest["version"], "decision": "retake", "reason": "other", "note": NOTE}
        posted(service, f"/v1/reviews/{case}/decide", review, service.police)
        both = (case, made_case(service, "B-1"))  # a party of the second asks for what is the first's
        links = [posted(service, f"/v1/cases/{one}/links", {"party": "A"}, service.police) for one in both]
        upload = TABLE["POST", "/v1/uploads"].body(Things(case, 0, "", "", "", "", "", ""))["headers"]
        begun = service.client.post("/v1/uploads", headers={**upload, **service.police})
        endpoint = posted(service, "/v1/webhook-endpoints", {"url": "https://example.com/hook"}, service.admin)
        officer = {"login": "wang", "name": NAME, "role": "officer"}
        address = service.client.get(f"/v1/cases/{case}/photos/1.jpg/files", headers=service.police).json()["original"]
        things = Things(
            case=case,
            version=latest["version"],
            link=links[0]["id"],
            upload=begun.headers["location"].rpartition("/")[2],
            endpoint=endpoint["id"],
            officer=posted(service, "/v1/officers", officer, service.admin)["id"],
            key=posted(service, "/v1/keys", {"name": "n"}, service.admin)["prefix"],
            token=address.rpartition("/")[2][:-4] + "AAAA",
        )
        police, insurer = (service.call(keys_of, service, name) for name in ("police", "insurer"))
        body = {"photos": latest["photos"], "assessment": latest["assessment"]}
        party = {"Authorization": f"Bearer {links[1]['token']}"}
        yield World(service, things, police, insurer, party, body)


def asked(
    world: World, at: tuple[str, str], things: Things, who: dict[str, str], *, foreign: bool = False
) -> httpx2.Response:
    row = TABLE[at]
    arguments = (row.foreign_body if foreign and row.foreign_body else row.body)(things)
    headers = {**arguments.pop("headers", {}), **who}
    return world.service.client.request(at[0], row.path(things), headers=headers, follow_redirects=False, **arguments)


def text_of(answer: httpx2.Response) -> str:
    return answer.content.decode("utf-8", "replace") + str(dict(answer.headers))


def routes(found: Iterable[Any]) -> Iterator[tuple[str, str]]:
    """Method and path of every route, those of included routers too."""
    for route in found:
        inside = getattr(route, "original_router", None) or getattr(route, "app", None)
        if hasattr(route, "path") and getattr(route, "methods", None):
            for method in route.methods - ({"HEAD"} if "GET" in route.methods else set()):
                yield method, route.path
        elif inside is not None and hasattr(inside, "routes"):
            yield from routes(inside.routes)
        else:
            yield "?", repr(route)


def test_every_endpoint_has_a_row(world: World) -> None:
    app = world.service.client.app
    here = set(routes(app.routes))  # type: ignore[attr-defined]
    assert here - set(TABLE) == set(), "new: who may, and what is another organisation told?"
    assert set(TABLE) - here == set(), "gone"
    described = {(m.upper(), path) for path, of in app.openapi()["paths"].items() for m in of}  # type: ignore[attr-defined]
    assert described <= here


def test_the_world_has_what_could_leak(world: World) -> None:
    """A supervisor is told all of it: else the rows below would pass on nothing."""
    latest = asked(world, ("GET", "/v1/cases/{case_id}/assessments/latest"), world.things, world.service.police).text
    case = asked(world, ("GET", "/v1/cases/{case_id}"), world.things, world.service.police).text
    facts = asked(world, ("POST", "/v1/check"), world.things, world.service.police).text
    assert PLATE in case and PLACE in case and PLATE in latest and SEEN_PLATE in latest
    assert all(one in facts for one in (SEEN_PLATE, NAME, ID_NUMBER, str(GPS[0])))
    note = asked(world, ("GET", "/v1/cases/{case_id}/reviews"), world.things, world.service.police).text
    assert NOTE in note


@pytest.mark.parametrize("at", TABLE, ids=" ".join)
def test_nobody_is_told_what_is_not_theirs(world: World, at: tuple[str, str]) -> None:
    row = TABLE[at]
    if at[1].endswith("/stream"):
        work(world.service)  # it ends when nothing of the case waits
    strangers(world, at, row)
    for role, who in world.police.items():
        may = row.may is None or row.may in PERMISSIONS[role]
        answer = asked(world, at, world.fresh() if row.fresh and may else world.things, who)
        assert answer.status_code in (row.ok if may else (403,)), (role, answer.status_code, answer.text[:300])
        if Permission.PERSONAL_READ not in PERMISSIONS[role] and not named(at, role):
            assert leaks(text_of(answer)) == [], role


def named(at: tuple[str, str], role: Role) -> bool:
    """Accounts have names, which whoever manages them sees."""
    return at[1].startswith("/v1/officers") and Permission.ACCOUNT_MANAGE in PERMISSIONS[role]


def strangers(world: World, at: tuple[str, str], row: Row) -> None:
    """Another organisation in every role, a party of another case, and nobody."""
    may = {role for role in Role if row.may is None or row.may in PERMISSIONS[role]}
    # Of the roles that may not, one is asked: the others are asked in their own house.
    for role in (*sorted(may), *sorted(set(Role) - may)[:1]):
        who = world.insurer[role]
        answer = asked(world, at, world.things, who, foreign=True)
        if role not in may:
            expected: tuple[int, ...] = (403,)
        else:
            expected = row.ok if row.foreign is Foreign.OWN else (404,)
        assert answer.status_code in expected, (role, answer.status_code, answer.text[:300])
        silent(world, at, answer, sent_by_itself=at in SENT)
    answer = asked(world, at, world.things, world.party)
    if not row.open_to_links and row.needs_key:
        assert answer.status_code == 403, answer.text[:300]
    if row.open_to_links and row.may is not None:
        assert answer.status_code == 404, answer.text[:300]
    silent(world, at, answer)
    answer = asked(world, at, world.things, {})
    assert answer.status_code == 401 if row.needs_key else answer.status_code in row.ok, answer.text[:300]
    silent(world, at, answer)


SENT = {("POST", "/v1/check")}
"""What is answered there is what was sent there, or read from it."""


def silent(world: World, at: tuple[str, str], answer: httpx2.Response, *, sent_by_itself: bool = False) -> None:
    """Neither a secret of the police's nor an id of theirs."""
    text = text_of(answer)
    if not sent_by_itself:
        assert leaks(text) == []
    things = world.things
    ids = (things.case, things.link, things.upload, things.endpoint, things.officer, things.key, "A-1")
    assert [one for one in ids if one in text] == []


def test_another_process_knows_no_more(world: World) -> None:
    """The rows above are answered from the table; the vault is not what keeps organisations apart."""
    database = opened(world.service.parts.settings.database)

    async def count() -> int:
        async with database.read() as connection:
            police = await keys.organisation_of(connection, "police")
            insurer = await keys.organisation_of(connection, "insurer")
            assert police is not None and insurer is not None
            assert await assessments.latest(connection, insurer, world.things.case) is None
            return len(await reviews.of_case(connection, police, world.things.case))

    assert world.service.call(count) == 1
    world.service.call(database.close)

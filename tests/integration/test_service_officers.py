"""Accounts, sessions and keys over HTTP: who gets in, for how long, and that no other site acts for an officer."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import httpx2
import pytest
from argon2 import PasswordHasher
from sqlalchemy import select, update

from service.api.sessions_steps import verified
from service.guard import passwords
from service.store.database import now_ms
from service.store.officers import OfficerRow
from service.store.schema_audit import audit_records
from service.store.schema_officers import login_attempts, officers, sessions
from tests.service_client import Asking, asking, code

PASSWORD = "correct horse battery"
ORIGIN = {"Origin": "http://testserver"}
WANG = {"organisation": "police", "login": "wang", "password": PASSWORD}


@pytest.fixture(scope="module", autouse=True)
def quick() -> Iterator[None]:
    """The real cost is measured by the unit tests."""
    with pytest.MonkeyPatch.context() as patch:
        cheap = PasswordHasher(1, 8, 1)
        patch.setattr(passwords, "_HASHER", cheap)
        patch.setattr(passwords, "_NOBODY", cheap.hash("nobody"))
        yield


@pytest.fixture(scope="module")
def shared(sqlite_template: Any, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Asking]:
    folder = tmp_path_factory.mktemp("officers")
    url = f"sqlite:///{shutil.copy(sqlite_template, folder / 'kuaizheng.db')}"
    with asking(url, folder) as one:
        add(one, login="wang", name="王小明", role="officer", password=PASSWORD)
        add(one, login="admin.1", name="李四", role="admin", password=PASSWORD)
        yield one


@pytest.fixture
def service(shared: Asking) -> Asking:
    shared.client.cookies.clear()
    forgive(shared)
    return shared


def add(service: Asking, **officer: str) -> str:
    answer = service.client.post("/v1/officers", json=officer, headers=service.admin)
    assert answer.status_code == 201, answer.text
    return str(answer.json()["id"])


def log_in(service: Asking, **other: str) -> httpx2.Response:
    return service.client.post("/v1/session", json={**WANG, **other})


def forgive(service: Asking) -> None:
    async def forget() -> None:
        async with service.parts.database.write() as connection:
            await connection.execute(login_attempts.delete())

    service.call(forget)
    service.client.app.state.logins._buckets.clear()  # type: ignore[attr-defined]


def test_in_and_out(service: Asking) -> None:
    assert code(service.client.get("/v1/session"))[0] == 401
    answer = log_in(service)
    assert (answer.status_code, answer.json()["role"], answer.json()["name"]) == (201, "officer", "王小明")
    cookie = answer.headers["set-cookie"]
    assert cookie.startswith("kz_session=") and "HttpOnly" in cookie and "SameSite=lax" in cookie
    assert service.client.get("/v1/cases").status_code == 200
    assert service.client.delete("/v1/session", headers=ORIGIN).status_code == 204
    service.client.cookies.set("kz_session", cookie.split(";")[0].partition("=")[2])
    assert code(service.client.get("/v1/session"))[0] == 401, "over in the table, whoever kept the cookie"


def test_a_login_makes_a_new_session_and_ends_the_old_one(service: Asking) -> None:
    log_in(service)
    first = service.client.cookies["kz_session"]
    log_in(service)
    assert service.client.cookies["kz_session"] != first
    service.client.cookies.clear()
    service.client.cookies.set("kz_session", first)
    assert code(service.client.get("/v1/session"))[0] == 401


def test_the_table_holds_no_cookie_no_password_and_no_name(service: Asking) -> None:
    log_in(service)

    async def rows() -> str:
        async with service.parts.database.read() as connection:
            found = [(await connection.execute(select(table))).all() for table in (sessions, officers, login_attempts)]
        return str(found)

    text = service.call(rows)
    assert service.client.cookies["kz_session"] not in text and PASSWORD not in text and "王" not in text


@pytest.mark.parametrize(
    "other", [{"password": "wrong password 1"}, {"login": "nobody"}, {"organisation": "insurer"}, {"organisation": "x"}]
)
def test_one_answer_for_all_that_is_wrong(service: Asking, other: dict[str, str]) -> None:
    answer = log_in(service, **other)
    assert code(answer) == (401, "denied") and "set-cookie" not in answer.headers
    assert answer.json()["detail"] == "login or password is wrong"


@pytest.mark.parametrize("login", ["wang", "nobody"])
def test_guessing_is_slowed_down(service: Asking, login: str) -> None:
    told = [log_in(service, login=login, password=f"wrong password {number}").status_code for number in range(7)]
    assert told[:5] == [401] * 5 and 429 in told[5:]
    late = log_in(service, login=login)
    assert code(late) == (429, "too_many_requests") and int(late.headers["Retry-After"]) >= 1
    assert code(service.client.get("/v1/session"))[0] == 401


def test_guesses_at_once_are_counted_each(service: Asking) -> None:
    with ThreadPoolExecutor(8) as pool:
        told = list(pool.map(lambda _: log_in(service, password="wrong password 1").status_code, range(16)))
    assert told.count(401) <= 6, "a try is counted before its password is looked at"


def test_one_address_tries_no_hundred_logins(service: Asking) -> None:
    told = [log_in(service, login=f"nobody{number}").status_code for number in range(30)]
    assert 429 in told and told.count(401) <= 25


def test_another_site_cannot_act_for_an_officer(service: Asking) -> None:
    assert code(service.client.post("/v1/session", json=WANG, headers={"Origin": "https://evil.example"})) == (
        403,
        "cross_site",
    )
    log_in(service)
    forged = {"external_id": "forged"}
    for headers in (
        {},
        {"Origin": "https://evil.example"},
        {"Origin": "null"},
        {"Origin": "http://testserver.evil.example"},
        {"Origin": "http://testserver@evil.example"},
        {"Sec-Fetch-Site": "cross-site"},
        {"Sec-Fetch-Site": "same-site"},
    ):
        assert code(service.client.post("/v1/cases", json=forged, headers=headers)) == (403, "cross_site"), headers
    assert service.client.post("/v1/cases", json=forged, headers={"Sec-Fetch-Site": "same-origin"}).status_code == 201
    assert service.client.post("/v1/cases", json={"external_id": "own"}, headers=ORIGIN).status_code == 201
    assert service.client.post("/v1/cases", json={"external_id": "key"}, headers=service.police).status_code == 201


@pytest.mark.parametrize(("column", "hours"), [("seen_ms", 0.6), ("created_ms", 13.0)])
def test_a_session_ends(service: Asking, column: str, hours: float) -> None:
    log_in(service)

    async def age() -> None:
        async with service.parts.database.write() as connection:
            await connection.execute(update(sessions).values({column: now_ms() - int(hours * 3_600_000)}))

    assert service.client.get("/v1/session").status_code == 200
    service.call(age)
    assert code(service.client.get("/v1/session"))[0] == 401


def test_a_used_session_lives_on(service: Asking) -> None:
    log_in(service)

    async def times(minutes: int) -> int:
        async with service.parts.database.write() as connection:
            if minutes:
                await connection.execute(update(sessions).values(seen_ms=now_ms() - minutes * 60_000))
            return int((await connection.execute(select(now_ms() - sessions.c.seen_ms))).scalars().all()[-1])

    service.call(times, 20)
    assert service.client.get("/v1/session").status_code == 200
    assert service.call(times, 0) < 60_000


def test_an_account_that_is_changed_is_out_at_once(service: Asking) -> None:
    officer_id = add(service, login="li", name="李", role="officer", password=PASSWORD)
    url = f"/v1/officers/{officer_id}"
    for change in ({"role": "uploader"}, {"password": "another long one"}, {"disabled": True}):
        forgive(service)
        service.client.patch(url, json={"disabled": False, "password": PASSWORD}, headers=service.admin)
        assert log_in(service, login="li").status_code == 201
        assert service.client.patch(url, json=change, headers=service.admin).status_code == 200
        assert code(service.client.get("/v1/session"))[0] == 401, change
    assert code(log_in(service, login="li"))[0] == 401, "disabled"


def test_ones_own_password(service: Asking) -> None:
    add(service, login="zhao", name="赵", role="officer", password=PASSWORD)
    log_in(service, login="zhao")
    url = "/v1/session/password"
    wrong = service.client.put(url, json={"current": "wrong", "new": "another long one"}, headers=ORIGIN)
    assert code(wrong) == (401, "denied")
    weak = service.client.put(url, json={"current": PASSWORD, "new": "zhaozhaozhao"}, headers=ORIGIN)
    assert code(weak) == (422, "weak_password")
    body = {"current": PASSWORD, "new": "another long one"}
    assert service.client.put(url, json=body, headers=ORIGIN).status_code == 204
    assert service.client.get("/v1/session").status_code == 200
    service.client.cookies.clear()
    assert log_in(service, login="zhao").status_code == 401
    assert log_in(service, login="zhao", password="another long one").status_code == 201
    assert code(service.client.put(url, json=body, headers=service.police)) == (403, "forbidden")


def test_an_administrator_stays_one(service: Asking) -> None:
    log_in(service, login="admin.1")
    told = service.client.get("/v1/officers").json()["officers"]
    url = f"/v1/officers/{next(one['id'] for one in told if one['login'] == 'admin.1')}"
    for change in ({"disabled": True}, {"role": "officer"}):
        assert code(service.client.patch(url, json=change, headers=ORIGIN)) == (409, "conflict")


def test_accounts_are_refused(service: Asking) -> None:
    officer = {"login": "wang", "name": "王", "role": "officer", "password": PASSWORD}
    assert code(service.client.post("/v1/officers", json=officer, headers=service.admin)) == (409, "conflict")
    for change in ({"login": "W"}, {"login": "王"}, {"role": "king"}, {"name": ""}, {"password": "short"}):
        answer = service.client.post("/v1/officers", json={**officer, "login": "new", **change}, headers=service.admin)
        assert answer.status_code == 422, change
    assert code(service.client.patch("/v1/officers/none", json={}, headers=service.admin)) == (404, "not_found")


def test_keys(service: Asking) -> None:
    made = service.client.post("/v1/keys", json={"name": "claims", "scopes": ["case_read"]}, headers=service.admin)
    key = {"Authorization": f"Bearer {made.json()['key']}"}
    assert service.client.get("/v1/cases", headers=key).status_code == 200
    assert code(service.client.post("/v1/cases", json={"external_id": "x"}, headers=key)) == (403, "forbidden")
    told = service.client.get("/v1/keys", headers=service.admin)
    assert made.json()["key"] not in told.text and made.json()["prefix"] in told.text
    url = f"/v1/keys/{made.json()['prefix']}"
    revoked = service.client.delete(url, headers=service.admin).json()
    assert revoked["revoked_at"] and service.client.delete(url, headers=service.admin).json() == revoked
    assert code(service.client.get("/v1/cases", headers=key))[0] == 401
    past = {"name": "old", "expires_at": "2020-01-01T00:00:00Z"}
    old = service.client.post("/v1/keys", json=past, headers=service.admin).json()["key"]
    assert code(service.client.get("/v1/cases", headers={"Authorization": f"Bearer {old}"}))[0] == 401


def test_a_key_gives_no_more_than_it_has(service: Asking) -> None:
    wide = {"name": "n", "role": "uploader", "scopes": ["audit_read"]}
    assert service.client.post("/v1/keys", json=wide, headers=service.admin).status_code == 422
    narrow = {"name": "n", "role": "admin", "scopes": ["key_manage"]}
    key = service.client.post("/v1/keys", json=narrow, headers=service.admin).json()["key"]
    headers = {"Authorization": f"Bearer {key}"}
    assert service.client.post("/v1/keys", json=narrow, headers=headers).status_code == 201
    assert code(service.client.post("/v1/keys", json={"name": "n", "role": "admin"}, headers=headers)) == (
        403,
        "forbidden",
    )


def test_a_key_for_accounts_gets_into_no_larger_one(service: Asking) -> None:
    narrow = {"name": "n", "role": "admin", "scopes": ["account_manage"]}
    key = service.client.post("/v1/keys", json=narrow, headers=service.admin).json()["key"]
    headers = {"Authorization": f"Bearer {key}"}
    new = {"login": "sun", "name": "孙", "role": "admin", "password": PASSWORD}
    assert code(service.client.post("/v1/officers", json=new, headers=headers)) == (403, "forbidden")
    made = service.client.post("/v1/officers", json={**new, "role": "officer"}, headers=headers)
    assert made.status_code == 201
    told = service.client.get("/v1/officers", headers=headers).json()["officers"]
    chief = next(one["id"] for one in told if one["login"] == "admin.1")
    for officer_id, change in (
        (made.json()["id"], {"role": "admin"}),
        (chief, {"role": "officer"}),
        (chief, {"password": "another long one"}),
        (chief, {"subject": "mine"}),
    ):
        answer = service.client.patch(f"/v1/officers/{officer_id}", json=change, headers=headers)
        assert code(answer) == (403, "forbidden"), change
    url = f"/v1/officers/{made.json()['id']}"
    assert service.client.patch(url, json={"disabled": True}, headers=headers).status_code == 200
    assert log_in(service, login="admin.1").status_code == 201


@pytest.mark.parametrize("when", ["9999-12-31T23:59:59.9999999Z", "9999-12-31T23:59:59-08:00", "0001-01-01T00:00:00Z"])
def test_a_key_that_never_expires_is_asked_for_by_saying_nothing(service: Asking, when: str) -> None:
    body = {"name": "n", "expires_at": when}
    assert code(service.client.post("/v1/keys", json=body, headers=service.admin)) == (422, "bad_request")
    assert service.client.get("/v1/keys", headers=service.admin).status_code == 200


@pytest.mark.parametrize("change", [{"password": "$argon2id$other"}, {"disabled_ms": 1}])
def test_a_login_does_not_outlast_a_change_that_came_meanwhile(
    service: Asking, monkeypatch: pytest.MonkeyPatch, change: dict[str, Any]
) -> None:
    login = f"qian{len(change)}{next(iter(change))[0]}"
    officer_id = add(service, login=login, name="钱", role="officer", password=PASSWORD)

    async def slowly(text: str, officer: OfficerRow | None) -> bool:
        right = await verified(text, officer)
        async with service.parts.database.write() as connection:
            await connection.execute(update(officers).where(officers.c.id == officer_id).values(change))
            await connection.execute(sessions.delete())
        return right

    monkeypatch.setattr("service.api.sessions.verified", slowly)
    assert code(log_in(service, login=login)) == (401, "denied")
    assert code(service.client.get("/v1/session"))[0] == 401


def test_what_no_database_can_look_for_is_refused(database_url: str, tmp_path: Path) -> None:
    with asking(database_url, tmp_path) as one:
        assert code(log_in(one, login="wa\x00ng")) == (422, "bad_request")


def test_all_of_it_is_written_down(service: Asking) -> None:
    log_in(service)
    log_in(service, password="wrong password 1")

    async def actions() -> list[str]:
        async with service.parts.database.read() as connection:
            return list((await connection.execute(select(audit_records.c.action))).scalars())

    noted = service.call(actions)
    assert {"officer.added", "officer.login", "officer.login_failed"} <= set(noted)
    log_in(service)
    body = {"current": "wrong password 1", "new": "another long one"}
    assert service.client.put("/v1/session/password", json=body, headers=ORIGIN).status_code == 401
    again = service.call(actions)
    assert again.count("officer.login_failed") == noted.count("officer.login_failed") + 1, "a guess with a session too"

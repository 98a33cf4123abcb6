"""What is kept of persons lies sealed in the database, in its own cell, under keys that can be changed."""

from __future__ import annotations

import os
import stat
from collections.abc import Iterable, Iterator
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from alembic import command
from sqlalchemy import create_engine, insert, select, text, update

from service.api.search import MOST
from service.guard.datakeys import FileWrapper
from service.guard.errors import DecryptionError, KeyFileError
from service.guard.fields import MasterKeys, add_master_key, new_key_file
from service.job_steps import Looker
from service.settings import Settings, SettingsError
from service.store import cases, keys, migrate, opening, rotating
from service.store.cases import NewCase
from service.store.database import Database, prepare_sqlite, url_of
from service.store.errors import MigrationRefusedError
from service.store.schema import assessments, metadata, organisations
from service.store.schema import cases as cases_table
from service.store.schema import facts as facts_table
from service.store.schema_officers import organisation_keys
from service.store.secrets import Vault
from service.worker import Worker
from tests.personal_parts import BODY, ID_NUMBER, NAME, NOTE, OWNER, PLACE, PLATE, SEEN_PLATE, leaks, personal_gather
from tests.service_client import Asking, asking, code, told
from tests.service_parts import MODEL_SET, jpeg, opened
from vision.errors import ModelError
from vision.types import Photo, PhotoFacts, Unreadable


@pytest.fixture
def service(database_url: str, tmp_path: Path) -> Iterator[Asking]:
    with asking(database_url, tmp_path) as one:
        yield one


@pytest.fixture
def light(sqlite_url: str, tmp_path: Path) -> Iterator[Asking]:
    with asking(sqlite_url, tmp_path) as one:
        yield one


def work(service: Asking) -> None:
    worker = Worker(service.parts.database, service.parts.blobs, Looker(personal_gather, MODEL_SET), "test")
    while service.call(worker.step):
        pass


def kept(service: Asking) -> str:
    """A case with everything that may be kept: photos, facts, an assessment, a review, an upload, an endpoint."""
    client, police = service.client, service.police
    answer = client.post("/v1/cases", json=BODY, headers={**police, "Idempotency-Key": "k"})
    case = str(answer.json()["id"])
    for number, name in enumerate(("1.jpg", "paper.jpg")):
        service.put(case, name, jpeg(90 + number))
    work(service)
    latest = client.get(f"/v1/cases/{case}/assessments/latest", headers=police).json()
    assert client.post(f"/v1/cases/{case}/flag", headers=police).status_code == 204
    decision = {"version": latest["version"], "decision": "retake", "reason": "other", "note": NOTE}
    assert client.post(f"/v1/reviews/{case}/decide", json=decision, headers=police).status_code == 201
    officer = {"login": "wang", "name": NAME, "role": "officer", "subject": "s-1"}
    assert client.post("/v1/officers", json=officer, headers=service.admin).status_code == 201
    endpoint = {"url": "https://example.com/hook"}
    assert client.post("/v1/webhook-endpoints", json=endpoint, headers=service.admin).status_code == 201
    upload = {
        "Upload-Length": "10",
        "Tus-Resumable": "1.0.0",
        "Upload-Metadata": told(client_id="2.jpg", case_id=case),
    }
    assert client.post("/v1/uploads", headers={**police, **upload}).status_code == 201
    return case


def dump(service: Asking) -> dict[str, str]:
    """Every table as text."""

    async def read() -> dict[str, str]:
        async with service.parts.database.read() as connection:
            return {
                table.name: str([tuple(row) for row in await connection.execute(select(table))])
                for table in metadata.sorted_tables
            }

    return service.call(read)


def cases_by(service: Asking, kind: str, sought: str, headers: dict[str, str] | None = None) -> list[str]:
    answer = service.client.post("/v1/search", json={"kind": kind, "text": sought}, headers=headers or service.police)
    assert answer.status_code == 200, answer.text
    return [one["id"] for one in answer.json()["cases"]]


def test_nothing_of_a_person_lies_open_in_the_database(service: Asking) -> None:
    kept(service)
    tables = dump(service)
    assert {name: found for name, rows in tables.items() if (found := leaks(rows))} == {}
    assert all(tables[one.table.name] != "[]" for one in rotating.SEALED), "a column that was not looked at"
    for path in service.parts.settings.data_folder.glob("kuaizheng.db*"):
        assert not any(one.encode() in path.read_bytes() for one in (PLATE, SEEN_PLATE, NAME, ID_NUMBER, PLACE))


def test_a_case_is_found_by_what_is_sealed(light: Asking) -> None:
    case = kept(light)
    for kind, sought in (
        ("plate", "皖A·12345"),
        ("plate", "苏e 99b2f"),
        ("name", NAME),
        ("name", OWNER),
        ("number", ID_NUMBER.lower()),
    ):
        assert cases_by(light, kind, sought) == [case], sought
        assert cases_by(light, kind, sought, light.insurer) == [], "another organisation's"
    assert cases_by(light, "plate", "皖A12346") == [] == cases_by(light, "name", PLATE)
    light.client.post(f"/v1/cases/{case}/photos/1.jpg/withdraw", headers=light.police)
    work(light)
    assert cases_by(light, "plate", SEEN_PLATE) == [case], "on a paper still"
    light.client.post(f"/v1/cases/{case}/photos/paper.jpg/withdraw", headers=light.police)
    work(light)
    assert cases_by(light, "plate", SEEN_PLATE) == [] and cases_by(light, "plate", PLATE) == [case]
    assert code(light.client.post("/v1/search", json={"kind": "plate", "text": PLATE}, headers=light.uploader)) == (
        403,
        "forbidden",
    )


def test_a_search_of_many_tells_the_newest(service: Asking) -> None:
    async def many() -> list[str]:
        async with service.parts.database.write() as connection:
            police = await keys.organisation_of(connection, "police")
            assert police is not None
            made = []
            for number in range(MOST + 2):
                new = NewCase(f"B-{number}", None, None, None, "four-photos", ({"id": "A", "plate": PLATE},))
                row = await cases.create(connection, police, new)
                assert row is not None
                made.append(row.id)
            ordered = sorted(made, reverse=True)  # an order that is not the ids' own
            for number, case_id in enumerate(ordered):
                mine = cases_table.c.id == case_id
                await connection.execute(update(cases_table).where(mine).values(created_ms=10**12 - number))
        return ordered

    newest = service.call(many)
    answer = service.client.post("/v1/search", json={"kind": "plate", "text": PLATE}, headers=service.police).json()
    assert [one["id"] for one in answer["cases"]] == newest[:MOST] and answer["more"] is True


def test_a_case_is_found_by_what_newer_models_failed_on(light: Asking) -> None:
    def broken(photos: Iterable[Photo | Unreadable], *, on: date | None = None) -> Iterator[PhotoFacts | Unreadable]:
        for one in photos:
            if isinstance(one, Photo) and "paper" in one.name:
                raise ModelError("text.onnx: inference failed")
            yield from personal_gather((one,), on=on)

    case = kept(light)
    newer = Worker(light.parts.database, light.parts.blobs, Looker(broken, "newer"), "newer", max_attempts=1)
    assert light.client.post(f"/v1/cases/{case}/assess", headers=light.police).status_code == 202
    while light.call(newer.step):
        pass
    latest = light.client.get(f"/v1/cases/{case}/assessments/latest", headers=light.police).json()
    assert [one["state"] for one in latest["photos"]] == ["seen", "failed"]
    assert [cases_by(light, "plate", SEEN_PLATE), cases_by(light, "number", ID_NUMBER)] == [[case], [case]]
    light.client.post(f"/v1/cases/{case}/photos/paper.jpg/withdraw", headers=light.police)
    while light.call(newer.step):
        pass
    assert cases_by(light, "number", ID_NUMBER) == [], "what counts no more is found no more"


def test_a_value_that_was_moved_does_not_open(light: Asking) -> None:
    case = kept(light)
    other = light.case("A-2")

    async def move() -> None:
        async with light.parts.database.write() as connection:
            moved = select(cases_table.c.personal).where(cases_table.c.id == case).scalar_subquery()
            await connection.execute(update(cases_table).where(cases_table.c.id == other).values(personal=moved))
            await connection.execute(update(assessments).values(version=assessments.c.version + 10))

    light.call(move)
    assert code(light.client.get(f"/v1/cases/{other}", headers=light.police)) == (503, "bad_ciphertext")
    url = f"/v1/cases/{case}/assessments/latest"
    assert code(light.client.get(url, headers=light.police)) == (503, "bad_ciphertext")


def test_plain_text_put_there_is_not_read(light: Asking) -> None:
    case = kept(light)

    async def forge() -> None:
        async with light.parts.database.write() as connection:
            await connection.execute(
                update(cases_table).values(personal='{"external_id":"x","place":null,"parties":[]}')
            )

    light.call(forge)
    assert code(light.client.get(f"/v1/cases/{case}", headers=light.police)) == (503, "bad_ciphertext")


def test_a_new_data_key_seals_everything_anew(service: Asking, database_url: str) -> None:
    case = kept(service)
    before = service.client.get(f"/v1/cases/{case}/assessments/latest", headers=service.police).json()

    async def rotate() -> int:
        elsewhere = opened(database_url)
        try:
            async with elsewhere.read() as connection:
                police = await keys.organisation_of(connection, "police")
                assert police is not None
            return await rotating.renew(elsewhere, police)
        finally:
            await elsewhere.close()

    assert service.call(rotate) >= len(rotating.SEALED)
    tables = dump(service)
    assert [name for name, rows in tables.items() if "'d1." in rows] == [], "a sealed column that no rotation knows"
    assert service.client.get(f"/v1/cases/{case}/assessments/latest", headers=service.police).json() == before
    assert cases_by(service, "plate", PLATE) == [case]
    assert code(service.client.post("/v1/cases", json=BODY, headers=service.police)) == (409, "case_exists")
    again = service.client.post("/v1/cases", json=BODY, headers={**service.police, "Idempotency-Key": "k"})
    assert (again.status_code, again.json()["id"]) == (201, case)


@pytest.mark.anyio
async def test_a_new_master_key_is_taken_up(sqlite_url: str, tmp_path: Path) -> None:
    path = tmp_path / "keys.toml"
    new_key_file(path)
    first = Database(sqlite_url, Vault(FileWrapper.of_file(path)))
    running = Database(sqlite_url, Vault(FileWrapper.of_file(path)))
    new = NewCase("A-1", None, None, PLACE, "four-photos", ())
    async with first.write() as connection:
        police = await keys.add_organisation(connection, "police")
        case = await cases.create(connection, police, new)
    path.chmod(0o400)
    if os.geteuid() == 0:
        os.chown(path, 65534, 65533)  # root turns the key of a service that runs under another account
    before = path.stat()
    assert add_master_key(path) == "k2" and stat.S_IMODE(path.stat().st_mode) == 0o400
    assert (path.stat().st_uid, path.stat().st_gid) == (before.st_uid, before.st_gid)
    rotated = Database(sqlite_url, Vault(FileWrapper.of_file(path)))
    assert await rotating.rewrap(rotated) == 2 and await rotating.rewrap(rotated) == 0
    async with running.read() as connection:
        assert case is not None and await cases.find(connection, police, case.id) == case
    without_first = Vault(FileWrapper(MasterKeys("k2", {"k2": FileWrapper.of_file(path).masters.secrets["k2"]})))
    for vault, opens in ((without_first, True), (Vault(FileWrapper(MasterKeys("k1", {"k1": b"x" * 32}))), False)):
        database = Database(sqlite_url, vault)
        async with database.read() as connection:
            if opens:
                assert await cases.find(connection, police, case.id) == case
            else:
                with pytest.raises(DecryptionError):
                    await cases.find(connection, police, case.id)
        await database.close()
    for database in (first, running, rotated):
        await database.close()


@pytest.mark.anyio
async def test_a_wrapped_key_of_another_organisation_opens_nothing(sqlite_url: str) -> None:
    database = opened(sqlite_url)
    async with database.write() as connection:
        police = await keys.add_organisation(connection, "police")
        insurer = await keys.add_organisation(connection, "insurer")
        mine, theirs = (organisation_keys.c.organisation_id == one for one in (police, insurer))
        stolen = select(organisation_keys.c.wrapped).where(theirs, organisation_keys.c.use == "seal").scalar_subquery()
        await connection.execute(
            update(organisation_keys).where(mine, organisation_keys.c.use == "seal").values(wrapped=stolen)
        )
        with pytest.raises(DecryptionError):
            await cases.create(connection, police, NewCase("A-1", None, None, None, "four-photos", ()))
    await database.close()


@pytest.mark.anyio
async def test_without_keys_nothing_is_kept(sqlite_url: str) -> None:
    database = Database(sqlite_url)
    with pytest.raises(KeyFileError):
        async with database.write() as connection:
            await keys.add_organisation(connection, "police")
    await database.close()


@pytest.mark.anyio
async def test_the_first_start_makes_a_key_file_and_no_second_one(tmp_path: Path) -> None:
    settings = Settings(data_folder=tmp_path / "data")
    migrate.migrate(settings.database)
    plain = Database(settings.database)
    async with plain.write() as connection:  # of a version before there were keys
        await connection.execute(insert(organisations).values(id="o" * 32, name="default", created_ms=1))
    await plain.close()
    await opening.prepare_keys(settings)
    path = opening.master_key_file(settings)
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    first = path.read_bytes()
    await opening.prepare_keys(settings)
    assert path.read_bytes() == first
    database = opening.open_database(settings)
    async with database.write() as connection:
        assert await cases.create(connection, "o" * 32, NewCase("A-1", None, None, PLACE, "four-photos", ()))
    await database.close()
    path.unlink()
    with pytest.raises(KeyFileError, match="backup"):
        await opening.prepare_keys(settings)
    assert not path.exists()


def test_a_database_of_its_own_needs_a_key_file_of_its_own(tmp_path: Path) -> None:
    settings = Settings(data_folder=tmp_path, database_url="postgresql://nobody@127.0.0.1:9/none")
    with pytest.raises(SettingsError, match="master_key_file"):
        opening.open_database(settings)
    with pytest.raises(KeyFileError):
        opening.open_database(settings.model_copy(update={"master_key_file": tmp_path / "none"}))
    new_key_file(tmp_path / "open")
    os.chmod(tmp_path / "open", 0o644)
    with pytest.raises(KeyFileError, match="chmod 600"):
        opening.open_database(settings.model_copy(update={"master_key_file": tmp_path / "open"}))


def test_a_database_of_before_is_not_taken_over(tmp_path: Path) -> None:
    """Its plain rows cannot be sealed by a migration, and reading both forms would read what somebody forged."""
    url = f"sqlite:///{tmp_path / 'old.db'}"
    engine = create_engine(url_of(url).set(drivername="sqlite"))
    prepare_sqlite(engine)
    with engine.begin() as connection:
        config = migrate._config()
        config.attributes["connection"] = connection
        command.upgrade(config, "0003")
        connection.execute(text("INSERT INTO organisations (id, name, created_ms) VALUES ('o', 'police', 1)"))
        row = "('o', 'aa', 'm', '{}', 1)"
        connection.execute(
            text(f"INSERT INTO facts (organisation_id, sha256, model_set, facts, created_ms) VALUES {row}")
        )
    with pytest.raises(MigrationRefusedError, match="facts"):
        migrate.migrate(url)
    with engine.begin() as connection:
        assert connection.execute(text("SELECT facts FROM facts")).scalar_one() == "{}"
        connection.execute(text("DELETE FROM facts"))
    migrate.migrate(url)
    assert migrate.is_current(url)
    engine.dispose()


def test_errors_of_the_database_quote_no_value(light: Asking) -> None:
    async def twice() -> Any:
        async with light.parts.database.write() as connection:
            row = {"organisation_id": "o", "sha256": PLATE, "model_set": "m", "facts": NAME, "created_ms": 1}
            await connection.execute(insert(facts_table).values(**row))

    with pytest.raises(Exception) as refusal:  # noqa: PT011 - which one is the driver's business
        light.call(twice)
    assert leaks(str(refusal.value)) == []

"""Deleting: what must go goes, what must stay stays, wherever it is cut off."""

from __future__ import annotations

import asyncio
import os
import time
from collections.abc import AsyncIterator, Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import delete, func, select, text, update

from service.assessing import original_key
from service.blobs import StoredBlob
from service.blobs_local import LocalBlobs
from service.job_steps import Looker
from service.store import cases, photos, retention
from service.store.database import Database
from service.store.errors import LeaseLostError, StoreUnavailableError
from service.store.idempotency import once
from service.store.schema import cases as case_table
from service.store.schema import facts, idempotency_keys, metadata
from service.store.schema import photos as photo_table
from service.store.schema_uploads import deletions, sweeps, uploads
from service.sweeping import MOST_FAILED, Sweeper, clear_spool
from service.worker import Worker
from tests.service_client import Asking, asking, code, files, told
from tests.service_parts import MODEL_SET, gather, jpeg

YEAR_MS = 366 * 86_400_000
TUS = {"Tus-Resumable": "1.0.0"}


class CutOffError(Exception):
    """The process died here."""


@pytest.fixture
def service(sqlite_url: str, tmp_path: Path) -> Iterator[Asking]:
    with asking(sqlite_url, tmp_path, retention_days=30.0, retention_open_days=300.0) as opened:
        yield opened


@pytest.fixture
def service_on_each(database_url: str, tmp_path: Path) -> Iterator[Asking]:
    with asking(database_url, tmp_path, retention_days=30.0, retention_open_days=300.0) as opened:
        yield opened


def sweeper(service: Asking, **more: Any) -> Sweeper:
    return Sweeper(service.parts.database, service.parts.blobs, service.parts.settings, **more)


def kept(service: Asking) -> list[str]:
    return files(service.parts.blobs.spool_folder.parent)


def full_case(service: Asking, external_id: str) -> str:
    """A case with rows in every table that belongs to cases: photos, jobs, an assessment, a link, an upload."""
    case = service.case(external_id, parties=[{"id": "A", "plate": "皖A12345"}])
    service.put(case, "1", jpeg(1), **{"Idempotency-Key": f"1-of-{external_id}"})
    service.put(case, "2", jpeg(2))
    service.client.post(f"/v1/cases/{case}/links", json={"party": "A"}, headers=service.police)
    service.work()
    part(service, begun(service, case), jpeg(3)[:100])
    return case


def begun(service: Asking, case: str, length: int = 1000) -> str:
    headers = {
        **service.police,
        **TUS,
        "Upload-Length": str(length),
        "Upload-Metadata": told(client_id="3", case_id=case),
    }
    return str(service.client.post("/v1/uploads", headers=headers).headers["Location"])


def part(service: Asking, url: str, data: bytes) -> None:
    headers = {**service.police, **TUS, "Content-Type": "application/offset+octet-stream", "Upload-Offset": "0"}
    assert service.client.patch(url, content=data, headers=headers).status_code == 204


def remove(service: Asking, case: str, who: dict[str, str] | None = None) -> Any:
    return service.client.delete(f"/v1/cases/{case}", headers=who or service.police)


def counted(service: Asking, case: str) -> dict[str, int]:
    """Rows of the case by table, and its facts."""

    async def count() -> dict[str, int]:
        async with service.parts.database.read() as connection:
            found = {}
            for table in (*retention.tables_of_a_case(), case_table):
                column = table.c["id" if table is case_table else "case_id"]
                statement = select(func.count()).select_from(table).where(column == case)
                found[table.name] = (await connection.execute(statement)).scalar_one()
            return found

    return service.call(count)


def change(service: Asking, statement: Any) -> None:
    async def run() -> None:
        async with service.parts.database.write() as connection:
            await connection.execute(statement)

    service.call(run)


def rows(service: Asking, statement: Any) -> list[Any]:
    async def run() -> list[Any]:
        async with service.parts.database.read() as connection:
            return list(await connection.execute(statement))

    return service.call(run)


def test_a_deleted_case_leaves_a_note_and_nothing_else(service_on_each: Asking) -> None:
    service = service_on_each
    case, other = full_case(service, "A-1"), full_case(service, "A-2")
    before = counted(service, case)
    empty = {name for name, count in before.items() if count == 0}
    assert empty <= {"reviews", "review_queue"}, "the test must fill what it says is emptied"
    assert remove(service, case).status_code == 204
    assert set(counted(service, case).values()) == {0}
    assert counted(service, other) == before
    assert code(service.client.get(f"/v1/cases/{case}", headers=service.police)) == (404, "not_found")
    assert code(remove(service, case)) == (404, "not_found")
    (note,) = rows(service, select(deletions))
    assert (note.case_id, note.reason, note.photos, len(note.manifest_sha256)) == (case, "asked", 2, 64)
    assert note.blobs_gone_ms is not None
    assert {path.split("/")[1] for path in kept(service)} == {other}
    again = service.client.post("/v1/cases", json={"external_id": "A-1"}, headers=service.police)
    assert again.status_code == 201


def test_a_kept_answer_goes_with_its_case(service_on_each: Asking) -> None:
    """Asked again, it is another case: nothing of the one that was deleted is told once more."""
    service = service_on_each
    body = {"external_id": "A-1", "place": "长江路1号", "parties": [{"id": "A", "plate": "皖A12345"}]}
    headers, photo = {**service.police, "Idempotency-Key": "k"}, {"Idempotency-Key": "p"}
    first = service.client.post("/v1/cases", json=body, headers=headers).json()["id"]
    assert service.put(first, "1", jpeg(), **photo).status_code == 201
    assert remove(service, first).status_code == 204
    assert code(service.put(first, "1", jpeg(), **photo)) == (404, "not_found")
    again = service.client.post("/v1/cases", json=body, headers=headers)
    assert again.status_code == 201 and again.json()["id"] != first
    assert service.client.post("/v1/cases", json=body, headers=headers).json() == again.json()


def test_the_same_picture_in_another_case_stays(service: Asking) -> None:
    first, second = service.case("A-1"), service.case("A-2")
    for case in (first, second):
        service.put(case, "1", jpeg())
    service.put(first, "alone", jpeg(7))
    service.work()
    assert len(rows(service, select(facts))) == 2
    assert remove(service, first).status_code == 204
    assert len(rows(service, select(facts))) == 1
    (photo,) = service.photos(second)

    async def read() -> bytes:
        async with service.parts.database.read() as connection:
            organisation = (await connection.execute(select(case_table.c.organisation_id))).scalar_one()
            row = await photos.find(connection, organisation, second, "1")
        assert row is not None
        return await service.parts.blobs.read(original_key(row), photo["sha256"])

    assert service.call(read) == jpeg()


def test_who_may_and_what_may_not(service: Asking) -> None:
    case = service.case()
    service.put(case, "1", jpeg())
    assert code(remove(service, case, service.uploader)) == (403, "forbidden")
    assert code(remove(service, case, service.admin)) == (403, "forbidden")
    assert code(remove(service, case, service.insurer)) == (404, "not_found")
    hold = f"/v1/cases/{case}/legal-hold"
    service.client.put(f"{hold}?held=true", headers=service.police)
    assert code(remove(service, case)) == (409, "legal_hold")
    assert len(service.photos(case)) == 1 and len(kept(service)) == 1
    service.client.put(f"{hold}?held=false", headers=service.police)
    assert remove(service, case).status_code == 204


@pytest.mark.parametrize("point", ["blob_deleted", "blobs_deleted"])
def test_cut_off_while_deleting(service: Asking, point: str, monkeypatch: pytest.MonkeyPatch) -> None:
    case = full_case(service, "A-1")

    async def away(*_: object) -> None:
        raise StoreUnavailableError("the store of originals does not answer")

    with monkeypatch.context() as patch:
        patch.setattr(LocalBlobs, "delete", away)
        assert remove(service, case).status_code == 204  # the rows are gone: it is deleted
    assert len(kept(service)) == 3

    def cut(at: str) -> None:
        if at == point:
            raise CutOffError

    with pytest.raises(CutOffError):
        service.call(sweeper(service, reached=cut).sweep)
    assert [row.blobs_gone_ms for row in rows(service, select(deletions))] == [None]
    service.call(sweeper(service).sweep)
    assert kept(service) == []
    assert all(row.blobs_gone_ms for row in rows(service, select(deletions)))


def test_cases_whose_time_is_up(service_on_each: Asking) -> None:
    service = service_on_each
    ids = {name: service.case(name) for name in ("closed", "open", "held", "young", "new")}
    for case in ids.values():
        service.put(case, "1", jpeg())
    for name in ("closed", "held", "young"):
        service.client.post(f"/v1/cases/{ids[name]}/close", headers=service.police)
    service.client.put(f"/v1/cases/{ids['held']}/legal-hold?held=true", headers=service.police)
    aged = [ids[name] for name in ("closed", "open", "held")]
    older = {"created_ms": case_table.c.created_ms - YEAR_MS, "closed_ms": case_table.c.closed_ms - YEAR_MS}
    change(service, update(case_table).where(case_table.c.id.in_(aged)).values(**older))

    def cut(at: str) -> None:
        if at == "case_deleted":
            raise CutOffError

    for _ in range(2):
        with pytest.raises(CutOffError):
            service.call(sweeper(service, reached=cut).sweep)
    service.call(sweeper(service).sweep)
    left = {row.id for row in rows(service, select(case_table.c.id))}
    assert left == {ids[name] for name in ("held", "young", "new")}
    assert {path.split("/")[1] for path in kept(service)} == left
    notes = rows(service, select(deletions.c.reason, deletions.c.deleted_by))
    assert [tuple(row) for row in notes] == [("retention", "worker")] * 2


def test_without_the_setting_nothing_is_deleted(sqlite_url: str, tmp_path: Path) -> None:
    with asking(sqlite_url, tmp_path) as service:
        service.client.post(f"/v1/cases/{service.case()}/close", headers=service.police)
        change(service, update(case_table).values(created_ms=1, closed_ms=1))
        service.call(sweeper(service).sweep)
        assert len(rows(service, select(case_table))) == 1


def test_uploads_nobody_finished(service: Asking) -> None:
    case, held = service.case(), service.case("A-2")
    for one in (case, held):
        part(service, begun(service, one), b"x" * 10)
    young = begun(service, case)
    service.client.put(f"/v1/cases/{held}/legal-hold?held=true", headers=service.police)
    service.call(sweeper(service).sweep)
    assert len(rows(service, select(uploads))) == 3
    change(service, update(uploads).where(uploads.c.id != young.rpartition("/")[2]).values(expires_ms=1))
    service.call(sweeper(service).sweep)
    left = rows(service, select(uploads.c.case_id).order_by(uploads.c.expires_ms))
    assert [row.case_id for row in left] == [held, case]
    assert [path.split("/")[1] for path in kept(service)] == [held]


def orphan(service: Asking, case: str, name: str = "f" * 64, age_days: float = 0.0) -> None:
    """Bytes whose row was never written."""
    organisation = rows(service, select(case_table.c.organisation_id).limit(1))[0].organisation_id
    path = service.parts.blobs.spool_folder.parent / organisation / case / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(b"orphan")


def aged(monkeypatch: pytest.MonkeyPatch, days: float) -> None:
    """The store's clock says that everything lies there for so many days."""
    now = time.time
    monkeypatch.setattr("service.blobs_local.time.time", lambda: now() + days * 86_400)


def test_orphans_go_when_they_are_old_and_no_others(service: Asking, monkeypatch: pytest.MonkeyPatch) -> None:
    case, held, gone = service.case(), service.case("A-2"), service.case("A-3")
    service.put(case, "1", jpeg())
    part(service, begun(service, case), b"x" * 10)
    service.client.put(f"/v1/cases/{held}/legal-hold?held=true", headers=service.police)
    remove(service, gone)
    for one in (case, held, gone, "0" * 32):
        orphan(service, one)
    orphan(service, case, "uploads/u/0-left")
    everything = kept(service)
    service.call(sweeper(service).sweep_orphans)
    assert kept(service) == everything, "younger than the grace time"
    aged(monkeypatch, 8)
    service.call(sweeper(service).sweep_orphans)
    left = {(path.split("/")[1], path.rpartition("/")[2]) for path in kept(service)}
    assert ({case_id for case_id, name in left if name == "f" * 64}) == {held, "0" * 32}
    assert len([one for one in left if one[0] == case]) == 2  # the photo and the part
    assert service.put(case, "1", jpeg()).status_code == 200


def test_orphans_go_case_by_case(service: Asking, monkeypatch: pytest.MonkeyPatch) -> None:
    """The keys of millions of photos would not fit into a worker's memory."""
    for case in ("A-1", "A-2"):
        orphan(service, service.case(case))
    aged(monkeypatch, 8)
    listed, left = LocalBlobs.stored, list[int]()

    async def counted(blobs: LocalBlobs, folder: str = "") -> AsyncIterator[StoredBlob]:
        async for one in listed(blobs, folder):
            yield one
            left.append(len(kept(service)))  # what was asked for after the first of a case

    monkeypatch.setattr(LocalBlobs, "stored", counted)
    service.call(sweeper(service).sweep_orphans)
    assert left == [2, 1] and kept(service) == []


def test_one_case_that_cannot_be_emptied_keeps_no_other_waiting(
    service: Asking, monkeypatch: pytest.MonkeyPatch
) -> None:
    held, others = full_case(service, "A-1"), [full_case(service, f"A-{n}") for n in range(2, 9)]
    change(service, update(case_table).values(state="closed", closed_ms=1))
    stored = LocalBlobs.stored

    def refused(blobs: LocalBlobs, folder: str = "") -> AsyncIterator[StoredBlob]:
        if folder.endswith(held):
            raise StoreUnavailableError("Input/output error")
        return stored(blobs, folder)

    with monkeypatch.context() as patch:
        patch.setattr(LocalBlobs, "stored", refused)
        service.call(sweeper(service).sweep)
    assert {path.split("/")[1] for path in kept(service)} == {held}
    assert not any(counted(service, case)["photos"] for case in [held, *others])
    gone = dict(rows(service, select(deletions.c.case_id, deletions.c.blobs_gone_ms)))
    assert [case for case, at in gone.items() if at is None] == [held]
    service.call(sweeper(service).sweep)
    assert kept(service) == []


def test_a_store_that_is_away_is_asked_a_few_times_only(service: Asking, monkeypatch: pytest.MonkeyPatch) -> None:
    for number in range(MOST_FAILED + 2):
        full_case(service, f"A-{number}")
    change(service, update(case_table).values(state="closed", closed_ms=1))
    asked = list[str]()

    def away(blobs: LocalBlobs, folder: str = "") -> AsyncIterator[StoredBlob]:
        asked.append(folder)
        raise StoreUnavailableError("away")

    monkeypatch.setattr(LocalBlobs, "stored", away)
    with pytest.raises(StoreUnavailableError):
        service.call(sweeper(service).sweep)
    assert len(asked) == MOST_FAILED


def test_an_orphan_swept_while_its_photo_comes_again(service: Asking, monkeypatch: pytest.MonkeyPatch) -> None:
    """Between the bytes being found there and the row being written, a sweep takes them away: they are kept anew."""
    case = service.case()
    data = jpeg()
    service.put(case, "1", data)
    change(service, text("DELETE FROM jobs"))
    change(service, delete(photo_table))
    aged(monkeypatch, 8)

    async def swept_first(*arguments: Any) -> Any:
        for path in kept(service):
            if "incoming" not in path:
                os.unlink(service.parts.blobs.spool_folder.parent / path)
        return await once(*arguments)

    monkeypatch.setattr("service.api.photos_intake.once", swept_first)
    answer = service.put(case, "1", data)
    assert answer.status_code == 201
    assert [path.rpartition("/")[2] for path in kept(service)] == [answer.json()["sha256"]]


def test_a_process_that_dies_between_bytes_and_row(service: Asking, monkeypatch: pytest.MonkeyPatch) -> None:
    """Nothing was promised: the same photo again is taken in, and what nobody sends again is an orphan."""
    case, everywhere = service.case(), "service.api.photos_intake.once"

    async def dies(*_: Any) -> Any:
        raise StoreUnavailableError("the database does not answer")

    with monkeypatch.context() as patch:
        patch.setattr(everywhere, dies)
        for level in (1, 2):
            assert code(service.put(case, str(level), jpeg(level))) == (503, "store_unavailable")
    assert len(kept(service)) == 2 and service.photos(case) == []
    assert service.put(case, "1", jpeg(1)).status_code == 201
    aged(monkeypatch, 8)
    service.call(sweeper(service).sweep_orphans)
    assert [path.rpartition("/")[2] for path in kept(service)] == [service.photos(case)[0]["sha256"]]


def test_a_worker_whose_case_is_deleted_goes_on(service: Asking) -> None:
    case = service.case()
    service.put(case, "1", jpeg())

    class Deletes:
        """A store from which the case is deleted while its photo is being looked at."""

        async def read(self, key: str, sha256: str) -> bytes:
            data = await service.parts.blobs.read(key, sha256)
            async with service.parts.database.write() as connection:
                organisation = key.partition("/")[0]
                row = await cases.find(connection, organisation, case, lock=True)
                assert row is not None
                await retention.delete_case(connection, row, by="test", reason="asked", manifest_sha256="0")
            return data

    worker = Worker(service.parts.database, Deletes(), Looker(gather, MODEL_SET), "test")  # type: ignore[arg-type]
    with pytest.raises(LeaseLostError):
        service.call(worker.step)
    assert rows(service, select(facts)) == [] and rows(service, select(case_table)) == []
    assert service.call(worker.step) is False


def test_one_worker_sweeps(service_on_each: Asking) -> None:
    service = service_on_each
    database: Database = service.parts.database

    async def claim() -> bool:
        async with database.write() as connection:
            return await retention.claim(connection, "due", 3600)

    async def many() -> list[bool]:
        return await asyncio.gather(*(claim() for _ in range(8)))

    assert sorted(service.call(many)) == [False] * 7 + [True]
    change(service, update(sweeps).values(due_ms=0))
    assert sum(service.call(many)) == 1


def test_sweeping_goes_on_until_stopped(service: Asking) -> None:
    service.client.post(f"/v1/cases/{service.case()}/close", headers=service.police)
    change(service, update(case_table).values(closed_ms=1))
    change(service, update(idempotency_keys).values(created_ms=1))

    async def run() -> None:
        stop = asyncio.Event()
        quick = replace(sweeper(service), settings=service.parts.settings.model_copy(update={"sweep_minutes": 0.001}))
        running = asyncio.create_task(quick.run(stop))
        async with asyncio.timeout(20):
            while True:
                async with service.parts.database.read() as connection:
                    if (await connection.execute(select(func.count()).select_from(case_table))).scalar_one() == 0:
                        break
                await asyncio.sleep(0.05)
        stop.set()
        await asyncio.wait_for(running, 20)

    service.call(run)


def test_what_dead_processes_left_of_uploads(tmp_path: Path) -> None:
    for name, age_s in (("old.part", 100_000), ("new.part", 10), ("other", 100_000)):
        (tmp_path / name).touch()
        os.utime(tmp_path / name, (time.time() - age_s,) * 2)
    clear_spool(tmp_path)
    assert files(tmp_path) == ["new.part", "other"]


def test_every_table_of_cases_is_emptied() -> None:
    """By its foreign key, so that nobody has to think of a new table; what has none is named here."""
    named = {table.name for table in metadata.sorted_tables if "case_id" in table.c}
    assert named - {table.name for table in retention.tables_of_a_case()} == {"deletions"}

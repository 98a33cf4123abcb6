"""The store on both databases: organisations apart, one answer a key, jobs taken once and never lost."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator

import pytest
from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.runtime.migration import MigrationContext
from sqlalchemy import create_engine, text, update
from sqlalchemy.ext.asyncio import AsyncConnection

from service.guard import keys as guard_keys
from service.guard.roles import Role
from service.store import cases, idempotency, jobs, keys, photos
from service.store import migrate as migrations
from service.store.cases import CaseRow, Filters, NewCase
from service.store.database import Database, url_of
from service.store.errors import LeaseLostError, StoreUnavailableError
from service.store.idempotency import Answer, KeyReusedError
from service.store.migrate import is_current, migrate
from service.store.photos import NewPhoto
from service.store.schema import jobs as jobs_table
from service.store.schema import metadata
from tests.postgres import Server
from tests.service_parts import opened as open_with_keys

pytestmark = pytest.mark.anyio


@pytest.fixture
async def database(database_url: str) -> AsyncIterator[Database]:
    opened = open_with_keys(database_url)
    yield opened
    await opened.close()


@pytest.fixture
async def organisation(database: Database) -> str:
    async with database.write() as connection:
        return await keys.add_organisation(connection, "police")


def new_case(external_id: str = "A-1") -> NewCase:
    return NewCase(external_id, "rear_end", None, None, "four-photos", ({"id": "A", "plate": None},))


def new_photo(client_id: str = "1", sha256: str = "aa") -> NewPhoto:
    return NewPhoto(client_id, sha256, 10, "jpeg", "key", None, None)


async def made(connection: AsyncConnection, organisation: str, external_id: str = "A-1") -> CaseRow:
    case = await cases.create(connection, organisation, new_case(external_id))
    assert case is not None
    return case


def test_migrations_make_the_schema(database_url: str) -> None:
    url = url_of(database_url)
    engine = create_engine(url.set(drivername="sqlite") if url.get_backend_name() == "sqlite" else url)
    with engine.connect() as connection:
        assert compare_metadata(MigrationContext.configure(connection), metadata) == []
    engine.dispose()
    migrate(database_url)  # twice is once
    assert is_current(database_url)


def test_answers_of_before_they_said_whose_they_are_go(database_url: str) -> None:
    values = "('o', 'k', 'f', 201, 'sealed', 1)"
    with migrations._connection(database_url) as connection:
        config = migrations._config()
        config.attributes["connection"] = connection
        command.downgrade(config, "0006")
        connection.execute(text("INSERT INTO organisations (id, name, created_ms) VALUES ('o', 'police', 1)"))
        columns = "organisation_id, key, fingerprint, status, answer, created_ms"
        connection.execute(text(f"INSERT INTO idempotency_keys ({columns}) VALUES {values}"))
    migrate(database_url)
    with migrations._connection(database_url) as connection:
        assert compare_metadata(MigrationContext.configure(connection), metadata) == []
        assert connection.execute(text("SELECT count(*) FROM idempotency_keys")).scalar_one() == 0


async def test_a_case_is_another_organisations_nothing(database: Database, organisation: str) -> None:
    async with database.write() as connection:
        other = await keys.add_organisation(connection, "insurer")
        case = await made(connection, organisation)
        assert await cases.create(connection, organisation, new_case()) is None
        assert await cases.create(connection, other, new_case()) is not None
        assert await photos.add(connection, organisation, case.id, new_photo())
    async with database.read() as connection:
        assert await cases.find(connection, organisation, case.id) == case
        assert await cases.find(connection, other, case.id) is None
        assert await photos.find(connection, other, case.id, "1") is None
        assert await photos.of_case(connection, other, case.id) == []
        assert [one.organisation_id for one in await cases.page(connection, other, Filters(), None, 9)] == [other]


async def test_pages_tell_every_case_once(database: Database, organisation: str) -> None:
    async with database.write() as connection:
        wanted = {(await made(connection, organisation, f"A-{number}")).id for number in range(7)}
    told: list[CaseRow] = []
    async with database.read() as connection:
        while page := await cases.page(
            connection, organisation, Filters(), (told[-1].created_ms, told[-1].id) if told else None, 3
        ):
            told += page
    assert len(told) == 7 and {one.id for one in told} == wanted


async def test_fifty_at_once_with_one_key_work_once(database: Database, organisation: str) -> None:
    worked = 0

    async def ask(fingerprint: str = "body") -> Answer:
        nonlocal worked
        async with database.write() as connection:

            async def work() -> Answer:
                nonlocal worked
                worked += 1
                return Answer(201, {"case": (await made(connection, organisation)).id})

            return await idempotency.once(connection, organisation, "key", fingerprint, work)

    answers = await asyncio.gather(*(ask() for _ in range(50)))
    assert worked == 1 and len({str(answer) for answer in answers}) == 1
    with pytest.raises(KeyReusedError):
        await ask("another body")


async def test_work_that_fails_leaves_its_key_free(database: Database, organisation: str) -> None:
    async def broken() -> Answer:
        raise StoreUnavailableError("no")

    async def works() -> Answer:
        return Answer(200, {})

    with pytest.raises(StoreUnavailableError):
        async with database.write() as connection:
            await idempotency.once(connection, organisation, "key", "f", broken)
    async with database.write() as connection:
        assert await idempotency.once(connection, organisation, "key", "g", works) == Answer(200, {})


async def test_a_job_is_taken_by_one_at_a_time(database: Database, organisation: str) -> None:
    async with database.write() as connection:
        case = await made(connection, organisation)
        for number in range(8):
            await photos.add(connection, organisation, case.id, new_photo(str(number)))

    async def take(worker: str) -> jobs.Job | None:
        async with database.write() as connection:
            return await jobs.take(connection, worker, lease_s=30)

    taken = await asyncio.gather(*(take(str(number)) for number in range(12)))
    ids = [job.id for job in taken if job is not None]
    assert len(ids) == len(set(ids)) == 8


async def test_who_lost_the_lease_writes_nothing(database: Database, organisation: str) -> None:
    async with database.write() as connection:
        case = await made(connection, organisation)
        await photos.add(connection, organisation, case.id, new_photo())
        slow = await jobs.take(connection, "slow", lease_s=0)
        quick = await jobs.take(connection, "quick", lease_s=30)
        assert slow is not None and quick is not None
        assert (slow.id, slow.attempts, quick.attempts) == (quick.id, 1, 2)

    async def finish_late(job: jobs.Job) -> None:
        async with database.write() as connection:
            await cases.close(connection, organisation, case.id)
            await jobs.finish(connection, job)

    with pytest.raises(LeaseLostError):
        await finish_late(slow)
    async with database.write() as connection:
        found = await cases.find(connection, organisation, case.id)
        assert found is not None and found.state == cases.OPEN
        await jobs.finish(connection, quick)
        assert await jobs.take(connection, "quick", lease_s=30) is None


async def test_a_lease_returned_is_due_at_once_and_no_attempt(database: Database, organisation: str) -> None:
    async with database.write() as connection:
        case = await made(connection, organisation)
        await photos.add(connection, organisation, case.id, new_photo())
        first = await jobs.take(connection, "a", lease_s=30)
        assert first is not None and await jobs.take(connection, "b", lease_s=30) is None
        await jobs.give_back(connection, first)
        again = await jobs.take(connection, "b", lease_s=30)
        assert again is not None and (again.attempts, again.fence) == (1, 2)


async def test_one_assessment_waits_however_often_a_case_changes(database: Database, organisation: str) -> None:
    async with database.write() as connection:
        case = await made(connection, organisation)
        for _ in range(3):
            await cases.changed(connection, organisation, case.id)
        running = await jobs.take(connection, "a", lease_s=30)
        assert running is not None and await jobs.take(connection, "b", lease_s=30) is None
        # One that has begun may have read what was there before: the next change needs another.
        await cases.changed(connection, organisation, case.id)
        assert await jobs.take(connection, "b", lease_s=30) is not None


async def test_a_job_set_aside_is_told(database: Database, organisation: str) -> None:
    async with database.write() as connection:
        case = await made(connection, organisation)
        await photos.add(connection, organisation, case.id, new_photo())
        job = await jobs.take(connection, "a", lease_s=30)
        assert job is not None and job.photo_id is not None
        assert await jobs.open_photos(connection, organisation, case.id) == {job.photo_id}
        await jobs.fail(connection, job, "bad_model")
        assert await jobs.failed_photos(connection, organisation, case.id) == {job.photo_id: "bad_model"}
        assert not await jobs.is_open(connection, organisation, case.id)


async def test_a_key_is_found_and_can_be_revoked(database: Database, organisation: str) -> None:
    new = guard_keys.make()
    async with database.write() as connection:
        assert not await keys.any_key(connection)
        await keys.add(connection, organisation, new, "first", Role.OFFICER)
        stored, now = await keys.find(connection, new.prefix)
        assert guard_keys.verify(new.text, stored, now).organisation == organisation
        assert await keys.revoke(connection, organisation, new.prefix)
        assert not await keys.revoke(connection, organisation, new.prefix)
        stored, _ = await keys.find(connection, new.prefix)
        assert stored is not None and stored.revoked_at is not None


async def test_the_clock_is_the_databases(database: Database, organisation: str) -> None:
    async with database.write() as connection:
        case = await made(connection, organisation)
        await cases.changed(connection, organisation, case.id)
        await connection.execute(update(jobs_table).values(due_ms=jobs_table.c.due_ms + 60_000))
        assert await jobs.take(connection, "a", lease_s=30) is None


async def test_a_database_that_is_away_is_told_as_such() -> None:
    away = Database("postgresql://nobody@127.0.0.1:9/none")
    with pytest.raises(StoreUnavailableError):
        async with away.read() as connection:
            await keys.any_key(connection)
    await away.close()


async def test_a_database_that_takes_no_writes_is_away(postgresql_server: Server, postgresql_template: str) -> None:
    """After a failover, where the address leads to the copy for a while."""
    url = postgresql_server.create("read_only", postgresql_template)
    opened = open_with_keys(f"{url}&options=-c%20default_transaction_read_only%3Don")
    try:
        with pytest.raises(StoreUnavailableError):
            async with opened.write() as connection:
                await keys.add_organisation(connection, "police")
    finally:
        await opened.close()

"""PostgreSQL stopped hard ten times, each time during recovery too; a photo of which two workers died."""

from __future__ import annotations

import asyncio
import multiprocessing
from pathlib import Path

import pytest

from service.blobs_local import LocalBlobs
from service.job_steps import Looker
from service.store import assessments, cases, keys
from service.store.assessments import AssessmentRow
from service.store.cases import NewCase
from service.store.migrate import migrate
from service.worker import Worker
from tests.integration.test_service_survives import survived
from tests.postgres import server
from tests.service_parts import MODEL_SET, gather, jpeg, opened, upload, work_and_die

ROUNDS = 10
HEALTHY_S = 10.0
LEASE_S = 1.0


def test_a_database_that_is_stopped_hard(tmp_path: Path) -> None:
    with server() as postgresql:
        if postgresql is None:
            pytest.skip("no PostgreSQL here: apt-get install postgresql")
        url = postgresql.create("hard")
        migrate(url)
        storm, took = asyncio.run(survived(postgresql, url, tmp_path, ROUNDS))
    print(f"{len(storm.acknowledged)} uploads kept, answers {dict(storm.statuses)}, going on after {max(took):.1f} s")
    assert set(storm.statuses) <= {200, 201, 503} and max(took) <= HEALTHY_S


def test_a_photo_that_kills_two_workers_is_quarantined(database_url: str, tmp_path: Path) -> None:
    async def prepare() -> tuple[str, str]:
        database = opened(database_url)
        async with database.write() as connection:
            owner = await keys.add_organisation(connection, "police")
            case = await cases.create(connection, owner, NewCase("A", None, None, None, "four-photos", ()))
        assert case is not None
        await upload(database, LocalBlobs(tmp_path), owner, case.id, "a.jpg", jpeg())
        await database.close()
        return owner, case.id

    async def after(owner: str, case_id: str) -> AssessmentRow | None:
        database = opened(database_url)
        worker = Worker(database, LocalBlobs(tmp_path), Looker(gather, MODEL_SET), "heir", LEASE_S)
        await asyncio.sleep(LEASE_S + 0.1)
        while await worker.step():
            pass
        async with database.read() as connection:
            row = await assessments.latest(connection, owner, case_id)
        await database.close()
        return row

    owner, case_id = asyncio.run(prepare())
    for _ in range(2):
        child = multiprocessing.get_context("forkserver").Process(
            target=work_and_die, args=(database_url, tmp_path, "seen", LEASE_S)
        )
        child.start()
        child.join(120)
        assert child.exitcode == -9
    row = asyncio.run(after(owner, case_id))
    assert row is not None and row.body["photos"][0]["error"] == "quarantined"

"""A worker killed at a named point of its job, and another that takes up what it left."""

from __future__ import annotations

import asyncio
import multiprocessing
import signal
import time
from dataclasses import dataclass
from pathlib import Path

from sqlalchemy import func, select

from service.blobs_local import LocalBlobs
from service.guard.webhooks.payload import Event
from service.job_steps import Looker
from service.store import assessments, cases, jobs, keys, webhooks
from service.store.assessments import AssessmentRow
from service.store.cases import NewCase
from service.store.schema import facts as facts_table
from service.store.schema import jobs as jobs_table
from service.store.schema_webhooks import webhook_messages
from service.worker import Worker
from tests.service_parts import MODEL_SET, gather, jpeg, opened, upload, work_and_die

POINTS = ("taken", "read", "seen", "kept", "looked", "judged", "assessed")
"""A job is taken; bytes read; pixels looked at; facts written, not committed; committed; case judged; assessment
written, not committed."""
PHOTOS = 2
PATIENCE_S = 60.0
"""Of a busy machine, beyond the lease."""


@dataclass(frozen=True, slots=True)
class Heir:
    """How it went on. ``took_s``: from the kill until nothing was left to do."""

    took_s: float
    rows: list[AssessmentRow]
    facts: int
    job_states: set[str]
    messages: int

    def check(self) -> None:
        """Nothing lost, nothing done twice that anybody sees."""
        assert (self.facts, self.job_states) == (PHOTOS, {"done"})
        states = {photo["client_id"]: photo["state"] for photo in self.rows[0].body["photos"]}
        assert states == {f"{number}.jpg": "seen" for number in range(PHOTOS)}
        assert len({row.revision for row in self.rows}) == len(self.rows) == self.messages


async def _prepared(url: str, folder: Path) -> tuple[str, str]:
    database, blobs = opened(url), LocalBlobs(folder)
    async with database.write() as connection:
        organisation = await keys.add_organisation(connection, "police")
        case = await cases.create(connection, organisation, NewCase("A", None, None, None, "four-photos", ()))
        await webhooks.add(connection, organisation, "https://example.org/", "", (), "whsec_" + "A" * 32)
    assert case is not None
    for number in range(PHOTOS):
        await upload(database, blobs, organisation, case.id, f"{number}.jpg", jpeg(number))
    await database.close()
    return organisation, case.id


async def _taken_up(url: str, folder: Path, organisation: str, case_id: str, lease_s: float) -> Heir:
    database, began = opened(url), time.monotonic()
    worker = Worker(database, LocalBlobs(folder), Looker(gather, MODEL_SET), "heir", lease_s)
    while time.monotonic() < began + lease_s + PATIENCE_S:
        if not await worker.step():
            async with database.read() as connection:
                if not await jobs.is_open(connection, organisation, case_id):
                    break
            await asyncio.sleep(0.05)
    took_s = time.monotonic() - began
    told = select(func.count()).where(webhook_messages.c.event == Event.ASSESSMENT_UPDATED)
    async with database.read() as connection:
        rows = await assessments.page(connection, organisation, case_id, None, 99)
        kept = (await connection.execute(select(func.count()).select_from(facts_table))).scalar_one()
        states = set((await connection.execute(select(jobs_table.c.state).distinct())).scalars())
        messages = (await connection.execute(told)).scalar_one()
    await database.close()
    return Heir(took_s, rows, kept, states, messages)


def killed_at(point: str, url: str, folder: Path, lease_s: float) -> Heir:
    """Kills a worker at ``point`` and lets another go on."""
    organisation, case_id = asyncio.run(_prepared(url, folder))
    context = multiprocessing.get_context("forkserver")
    context.set_forkserver_preload(["tests.service_parts"])
    child = context.Process(target=work_and_die, args=(url, folder, point, lease_s))
    child.start()
    child.join(PATIENCE_S)
    assert child.exitcode == -signal.SIGKILL
    return asyncio.run(_taken_up(url, folder, organisation, case_id, lease_s))

"""Jobs as a lease table in the same database as what they work on.

A job is taken for the length of a lease and renewed while it runs; one that nobody renews is due again. Each taking
raises the job's fence, and what is done for a job is written in one transaction with `finish`, which asks for that
fence: whoever lost the lease keeps nothing. All times are the database's.
"""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import ColumnElement, and_, exists, func, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from service.guard import logs, spans
from service.store.database import insert_new, now_ms
from service.store.errors import LeaseLostError
from service.store.schema import jobs

QUEUED, RUNNING, DONE, FAILED = "queued", "running", "done", "failed"
FACTS, ASSESS = "facts", "assess"


@dataclass(frozen=True, slots=True)
class Job:
    id: int
    organisation_id: str
    kind: str
    case_id: str
    photo_id: str | None
    attempts: int
    """This one counted."""
    fence: int
    unended: int
    """How often it was taken up and nobody told how it ended, this time included: all but one were crashes."""
    request_id: str | None
    """The request that it answers."""
    traceparent: str | None
    """The span that asked for it."""


async def add_facts(connection: AsyncConnection, organisation: str, case_id: str, photo_id: str) -> None:
    """Asks for the facts of a photo."""
    await _add(connection, organisation, FACTS, case_id, photo_id)


async def add_assess(connection: AsyncConnection, organisation: str, case_id: str) -> None:
    """Asks for an assessment of the case, unless one is waiting that nobody has begun."""
    await _add(connection, organisation, ASSESS, case_id, None)


async def take(connection: AsyncConnection, worker: str, lease_s: float) -> Job | None:
    """The job that is due longest, leased to ``worker``; null where none is due."""
    due = select(jobs.c.id).where(jobs.c.finished_ms.is_(None), jobs.c.due_ms <= now_ms())
    oldest = due.order_by(jobs.c.due_ms, jobs.c.id).limit(1).with_for_update(skip_locked=True)
    job_id = (await connection.execute(oldest)).scalar_one_or_none()
    if job_id is None:
        return None
    statement = update(jobs).where(jobs.c.id == job_id)
    taken = statement.values(
        state=RUNNING,
        worker=worker,
        due_ms=_after(lease_s),
        attempts=jobs.c.attempts + 1,
        unended=jobs.c.unended + 1,
        fence=jobs.c.fence + 1,
    ).returning(*(jobs.c[name] for name in Job.__dataclass_fields__))
    return Job(*(await connection.execute(taken)).one())


async def renew(connection: AsyncConnection, job: Job, lease_s: float) -> None:
    """Keeps the lease for another while. Raises `LeaseLostError`."""
    await _held(connection, job, due_ms=_after(lease_s))


async def finish(connection: AsyncConnection, job: Job) -> None:
    """Done; to be called in the transaction that writes the result. Raises `LeaseLostError`."""
    await _held(connection, job, state=DONE, finished_ms=now_ms(), error=None)


async def give_back(connection: AsyncConnection, job: Job) -> None:
    """Not begun in earnest: due at once, and not counted as an attempt. Raises `LeaseLostError`."""
    counts = {"attempts": jobs.c.attempts - 1, "unended": jobs.c.unended - 1}
    await _held(connection, job, due_ms=now_ms(), worker=None, **counts)


async def put_off(connection: AsyncConnection, job: Job, error: str, wait_s: float, *, counted: bool = True) -> None:
    """Failed this time, due again later. Raises `LeaseLostError`."""
    attempts = jobs.c.attempts if counted else jobs.c.attempts - 1
    counts = {"attempts": attempts, "unended": jobs.c.unended - 1}
    await _held(connection, job, due_ms=_after(wait_s), error=error, worker=None, **counts)


async def lived(connection: AsyncConnection, job: Job) -> None:
    """Who lost the lease to another lives: that taking was no crash. Nothing where nobody has taken it up since."""
    moved = and_(jobs.c.id == job.id, jobs.c.fence > job.fence, jobs.c.unended > 0)
    await connection.execute(update(jobs).where(moved).values(unended=jobs.c.unended - 1))


async def fail(connection: AsyncConnection, job: Job, error: str) -> None:
    """Set aside for good. Raises `LeaseLostError`."""
    await _held(connection, job, state=FAILED, finished_ms=now_ms(), error=error)


async def failed_photos(connection: AsyncConnection, organisation: str, case_id: str) -> dict[str, str]:
    """Photo id to the error of those photos whose last job was set aside."""
    mine = and_(jobs.c.organisation_id == organisation, jobs.c.case_id == case_id, jobs.c.kind == FACTS)
    statement = select(jobs.c.photo_id, jobs.c.state, jobs.c.error).where(mine).order_by(jobs.c.id)
    last = {photo: (state, error) for photo, state, error in await connection.execute(statement)}
    return {photo: error for photo, (state, error) in last.items() if state == FAILED}


async def open_photos(connection: AsyncConnection, organisation: str, case_id: str) -> set[str]:
    """Ids of photos that somebody is going to look at or is looking at."""
    mine = and_(jobs.c.organisation_id == organisation, jobs.c.case_id == case_id, jobs.c.kind == FACTS)
    return set((await connection.execute(select(jobs.c.photo_id).where(mine, jobs.c.finished_ms.is_(None)))).scalars())


async def is_open(connection: AsyncConnection, organisation: str, case_id: str) -> bool:
    """Whether any job of the case is not finished."""
    mine = and_(jobs.c.organisation_id == organisation, jobs.c.case_id == case_id, jobs.c.finished_ms.is_(None))
    return bool((await connection.execute(select(exists().where(mine)))).scalar_one())


async def oldest_wait_ms(connection: AsyncConnection) -> int | None:
    """For how long the oldest due job has been due; null where none is."""
    statement = select(now_ms() - func.min(jobs.c.due_ms)).where(
        jobs.c.finished_ms.is_(None), jobs.c.due_ms <= now_ms()
    )
    return (await connection.execute(statement)).scalar_one_or_none()


async def depth(connection: AsyncConnection) -> dict[str, int]:
    """How many jobs of each kind are not finished, of all organisations."""
    statement = select(jobs.c.kind, func.count()).where(jobs.c.finished_ms.is_(None)).group_by(jobs.c.kind)
    return {row[0]: row[1] for row in await connection.execute(statement)}


async def _add(connection: AsyncConnection, organisation: str, kind: str, case_id: str, photo_id: str | None) -> None:
    values = {"organisation_id": organisation, "kind": kind, "case_id": case_id, "photo_id": photo_id}
    followed = {"request_id": logs.followed(), "traceparent": spans.traceparent()}
    fresh = {"due_ms": now_ms(), "created_ms": now_ms(), "state": QUEUED, "attempts": 0, "fence": 0}
    await insert_new(connection, jobs, {**values, **followed, **fresh})


async def _held(connection: AsyncConnection, job: Job, **values: object) -> None:
    # What was put off or given back is nobody's, so that doing so again, after an answer was lost, counts once.
    held = and_(jobs.c.state == RUNNING, jobs.c.worker.is_not(None))
    mine = and_(jobs.c.id == job.id, jobs.c.fence == job.fence, held)
    if (await connection.execute(update(jobs).where(mine).values(**values))).rowcount != 1:
        raise LeaseLostError(f"job {job.id} was taken up by another worker")


def _after(seconds: float) -> ColumnElement[int]:
    return now_ms() + int(seconds * 1000)

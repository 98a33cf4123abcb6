"""Which workers are there: each says so every few seconds once its models are warm."""

from __future__ import annotations

import socket

from sqlalchemy import delete, func, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from service.store.database import insert_new, now_ms
from service.store.schema import workers

SILENT_MS = 15_000
FORGOTTEN_MS = 24 * 3600 * 1000


def named(pid: int) -> str:
    """How the names of workers of a process of this machine begin."""
    return f"{socket.gethostname()}-{pid}-"


async def seen(connection: AsyncConnection, worker: str, model_set: str) -> None:
    """Says that the worker lives; rows of those long gone are swept."""
    if not await insert_new(connection, workers, {"id": worker, "model_set": model_set, "seen_ms": now_ms()}):
        await connection.execute(update(workers).where(workers.c.id == worker).values(seen_ms=now_ms()))
    await connection.execute(delete(workers).where(workers.c.seen_ms < now_ms() - FORGOTTEN_MS))


async def gone(connection: AsyncConnection, worker: str) -> None:
    """The worker stops."""
    await connection.execute(delete(workers).where(workers.c.id == worker))


async def died(connection: AsyncConnection, beginning: str) -> None:
    """Workers whose names begin so will not be heard of again."""
    await connection.execute(delete(workers).where(workers.c.id.startswith(beginning, autoescape=True)))


async def alive(connection: AsyncConnection) -> int:
    """How many workers were heard of lately."""
    lately = select(func.count()).select_from(workers).where(workers.c.seen_ms >= now_ms() - SILENT_MS)
    return int((await connection.execute(lately)).scalar_one())

"""What the web process asks the database every few seconds, so that a scrape finds it: the queue, the workers."""

from __future__ import annotations

import asyncio

from service import metrics
from service.store import jobs, webhook_deliveries, workers
from service.store.database import Database
from service.store.errors import StorageFullError, StoreUnavailableError

EVERY_S = 5.0
SILENT_S = 10.0


async def follow(database: Database) -> None:
    """Until cancelled. A database that is away, or says nothing, is told, and asked again."""
    while True:
        await _asked(database)
        await asyncio.sleep(EVERY_S)


async def _asked(database: Database) -> None:
    """Tells whether it answers: at once if it refuses, and after `SILENT_S` if its machine has gone without a word.

    The question stays open then: a connection given up half way would be of no use to who has it next.
    """
    asked = asyncio.create_task(look(database))
    try:
        answered, _ = await asyncio.wait({asked}, timeout=SILENT_S)
        if not answered:
            metrics.DATABASE_UP.set(0)
        await asked
        metrics.DATABASE_UP.set(1)
    except (StoreUnavailableError, StorageFullError):
        metrics.DATABASE_UP.set(0)
    finally:
        asked.cancel()
        await asyncio.wait({asked})


async def look(database: Database) -> None:
    """Sets the gauges once. Raises `StoreUnavailableError`."""
    async with database.read() as connection:
        depth = await jobs.depth(connection)
        waited = await jobs.oldest_wait_ms(connection)
        alive = await workers.alive(connection)
        undelivered = await webhook_deliveries.oldest_wait_ms(connection)
    for kind in (jobs.FACTS, jobs.ASSESS):
        metrics.DEPTH.labels(kind).set(depth.get(kind, 0))
    metrics.AGE.set((waited or 0) / 1000)
    metrics.WORKERS.set(alive)
    metrics.WEBHOOK_LAG.set((undelivered or 0) / 1000)

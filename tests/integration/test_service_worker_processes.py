"""A worker process of `serve` that dies: `/ready` knows at once, and another is started."""

from __future__ import annotations

import asyncio
import subprocess
import sys
import time

import pytest

from service import worker_processes
from service.settings import Settings
from service.store import workers
from service.worker_processes import WorkerProcesses
from tests.service_parts import opened

PATIENCE_S = 60.0


class Sleepers(WorkerProcesses):
    """Processes that do nothing."""

    def _start(self, number: int) -> subprocess.Popen[bytes]:
        return subprocess.Popen([sys.executable, "-c", "import time; time.sleep(600)"])

    @property
    def all(self) -> list[subprocess.Popen[bytes]]:
        return self._processes


def test_a_dead_worker_is_ready_no_more(database_url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(worker_processes, "_RESTART_S", 0.5)
    monkeypatch.setattr(workers, "SILENT_MS", 600_000)

    async def say(*names: str) -> None:
        database = opened(database_url)
        async with database.write() as connection:
            for name in names:
                await workers.seen(connection, name, "models")
        await database.close()

    async def alive() -> int:
        database = opened(database_url)
        async with database.read() as connection:
            count = await workers.alive(connection)
        await database.close()
        return count

    processes = Sleepers(Settings(database_url=database_url, workers=2))
    with processes:
        first, second = processes.all
        asyncio.run(say(*(f"{workers.named(one.pid)}0" for one in processes.all), f"{workers.named(1)}elsewhere"))
        assert asyncio.run(alive()) == 3
        first.kill()
        began = time.monotonic()
        while processes.all[0] is first:
            assert time.monotonic() < began + PATIENCE_S
            time.sleep(0.05)
        assert asyncio.run(alive()) == 2 and second.poll() is None and processes.all[0].poll() is None
    assert [one.wait(PATIENCE_S) for one in processes.all] == [-15, -15]

"""The workers that `serve` starts: processes of their own, started again when they die, ended in order."""

from __future__ import annotations

import asyncio
import os
import subprocess
import sys
import threading
from contextlib import suppress

import structlog

from service.settings import PREFIX, Settings, environment_of
from service.store import workers
from service.store.database import Database
from service.store.errors import StorageFullError, StoreUnavailableError

_log = structlog.get_logger()
_LOOK_S, _RESTART_S, _END_S = 0.2, 2.0, 30.0


class WorkerProcesses:
    """Worker processes that are started again when they die; that one did, `/ready` knows at once."""

    def __init__(self, settings: Settings) -> None:
        self._settings = settings
        self._processes = [self._start(number) for number in range(settings.workers)]
        self._stopping = threading.Event()
        self._watch = threading.Thread(target=self._restart_dead, daemon=True)

    def __enter__(self) -> None:
        self._watch.start()

    def __exit__(self, *_: object) -> None:
        self._stopping.set()
        self._watch.join()
        for process in self._processes:
            process.terminate()
        for process in self._processes:
            try:
                process.wait(_END_S)
            except subprocess.TimeoutExpired:
                process.kill()  # its job is due again when the lease ends
                process.wait()

    def _start(self, number: int) -> subprocess.Popen[bytes]:
        # A session of its own: Ctrl-C at the terminal reaches us, and we end the workers in order.
        command = [sys.executable, "-m", "service.serve"]
        environment = {**os.environ, **environment_of(self._settings)}
        if self._settings.metrics_port:
            environment[PREFIX + "METRICS_PORT"] = str(self._settings.metrics_port + 1 + number)
        return subprocess.Popen(command, env=environment, start_new_session=True)

    def _restart_dead(self) -> None:
        while not self._stopping.wait(_LOOK_S):
            for number, process in enumerate(self._processes):
                if process.poll() is not None:
                    _log.error("worker.died", status=process.returncode)
                    _forget(self._settings, process.pid)
                    if self._stopping.wait(_RESTART_S):
                        return
                    self._processes[number] = self._start(number)


def _forget(settings: Settings, pid: int) -> None:
    async def forget() -> None:
        database = Database(settings.database)
        try:
            async with database.write() as connection:
                await workers.died(connection, workers.named(pid))
        finally:
            await database.close()

    with suppress(StoreUnavailableError, StorageFullError):  # then it is not ready either
        asyncio.run(forget())

"""A PostgreSQL server of the tests' own, durable as in production, that can be stopped as hard as a power cut."""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import psycopg

ACCOUNT = "postgres"
"""PostgreSQL refuses to run as root; Debian's package makes this account."""


def programs() -> Path | None:
    """The folder of initdb and pg_ctl, newest version first."""
    found = sorted(Path("/usr/lib/postgresql").glob("*/bin/initdb"), key=lambda path: -int(path.parts[-3]))
    on_path = shutil.which("initdb")
    return found[0].parent if found else Path(on_path).resolve().parent if on_path else None


@dataclass(frozen=True, slots=True)
class Server:
    """``folder`` holds its socket and its data."""

    folder: Path
    programs: Path

    def url(self, name: str) -> str:
        return f"postgresql://{ACCOUNT}@/{name}?host={self.folder}"

    def create(self, name: str, template: str = "template1") -> str:
        """A new database; its URL."""
        with self._connected() as connection:
            connection.execute(f'CREATE DATABASE "{name}" TEMPLATE "{template}"'.encode())
        return self.url(name)

    def make(self, *options: Any) -> None:
        """Its files; ``options`` of initdb."""
        self._run("initdb", "-D", self.data, "-A", "trust", "-U", ACCOUNT, "--no-sync", *options)

    def start(self, *, wait: bool = True) -> None:
        options = f"-c listen_addresses='' -k {self.folder} -c max_connections=100"
        command = ["-D", self.data, "-w" if wait else "-W", "-t", "120", "-o", options, "-l", self.log]
        self._run("pg_ctl", *command, "start")

    def stop_hard(self) -> None:
        """Without a checkpoint, whatever it is doing: the next start has to recover."""
        self._run("pg_ctl", "-D", self.data, "-m", "immediate", "stop")

    def stop_in_recovery(self) -> bool:
        """Starts what was stopped hard and stops it hard again while it recovers; false where it was too quick."""
        before = self.log.stat().st_size
        self.start(wait=False)
        for _ in range(10_000):
            told = self.log.read_bytes()[before:]
            if b"redo starts" in told or b"ready to accept" in told:
                break
            time.sleep(0.002)
        self._freeze_recovery()
        self.stop_hard()
        told = self.log.read_bytes()[before:]
        return b"redo starts" in told and b"redo done" not in told and b"immediate shutdown" in told

    def _freeze_recovery(self) -> None:
        """Holds the process that recovers where it is: on a busy machine it would be done before `pg_ctl` has begun.

        PostgreSQL kills what does not answer an immediate stop after five seconds.
        """
        server = (self.data / "postmaster.pid").read_text().split("\n", 1)[0]
        for folder in Path("/proc").glob("[0-9]*"):
            with suppress(OSError):  # of another's process, or one that has just ended
                parent = (folder / "stat").read_text().rsplit(")", 1)[1].split()[1]
                if parent == server and b"startup" in (folder / "cmdline").read_bytes():
                    os.kill(int(folder.name), signal.SIGSTOP)

    def give_work_to_recovery(self, megabytes: int) -> None:
        """Writes so much to the log, which a start after a hard stop has to go through."""
        rows = "INSERT INTO ballast SELECT repeat(md5(i::text), 32) FROM generate_series(1, %s) i"
        with self._connected() as connection:
            connection.execute("CREATE TABLE IF NOT EXISTS ballast (x text)")
            connection.execute("TRUNCATE ballast")
            connection.execute("CHECKPOINT")
            connection.execute(rows, (megabytes * 1000,))

    def is_running(self) -> bool:
        status: list[str | Path] = [self.programs / "pg_ctl", "-D", self.data, "status"]
        return subprocess.run(status, user=self._user, cwd=self.folder, stdout=subprocess.DEVNULL).returncode == 0

    def start_again(self) -> None:
        """As who runs it would after it stopped by itself, which may take it a moment."""
        for _ in range(600):
            if self.is_running() and self._answers():
                return
            if not self.is_running():
                with suppress(subprocess.CalledProcessError):
                    self.start()
            time.sleep(0.1)
        raise AssertionError("PostgreSQL does not start")

    def _answers(self) -> bool:
        with suppress(psycopg.OperationalError), self._connected() as connection:
            return connection.execute("SELECT 1").fetchone() is not None
        return False

    def _connected(self) -> psycopg.Connection[Any]:
        return psycopg.connect(host=str(self.folder), user=ACCOUNT, dbname="postgres", autocommit=True)

    @property
    def data(self) -> Path:
        return self.folder / "data"

    @property
    def log(self) -> Path:
        return self.folder / "log"

    @property
    def _user(self) -> str | None:
        return ACCOUNT if os.geteuid() == 0 else None

    def _run(self, program: str, *arguments: Any) -> None:
        command = [self.programs / program, *arguments]
        subprocess.run(command, user=self._user, cwd=self.folder, check=True, stdout=subprocess.DEVNULL)


@contextmanager
def server() -> Iterator[Server | None]:
    """A running one; null where PostgreSQL is not installed."""
    there = programs()
    if there is None:
        yield None
        return
    with tempfile.TemporaryDirectory(prefix="pg") as name:
        made = Server(Path(name), there)
        if os.geteuid() == 0:
            shutil.chown(name, ACCOUNT)
        made.make()
        made.start()
        try:
            yield made
        finally:
            made.stop_hard()

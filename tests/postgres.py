"""A PostgreSQL server of the tests' own, durable as in production, that can be stopped as hard as a power cut."""

from __future__ import annotations

import os
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

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
        import psycopg

        with psycopg.connect(host=str(self.folder), user=ACCOUNT, dbname="postgres", autocommit=True) as connection:
            connection.execute(f'CREATE DATABASE "{name}" TEMPLATE "{template}"'.encode())
        return self.url(name)

    def make(self) -> None:
        """Its files."""
        self._run("initdb", "-D", self._data, "-A", "trust", "-U", ACCOUNT, "--no-sync")

    def start(self, *, wait: bool = True) -> None:
        options = f"-c listen_addresses='' -k {self.folder} -c max_connections=100"
        command = ["-D", self._data, "-w" if wait else "-W", "-t", "120", "-o", options, "-l", self.folder / "log"]
        self._run("pg_ctl", *command, "start")

    def stop_hard(self) -> None:
        """Without a checkpoint, whatever it is doing: the next start has to recover."""
        self._run("pg_ctl", "-D", self._data, "-m", "immediate", "stop")

    @property
    def _data(self) -> Path:
        return self.folder / "data"

    def _run(self, program: str, *arguments: Any) -> None:
        user = ACCOUNT if os.geteuid() == 0 else None
        subprocess.run(
            [self.programs / program, *arguments], user=user, cwd=self.folder, check=True, stdout=subprocess.DEVNULL
        )


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

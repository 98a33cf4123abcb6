"""`kuaizheng serve` that is told to stop while somebody follows a case: it ends the stream, and signs the audit log."""

from __future__ import annotations

import os
import re
import signal
import socket
import sqlite3
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

import httpx2

PATIENCE_S = 90.0


@contextmanager
def serving(folder: Path) -> Iterator[tuple[subprocess.Popen[str], httpx2.Client]]:
    """The process, and a client with its first key."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    told = {"DATA_FOLDER": str(folder), "WORKERS": "0", "PORT": str(port)}
    environment = {**os.environ, **{f"KUAIZHENG_{name}": value for name, value in told.items()}}
    command = [sys.executable, "-m", "service.cli", "serve"]
    with subprocess.Popen(command, env=environment, stdout=subprocess.PIPE, text=True) as process:
        try:
            assert process.stdout is not None
            (key,) = re.findall(r"kz_\w+", process.stdout.readline())
            headers = {"Authorization": f"Bearer {key}"}
            with httpx2.Client(base_url=f"http://127.0.0.1:{port}", headers=headers, timeout=PATIENCE_S) as client:
                wait_for(client)
                yield process, client
        finally:
            process.kill()


def wait_for(client: httpx2.Client) -> None:
    began = time.monotonic()
    while True:
        try:
            client.get("/health")
        except httpx2.TransportError:
            assert time.monotonic() < began + PATIENCE_S
            time.sleep(0.1)
        else:
            return


def one(folder: Path, question: str) -> int:
    with closing(sqlite3.connect(folder / "kuaizheng.db")) as connection:
        return int(connection.execute(question).fetchone()[0])


def test_a_stream_does_not_keep_it(tmp_path: Path) -> None:
    with serving(tmp_path) as (process, client):
        case = client.post("/v1/cases", json={"external_id": "A-1"}).json()["id"]
        with client.stream("GET", f"/v1/cases/{case}/stream") as events:
            assert events.status_code == 200
            process.send_signal(signal.SIGTERM)
            assert events.read() == b""  # ended in order, not broken off
            assert process.wait(PATIENCE_S) == 0
    signed = one(tmp_path, "SELECT max(sequence) FROM audit_checkpoints")
    assert signed == one(tmp_path, "SELECT max(sequence) FROM audit_records") > 0

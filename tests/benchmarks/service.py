"""Accepted uploads a second of a 4 MB JPEG: ``python -m tests.benchmarks.service`` (``make bench-service``).

A real web process (`kuaizheng serve` without workers) and a client process that sends from several connections at
once, both on this machine, each upload other bytes; on SQLite and, where it is installed, PostgreSQL. Wanted on two
cores: SQLite 20 a second, PostgreSQL 40, 95 % within 300 ms.
"""

from __future__ import annotations

import argparse
import asyncio
import contextlib
import os
import socket
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

import httpx2
import numpy as np

from service.guard.fields import new_key_file
from tests.postgres import server
from vision.models.session import threads

SIZE = 4_000_000
HEAD = b"\xff\xd8\xff\xe0\0\x10JFIF\0\1\1\0\0\1\0\1\0\0"


@contextlib.contextmanager
def served(folder: Path, database_url: str) -> Iterator[tuple[str, str]]:
    """A web process of its own; its address and a key."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    told = {"DATA_FOLDER": str(folder), "PORT": str(port), "WORKERS": "0", "REQUESTS_PER_S": "10000"}
    if database_url:
        new_key_file(folder / "master-keys.toml")
        told |= {"DATABASE_URL": database_url, "MASTER_KEY_FILE": str(folder / "master-keys.toml")}
    environment = {**os.environ, **{f"KUAIZHENG_{name}": value for name, value in told.items()}}
    command = [sys.executable, "-m", "service.cli", "serve"]
    with (folder / "log").open("wb") as log:
        process = subprocess.Popen(command, env=environment, stdout=subprocess.PIPE, stderr=log)
        try:
            assert process.stdout is not None
            key = process.stdout.readline().decode().split()[-1]
            yield f"http://127.0.0.1:{port}", key
        finally:
            process.terminate()
            process.wait(60)
            if process.stdout is not None:
                process.stdout.close()


async def until_up(client: httpx2.AsyncClient) -> None:
    """Waits for a web process that was just started."""
    while True:
        with contextlib.suppress(httpx2.TransportError):
            if (await client.get("/health")).status_code == 200:
                return
        await asyncio.sleep(0.1)


async def uploads(url: str, key: str, at_once: int, seconds: float) -> tuple[list[float], float]:
    """Seconds of each accepted upload, and how long all took."""
    headers = {"Authorization": f"Bearer {key}"}
    body = HEAD + np.random.default_rng(0).bytes(SIZE - len(HEAD) - 16)
    async with httpx2.AsyncClient(base_url=url, headers=headers, timeout=60) as client:
        await until_up(client)
        took: list[float] = []
        began = time.perf_counter()

        async def one(number: int) -> None:
            case = (await client.post("/v1/cases", json={"external_id": f"bench {number}"})).json()["id"]
            sent = 0
            while time.perf_counter() < began + seconds and sent < 200:
                at = time.perf_counter()
                data = body + f"{number:08d}{sent:08d}".encode()
                answer = await client.put(f"/v1/cases/{case}/photos/{sent}", content=data)
                assert answer.status_code == 201, answer.text
                took.append(time.perf_counter() - at)
                sent += 1

        await asyncio.gather(*(one(number) for number in range(at_once)))
        return took, time.perf_counter() - began


def measured(name: str, database_url: str, at_once: int, seconds: float) -> str:
    """A row of the table."""
    with tempfile.TemporaryDirectory() as folder, served(Path(folder), database_url) as (url, key):
        took, whole = asyncio.run(uploads(url, key, at_once, seconds))
    p95 = statistics.quantiles(took, n=20)[-1] * 1000
    median = statistics.median(took) * 1000
    return f"| {name} | {at_once} | {len(took)} | {len(took) / whole:.1f} | {median:.0f} | {p95:.0f} |"


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seconds", type=float, default=20.0, help="of each row")
    parser.add_argument("--at-once", type=int, nargs="+", default=[1, 4, 8], help="connections that send")
    args = parser.parse_args()
    load = os.getloadavg()[0]
    print(f"{threads()} cores, load {load:.1f} before; uploads of {SIZE / 1e6:.0f} MB.\n")
    print("| database | at once | uploads | a second | median ms | p95 ms |\n| --- | --- | --- | --- | --- | --- |")
    for at_once in args.at_once:
        print(measured("SQLite", "", at_once, args.seconds), flush=True)
    with server() as postgresql:
        for at_once in args.at_once if postgresql else ():
            assert postgresql is not None
            print(measured("PostgreSQL", postgresql.create(f"bench_{at_once}"), at_once, args.seconds), flush=True)


if __name__ == "__main__":
    main()

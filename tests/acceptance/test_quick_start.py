"""The README's three commands against a service as it is started there, with its real models."""

from __future__ import annotations

import json
import os
import re
import shutil
import signal
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
PATIENCE_S = 600
"""Of a machine on which other things run: loading the models takes seconds on a free one."""


def free_ports() -> tuple[int, int]:
    """Two of which the second and the one after it are free too."""
    with socket.socket() as one, socket.socket() as two:
        one.bind(("127.0.0.1", 0))
        two.bind(("127.0.0.1", 0))
        return one.getsockname()[1], min(two.getsockname()[1], 64_000)


@pytest.fixture
def served(tmp_path: Path) -> Iterator[tuple[int, int, str]]:
    """The ports of the service and of its metrics, and the first key."""
    port, metrics = free_ports()
    environment = {**os.environ, "KUAIZHENG_PORT": str(port), "KUAIZHENG_METRICS_PORT": str(metrics)}
    command = [sys.executable, "-m", "service.cli", "serve"]
    with (tmp_path / "log").open("wb") as log:
        process = subprocess.Popen(
            command, env={**environment, "PYTHONPATH": str(ROOT)}, cwd=tmp_path, stdout=subprocess.PIPE, stderr=log
        )
        assert process.stdout is not None
        try:
            yield port, metrics, process.stdout.readline().decode().split()[-1]
            process.send_signal(signal.SIGTERM)
            assert process.wait(PATIENCE_S) == 0
        finally:
            process.kill()
            process.stdout.close()
            process.wait()


def until_ready(port: int) -> None:
    began = time.monotonic()
    while time.monotonic() < began + PATIENCE_S:
        with suppress(OSError), urllib.request.urlopen(f"http://127.0.0.1:{port}/ready", timeout=30):
            return
        time.sleep(0.5)
    raise AssertionError("never ready")


@pytest.mark.skipif(shutil.which("curl") is None, reason="no curl here")
def test_three_commands(served: tuple[int, int, str], tmp_path: Path) -> None:
    port, metrics, key = served
    section = (ROOT / "README.md").read_text("utf-8").split("## The service", 1)[1]
    commands = re.findall(r"```\n(.*?)```", section, re.DOTALL)[0]
    assert commands.count("curl ") == 3 == len(commands.strip().splitlines())
    until_ready(port)
    shell = ["bash", "-euo", "pipefail", "-c", commands.replace("localhost:8000", f"127.0.0.1:{port}")]
    done = subprocess.run(
        shell, env={**os.environ, "KEY": key}, cwd=ROOT, capture_output=True, text=True, timeout=PATIENCE_S, check=True
    )
    photo, stream = done.stdout.split("event:", 1)
    assert json.loads(photo.strip())["format"] == "jpeg"
    told = json.loads(stream.split("data: ")[-1])
    assert told["photos"][0]["state"] == "seen" and told["assessment"]["next"]
    worker = urllib.request.urlopen(f"http://127.0.0.1:{metrics + 1}/metrics", timeout=30).read().decode()
    assert re.search(r'kuaizheng_jobs_total\{kind="facts",outcome="done"\} 1.0', worker)
    assert re.search(r'kuaizheng_model_seconds_count\{model="vehicle"\} [1-9]', worker)
    log = (tmp_path / "log").read_text("utf-8")
    lines = [json.loads(line) for line in log.splitlines() if line.startswith("{")]
    requests = {line["request_id"] for line in lines if line.get("route") == "photos.put"}
    assert {line["request_id"] for line in lines if line["event"] == "job.taken"} & requests
    assert "front.jpg" not in log and key not in log

"""`kuaizheng serve` at an address that it cannot have: one line, exit status 2, and no worker left behind."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
from pathlib import Path

import pytest


def serve(folder: Path, **told: str) -> subprocess.CompletedProcess[str]:
    environment = {**os.environ, "KUAIZHENG_DATA_FOLDER": str(folder), "KUAIZHENG_WORKERS": "0"}
    environment.update({f"KUAIZHENG_{name}": value for name, value in told.items()})
    command = [sys.executable, "-m", "service.cli", "serve"]
    return subprocess.run(command, env=environment, capture_output=True, text=True, timeout=90, check=False)


@pytest.mark.parametrize("host", ["127.0.0.1", "192.0.2.1"])
def test_an_address_that_cannot_be_had_is_told(tmp_path: Path, host: str) -> None:
    with socket.create_server(("127.0.0.1", 0)) as other:
        port = str(other.getsockname()[1])
        done = serve(tmp_path, HOST=host, PORT=port)
    assert done.returncode == 2
    last = done.stderr.splitlines()[-1]
    assert last.startswith(f"kuaizheng: bad_settings: setting 'port': cannot listen at {host}:{port}: ")
    assert "Traceback" not in done.stderr

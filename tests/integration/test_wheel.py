"""The wheel carries what the product reads at run time: weights with their cards, and standards."""

from __future__ import annotations

import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

DATA = ("vision/models/weights/*.onnx", "vision/models/weights/*.json", "vision/standards/*.toml")


@pytest.fixture(scope="module")
def wheel_names(root: Path, tmp_path_factory: pytest.TempPathFactory) -> set[str]:
    folder = tmp_path_factory.mktemp("wheel")
    command = [sys.executable, "-m", "hatchling", "build", "--target", "wheel", "--directory", str(folder)]
    subprocess.run(command, cwd=root, check=True, capture_output=True, stdin=subprocess.DEVNULL, timeout=120)
    (wheel,) = folder.glob("kuaizheng-*.whl")
    return set(zipfile.ZipFile(wheel).namelist())


@pytest.mark.parametrize("pattern", DATA)
def test_the_wheel_carries(pattern: str, root: Path, wheel_names: set[str]) -> None:
    files = {str(path.relative_to(root)) for path in root.glob(pattern)}
    assert files, f"the checkout itself has no {pattern}"
    assert files <= wheel_names


def test_the_wheel_carries_the_code_and_the_licence(wheel_names: set[str]) -> None:
    assert {"vision/types.py", "service/__init__.py", "datasets/__init__.py"} <= wheel_names
    assert any(name.endswith("licenses/LICENSE") for name in wheel_names)
    assert not any(name.startswith(("tests/", "examples/", "notebooks/")) for name in wheel_names)

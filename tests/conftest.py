"""What all tests share: the photos outside the repository, and hypothesis without deadlines on busy machines."""

from __future__ import annotations

import os
from importlib.util import find_spec
from pathlib import Path

import pytest
from hypothesis import settings

ROOT = Path(__file__).resolve().parents[1]
SHARED = Path(os.environ.get("KUAIZHENG_SHARED") or ROOT.parent / "shared").resolve()

collect_ignore = [] if find_spec("paddleocr") else ["paddle"]
"""`make test-paddle` runs them, in an environment of its own."""

settings.register_profile("local", deadline=None)
settings.register_profile("ci", deadline=None, derandomize=True, print_blob=True)
settings.load_profile("ci" if os.environ.get("CI") else "local")


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    if (SHARED / "data").is_dir():
        return
    absent = pytest.mark.skip(reason=f"no photos at {SHARED}/data; set KUAIZHENG_SHARED")
    for item in items:
        if item.get_closest_marker("shared"):
            item.add_marker(absent)


@pytest.fixture(scope="session")
def root() -> Path:
    """The repository's root."""
    return ROOT


@pytest.fixture(scope="session")
def shared() -> Path:
    """The folder of photos outside the repository; for tests marked ``shared``."""
    if not (SHARED / "data").is_dir():
        pytest.skip(f"no photos at {SHARED}/data; set KUAIZHENG_SHARED")
    return SHARED

"""kill -9 of a worker at each point of its job, with the lease of production: taken up within it and 5 s."""

from __future__ import annotations

from pathlib import Path

import pytest

from service.settings import Settings
from tests.killed_worker import POINTS, killed_at

LEASE_S = Settings().lease_s
SLACK_S = 5.0


@pytest.mark.parametrize("point", POINTS)
def test_kill_9(database_url: str, tmp_path: Path, point: str) -> None:
    heir = killed_at(point, database_url, tmp_path, LEASE_S)
    print(f"{point}: done {heir.took_s:.1f} s after the kill")
    heir.check()
    assert LEASE_S == 30.0 and heir.took_s <= LEASE_S + SLACK_S

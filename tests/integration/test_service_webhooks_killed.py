"""The storm of `tests/chaos` at a size for every day."""

from __future__ import annotations

import pytest

from tests.webhook_storm import survives

pytestmark = pytest.mark.anyio


async def test_none_is_lost_when_senders_die(database_url: str) -> None:
    await survives(database_url, messages=200, kills=3, timeout_s=300)

"""10,000 webhooks to a receiver that fails 30 %, the sender killed 20 times."""

from __future__ import annotations

import pytest

from tests.webhook_storm import survives

pytestmark = pytest.mark.anyio


async def test_ten_thousand_webhooks_and_twenty_kills(database_url: str) -> None:
    await survives(database_url, messages=10_000, kills=20, timeout_s=3600)

"""Whether the database answers is known of one that refuses, and of one that says nothing at all."""

from __future__ import annotations

import asyncio
from typing import Any

import pytest

from service import metrics, metrics_queue
from service.store.errors import StoreUnavailableError

DATABASE: Any = None
"""Nobody asks it here."""


def up() -> float | None:
    return metrics.REGISTRY.get_sample_value("kuaizheng_database_up")


async def soon(told: float) -> None:
    for _ in range(500):
        if up() == told:
            return
        await asyncio.sleep(0.01)
    raise AssertionError(f"{up()} instead of {told}")


@pytest.fixture(autouse=True)
def quick(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(metrics_queue, "EVERY_S", 0.01)
    monkeypatch.setattr(metrics_queue, "SILENT_S", 0.05)
    metrics.DATABASE_UP.set(1)


def test_a_database_that_says_nothing_is_not_up(monkeypatch: pytest.MonkeyPatch) -> None:
    """A machine that has gone from the network refuses nothing: its last answer must not stand for ever."""

    async def run() -> None:
        back = asyncio.Event()

        async def silent(_: object) -> None:
            await back.wait()

        monkeypatch.setattr(metrics_queue, "look", silent)
        following = asyncio.create_task(metrics_queue.follow(DATABASE))
        await soon(0)
        back.set()
        await soon(1)
        back.clear()
        await soon(0)
        following.cancel()
        await asyncio.wait({following})
        assert following.cancelled() and len(asyncio.all_tasks()) == 1, "no question is left open"

    asyncio.run(run())


def test_a_database_that_refuses_is_not_up_until_it_is_back(monkeypatch: pytest.MonkeyPatch) -> None:
    async def run() -> None:
        away = True

        async def refusing(_: object) -> None:
            if away:
                raise StoreUnavailableError("away")

        monkeypatch.setattr(metrics_queue, "look", refusing)
        following = asyncio.create_task(metrics_queue.follow(DATABASE))
        await soon(0)
        away = False
        await soon(1)
        following.cancel()
        await asyncio.wait({following})

    asyncio.run(run())

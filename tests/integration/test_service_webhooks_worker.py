"""A worker process sends webhooks beside its jobs, and neither goes on without the other."""

from __future__ import annotations

import asyncio
import os
import shutil
import signal
from pathlib import Path

import pytest

from service import serve
from service.job_steps import Looker
from service.settings import Settings, SettingsError
from service.store.opening import open_database, prepare_keys
from service.webhook_sending import Sender, policy_of
from tests.service_parts import MODEL_SET, gather
from tests.webhook_house import house

pytestmark = pytest.mark.anyio


@pytest.fixture
async def settings(sqlite_template: Path, tmp_path: Path) -> Settings:
    shutil.copy(sqlite_template, tmp_path / "kuaizheng.db")
    settings = Settings(data_folder=tmp_path, webhook_http=True, webhook_ports="", webhook_networks="127.0.0.0/8")
    await prepare_keys(settings)
    return settings


async def test_a_worker_sends_and_stops_in_order(settings: Settings) -> None:
    database = open_database(settings)
    async with house(database) as one:
        message = await one.tell()
        working = asyncio.create_task(serve._work(settings, Looker(gather, MODEL_SET), None))
        async with asyncio.timeout(60):
            while not one.receiver.requests:
                await asyncio.sleep(0.05)
        os.kill(os.getpid(), signal.SIGTERM)
        await working
        (row,) = await one.deliveries()
    assert (row.message_id, row.state) == (message, "delivered"), "what was on its way is kept"
    await database.close()


async def test_a_worker_whose_sender_fails_ends(settings: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    async def fail(self: Sender, stop: asyncio.Event) -> None:
        raise ZeroDivisionError

    monkeypatch.setattr(Sender, "run", fail)
    with pytest.raises(ZeroDivisionError):
        await serve._work(settings, Looker(gather, MODEL_SET), None)


@pytest.mark.parametrize(
    "wrong", [{"webhook_networks": "10.0.0.0/33"}, {"webhook_networks": "x"}, {"webhook_ports": "443;80"}]
)
def test_a_mistake_in_the_settings_is_told(wrong: dict[str, str]) -> None:
    with pytest.raises(SettingsError, match="webhook_"):
        policy_of(Settings(**wrong))  # type: ignore[arg-type]

"""A sender as a process of its own: ``python -m tests.webhook_sender URL``. Imports little, for it starts often."""

from __future__ import annotations

import asyncio
import sys
from datetime import timedelta
from ipaddress import IPv4Network

import structlog

from service.guard.datakeys import FileWrapper
from service.guard.fields import MasterKeys
from service.guard.webhooks.addresses import Policy
from service.store.database import Database
from service.store.secrets import Vault
from service.webhook_sending import Sender

LOCAL = Policy(http=True, ports=None, networks=(IPv4Network("127.0.0.0/8"),))
DELAYS = tuple(timedelta(seconds=one) for one in (0, 0.05, 0.1, 0.2, 0.4, 0.5, 0.5, 0.5, 1, 1))
"""The table of ten attempts, in seconds instead of hours."""
LEASE_S = 3.0


def opened(url: str) -> Database:
    """The database with keys that every process of a test has."""
    return Database(url, Vault(FileWrapper(MasterKeys("t1", {"t1": b"t" * 32}))))


async def main(url: str) -> None:
    """Sends until it is killed."""
    await Sender(opened(url), LOCAL, DELAYS, LEASE_S).run(asyncio.Event())


if __name__ == "__main__":
    structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(50))
    asyncio.run(main(sys.argv[1]))

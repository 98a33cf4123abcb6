"""`kuaizheng serve` and `kuaizheng worker`: processes, their start and their end.

`serve` brings the database up to date, starts the workers as processes of their own and answers HTTP. A worker that
dies is started again. On SIGTERM or Ctrl-C the web ends its requests, then each worker the photo in hand.
"""

from __future__ import annotations

import asyncio
import hashlib
import json
import os
import signal
import sys
import threading
import uuid
from collections.abc import Callable, Iterable, Iterator
from contextlib import suppress
from datetime import date, timedelta
from functools import cache, partial
from importlib.metadata import version

from service import audit_signing, metrics
from service.api.parts import Parts, StoredKeys
from service.app import create_app, open_blobs
from service.cases import Gather
from service.failure import Failure, attempt
from service.guard import keys as guard_keys
from service.guard import logs, spans
from service.guard.roles import Role
from service.job_steps import Looker
from service.listening import listen
from service.output import complain, print_line
from service.settings import Settings, load
from service.store import audit, keys, workers
from service.store.audit import COMMAND_LINE, Action
from service.store.errors import StoreUnavailableError
from service.store.migrate import is_current, migrate
from service.store.opening import open_database, prepare_keys
from service.sweeping import Sweeper
from service.warm import warm
from service.webhook_sending import Sender, policy_of
from service.worker import Worker
from service.worker_processes import WorkerProcesses
from vision.types import Photo, PhotoFacts, Unreadable

FIRST_ORGANISATION = "default"
_LOOK_S = 2.0
_GRACE_S = 20
"""For requests under way when the web is told to stop; workers have theirs after it."""


def serve(settings: Settings) -> None:
    """Serves until stopped. Raises `SettingsError`, `StoreUnavailableError`."""
    with spans.sending(settings):
        _serve(settings)


def work(settings: Settings, *, embedded: bool = False) -> None:
    """Works until stopped; ``embedded``: or until `serve` is gone, however it went.

    Raises `SettingsError`, `StoreUnavailableError` where the schema is not this version's, and `ModelError`.
    """
    parent = os.getppid()
    with spans.sending(settings):
        asyncio.run(_work(settings, _looker(settings), parent if embedded else None))


async def make_key(
    settings: Settings, organisation: str, role: Role, name: str, *, only_first: bool = False
) -> str | None:
    """A new key of an organisation, which is made if there is none of this name; its text is kept nowhere.

    ``only_first``: null where there is any key already.
    """
    database, new = open_database(settings), guard_keys.make()
    try:
        async with database.write() as connection:
            if only_first and await keys.any_key(connection):
                return None
            known = await keys.organisation_of(connection, organisation)
            owner = known or await keys.add_organisation(connection, organisation)
            await keys.add(connection, owner, new, name, role)
            await audit.record(connection, owner, COMMAND_LINE, Action.KEY_ADDED, new.prefix, {"role": role.value})
        return new.text
    finally:
        await database.close()


def _serve(settings: Settings) -> None:
    import uvicorn

    logs.configure(sys.stderr)
    metrics.expose(settings)
    migrate(settings.database)
    asyncio.run(prepare_keys(settings))
    first = asyncio.run(make_key(settings, FIRST_ORGANISATION, Role.SUPERVISOR, "first start", only_first=True))
    if first is not None:
        print_line(f"the first key, shown this once (organisation {FIRST_ORGANISATION!r}): {first}")
    signer = asyncio.run(audit_signing.prepare(settings))
    policy_of(settings)  # a mistake in it is told now
    database = open_database(settings)
    gather = _late(partial(_gather, settings.provider))
    held = (database, open_blobs(settings), StoredKeys(database), gather, signer)
    app = create_app(Parts(settings, *held, stopping=lambda: server.should_exit))
    # No access log: nothing of a request's address is written anywhere.
    config = uvicorn.Config(app, settings.host, settings.port, access_log=False, log_config=None, log_level="warning")
    config.timeout_graceful_shutdown = _GRACE_S
    server = uvicorn.Server(config)
    # uvicorn raises the signal once more when it is done; as an exception it lets us end the workers first.
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(0))
    with WorkerProcesses(settings), suppress(KeyboardInterrupt):
        listen(server)


def _looker(settings: Settings) -> Looker:
    """Warm models. Raises what `work` raises."""
    if not is_current(settings.database):
        raise StoreUnavailableError(
            "the database's schema is another version's: `kuaizheng serve` brings it up to date"
        )
    from vision import facts
    from vision.models import bundle

    logs.configure(sys.stderr)
    models = bundle.load(settings.provider)
    gather: Gather = partial(facts.gather, models=models)
    warm(gather)
    metrics.watch(models)
    metrics.expose(settings)
    return Looker(gather, model_set_of(models.hashes))


def model_set_of(hashes: object) -> str:
    """A short name for these models and this version of ours: facts are kept under it."""
    text = json.dumps([version("kuaizheng"), hashes], sort_keys=True, default=dict)
    return hashlib.sha256(text.encode()).hexdigest()[:16]


async def _work(settings: Settings, looker: Looker, parent: int | None) -> None:
    stop, loop = asyncio.Event(), asyncio.get_running_loop()
    for number in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(number, stop.set)
    watching = asyncio.create_task(_stop_without(parent, stop))
    name = f"{workers.named(os.getpid())}{uuid.uuid4().hex[:8]}"
    database = open_database(settings)
    blobs = open_blobs(settings)
    keep_for = timedelta(days=settings.webhook_keep_days)
    sender, sweeper = Sender(database, policy_of(settings), keep_for=keep_for), Sweeper(database, blobs, settings)
    beside = {asyncio.create_task(sender.run(stop)), asyncio.create_task(sweeper.run(stop))}
    for task in beside:
        task.add_done_callback(lambda _: stop.set())  # a worker one of whose tasks failed ends, and is started again
    try:
        limits = (settings.lease_s, settings.max_attempts, settings.max_crashes)
        await Worker(database, blobs, looker, name, *limits).run(stop)
    finally:
        stop.set()
        watching.cancel()
        await asyncio.wait(beside)
        await database.close()
    for task in beside:
        task.result()


async def _stop_without(parent: int | None, stop: asyncio.Event) -> None:
    while parent is not None:
        if os.getppid() != parent:
            stop.set()
        await asyncio.sleep(_LOOK_S)


def _gather(provider: str | None) -> Gather:
    from vision import facts
    from vision.models import bundle

    return partial(facts.gather, models=bundle.load(provider))


def _late(open_models: Callable[[], Gather]) -> Gather:
    """Loads the models when somebody first checks: the web process has no other use for them."""
    loaded, lock = cache(open_models), threading.Lock()

    def gather(photos: Iterable[Photo | Unreadable], *, on: date | None = None) -> Iterator[PhotoFacts | Unreadable]:
        with lock:
            models = loaded()
        yield from models(photos, on=on)

    return gather


def main() -> None:
    """A worker of `serve`: its settings are in the environment."""
    outcome = attempt(lambda: work(load(), embedded=True))
    if isinstance(outcome, Failure):
        complain(str(outcome))
        sys.exit(2)


if __name__ == "__main__":
    main()

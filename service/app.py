"""The web process: the version 1 interface around its parts. Models are the workers' business, but for `/v1/check`.

``python -m service.app`` prints the OpenAPI text that `docs/openapi.json` holds.
"""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from pathlib import Path
from urllib.parse import unquote, urlsplit

from fastapi import FastAPI
from fastapi.responses import JSONResponse
from fastapi.telemetry import TelemetryConfig

from service import metrics_queue
from service.api import (
    assessments,
    audit,
    cases,
    check,
    files,
    links,
    links_party,
    manifest,
    photos,
    retention,
    uploads,
    webhooks,
)
from service.api.desk import add_desk
from service.api.limits import start_limiting
from service.api.parts import Parts, TheParts
from service.api.problems import BodyLimit, add_handlers, problem
from service.api.tracing import Tracing
from service.api.uploads_tus import TusHeaders
from service.blobs import Blobs
from service.blobs_local import LocalBlobs
from service.settings import Settings, SettingsError
from service.store import workers
from service.store.errors import StoreUnavailableError
from service.sweeping import clear_spool

_UNOBSERVED: TelemetryConfig = {"tracing": False, "metrics": False, "logs": False, "auto_configure": False}
"""FastAPI's own spans tell addresses and its own logs what an error says: `service.guard.spans` makes ours."""
_ROUTES = (cases, photos, files, uploads, assessments, check, links, links_party, manifest, retention, webhooks, audit)


def create_app(parts: Parts | None = None) -> FastAPI:
    """The app; without ``parts`` it only describes itself."""

    app = FastAPI(
        title="kuaizheng",
        version="1",
        docs_url=None,
        redoc_url=None,
        lifespan=lambda _: _living(parts),
        telemetry=_UNOBSERVED,
    )
    app.state.parts = parts
    settings = parts.settings if parts else Settings()
    start_limiting(app, settings)
    app.add_middleware(TusHeaders, paths=(uploads.PATH,))
    app.add_middleware(BodyLimit, max_bytes=settings.max_body_bytes)
    app.add_middleware(Tracing)
    add_handlers(app)
    for module in _ROUTES:
        app.include_router(module.router)
    add_desk(app, settings)

    @app.get("/health", tags=["operation"])
    async def health() -> dict[str, str]:
        """The process answers."""
        return {"status": "ok"}

    @app.get("/ready", tags=["operation"])
    async def ready(parts: TheParts) -> JSONResponse:
        """The database answers and a worker's models are warm; else 503."""
        async with parts.database.read() as connection:
            if await workers.alive(connection) == 0:
                return problem(503, "no_worker", "no worker is ready yet", {"Retry-After": "2"})
        return JSONResponse({"status": "ready"})

    return app


@asynccontextmanager
async def _living(parts: Parts | None) -> AsyncIterator[None]:
    """What goes on beside the requests, from start to end."""
    if parts is None:
        yield
        return
    with suppress(StoreUnavailableError):  # the requests will tell of it
        await asyncio.to_thread(clear_spool, parts.blobs.spool_folder)
    following = [asyncio.create_task(metrics_queue.follow(parts.database))]
    if parts.signer is not None:
        following.append(asyncio.create_task(parts.signer.follow(parts.database)))
    yield
    for task in following:
        task.cancel()
    await asyncio.wait(following)
    await parts.database.close()


def open_blobs(settings: Settings) -> Blobs:
    """The store of originals. S3's keys and endpoint are read from the usual ``AWS_...`` variables by obstore.

    Raises `SettingsError`.
    """
    split = urlsplit(settings.blobs)
    if split.scheme == "file" and not split.netloc:
        return LocalBlobs(Path(unquote(split.path)))
    if split.scheme != "s3":
        raise SettingsError(f"setting 'blob_url': {split.scheme or settings.blobs!r} is neither file nor s3")
    from obstore.exceptions import BaseError
    from obstore.store import S3Store

    from service.blobs_object import ObjectBlobs

    try:
        return ObjectBlobs(S3Store.from_url(settings.blobs), settings.data_folder / "incoming")
    except BaseError as error:
        raise SettingsError(f"setting 'blob_url': {type(error).__name__}") from error


def openapi_text() -> str:
    """What `docs/openapi.json` must hold."""
    return json.dumps(create_app().openapi(), indent=1, ensure_ascii=False) + "\n"


if __name__ == "__main__":
    print(openapi_text(), end="")

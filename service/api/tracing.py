"""A request id for every request: in its log line, its span, its answer, and on the jobs that it leaves behind.

The line tells the route by its function's name and never an address, which holds names that callers chose.
"""

from __future__ import annotations

import time
from typing import Any

import structlog
from opentelemetry.trace import SpanKind
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from service import metrics
from service.guard import logs, spans
from service.guard.spans import Span

HEADER = "X-Request-ID"
_log = structlog.get_logger()
_UNMATCHED = "none"


class Tracing:
    """Takes the caller's ``X-Request-ID`` where it has the form of one, else makes one."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            return await self._app(scope, receive, send)
        given = logs.request_id(_told(scope, HEADER))
        status, received, began = 500, 0, time.perf_counter()

        async def counted() -> Message:
            nonlocal received
            message = await receive()
            received += len(message.get("body", b""))
            return message

        async def marked(message: Message) -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                status = message["status"]
                message["headers"] = [*message["headers"], (HEADER.lower().encode(), given.encode())]
            await send(message)

        scope.setdefault("state", {})["request_id"] = given  # for the answer to a fault, which is made outside of us
        with logs.following(given), spans.span("request", SpanKind.SERVER, _told(scope, "traceparent")) as span:
            try:
                await self._app(scope, counted, marked)
            finally:
                _tell(scope, span, status, received, time.perf_counter() - began)


def _tell(scope: Scope, span: Span, status: int, received: int, seconds: float) -> None:
    route = _route(scope)
    metrics.REQUESTS.labels(route, str(status)).observe(seconds)
    metrics.RECEIVED.labels(route).inc(received)
    told = {"route": route, "method": scope["method"], "status": status, "bytes": received}
    _log.info("request.done", **told, duration_ms=round(seconds * 1000, 1))
    span.rename(route)
    span.tell(**told)
    if status >= 500:
        span.failed()


def _route(scope: Scope) -> str:
    """Module and function that answered, such as ``photos.put``."""
    endpoint: Any = scope.get("endpoint")
    if endpoint is None:
        return _UNMATCHED
    return f"{endpoint.__module__.rpartition('.')[2]}.{endpoint.__name__}"


def _told(scope: Scope, header: str) -> str | None:
    wanted = header.lower().encode()
    return next((value.decode("latin-1") for name, value in scope["headers"] if name == wanted), None)

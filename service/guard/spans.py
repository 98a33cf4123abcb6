"""OpenTelemetry, where it is switched on: a request, the photo it brought, each stage of looking at it, its webhook.

A span carries what a log line may carry (`service.guard.logs`) and nothing else: no address, no text of an error.
What one process leaves to another, a job or a message, has the span's W3C ``traceparent`` beside it.
"""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import contextmanager
from importlib.metadata import version
from typing import TYPE_CHECKING, Final

from opentelemetry import trace
from opentelemetry.context import Context
from opentelemetry.trace import SpanKind, Status, StatusCode
from opentelemetry.trace.propagation.tracecontext import TraceContextTextMapPropagator

from service.guard import logs
from service.settings import Settings, SettingsError

if TYPE_CHECKING:  # of the extra `otel`
    from opentelemetry.sdk.trace import TracerProvider

PREFIX: Final = "kuaizheng."
_FIELD: Final = "traceparent"
_W3C: Final = TraceContextTextMapPropagator()
_tracer: trace.Tracer | None = None


class Span:
    """One that runs."""

    def __init__(self, span: trace.Span) -> None:
        self._span = span

    def tell(self, **fields: object) -> None:
        """Adds what a log line may hold too; the rest is left out."""
        for name, value in fields.items():
            if isinstance(value, str | int | float) and logs.fits(name, value):
                self._span.set_attribute(PREFIX + name, value)

    def rename(self, name: str) -> None:
        """A request is named when it is known who answers."""
        self._span.update_name(name)

    def failed(self, error: BaseException | None = None) -> None:
        """By an error, of which the type is told, or by its status."""
        self._span.set_status(Status(StatusCode.ERROR))
        if error is not None:
            self.tell(error_type=type(error).__name__)


@contextmanager
def span(name: str, kind: SpanKind = SpanKind.INTERNAL, parent: str | None = None, **fields: object) -> Iterator[Span]:
    """What is inside, as a child of ``parent`` (a ``traceparent``), else of the span that we are in."""
    if _tracer is None:
        yield Span(trace.INVALID_SPAN)
        return
    with _tracer.start_as_current_span(
        name, _context(parent), kind, record_exception=False, set_status_on_exception=False
    ) as running:
        told = Span(running)
        request = logs.followed()
        told.tell(**{"request_id": request, **fields})
        try:
            yield told
        except BaseException as error:
            told.failed(error)
            raise


def ran(name: str, seconds: float) -> None:
    """A run of the network ``name`` that has just ended."""
    if _tracer is not None:
        now = time.time_ns()
        _tracer.start_span(name, start_time=now - int(seconds * 1e9)).end(now)


def traceparent() -> str | None:
    """Of the span that we are in; null where nobody records."""
    carrier: dict[str, str] = {}
    _W3C.inject(carrier)
    return carrier.get(_FIELD)


@contextmanager
def sending(settings: Settings) -> Iterator[None]:
    """Inside, spans go to the settings' collector, if there is one. Raises `SettingsError`."""
    if not settings.otel_endpoint:
        yield
        return
    provider = exporting(settings.otel_endpoint)
    use(provider)
    try:
        yield
    finally:
        use(None)
        provider.shutdown()  # sends the last


def use(provider: trace.TracerProvider | None) -> None:
    """Records by ``provider`` from now on; null: not at all."""
    global _tracer
    _tracer = None if provider is None else provider.get_tracer("kuaizheng", version("kuaizheng"))


def exporting(endpoint: str) -> TracerProvider:
    """Sends spans to the collector at ``endpoint`` from a thread of its own.

    Raises `SettingsError` where the packages for it are not installed.
    """
    try:
        from opentelemetry.exporter.otlp.proto.http.trace_exporter import OTLPSpanExporter
        from opentelemetry.sdk.resources import Resource
        from opentelemetry.sdk.trace import TracerProvider
        from opentelemetry.sdk.trace.export import BatchSpanProcessor
    except ModuleNotFoundError as error:
        raise SettingsError(
            "setting 'otel_endpoint': OpenTelemetry is not installed: pip install 'kuaizheng[otel]'"
        ) from error
    named = Resource.create({"service.name": "kuaizheng", "service.version": version("kuaizheng")})
    provider = TracerProvider(resource=named)
    provider.add_span_processor(BatchSpanProcessor(OTLPSpanExporter(f"{endpoint}/v1/traces")))
    return provider


def _context(parent: str | None) -> Context | None:
    return None if parent is None else _W3C.extract({_FIELD: parent}, Context())

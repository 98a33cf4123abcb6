"""Metrics for Prometheus, one set a process: the web and each worker are scraped each at a port of its own.

Labels are routes, codes and names of standards and models; nothing of a case. Counting costs nothing where nobody
scrapes.
"""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
from typing import TYPE_CHECKING, Final
from wsgiref.simple_server import WSGIServer

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram, ProcessCollector, start_http_server

from service.guard import spans
from service.settings import Settings, SettingsError

if TYPE_CHECKING:  # the web process loads no networks
    from vision.models.bundle import Models

REGISTRY: Final = CollectorRegistry()
_SHORT: Final = (0.005, 0.01, 0.025, 0.05, 0.1, 0.2, 0.3, 0.5, 1.0, 2.5, 5.0, 10.0, 30.0)

REQUESTS: Final = Histogram(
    "kuaizheng_request_seconds",
    "Time from a request's first byte to its answer's last.",
    ("route", "status"),
    registry=REGISTRY,
    buckets=_SHORT,
)
RECEIVED: Final = Counter(
    "kuaizheng_request_bytes", "Bytes of request bodies; an upload's too.", ("route",), registry=REGISTRY
)
STAGES: Final = Histogram(
    "kuaizheng_stage_seconds", "Time a worker spent on a stage of a job.", ("stage",), registry=REGISTRY, buckets=_SHORT
)
MODELS: Final = Histogram(
    "kuaizheng_model_seconds", "Time of one run of a network.", ("model",), registry=REGISTRY, buckets=_SHORT
)
JOBS: Final = Counter("kuaizheng_jobs", "Jobs by how they ended.", ("kind", "outcome"), registry=REGISTRY)
ASSESSMENTS: Final = Counter(
    "kuaizheng_assessments", "Assessments by standard and decision.", ("standard", "decision"), registry=REGISTRY
)
DEPTH: Final = Gauge("kuaizheng_queue_jobs", "Jobs that are not finished.", ("kind",), registry=REGISTRY)
AGE: Final = Gauge("kuaizheng_queue_age_seconds", "For how long the oldest due job has been due.", registry=REGISTRY)
WORKERS: Final = Gauge("kuaizheng_workers", "Workers with warm models, heard of lately.", registry=REGISTRY)
DATABASE_UP: Final = Gauge("kuaizheng_database_up", "1 while the database answers.", registry=REGISTRY)
WEBHOOK_LAG: Final = Gauge(
    "kuaizheng_webhook_lag_seconds", "For how long the oldest undelivered webhook has been due.", registry=REGISTRY
)
ProcessCollector(namespace="kuaizheng", registry=REGISTRY)


@contextmanager
def stage(name: str) -> Iterator[None]:
    """Times what is inside, unless it raises; and a span of it."""
    began = time.perf_counter()
    with spans.span(name):
        yield
    STAGES.labels(name).observe(time.perf_counter() - began)


def job_ended(kind: str, outcome: str) -> None:
    """``outcome``: done, reused, put_off, failed or quarantined."""
    JOBS.labels(kind, outcome).inc()


def judged(standard: str, decision: str) -> None:
    """An assessment was made, under a standard that comes with us."""
    ASSESSMENTS.labels(standard, decision).inc()


def watch(models: Models) -> None:
    """Times every run of every network from now on, and makes a span of it."""
    roles = {role: getattr(getattr(models, role), "session", None) for role in models.__dataclass_fields__}
    for name, session in {**roles, "text_find": models.text.det, "text_read": models.text.rec}.items():
        if session is not None:
            session.heard = partial(_ran, name)


def _ran(model: str, seconds: float) -> None:
    MODELS.labels(model).observe(seconds)
    spans.ran(model, seconds)


def expose(settings: Settings) -> WSGIServer | None:
    """Answers scrapes at the port of the settings in a thread, until shut down. Raises `SettingsError`."""
    if settings.metrics_port == 0:
        return None
    try:
        return start_http_server(settings.metrics_port, settings.metrics_host, REGISTRY)[0]
    except OSError as error:
        raise SettingsError(f"setting 'metrics_port': {error.strerror} ({settings.metrics_port})") from error

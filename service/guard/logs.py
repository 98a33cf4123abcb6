"""Logs as JSON lines that cannot hold a plate, a name or a place: fields come from a list, and each has a form.

What does not fit is dropped and counted, never cleaned: a filter that looks for plates would miss the next kind.
Of an exception its type and where it happened are kept, for its message may quote what was in hand. Lines of other
libraries keep their logger, level and place in the code; their text is dropped for the same reason.
"""

from __future__ import annotations

import logging
import re
import secrets
import sys
import traceback
from collections.abc import Iterator, MutableMapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Final, TextIO

import structlog

from service.guard.ids import minted

Line = MutableMapping[str, Any]

_EVENT: Final = re.compile(r"[a-z][a-z_]*(\.[a-z_]+)*", re.ASCII)
_CODE: Final = re.compile(r"[A-Za-z_][A-Za-z_.-]{0,63}", re.ASCII)
_TIME: Final = re.compile(r"\d{4}-\d\d-\d\dT[\d:.]{8,15}Z", re.ASCII)
_PLACE: Final = re.compile(r"[a-z_]{1,64}(\.py)?:\d{1,6}", re.ASCII)

IDS: Final = frozenset(
    [
        "request_id",
        "case_id",
        "photo_id",
        "job_id",
        "assessment_id",
        "message_id",
        "endpoint_id",
        "organisation_id",
        "account_id",
        "worker_id",
        "upload_id",
        "review_id",
    ]
)
CODES: Final = frozenset(
    [
        "level",
        "logger",
        "code",
        "outcome",
        "reason",
        "decision",
        "stage",
        "role",
        "method",
        "route",
        "error_type",
        "component",
        "standard",
        "key_id",
    ]
)
NUMBERS: Final = frozenset(
    [
        "status",
        "attempt",
        "duration_ms",
        "bytes",
        "photos",
        "queue_age_s",
        "sequence",
        "version",
        "lease_s",
        "dropped",
        "count",
        "port",
        "line",
    ]
)
FLAGS: Final = frozenset({"ready", "retry", "embedded"})


def fits(name: str, value: object) -> bool:
    """Whether a line may hold ``value`` under ``name``."""
    if name in NUMBERS:
        return isinstance(value, int | float) and not isinstance(value, bool) and abs(value) < 1e10
    if name in FLAGS:
        return isinstance(value, bool)
    if name in IDS:
        return minted(value)
    form = _CODE if name in CODES else {"event": _EVENT, "timestamp": _TIME, "place": _PLACE}.get(name)
    return form is not None and isinstance(value, str) and form.fullmatch(value) is not None


def allow_list(_: object, __: str, line: Line) -> Line:
    """The structlog processor that lets through what `fits`, and tells how many fields it dropped."""
    kept = {name: value for name, value in line.items() if fits(name, value)}
    if dropped := len(line) - len(kept):
        kept["dropped"] = dropped
    return {"event": "unnamed", **kept}


def without_message(_: object, __: str, line: Line) -> Line:
    """Puts the type and the place of an exception where the exception was."""
    error = line.pop("exc_info", None)
    error = sys.exc_info()[1] if error is True else error[1] if isinstance(error, tuple) else error
    if isinstance(error, BaseException):
        frames = traceback.extract_tb(error.__traceback__)
        line["error_type"] = type(error).__name__
        if frames:
            line["place"] = f"{Path(frames[-1].filename).name}:{frames[-1].lineno}"
    return line


def of_a_library(_: object, __: str, line: Line) -> Line:
    """A line of `logging`: where it was written instead of what it says."""
    record: logging.LogRecord | None = line.get("_record")
    if record is None:
        return line
    return {
        "event": "library",
        "level": record.levelname.lower(),
        "logger": record.name,
        "place": f"{record.module}:{record.lineno}",
        "exc_info": line.get("exc_info"),
        **structlog.contextvars.get_contextvars(),
    }


def configure(stream: TextIO, level: int = logging.INFO) -> None:
    """Sends our lines and those of all libraries to ``stream``, one JSON object a line. For a process's start."""
    last: list[structlog.typing.Processor] = [without_message, allow_list, structlog.processors.JSONRenderer()]
    structlog.configure(
        processors=[
            structlog.contextvars.merge_contextvars,
            structlog.processors.add_log_level,
            structlog.processors.TimeStamper(fmt="iso", utc=True),
            *last,
        ],
        wrapper_class=structlog.make_filtering_bound_logger(level),
        logger_factory=structlog.WriteLoggerFactory(stream),
        cache_logger_on_first_use=False,
    )
    handler = logging.StreamHandler(stream)
    stamp = structlog.processors.TimeStamper(fmt="iso", utc=True)
    handler.setFormatter(structlog.stdlib.ProcessorFormatter(processors=[of_a_library, stamp, *last]))
    root = logging.getLogger()
    root.handlers[:] = [handler]
    root.setLevel(level)


def request_id(told: str | None) -> str:
    """The caller's id if it has the form of one, else a new one."""
    return told if told is not None and fits("request_id", told) else f"req_{secrets.token_hex(12)}"


@contextmanager
def following(given: str) -> Iterator[None]:
    """Every line inside carries this request id, in this task and those that it starts."""
    with structlog.contextvars.bound_contextvars(request_id=given):
        yield


def followed() -> str | None:
    """The request id of the block `following` that we are in."""
    found: str | None = structlog.contextvars.get_contextvars().get("request_id")
    return found

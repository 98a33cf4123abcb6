"""Logs: what is not in the list does not get out, whoever writes it."""

from __future__ import annotations

import asyncio
import io
import json
import logging
from collections.abc import Iterator
from typing import Any

import pytest
import structlog
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from service.guard import logs

PERSONAL = ["苏E12F6X", "E12F6X", "e12f6x", "王小明", "Wang Xiaoming", "11010519491231002X", "11010519491231002x",
            "LSVAU2180N2183294", "13812345678", "苏州市人民路1号", "31.29834,120.58319",
            "/v1/cases/苏E12F6X"]  # fmt: skip
NAMES = sorted(
    {"event", "timestamp", "place", "plate", "name", "path"} | logs.IDS | logs.CODES | logs.NUMBERS | logs.FLAGS
)


@pytest.fixture
def out() -> Iterator[io.StringIO]:
    stream, root = io.StringIO(), logging.getLogger()
    before, level = root.handlers[:], root.level
    logs.configure(stream)
    yield stream
    root.handlers[:] = before
    root.setLevel(level)
    structlog.reset_defaults()


def lines(out: io.StringIO) -> list[dict[str, Any]]:
    return [json.loads(line) for line in out.getvalue().splitlines()]


def test_a_line(out: io.StringIO) -> None:
    with logs.following("req_0123456789abcdef01234567"):
        structlog.get_logger().info("photo.received", photo_id="photo_0123456789abcdef01234567", bytes=4_000_000)
    (line,) = lines(out)
    assert line.pop("timestamp").endswith("Z")
    assert line == {
        "event": "photo.received",
        "level": "info",
        "request_id": "req_0123456789abcdef01234567",
        "photo_id": "photo_0123456789abcdef01234567",
        "bytes": 4_000_000,
    }


@pytest.mark.parametrize("secret", PERSONAL)
def test_nothing_personal_gets_out_by_any_field(out: io.StringIO, secret: str) -> None:
    log = structlog.get_logger()
    for name in NAMES:
        if name != "event":
            log.info("photo.read", **{name: secret})
    log.info(secret)
    log.info(f"read {secret}")
    log.info("photo.read", code=[secret], details={"plate": secret})
    with structlog.contextvars.bound_contextvars(case_id=secret, owner=secret):
        log.warning("photo.read")
    logging.getLogger("uvicorn.access").info('"PUT /v1/cases/%s HTTP/1.1"', secret)
    logging.getLogger("sqlalchemy").warning(f"parameters {secret}")
    for logger in (log, logging.getLogger("library")):
        try:
            raise ValueError(secret)
        except ValueError:
            logger.exception("photo.failed")
    text = out.getvalue()
    assert secret not in text and json.dumps(secret)[1:-1] not in text
    assert len(lines(out)) == len(NAMES) - 1 + 8


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.dictionaries(st.sampled_from(NAMES) | st.text(), st.text() | st.integers() | st.floats() | st.booleans()))
def test_only_what_fits_is_left(line: dict[str, object]) -> None:
    left = logs.allow_list(None, "info", dict(line))
    assert (
        left.pop("dropped", 0) == sum(not logs.fits(name, value) for name, value in line.items()) or "dropped" in line
    )
    left.pop("event")
    assert all(logs.fits(name, value) and line[name] is value for name, value in left.items())


def test_an_exception_leaves_its_type_and_place(out: io.StringIO) -> None:
    try:
        raise KeyError("苏E12F6X")
    except KeyError:
        structlog.get_logger().exception("photo.failed")
        logging.getLogger("library").exception("oh")
    ours, theirs = lines(out)
    assert ours["error_type"] == theirs["error_type"] == "KeyError"
    assert ours["place"].startswith("test_logs.py:") and theirs["logger"] == "library" and theirs["event"] == "library"


def test_a_library_is_found_by_logger_and_place(out: io.StringIO) -> None:
    with logs.following("req_0123456789abcdef01234567"):
        logging.getLogger("uvicorn.error").warning("text")
    (line,) = lines(out)
    assert line["logger"] == "uvicorn.error" and line["level"] == "warning" and line["place"].startswith("test_logs:")
    assert line["request_id"] == "req_0123456789abcdef01234567"


def test_the_request_id_follows_into_tasks(out: io.StringIO) -> None:
    async def inner() -> None:
        await asyncio.sleep(0)
        structlog.get_logger().info("inner.done")

    async def one(given_id: str) -> None:
        with logs.following(given_id):
            await asyncio.create_task(inner())

    async def both() -> None:
        await asyncio.gather(one("req_aaaaaaaaaaaaaaaaaaaaaaaa"), one("req_bbbbbbbbbbbbbbbbbbbbbbbb"))
        structlog.get_logger().info("outside")

    asyncio.run(both())
    assert [line.get("request_id") for line in lines(out)] == [
        "req_aaaaaaaaaaaaaaaaaaaaaaaa",
        "req_bbbbbbbbbbbbbbbbbbbbbbbb",
        None,
    ]


@pytest.mark.parametrize("told", [None, "", "苏E12F6X", "short", "a" * 65, "req 0123456789abcdef", "1" * 20, *PERSONAL])
def test_a_callers_request_id_is_taken_only_if_it_is_one(told: str | None) -> None:
    made = logs.request_id(told)
    assert made != told and logs.fits("request_id", made)
    assert logs.request_id(made) == made

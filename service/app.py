"""`POST /v1/check`: a case's photos in, facts and assessment out, nothing stored; for integrators who hold the photos.

The same use case as the command line's. There are no accounts here: bind it to an address that only your own systems
reach. Errors are problem details (RFC 9457) with a stable ``code``.
"""

from __future__ import annotations

import hashlib
import tempfile
import threading
from collections.abc import Iterator, Sequence
from datetime import date
from pathlib import Path
from typing import Annotated, Any

from fastapi import FastAPI, File, Form, Request, UploadFile
from fastapi.responses import JSONResponse
from starlette.exceptions import HTTPException
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from service.casefile import read_case
from service.cases import Gather
from vision import score, standard, wire
from vision.errors import InputError, KuaizhengError
from vision.image import DEFAULT_LIMITS, decode
from vision.types import Case, Photo, Unreadable, UnreadableReason

MAX_PHOTOS = 60
MAX_BODY_BYTES = 512 * 2**20
MAX_CASE_BYTES = 64 * 2**10

Json = dict[str, Any]


class BodyLimit:
    """Refuses a request whose body is larger than ``max_bytes``, whatever its headers say of it."""

    def __init__(self, app: ASGIApp, max_bytes: int) -> None:
        self._app, self._max_bytes = app, max_bytes

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        seen = 0

        async def counted() -> Message:
            nonlocal seen
            message = await receive()
            seen += len(message.get("body", b""))
            if seen > self._max_bytes:
                raise HTTPException(413, f"the request is larger than {self._max_bytes} bytes")
            return message

        await self._app(scope, counted, send)


def create_app(gather: Gather, max_body_bytes: int = MAX_BODY_BYTES) -> FastAPI:
    """The service around loaded models."""
    app = FastAPI(title="kuaizheng", version="1", docs_url=None, redoc_url=None)
    app.add_middleware(BodyLimit, max_bytes=max_body_bytes)
    app.add_exception_handler(KuaizhengError, _told)
    app.add_exception_handler(HTTPException, _refused)
    # A case uses every core already: a second one beside it would make both slower and double the memory.
    one_at_a_time = threading.Lock()

    @app.get("/health")
    def health() -> Json:
        """Answers once the models are loaded."""
        return {"status": "ok"}

    @app.get("/v1/standards")
    def standards() -> list[Json]:
        """The standards that a case can be judged by."""
        read = [standard.load(name) for name in standard.names()]
        return [
            {"name": one.name, "version": one.version, "title": {"zh": one.title.zh, "en": one.title.en}}
            for one in read
        ]

    @app.post("/v1/check")
    def check(
        photos: Annotated[list[UploadFile], File(max_length=MAX_PHOTOS)],
        standard_name: Annotated[str, Form(alias="standard")] = "four-photos",
        case: Annotated[str, Form(max_length=MAX_CASE_BYTES)] = "",
        on: Annotated[date | None, Form()] = None,
    ) -> Json:
        """Facts of each photo in the order given, and the assessment. ``case`` is the text of a `case.toml`."""
        if standard_name not in standard.names():
            raise InputError(f"no standard {standard_name!r}; there are {', '.join(standard.names())}")
        told = _case(case, [_name(photo, number) for number, photo in enumerate(photos, 1)], on)
        day = told.happened_at.date() if told.happened_at else on
        with one_at_a_time:
            facts = tuple(map(wire.as_stored, gather(_decoded(photos), on=day)))
        assessment = score.judge(facts, told, standard.load(standard_name))
        return {
            "facts": [wire.facts_to_json(one) for one in facts],
            "assessment": wire.assessment_to_json(assessment),
        }

    return app


def serve(gather: Gather, host: str, port: int) -> None:
    """Serves until stopped."""
    import uvicorn

    uvicorn.run(create_app(gather), host=host, port=port)


def _name(upload: UploadFile, number: int) -> str:
    return upload.filename or f"photo-{number}"


def _decoded(uploads: Sequence[UploadFile]) -> Iterator[Photo | Unreadable]:
    """The uploads one by one; one that is too large is hashed without being held."""
    for number, upload in enumerate(uploads, 1):
        name, size = _name(upload, number), upload.size or 0
        if size > DEFAULT_LIMITS.max_bytes:
            sha256 = hashlib.file_digest(upload.file, "sha256").hexdigest()  # type: ignore[arg-type]  # is a file
            yield Unreadable(name, UnreadableReason.TOO_LARGE, sha256, size)
        else:
            yield decode(upload.file.read(), name)


def _case(text: str, names: Sequence[str], on: date | None) -> Case:
    """What the caller says of the case. Raises `InputError` with line and reason."""
    if len(set(names)) < len(names):
        raise InputError("two photos have one name")
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "case.toml"
        path.write_text(text, "utf-8")
        try:
            return read_case(path, names, on)
        except InputError as error:
            raise InputError(str(error).replace(f"{folder}/", "")) from error


def _problem(status: int, code: str, detail: str) -> JSONResponse:
    content = {"type": "about:blank", "status": status, "code": code, "detail": detail}
    return JSONResponse(content, status, media_type="application/problem+json")


def _told(_: Request, error: Exception) -> JSONResponse:
    assert isinstance(error, KuaizhengError)
    return _problem(422 if isinstance(error, InputError) else 503, error.code, str(error))


def _refused(_: Request, error: Exception) -> JSONResponse:
    assert isinstance(error, HTTPException)
    code = {404: "not_found", 405: "method_not_allowed", 413: "too_large"}.get(error.status_code, "bad_request")
    return _problem(error.status_code, code, str(error.detail))

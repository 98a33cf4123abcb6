"""One table turns errors into answers: problem details (RFC 9457) with a stable ``code``, and never a traceback."""

from __future__ import annotations

import errno
import re
from typing import Any, Final

import structlog
from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse
from starlette.exceptions import HTTPException
from starlette.requests import ClientDisconnect
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from service.store.errors import StorageFullError
from vision.errors import InputError, KuaizhengError

_log = structlog.get_logger()
_STATUS = {
    "denied": 401,
    "forbidden": 403,
    "cross_site": 403,
    "not_registered": 403,
    "not_found": 404,
    "conflict": 409,
    "claimed": 409,
    "newer_assessment": 409,
    "case_exists": 409,
    "case_closed": 409,
    "photo_differs": 409,
    "too_large": 413,
    "rate_limited": 429,
    "quota_exceeded": 429,
    "legal_hold": 409,
    "bad_upload_header": 400,
    "offset_conflict": 409,
    "upload_expired": 410,
    "tus_version": 412,
    "unsupported_media_type": 415,
    "part_checksum_mismatch": 460,  # as tus has it
    "storage_full": 507,
}
MAX_JSON_BYTES: Final = 4 * 2**20
"""The largest body of a request that carries no photos: ten times what any of them may say."""
_OF_PHOTOS: Final = re.compile(r"/v1/(check|uploads/[^/]+|cases/[^/]+/photos/[^/]+)")
_CODES = {401: "denied", 404: "not_found", 405: "method_not_allowed", 413: "too_large", 429: "too_many_requests"}
RESPONSES: dict[int | str, dict[str, Any]] = {
    "4XX": {"description": "Problem details (RFC 9457) with a stable `code`."},
    "5XX": {"description": "Problem details; 503 and 507: nothing was kept, ask again later."},
}


class NotFoundError(InputError):
    """There is no such thing, or it is another organisation's: nobody is told which."""

    code = "not_found"


class ForbiddenError(InputError):
    """The key is good, but not for this."""

    code = "forbidden"


class ConflictError(InputError):
    """What is there already forbids it."""

    code = "conflict"


class CaseExistsError(InputError):
    """The organisation has a case of this external id."""

    code = "case_exists"


class CaseClosedError(InputError):
    """The case takes no more photos."""

    code = "case_closed"


class PhotoDiffersError(InputError):
    """Other bytes were received under this client id: originals are never replaced."""

    code = "photo_differs"


class ChecksumError(InputError):
    """What arrived is not what the sender hashed."""

    code = "checksum_mismatch"


class TooManyRequestsError(InputError):
    """The caller has asked for more than it may; ``retry_after_s`` is when to ask again."""

    code = "rate_limited"

    def __init__(self, message: str, retry_after_s: int) -> None:
        super().__init__(message)
        self.retry_after_s = retry_after_s


class BodyLimit:
    """Refuses a request whose body is larger than ``max_bytes``, whatever its headers say of it.

    One that carries no photos is refused above `MAX_JSON_BYTES`: such a body is held whole and parsed before anybody
    has asked for a key, so that a stranger's must not fill the memory.
    """

    def __init__(self, app: ASGIApp, max_bytes: int) -> None:
        self._app, self._max_bytes = app, max_bytes

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        seen, photos = 0, _OF_PHOTOS.fullmatch(scope.get("path", ""))
        limit = self._max_bytes if photos else min(self._max_bytes, MAX_JSON_BYTES)

        async def counted() -> Message:
            nonlocal seen
            message = await receive()
            seen += len(message.get("body", b""))
            if seen > limit:
                raise HTTPException(413, f"the request is larger than {limit} bytes")
            return message

        await self._app(scope, counted, send)


def add_handlers(app: FastAPI) -> None:
    """Every error of every route is answered by one of these."""
    app.add_exception_handler(KuaizhengError, _told)
    app.add_exception_handler(HTTPException, _refused)
    app.add_exception_handler(ClientDisconnect, _left)
    app.add_exception_handler(RequestValidationError, _invalid)
    app.add_exception_handler(OSError, _no_room)
    app.add_exception_handler(Exception, _fault)


def problem(status: int, code: str, detail: str, headers: dict[str, str] | None = None) -> JSONResponse:
    """Problem details."""
    content = {"type": "about:blank", "status": status, "code": code, "detail": detail}
    return JSONResponse(content, status, headers, media_type="application/problem+json")


def _told(_: Request, error: Exception) -> JSONResponse:
    assert isinstance(error, KuaizhengError)
    status = _STATUS.get(error.code, 422 if isinstance(error, InputError) else 503)
    headers = {401: {"WWW-Authenticate": "Bearer"}, 503: {"Retry-After": "2"}}.get(status)
    if isinstance(error, TooManyRequestsError):
        headers = {"Retry-After": str(error.retry_after_s)}
    return problem(status, error.code, str(error), headers)


def _refused(request: Request, error: Exception) -> JSONResponse:
    assert isinstance(error, HTTPException)
    if isinstance(error.__cause__, OSError):  # where a form's files are kept while it is read
        return _no_room(request, error.__cause__)
    code = _CODES.get(error.status_code, "bad_request")
    return problem(error.status_code, code, str(error.detail), dict(error.headers or {}))


def _no_room(_: Request, error: Exception) -> JSONResponse:
    """A temporary folder that is full; any other fault of the system is one of ours."""
    if isinstance(error, OSError) and error.errno in (errno.ENOSPC, errno.EDQUOT):
        return problem(507, StorageFullError.code, "no room left for what arrives")
    raise error


def _left(_: Request, error: Exception) -> JSONResponse:
    # To nobody: whoever asked has gone. It is no fault of ours, and not logged as one.
    return problem(400, "client_disconnected", "the request broke off")


def _invalid(_: Request, error: Exception) -> JSONResponse:
    assert isinstance(error, RequestValidationError)
    first = error.errors()[0]
    # Where and why, never the value: it may be a plate or a name.
    return problem(422, "bad_request", f"{'.'.join(map(str, first['loc']))}: {first['msg']}")


def _fault(request: Request, error: Exception) -> JSONResponse:
    given = request.state.request_id
    _log.error("request.failed", request_id=given, exc_info=error)
    return problem(500, "internal", "a fault of ours", {"X-Request-ID": given})

"""The session's cookie, and the proof that a request which changes something comes from our own pages.

A browser adds the cookie to requests that other sites cause. ``SameSite=Lax`` keeps it from most of them; what changes
something must also name our own origin, as every browser of today does (OWASP, CSRF prevention, standard headers).
"""

from __future__ import annotations

from typing import Final
from urllib.parse import urlsplit

from fastapi import Request, Response

from service.api.problems import ForbiddenError
from service.settings import Settings

SAFE: Final = frozenset({"GET", "HEAD", "OPTIONS"})
LOGIN_PATH: Final = "/v1/session/oidc"
_NAME: Final = "kz_session"
_LOGIN: Final = "kz_login"


class CrossSiteError(ForbiddenError):
    """A request with a cookie that is not proved to come from our own pages."""

    code = "cross_site"


def secure(request: Request, settings: Settings) -> bool:
    """Whether browsers reach us by https."""
    return settings.public_url.startswith("https:") or request.url.scheme == "https"


def token_of(request: Request, settings: Settings) -> str | None:
    """What the session's cookie holds."""
    return request.cookies.get(_session_name(request, settings))


def set_session(request: Request, response: Response, settings: Settings, token: str) -> None:
    """Gone with the browser's session; how long it opens anything is the table's business."""
    name, over_tls = _session_name(request, settings), secure(request, settings)
    response.set_cookie(name, token, path="/", secure=over_tls, httponly=True, samesite="lax")


def clear_session(request: Request, response: Response, settings: Settings) -> None:
    """Takes the cookie back."""
    name, over_tls = _session_name(request, settings), secure(request, settings)
    response.delete_cookie(name, path="/", secure=over_tls, httponly=True, samesite="lax")


def set_login(request: Request, response: Response, settings: Settings, token: str) -> None:
    """Ties a login at the provider to this browser: nobody can be logged in as another by a link."""
    over_tls = secure(request, settings)
    response.set_cookie(_LOGIN, token, max_age=600, path=LOGIN_PATH, secure=over_tls, httponly=True, samesite="lax")


def login_of(request: Request) -> str:
    """What `set_login` gave this browser; empty where it gave nothing."""
    return request.cookies.get(_LOGIN, "")


def refuse_cross_site(request: Request, settings: Settings) -> None:
    """Raises `CrossSiteError` unless the request changes nothing or comes from our own pages."""
    if request.method in SAFE:
        return
    origin = request.headers.get("origin")
    if origin is None:
        if request.headers.get("sec-fetch-site") != "same-origin":
            raise CrossSiteError("with a cookie, a request that changes something needs the header Origin")
    elif not _ours(origin, request, settings):
        raise CrossSiteError("this request comes from another site")


def refuse_foreign_origin(request: Request, settings: Settings) -> None:
    """The same for a login, which has no cookie yet: only what a browser says comes from elsewhere is refused."""
    origin = request.headers.get("origin")
    if origin is not None and not _ours(origin, request, settings):
        raise CrossSiteError("this request comes from another site")


def _ours(origin: str, request: Request, settings: Settings) -> bool:
    if settings.public_url:
        return origin == settings.public_url
    # Behind a TLS proxy the scheme that we see is not the browser's.
    split = urlsplit(origin)
    return split.scheme in ("http", "https") and split.netloc == request.headers.get("host", "")


def _session_name(request: Request, settings: Settings) -> str:
    # With this prefix browsers take the cookie from no neighbouring host and never send it in the clear.
    return f"__Host-{_NAME}" if secure(request, settings) else _NAME

"""Officers log in at the OpenID Connect provider: authorisation code with PKCE, tied to the browser that began it."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Query, Request
from fastapi.responses import RedirectResponse

from service.api import cookies
from service.api.parts import TheParts
from service.api.problems import RESPONSES, ForbiddenError, NotFoundError
from service.api.sessions_steps import begin, slow_down_redirects
from service.guard import sessions as guard_sessions
from service.guard.errors import Denied
from service.oidc_client import OidcClient
from service.store import keys, officers, sessions
from service.store.sessions import OidcLogin

router = APIRouter(prefix=cookies.LOGIN_PATH, tags=["sessions"], responses=RESPONSES)


class NotRegisteredError(ForbiddenError):
    """The provider knows who it is, and we have no account of theirs."""

    code = "not_registered"


@router.get("", status_code=303, response_class=RedirectResponse)
async def to_provider(request: Request, parts: TheParts) -> RedirectResponse:
    """Sends the browser to the provider."""
    client = _client(request)
    slow_down_redirects(request)
    state, browser, nonce, verifier = (guard_sessions.new_token() for _ in range(4))
    url = await client.authorize_url(state, nonce, verifier)
    async with parts.database.write() as connection:
        login = OidcLogin(nonce, verifier)
        await sessions.send_off(connection, guard_sessions.digest(state), guard_sessions.digest(browser), login)
    answer = RedirectResponse(url, 303, {"Cache-Control": "no-store"})
    cookies.set_login(request, answer, parts.settings, browser)
    return answer


@router.get("/callback", status_code=303, response_class=RedirectResponse)
async def from_provider(
    request: Request,
    parts: TheParts,
    state: Annotated[str, Query(max_length=100)],
    code: Annotated[str, Query(max_length=4000)] = "",
    iss: Annotated[str | None, Query(max_length=500)] = None,
) -> RedirectResponse:
    """Where the provider sends the browser back; a session if it proves who came."""
    client, browser = _client(request), cookies.login_of(request)
    slow_down_redirects(request)
    async with parts.database.write() as connection:
        digests = (guard_sessions.digest(state), guard_sessions.digest(browser))
        login = await sessions.come_back(connection, *digests)
    if login is None or not code:
        raise Denied("this login was not begun here, has taken too long, or was refused")
    subject = await client.subject(code, iss, login.nonce, login.verifier)
    async with parts.database.read() as connection:
        organisation = await keys.organisation_of(connection, parts.settings.oidc_organisation)
        found = None if organisation is None else await officers.by_subject(connection, organisation, subject)
    if found is None or found.disabled_ms is not None:
        raise NotRegisteredError("the provider knows you, and there is no account for you here")
    answer = RedirectResponse("/", 303, {"Cache-Control": "no-store"})
    await begin(request, answer, parts, found)
    return answer


def _client(request: Request) -> OidcClient:
    client = request.app.state.oidc
    if not isinstance(client, OidcClient):
        raise NotFoundError("no provider is set: officers log in by a password")
    return client

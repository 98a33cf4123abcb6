"""Speaks to the OpenID Connect provider: discovery, keys, code for token. What proves anything is in `guard.oidc`."""

from __future__ import annotations

import asyncio
import base64
import json
import time
from collections.abc import Mapping
from dataclasses import dataclass
from http.client import HTTPException
from typing import IO, Any, Final
from urllib.error import HTTPError, URLError
from urllib.parse import quote, urlencode
from urllib.request import HTTPRedirectHandler, ProxyHandler, Request, build_opener

from joserfc.jwk import KeySet

from service.guard import oidc
from service.guard.errors import Denied
from service.guard.oidc import Expected, Provider, ProviderError
from service.settings import Settings, SettingsError

CALLBACK: Final = "/v1/session/oidc/callback"
TIMEOUT_S: Final = 10.0
MAX_BYTES: Final = 2**20
FRESH_S: Final = 3600.0
KEYS_FRESH_S: Final = 10.0
"""Keys are asked for again at most so often, when a token is signed by one that we do not know."""


class _NoRedirect(HTTPRedirectHandler):
    def redirect_request(self, *_: object) -> None:
        """An endpoint that sends us elsewhere is none."""


_OPENER: Final = build_opener(ProxyHandler({}), _NoRedirect())


@dataclass(frozen=True, slots=True)
class _Held:
    provider: Provider
    keys: KeySet
    at_s: float


class OidcClient:
    """One provider. Raises `SettingsError` when it is made with settings that lack something."""

    def __init__(self, settings: Settings) -> None:
        if not (settings.oidc_client_id and settings.public_url and oidc.secure(settings.oidc_issuer)):
            raise SettingsError("setting 'oidc_issuer': needs https, oidc_client_id and public_url beside it")
        self._issuer, self._client_id = settings.oidc_issuer, settings.oidc_client_id
        self._redirect_uri = settings.public_url + CALLBACK
        self._secret = _read(settings)
        self._held: _Held | None = None

    async def authorize_url(self, state: str, nonce: str, verifier: str) -> str:
        """Where the browser is sent. Raises `ProviderError`."""
        provider = (await self._told()).provider
        return oidc.authorize_url(provider, self._client_id, self._redirect_uri, state, nonce, verifier)

    async def subject(self, code: str, issuer: str | None, nonce: str, verifier: str) -> str:
        """Who logged in at the provider. Raises `Denied`, `ProviderError`."""
        held = await self._told()
        if issuer != held.provider.issuer and (held.provider.tells_issuer or issuer is not None):
            raise Denied("the answer is another provider's")
        token = await asyncio.to_thread(self._exchange, held.provider, code, verifier)
        expected = Expected(self._issuer, self._client_id, nonce, int(time.time()))
        try:
            return oidc.subject_of(token, held.keys, expected)
        except Denied:
            if time.monotonic() < held.at_s + KEYS_FRESH_S:
                raise
        return oidc.subject_of(token, (await self._told(anew=True)).keys, expected)

    async def _told(self, *, anew: bool = False) -> _Held:
        if anew or self._held is None or time.monotonic() > self._held.at_s + FRESH_S:
            self._held = await asyncio.to_thread(self._discover)
        return self._held

    def _discover(self) -> _Held:
        url = self._issuer.rstrip("/") + "/.well-known/openid-configuration"
        provider = oidc.provider_of(_asked(Request(url)), self._issuer)
        return _Held(provider, oidc.keys_of(_asked(Request(provider.jwks_uri))), time.monotonic())

    def _exchange(self, provider: Provider, code: str, verifier: str) -> str:
        form = {"grant_type": "authorization_code", "code": code, "redirect_uri": self._redirect_uri}
        form["code_verifier"] = verifier
        headers = {"Content-Type": "application/x-www-form-urlencoded"}
        if self._secret is None:
            form["client_id"] = self._client_id
        else:  # RFC 6749, section 2.3.1
            pair = f"{quote(self._client_id, safe='')}:{quote(self._secret, safe='')}"
            headers["Authorization"] = f"Basic {base64.b64encode(pair.encode()).decode('ascii')}"
        token = _asked(Request(provider.token_endpoint, urlencode(form).encode(), headers)).get("id_token")
        if not isinstance(token, str):
            raise ProviderError("the provider gave no ID token")
        return token


def _asked(request: Request) -> Mapping[str, Any]:
    """A JSON object. Raises `Denied` where a code was refused, and `ProviderError`."""
    request.add_header("Accept", "application/json")
    try:
        with _OPENER.open(request, timeout=TIMEOUT_S) as answer:
            return _object(answer)
    except HTTPError as error:
        with error:
            if request.data is not None and error.code in (400, 401, 403):
                raise Denied("the provider refused the code") from error
            raise ProviderError(f"the provider answers {error.code}") from error
    except (URLError, HTTPException, OSError, ValueError) as error:
        raise ProviderError(f"the provider does not answer ({type(error).__name__})") from error


def _object(answer: IO[bytes]) -> Mapping[str, Any]:
    told = json.loads(answer.read(MAX_BYTES))
    if not isinstance(told, dict):
        raise ValueError("no object")
    return told


def _read(settings: Settings) -> str | None:
    if settings.oidc_client_secret_file is None:
        return None
    try:
        return settings.oidc_client_secret_file.read_text("utf-8").strip()
    except (OSError, ValueError) as error:
        raise SettingsError(f"setting 'oidc_client_secret_file': {type(error).__name__}") from error

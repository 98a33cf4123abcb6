"""Login at an OpenID Connect provider: authorisation code with PKCE, and the checks of its ID token. No network here.

OpenID Connect Core 1.0, sections 3.1.2 and 3.1.3.7; RFC 7636 (PKCE, S256); RFC 9207 (issuer in the answer).
"""

from __future__ import annotations

import base64
import hashlib
import hmac
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final
from urllib.parse import urlencode, urlsplit

from joserfc import jwt
from joserfc.errors import JoseError
from joserfc.jwk import ECKey, KeySet, OKPKey, RSAKey

from service.guard.errors import Denied
from vision.errors import KuaizhengError

ALGORITHMS: Final = ("RS256", "RS384", "RS512", "PS256", "PS384", "PS512", "ES256", "ES384", "ES512", "Ed25519")
"""Signatures by a private key alone: neither ``none`` nor one whose key our own secret could be."""
LEEWAY_S: Final = 60
_ASYMMETRIC: Final = (RSAKey, ECKey, OKPKey)


class ProviderError(KuaizhengError):
    """The provider does not answer, or not as the standard says; nobody can log in by it just now."""

    code = "provider_unavailable"


@dataclass(frozen=True, slots=True)
class Provider:
    """What its discovery document tells."""

    issuer: str
    authorization_endpoint: str
    token_endpoint: str
    jwks_uri: str
    tells_issuer: bool
    """Whether its answers carry ``iss``."""


@dataclass(frozen=True, slots=True)
class Expected:
    """What an ID token must say."""

    issuer: str
    client_id: str
    nonce: str
    now_s: int


def provider_of(told: Mapping[str, Any], issuer: str) -> Provider:
    """The provider of a discovery document. Raises `ProviderError` for another issuer's or an unfit one."""
    names = ("authorization_endpoint", "token_endpoint", "jwks_uri")
    found = [told.get(name) for name in names]
    if told.get("issuer") != issuer or not all(isinstance(url, str) and secure(url) for url in found):
        raise ProviderError("the provider's discovery document is not that of the issuer that is set")
    if "S256" not in told.get("code_challenge_methods_supported", ["S256"]):
        raise ProviderError("the provider knows no PKCE by S256")
    tells = told.get("authorization_response_iss_parameter_supported") is True
    authorization, token, jwks = map(str, found)
    return Provider(issuer, authorization, token, jwks, tells)


def secure(url: str) -> bool:
    """Whether ``url`` is https, or http on this machine itself (for trying it out)."""
    split = urlsplit(url)
    here = split.hostname in ("localhost", "127.0.0.1", "::1")
    return bool(split.hostname) and (split.scheme == "https" or (split.scheme == "http" and here))


def authorize_url(provider: Provider, client_id: str, redirect_uri: str, state: str, nonce: str, verifier: str) -> str:
    """Where the browser is sent."""
    asked = {
        "response_type": "code",
        "client_id": client_id,
        "redirect_uri": redirect_uri,
        "scope": "openid",
        "state": state,
        "nonce": nonce,
        "code_challenge": challenge(verifier),
        "code_challenge_method": "S256",
    }
    mark = "&" if urlsplit(provider.authorization_endpoint).query else "?"
    return f"{provider.authorization_endpoint}{mark}{urlencode(asked)}"


def challenge(verifier: str) -> str:
    """RFC 7636: BASE64URL(SHA256(verifier))."""
    return base64.urlsafe_b64encode(hashlib.sha256(verifier.encode("ascii")).digest()).rstrip(b"=").decode("ascii")


def keys_of(told: Mapping[str, Any]) -> KeySet:
    """The provider's public keys; what is none for signing is left out. Raises `ProviderError`."""
    found = []
    for one in told.get("keys") or ():
        try:
            read = KeySet.import_key_set({"keys": [one]}).keys
        except (JoseError, ValueError, TypeError, KeyError):
            continue  # of a kind that we do not know, which a provider may have for others
        found += [key for key in read if isinstance(key, _ASYMMETRIC) and one.get("use", "sig") == "sig"]
    if not found:
        raise ProviderError("the provider tells no key to check its signatures by")
    return KeySet(list(found))


def subject_of(token: str, keys: KeySet, expected: Expected) -> str:
    """Who has logged in, by the ID token. Raises `Denied`; why stays inside."""
    try:
        claims = jwt.decode(token, keys, algorithms=list(ALGORITHMS)).claims
        jwt.JWTClaimsRegistry(
            now=expected.now_s,
            leeway=LEEWAY_S,
            iss={"essential": True, "value": expected.issuer},
            aud={"essential": True, "value": expected.client_id},
            exp={"essential": True},
            iat={"essential": True},
            sub={"essential": True},
        ).validate(claims)
    except (JoseError, ValueError, TypeError, KeyError) as error:
        raise Denied("the provider's answer proves nothing") from error
    audience, party, nonce = claims["aud"], claims.get("azp"), claims.get("nonce")
    several = isinstance(audience, list) and len(audience) > 1
    if (several or party is not None) and party != expected.client_id:
        raise Denied("the provider's answer proves nothing")
    if not isinstance(nonce, str) or not hmac.compare_digest(nonce.encode(), expected.nonce.encode()):
        raise Denied("the provider's answer proves nothing")
    return str(claims["sub"])

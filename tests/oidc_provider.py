"""A small OpenID Connect provider over real HTTP: discovery, keys, authorisation code with PKCE, ID tokens.

Whoever comes to its authorisation endpoint is logged in as `Provider.subject`. A test bends what it says by `bend`.
"""

from __future__ import annotations

import base64
import hashlib
import json
import secrets
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qsl, urlencode, urlsplit
from urllib.request import HTTPRedirectHandler, build_opener

from joserfc import jwt
from joserfc.jwk import RSAKey

CLIENT, SECRET = "kuaizheng", "a secret: ~"
Claims = dict[str, Any]


def honest(provider: Provider, claims: Claims) -> str:
    """The token as it should be."""
    return jwt.encode({"alg": "RS256", "kid": "a"}, claims, provider.key)


@dataclass
class Provider:
    issuer: str
    key: RSAKey = field(default_factory=lambda: RSAKey.generate_key(2048, {"kid": "a", "use": "sig"}))
    subject: str = "officer-1"
    bend: Callable[[Provider, Claims], str] = honest
    codes: dict[str, dict[str, str]] = field(default_factory=dict)

    def discovery(self) -> dict[str, Any]:
        return {
            "issuer": self.issuer,
            "authorization_endpoint": f"{self.issuer}/authorize",
            "token_endpoint": f"{self.issuer}/token",
            "jwks_uri": f"{self.issuer}/keys",
            "authorization_response_iss_parameter_supported": True,
        }

    def authorize(self, asked: dict[str, str]) -> str:
        code = secrets.token_urlsafe(16)
        self.codes[code] = asked
        return f"{asked['redirect_uri']}?{urlencode({'code': code, 'state': asked['state'], 'iss': self.issuer})}"

    def token(self, form: dict[str, str], authorization: str) -> dict[str, Any] | None:
        """Null: refused. A code is good once."""
        pair = base64.b64encode(f"{CLIENT}:a%20secret%3A%20~".encode()).decode()
        asked = self.codes.pop(form.get("code", ""), None)
        if asked is None or authorization != f"Basic {pair}" or form["redirect_uri"] != asked["redirect_uri"]:
            return None
        digest = hashlib.sha256(form["code_verifier"].encode()).digest()
        if base64.urlsafe_b64encode(digest).rstrip(b"=").decode() != asked["code_challenge"]:
            return None
        now = int(time.time())
        claims = {"iss": self.issuer, "aud": asked["client_id"], "sub": self.subject, "nonce": asked["nonce"]}
        return {"id_token": self.bend(self, {**claims, "iat": now, "exp": now + 60}), "token_type": "Bearer"}


@contextmanager
def providing() -> Iterator[Provider]:
    """A provider that listens on this machine."""

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            split = urlsplit(self.path)
            if split.path == "/authorize":
                self.send_response(302)
                self.send_header("Location", provider.authorize(dict(parse_qsl(split.query))))
                self.end_headers()
            elif split.path == "/keys":
                self._json({"keys": [provider.key.as_dict(private=False)]})
            else:
                self._json(provider.discovery())

        def do_POST(self) -> None:
            form = dict(parse_qsl(self.rfile.read(int(self.headers["Content-Length"])).decode()))
            told = provider.token(form, self.headers.get("Authorization", ""))
            self._json(told or {"error": "invalid_grant"}, 200 if told else 400)

        def _json(self, value: object, status: int = 200) -> None:
            body = json.dumps(value).encode()
            self.send_response(status)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_: object) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    provider = Provider(f"http://127.0.0.1:{server.server_port}")
    thread = threading.Thread(target=server.serve_forever, args=(0.05,))
    thread.start()
    try:
        yield provider
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


def through(url: str) -> str:
    """Where the provider sends a browser that comes to ``url``."""

    class Stay(HTTPRedirectHandler):
        def http_error_302(self, req: Any, fp: Any, code: int, msg: str, headers: Any) -> Any:
            return fp

    with build_opener(Stay()).open(url, timeout=10) as answer:
        return str(answer.headers["Location"])

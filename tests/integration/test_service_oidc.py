"""Officers log in at an OpenID Connect provider that listens here, and nobody gets in by a bent answer of it."""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
import shutil
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import httpx2
import pytest
from joserfc import jwt
from joserfc.jwk import RSAKey
from sqlalchemy import func, select, update

from service.guard.ratelimit import Limit, Limiter
from service.store.database import now_ms
from service.store.schema_officers import oidc_logins
from tests.oidc_provider import CLIENT, SECRET, Claims, Provider, honest, providing, through
from tests.service_client import Asking, asking, code

HERE = "https://kz.example"


@dataclass(frozen=True, slots=True)
class Place:
    service: Asking
    provider: Provider

    def begin(self) -> str:
        """Where the provider sends the browser back."""
        answer = self.service.client.get("/v1/session/oidc", follow_redirects=False)
        assert answer.status_code == 303, answer.text
        return through(answer.headers["location"])

    def come_back(self, url: str) -> httpx2.Response:
        return self.service.client.get(url, follow_redirects=False)

    def log_in(self) -> httpx2.Response:
        return self.come_back(self.begin())


@pytest.fixture(scope="module")
def provider() -> Iterator[Provider]:
    with providing() as one:
        yield one


@pytest.fixture(scope="module")
def service(sqlite_template: Path, provider: Provider, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Asking]:
    folder = tmp_path_factory.mktemp("oidc")
    url = f"sqlite:///{shutil.copy(sqlite_template, folder / 'kuaizheng.db')}"
    (folder / "secret").write_text(SECRET + "\n")
    told = {
        "public_url": HERE,
        "oidc_issuer": provider.issuer,
        "oidc_client_id": CLIENT,
        "oidc_client_secret_file": folder / "secret",
        "oidc_organisation": "police",
    }
    with asking(url, folder, None, **told) as one:
        one.client.base_url = HERE
        for number, login in ((1, "wang"), (3, "zhang")):
            officer = {"login": login, "name": "王小明", "role": "officer", "subject": f"officer-{number}"}
            assert one.client.post("/v1/officers", json=officer, headers=one.admin).status_code == 201
        yield one


@pytest.fixture
def place(service: Asking, provider: Provider) -> Place:
    provider.bend, provider.subject = honest, "officer-1"
    service.client.cookies.clear()
    service.client.app.state.redirects._buckets.clear()  # type: ignore[attr-defined]
    return Place(service, provider)


def test_an_officer_logs_in(place: Place) -> None:
    answer = place.log_in()
    assert (answer.status_code, answer.headers["location"]) == (303, "/")
    cookie = answer.headers["set-cookie"]
    assert cookie.startswith("__Host-kz_session=") and "HttpOnly" in cookie
    assert "Secure" in cookie and "SameSite=lax" in cookie and "Domain" not in cookie
    told = place.service.client.get("/v1/session").json()
    assert (told["login"], told["role"]) == ("wang", "officer")


def test_what_goes_to_the_provider(place: Place) -> None:
    answer = place.service.client.get("/v1/session/oidc", follow_redirects=False)
    asked = parse_qs(urlsplit(answer.headers["location"]).query)
    assert asked["response_type"] == ["code"] and asked["code_challenge_method"] == ["S256"]
    assert asked["redirect_uri"] == [f"{HERE}/v1/session/oidc/callback"] and asked["scope"] == ["openid"]
    again = parse_qs(
        urlsplit(place.service.client.get("/v1/session/oidc", follow_redirects=False).headers["location"]).query
    )
    assert all(asked[name] != again[name] for name in ("state", "nonce", "code_challenge"))


def glued(head: Claims, claims: Claims) -> bytes:
    return b".".join(base64.urlsafe_b64encode(json.dumps(one).encode()).rstrip(b"=") for one in (head, claims))


def unsigned(_: Provider, claims: Claims) -> str:
    return glued({"alg": "none"}, claims).decode() + "."


def by_public_key(provider: Provider, claims: Claims) -> str:
    """The provider's public key as the secret of HS256."""
    text = glued({"alg": "HS256", "kid": "a"}, claims)
    signature = hmac.new(provider.key.as_pem(private=False), text, hashlib.sha256).digest()
    return f"{text.decode()}.{base64.urlsafe_b64encode(signature).rstrip(b'=').decode()}"


def by_stranger(_: Provider, claims: Claims) -> str:
    return jwt.encode({"alg": "RS256", "kid": "a"}, claims, RSAKey.generate_key(2048, {"kid": "a"}))


def with_own_key(_: Provider, claims: Claims) -> str:
    key = RSAKey.generate_key(2048)
    return jwt.encode({"alg": "RS256", "jwk": key.as_dict(private=False)}, claims, key)


def saying(**values: object) -> Callable[[Provider, Claims], str]:
    return lambda provider, claims: honest(provider, {**claims, **values})


def without(name: str) -> Callable[[Provider, Claims], str]:
    return lambda provider, claims: honest(provider, {key: one for key, one in claims.items() if key != name})


BENT: tuple[tuple[str, Callable[[Provider, Claims], str]], ...] = (
    ("alg none", unsigned),
    ("key confusion", by_public_key),
    ("another's signature", by_stranger),
    ("a key of its own", with_own_key),
    ("wrong nonce", saying(nonce="x")),
    ("a list of nonces", saying(nonce=["x"])),
    ("no nonce", without("nonce")),
    ("wrong audience", saying(aud="another")),
    ("no audience", without("aud")),
    ("several audiences, for another", saying(aud=[CLIENT, "another"])),
    ("for another party", saying(azp="another")),
    ("wrong issuer", saying(iss="https://evil.example")),
    ("no issuer", without("iss")),
    ("expired", saying(exp=int(time.time()) - 3600)),
    ("never expires", without("exp")),
    ("issued in the future", saying(iat=int(time.time()) + 3600)),
    ("nobody", without("sub")),
    ("a number", saying(sub=7)),
    ("no token", lambda _provider, _claims: "x.y.z"),
    ("cut", lambda provider, claims: honest(provider, claims)[:-8]),
)


@pytest.mark.parametrize("bend", [bend for _, bend in BENT], ids=[name for name, _ in BENT])
def test_a_bent_token_opens_nothing(place: Place, bend: Callable[[Provider, Claims], str]) -> None:
    place.provider.bend = bend
    assert code(place.log_in()) == (401, "denied")
    assert code(place.service.client.get("/v1/session"))[0] == 401
    place.provider.bend = honest
    assert place.log_in().status_code == 303


def test_an_answer_is_good_once(place: Place) -> None:
    url = place.begin()
    assert place.come_back(url).status_code == 303
    place.service.client.cookies.clear()
    assert code(place.come_back(url))[0] == 401


def test_a_code_is_good_for_its_own_login(place: Place) -> None:
    """A code that was stolen, put into another login: its verifier does not fit."""
    stolen = parse_qs(urlsplit(place.begin()).query)["code"][0]
    own = urlsplit(place.begin())
    state = parse_qs(own.query)["state"][0]
    url = f"{own.scheme}://{own.netloc}{own.path}?code={stolen}&state={state}&iss={place.provider.issuer}"
    assert code(place.come_back(url)) == (401, "denied")


def test_a_login_comes_back_to_the_browser_that_began_it(place: Place) -> None:
    url = place.begin()
    place.service.client.cookies.clear()  # another browser is made to open the link
    assert code(place.come_back(url)) == (401, "denied")


@pytest.mark.parametrize("query", ["state=x&code=y", "state=&code=", "code=y", "state=x&error=access_denied"])
def test_what_was_not_begun_here_is_refused(place: Place, query: str) -> None:
    assert code(place.come_back(f"/v1/session/oidc/callback?{query}"))[0] in (401, 422)


def test_an_answer_of_another_provider_is_refused(place: Place) -> None:
    url = place.begin()
    assert code(place.come_back(url[: url.index("&iss=")]))[0] == 401
    assert code(place.come_back(place.begin().replace("&iss=", "&iss=https%3A%2F%2Fevil.example%2F")))[0] == 401


def test_who_has_no_account_stays_outside(place: Place) -> None:
    place.provider.subject = "officer-2"
    assert code(place.log_in()) == (403, "not_registered")
    place.provider.subject = "officer-3"
    officers = place.service.client.get("/v1/officers", headers=place.service.admin).json()["officers"]
    url = f"/v1/officers/{next(one['id'] for one in officers if one['login'] == 'zhang')}"
    place.service.client.patch(url, json={"disabled": True}, headers=place.service.admin)
    assert code(place.log_in()) == (403, "not_registered")


def test_new_keys_of_the_provider_are_taken_up(place: Place, monkeypatch: pytest.MonkeyPatch) -> None:
    assert place.log_in().status_code == 303
    place.provider.key = RSAKey.generate_key(2048, {"kid": "a", "use": "sig"})
    assert code(place.log_in())[0] == 401, "asked for again at most every ten seconds"
    monkeypatch.setattr("service.oidc_client.KEYS_FRESH_S", 0.0)
    assert place.log_in().status_code == 303


def test_a_provider_that_is_away_is_no_fault_of_ours(place: Place) -> None:
    url = place.begin()
    place.provider.bend = lambda _provider, _claims: None  # type: ignore[assignment,return-value]  # no ID token
    assert code(place.come_back(url)) == (503, "provider_unavailable")


def test_who_only_begins_fills_no_table(place: Place, monkeypatch: pytest.MonkeyPatch) -> None:
    async def waiting(age_ms: int = 0) -> int:
        async with place.service.parts.database.write() as connection:
            if age_ms:
                await connection.execute(update(oidc_logins).values(created_ms=now_ms() - age_ms))
            return int((await connection.execute(select(func.count()).select_from(oidc_logins))).scalar_one())

    place.begin()
    assert place.service.call(waiting, 700_000) >= 1
    place.begin()
    assert place.service.call(waiting) == 1, "those that took too long are gone"
    monkeypatch.setattr(place.service.client.app.state, "redirects", Limiter((Limit(0.1, 3),)))  # type: ignore[attr-defined]
    told = [place.service.client.get("/v1/session/oidc", follow_redirects=False).status_code for _ in range(3)]
    assert told == [303] * 3 and place.service.call(waiting) == 4
    late = place.service.client.get("/v1/session/oidc", follow_redirects=False)
    assert code(late) == (429, "too_many_requests") and 1 <= int(late.headers["Retry-After"]) <= 10
    assert code(place.come_back("/v1/session/oidc/callback?state=x&code=y"))[0] == 429
    assert place.service.call(waiting) == 4

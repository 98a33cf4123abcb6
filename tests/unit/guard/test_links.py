"""Signed links: every part of a token counts, and time is the one that was passed in."""

from __future__ import annotations

import base64
import json
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from service.guard import links
from service.guard.errors import Denied
from service.guard.links import Link, LinkKeys, Purpose
from vision.errors import InputError

NOW = datetime(2026, 5, 1, 8, tzinfo=UTC)
KEYS = LinkKeys("k2", {"k1": b"a" * 32, "k2": b"b" * 32})
LINK = Link(Purpose.ORIGINAL, "org1", "case1", "photo1", "0,0,10,10")
TEN = timedelta(minutes=10)
TOKEN = links.sign(LINK, KEYS, NOW, TEN)


def claims_of(token: str) -> dict[str, Any]:
    body = token.split(".")[1]
    return json.loads(base64.urlsafe_b64decode(body + "=" * (-len(body) % 4)))  # type: ignore[no-any-return]


def with_claims(claims: dict[str, Any]) -> str:
    key_id, _, mac = TOKEN.split(".")
    body = base64.urlsafe_b64encode(json.dumps(claims, sort_keys=True, separators=(",", ":")).encode()).decode()
    return f"{key_id}.{body.rstrip('=')}.{mac}"


def refused(token: str, purpose: Purpose = Purpose.ORIGINAL, keys: LinkKeys = KEYS, now: datetime = NOW) -> None:
    with pytest.raises(Denied, match=r"^link not valid$"):
        links.verify(token, purpose, keys, now)


@given(
    st.sampled_from(Purpose),
    st.lists(st.from_regex(r"[A-Za-z0-9_:,-]{1,128}", fullmatch=True), min_size=4, max_size=4),
    st.integers(1, 900),
)
def test_what_is_signed_is_read_back(purpose: Purpose, ids: list[str], seconds: int) -> None:
    link = Link(purpose, *ids)
    token = links.sign(link, KEYS, NOW, timedelta(seconds=seconds))
    assert links.verify(token, purpose, KEYS, NOW + timedelta(seconds=seconds - 1)) == link
    assert set(token) <= set("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-_.")


def test_rebuilding_the_token_of_the_tests_gives_the_token() -> None:
    assert with_claims(claims_of(TOKEN)) == TOKEN, "else the next test proves nothing"


@pytest.mark.parametrize("field", ["purpose", "organisation", "case", "photo", "detail", "expires"])
def test_every_claim_is_covered(field: str) -> None:
    claims = claims_of(TOKEN)
    changed = {
        "purpose": "crop",
        "organisation": "org2",
        "case": "case2",
        "photo": "photo2",
        "detail": "",
        "expires": claims["expires"] + 1,
    }
    refused(with_claims({**claims, field: changed[field]}))
    refused(with_claims({name: value for name, value in claims.items() if name != field}))


@given(st.integers(0, len(TOKEN) - 1), st.characters())
def test_every_character_is_covered(at: int, new: str) -> None:
    token = TOKEN[:at] + new + TOKEN[at + 1 :]
    if token != TOKEN:
        refused(token)


@given(st.text())
def test_no_text_breaks_the_reader(text: str) -> None:
    refused(text)


@pytest.mark.parametrize("cut", range(1, 6))
def test_cut_and_grown_tokens(cut: int) -> None:
    refused(TOKEN[:-cut])
    refused(TOKEN + "A" * cut)
    refused(TOKEN + "." * cut)


def test_expiry_is_the_passed_clock() -> None:
    assert links.verify(TOKEN, Purpose.ORIGINAL, KEYS, NOW + TEN - timedelta(seconds=1)) == LINK
    refused(TOKEN, now=NOW + TEN)


@pytest.mark.parametrize("purpose", [purpose for purpose in Purpose if purpose is not Purpose.ORIGINAL])
def test_one_purpose_is_not_another(purpose: Purpose) -> None:
    refused(TOKEN, purpose)


def test_rotation() -> None:
    old = links.sign(LINK, replace(KEYS, current="k1"), NOW, TEN)
    assert links.verify(old, Purpose.ORIGINAL, KEYS, NOW) == LINK, "a key that no longer signs still verifies"
    refused(old, keys=LinkKeys("k2", {"k2": b"b" * 32}))
    refused(old.replace("k1.", "k2.", 1))
    refused(TOKEN, keys=LinkKeys("k2", {"k2": b"c" * 32}))


@pytest.mark.parametrize(
    ("link", "lifetime"),
    [
        (LINK, timedelta(0)),
        (LINK, -TEN),
        (LINK, timedelta(minutes=15, seconds=1)),
        (replace(LINK, purpose=Purpose.UPLOAD), timedelta(days=8)),
        (replace(LINK, case=""), TEN),
        (replace(LINK, organisation=""), TEN),
        (replace(LINK, detail="苏E12F6"), TEN),
        (replace(LINK, photo="a" * 129), TEN),
    ],
)
def test_what_is_not_signed(link: Link, lifetime: timedelta) -> None:
    with pytest.raises(InputError):
        links.sign(link, KEYS, NOW, lifetime)


@pytest.mark.parametrize(
    ("current", "secrets"),
    [
        ("k1", {}),
        ("k1", {"k1": b"short"}),
        ("K 1", {"K 1": b"a" * 32}),
        ("a.b", {"a.b": b"a" * 32}),
    ],
)
def test_bad_keys(current: str, secrets: dict[str, bytes]) -> None:
    with pytest.raises(InputError):
        LinkKeys(current, secrets)


def test_secrets_are_not_shown() -> None:
    assert "aaaa" not in repr(KEYS)

"""Passwords, sessions' lifetime, delays: pure parts of logging in."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from service.guard import passwords, sessions
from service.guard.passwords import WeakPasswordError
from service.guard.sessions import Lifetime


def test_a_password_at_its_real_cost() -> None:
    stored = passwords.hash_password("correct horse battery", "wang")
    assert stored.startswith("$argon2id$v=19$m=65536,t=3,p=4$")
    assert passwords.verify("correct horse battery", stored)
    assert not passwords.verify("correct horse batterx", stored)
    assert not passwords.verify("nobody", None), "what nobody's hash was made of, too"
    assert passwords._NOBODY.split("$")[:4] == stored.split("$")[:4], "looking nobody up costs the same"
    assert not passwords.verify("x", "not a hash")


@pytest.mark.parametrize("text", ["", "short", "aaaaaaaaaaaaaaaa", "ababababababab", "the wang password", "x" * 201])
def test_weak_passwords_are_refused(text: str) -> None:
    with pytest.raises(WeakPasswordError) as refusal:
        passwords.hash_password(text, "wang")
    assert not text or text not in str(refusal.value)


@pytest.mark.parametrize(
    ("seen_s", "now_s", "ended"),
    [(0, 99, False), (0, 100, True), (150, 249, False), (150, 250, True), (950, 1000, True)],
)
def test_a_session_is_over(seen_s: int, now_s: int, ended: bool) -> None:
    assert Lifetime(100, 1000).ended(0, seen_s * 1000, now_s * 1000) is ended


@given(st.integers(0, 10**6))
def test_waits_grow_and_are_bounded(failures: int) -> None:
    assert 0 <= sessions.wait_s(failures) <= sessions.wait_s(failures + 1) <= sessions.LONGEST_WAIT_S
    assert (sessions.wait_s(failures) == 0) is (failures < sessions.FREE_FAILURES)


def test_tokens() -> None:
    token = sessions.new_token()
    assert sessions.well_formed(token) and sessions.new_token() != token
    assert sessions.digest(token) != token and len(sessions.digest(token)) == 64
    assert not any(map(sessions.well_formed, ("", token + "a", token[:-1], "é" * 43, "a" * 42 + "\n")))

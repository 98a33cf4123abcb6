"""Machine keys and roles."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from service.guard import keys
from service.guard.errors import Denied
from service.guard.keys import NewKey, StoredKey
from service.guard.roles import PERMISSIONS, Permission, Role, allowed

NOW = datetime(2026, 5, 1, 8, tzinfo=UTC)
KEY = keys.make()


def stored(key: NewKey = KEY) -> StoredKey:
    return StoredKey(key.prefix, key.digest, "org-1", Role.UPLOADER, frozenset({Permission.PHOTO_UPLOAD}))


def test_a_key_is_what_was_promised() -> None:
    made = [keys.make() for _ in range(200)]
    assert len({key.text for key in made}) == len({key.prefix for key in made}) == 200
    for key in made:
        assert re.fullmatch(r"kz_[a-z2-7]{12}_[a-z2-7]{52}", key.text)
        assert keys.prefix_of(key.text) == key.prefix
        assert key.text.split("_")[2] not in key.digest + repr(key)


def test_the_right_key_is_let_in() -> None:
    assert keys.verify(KEY.text, stored(), NOW) == stored()


@pytest.mark.parametrize(
    "row",
    [
        None,
        stored(keys.make()),
        replace(stored(), digest="0" * 64),
        replace(stored(), prefix="a" * 12),
        replace(stored(), revoked_at=NOW - timedelta(days=1)),
        replace(stored(), expires_at=NOW),
    ],
    ids=["unknown", "other row", "other secret", "other prefix", "revoked", "expired this moment"],
)
def test_anything_else_is_denied_in_one_voice(row: StoredKey | None) -> None:
    with pytest.raises(Denied, match=r"^unknown key$"):
        keys.verify(KEY.text, row, NOW)


def test_a_key_holds_until_its_last_moment() -> None:
    row = replace(stored(), expires_at=NOW + timedelta(microseconds=1))
    assert keys.verify(KEY.text, row, NOW) is row


@given(st.integers(0, len(KEY.text) - 1), st.characters())
def test_one_changed_character_is_denied(at: int, new: str) -> None:
    text = KEY.text[:at] + new + KEY.text[at + 1 :]
    if text == KEY.text:
        return
    with pytest.raises(Denied):
        keys.verify(text, stored(), NOW)


@given(st.text())
def test_no_text_breaks_the_parser(text: str) -> None:
    with pytest.raises(Denied):
        keys.prefix_of(text)


@pytest.mark.parametrize("text", [KEY.text + "\n", " " + KEY.text, KEY.text.upper(), KEY.text[:-1], KEY.text + "a"])
def test_near_misses_are_no_keys(text: str) -> None:
    with pytest.raises(Denied):
        keys.prefix_of(text)


def test_every_role_has_a_row() -> None:
    assert set(PERMISSIONS) == set(Role)
    assert set().union(*PERMISSIONS.values()) == set(Permission), "a permission that no role has"


@pytest.mark.parametrize(
    ("role", "permission", "may"),
    [
        (Role.UPLOADER, Permission.PHOTO_UPLOAD, True),
        (Role.UPLOADER, Permission.PERSONAL_READ, False),
        (Role.UPLOADER, Permission.ORIGINAL_READ, False),
        (Role.OFFICER, Permission.REVIEW_DECIDE, True),
        (Role.OFFICER, Permission.CASE_DELETE, False),
        (Role.OFFICER, Permission.AUDIT_READ, False),
        (Role.SUPERVISOR, Permission.CASE_HOLD, True),
        (Role.SUPERVISOR, Permission.KEY_MANAGE, False),
        (Role.ADMIN, Permission.KEY_MANAGE, True),
        (Role.ADMIN, Permission.CASE_READ, False),
        (Role.ADMIN, Permission.AUDIT_READ, False),
        (Role.AUDITOR, Permission.AUDIT_READ, True),
        (Role.AUDITOR, Permission.PERSONAL_READ, False),
        (Role.AUDITOR, Permission.CASE_CLOSE, False),
    ],
)
def test_what_a_role_may(role: Role, permission: Permission, may: bool) -> None:
    assert allowed(role, permission) is may


def test_an_auditor_changes_nothing() -> None:
    assert all(permission.value.endswith("_read") for permission in PERMISSIONS[Role.AUDITOR])


@given(st.sampled_from(Role), st.sampled_from(Permission), st.frozensets(st.sampled_from(Permission)))
def test_scopes_only_ever_narrow(role: Role, permission: Permission, scopes: frozenset[Permission]) -> None:
    assert allowed(role, permission, scopes) == (allowed(role, permission) and permission in scopes)

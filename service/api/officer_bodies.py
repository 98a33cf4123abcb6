"""What the interface takes and gives of officers, sessions and keys, as types."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, SecretStr

from service.api.bodies import Line, Moment, moment, moment_or_none
from service.guard.passwords import MAX_LENGTH
from service.guard.roles import Permission, Role
from service.store.keys import KeyRow
from service.store.officers import OfficerRow


def _printable(text: str) -> str:
    if not text.isprintable():
        raise ValueError("printable text")
    return text


Login = Annotated[
    str, Field(min_length=2, max_length=64, pattern=r"^[a-z0-9][a-z0-9._@-]*$", description="What is typed to log in.")
]
Subject = Annotated[
    str,
    Field(min_length=1, max_length=255, pattern=r"^[\x21-\x7e]+$", description="`sub` of the OpenID Connect provider."),
]
Password = Annotated[SecretStr, Field(min_length=1, max_length=MAX_LENGTH)]


class LoginIn(BaseModel):
    """Who logs in by a password."""

    model_config = ConfigDict(extra="forbid")

    organisation: Line = "default"
    login: Annotated[str, Field(min_length=1, max_length=64), AfterValidator(_printable)]
    password: Password


class PasswordIn(BaseModel):
    """A new password of one's own."""

    model_config = ConfigDict(extra="forbid")

    current: Password
    new: Password


class SessionOut(BaseModel):
    """Who asks, and what they may do."""

    caller: str
    login: str | None
    name: str | None
    role: Role
    permissions: list[Permission]


class OfficerIn(BaseModel):
    """A new officer, who logs in by a password, at the provider, or by either."""

    model_config = ConfigDict(extra="forbid")

    login: Login
    name: Line
    role: Role
    password: Password | None = None
    subject: Subject | None = None


class OfficerChange(BaseModel):
    """What is to be changed; what is left out stays. Every change ends the officer's sessions."""

    model_config = ConfigDict(extra="forbid")

    role: Role | None = None
    disabled: bool | None = None
    password: Password | None = None
    subject: Subject | None = None


class OfficerOut(BaseModel):
    id: str
    login: str
    name: str
    role: Role
    has_password: bool
    subject: str | None
    created_at: datetime
    disabled_at: datetime | None


class OfficerList(BaseModel):
    officers: list[OfficerOut]


class KeyIn(BaseModel):
    """A new machine key."""

    model_config = ConfigDict(extra="forbid")

    name: Line = Field(description="What the key is for.")
    role: Role = Role.UPLOADER
    scopes: list[Permission] | None = Field(None, description="Narrow what the role may do; null: all of it.")
    expires_at: Moment | None = None


class KeyOut(BaseModel):
    prefix: str
    name: str
    role: Role
    scopes: list[Permission]
    created_at: datetime
    expires_at: datetime | None
    revoked_at: datetime | None


class KeyWithText(KeyOut):
    key: str = Field(description="Told here and never again.")


class KeyList(BaseModel):
    keys: list[KeyOut]


def officer_out(row: OfficerRow) -> OfficerOut:
    """An officer as the interface tells it."""
    return OfficerOut(
        id=row.id,
        login=row.login,
        name=row.name,
        role=row.role,
        has_password=row.password is not None,
        subject=row.subject,
        created_at=moment(row.created_ms),
        disabled_at=moment_or_none(row.disabled_ms),
    )


def key_out(row: KeyRow) -> KeyOut:
    """A key as the interface tells it."""
    return KeyOut(
        prefix=row.prefix,
        name=row.name,
        role=row.role,
        scopes=sorted(row.scopes),
        created_at=moment(row.created_ms),
        expires_at=moment_or_none(row.expires_ms),
        revoked_at=moment_or_none(row.revoked_ms),
    )

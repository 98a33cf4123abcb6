"""Tables of officers, their sessions and reviews, and of the keys under which an organisation's data is sealed."""

from __future__ import annotations

from sqlalchemy import BigInteger, Column, ForeignKey, Index, Integer, Table, Text, UniqueConstraint

from service.store.schema import metadata


def _organisation(*, key: bool = False) -> Column[str]:
    return Column("organisation_id", Text, ForeignKey("organisations.id"), nullable=False, primary_key=key)


def _case(*, key: bool = False) -> Column[str]:
    """What is told of a case goes with it."""
    return Column("case_id", Text, ForeignKey("cases.id", ondelete="CASCADE"), nullable=False, primary_key=key)


def _officer() -> Column[str]:
    return Column("officer_id", Text, ForeignKey("officers.id"), nullable=False)


organisation_keys = Table(
    "organisation_keys",
    metadata,
    _organisation(key=True),
    Column("use", Text, primary_key=True),
    Column("version", Integer, primary_key=True, autoincrement=False),
    Column("wrapped", Text, nullable=False),
    Column("created_ms", BigInteger, nullable=False),
)
"""``wrapped``: 32 bytes under the master key. ``use``: search, or seal, whose highest version is the current one."""

search_hashes = Table(
    "search_hashes",
    metadata,
    _organisation(key=True),
    Column("kind", Text, primary_key=True),
    Column("hash", Text, primary_key=True),
    _case(key=True),
    Index("ix_search_hashes_case_id", "case_id"),
)
"""Keyed hashes of what a case is searched by."""

officers = Table(
    "officers",
    metadata,
    Column("id", Text, primary_key=True),
    _organisation(),
    Column("login", Text, nullable=False),
    Column("name", Text, nullable=False),
    Column("role", Text, nullable=False),
    Column("password", Text),
    Column("subject", Text),
    Column("created_ms", BigInteger, nullable=False),
    Column("disabled_ms", BigInteger),
    UniqueConstraint("organisation_id", "login"),
    UniqueConstraint("organisation_id", "subject"),
)
"""``name`` is sealed; ``password`` an argon2 hash; ``subject`` who it is to the OIDC provider."""

login_attempts = Table(
    "login_attempts",
    metadata,
    Column("digest", Text, primary_key=True),
    Column("failures", Integer, nullable=False),
    Column("until_ms", BigInteger, nullable=False),
)
"""Failures in a row of each login that was tried, be it an officer's or not; no try before ``until_ms``."""

sessions = Table(
    "sessions",
    metadata,
    Column("digest", Text, primary_key=True),
    _organisation(),
    _officer(),
    Column("created_ms", BigInteger, nullable=False),
    Column("seen_ms", BigInteger, nullable=False),
    Index("ix_sessions_officer_id", "officer_id"),
)
"""``digest`` is the SHA-256 of what the cookie holds."""

oidc_logins = Table(
    "oidc_logins",
    metadata,
    Column("state", Text, primary_key=True),
    Column("browser", Text, nullable=False),
    Column("nonce", Text, nullable=False),
    Column("verifier", Text, nullable=False),
    Column("created_ms", BigInteger, nullable=False),
)
"""Logins on their way through the provider; ``state`` and ``browser`` are SHA-256 of what the browser holds."""

review_queue = Table(
    "review_queue",
    metadata,
    _case(key=True),
    _organisation(),
    Column("version", Integer, nullable=False),
    Column("why", Text, nullable=False),
    Column("queued_ms", BigInteger, nullable=False),
    Column("claimed_by", Text),
    Column("claimed_until_ms", BigInteger, nullable=False),
    Index("ix_review_queue_organisation_id", "organisation_id", "queued_ms", "case_id"),
)
"""Cases that wait for an officer, with the version of the assessment to be reviewed."""

reviews = Table(
    "reviews",
    metadata,
    Column("id", Text, primary_key=True),
    _organisation(),
    _case(),
    Column("version", Integer, nullable=False),
    Column("decided_by", Text, nullable=False),
    Column("decision", Text, nullable=False),
    Column("reason", Text, nullable=False),
    Column("body", Text, nullable=False),
    Column("decided_ms", BigInteger, nullable=False),
    Index("ix_reviews_case_id", "case_id", "decided_ms", "id"),
)
"""What officers decided, never changed; ``body`` is sealed: the note and a verdict for each finding."""

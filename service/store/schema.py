"""The tables. Times are milliseconds since 1970 (UTC) by the database's clock; what is JSON is read by nobody's SQL.

Bodies that hold plates, names, numbers or places are sealed text (`service.store.secrets`).
"""

from __future__ import annotations

from sqlalchemy import (
    JSON,
    BigInteger,
    Boolean,
    Column,
    ForeignKey,
    Index,
    Integer,
    MetaData,
    Table,
    Text,
    UniqueConstraint,
    text,
)

metadata = MetaData(
    naming_convention={
        "ix": "ix_%(table_name)s_%(column_0_N_name)s",
        "uq": "uq_%(table_name)s_%(column_0_N_name)s",
        "fk": "fk_%(table_name)s_%(column_0_N_name)s",
        "pk": "pk_%(table_name)s",
    }
)
SerialId = BigInteger().with_variant(Integer, "sqlite")


def _organisation() -> Column[str]:
    return Column("organisation_id", Text, ForeignKey("organisations.id"), nullable=False)


def _case() -> Column[str]:
    return Column("case_id", Text, ForeignKey("cases.id"), nullable=False)


organisations = Table(
    "organisations",
    metadata,
    Column("id", Text, primary_key=True),
    Column("name", Text, nullable=False),
    Column("created_ms", BigInteger, nullable=False),
)

api_keys = Table(
    "api_keys",
    metadata,
    Column("prefix", Text, primary_key=True),
    _organisation(),
    Column("name", Text, nullable=False),
    Column("digest", Text, nullable=False),
    Column("role", Text, nullable=False),
    Column("scopes", JSON, nullable=False),
    Column("created_ms", BigInteger, nullable=False),
    Column("expires_ms", BigInteger),
    Column("revoked_ms", BigInteger),
)

cases = Table(
    "cases",
    metadata,
    Column("id", Text, primary_key=True),
    _organisation(),
    Column("external_hash", Text, nullable=False),
    Column("personal", Text, nullable=False),
    Column("accident_type", Text),
    Column("happened_at", Text),
    Column("standard", Text, nullable=False),
    Column("state", Text, nullable=False),
    Column("legal_hold", Boolean, nullable=False),
    Column("revision", Integer, nullable=False),
    Column("created_ms", BigInteger, nullable=False),
    Column("closed_ms", BigInteger),
    UniqueConstraint("organisation_id", "external_hash"),
    Index(None, "organisation_id", "created_ms", "id"),
)
"""``revision`` rises with everything that an assessment depends on; ``personal`` holds external id, place, parties."""

photos = Table(
    "photos",
    metadata,
    Column("id", Text, primary_key=True),
    _organisation(),
    _case(),
    Column("client_id", Text, nullable=False),
    Column("sha256", Text, nullable=False),
    Column("size_bytes", BigInteger, nullable=False),
    Column("format", Text),
    Column("received_ms", BigInteger, nullable=False),
    Column("received_by", Text, nullable=False),
    Column("shot_hint", Text),
    Column("party", Text),
    Column("withdrawn_ms", BigInteger),
    UniqueConstraint("case_id", "client_id"),
    Index(None, "organisation_id", "sha256"),
)
"""``format`` is what the first bytes say; null where they say no picture we read."""

facts = Table(
    "facts",
    metadata,
    Column("organisation_id", Text, ForeignKey("organisations.id"), primary_key=True),
    Column("sha256", Text, primary_key=True),
    Column("model_set", Text, primary_key=True),
    Column("facts", Text, nullable=False),
    Column("created_ms", BigInteger, nullable=False),
)

assessments = Table(
    "assessments",
    metadata,
    Column("case_id", Text, ForeignKey("cases.id"), primary_key=True),
    Column("version", Integer, primary_key=True, autoincrement=False),
    _organisation(),
    Column("revision", Integer, nullable=False),
    Column("model_set", Text, nullable=False),
    Column("decision", Text, nullable=False),
    Column("body", Text, nullable=False),
    Column("created_ms", BigInteger, nullable=False),
)

jobs = Table(
    "jobs",
    metadata,
    Column("id", SerialId, primary_key=True),
    _organisation(),
    Column("kind", Text, nullable=False),
    _case(),
    Column("photo_id", Text, ForeignKey("photos.id")),
    Column("state", Text, nullable=False),
    Column("due_ms", BigInteger, nullable=False),
    Column("attempts", Integer, nullable=False),
    Column("fence", BigInteger, nullable=False),
    Column("worker", Text),
    Column("error", Text),
    Column("created_ms", BigInteger, nullable=False),
    Column("finished_ms", BigInteger),
    Column("unended", Integer, nullable=False, server_default=text("0")),
    Column("request_id", Text),
    Column("traceparent", Text),
)
"""``due_ms``: when it may be taken; of a running job, the end of its lease. ``unended``: how often it was taken up
by somebody who never told how it ended, the one who has it now included."""
Index(
    "ix_jobs_open",
    jobs.c.due_ms,
    sqlite_where=text("finished_ms IS NULL"),
    postgresql_where=text("finished_ms IS NULL"),
)
_ONE_WAITING = text("kind = 'assess' AND state = 'queued'")
Index("uq_jobs_assess_queued", jobs.c.case_id, unique=True, sqlite_where=_ONE_WAITING, postgresql_where=_ONE_WAITING)
Index("ix_jobs_photo_id", jobs.c.photo_id)

idempotency_keys = Table(
    "idempotency_keys",
    metadata,
    Column("organisation_id", Text, ForeignKey("organisations.id"), primary_key=True),
    Column("key", Text, primary_key=True),
    Column("fingerprint", Text, nullable=False),
    Column("status", Integer, nullable=False),
    Column("answer", Text, nullable=False),
    Column("created_ms", BigInteger, nullable=False),
    Column("case_id", Text, ForeignKey("cases.id")),
    Index(None, "case_id"),
)
"""``case_id``: of the case that the answer tells of; the answer goes with it."""

workers = Table(
    "workers",
    metadata,
    Column("id", Text, primary_key=True),
    Column("model_set", Text, nullable=False),
    Column("seen_ms", BigInteger, nullable=False),
)
"""Workers whose models are warm, and when each was last heard of."""

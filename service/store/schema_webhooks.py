"""Tables of webhooks: endpoints with their secrets, messages as they are signed, and a delivery to each endpoint."""

from __future__ import annotations

from sqlalchemy import JSON, BigInteger, Column, ForeignKey, Index, Integer, Table, Text, UniqueConstraint, text

from service.store.schema import SerialId, metadata


def _organisation() -> Column[str]:
    return Column("organisation_id", Text, ForeignKey("organisations.id"), nullable=False)


def _endpoint() -> Column[str]:
    return Column("endpoint_id", Text, ForeignKey("webhook_endpoints.id"), nullable=False)


webhook_endpoints = Table(
    "webhook_endpoints",
    metadata,
    Column("id", Text, primary_key=True),
    _organisation(),
    Column("url", Text, nullable=False),
    Column("description", Text, nullable=False),
    Column("events", JSON, nullable=False),
    Column("created_ms", BigInteger, nullable=False),
    Column("failing_since_ms", BigInteger),
    Column("disabled_ms", BigInteger),
    Column("disabled_reason", Text),
    Column("deleted_ms", BigInteger),
    Index(None, "organisation_id", "created_ms", "id"),
)
"""``failing_since_ms``: the first failure after the last success."""

webhook_secrets = Table(
    "webhook_secrets",
    metadata,
    Column("id", Text, primary_key=True),
    _organisation(),
    _endpoint(),
    Column("sealed", Text, nullable=False),
    Column("created_ms", BigInteger, nullable=False),
    Column("expires_ms", BigInteger),
    Index(None, "endpoint_id", "created_ms"),
)
"""``expires_ms`` is null for the current one; a rotated one is signed with until then."""

webhook_messages = Table(
    "webhook_messages",
    metadata,
    Column("id", Text, primary_key=True),
    _organisation(),
    Column("event", Text, nullable=False),
    Column("body", Text, nullable=False),
    Column("request_id", Text, nullable=False),
    Column("created_ms", BigInteger, nullable=False),
    Column("traceparent", Text),
    Index(None, "organisation_id", "created_ms", "id"),
)
"""``body`` is what is signed and sent, byte by byte (ASCII)."""

webhook_deliveries = Table(
    "webhook_deliveries",
    metadata,
    Column("id", SerialId, primary_key=True),
    _organisation(),
    _endpoint(),
    Column("message_id", Text, ForeignKey("webhook_messages.id"), nullable=False),
    Column("state", Text, nullable=False),
    Column("due_ms", BigInteger, nullable=False),
    Column("attempts", Integer, nullable=False),
    Column("fence", BigInteger, nullable=False),
    Column("outcome", Text),
    Column("status", Integer),
    Column("ended_ms", BigInteger),
    Column("done_ms", BigInteger),
    Column("created_ms", BigInteger, nullable=False),
    UniqueConstraint("endpoint_id", "message_id"),
)
"""``due_ms``: when it may be taken; of one being sent, the end of its lease. ``outcome`` and ``ended_ms``: of the last
attempt. ``done_ms`` is set when nothing more is tried."""
Index(
    "ix_webhook_deliveries_open",
    webhook_deliveries.c.endpoint_id,
    webhook_deliveries.c.due_ms,
    sqlite_where=text("done_ms IS NULL"),
    postgresql_where=text("done_ms IS NULL"),
)

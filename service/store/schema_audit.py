"""Tables of the audit log: one chain an organisation. Rows of records and checkpoints are never changed."""

from __future__ import annotations

from sqlalchemy import JSON, BigInteger, Column, ForeignKey, Index, Table, Text

from service.store.schema import metadata

audit_heads = Table(
    "audit_heads",
    metadata,
    Column("organisation_id", Text, ForeignKey("organisations.id"), primary_key=True),
    Column("sequence", BigInteger, nullable=False),
    Column("hash", Text, nullable=False),
)
"""The last record of each chain: whoever writes the next one locks this row."""

audit_records = Table(
    "audit_records",
    metadata,
    Column("organisation_id", Text, ForeignKey("organisations.id"), primary_key=True),
    Column("sequence", BigInteger, primary_key=True, autoincrement=False),
    Column("at", Text, nullable=False),
    Column("actor", Text, nullable=False),
    Column("action", Text, nullable=False),
    Column("subject", Text, nullable=False),
    Column("details", JSON, nullable=False),
    Column("request_id", Text, nullable=False),
    Column("previous_hash", Text, nullable=False),
    Column("hash", Text, nullable=False),
    Index(None, "organisation_id", "subject", "sequence"),
)
"""``at`` is text as it was hashed."""

audit_checkpoints = Table(
    "audit_checkpoints",
    metadata,
    Column("organisation_id", Text, ForeignKey("organisations.id"), primary_key=True),
    Column("sequence", BigInteger, primary_key=True, autoincrement=False),
    Column("hash", Text, nullable=False),
    Column("at", Text, nullable=False),
    Column("key_id", Text, nullable=False),
    Column("signature", Text, nullable=False),
)

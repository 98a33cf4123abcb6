"""Tables of resumable uploads, of links for parties, and of what is left of deleted cases.

Every table with a ``case_id`` that refers to cases is emptied of a case when the case is deleted.
"""

from __future__ import annotations

from sqlalchemy import BigInteger, Column, ForeignKey, Index, Integer, Table, Text

from service.store.schema import metadata


def _organisation() -> Column[str]:
    return Column("organisation_id", Text, ForeignKey("organisations.id"), nullable=False)


def _case() -> Column[str]:
    return Column("case_id", Text, ForeignKey("cases.id"), nullable=False)


uploads = Table(
    "uploads",
    metadata,
    Column("id", Text, primary_key=True),
    _organisation(),
    _case(),
    Column("client_id", Text, nullable=False),
    Column("sha256", Text),
    Column("shot_hint", Text),
    Column("party", Text),
    Column("received_by", Text, nullable=False),
    Column("told", Text, nullable=False),
    Column("length_bytes", BigInteger, nullable=False),
    Column("offset_bytes", BigInteger, nullable=False),
    Column("created_ms", BigInteger, nullable=False),
    Column("expires_ms", BigInteger, nullable=False),
    Column("finished_ms", BigInteger),
    Index(None, "case_id"),
    Index(None, "expires_ms"),
)
"""``told`` is the Upload-Metadata as it came; ``sha256`` what the sender says the bytes hash to."""

upload_parts = Table(
    "upload_parts",
    metadata,
    Column("upload_id", Text, ForeignKey("uploads.id"), primary_key=True),
    Column("offset_bytes", BigInteger, primary_key=True, autoincrement=False),
    _organisation(),
    _case(),
    Column("size_bytes", BigInteger, nullable=False),
    Column("sha256", Text, nullable=False),
    Column("blob_key", Text, nullable=False),
    Index(None, "case_id"),
)

links = Table(
    "links",
    metadata,
    Column("id", Text, primary_key=True),
    _organisation(),
    _case(),
    Column("party", Text, nullable=False),
    Column("made_by", Text, nullable=False),
    Column("created_ms", BigInteger, nullable=False),
    Column("expires_ms", BigInteger, nullable=False),
    Column("revoked_ms", BigInteger),
    Index(None, "case_id"),
)

deletions = Table(
    "deletions",
    metadata,
    Column("case_id", Text, primary_key=True),
    _organisation(),
    Column("reason", Text, nullable=False),
    Column("deleted_by", Text, nullable=False),
    Column("photos", Integer, nullable=False),
    Column("manifest_sha256", Text, nullable=False),
    Column("deleted_ms", BigInteger, nullable=False),
    Column("blobs_gone_ms", BigInteger),
)
"""What is left of a deleted case: ids, counts, and the hash of its last manifest. Nothing personal.

``blobs_gone_ms`` null: its originals are still to be removed.
"""

sweeps = Table(
    "sweeps",
    metadata,
    Column("name", Text, primary_key=True),
    Column("due_ms", BigInteger, nullable=False),
)
"""When each sweep is due next: of several workers one does it."""

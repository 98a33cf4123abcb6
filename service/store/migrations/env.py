"""Alembic's entry: runs on the connection that `service.store.migrate` hands over."""

from __future__ import annotations

from alembic import context

from service.store import schema_audit, schema_officers, schema_uploads, schema_usage, schema_webhooks  # noqa: F401 - their tables
from service.store.schema import metadata

context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=metadata,
    render_as_batch=True,
    transactional_ddl=True,  # both databases roll a half-made schema back
)
with context.begin_transaction():
    context.run_migrations()

"""Officers, sessions, reviews, sealed columns

Needs a database without cases: what was kept in plain text by an earlier version cannot be sealed here, for a migration
has no keys, and a version that reads both would also read what somebody put there in plain text.
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from service.store.errors import MigrationRefusedError

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None
_USED = ("cases", "facts", "assessments", "idempotency_keys")
_SEALED = (("facts", "facts"), ("assessments", "body"), ("idempotency_keys", "answer"))
_NEW = ("sessions", "search_hashes", "reviews", "review_queue", "organisation_keys", "officers")
_NEW_TOO = ("oidc_logins", "login_attempts")


def upgrade() -> None:
    _refuse_if_used()
    _new_tables()
    for table, column in _SEALED:
        with op.batch_alter_table(table, schema=None) as batch_op:
            batch_op.alter_column(column, existing_type=sa.JSON(), type_=sa.Text(), existing_nullable=False)
    with op.batch_alter_table("assessments", schema=None) as batch_op:
        batch_op.add_column(sa.Column("decision", sa.Text(), nullable=False))
    with op.batch_alter_table("cases", schema=None) as batch_op:
        batch_op.add_column(sa.Column("external_hash", sa.Text(), nullable=False))
        batch_op.add_column(sa.Column("personal", sa.Text(), nullable=False))
        batch_op.drop_constraint(batch_op.f("uq_cases_organisation_id_external_id"), type_="unique")
        batch_op.create_unique_constraint(
            batch_op.f("uq_cases_organisation_id_external_hash"), ["organisation_id", "external_hash"]
        )
        for column in ("external_id", "parties", "place"):
            batch_op.drop_column(column)


def downgrade() -> None:
    _refuse_if_used()
    with op.batch_alter_table("cases", schema=None) as batch_op:
        batch_op.add_column(sa.Column("place", sa.Text(), nullable=True))
        batch_op.add_column(sa.Column("parties", sa.JSON(), nullable=False))
        batch_op.add_column(sa.Column("external_id", sa.Text(), nullable=False))
        batch_op.drop_constraint(batch_op.f("uq_cases_organisation_id_external_hash"), type_="unique")
        batch_op.create_unique_constraint(
            batch_op.f("uq_cases_organisation_id_external_id"), ["organisation_id", "external_id"]
        )
        for column in ("external_hash", "personal"):
            batch_op.drop_column(column)
    with op.batch_alter_table("assessments", schema=None) as batch_op:
        batch_op.drop_column("decision")
    for table, column in _SEALED:
        using = f"{column}::json"
        with op.batch_alter_table(table, schema=None) as batch_op:
            batch_op.alter_column(column, type_=sa.JSON(), postgresql_using=using, existing_nullable=False)
    for name in (*_NEW, *_NEW_TOO):
        op.drop_table(name)


def _refuse_if_used() -> None:
    for name in _USED:
        if op.get_bind().execute(sa.select(sa.exists(sa.select(sa.literal(1)).select_from(sa.table(name))))).scalar():
            raise MigrationRefusedError(f"{name}: holds what was kept in another form; begin with an empty database")


def _new_tables() -> None:
    op.create_table(
        "login_attempts",
        sa.Column("digest", sa.Text(), nullable=False),
        sa.Column("failures", sa.Integer(), nullable=False),
        sa.Column("until_ms", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("digest", name=op.f("pk_login_attempts")),
    )
    op.create_table(
        "oidc_logins",
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("browser", sa.Text(), nullable=False),
        sa.Column("nonce", sa.Text(), nullable=False),
        sa.Column("verifier", sa.Text(), nullable=False),
        sa.Column("created_ms", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("state", name=op.f("pk_oidc_logins")),
    )
    op.create_table(
        "officers",
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("organisation_id", sa.Text(), nullable=False),
        sa.Column("login", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("role", sa.Text(), nullable=False),
        sa.Column("password", sa.Text(), nullable=True),
        sa.Column("subject", sa.Text(), nullable=True),
        sa.Column("created_ms", sa.BigInteger(), nullable=False),
        sa.Column("disabled_ms", sa.BigInteger(), nullable=True),
        sa.ForeignKeyConstraint(["organisation_id"], ["organisations.id"], name=op.f("fk_officers_organisation_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_officers")),
        sa.UniqueConstraint("organisation_id", "login", name=op.f("uq_officers_organisation_id_login")),
        sa.UniqueConstraint("organisation_id", "subject", name=op.f("uq_officers_organisation_id_subject")),
    )
    op.create_table(
        "organisation_keys",
        sa.Column("organisation_id", sa.Text(), nullable=False),
        sa.Column("use", sa.Text(), nullable=False),
        sa.Column("version", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("wrapped", sa.Text(), nullable=False),
        sa.Column("created_ms", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(
            ["organisation_id"], ["organisations.id"], name=op.f("fk_organisation_keys_organisation_id")
        ),
        sa.PrimaryKeyConstraint("organisation_id", "use", "version", name=op.f("pk_organisation_keys")),
    )
    op.create_table(
        "review_queue",
        sa.Column("case_id", sa.Text(), nullable=False),
        sa.Column("organisation_id", sa.Text(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("why", sa.Text(), nullable=False),
        sa.Column("queued_ms", sa.BigInteger(), nullable=False),
        sa.Column("claimed_by", sa.Text(), nullable=True),
        sa.Column("claimed_until_ms", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(["case_id"], ["cases.id"], name=op.f("fk_review_queue_case_id"), ondelete="CASCADE"),
        sa.ForeignKeyConstraint(
            ["organisation_id"], ["organisations.id"], name=op.f("fk_review_queue_organisation_id")
        ),
        sa.PrimaryKeyConstraint("case_id", name=op.f("pk_review_queue")),
    )
    with op.batch_alter_table("review_queue", schema=None) as batch_op:
        batch_op.create_index(
            "ix_review_queue_organisation_id", ["organisation_id", "queued_ms", "case_id"], unique=False
        )

    op.create_table(
        "reviews",
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("organisation_id", sa.Text(), nullable=False),
        sa.Column("case_id", sa.Text(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("decided_by", sa.Text(), nullable=False),
        sa.Column("decision", sa.Text(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("body", sa.Text(), nullable=False),
        sa.Column("decided_ms", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(["case_id"], ["cases.id"], name=op.f("fk_reviews_case_id"), ondelete="CASCADE"),
        sa.ForeignKeyConstraint(["organisation_id"], ["organisations.id"], name=op.f("fk_reviews_organisation_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_reviews")),
    )
    with op.batch_alter_table("reviews", schema=None) as batch_op:
        batch_op.create_index("ix_reviews_case_id", ["case_id", "decided_ms", "id"], unique=False)

    op.create_table(
        "search_hashes",
        sa.Column("organisation_id", sa.Text(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("hash", sa.Text(), nullable=False),
        sa.Column("case_id", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["case_id"], ["cases.id"], name=op.f("fk_search_hashes_case_id"), ondelete="CASCADE"),
        sa.ForeignKeyConstraint(
            ["organisation_id"], ["organisations.id"], name=op.f("fk_search_hashes_organisation_id")
        ),
        sa.PrimaryKeyConstraint("organisation_id", "kind", "hash", "case_id", name=op.f("pk_search_hashes")),
    )
    with op.batch_alter_table("search_hashes", schema=None) as batch_op:
        batch_op.create_index("ix_search_hashes_case_id", ["case_id"], unique=False)

    op.create_table(
        "sessions",
        sa.Column("digest", sa.Text(), nullable=False),
        sa.Column("organisation_id", sa.Text(), nullable=False),
        sa.Column("officer_id", sa.Text(), nullable=False),
        sa.Column("created_ms", sa.BigInteger(), nullable=False),
        sa.Column("seen_ms", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(["officer_id"], ["officers.id"], name=op.f("fk_sessions_officer_id")),
        sa.ForeignKeyConstraint(["organisation_id"], ["organisations.id"], name=op.f("fk_sessions_organisation_id")),
        sa.PrimaryKeyConstraint("digest", name=op.f("pk_sessions")),
    )
    with op.batch_alter_table("sessions", schema=None) as batch_op:
        batch_op.create_index("ix_sessions_officer_id", ["officer_id"], unique=False)

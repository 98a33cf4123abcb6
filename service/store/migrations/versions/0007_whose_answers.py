"""Which case a kept answer tells of, so that it goes with the case"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None
TABLE = "idempotency_keys"


def upgrade() -> None:
    # Older answers are sealed and do not say whose they are: they would outlive a case that is deleted. Who repeats a
    # request of before is answered by what is there, 409 or 200.
    op.execute(f"DELETE FROM {TABLE}")
    with op.batch_alter_table(TABLE, schema=None) as batch_op:
        batch_op.add_column(sa.Column("case_id", sa.Text(), nullable=True))
        batch_op.create_foreign_key(op.f(f"fk_{TABLE}_case_id"), "cases", ["case_id"], ["id"])
        batch_op.create_index(op.f(f"ix_{TABLE}_case_id"), ["case_id"], unique=False)


def downgrade() -> None:
    with op.batch_alter_table(TABLE, schema=None) as batch_op:
        batch_op.drop_index(op.f(f"ix_{TABLE}_case_id"))
        batch_op.drop_constraint(op.f(f"fk_{TABLE}_case_id"), type_="foreignkey")
        batch_op.drop_column("case_id")

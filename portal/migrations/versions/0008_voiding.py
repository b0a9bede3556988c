"""Who voided a record, when and why."""

import sqlalchemy as sa
from alembic import op

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "voiding",
        sa.Column("record_id", sa.String(length=36), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("actor_id", sa.String(length=36), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("with_id", sa.String(length=36), nullable=True),
        sa.ForeignKeyConstraint(["record_id"], ["record.id"], name=op.f("fk_voiding_record_id")),
        sa.ForeignKeyConstraint(["actor_id"], ["person.id"], name=op.f("fk_voiding_actor_id")),
        sa.ForeignKeyConstraint(["with_id"], ["record.id"], name=op.f("fk_voiding_with_id")),
        sa.PrimaryKeyConstraint("record_id", name=op.f("pk_voiding")),
    )


def downgrade() -> None:
    op.drop_table("voiding")

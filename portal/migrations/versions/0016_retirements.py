"""Entries of registers taken out of use, merged into others, and told apart."""

import sqlalchemy as sa
from alembic import op

revision = "0016"
down_revision = "0015"
branch_labels = None
depends_on = None

TARGETS = {"record_id": "record", "into_id": "record", "actor_id": "person", "ended_by": "person"}


def upgrade() -> None:
    op.create_table(
        "retirement",
        sa.Column("id", sa.String(length=36), nullable=False),
        sa.Column("record_id", sa.String(length=36), nullable=False),
        sa.Column("into_id", sa.String(length=36), nullable=True),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("actor_id", sa.String(length=36), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("ended_by", sa.String(length=36), nullable=True),
        sa.Column("ended_reason", sa.Text(), nullable=False),
        sa.CheckConstraint(
            "into_id IS NULL OR into_id <> record_id", name=op.f("ck_retirement_other")
        ),
        *(
            sa.ForeignKeyConstraint([name], [f"{table}.id"], name=op.f(f"fk_retirement_{name}"))
            for name, table in TARGETS.items()
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_retirement")),
    )
    for name in ("record_id", "into_id"):
        op.create_index(op.f(f"ix_retirement_{name}"), "retirement", [name], unique=False)
    op.create_index(
        "uq_retirement_open",
        "retirement",
        ["record_id"],
        unique=True,
        sqlite_where=sa.text("ended_at IS NULL"),
        postgresql_where=sa.text("ended_at IS NULL"),
    )
    op.create_table(
        "told_apart",
        sa.Column("first_id", sa.String(length=36), nullable=False),
        sa.Column("second_id", sa.String(length=36), nullable=False),
        sa.Column("actor_id", sa.String(length=36), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("first_id < second_id", name=op.f("ck_told_apart_order")),
        sa.ForeignKeyConstraint(["first_id"], ["record.id"], name=op.f("fk_told_apart_first_id")),
        sa.ForeignKeyConstraint(["second_id"], ["record.id"], name=op.f("fk_told_apart_second_id")),
        sa.ForeignKeyConstraint(["actor_id"], ["person.id"], name=op.f("fk_told_apart_actor_id")),
        sa.PrimaryKeyConstraint("first_id", "second_id", name=op.f("pk_told_apart")),
    )
    op.create_index(op.f("ix_told_apart_second_id"), "told_apart", ["second_id"], unique=False)


def downgrade() -> None:
    op.drop_table("told_apart")
    op.drop_table("retirement")

"""Alerts of projects, what happened with them, and what was begun because of them."""

import sqlalchemy as sa
from alembic import op

revision = "0012"
down_revision = "0011"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "alert",
        sa.Column("id", sa.String(length=36), nullable=False),
        sa.Column("rule", sa.String(length=41), nullable=False),
        sa.Column("figure", sa.String(length=90), nullable=False),
        sa.Column("row", sa.String(length=36), nullable=False),
        sa.Column("row_label", sa.String(length=300), nullable=False),
        sa.Column("currency", sa.String(length=3), nullable=False),
        sa.Column("level", sa.String(length=8), nullable=False),
        sa.Column("value", sa.BigInteger(), nullable=False),
        sa.Column("raised_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("closed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("project_id", sa.String(length=36), nullable=False),
        sa.ForeignKeyConstraint(["project_id"], ["project.id"], name=op.f("fk_alert_project_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_alert")),
    )
    op.create_index("ix_alert_open", "alert", ["project_id", "closed_at"], unique=False)
    op.create_index(
        "uq_alert_open",
        "alert",
        ["project_id", "rule", "row", "currency"],
        unique=True,
        sqlite_where=sa.text("closed_at IS NULL"),
        postgresql_where=sa.text("closed_at IS NULL"),
    )
    op.create_table(
        "alert_event",
        sa.Column("id", sa.String(length=36), nullable=False),
        sa.Column("kind", sa.String(length=10), nullable=False),
        sa.Column("level", sa.String(length=8), nullable=False),
        sa.Column("value", sa.BigInteger(), nullable=True),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("alert_id", sa.String(length=36), nullable=False),
        sa.ForeignKeyConstraint(["alert_id"], ["alert.id"], name=op.f("fk_alert_event_alert_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_alert_event")),
    )
    op.create_index(op.f("ix_alert_event_alert_id"), "alert_event", ["alert_id"], unique=False)
    op.create_table(
        "alert_act",
        sa.Column("id", sa.String(length=36), nullable=False),
        sa.Column("record_id", sa.String(length=36), nullable=False),
        sa.Column("begun_by", sa.String(length=36), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("alert_id", sa.String(length=36), nullable=False),
        sa.ForeignKeyConstraint(["alert_id"], ["alert.id"], name=op.f("fk_alert_act_alert_id")),
        sa.ForeignKeyConstraint(["begun_by"], ["person.id"], name=op.f("fk_alert_act_begun_by")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_alert_act")),
    )
    op.create_index(op.f("ix_alert_act_alert_id"), "alert_act", ["alert_id"], unique=False)
    op.create_index(op.f("ix_alert_act_record_id"), "alert_act", ["record_id"], unique=False)


def downgrade() -> None:
    op.drop_table("alert_act")
    op.drop_table("alert_event")
    op.drop_table("alert")

"""Readings of tasks beside those of milestones: percent, quantity, remaining days, actual dates."""

import sqlalchemy as sa
from alembic import op

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None

BEFORE = "reading IN ('planned', 'forecast', 'actual', 'shift')"
AFTER = "reading IN ('planned', 'forecast', 'actual', 'shift', 'progress')"
SUBJECT = "CASE WHEN reading = 'progress' THEN task_id ELSE milestone_id END IS NOT NULL"


def upgrade() -> None:
    with op.batch_alter_table("progress_entry") as table:
        table.alter_column("milestone_id", existing_type=sa.String(length=36), nullable=True)
        table.add_column(sa.Column("task_id", sa.String(length=36), nullable=True))
        table.add_column(sa.Column("percent", sa.BigInteger(), nullable=True))
        table.add_column(sa.Column("qty", sa.BigInteger(), nullable=True))
        table.add_column(sa.Column("remaining", sa.BigInteger(), nullable=True))
        table.add_column(sa.Column("started_on", sa.Date(), nullable=True))
        table.add_column(sa.Column("finished_on", sa.Date(), nullable=True))
        table.create_foreign_key(op.f("fk_progress_entry_task_id"), "record", ["task_id"], ["id"])
        table.drop_constraint(op.f("ck_progress_entry_reading"), type_="check")
        table.create_check_constraint(op.f("ck_progress_entry_reading"), AFTER)
        table.create_check_constraint(op.f("ck_progress_entry_subject"), SUBJECT)
    op.create_index(
        "ix_progress_entry_task", "progress_entry", ["project_id", "task_id", "as_of"], unique=False
    )


def downgrade() -> None:
    op.execute("DELETE FROM progress_entry WHERE reading = 'progress'")
    op.drop_index("ix_progress_entry_task", table_name="progress_entry")
    with op.batch_alter_table("progress_entry") as table:
        table.drop_constraint(op.f("ck_progress_entry_subject"), type_="check")
        table.drop_constraint(op.f("ck_progress_entry_reading"), type_="check")
        table.create_check_constraint(op.f("ck_progress_entry_reading"), BEFORE)
        table.drop_constraint(op.f("fk_progress_entry_task_id"), type_="foreignkey")
        for name in ("task_id", "percent", "qty", "remaining", "started_on", "finished_on"):
            table.drop_column(name)
        table.alter_column("milestone_id", existing_type=sa.String(length=36), nullable=False)

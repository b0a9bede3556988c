"""Requests and forecasts among the kinds of cost entries; the tax in an amount; snapshots."""

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None

BEFORE = (
    "budget_orig", "budget_change", "budget_transfer", "budget_pending",
    "commit", "commit_change", "commit_pending", "actual",
)  # fmt: skip
AFTER = (*BEFORE[:4], "commit_request", *BEFORE[4:], "forecast_adj")


def upgrade() -> None:
    _allow(AFTER)
    op.add_column("funds_entry", sa.Column("tax", sa.BigInteger(), nullable=True))
    op.create_table(
        "snapshot",
        sa.Column("id", sa.String(length=36), nullable=False),
        sa.Column("kind", sa.String(length=20), nullable=False),
        sa.Column("name", sa.String(length=80), nullable=False),
        sa.Column("body", sa.JSON(), nullable=False),
        sa.Column("sha256", sa.String(length=64), nullable=False),
        sa.Column("taken_by", sa.String(length=36), nullable=False),
        sa.Column("taken_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("project_id", sa.String(length=36), nullable=False),
        sa.ForeignKeyConstraint(["taken_by"], ["person.id"], name=op.f("fk_snapshot_taken_by")),
        sa.ForeignKeyConstraint(
            ["project_id"], ["project.id"], name=op.f("fk_snapshot_project_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_snapshot")),
    )
    op.create_index("ix_snapshot_of", "snapshot", ["project_id", "kind", "taken_at"], unique=False)


def downgrade() -> None:
    op.drop_table("snapshot")
    op.drop_column("funds_entry", "tax")
    op.execute("DELETE FROM cost_entry WHERE bucket IN ('commit_request', 'forecast_adj')")
    _allow(BEFORE)


def _allow(buckets: tuple[str, ...]) -> None:
    """Change the list of kinds; SQLite makes the table anew for it."""
    listed = ", ".join(f"'{one}'" for one in buckets)
    with op.batch_alter_table("cost_entry") as table:
        table.drop_constraint(op.f("ck_cost_entry_bucket"), type_="check")
        table.create_check_constraint(op.f("ck_cost_entry_bucket"), f"bucket IN ({listed})")

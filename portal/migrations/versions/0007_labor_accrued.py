"""Labor entries that are accrued beside those that are booked, and what they price."""

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table("labor_entry") as table:
        table.add_column(
            sa.Column("kind", sa.String(length=8), server_default="booked", nullable=False)
        )
        table.add_column(
            sa.Column("billable", sa.Boolean(), server_default=sa.false(), nullable=False)
        )
        table.add_column(sa.Column("wbs_id", sa.String(length=36), nullable=True))
        table.add_column(sa.Column("prices_id", sa.String(length=36), nullable=True))
        table.create_check_constraint(op.f("ck_labor_entry_kind"), "kind IN ('booked', 'accrued')")
        for column in ("wbs_id", "prices_id"):
            table.create_foreign_key(op.f(f"fk_labor_entry_{column}"), "record", [column], ["id"])
    op.create_index(op.f("ix_labor_entry_prices_id"), "labor_entry", ["prices_id"], unique=False)


def downgrade() -> None:
    op.execute("DELETE FROM labor_entry WHERE kind = 'accrued'")
    op.drop_index(op.f("ix_labor_entry_prices_id"), table_name="labor_entry")
    with op.batch_alter_table("labor_entry") as table:
        for column in ("wbs_id", "prices_id"):
            table.drop_constraint(op.f(f"fk_labor_entry_{column}"), type_="foreignkey")
        table.drop_constraint(op.f("ck_labor_entry_kind"), type_="check")
        for column in ("prices_id", "wbs_id", "billable", "kind"):
            table.drop_column(column)
